/**
 * The maps that a program is composed of, found by what its weights declare: the part that reads the weights of f_0 and
 * one other value x is a function f_0 of x.
 *
 * A part is a map if its result alone is used outside of it, and no other part reads weights of that map. So the
 * networks show their f_i, g_i, T_j and q, while a gradient, which reads what lies inside them, shows its equations one
 * by one.
 */
import { groupBy } from 'fp-ts/lib/NonEmptyArray.js';

import { operandsOf } from './operation.ts';
import {
  foldEquations,
  meaningOf,
  readersOf,
  valueId,
  type Equation,
  type Meaning,
  type Program,
  type ValueId,
} from './program.ts';
import { mapKey, wholeOf, type MapName } from './weight.ts';

/** A map of the network that a value is the result of, and what it is applied to. */
export interface NamedMap {
  /** f_0, T_1, q. */
  readonly map: MapName;
  /** x: the one value it reads that is no weight of its own. */
  readonly argument: ValueId;
}

/** Which map a value lies in, and what that map reads there; nothing where it lies in none. */
interface Membership {
  readonly map: MapName | null;
  readonly argument: ValueId | null;
}

const sameMap = (one: MapName, other: MapName): boolean => mapKey(one) === mapKey(other);

const liesIn = (part: Membership, map: MapName): boolean => part.map !== null && sameMap(part.map, map);

const outside = (id: ValueId): Membership => ({ map: null, argument: id });

/** The one value that all are equal to. */
const only = <A>(values: readonly A[], equal: (one: A, other: A) => boolean): A | null => {
  const [first, ...rest] = values;
  return first !== undefined && rest.every((value) => equal(first, value)) ? first : null;
};

const sameValue = (one: ValueId, other: ValueId): boolean => one === other;

const mapsOf = (parts: readonly { readonly part: Membership }[]): readonly MapName[] =>
  parts.flatMap(({ part: { map } }) => (map === null ? [] : [map]));

/** Whether an operation lies beyond the map of its operands: x + f(x), and what is made of the sum that q ends in. */
const isBeyond = (
  map: MapName,
  equation: Equation,
  operands: readonly { readonly equation: Equation; readonly part: Membership }[],
): boolean =>
  // Layers map fields to fields; a map that is no layer, as q, may end in a sum.
  map.layer === null
    ? operands.some((operand) => operand.equation.tag === 'total' && liesIn(operand.part, map))
    : equation.tag === 'total' || operands.some(({ part }) => part.map === null);

const membershipIn =
  (program: Program): Meaning<Membership> =>
  (known, equation, id) => {
    if (equation.tag === 'input') {
      return outside(id);
    }
    if (equation.tag === 'constant') {
      return { map: null, argument: null };
    }
    if (equation.tag === 'parameter') {
      return equation.weight === undefined ? outside(id) : { map: wholeOf(equation.weight.map), argument: null };
    }
    const operands = operandsOf(equation).map((operand) => ({
      operand,
      equation: meaningOf(program.equations)(operand),
      part: known(operand),
    }));
    const ofWeights = operands.filter(({ part }) => part.argument === null && part.map !== null);
    const map = only(mapsOf(ofWeights), sameMap) ?? only(mapsOf(operands), sameMap);
    if (map === null || isBeyond(map, equation, ofWeights.length > 0 ? ofWeights : operands)) {
      return outside(id);
    }
    const read = operands.flatMap(({ operand, part }) => {
      const argument = liesIn(part, map) ? part.argument : operand;
      return argument === null || (part.map === null && part.argument === null) ? [] : [argument];
    });
    const argument = only(read, sameValue);
    return argument === null && read.length > 0 ? outside(id) : { map, argument };
  };

/** The results of the maps of a program, and the values within them. */
export interface NamedMaps {
  readonly results: ReadonlyMap<ValueId, NamedMap>;
  readonly within: ReadonlySet<ValueId>;
}

/** The maps of a program; none where its parameters are declared by no map. */
export const namedMaps = (program: Program): NamedMaps => {
  const parts = foldEquations(membershipIn(program))(program);
  const readers = readersOf(program);
  const outputs = new Set(Object.values(program.outputs));
  const members = program.equations.flatMap((equation, index) => {
    const { map, argument } = meaningOf(parts)(valueId(index));
    return map === null || equation.tag === 'parameter' ? [] : [{ id: valueId(index), map, argument }];
  });
  const leaves = members.filter(
    ({ id, map, argument }) =>
      outputs.has(id) ||
      meaningOf(readers)(id).some((reader) => {
        const part = meaningOf(parts)(reader);
        return !liesIn(part, map) || (argument !== null && part.argument !== argument);
      }),
  );
  const leavesOf = groupBy<(typeof leaves)[number]>(({ map }) => mapKey(map))(leaves);
  const results = leaves.flatMap(({ id, map, argument }) =>
    argument !== null && leavesOf[mapKey(map)]?.length === 1 ? [[id, { map, argument }] as const] : [],
  );
  const leafIds = new Set(leaves.map(({ id }) => id));
  const found = new Set(results.map(([, { map }]) => mapKey(map)));
  return {
    results: new Map(results),
    within: new Set(members.flatMap(({ map, id }) => (found.has(mapKey(map)) && !leafIds.has(id) ? [id] : []))),
  };
};
