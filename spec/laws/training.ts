/** Laws of training: schedules, the loss, what is fitted rather than trained, and how errors are measured. */
import fc from 'fast-check';
import type * as E from 'fp-ts/lib/Either.js';

import { tile } from '../../src/lattice/spins.ts';
import { float64 } from '../../src/number/float64.ts';
import type { Reals } from '../../src/number/reals.ts';
import { evaluate } from '../../src/program/evaluate.ts';
import type { TypedProgram } from '../../src/program/typecheck.ts';
import type { LabelledSamples, SampleSets } from '../../src/training/batch.ts';
import type { ErrorMeasures, ErrorParts } from '../../src/training/error-measures.ts';
import type { Loss } from '../../src/training/loss.ts';
import type { PairFit } from '../../src/training/pair-fit.ts';
import { pairEnergies } from '../../src/training/pair-fit.ts';
import type { Progress, Schedule } from '../../src/training/schedule.ts';
import { moderate, numbers } from '../arbitraries/networks.ts';
import { configurationsOf } from '../arbitraries/spins.ts';
import { labelledBy, smallProgram, smallWeights } from '../arbitraries/trainings.ts';
import type { Law } from '../law.ts';
import { energyOfPairs } from '../pair-energy.ts';
import { right } from '../right.ts';

const close = (a: number, b: number, tolerance = 1e-10): boolean =>
  Math.abs(a - b) <= tolerance * (1 + Math.abs(a) + Math.abs(b));

// Schedules.

export type RateAt = (schedule: Schedule) => (progress: Progress) => number;

export const ratesStayInTheirBounds: Law<RateAt, { readonly epochs: number; readonly stepsPerEpoch: number }> = {
  statement:
    'a one-cycle rate rises from peak/25 to the peak in a fifth of the steps, then falls to peak/250,000; a staircase goes from first to last',
  cases: fc.record({ epochs: fc.integer({ min: 4, max: 40 }), stepsPerEpoch: fc.integer({ min: 5, max: 20 }) }),
  holds:
    (rateAt) =>
    ({ epochs, stepsPerEpoch }) => {
      const steps = epochs * stepsPerEpoch;
      const progress = (step: number): Progress => ({ step, steps, stepsPerEpoch });
      const rates = Array.from({ length: steps }, (_, step) => rateAt({ tag: 'oneCycle', peak: 1 })(progress(step)));
      /** The last step of the first fifth, counted from 0; where it is none, the peak lies between two steps. */
      const top = steps / 5 - 1;
      const stairs = rateAt({ tag: 'staircase', first: 1e-3, last: 1e-5, every: 1 });
      return (
        close(rates[0] ?? NaN, 1 / 25, 1e-12) &&
        close(rates.at(-1) ?? NaN, 1 / 250_000, 1e-12) &&
        (!Number.isInteger(top) || close(rates[top] ?? NaN, 1, 1e-12)) &&
        rates.slice(1).every((after, step) => {
          const before = rates[step] ?? NaN;
          return (step + 1 > top || before < after) && (step < top || before > after);
        }) &&
        close(stairs(progress(0)), 1e-3, 1e-12) &&
        close(stairs(progress(steps - 1)), 1e-5, 1e-12)
      );
    },
};

// The loss.

export type LossProgram = (
  loss: Loss,
  trained: readonly string[],
) => (program: TypedProgram) => E.Either<{ readonly message: string }, TypedProgram>;

interface LossCase {
  readonly spins: Reals;
  readonly forces: readonly number[];
  readonly energy: number;
  /** How much of its spin is added to the force label of each site. */
  readonly radial: readonly number[];
}

const lossAt = (program: TypedProgram, { spins, energy }: LossCase, forceLabel: readonly number[]): number =>
  right(
    evaluate(float64)(3)(
      Object.fromEntries(Object.entries(smallWeights).map(([name, values]) => [name, [...values]])),
      { spins: [...spins], energyLabel: [energy], forceLabel },
    )(program),
  )['loss']?.[0] ?? NaN;

export const onlyTangentialForcesCount: Law<LossProgram, LossCase> = {
  statement: 'the loss does not see force labels along the spins, and sees all others',
  cases: fc.record({
    spins: configurationsOf(3).map(({ components }) => components),
    forces: numbers(27),
    energy: moderate,
    radial: numbers(9),
  }),
  runs: 40,
  holds: (lossProgram) => (example) => {
    const program = right(lossProgram({ weight: 2, forceWeight: 0.5 }, [])(smallProgram));
    const along = example.forces.map((f, i) => f + (example.radial[i % 9] ?? 0) * (example.spins[i] ?? 0));
    const across = example.forces.map((f, i) => {
      const [x = 0, y = 0] = [example.spins[i % 9], example.spins[(i % 9) + 9]];
      return f + (i < 9 ? -y : i < 18 ? x : 0);
    });
    const before = lossAt(program, example, example.forces);
    return (
      close(before, lossAt(program, example, along), 1e-9) && !close(before, lossAt(program, example, across), 1e-9)
    );
  },
};

// Fits and measures.

export type FitPairs = (kernel: number) => (sets: SampleSets) => PairFit;

/** The 5 x 5 kernel of five couplings: an offset and its images under the square's symmetries have one. */
const kernelOfFive = ([
  K01 = NaN,
  K02 = NaN,
  K11 = NaN,
  K12 = NaN,
  K22 = NaN,
]: readonly number[]): readonly number[] => {
  const outer = [K22, K12, K02, K12, K22];
  const inner = [K12, K11, K01, K11, K12];
  return [outer, inner, [K02, K01, 0, K01, K02], inner, outer].flat();
};

export const fitRecoversPairs: Law<
  FitPairs,
  { readonly samples: LabelledSamples; readonly constants: readonly number[] }
> = {
  statement:
    'a fit to energies that are a pair interaction recovers its constants and its kernel, and the energies of a larger ' +
    'lattice',
  cases: fc.record({
    samples: fc.array(configurationsOf(5), { minLength: 20, maxLength: 20 }).map((configurations) => ({
      ...labelledBy(configurations),
      latticeSize: 5,
    })),
    constants: numbers(6),
  }),
  runs: 10,
  holds:
    (fit) =>
    ({ samples, constants: [energyPerSite = 0, ...couplings] }) => {
      const kernel = kernelOfFive(couplings);
      const energies = Float64Array.from({ length: samples.count }, (_, b) =>
        energyOfPairs(samples.spins.subarray(75 * b, 75 * (b + 1)), 5, kernel, energyPerSite),
      );
      const found = fit(5)([{ ...samples, energies }]);
      const doubled = tile(2)({ size: 5, components: samples.spins.slice(0, 75) }).components;
      const [predicted = NaN] = pairEnergies(5, found)({ count: 1, latticeSize: 10, spins: doubled });
      return (
        close(found.energyPerSite, energyPerSite, 1e-7) &&
        allClose(found.couplings, couplings) &&
        allClose([...found.kernel], kernel) &&
        close(predicted, energyOfPairs(doubled, 10, kernel, energyPerSite), 1e-7)
      );
    },
};

const allClose = (found: readonly number[], expected: readonly number[]): boolean =>
  found.length === expected.length && expected.every((x, i) => close(found[i] ?? NaN, x, 1e-7));

/** The offset and the spread of predictions. */
export type Parts = (exact: Reals) => (predicted: Reals) => ErrorParts;

export const partsMakeTheError: Law<Parts, readonly (readonly [number, number])[]> = {
  statement:
    'RMSE^2 = offset^2 + spread^2; what is added to all predictions is added to the offset, and the spread does not see it',
  cases: fc.array(fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: -50, max: 50 })), {
    minLength: 1,
    maxLength: 20,
  }),
  holds: (parts) => (pairs) => {
    const [exact, predicted] = [Float64Array.from(pairs, ([x]) => x), Float64Array.from(pairs, ([, y]) => y)];
    const { offset, spread } = parts(exact)(predicted);
    const shifted = parts(exact)(predicted.map((y) => y + 7));
    const squares = pairs.reduce((sum, [x, y]) => sum + (y - x) ** 2, 0) / pairs.length;
    const sum = pairs.reduce((total, [x, y]) => total + y - x, 0);
    return (
      close(offset ** 2 + spread ** 2, squares) &&
      close(pairs.length * offset, sum) &&
      close(shifted.offset, offset + 7) &&
      close(shifted.spread, spread) &&
      spread >= 0
    );
  },
};

export type Measures = (exact: Reals, reference?: number) => (predicted: Reals) => ErrorMeasures;

export const measuresAreWhatTheySay: Law<Measures, { readonly exact: readonly number[]; readonly offset: number }> = {
  statement:
    "a constant offset is the RMSE; the mean as a prediction has RMSE / std = 1 and the mean predictor's " +
    'relative error; equal energies have no std, and nothing is measured in it',
  cases: fc.record({
    exact: fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 2, maxLength: 20 }).map((values) => [...values, 0]),
    offset: fc.integer({ min: 1, max: 9 }),
  }),
  holds:
    (measures) =>
    ({ exact, offset }) => {
      const energies = Float64Array.from(exact);
      const mean = exact.reduce((sum, x) => sum + x, 0) / exact.length;
      const shifted = measures(energies)(energies.map((x) => x + offset));
      const constant = measures(energies)(energies.map(() => mean));
      const equal = measures(energies.map(() => offset))(energies);
      return (
        close(shifted.rmse, offset) &&
        close(shifted.relative ?? NaN, offset / mean) &&
        close(constant.rmsePerDeviation ?? NaN, 1) &&
        close(constant.relative ?? NaN, constant.meanPredictor ?? NaN) &&
        equal.rmsePerDeviation === null &&
        equal.meanPredictor === 0 &&
        shifted.count === exact.length
      );
    },
};
