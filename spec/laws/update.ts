/** Laws of updates in float64: the definitions of the operations, evaluated by `evaluate`, are the oracle. */
import fc from 'fast-check';

import type { Arrays } from '../../src/backend/backend.ts';
import { otherTurn, type Turn, type UpdateInPlace } from '../../src/backend/schedule/update-in-place.ts';
import { float64 } from '../../src/number/float64.ts';
import { evaluate } from '../../src/program/evaluate.ts';
import {
  add,
  multiply,
  parameterBias,
  parameterScalar,
  reciprocal,
  record,
  scale,
  sqrt,
  type Expression,
} from '../../src/program/expression.ts';
import { gradientName } from '../../src/program/gradient.ts';
import { uniform } from '../../src/program/operation.ts';
import { fold, outputsOf, valueId } from '../../src/program/program.ts';
import type { TypedProgram } from '../../src/program/typecheck.ts';
import { biasType, kernelType, lengthOf } from '../../src/program/value-type.ts';
import { adamProgram, adamScalars, momentNames, type Adam } from '../../src/training/adam.ts';
import { numbers } from '../arbitraries/networks.ts';
import { programCases, smooth, typed } from '../arbitraries/program.ts';
import type { Law } from '../law.ts';
import { right } from '../right.ts';

/** A program on a lattice size, as a function from the arrays of its parameters to its outputs. */
export type Update = (program: TypedProgram, latticeSize: number) => (parameters: Arrays) => Arrays;

/** An update in arrays of its own, to which arguments are copied unless they are there. */
export const onItsArrays =
  (make: (program: TypedProgram, latticeSize: number) => UpdateInPlace): Update =>
  (program, latticeSize) => {
    const { read, returned, step } = make(program, latticeSize);
    const taken: Turn[] = [0];
    return (parameters) => {
      const now = taken.at(-1) ?? 0;
      for (const [name, numbers] of Object.entries(parameters)) {
        const to = read[name] ?? returned[now][name];
        if (to !== numbers) {
          to?.set(numbers);
        }
      }
      const next = otherTurn(now);
      step(next);
      taken.push(next);
      return returned[next];
    };
  };

type Table = Readonly<Record<string, readonly number[]>>;

const arraysOf = (table: Table): Arrays =>
  Object.fromEntries(Object.entries(table).map(([name, values]) => [name, Float64Array.from(values)]));

/** The same program with parameters in the place of its inputs. */
const withoutInputs = (program: TypedProgram): TypedProgram =>
  typed(
    record(
      outputsOf(program)(
        fold<Expression>({
          ...uniform((operation) => ({ operation })),
          input: ({ name, type }) => ({ operation: { tag: 'parameter', name, type } }),
        })(program),
      ),
    ),
  );

const sameBits = (found: Arrays, expected: Table): boolean =>
  Object.entries(expected).every(
    ([name, values]) =>
      found[name]?.length === values.length && values.every((value, i) => Object.is(value, found[name]?.[i])),
  );

interface UpdateCase {
  readonly program: TypedProgram;
  readonly latticeSize: number;
  /** The arguments of one call after the other. */
  readonly calls: readonly Table[];
}

/** Thirds are no binary fractions, so that sums are rounded. */
const thirds = (table: Table, sign: number): Table =>
  Object.fromEntries(Object.entries(table).map(([name, values]) => [name, values.map((value) => (sign * value) / 3)]));

export const updatesAreTheirMeaning: Law<Update, UpdateCase> = {
  statement: 'an update is the meaning of its program over float64, to the bit, call after call',
  cases: programCases({ ...smooth, batches: [1] }).map(({ program, latticeSize, parameters, inputs }) => {
    const given = { ...inputs, ...parameters };
    return { program: withoutInputs(program), latticeSize, calls: [thirds(given, 1), thirds(given, -1)] };
  }),
  runs: 200,
  holds:
    (update) =>
    ({ program, latticeSize, calls }) => {
      const updated = update(program, latticeSize);
      return calls.every((parameters) =>
        sameBits(updated(arraysOf(parameters)), right(evaluate(float64)(latticeSize)(parameters, {})(program))),
      );
    },
};

const bias = (name: string) => parameterBias(name, 2);

const fibonacci = typed(record({ a: bias('b'), b: add(bias('a'), bias('b')) }));

export const updatesReplaceAllAtOnce: Law<Update, number> = {
  statement:
    'a <- b and b <- a + b, at once and on the arrays that the call before has returned, give the Fibonacci numbers',
  cases: fc.integer({ min: 1, max: 40 }),
  holds: (update) => (count) => {
    const updated = update(fibonacci, 1);
    const start: Arrays = { a: Float64Array.of(0, 0), b: Float64Array.of(1, 1) };
    const { a } = Array.from({ length: count }).reduce<Arrays>((state) => updated(state), start);
    // Binet's formula: phi^n / sqrt(5), to the nearest integer.
    const expected = Math.round(((1 + Math.sqrt(5)) / 2) ** count / Math.sqrt(5));
    return a?.[0] === expected && a[1] === expected;
  },
};

export const updatesOwnTwoSetsOfArrays: Law<Update, readonly number[]> = {
  statement:
    'what a call returns is good until the call after the next, which returns the same arrays: none is made on the way',
  cases: numbers(4),
  holds: (update) => (values) => {
    const updated = update(fibonacci, 1);
    const first = updated({ a: Float64Array.from(values.slice(0, 2)), b: Float64Array.from(values.slice(2)) });
    const before = JSON.stringify(first);
    const second = updated(first);
    const unchanged = JSON.stringify(first) === before;
    const third = updated(second);
    return unchanged && first['b'] !== second['b'] && first['a'] === third['a'] && first['b'] === third['b'];
  },
};

/** The same parameter in two equations, as programs may have it that were not recorded here. */
const doubled: TypedProgram = typed({
  equations: [
    { tag: 'parameter', name: 'x', type: biasType(2) },
    { tag: 'parameter', name: 'x', type: biasType(2) },
    { tag: 'add', left: valueId(0), right: valueId(1) },
  ],
  outputs: { y: valueId(2) },
});

export const parametersAreReadByName: Law<Update, readonly number[]> = {
  statement: 'a parameter that has two equations is read by both',
  cases: numbers(2),
  holds: (update) => (values) => {
    const { y } = update(doubled, 1)({ x: Float64Array.from(values) });
    return values.every((value, i) => y?.[i] === value + value);
  },
};

/** A product of scalars that is returned, and is a factor of many numbers. */
const scaled = (() => {
  const factor = multiply(parameterScalar('p'), parameterScalar('q'));
  return typed(record({ factor, y: scale(factor)(parameterBias('x', 40)) }));
})();

export const scalarsAreComputedFirst: Law<Update, readonly number[]> = {
  statement: 'a scalar that an update computes is that of the same call, call after call, wherever it is read',
  cases: numbers(8),
  holds: (update) => (values) => {
    const updated = update(scaled, 1);
    return values.every((p, index) => {
      const { factor, y } = updated(arraysOf({ p: [p], q: [index - 2.5], x: Array.from({ length: 40 }, (_, i) => i) }));
      const expected = p * (index - 2.5);
      return factor?.[0] === expected && y?.length === 40 && y.every((number, i) => number === expected * i);
    });
  },
};

const partial = typed(record({ root: sqrt(parameterBias('x', 2)), inverse: reciprocal(parameterBias('z', 2)) }));

export const updatesGoOnWithoutValue: Law<Update, readonly number[]> = {
  statement:
    'where float64 has no value, IEEE arithmetic goes on: the root of x < 0 and of NaN is NaN, 1/0 is infinite',
  cases: fc.array(fc.constantFrom(-1, -1e-300, NaN, -Infinity), { minLength: 2, maxLength: 2 }),
  holds: (update) => (values) => {
    const { root, inverse } = update(partial, 1)(arraysOf({ x: values, z: [0, 0] }));
    return root?.every(Number.isNaN) === true && inverse?.every((x) => x === Infinity) === true;
  },
};

/** Weights whose numbers are no whole vectors, and some that are. */
const weightTypes = { K: kernelType(1, 1, 5), L: kernelType(2, 2, 1), b: biasType(3) };

/** A training of a few steps: its options, and numbers that weights and gradients are drawn from. */
interface AdamRun {
  readonly options: Adam;
  readonly values: readonly number[];
  readonly steps: number;
}

export const adamIsItsMeaning: Law<Update, AdamRun> = {
  statement: 'steps of Adam, each on the arrays that the last has returned, are the meaning of its program, to the bit',
  cases: fc.record({
    options: fc.record({
      beta1: fc.constantFrom(0.9, 0.5),
      beta2: fc.constant(0.999),
      epsilon: fc.constant(1e-8),
      weightDecay: fc.constantFrom(0, 0.01),
      clip: fc.constantFrom(null, 0.3, 100),
    }),
    values: numbers(23),
    steps: fc.integer({ min: 1, max: 5 }),
  }),
  runs: 60,
  holds:
    (update) =>
    ({ options, values, steps }) => {
      const program = typed(adamProgram(options)(weightTypes));
      const updated = update(program, 1);
      const drawn = (seed: number): Table =>
        Object.fromEntries(
          Object.entries(weightTypes).map(([name, type]) => [
            name,
            Array.from({ length: lengthOf(1)(type) }, (_, i) => (values[(7 * i + seed) % values.length] ?? 0) / 3),
          ]),
        );
      const zeros = Object.fromEntries(Object.entries(drawn(0)).map(([name, given]) => [name, given.map(() => 0)]));
      const named = (table: Table, name: (weight: string) => string): Table =>
        Object.fromEntries(Object.entries(table).map(([weight, given]) => [name(weight), given]));
      const start: Table = {
        ...drawn(1),
        ...named(zeros, (weight) => momentNames(weight).first),
        ...named(zeros, (weight) => momentNames(weight).second),
      };
      const argumentsOf = (step: number): Table => ({
        ...named(drawn(step + 1), (weight) => gradientName('loss', weight)),
        ...Object.fromEntries(
          Object.entries(adamScalars(options, { step, rate: 0.1, batch: 3 })).map(([name, scalar]) => [name, [scalar]]),
        ),
      });
      const trained = Array.from({ length: steps }).reduce<{
        readonly expected: Table;
        readonly found: Arrays;
        readonly isSame: boolean;
      }>(
        ({ expected, found, isSame }, _, index) => {
          const given = argumentsOf(index + 1);
          const [next, state] = [
            right(evaluate(float64)(1)({ ...expected, ...given }, {})(program)),
            updated({ ...found, ...arraysOf(given) }),
          ];
          return { expected: next, found: state, isSame: isSame && sameBits(state, next) };
        },
        { expected: start, found: arraysOf(start), isSame: true },
      );
      return trained.isSame;
    },
};
