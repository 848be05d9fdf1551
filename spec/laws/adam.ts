/** The laws of Adam as a program: the textbook's formula, written as loops, is the oracle. */
import fc from 'fast-check';

import type { Arrays, Backend } from '../../src/backend/backend.ts';
import { float64 } from '../../src/number/float64.ts';
import { evaluate } from '../../src/program/evaluate.ts';
import { correlate, inputField, kernelGradient, parameterKernel, record, total } from '../../src/program/expression.ts';
import type { Program } from '../../src/program/program.ts';
import { biasType, kernelType } from '../../src/program/value-type.ts';
import { adamProgram, adamScalars, type AdamMoment } from '../../src/training/adam-program.ts';
import type { Adam } from '../../src/training/adam.ts';
import { smallIntegers, typed } from '../arbitraries/program.ts';
import { numbers } from '../arbitraries/networks.ts';
import type { Law } from '../law.ts';
import { right } from '../right.ts';

type Table = Readonly<Record<string, readonly number[]>>;

/** Adam as a program, and the scalars of its steps. */
export interface AdamUpdate {
  readonly program: (options: Adam) => (types: typeof weightTypes) => Program;
  readonly scalars: (options: Adam, moment: AdamMoment) => Readonly<Record<string, number>>;
}

const weightTypes = { K: kernelType(2, 1, 3), b: biasType(2) };

/** The state after one step by the formula of the paper, in loops. */
const textbook = (
  { beta1, beta2, epsilon, weightDecay, clip }: Adam,
  weights: readonly string[],
  state: Table,
  sums: Table,
  { step, rate, batch }: AdamMoment,
): Table => {
  const squares = weights.flatMap((name) => sums[name] ?? []).reduce((so, sum) => so + (sum / batch) ** 2, 0);
  const factor = clip === null ? 1 : Math.min(1, clip / Math.sqrt(squares));
  const after: Record<string, number[]> = {};
  for (const name of weights) {
    const [w, m, v]: number[][] = [[], [], []];
    for (const [i, sum] of (sums[name] ?? []).entries()) {
      const before = state[name]?.[i] ?? NaN;
      const g = (factor * sum) / batch + weightDecay * before;
      const first = beta1 * (state[`adam.m/${name}`]?.[i] ?? NaN) + (1 - beta1) * g;
      const second = beta2 * (state[`adam.v/${name}`]?.[i] ?? NaN) + (1 - beta2) * g * g;
      const corrected = Math.sqrt(second / (1 - beta2 ** step)) + epsilon;
      w?.push(before - (rate * (first / (1 - beta1 ** step))) / corrected);
      m?.push(first);
      v?.push(second);
    }
    Object.assign(after, { [name]: w, [`adam.m/${name}`]: m, [`adam.v/${name}`]: v });
  }
  return after;
};

/** 1 - b2^t loses three digits at the first steps, where b2 = 0.999. */
const near = (a: Arrays | Table, b: Table): boolean =>
  Object.entries(b).every(([name, values]) =>
    values.every((x, i) => Math.abs((a[name]?.[i] ?? NaN) - x) <= 1e-11 * (1 + Math.abs(x))),
  );

const zeros = (length: number): readonly number[] => Array.from({ length }, () => 0);

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
    const { rate, batch } = example;
    const program = typed(update.program(example.options)(weightTypes));
    const moments = { 'adam.m/K': zeros(18), 'adam.v/K': zeros(18), 'adam.m/b': zeros(2), 'adam.v/b': zeros(2) };
    const expected: Table[] = [{ ...split(example.start), ...moments }];
    const found: Table[] = [...expected];
    for (const [index, gradient] of example.gradients.entries()) {
      const moment = { step: index + 1, rate, batch };
      const sums = split(gradient);
      expected.push(textbook(example.options, ['K', 'b'], expected.at(-1) ?? {}, sums, moment));
      const scalars = Object.entries(update.scalars(example.options, moment)).map(
        ([name, value]) => [name, [value]] as const,
      );
      const parameters: Table = {
        ...found.at(-1),
        'd(loss)/d(K)': sums['K'] ?? [],
        'd(loss)/d(b)': sums['b'] ?? [],
        ...Object.fromEntries(scalars),
      };
      found.push(right(evaluate(float64)(3)(parameters, {})(program)));
    }
    return near(found.at(-1) ?? {}, expected.at(-1) ?? {});
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

export const residentAdamIsRunsAndTheTextbook: Law<Backend, ResidentCase> = {
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
    const start: Table = {
      K: smallIntegers(example.seed + 1, 18),
      'adam.m/K': zeros(18),
      'adam.v/K': zeros(18),
    };
    const expected = [start];
    const resident = right(
      await executable.resident({
        update: adamProgram(example.options)({ K: kernelType(2, 1, 3) }),
        state: Object.fromEntries(Object.entries(start).map(([name, v]) => [name, Float64Array.from(v)])),
        latticeSize: size,
        data: { inputs: { x: data }, batch: count },
        observed: [],
      })(),
    );
    for (const [index, batch] of example.batches.entries()) {
      const moment = { step: index + 1, rate: 0.1, batch: batch.length };
      const inputs = { x: Float64Array.from(batch.flatMap((at) => [...data.slice(at * places, (at + 1) * places)])) };
      const before = expected.at(-1) ?? {};
      const parameters = { K: Float64Array.from(before['K'] ?? []) };
      const outputs = right(await executable.run({ parameters, latticeSize: size, inputs, batch: batch.length })());
      const sums = { K: [...(outputs['d(loss)/d(K)'] ?? [])] };
      expected.push(textbook(example.options, ['K'], before, sums, moment));
      right(await resident.step({ samples: { places: batch }, scalars: adamScalars(example.options, moment) })());
    }
    const found = right(await resident.read());
    resident.release();
    return near(found, expected.at(-1) ?? {});
  },
};
