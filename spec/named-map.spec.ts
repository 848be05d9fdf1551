/** The maps that a program is composed of. */
import { namedMaps, type NamedMap } from '../src/program/named-map.ts';
import { valueId, type ValueId } from '../src/program/program.ts';
import { verify } from './law.ts';
import { appliedMapsAreFound, type NamedMapsOf } from './laws/named-map.ts';

/** A finder that changes what each map is said to be. */
const misnaming =
  (change: (id: ValueId, found: NamedMap) => readonly [ValueId, NamedMap]): NamedMapsOf =>
  (program) => {
    const { results, within } = namedMaps(program);
    return { results: new Map([...results].map(([id, found]) => change(id, found))), within };
  };

verify(appliedMapsAreFound, namedMaps, {
  'no map is found': () => ({ results: new Map(), within: new Set() }),
  'every map reads the first value': misnaming((id, { map }) => [id, { map, argument: valueId(0) }]),
  'the map ends with the next value': misnaming((id, found) => [valueId(id + 1), found]),
  'layers are not told apart': misnaming((id, { map, argument }) => [id, { map: { ...map, layer: 0 }, argument }]),
  'results lie within': (program) => {
    const { results, within } = namedMaps(program);
    return { results, within: new Set([...within, ...results.keys()]) };
  },
  'nothing lies within': (program) => ({ ...namedMaps(program), within: new Set() }),
});
