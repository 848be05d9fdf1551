/** Names as mathematical symbols: a weight by what its map declares, W^f_{0,1}; all else by a letter or a word. */
import { mapIndices, mapLetters, weightRoles, type MapName, type Weight } from './weight.ts';

/** Symbols that the paper has for the names of its networks' inputs and outputs. */
export const paperSymbols: Readonly<Record<string, string>> = { spins: 'S_{0}', energy: 'E' };

/** A single letter is a variable, a word stands upright. */
const word = (text: string): string => (text.length <= 1 ? text : `\\mathrm{${text.replaceAll(/[^A-Za-z0-9 ]/g, '')}}`);

const subscript = (map: MapName): string =>
  map.layer === null && map.part === null ? '' : `_{${mapIndices(map).join(',')}}`;

/**
 * The symbol of a map.
 *
 * @example
 * mapSymbol(mapName('field', 2)) // 'f_{2}'
 */
export const mapSymbol = (map: MapName): string => `${word(mapLetters[map.kind])}${subscript(map)}`;

/**
 * The symbol of a weight: the letter of its role, the map's letter above and its numbers below.
 *
 * @example
 * weightSymbol({ map: mapName('field', 0, 1), role: 'weight' }) // 'W^{f}_{0,1}'
 */
export const weightSymbol = ({ map, role }: Pick<Weight, 'map' | 'role'>): string =>
  `${weightRoles[role].letter}^{${word(mapLetters[map.kind])}}${subscript(map)}`;

const derivative = /^d\((.*)\)\/d\((.*)\)$/;

/**
 * The symbol of a name: the known one, a quotient for a derivative, or the name itself, upright if it is a word.
 *
 * @example
 * symbolOf(paperSymbols)('d(energy)/d(spins)') // '\\frac{\\partial E}{\\partial S_{0}}'
 */
export const symbolOf =
  (known: Readonly<Record<string, string>>) =>
  (name: string): string => {
    const [, dependent, variable] = derivative.exec(name) ?? [];
    if (dependent !== undefined && variable !== undefined) {
      return `\\frac{\\partial ${symbolOf(known)(dependent)}}{\\partial ${symbolOf(known)(variable)}}`;
    }
    return known[name] ?? word(name);
  };
