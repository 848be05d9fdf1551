/**
 * The maps that a program is composed of, found by the names of their weights: the part that reads `f.0.0.weight`,
 * `f.0.0.bias`, .. and one other value x is a function f.0 of x.
 *
 * A part is a map if its result alone is used outside of it, and no other part reads weights of its name. So the
 * networks show their f_i, g_i, T_j and q, while a gradient, which reads what lies inside them, shows its equations one
 * by one.
 */
import { operandsOf } from './operation.ts';
import { meaningOf, valueId, type Equation, type Program, type ValueId } from './program.ts';

export interface NamedMap {
  /** `f.0`, `T.1`, `q`. */
  readonly name: string;
  /** x: the one value it reads that is no weight of its own. */
  readonly argument: ValueId;
}

/** Which map a value lies in, and what that map reads there; nothing where it lies in none. */
interface Membership {
  readonly name: string | null;
  readonly argument: ValueId | null;
}

/** The map that a weight belongs to: its first word, and the number behind it; none if nothing follows. */
const mapOf = (weight: string): string | null => /^([^.]+(?:\.\d+)?)\./.exec(weight)?.[1] ?? null;

/** Layers are numbered, and map fields to fields; a map without a number, as q, may end in a sum. */
const isLayer = (name: string): boolean => name.includes('.');

const outside = (id: ValueId): Membership => ({ name: null, argument: id });

const only = <A>(values: readonly A[]): A | null => {
  const distinct = [...new Set(values)];
  return distinct.length === 1 ? (distinct[0] ?? null) : null;
};

const named = ({ name }: Membership): readonly string[] => (name === null ? [] : [name]);

/** Whether an operation lies beyond the map of its operands: x + f(x), and what is made of the sum that q ends in. */
const isBeyond = (
  name: string,
  equation: Equation,
  operands: readonly { readonly equation: Equation; readonly part: Membership }[],
): boolean =>
  isLayer(name)
    ? equation.tag === 'total' || operands.some(({ part }) => part.name === null)
    : operands.some((operand) => operand.equation.tag === 'total' && operand.part.name === name);

const membership = (program: Program, known: readonly Membership[], equation: Equation, id: ValueId): Membership => {
  if (equation.tag === 'input') {
    return outside(id);
  }
  if (equation.tag === 'constant') {
    return { name: null, argument: null };
  }
  if (equation.tag === 'parameter') {
    const name = mapOf(equation.name);
    return name === null ? outside(id) : { name, argument: null };
  }
  const operands = operandsOf(equation).map((operand) => ({
    operand,
    equation: meaningOf(program.equations)(operand),
    part: meaningOf(known)(operand),
  }));
  const ofWeights = operands.filter(({ part }) => part.argument === null && part.name !== null);
  const name = only(ofWeights.flatMap(({ part }) => named(part))) ?? only(operands.flatMap(({ part }) => named(part)));
  const read = operands.flatMap(({ operand, part }) => {
    const argument = part.name === name ? part.argument : operand;
    return argument === null || (part.name === null && part.argument === null) ? [] : [argument];
  });
  const argument = only(read);
  const isOutside =
    name === null ||
    isBeyond(name, equation, ofWeights.length > 0 ? ofWeights : operands) ||
    (argument === null && read.length > 0);
  return isOutside ? outside(id) : { name, argument };
};

/** The results of the maps of a program, and the values within them. */
export interface NamedMaps {
  readonly results: ReadonlyMap<ValueId, NamedMap>;
  readonly within: ReadonlySet<ValueId>;
}

export const namedMaps = (program: Program): NamedMaps => {
  const parts = program.equations.reduce<readonly Membership[]>(
    (known, equation, index) => [...known, membership(program, known, equation, valueId(index))],
    [],
  );
  const members = program.equations.flatMap((equation, index) => {
    const { name, argument } = meaningOf(parts)(valueId(index));
    return name === null || equation.tag === 'parameter' ? [] : [{ id: valueId(index), name, argument }];
  });
  const outputs = new Set(Object.values(program.outputs));
  const readers = (id: ValueId): readonly ValueId[] =>
    program.equations.flatMap((equation, index) => (operandsOf(equation).includes(id) ? [valueId(index)] : []));
  const leaves = members.filter(
    ({ id, name, argument }) =>
      outputs.has(id) ||
      readers(id).some((reader) => {
        const part = meaningOf(parts)(reader);
        return part.name !== name || (argument !== null && part.argument !== argument);
      }),
  );
  const results = leaves.flatMap(({ id, name, argument }) =>
    argument !== null && leaves.filter((leaf) => leaf.name === name).length === 1
      ? [[id, { name, argument }] as const]
      : [],
  );
  const names = new Set(results.map(([, { name }]) => name));
  return {
    results: new Map(results),
    within: new Set(
      members.filter(({ name, id }) => names.has(name) && !leaves.some((leaf) => leaf.id === id)).map(({ id }) => id),
    ),
  };
};
