/** The laws of Adam as a program: the textbook's formula, written as loops over intervals, is the oracle. */
import fc from 'fast-check';

import type { Arrays, Backend } from '../../src/backend/backend.ts';
import { float64 } from '../../src/number/float64.ts';
import { evaluate } from '../../src/program/evaluate.ts';
import { correlate, inputField, kernelGradient, parameterKernel, record, total } from '../../src/program/expression.ts';
import type { Program } from '../../src/program/program.ts';
import { biasType, kernelType, lengthOf, type ValueType } from '../../src/program/value-type.ts';
import { adam, adamProgram, adamScalars, type Adam, type AdamMoment } from '../../src/training/adam.ts';
import { moderate, numbers } from '../arbitraries/networks.ts';
import { smallIntegers, typed } from '../arbitraries/program.ts';
import { interval } from '../arbitraries/interval.ts';
import type { Law } from '../law.ts';
import { right } from '../right.ts';
import type { Precision } from './backend.ts';

type Table = Readonly<Record<string, readonly number[]>>;

type Types = Readonly<Record<string, ValueType>>;

/** Adam as a program, and the scalars of its steps. */
export interface AdamUpdate {
  readonly program: (options: Adam) => (types: Types) => Program;
  readonly scalars: (options: Adam, moment: AdamMoment) => Readonly<Record<string, number>>;
}

const weightTypes = { K: kernelType(2, 1, 3), b: biasType(2) };

// The formula, in intervals.

/** All numbers that some quantity can come out as, however a few roundings fall. */
interface Interval {
  readonly low: number;
  readonly high: number;
}

/** How an arithmetic rounds: by so much relative to a result, and by so much beside where that is tiny. */
interface Rounding {
  readonly unitRoundoff: number;
  readonly tiny: number;
}

/** Below the smallest normal number a rounding is absolute. */
const ofFloat64: Rounding = { unitRoundoff: 2 ** -53, tiny: 2 ** -1060 };

const { unitRoundoff, tiny } = ofFloat64;

/** The rounding of a backend's updates; a device may take numbers below the smallest normal one as 0. */
const roundingOf = ({ unitRoundoff: u }: Precision): Rounding =>
  u === ofFloat64.unitRoundoff ? ofFloat64 : { unitRoundoff: u, tiny: 2 ** -125 };

type Intervals = Readonly<Record<string, readonly Interval[]>>;

/** The formula of Adam in intervals of an arithmetic. */
const formulaIn = ({ unitRoundoff: u, tiny: least }: Rounding) => {
  /**
   * Room for so many roundings. Four are for one operation here: one is that of its ends, and where the formula has one
   * operation, the program rounds three times at most, as x (1 / y) does for x / y with a scalar that is itself rounded.
   */
  const widened = ({ low, high }: Interval, roundings = 4): Interval => ({
    low: low - roundings * u * Math.abs(low) - least,
    high: high + roundings * u * Math.abs(high) + least,
  });

  const exactly = (value: number): Interval => ({ low: value, high: value });

  const plus = (a: Interval, b: Interval): Interval => widened({ low: a.low + b.low, high: a.high + b.high });

  const minus = (a: Interval, b: Interval): Interval => plus(a, { low: -b.high, high: -b.low });

  const times = (a: Interval, b: Interval): Interval => {
    const products = [a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high];
    return widened({ low: Math.min(...products), high: Math.max(...products) });
  };

  /** By a positive number. */
  const over = (a: Interval, b: Interval): Interval => times(a, { low: 1 / b.high, high: 1 / b.low });

  const squared = (a: Interval): Interval => {
    const { low, high } = times(a, a);
    return { low: Math.max(0, low), high };
  };

  const root = ({ low, high }: Interval): Interval =>
    widened({ low: Math.sqrt(Math.max(0, low)), high: Math.sqrt(high) });

  const power = (a: number, exponent: number): Interval =>
    Array.from({ length: exponent }).reduce<Interval>((product) => times(product, exactly(a)), exactly(1));

  /** min(1, clip / norm), which the program computes by ten roundings. */
  const clipping = (clip: number | null, norm: Interval): Interval => {
    if (clip === null) {
      return exactly(1);
    }
    const { low, high } = over(exactly(clip), widened({ low: Math.max(norm.low, least), high: norm.high }));
    return widened({ low: Math.min(1, low), high: Math.min(1, high) }, 10);
  };

  /** The state after one step by the formula of the paper, in loops. */
  return (
    { beta1, beta2, epsilon, weightDecay, clip }: Adam,
    weights: readonly string[],
    state: Table,
    sums: Table,
    { step, rate, batch }: AdamMoment,
  ): Intervals => {
    const means = Object.fromEntries(
      weights.map((name) => [name, (sums[name] ?? []).map((sum) => over(exactly(sum), exactly(batch)))]),
    );
    const norm = root(Object.values(means).flat().map(squared).reduce(plus, exactly(0)));
    const factor = clipping(clip, norm);
    const [one, b1, b2] = [exactly(1), exactly(beta1), exactly(beta2)];
    const after: Record<string, Interval[]> = {};
    for (const name of weights) {
      const [w, m, v]: Interval[][] = [[], [], []];
      for (const [i, mean] of (means[name] ?? []).entries()) {
        const at = (array: string): Interval => exactly(state[array]?.[i] ?? NaN);
        const g = plus(times(factor, mean), times(exactly(weightDecay), at(name)));
        const first = plus(times(b1, at(`adam.m/${name}`)), times(minus(one, b1), g));
        const second = plus(times(b2, at(`adam.v/${name}`)), times(minus(one, b2), squared(g)));
        const corrected = plus(root(over(second, minus(one, power(beta2, step)))), exactly(epsilon));
        const change = over(times(exactly(rate), over(first, minus(one, power(beta1, step)))), corrected);
        w?.push(minus(at(name), change));
        m?.push(first);
        v?.push(second);
      }
      Object.assign(after, { [name]: w, [`adam.m/${name}`]: m, [`adam.v/${name}`]: v });
    }
    return after;
  };
};

const textbook = formulaIn(ofFloat64);

const within = (found: Arrays | Table, expected: Intervals): boolean =>
  Object.entries(expected).every(([name, intervals]) =>
    intervals.every(({ low, high }, i) => {
      const x = found[name]?.[i] ?? NaN;
      return low <= x && x <= high;
    }),
  );

// Steps by the program.

const zeros = (length: number): readonly number[] => Array.from({ length }, () => 0);

const startOf = (weights: Table): Table => ({
  ...weights,
  ...Object.fromEntries(
    Object.entries(weights).flatMap(([name, { length }]) => [
      [`adam.m/${name}`, zeros(length)],
      [`adam.v/${name}`, zeros(length)],
    ]),
  ),
});

/** The state after one step of the program, by the meaning of programs. */
const stepped =
  (update: AdamUpdate, options: Adam, types: Types) =>
  (state: Table, sums: Table, moment: AdamMoment): Table => {
    const scalars = Object.entries(update.scalars(options, moment)).map(([name, value]) => [name, [value]] as const);
    const gradients = Object.entries(sums).map(([name, sum]) => [`d(loss)/d(${name})`, sum] as const);
    const parameters = { ...state, ...Object.fromEntries([...gradients, ...scalars]) };
    return right(evaluate(float64)(3)(parameters, {})(typed(update.program(options)(types))));
  };

interface AdamCase {
  readonly options: Adam;
  readonly rate: number;
  readonly batch: number;
  readonly start: readonly number[];
  readonly gradients: readonly (readonly number[])[];
}

const split = (values: readonly number[]): Table => ({ K: values.slice(0, 18), b: values.slice(18) });

const options: fc.Arbitrary<Adam> = fc.record({
  beta1: fc.constantFrom(0, 0.5, 0.9),
  beta2: fc.constantFrom(0.5, 0.9, 0.999),
  epsilon: fc.constantFrom(0.01, 0.25),
  weightDecay: fc.constantFrom(0, 0.125, 0.1),
  clip: fc.constantFrom(null, 0.1, 1, 100),
});

export const adamIsTheTextbook: Law<AdamUpdate, AdamCase> = {
  statement: 'steps of the program are those of the formula of Adam, clipped by the norm of all gradients together',
  cases: fc.record({
    options,
    rate: fc.constantFrom(0.01, 0.1),
    batch: fc.integer({ min: 1, max: 5 }),
    start: numbers(20),
    gradients: fc.array(numbers(20), { minLength: 1, maxLength: 3 }),
  }),
  holds: (update) => (example) => {
    const step = stepped(update, example.options, weightTypes);
    const states = [startOf(split(example.start))];
    return example.gradients.every((gradient, index) => {
      const moment = { step: index + 1, rate: example.rate, batch: example.batch };
      const before = states.at(-1) ?? {};
      const after = step(before, split(gradient), moment);
      states.push(after);
      return within(after, textbook(example.options, ['K', 'b'], before, split(gradient), moment));
    });
  },
};

interface ConstantGradient {
  readonly start: number;
  readonly slope: number;
  readonly rate: number;
  readonly steps: number;
}

const slopes = fc.tuple(fc.double({ min: 0.01, max: 100, noNaN: true }), fc.boolean()).map(([x, up]) => (up ? x : -x));

const repeated = (update: AdamUpdate, options: Adam, { start, slope, rate, steps }: ConstantGradient): number => {
  const step = stepped(update, options, { w: biasType(1) });
  const last = Array.from({ length: steps }).reduce<Table>(
    (state, _, index) => step(state, { w: [slope] }, { step: index + 1, rate, batch: 1 }),
    startOf({ w: [start] }),
  );
  return last['w']?.[0] ?? NaN;
};

const close = (a: number, b: number, tolerance: number): boolean =>
  Math.abs(a - b) <= tolerance * (1 + Math.abs(a) + Math.abs(b));

export const constantGradientMovesByTheRate: Law<AdamUpdate, ConstantGradient> = {
  statement: 'under a constant gradient every Adam step moves a weight by the rate, whatever the gradient is',
  cases: fc.record({
    start: moderate,
    slope: slopes,
    rate: fc.double({ min: 1e-4, max: 0.1, noNaN: true }),
    steps: fc.integer({ min: 1, max: 20 }),
  }),
  holds: (update) => (example) => {
    const expected = example.start - example.steps * example.rate * Math.sign(example.slope);
    // epsilon = 1e-8 beside a gradient of at least 1e-2: each step is short of the rate by a factor of 1e-6 at most.
    return close(repeated(update, adam, example), expected, 1e-6 * example.steps * example.rate);
  },
};

export const decayEntersTheGradient: Law<AdamUpdate, ConstantGradient> = {
  statement: 'weight decay is coupled: the first step moves against the sign of gradient + decay * weight',
  cases: fc.record({
    start: fc.double({ min: 0.5, max: 1, noNaN: true }),
    slope: interval(-0.4, -0.1),
    rate: fc.constant(0.01),
    steps: fc.constant(1),
  }),
  holds: (update) => (example) =>
    // epsilon = 1e-8 beside a gradient of at least 0.1, times the rate.
    close(repeated(update, { ...adam, weightDecay: 1 }, example), example.start - example.rate, 1e-9),
};

export const clippedGradientsHaveTheirNorm: Law<
  AdamUpdate,
  { readonly gradient: readonly number[]; readonly clip: number }
> = {
  statement: 'a gradient beyond the clip has the norm of the clip and its own direction; any other stays, to the bit',
  cases: fc.record({ gradient: numbers(20), clip: fc.double({ min: 0.1, max: 4, noNaN: true }) }),
  holds:
    (update) =>
    ({ gradient, clip }) => {
      // With b1 = 0 the first moment is the gradient as it was clipped.
      const options = { beta1: 0, beta2: 0, epsilon: 1, weightDecay: 0, clip };
      const after = stepped(update, options, weightTypes)(startOf(split(zeros(20))), split(gradient), {
        step: 1,
        rate: 1,
        batch: 1,
      });
      const clipped = [...(after['adam.m/K'] ?? []), ...(after['adam.m/b'] ?? [])];
      const norm = Math.sqrt(gradient.reduce((sum, x) => sum + x * x, 0));
      // A sum of 20 squares, and the roundings of clipping; where norm and clip are that close, either may be larger.
      const room = 40 * unitRoundoff;
      return norm < clip * (1 - room)
        ? clipped.every((x, i) => x === gradient[i])
        : clipped.every(
            (x, i) => Math.abs(x - Math.min(1, clip / norm) * (gradient[i] ?? NaN)) <= room * Math.abs(x) + tiny,
          );
    },
};

const x = inputField('x', 1, 1);
const y = correlate(parameterKernel('K', 2, 1, 3))(x);
const squares: Program = record({ loss: total(y), 'd(loss)/d(K)': kernelGradient(3, x, y) });

interface ResidentCase {
  readonly options: Adam;
  readonly seed: number;
  readonly batches: readonly (readonly number[])[];
}

const [size, places, count] = [3, 9, 4];

const K = { K: kernelType(2, 1, 3) };

const tableOf = (arrays: Arrays): Table =>
  Object.fromEntries(Object.entries(arrays).map(([name, values]) => [name, [...values]]));

/** The law of Adam on a backend whose updates round in this way. */
export const residentAdamIsRunsAndTheTextbook = (state: Precision): Law<Backend, ResidentCase> => ({
  statement: 'steps of a resident with Adam are runs, each followed by the formula of Adam',
  cases: fc.record({
    options,
    seed: fc.integer({ min: 0, max: 99 }),
    batches: fc.array(fc.array(fc.nat({ max: count - 1 }), { minLength: 2, maxLength: 3 }), {
      minLength: 1,
      maxLength: 3,
    }),
  }),
  runs: 20,
  holds: (backend) => async (example) => {
    const data = Float64Array.from(smallIntegers(example.seed, places * count), (value, i) => value + (i % 4) / 4);
    const executable = right(await backend.compile(squares)());
    const start = startOf({ K: smallIntegers(example.seed + 1, lengthOf(size)(K.K)) });
    const resident = right(
      await executable.resident({
        update: adamProgram(example.options)(K),
        state: Object.fromEntries(Object.entries(start).map(([name, v]) => [name, Float64Array.from(v)])),
        latticeSize: size,
        data: { inputs: { x: data }, batch: count },
        observed: [],
      })(),
    );
    const kept: boolean[] = [];
    for (const [index, batch] of example.batches.entries()) {
      const moment = { step: index + 1, rate: 0.1, batch: batch.length };
      const inputs = { x: Float64Array.from(batch.flatMap((at) => [...data.slice(at * places, (at + 1) * places)])) };
      const before = right(await resident.read());
      const outputs = right(
        await executable.run({ parameters: before, latticeSize: size, inputs, batch: batch.length })(),
      );
      const sums = { K: [...(outputs['d(loss)/d(K)'] ?? [])] };
      right(await resident.step({ samples: { places: batch }, scalars: adamScalars(example.options, moment) })());
      const after = right(await resident.read());
      kept.push(within(after, formulaIn(roundingOf(state))(example.options, ['K'], tableOf(before), sums, moment)));
    }
    resident.release();
    return kept.every((isKept) => isKept);
  },
});
