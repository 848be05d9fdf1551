/** The training fold: epochs, checkpoints, and how trainings end. */
import fc from 'fast-check';
import { flow, pipe } from 'fp-ts/lib/function.js';
import * as R from 'fp-ts/lib/Record.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { expect, it } from 'vitest';

import { backendError, type Backend } from '../src/backend/backend.ts';
import { reference } from '../src/backend/reference/reference.ts';
import type { Reals } from '../src/number/reals.ts';
import { initialAdam } from '../src/training/adam.ts';
import { errorMeasures } from '../src/training/error-measures.ts';
import { compileEvaluation } from '../src/training/evaluation.ts';
import { compilePrediction } from '../src/training/prediction.ts';
import { batchesOf, batchesOfSets, splitSamples, type LabelledSamples } from '../src/training/batch.ts';
import { readCheckpoint, writeCheckpoint, type Checkpoint } from '../src/training/checkpoint.ts';
import { prepareTraining } from '../src/training/preparation.ts';
import { residentTraining, type Epoch, type ResidentTraining } from '../src/training/train.ts';
import { runTraining } from '../src/training/training-run.ts';
import { heldOutErrorBy, validation } from '../src/training/validation.ts';
import { runCases, shortPlan } from './arbitraries/trainings.ts';
import { digest } from './arbitraries/runs.ts';
import { verify } from './law.ts';
import {
  batchesAreOfOneSet,
  batchesPartition,
  divergenceNamesTheRate,
  evaluationsAreErrors,
  failuresReleaseWhatWasMade,
  lossesHaveNoUnit,
  othersAreNotContinued,
  epochsAreStepsOnAllSamples,
  epochsDependOnTheirState,
  firstStepsFollowTheMean,
  highLossesAreTrainedOn,
  lastStepsAreSeen,
  keptByEnergies,
  lastForcesAreSeen,
  lossFalls,
  publishedStartsAreDrawn,
  onlyFiniteStatesAreHandedOn,
  rawEnergiesAreTheLabels,
  residentsAreReleased,
  setsShareTheirState,
  splitsAreWhole,
  resumedIsUninterrupted,
  startsLookAtTheFirst,
  train,
  validationsAreOfTheTrainedNetwork,
  type TrainingRun,
} from './laws/training-fold.ts';
import { forgetful, strict, unreleased, withObserved, withScalars } from './mutants/residents.ts';
import { messageOf, right } from './right.ts';
import { withResidents } from './with-residents.ts';

const saved = (checkpoint: Checkpoint): Checkpoint =>
  right(readCheckpoint(digest)(right(writeCheckpoint(digest)(checkpoint))));

/** Stops after `pause` epochs and goes on from what `stored` makes of the checkpoint. */
const resuming =
  (stored: (checkpoint: Checkpoint) => Checkpoint): TrainingRun =>
  (plan, sets, pause) =>
    TE.tryCatch(
      async () => {
        const first = await train(plan, sets, null, pause);
        return (await train(plan, sets, stored(first), plan.epochs)).state;
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
  const samples = fc.sample(runCases, 1)[0]?.samples;
  expect(samples).toBeDefined();
  if (samples !== undefined) {
    const { network: trained, state } = await train(shortPlan, [samples], null, 1);
    const other = { network: { ...trained, energyShift: 1 }, state, run: '' };
    const refused = resuming(() => other)(shortPlan, [samples], 1);
    expect(messageOf(await refused())).toMatch(/belongs to another network or other data/);
  }
});

verify(
  lossFalls,
  async (plan, samples) => {
    const [first, last] = [await train(plan, [samples], null, 1), await train(plan, [samples], null, plan.epochs)];
    return [first.state.loss, last.state.loss];
  },
  {
    'up the gradient': async (plan, samples) => {
      const uphill = { ...plan, schedule: { tag: 'oneCycle', peak: -1e-2 } } as const;
      const [first, last] = [
        await train(uphill, [samples], null, 1),
        await train(uphill, [samples], null, plan.epochs),
      ];
      return [first.state.loss, last.state.loss];
    },
  },
);

verify(batchesPartition, batchesOf, {
  'batches begin at their number over their size': (size) => (places) =>
    Array.from({ length: Math.ceil(places.length / size) }, (_, b) => places.slice(b / size, (b + 1) * size)),
  'the rest is left out': (size) => (places) => batchesOf(size)(places).filter(({ length }) => length === size),
});

verify(splitsAreWhole, splitSamples, {
  'the last are the first': (count) => (samples) => {
    const { train: first, test: others } = splitSamples(count)(samples);
    return { train: others, test: first };
  },
  'forces begin anew': (count) => (samples) => {
    const { train: first, test: others } = splitSamples(count)(samples);
    return { train: first, test: { ...others, forces: samples.forces?.slice(0, others.spins.length) ?? null } };
  },
});

verify(keptByEnergies, heldOutErrorBy, {
  'every error is 0': () => () => TE.right(0),
  'the relative error': (validate) =>
    flow(
      validate,
      TE.map((errors) => errors?.relative ?? NaN),
    ),
});

verify(batchesAreOfOneSet, batchesOfSets, {
  'set after set': (sets, size) => (order) =>
    sets.flatMap((set) => batchesOfSets([set], size)(order.filter((sample) => sample < set.count)).flat()),
  'sets are not shuffled': (sets, size) => (order) =>
    batchesOfSets(sets, size)(order).toSorted((a, b) => sets.indexOf(a.set) - sets.indexOf(b.set)),
  'a batch goes on into the next set': (sets, size) => (order) => {
    const [set] = sets;
    return set === undefined ? [] : batchesOf(size)(order).map((places) => ({ set, places }));
  },
});

verify(setsShareTheirState, reference, {
  'a set goes on from its own steps': forgetful,
});

verify(firstStepsFollowTheMean, reference, {
  'a sum, not a mean': withScalars(() => ({ 'adam.perSample': 1 })),
  'steps are counted from 2': withScalars((step) => ({
    'adam.step': (step.scalars['adam.step'] ?? NaN) * (0.1 / 0.19),
  })),
  'the mean of a full batch': withScalars(() => ({ 'adam.perSample': 1 / shortPlan.batch })),
});

verify(epochsDependOnTheirState, reference, {
  'an epoch goes on from the one before': forgetful,
});

/** Epochs that are something else. */
const withEpochs =
  (change: (epoch: Epoch, samples: LabelledSamples) => Epoch): typeof residentTraining =>
  (backend, settings) =>
  (program, sets, first) =>
    pipe(
      residentTraining(backend, settings)(program, sets, first),
      TE.map((training) => ({ ...training, epoch: change(training.epoch, sets[0]) })),
    );

verify(epochsAreStepsOnAllSamples, residentTraining, {
  'every epoch is shuffled alike': withEpochs(
    (epoch) => (state) =>
      pipe(
        epoch({ ...state, epoch: 0 }),
        TE.map((after) => ({ ...after, epoch: state.epoch + 1 })),
      ),
  ),
  'steps are counted anew in every epoch': withEpochs(
    (epoch) => (state) => epoch({ ...state, adam: { ...state.adam, step: 0 } }),
  ),
  'the loss is a sum': withEpochs((epoch, { count }) =>
    flow(
      epoch,
      TE.map((after) => ({ ...after, loss: count * after.loss })),
    ),
  ),
  'nothing is frozen': (backend, settings) => residentTraining(backend, { ...settings, frozen: [] }),
});

verify(startsLookAtTheFirst, prepareTraining, {
  'the first 60':
    (backend, plan) =>
    (network, [samples], checkpoint) =>
      prepareTraining(backend, plan)(
        network,
        [
          {
            ...samples,
            count: 60,
            spins: samples.spins.subarray(0, 27 * 60),
            energies: samples.energies.subarray(0, 60),
          },
        ],
        checkpoint,
      ),
  'all, from the last on':
    (backend, plan) =>
    (network, [samples], checkpoint) =>
      prepareTraining(backend, plan)(
        network,
        [{ ...samples, spins: Float64Array.from(samples.spins).reverse() }],
        checkpoint,
      ),
});

verify(publishedStartsAreDrawn, prepareTraining, {
  'every start has unit variance': (backend, plan) => prepareTraining(backend, { ...plan, start: 'unit-variance' }),
  'all seeds draw alike': (backend, plan) => prepareTraining(backend, { ...plan, seed: 1 }),
});

verify(residentsAreReleased, runTraining, {
  'a release is forgotten': (backend, order) => runTraining(unreleased(backend), order),
});

verify(failuresReleaseWhatWasMade, residentTraining, {
  'what was made is left': (backend, given) => residentTraining(unreleased(backend), given),
  'no failure is told': (backend, given) =>
    flow(
      residentTraining(backend, given),
      TE.orElse(() => TE.right<never, ResidentTraining>({ epoch: TE.right, release: () => undefined })),
    ),
});

/** A backend that trains, and then predicts this number for everything. */
const predicting = (answer: number, backend: Backend): Backend => ({
  ...backend,
  compile: (program) =>
    pipe(
      backend.compile(program),
      TE.map((executable) => ({
        ...executable,
        run: (call) => pipe(executable.run(call), TE.map(R.map((values: Reals) => values.map(() => answer)))),
      })),
    ),
});

verify(lastStepsAreSeen, runTraining, {
  'weights are taken as they are': (backend, order) => runTraining(predicting(0, backend), order),
  'no training ends well': (backend, order) => runTraining(predicting(NaN, backend), order),
});

verify(lastForcesAreSeen, runTraining, {
  'forces are not looked at': (backend, order) => runTraining(predicting(0, backend), order),
  'forces are always looked at': (backend, order) =>
    runTraining(backend, { ...order, plan: { ...order.plan, forceWeight: 1 } }),
});

verify(divergenceNamesTheRate, reference, {
  'a loss that is no number passes for none': withObserved((values) => values.map((x) => (Number.isFinite(x) ? x : 0))),
  'a moment that is no number is an error of its own': strict,
});

verify(onlyFiniteStatesAreHandedOn, residentTraining, {
  'what is no number counts as 0': (backend, given) =>
    residentTraining(
      withResidents(backend, (resident) => ({
        ...resident,
        read: pipe(resident.read, TE.map(R.map((values: Reals) => values.map((x) => (Number.isFinite(x) ? x : 0))))),
      })),
      given,
    ),
});

verify(highLossesAreTrainedOn, residentTraining, {
  'the first loss may have grown from that of answering the mean': (backend, given) =>
    flow(
      residentTraining(backend, given),
      TE.map(({ epoch, release }) => ({
        release,
        epoch: (state) => epoch({ ...state, loss: Number.isNaN(state.loss) ? 1 : state.loss }),
      })),
    ),
});

verify(lossesHaveNoUnit, prepareTraining, {
  'forces weigh as the energies do': (backend, plan) => (network, sets, checkpoint) =>
    prepareTraining(backend, { ...plan, forceWeight: Math.abs(sets[0].energies[0] ?? 1) })(network, sets, checkpoint),
  'the scale has no unit': (backend, plan) =>
    flow(
      prepareTraining(backend, plan),
      TE.map((prepared) => ({ ...prepared, network: { ...prepared.network, energyScale: 1 } })),
    ),
});

verify(rawEnergiesAreTheLabels, prepareTraining, {
  'in units of their deviation': (backend, { units: _, ...plan }) => prepareTraining(backend, plan),
  'about their mean': (backend, plan) =>
    flow(
      prepareTraining(backend, plan),
      TE.map((prepared) => ({ ...prepared, network: { ...prepared.network, energyShift: 1 } })),
    ),
  'the loss is in units of their deviation':
    (backend, { units: _, ...plan }) =>
    (description, sets, checkpoint) =>
      pipe(
        TE.Do,
        TE.apS('raw', prepareTraining(backend, { ...plan, units: 'raw' })(description, sets, checkpoint)),
        TE.apS('scaled', prepareTraining(backend, plan)(description, sets, checkpoint)),
        TE.map(({ raw, scaled }) => ({ ...raw, resident: scaled.resident })),
      ),
});

verify(othersAreNotContinued, prepareTraining, {
  'any checkpoint will do': (backend, plan) => (network, sets, checkpoint) =>
    prepareTraining(backend, plan)(checkpoint?.network ?? network, sets, checkpoint),
  'none will do': (backend, plan) => (network, sets, checkpoint) =>
    prepareTraining(backend, plan)(
      network,
      sets,
      checkpoint === null ? null : { ...checkpoint, network: { ...checkpoint.network, energyShift: 1e9 } },
    ),
});

verify(evaluationsAreErrors, compileEvaluation, {
  'forces are never compared': (backend) => compileEvaluation(backend, { forces: false }),
  'forces are always compared': (backend) => compileEvaluation(backend, { forces: true }),
  'forces along the spins are compared too': (backend, wanted) => (network) =>
    pipe(
      TE.Do,
      TE.bind('evaluate', () => compileEvaluation(backend, wanted)(network)),
      TE.bind('predict', () => compilePrediction(backend, wanted)(network)),
      TE.map(
        ({ evaluate, predict }) =>
          (weights) =>
          (samples) =>
            pipe(
              TE.Do,
              TE.bind('errors', () => evaluate(weights)(samples)),
              TE.bind('found', () => predict(weights)(samples)),
              TE.map(({ errors, found: { forces } }) => ({
                ...errors,
                ...(forces === null || samples.forces === null
                  ? {}
                  : { forces: errorMeasures(samples.forces)(forces) }),
              })),
            ),
      ),
    ),
});

verify(validationsAreOfTheTrainedNetwork, validation, {
  'in other units':
    (backend, wanted) =>
    ({ samples: [first], ...order }) =>
      validation(backend, wanted)({ ...order, samples: [{ ...first, energies: first.energies.map((x) => 2 * x) }] }),
  'nothing is held out': (backend, wanted) => (order) => validation(backend, wanted)({ ...order, heldOut: null }),
  'without forces': (backend) => validation(backend, { forces: false }),
});
