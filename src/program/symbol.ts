/** Names as mathematical symbols: `f.0.1.weight` is W^f_{0,1}. */

/** Symbols that the paper has for the names of its networks' inputs and outputs. */
export const paperSymbols: Readonly<Record<string, string>> = { spins: 'S_{0}', energy: 'E' };

/** What a weight's role is called in equations. */
const roles: Readonly<Record<string, string>> = { weight: 'W', bias: 'b' };

/** A single letter is a variable, a word stands upright. */
const word = (text: string): string => (text.length <= 1 ? text : `\\mathrm{${text.replaceAll(/[^A-Za-z0-9 ]/g, '')}}`);

const isIndex = (part: string): boolean => /^\d+$/.test(part);

const scripted = (letter: string, superscript: readonly string[], subscript: readonly string[]): string =>
  [
    letter,
    superscript.length === 0 ? '' : `^{${superscript.map(word).join('\\,')}}`,
    subscript.length === 0 ? '' : `_{${subscript.join(',')}}`,
  ].join('');

const derivative = /^d\((.*)\)\/d\((.*)\)$/;

/**
 * The symbol of a name: its last word, with the words before it above and the numbers below.
 *
 * @example
 * symbolOf(paperSymbols)('f.0.1.weight') // W^{f}_{0,1}
 * symbolOf(paperSymbols)('d(energy)/d(spins)') // \frac{\partial E}{\partial S_{0}}
 */
export const symbolOf =
  (known: Readonly<Record<string, string>>) =>
  (name: string): string => {
    const [, dependent, variable] = derivative.exec(name) ?? [];
    if (dependent !== undefined && variable !== undefined) {
      return `\\frac{\\partial ${symbolOf(known)(dependent)}}{\\partial ${symbolOf(known)(variable)}}`;
    }
    const parts = name.split('.');
    const words = parts.filter((part) => !isIndex(part));
    const last = words.at(-1) ?? 'x';
    return known[name] ?? scripted(roles[last] ?? word(last), words.slice(0, -1), parts.filter(isIndex));
  };
