/** Training: Adam, schedules, losses, the fold over epochs, checkpoints, starts and fits. */
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { expect, it } from 'vitest';

import { backendError } from '../src/backend/backend.ts';
import { reference } from '../src/backend/reference/reference.ts';
import { network } from '../src/network/network.ts';
import { constant, fillField, record, type Expression } from '../src/program/expression.ts';
import { uniform } from '../src/program/operation.ts';
import { fold, outputsOf } from '../src/program/program.ts';
import type { TypedProgram } from '../src/program/typecheck.ts';
import { adamStep, initialAdam, normOf } from '../src/training/adam.ts';
import { readCheckpoint, writeCheckpoint, type Checkpoint } from '../src/training/checkpoint.ts';
import { deviationOf, errorMeasures } from '../src/training/error-measures.ts';
import { lossProgram } from '../src/training/loss.ts';
import { fitPairs } from '../src/training/pair-fit.ts';
import { prepareTraining } from '../src/training/preparation.ts';
import { rateAt } from '../src/training/schedule.ts';
import { typed } from './arbitraries/program.ts';
import { digest } from './arbitraries/runs.ts';
import { verify } from './law.ts';
import {
  constantGradientMovesByTheRate,
  decayEntersTheGradient,
  fitRecoversPairs,
  lossFalls,
  measuresAreWhatTheySay,
  onlyTangentialForcesCount,
  ratesStayInTheirBounds,
  resumedIsUninterrupted,
  shortPlan,
  train,
  type TrainingRun,
} from './laws/training.ts';
import { messageOf, right } from './right.ts';

const tiny = network('efnn', { tag: 'lattice', channels: 1, layers: 1, kernel: 3, pairHead: false });

verify(constantGradientMovesByTheRate, adamStep, {
  'the moments are not corrected for their start': (options, rate) => (state, gradient) =>
    adamStep(options, rate)({ ...state, step: state.step + 1000 }, gradient),
  'plain gradient descent': (_, rate) => (state, gradient) => ({
    ...state,
    step: state.step + 1,
    weights: Object.fromEntries(
      Object.entries(state.weights).map(([name, w]) => [name, w.map((x, i) => x - rate * (gradient[name]?.[i] ?? 0))]),
    ),
  }),
});

verify(decayEntersTheGradient, adamStep, {
  'decoupled decay, as in AdamW': (options, rate) => (state, gradient) =>
    adamStep({ ...options, weightDecay: 0 }, rate)(
      {
        ...state,
        weights: Object.fromEntries(
          Object.entries(state.weights).map(([name, w]) => [name, w.map((x) => x * (1 - rate * options.weightDecay))]),
        ),
      },
      gradient,
    ),
  'no decay': (options, rate) => adamStep({ ...options, weightDecay: 0 }, rate),
});

it('a clipped gradient has the norm that it was clipped to', () => {
  const first = {
    step: 0,
    weights: { w: Float64Array.of(0, 0) },
    firstMoment: { w: new Float64Array(2) },
    secondMoment: { w: new Float64Array(2) },
  };
  const options = { beta1: 0, beta2: 0, epsilon: 0, weightDecay: 0, clip: 1 };
  const { firstMoment } = adamStep(options, 1)(first, { w: Float64Array.of(3, 4) });
  expect(normOf(firstMoment)).toBeCloseTo(1, 12);
  expect(normOf(adamStep(options, 1)(first, { w: Float64Array.of(0.3, 0.4) }).firstMoment)).toBeCloseTo(0.5, 12);
});

verify(ratesStayInTheirBounds, rateAt, {
  'the cycle never falls': (schedule) => (progress) =>
    schedule.tag === 'oneCycle'
      ? Math.max(rateAt(schedule)(progress), progress.step / progress.steps)
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

it('too high a rate ends with an error that names the rate', async () => {
  const samples = fc.sample(lossFalls.cases, 1)[0]?.samples;
  expect(samples).toBeDefined();
  if (samples !== undefined) {
    const plan = { ...shortPlan, schedule: { tag: 'decay', rate: 1e200, factor: 1, every: 1 } } as const;
    const prepared = right(await prepareTraining(reference, plan)(tiny, samples, null)());
    const first = await prepared.epoch(prepared.state)();
    expect(messageOf(first)).toMatch(/no longer finite after step \d+; lower the rate \(peak now 1e\+200\)/);
  }
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
});
