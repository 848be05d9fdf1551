/** Training: schedules, losses, the fold over epochs, checkpoints, starts and fits. */
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { expect, it } from 'vitest';

import { backendError } from '../src/backend/backend.ts';
import { reference } from '../src/backend/reference/reference.ts';
import { constant, fillField, record, type Expression } from '../src/program/expression.ts';
import { uniform } from '../src/program/operation.ts';
import { fold, outputsOf } from '../src/program/program.ts';
import type { TypedProgram } from '../src/program/typecheck.ts';
import { initialAdam } from '../src/training/adam.ts';
import { batchesOf } from '../src/training/batch.ts';
import { readCheckpoint, writeCheckpoint, type Checkpoint } from '../src/training/checkpoint.ts';
import { deviationOf, errorMeasures } from '../src/training/error-measures.ts';
import { lossProgram } from '../src/training/loss.ts';
import { fitPairs } from '../src/training/pair-fit.ts';
import { rateAt } from '../src/training/schedule.ts';
import { runTraining } from '../src/training/training-run.ts';
import { typed } from './arbitraries/program.ts';
import { digest } from './arbitraries/runs.ts';
import { verify } from './law.ts';
import {
  batchesPartition,
  divergenceNamesTheRate,
  epochsDependOnTheirState,
  fitRecoversPairs,
  gradientsAreMeans,
  lossFalls,
  measuresAreWhatTheySay,
  onlyTangentialForcesCount,
  ratesStayInTheirBounds,
  residentsAreReleased,
  resumedIsUninterrupted,
  shortPlan,
  train,
  type TrainingRun,
} from './laws/training.ts';
import { forgetful, strict, unreleased, withObserved, withScalars } from './mutants/residents.ts';
import { messageOf, right } from './right.ts';

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

const saved = (checkpoint: Checkpoint): Checkpoint =>
  right(readCheckpoint(digest)(right(writeCheckpoint(digest)(checkpoint))));

/** Stops after `pause` epochs and goes on from what `stored` makes of the checkpoint. */
const resuming =
  (stored: (checkpoint: Checkpoint) => Checkpoint): TrainingRun =>
  (plan, samples, pause) =>
    TE.tryCatch(
      async () => {
        const first = await train(plan, samples, null, pause);
        return (await train(plan, samples, stored(first), plan.epochs)).state;
      },
      (error) => backendError(String(error)),
    );

verify(resumedIsUninterrupted, resuming(saved), {
  'the moments are lost': resuming((checkpoint) => ({
    ...checkpoint,
    state: {
      ...checkpoint.state,
      adam: { ...initialAdam(checkpoint.state.adam.weights), step: checkpoint.state.adam.step },
    },
  })),
  'the schedule starts again': resuming((checkpoint) => ({
    ...checkpoint,
    state: { ...checkpoint.state, adam: { ...checkpoint.state.adam, step: 0 } },
  })),
  'the same shuffle again': resuming((checkpoint) => ({
    ...checkpoint,
    state: { ...checkpoint.state, epoch: checkpoint.state.epoch - 1 },
  })),
  'weights are saved as float32': resuming((checkpoint) => ({
    ...checkpoint,
    state: {
      ...checkpoint.state,
      adam: {
        ...checkpoint.state.adam,
        weights: Object.fromEntries(
          Object.entries(checkpoint.state.adam.weights).map(([name, values]) => [name, values.map(Math.fround)]),
        ),
      },
    },
  })),
});

it('a checkpoint of another network is refused', async () => {
  const samples = fc.sample(resumedIsUninterrupted.cases, 1)[0]?.samples;
  expect(samples).toBeDefined();
  if (samples !== undefined) {
    const { network: trained, state } = await train(shortPlan, samples, null, 1);
    const other = { network: { ...trained, energyShift: 1 }, state, run: '' };
    const refused = resuming(() => other)(shortPlan, samples, 1);
    expect(messageOf(await refused())).toMatch(/belongs to another network or other data/);
  }
});

verify(
  lossFalls,
  async (plan, samples) => {
    const [first, last] = [await train(plan, samples, null, 1), await train(plan, samples, null, plan.epochs)];
    return [first.state.loss, last.state.loss];
  },
  {
    'up the gradient': async (plan, samples) => {
      const uphill = { ...plan, schedule: { tag: 'oneCycle', peak: -1e-2 } } as const;
      const [first, last] = [await train(uphill, samples, null, 1), await train(uphill, samples, null, plan.epochs)];
      return [first.state.loss, last.state.loss];
    },
  },
);

verify(batchesPartition, batchesOf, {
  'batches begin at their number over their size': (size) => (places) =>
    Array.from({ length: Math.ceil(places.length / size) }, (_, b) => places.slice(b / size, (b + 1) * size)),
  'the rest is left out': (size) => (places) => batchesOf(size)(places).filter(({ length }) => length === size),
});

verify(gradientsAreMeans, reference, {
  'a sum, not a mean': withScalars(() => ({ 'adam.perSample': 1 })),
  'the mean of a full batch': withScalars(() => ({ 'adam.perSample': 1 / shortPlan.batch })),
});

verify(epochsDependOnTheirState, reference, {
  'an epoch goes on from the one before': forgetful,
});

verify(residentsAreReleased, runTraining, {
  'a release is forgotten': (backend, order) => runTraining(unreleased(backend), order),
});

verify(divergenceNamesTheRate, reference, {
  'a loss that is no number passes for none': withObserved((values) => values.map((x) => (Number.isFinite(x) ? x : 0))),
  'a moment that is no number is an error of its own': strict,
});

verify(fitRecoversPairs, fitPairs, {
  'the constant is forgotten': (kernel) => (samples) => ({ ...fitPairs(kernel)(samples), energyPerSite: 0 }),
  'shells beyond the second are cut off': (kernel) => (samples) => {
    const fit = fitPairs(kernel)(samples);
    return { ...fit, couplings: fit.couplings.map((K, shell) => (shell < 2 ? K : 0)) };
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
