/**
 * The law of named maps. Compositions are built from maps that are known: each notes what it was applied to and what came
 * of it. The oracle goes by these notes and by paths between values, not by what weights declare.
 */
import fc from 'fast-check';

import { affine, convolvedSum, linear, perceptron, sumOfEntries, type FieldMap } from '../../src/network/maps.ts';
import {
  add,
  constant,
  inputField,
  multiply,
  parameterScalar,
  record,
  scale,
  tanh,
  total,
  type Expression,
  type Field,
  type Scalar,
} from '../../src/program/expression.ts';
import type { NamedMaps } from '../../src/program/named-map.ts';
import { operandsOf } from '../../src/program/operation.ts';
import { meaningOf, type Program, type ValueId } from '../../src/program/program.ts';
import { mapKey, mapName, partOf, type MapName } from '../../src/program/weight.ts';
import type { Law } from '../law.ts';

/** What finds the maps of a program. */
export type NamedMapsOf = (program: Program) => NamedMaps;

/** A map that was applied: what it read, and what came of it. */
interface Application {
  readonly map: MapName;
  readonly argument: Expression;
  readonly result: Expression;
}

const width = { inputs: 2, outputs: 2, kernel: 3 };

/** A map of one layer, and a value on the way to its result, where it has one. */
interface Body {
  readonly map: (name: MapName) => FieldMap;
  readonly halfway: (name: MapName) => FieldMap | null;
}

const bodies: readonly Body[] = [
  { map: (name) => linear(name, width), halfway: () => null },
  { map: (name) => affine(name, width), halfway: (name) => linear(name, width) },
  { map: (name) => (x) => tanh(affine(name, width)(x)), halfway: (name) => affine(name, width) },
  { map: (name) => perceptron(name, width), halfway: (name) => affine(partOf(name, 0), width) },
  {
    // It reads its argument twice.
    map: (name) => (x) => multiply(linear(partOf(name, 0), width)(x), tanh(affine(partOf(name, 1), width)(x))),
    halfway: (name) => affine(partOf(name, 1), width),
  },
];

/** How a network goes on from f(x) and x, with the field S_0 that it began with. */
const joints: readonly ((result: Field, argument: Field, began: Field) => Field)[] = [
  (result) => result,
  (result, argument) => add(argument, result),
  (result, argument) => multiply(result, argument),
  (result, _, began) => multiply(began, result),
  (result) => scale(constant(0.5))(result),
];

/** How a network ends: q of its last field, and what is made of that. */
const readouts: readonly ((field: Field) => { readonly energy: Scalar; readonly q: Scalar | null })[] = [
  (field) => ({ energy: sumOfEntries(field), q: null }),
  (field) => both(convolvedSum(2, 3)(field)),
  (field) => both(convolvedSum(2, 3)(field), scale(parameterScalar('unit'))),
  (field) => both(convolvedSum(2, 3)(field), scale(constant(2))),
];

const both = (q: Scalar, after: (q: Scalar) => Scalar = (same) => same) => ({ energy: after(q), q });

/** What keeps a map from being one: its halfway value is read outside, or its weights are applied to two arguments. */
type Flaw = 'none' | 'read halfway' | 'two arguments';

interface Layer {
  readonly body: Body;
  readonly joint: (typeof joints)[number];
  readonly flaw: Flaw;
  readonly isMultiplied: boolean;
}

interface Built {
  readonly field: Field;
  readonly applications: readonly Application[];
  readonly outputs: readonly Scalar[];
}

const S0 = inputField('spins', 1, 2);

/** The network with one layer more: a map f_i, perhaps times g_i(S_0), perhaps with a flaw. */
const withLayer = ({ field, applications, outputs }: Built, layer: Layer, index: number): Built => {
  const [f, g] = [mapName('field', index), mapName('spin', index)];
  const apply = layer.body.map(f);
  const result = apply(field);
  const halfway = layer.flaw === 'read halfway' ? (layer.body.halfway(f)?.(field) ?? null) : null;
  const joined = layer.joint(result, field, S0);
  const once = layer.flaw === 'two arguments' ? add(joined, apply(multiply(S0, field))) : joined;
  const bare = affine(g, width)(S0);
  const isFound = halfway === null && layer.flaw !== 'two arguments';
  return {
    field: layer.isMultiplied ? multiply(bare, once) : once,
    applications: [
      ...applications,
      ...(isFound ? [{ map: f, argument: field, result }] : []),
      ...(layer.isMultiplied ? [{ map: g, argument: S0, result: bare }] : []),
    ],
    outputs: halfway === null ? outputs : [...outputs, total(multiply(S0, halfway))],
  };
};

/** A program, and the maps that are to be found in it. */
interface Composition {
  readonly program: Program;
  readonly maps: readonly { readonly key: string; readonly argument: ValueId; readonly result: ValueId }[];
}

const composed = (layers: readonly Layer[], readout: (typeof readouts)[number]): Composition => {
  const { field, applications, outputs } = layers.reduce(withLayer, { field: S0, applications: [], outputs: [] });
  const { energy, q } = readout(field);
  const all: readonly Application[] =
    q === null ? applications : [...applications, { map: mapName('readout'), argument: field, result: q }];
  const noted = all.flatMap(({ argument, result }, index) => [
    [`argument${index}`, argument] as const,
    [`result${index}`, result] as const,
  ]);
  const returned = { energy, ...Object.fromEntries(outputs.map((output, index) => [`output${index}`, output])) };
  // What is noted has the same number in the program that returns it as in the one that does not.
  const withNotes = record({ ...returned, ...Object.fromEntries(noted) });
  return {
    program: record(returned),
    maps: all.flatMap(({ map }, index) => {
      const [argument, result] = [withNotes.outputs[`argument${index}`], withNotes.outputs[`result${index}`]];
      return argument === undefined || result === undefined ? [] : [{ key: mapKey(map), argument, result }];
    }),
  };
};

const layers: fc.Arbitrary<readonly Layer[]> = fc.array(
  fc.record({
    body: fc.constantFrom(...bodies),
    joint: fc.constantFrom(...joints),
    flaw: fc.constantFrom<Flaw>('none', 'none', 'read halfway', 'two arguments'),
    isMultiplied: fc.boolean(),
  }),
  { minLength: 1, maxLength: 4 },
);

/** The values that a value is computed from. */
const sourcesOf = ({ equations }: Program, id: ValueId): ReadonlySet<ValueId> => {
  const operands = operandsOf(meaningOf(equations)(id));
  return new Set(operands.flatMap((operand) => [operand, ...sourcesOf({ equations, outputs: {} }, operand)]));
};

/** The values on the way from a map's argument to its result, without both, and without weights. */
const onTheWay = (program: Program, argument: ValueId, result: ValueId): readonly ValueId[] => {
  const before = sourcesOf(program, argument);
  return [...sourcesOf(program, result)].filter(
    (id) => id !== argument && !before.has(id) && meaningOf(program.equations)(id).tag !== 'parameter',
  );
};

const sorted = (lines: readonly string[]): string => lines.toSorted().join('\n');

/** Whoever finds maps finds those that were applied, whatever they are made of and however they are joined. */
export const appliedMapsAreFound: Law<NamedMapsOf, Composition> = {
  statement:
    'the maps of a program are those that were applied, once each and to one value, and that are read at their results alone',
  cases: fc.tuple(layers, fc.constantFrom(...readouts)).map(([of, readout]) => composed(of, readout)),
  holds:
    (namedMaps) =>
    ({ program, maps }) => {
      const { results, within } = namedMaps(program);
      const found = [...results].map(([result, { map, argument }]) => `${mapKey(map)}: ${argument} -> ${result}`);
      const expected = maps.map(({ key, argument, result }) => `${key}: ${argument} -> ${result}`);
      const inside = new Set(maps.flatMap(({ argument, result }) => onTheWay(program, argument, result)));
      return sorted(found) === sorted(expected) && sorted([...within].map(String)) === sorted([...inside].map(String));
    },
};
