/** Training: schedules, losses, fits, and how errors are measured. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import { expect, it } from 'vitest';

import { constant, fillField, record, type Expression } from '../src/program/expression.ts';
import { uniform } from '../src/program/operation.ts';
import { fold, outputsOf } from '../src/program/program.ts';
import type { TypedProgram } from '../src/program/typecheck.ts';
import { deviationOf, errorMeasures, errorParts } from '../src/training/error-measures.ts';
import { lossProgram } from '../src/training/loss.ts';
import { fitPairs } from '../src/training/pair-fit.ts';
import { rateAt } from '../src/training/schedule.ts';
import { typed } from './arbitraries/program.ts';
import { verify } from './law.ts';
import {
  fitRecoversPairs,
  measuresAreWhatTheySay,
  partsMakeTheError,
  onlyTangentialForcesCount,
  ratesStayInTheirBounds,
} from './laws/training.ts';

verify(ratesStayInTheirBounds, rateAt, {
  'the cycle never falls': (schedule) => (progress) =>
    schedule.tag === 'oneCycle'
      ? Math.max(rateAt(schedule)(progress), progress.step / progress.steps)
      : rateAt(schedule)(progress),
  'the peak comes after three tenths': (schedule) => (progress) => {
    const [from, to] = [0.3 * progress.steps - 1, 0.2 * progress.steps - 1];
    const step =
      progress.step <= from
        ? (progress.step * to) / from
        : to + ((progress.step - from) * (progress.steps - 1 - to)) / (progress.steps - 1 - from);
    return rateAt(schedule)(schedule.tag === 'oneCycle' ? { ...progress, step } : progress);
  },
  'the peak comes a step late': (schedule) => (progress) =>
    schedule.tag === 'oneCycle' && 0 < progress.step && progress.step < progress.steps - 1
      ? rateAt(schedule)({ ...progress, step: progress.step - 1 })
      : rateAt(schedule)(progress),
  'the staircase never reaches the last rate': (schedule) => (progress) =>
    rateAt(schedule.tag === 'staircase' ? { ...schedule, every: 3 * schedule.every } : schedule)({
      ...progress,
      steps: 10 * progress.steps,
    }),
});

it('the published schedule of the binary EFNN: times 0.9 every 100 epochs', () => {
  const rate = rateAt({ tag: 'decay', rate: 1e-3, factor: 0.9, every: 100 });
  expect([0, 99, 100, 7999].map((epoch) => rate({ step: 16 * epoch, steps: 16 * 8000, stepsPerEpoch: 16 }))).toEqual([
    1e-3,
    1e-3,
    1e-3 * 0.9,
    1e-3 * 0.9 ** 79,
  ]);
});

/** A program whose vectors are not modulated by spins: the projection on tangent planes is the one place that does. */
const withoutProjection = (program: TypedProgram): TypedProgram =>
  typed(
    record(
      outputsOf(program)(
        fold<Expression>({
          ...uniform((operation) => ({ operation })),
          modulate: (operation) =>
            operation.vector.operation.tag === 'input' ? fillField(3, 1)(constant(0)) : { operation },
        })(program),
      ),
    ),
  );

verify(onlyTangentialForcesCount, lossProgram, {
  'forces are compared as they are': (loss, trained) => (program) =>
    pipe(lossProgram(loss, trained)(program), E.map(withoutProjection)),
  'forces are not compared': (loss, trained) => lossProgram({ ...loss, forceWeight: null }, trained),
});

verify(fitRecoversPairs, fitPairs, {
  'the constant is forgotten': (kernel) => (sets) => ({ ...fitPairs(kernel)(sets), energyPerSite: 0 }),
  'shells beyond the second are cut off': (kernel) => (sets) => {
    const fit = fitPairs(kernel)(sets);
    return { ...fit, couplings: fit.couplings.map((K, shell) => (shell < 2 ? K : 0)) };
  },
  'the kernel is empty': (kernel) => (samples) => ({ ...fitPairs(kernel)(samples), kernel: new Float64Array(0) }),
  'the kernel has each pair once': (kernel) => (samples) => {
    const fit = fitPairs(kernel)(samples);
    return { ...fit, kernel: fit.kernel.map((K) => K / 2) };
  },
});

verify(partsMakeTheError, errorParts, {
  'exact - predicted': (exact) => (predicted) => errorParts(predicted)(exact),
  'the RMSE is the spread': (exact) => (predicted) => ({
    ...errorParts(exact)(predicted),
    spread: errorMeasures(exact)(predicted).rmse,
  }),
  'divided by n - 1': (exact) => (predicted) => {
    const { offset, spread } = errorParts(exact)(predicted);
    return { offset, spread: spread * Math.sqrt(exact.length / Math.max(1, exact.length - 1)) };
  },
});

verify(measuresAreWhatTheySay, errorMeasures, {
  'the mean absolute error': (exact, reference) => (predicted) => ({
    ...errorMeasures(exact, reference)(predicted),
    rmsePerDeviation:
      exact.reduce((sum, x, i) => sum + Math.abs(x - (predicted[i] ?? 0)), 0) / exact.length / deviationOf(exact),
  }),
  'relative to the standard deviation': (exact) => errorMeasures(exact, deviationOf(exact)),
  'in a deviation of 0': (exact, reference) => (predicted) => {
    const measures = errorMeasures(exact, reference)(predicted);
    return { ...measures, rmsePerDeviation: measures.rmse / deviationOf(exact) };
  },
});
