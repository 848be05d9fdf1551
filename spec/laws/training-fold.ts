/** Laws of the training fold: epochs, their steps and batches, stopping and resuming, how trainings end. */
import { isDeepStrictEqual } from 'node:util';

import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as R from 'fp-ts/lib/Record.js';
import * as O from 'fp-ts/lib/Option.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import { backendError, type Backend, type BackendError, type Step } from '../../src/backend/backend.ts';
import { reference } from '../../src/backend/reference/reference.ts';
import type { LabelledData } from '../../src/dataset/data-set.ts';
import { customMeta } from '../../src/dataset/meta.ts';
import { initialWeights } from '../../src/network/initial-weights.ts';
import { network, networkProgram, type Network } from '../../src/network/network.ts';
import { float64 } from '../../src/number/float64.ts';
import type { Reals } from '../../src/number/reals.ts';
import { evaluate } from '../../src/program/evaluate.ts';
import { gradientName } from '../../src/program/gradient.ts';
import { adam, adamScalars, residentState } from '../../src/training/adam.ts';
import type { batchesOf, batchesOfSets, LabelledSamples, SampleSets, splitSamples } from '../../src/training/batch.ts';
import type { Checkpoint } from '../../src/training/checkpoint.ts';
import { errorMeasures, type ErrorMeasures } from '../../src/training/error-measures.ts';
import { compileEvaluation, evaluationJson, type Evaluation } from '../../src/training/evaluation.ts';
import { lossProgram } from '../../src/training/loss.ts';
import { fitPairs } from '../../src/training/pair-fit.ts';
import { compilePrediction } from '../../src/training/prediction.ts';
import { prepareTraining, type TrainingPlan } from '../../src/training/preparation.ts';
import { rateAt, type Schedule } from '../../src/training/schedule.ts';
import {
  initialTraining,
  residentTraining,
  type TrainingSettings,
  type TrainingState,
} from '../../src/training/train.ts';
import { runTraining } from '../../src/training/training-run.ts';
import type { heldOutErrorBy, validation } from '../../src/training/validation.ts';
import { interval } from '../arbitraries/interval.ts';
import { configurationsOf } from '../arbitraries/spins.ts';
import {
  bits,
  labelledBy,
  runCases,
  shortPlan,
  smallNetwork,
  smallProgram,
  smallWeights,
  type RunCase,
} from '../arbitraries/trainings.ts';
import type { Law } from '../law.ts';
import { messageOf, right } from '../right.ts';
import { withMaking, withResidents } from '../with-residents.ts';

/** Sums of a few hundred products of order one, in float64. */
const close = (a: number, b: number, tolerance = 1e-10): boolean =>
  Math.abs(a - b) <= tolerance * (1 + Math.abs(a) + Math.abs(b));

/** Trains to the end, stopping once after `pause` epochs. */
export type TrainingRun = (
  plan: TrainingPlan,
  sets: SampleSets,
  pause: number,
) => TaskEither<BackendError, TrainingState>;

/** How a run ends that is stopped after an epoch: with the checkpoint that it could have saved. */
interface Stopped {
  readonly tag: 'Stopped';
  readonly checkpoint: Checkpoint;
}

/** All epochs from one checkpoint, or the beginning, until so many are done. */
export const train = async (
  plan: TrainingPlan,
  sets: SampleSets,
  checkpoint: Checkpoint | null,
  until: number,
): Promise<Checkpoint> => {
  const order = { network: smallNetwork, plan, samples: sets, checkpoint, run: '' };
  const trained = runTraining(
    reference,
    order,
  )<Stopped>((reached) =>
    reached.state.epoch < until ? TE.right(undefined) : TE.left({ tag: 'Stopped', checkpoint: reached }),
  );
  const ended = pipe(
    trained,
    TE.map(({ network: ofLabels, state }): Checkpoint => ({ network: ofLabels, run: '', state })),
    TE.orElse((error) =>
      error.tag === 'Stopped' ? TE.right<BackendError, Checkpoint>(error.checkpoint) : TE.left(error),
    ),
  );
  return right(await ended());
};

/** Configurations on a larger lattice, some cases with and some without. */
const larger: fc.Arbitrary<LabelledSamples | null> = fc.option(
  fc
    .array(configurationsOf(4), { minLength: 7, maxLength: 7 })
    .map((configurations) => ({ ...labelledBy(configurations), latticeSize: 4 })),
);

export const resumedIsUninterrupted: Law<TrainingRun, RunCase & { readonly others: LabelledSamples | null }> = {
  statement:
    'a run that was stopped, saved, read and resumed ends in the same bits as one that was not; other seeds end elsewhere; ' +
    'on one lattice size or two',
  cases: fc.tuple(runCases, larger).map(([example, others]) => ({ ...example, others })),
  runs: 6,
  holds:
    (run) =>
    async ({ samples, others, seed, pause }) => {
      const plan = { ...shortPlan, seed };
      const sets: SampleSets = others === null ? [samples] : [samples, others];
      const whole = await train(plan, sets, null, plan.epochs);
      const again = await train(plan, sets, null, plan.epochs);
      const other = await train({ ...plan, seed: seed + 1 }, sets, null, plan.epochs);
      const resumed = await run(plan, sets, pause)();
      return (
        E.isRight(resumed) &&
        bits(whole.state) === bits(again.state) &&
        bits(whole.state) !== bits(other.state) &&
        bits(whole.state) === bits(resumed.right)
      );
    },
};

export const batchesPartition: Law<typeof batchesOf, { readonly places: readonly number[]; readonly size: number }> = {
  statement:
    'batches are the places of an epoch in their order, each once; all are full but the last, which is not empty',
  cases: fc.record({ places: fc.array(fc.nat(), { maxLength: 50 }), size: fc.integer({ min: 1, max: 20 }) }),
  holds:
    (batches) =>
    ({ places, size }) => {
      const cut = batches(size)(places);
      return (
        JSON.stringify(cut.flat()) === JSON.stringify(places) &&
        cut.slice(0, -1).every(({ length }) => length === size) &&
        cut.slice(-1).every(({ length }) => 1 <= length && length <= size)
      );
    },
};

interface Counted {
  readonly count: number;
}

export const splitsAreWhole: Law<
  typeof splitSamples,
  { readonly samples: LabelledSamples; readonly count: number; readonly withForces: boolean }
> = {
  statement: 'samples are split into the first ones and the others: together they are all, in their order',
  cases: fc.record({
    samples: fc.array(configurationsOf(3), { minLength: 1, maxLength: 6 }).map(labelledBy),
    count: fc.nat({ max: 8 }),
    withForces: fc.boolean(),
  }),
  runs: 30,
  holds:
    (split) =>
    ({ samples, count, withForces }) => {
      const whole = { ...samples, forces: withForces ? samples.spins.map((x, i) => x + i) : null };
      const { train: first, test: others } = split(count)(whole);
      const joined = (...parts: readonly Iterable<number>[]): Reals =>
        Float64Array.from(parts.flatMap((part) => [...part]));
      return (
        first.count === Math.min(count, whole.count) &&
        first.count + others.count === whole.count &&
        first.energies.length === first.count &&
        first.spins.length === 27 * first.count &&
        isDeepStrictEqual(joined(first.spins, others.spins), whole.spins) &&
        isDeepStrictEqual(joined(first.energies, others.energies), whole.energies) &&
        (whole.forces === null
          ? first.forces === null && others.forces === null
          : isDeepStrictEqual(joined(first.forces ?? [], others.forces ?? []), whole.forces) &&
            first.forces?.length === first.spins.length)
      );
    },
};

export const keptByEnergies: Law<typeof heldOutErrorBy, { readonly rmse: number }> = {
  statement:
    'weights are kept by the root mean square error of held-out energies; where nothing is held out it is no number',
  cases: fc.record({ rmse: interval(0, 10) }),
  runs: 10,
  holds:
    (error) =>
    async ({ rmse }) => {
      const evaluation = { ...errorMeasures(Float64Array.of(1, 2))(Float64Array.of(1, 2)), rmse };
      const [found, none] = [evaluation, null].map((answer) => error(() => TE.right(answer))({}));
      return right((await found?.()) ?? E.right(NaN)) === rmse && Number.isNaN(right((await none?.()) ?? E.right(0)));
    },
};

export const batchesAreOfOneSet: Law<
  typeof batchesOfSets,
  { readonly counts: readonly number[]; readonly order: readonly number[]; readonly size: number }
> = {
  statement:
    'an epoch over several sets sees each sample once, in batches of one set each that hold its samples in their order, ' +
    'begin in that order and are full but the last of each set; of one set they are its batches',
  cases: fc
    .record({
      counts: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 3 }),
      size: fc.integer({ min: 1, max: 5 }),
    })
    .chain(({ counts, size }) => {
      const all = Array.from({ length: counts.reduce((sum, count) => sum + count, 0) }, (_, sample) => sample);
      return fc.record({
        counts: fc.constant(counts),
        size: fc.constant(size),
        order: fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length }),
      });
    }),
  holds:
    (batches) =>
    ({ counts, order, size }) => {
      const sets = counts.map((count): Counted => ({ count }));
      const cut = batches(sets, size)(order);
      const start = (set: Counted): number => counts.slice(0, sets.indexOf(set)).reduce((sum, count) => sum + count, 0);
      const positions = cut.map(({ set, places }) => places.map((place) => order.indexOf(place + start(set))));
      const ascend = (values: readonly number[]): boolean => values.every((x, i) => x > (values[i - 1] ?? -1));
      return (
        positions
          .flat()
          .toSorted((a, b) => a - b)
          .join() === order.map((_, position) => position).join() &&
        cut.every(({ set, places }) => places.every((place) => 0 <= place && place < set.count)) &&
        ascend(positions.map(([first]) => first ?? NaN)) &&
        sets.every((set) => {
          const own = positions.filter((_, batch) => cut[batch]?.set === set);
          return ascend(own.flat()) && own.slice(0, -1).every(({ length }) => length === size);
        })
      );
    },
};

const settings: TrainingSettings = {
  ...shortPlan,
  adam: { ...adam, epsilon: 0.01 },
  loss: { weight: 2, forceWeight: 0.5 },
  frozen: [],
};

/** The first of the samples. */
const few = (samples: LabelledSamples, count: number): LabelledSamples => ({
  ...samples,
  count,
  spins: samples.spins.slice(0, 27 * count),
  energies: samples.energies.slice(0, count),
  forces: samples.forces?.slice(0, 27 * count) ?? null,
});

/** The others. */
const after = (samples: LabelledSamples, count: number): LabelledSamples => ({
  ...samples,
  count: samples.count - count,
  spins: samples.spins.slice(27 * count),
  energies: samples.energies.slice(count),
  forces: samples.forces?.slice(27 * count) ?? null,
});

const oneEpoch = async (
  backend: Backend,
  given: TrainingSettings,
  samples: LabelledSamples,
): Promise<TrainingState> => {
  const start = initialTraining(smallWeights);
  const { epoch, release } = right(await residentTraining(backend, given)(smallProgram, [samples], start)());
  const ended = right(await epoch(start)());
  release();
  return ended;
};

export const firstStepsFollowTheMean: Law<Backend, RunCase> = {
  statement:
    'a first step moves weights by rate g / (|g| + epsilon), g the mean over the batch, also where it is smaller than others',
  cases: runCases,
  runs: 10,
  holds: (backend) => async (example) => {
    const samples = few(example.samples, 3);
    const program = right(lossProgram(settings.loss, Object.keys(smallWeights))(smallProgram));
    const parameters = Object.fromEntries(Object.entries(smallWeights).map(([name, values]) => [name, [...values]]));
    const gradients = [0, 1, 2].map((at) =>
      right(
        evaluate(float64)(3)(parameters, {
          spins: [...samples.spins.slice(27 * at, 27 * (at + 1))],
          energyLabel: [samples.energies[at] ?? NaN],
          forceLabel: [...(samples.forces?.slice(27 * at, 27 * (at + 1)) ?? [])],
        })(program),
      ),
    );
    const { weights, firstMoment } = (await oneEpoch(backend, settings, samples)).adam;
    const { beta1, epsilon } = settings.adam;
    // One cycle begins at its peak over 25.
    const rate = 1e-2 / 25;
    return Object.entries(smallWeights).every(([name, before]) =>
      [...before].every((weight, i) => {
        const g = gradients.reduce((sum, one) => sum + (one[gradientName('loss', name)]?.[i] ?? NaN), 0) / 3;
        return (
          close(firstMoment[name]?.[i] ?? NaN, (1 - beta1) * g) &&
          close(weights[name]?.[i] ?? NaN, weight - (rate * g) / (Math.abs(g) + epsilon))
        );
      }),
    );
  },
};

export const setsShareTheirState: Law<Backend, RunCase> = {
  statement: 'samples in two sets are trained on as together, step by step to the same bits, where a step sees one',
  cases: runCases,
  runs: 5,
  holds:
    (backend) =>
    async ({ samples, seed }) => {
      const one = { ...settings, batch: 1, seed };
      const start = initialTraining(smallWeights);
      const [front, back] = [few(samples, 5), after(samples, 5)];
      const endOf = async (sets: SampleSets): Promise<string> => {
        const { epoch, release } = right(await residentTraining(backend, one)(smallProgram, sets, start)());
        const end = bits(right(await epoch(start)()));
        release();
        return end;
      };
      return (await endOf([samples])) === (await endOf([front, back]));
    },
};

export const epochsDependOnTheirState: Law<Backend, RunCase> = {
  statement: 'an epoch depends on its state alone: asked for again, or while another runs, it ends in the same bits',
  cases: runCases,
  runs: 5,
  holds:
    (backend) =>
    async ({ samples }) => {
      const start = initialTraining(smallWeights);
      const { epoch, release } = right(
        await residentTraining(backend, settings)(smallProgram, [few(samples, 6)], start)(),
      );
      const first = right(await epoch(start)());
      const second = right(await epoch(first)());
      const again = right(await epoch(start)());
      const [third, both] = await Promise.all([epoch(first)(), epoch(start)()]);
      release();
      return bits(again) === bits(first) && bits(right(third)) === bits(second) && bits(right(both)) === bits(first);
    },
};

/** What a backend was asked, step by step, and the loss of each batch that it answered with. */
interface Asked {
  readonly step: Step;
  readonly loss: number;
}

/** A backend that notes the steps of its residents. */
const noting = (asked: Map<number, Asked>): Backend =>
  withResidents(reference, (resident) => ({
    ...resident,
    step: (step) =>
      pipe(
        resident.step(step),
        TE.chainFirstIOK(({ loss }) => () => {
          asked.set(asked.size, { step, loss: loss?.reduce((sum, one) => sum + one, 0) ?? NaN });
        }),
      ),
  }));

const placesOf = ({ step: { samples } }: Asked): readonly number[] => ('places' in samples ? samples.places : []);

export const epochsAreStepsOnAllSamples: Law<typeof residentTraining, RunCase> = {
  statement:
    'an epoch sees each sample once, in an order of its own; steps and their rates are counted over all epochs; its ' +
    'loss is the mean of those of the samples; frozen weights stay',
  cases: runCases,
  runs: 5,
  holds: (make) => async (example) => {
    const samples = few(example.samples, 12);
    const asked = new Map<number, Asked>();
    const start = initialTraining(smallWeights);
    const given = { ...settings, seed: example.seed, frozen: ['pair.weight'] };
    const { epoch, release } = right(await make(noting(asked), given)(smallProgram, [samples], start)());
    const first = right(await epoch(start)());
    const second = right(await epoch(first)());
    release();
    const steps = [...asked.values()];
    // Twelve samples in batches of five.
    const [one, two] = [steps.slice(0, 3), steps.slice(3)];
    const seen = [one, two].map((epochSteps) => epochSteps.flatMap(placesOf));
    const rate = rateAt(given.schedule);
    return (
      steps.map((step) => placesOf(step).length).join() === '5,5,2,5,5,2' &&
      seen.every((places) => places.toSorted((a, b) => a - b).join() === '0,1,2,3,4,5,6,7,8,9,10,11') &&
      seen[0]?.join() !== seen[1]?.join() &&
      steps.every(({ step: { scalars } }, index) => {
        const moment = {
          step: index + 1,
          rate: rate({ step: index, steps: 3 * given.epochs, stepsPerEpoch: 3 }),
          batch: index % 3 === 2 ? 2 : 5,
        };
        return JSON.stringify(scalars) === JSON.stringify(adamScalars(given.adam, moment));
      }) &&
      [one, two].every((epochSteps, index) =>
        close((index === 0 ? first : second).loss, epochSteps.reduce((sum, { loss }) => sum + loss, 0) / 12),
      ) &&
      Object.entries(second.adam.weights).every(
        ([name, values]) => (name === 'pair.weight') === values.every((w, i) => w === smallWeights[name]?.[i]),
      )
    );
  },
};

export const startsLookAtTheFirst: Law<typeof prepareTraining, { readonly samples: LabelledSamples }> = {
  statement: 'a start of unit variance looks at the first 64 configurations, at no other',
  cases: fc.record({ samples: fc.array(configurationsOf(3), { minLength: 70, maxLength: 70 }).map(labelledBy) }),
  runs: 3,
  holds:
    (prepare) =>
    async ({ samples }) => {
      const plain = network('efnn', { tag: 'lattice', channels: 1, layers: 1, kernel: 3, pairHead: false });
      const startOf = async (spins: Reals): Promise<string> => {
        const plan = { ...shortPlan, start: 'unit-variance' } as const;
        const prepared = await prepare(reference, plan)(plain, [{ ...samples, spins }], null)();
        return bits(right(prepared).state);
      };
      const turnedFrom = (sample: number): Reals => samples.spins.map((x, i) => (i < 27 * sample ? x : x / 2));
      const start = await startOf(samples.spins);
      return start === (await startOf(turnedFrom(64))) && start !== (await startOf(turnedFrom(63)));
    },
};

export const publishedStartsAreDrawn: Law<typeof prepareTraining, { readonly run: RunCase }> = {
  statement: 'a training with the published start begins with the weights that its seed draws, whatever the labels',
  cases: fc.record({ run: runCases }),
  runs: 6,
  holds:
    (prepare) =>
    async ({ run: { samples, seed } }) => {
      const plain = network('efnn', { tag: 'lattice', channels: 1, layers: 1, kernel: 3, pairHead: false });
      const plan = { ...shortPlan, start: 'published', seed } as const;
      const { program, state } = right(await prepare(reference, plan)(plain, [samples], null)());
      return isDeepStrictEqual(state.adam.weights, initialWeights(seed)(program));
    },
};

/** What becomes of a training. */
type Ending = 'trained' | 'stopped' | 'diverged';

export const residentsAreReleased: Law<typeof runTraining, { readonly run: RunCase; readonly ending: Ending }> = {
  statement: 'a training releases what it made resident, once, however it ends',
  cases: fc.record({ run: runCases, ending: fc.constantFrom<Ending>('trained', 'stopped', 'diverged') }),
  runs: 12,
  holds: (run) => async (example) => {
    const made = new Map<number, number>();
    const plan = example.ending === 'diverged' ? { ...shortPlan, schedule: tooHigh(1e200) } : shortPlan;
    const order = { network: smallNetwork, plan, samples: [example.run.samples] as const, checkpoint: null, run: '' };
    const ended = await run(
      counting(made),
      order,
    )(() => (example.ending === 'stopped' ? TE.left({ tag: 'Stopped' as const }) : TE.right(undefined)))();
    return (
      E.isRight(ended) === (example.ending === 'trained') &&
      // One that diverges is made resident twice.
      made.size === (example.ending === 'diverged' ? 2 : 1) &&
      [...made.values()].every((releases) => releases === 1)
    );
  },
};

export const failuresReleaseWhatWasMade: Law<
  typeof residentTraining,
  { readonly run: RunCase; readonly made: number }
> = {
  statement: 'where the samples of one lattice size cannot be made resident, those that were are released, once',
  cases: fc.record({ run: runCases, made: fc.integer({ min: 0, max: 2 }) }),
  runs: 6,
  holds:
    (make) =>
    async ({ run: { samples }, made }) => {
      const releases = new Map<number, number>();
      const backend = withMaking(
        counting(releases),
        (resident) => (residency) =>
          releases.size < made ? resident(residency) : TE.left(backendError('expected room, got none')),
      );
      const sets: SampleSets = [samples, samples, samples];
      const ended = await make(backend, settings)(smallProgram, sets, initialTraining(smallWeights))();
      return E.isLeft(ended) && releases.size === made && [...releases.values()].every((times) => times === 1);
    },
};

/** A backend that notes how often each of its residents was released. */
const counting = (releases: Map<number, number>): Backend =>
  withResidents(reference, (resident) => {
    const index = releases.size;
    releases.set(index, 0);
    return {
      ...resident,
      release: () => {
        releases.set(index, (releases.get(index) ?? 0) + 1);
        resident.release();
      },
    };
  });

const tooHigh = (rate: number): Schedule => ({ tag: 'decay', rate, factor: 1, every: 1 });

export const lastStepsAreSeen: Law<typeof runTraining, { readonly run: RunCase; readonly rate: number }> = {
  statement:
    'a training whose last step leaves weights that predict nothing finite ends with an error that names the rate',
  cases: fc.record({ run: runCases, rate: fc.constantFrom(1e-3, 1e200, 1e300) }),
  runs: 8,
  holds:
    (run) =>
    async ({ run: { samples }, rate }) => {
      const plan = { ...shortPlan, epochs: 1, batch: samples.count, schedule: tooHigh(rate) };
      const order = { network: smallNetwork, plan, samples: [samples] as const, checkpoint: null, run: '' };
      const ended = await run(reference, order)(() => TE.right(undefined))();
      return rate < 1
        ? E.isRight(ended)
        : messageOf(ended).endsWith(`lower the rate (peak ${rate / 2}, half of what it was at first)`);
    },
};

/** A backend whose trained networks have forces that are no numbers. */
const withoutForces = (backend: Backend): Backend => ({
  ...backend,
  compile: (program) =>
    pipe(
      backend.compile(program),
      TE.map((executable) => ({
        ...executable,
        run: (call) =>
          pipe(
            executable.run(call),
            TE.map(
              R.mapWithIndex((name, values: Reals) =>
                name === gradientName('energy', 'spins') ? values.map(() => NaN) : values,
              ),
            ),
          ),
      })),
    ),
});

export const lastForcesAreSeen: Law<typeof runTraining, { readonly run: RunCase; readonly withForces: boolean }> = {
  statement: 'a training ends with an error where forces that it was trained on are no numbers in the end',
  cases: fc.record({ run: runCases, withForces: fc.boolean() }),
  runs: 8,
  holds:
    (run) =>
    async ({ run: { samples }, withForces }) => {
      const set = { ...samples, forces: samples.forces ?? samples.spins.map(() => 0) };
      const plan = { ...shortPlan, epochs: 1, forceWeight: withForces ? 1 : null };
      const order = { network: smallNetwork, plan, samples: [set] as const, checkpoint: null, run: '' };
      return E.isRight(await run(withoutForces(reference), order)(() => TE.right(undefined))()) === !withForces;
    },
};

export const divergenceNamesTheRate: Law<Backend, { readonly run: RunCase; readonly rate: number }> = {
  statement:
    'too high a rate, and half of it too, ends with an error that names the step and the rate, whatever the moments have become',
  cases: fc.record({ run: runCases, rate: fc.constantFrom(1e12, 1e60, 1e120, 1e200, 1e300) }),
  runs: 10,
  holds: (backend) => async (example) => {
    const plan = { ...shortPlan, schedule: tooHigh(example.rate) };
    const order = { network: smallNetwork, plan, samples: [example.run.samples] as const, checkpoint: null, run: '' };
    const ended = await runTraining(backend, order)(() => TE.right(undefined))();
    return (
      E.isLeft(ended) &&
      /^expected a mean loss of at most \S+, got \S+ before step \d+; lower the rate \(peak (.*), half of .*\)$/.exec(
        ended.left.message,
      )?.[1] === `${example.rate / 2}`
    );
  },
};

export const onlyFiniteStatesAreHandedOn: Law<
  typeof residentTraining,
  { readonly run: RunCase; readonly wrong: number; readonly at: number }
> = {
  statement:
    'an epoch that ends with a weight or a moment that is not finite has diverged, whatever its losses were, and names it',
  cases: fc.record({
    run: runCases,
    wrong: fc.constantFrom(NaN, Infinity, -Infinity),
    at: fc.nat(99),
  }),
  runs: 8,
  holds:
    (make) =>
    async ({ run: { samples }, wrong, at }) => {
      const start = initialTraining(smallWeights);
      const names = Object.keys(residentState(start.adam));
      const wronged = names[at % names.length] ?? '';
      const backend = withResidents(reference, (resident) => ({
        ...resident,
        read: pipe(
          resident.read,
          TE.map(
            R.mapWithIndex((name, values) =>
              name === wronged ? Float64Array.from(values, (x, i) => (i === 0 ? wrong : x)) : values,
            ),
          ),
        ),
      }));
      const { epoch, release } = right(await make(backend, settings)(smallProgram, [samples], start)());
      const ended = await epoch(start)();
      release();
      return (
        E.isLeft(ended) &&
        ended.left.tag === 'Divergence' &&
        ended.left.message.startsWith(`expected finite numbers in ${wronged} after step 3, got others; lower the rate`)
      );
    },
};

export const highLossesAreTrainedOn: Law<typeof residentTraining, { readonly run: RunCase; readonly weight: number }> =
  {
    statement:
      'a training that begins with a large loss, as where the energies hardly show the forces, goes on; what counts is how ' +
      'much a loss grows',
    cases: fc.record({ run: runCases, weight: fc.constantFrom(1, 1e10, 1e20) }),
    runs: 6,
    holds:
      (make) =>
      async ({ run: { samples }, weight }) => {
        const start = initialTraining(smallWeights);
        const weighted = { ...settings, loss: { ...settings.loss, weight } };
        const { epoch, release } = right(await make(reference, weighted)(smallProgram, [samples], start)());
        const first = await epoch(start)();
        const second = E.isRight(first) ? await epoch(first.right)() : first;
        release();
        return E.isRight(second);
      },
  };

/** Trains for as many epochs as the plan says. */
export type Fit = (plan: TrainingPlan, samples: LabelledSamples) => Promise<readonly [first: number, last: number]>;

export const lossFalls: Law<Fit, RunCase> = {
  statement: 'training lowers the mean loss',
  cases: runCases,
  runs: 5,
  holds:
    (fit) =>
    async ({ samples, seed }) => {
      const [first, last] = await fit({ ...shortPlan, seed, epochs: 20 }, samples);
      return last < first;
    },
};

/** A training in other units of energy: labels times a power of two, which rounds nothing. */
export const lossesHaveNoUnit: Law<typeof prepareTraining, { readonly run: RunCase; readonly exponent: number }> = {
  statement:
    'with labels in another unit, by a power of two, a training has the same losses, to the bit, and its network has scale ' +
    'and shift in that unit',
  cases: fc.record({ run: runCases, exponent: fc.constantFrom(-60, -7, -1, 2, 9, 60) }),
  runs: 9,
  holds:
    (prepare) =>
    async ({ run: { samples, seed }, exponent }) => {
      const unit = 2 ** exponent;
      const plan = { ...shortPlan, seed };
      const trained = async (set: LabelledSamples) => {
        const {
          network: ofLabels,
          state,
          resident,
        } = right(await prepare(reference, plan)(smallNetwork, [set], null)());
        const ready = right(await resident());
        const after = right(await ready.epoch(state)());
        ready.release();
        return { ofLabels, after };
      };
      const scaled = (values: Reals): Reals => values.map((x) => unit * x);
      const one = await trained(samples);
      const other = await trained({
        ...samples,
        energies: scaled(samples.energies),
        forces: samples.forces === null ? null : scaled(samples.forces),
      });
      return (
        other.after.loss === one.after.loss &&
        other.ofLabels.energyScale === unit * one.ofLabels.energyScale &&
        other.ofLabels.energyShift === unit * one.ofLabels.energyShift
      );
    },
};

export const rawEnergiesAreTheLabels: Law<
  typeof prepareTraining,
  { readonly run: RunCase; readonly pairHead: boolean }
> = {
  statement:
    'a training on raw energies learns them as they are: its network has the scale 1 and no shift, with a pair head the shift and ' +
    'couplings that this is fitted with, and its loss is the mean squared error',
  cases: fc.record({ run: runCases, pairHead: fc.boolean() }),
  runs: 10,
  holds:
    (prepare) =>
    async ({ run: { samples }, pairHead }) => {
      const described = network('efnn', { tag: 'lattice', channels: 1, layers: 1, kernel: 3, pairHead });
      const plan = { ...shortPlan, batch: samples.count, forceWeight: null, units: 'raw' } as const;
      const prepared = right(await prepare(reference, plan)(described, [samples], null)());
      const predict = right(await compilePrediction(reference, { forces: false })(prepared.program)());
      const { energies } = right(await predict(prepared.state.adam.weights)(samples)());
      const ready = right(await prepared.resident());
      const { loss } = right(await ready.epoch(prepared.state)());
      ready.release();
      const fit = fitPairs(3)([samples]);
      return (
        prepared.network.energyScale === 1 &&
        prepared.network.energyShift === (pairHead ? fit.energyPerSite : 0) &&
        (!pairHead || isDeepStrictEqual(prepared.state.adam.weights['pair.weight'], fit.kernel)) &&
        close(loss, errorMeasures(samples.energies)(energies).rmse ** 2)
      );
    },
};

/** What may differ between the network of a checkpoint and the one that is asked for. */
const differences = ['nothing', 'architecture', 'kernel', 'pair head', 'labels'] as const;

export const othersAreNotContinued: Law<
  typeof prepareTraining,
  { readonly run: RunCase; readonly difference: (typeof differences)[number] }
> = {
  statement:
    'a training goes on from a checkpoint of the same network and labels, and from no other, also where labels of 0 leave ' +
    'nothing to the pair head',
  cases: fc.record({ run: runCases, difference: fc.constantFrom(...differences) }),
  runs: 15,
  holds:
    (prepare) =>
    async ({ run: { samples: drawn }, difference }) => {
      const nothing = drawn.energies.map(() => 0);
      const samples = { ...drawn, energies: difference === 'pair head' ? nothing : drawn.energies };
      const { network: ofLabels, state } = right(
        await prepareTraining(reference, shortPlan)(smallNetwork, [samples], null)(),
      );
      const { shape } = smallNetwork;
      const asked: Readonly<Record<typeof difference, () => TaskEither<BackendError, unknown>>> = {
        nothing: () => goingOn(smallNetwork, samples),
        architecture: () => goingOn({ ...smallNetwork, architecture: 'resnet' }, samples),
        kernel: () =>
          goingOn(
            { ...smallNetwork, shape: { ...shape, tag: 'lattice', kernel: 5, channels: 1, pairHead: true } },
            samples,
          ),
        'pair head': () =>
          goingOn(
            { ...smallNetwork, shape: { ...shape, tag: 'lattice', kernel: 3, channels: 1, pairHead: false } },
            samples,
          ),
        labels: () => goingOn(smallNetwork, { ...samples, energies: samples.energies.map((energy) => 2 * energy) }),
      };
      const goingOn = (description: Network, set: LabelledSamples) =>
        prepare(reference, shortPlan)(description, [set], { network: ofLabels, state, run: '' });
      return E.isRight(await asked[difference]()()) === (difference === 'nothing');
    },
};

/** s x (F x s) at each site of 3 x 3 lattices: what of a force turns a unit vector. */
const turning = (spins: Reals, forces: Reals): Reals => {
  const sites = 9;
  const vectorAt = (values: Reals, place: number): readonly [number, number, number] => {
    const first = Math.floor(place / (3 * sites)) * 3 * sites + (place % sites);
    return [values[first] ?? NaN, values[first + sites] ?? NaN, values[first + 2 * sites] ?? NaN];
  };
  const cross = (
    [ax, ay, az]: readonly [number, number, number],
    [bx, by, bz]: readonly [number, number, number],
  ): readonly [number, number, number] => [ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx];
  return forces.map((_, place) => {
    const s = vectorAt(spins, place);
    return cross(s, cross(vectorAt(forces, place), s))[Math.floor(place / sites) % 3] ?? NaN;
  });
};

/** The same measures, but for roundings. */
const isClose = (one: ErrorMeasures, other: ErrorMeasures): boolean =>
  (['rmse', 'relative', 'rmsePerDeviation', 'meanPredictor', 'count'] as const).every((measure) => {
    const [value, expected] = [one[measure], other[measure]];
    return value === null || expected === null
      ? value === expected
      : Math.abs(value - expected) <= 1e-9 * Math.abs(expected);
  });

const alike = (found: Evaluation, expected: Evaluation): boolean =>
  isClose(found, expected) &&
  (found.forces === undefined || expected.forces === undefined
    ? found.forces === expected.forces
    : isClose(found.forces, expected.forces));

export const evaluationsAreErrors: Law<
  typeof compileEvaluation,
  { readonly run: RunCase; readonly wanted: boolean; readonly labelled: boolean; readonly along: number }
> = {
  statement:
    'an evaluation is the error measures of the predicted energies, and of the forces where they are wanted and there are ' +
    'labels for them, of what turns the spins alone: labels may have any part along them; its JSON holds the same',
  cases: fc.record({ run: runCases, wanted: fc.boolean(), labelled: fc.boolean(), along: interval(-3, 3) }),
  runs: 40,
  holds:
    (compile) =>
    async ({ run: { samples: drawn }, wanted, labelled, along }) => {
      const labels = drawn.forces?.map((force, place) => force + along * (drawn.spins[place] ?? NaN)) ?? null;
      const samples = { ...drawn, forces: labelled ? labels : null };
      const predict = right(await compilePrediction(reference, { forces: true })(smallProgram)());
      const { energies, forces } = right(await predict(smallWeights)(samples)());
      const evaluated = right(await compile(reference, { forces: wanted })(smallProgram)());
      const found = right(await evaluated(smallWeights)(samples)());
      const expected = {
        ...errorMeasures(samples.energies)(energies),
        ...(wanted && samples.forces !== null && forces !== null
          ? { forces: errorMeasures(turning(samples.spins, samples.forces))(turning(samples.spins, forces)) }
          : {}),
      };
      return alike(found, expected) && isDeepStrictEqual(structuredClone(evaluationJson(found)), found);
    },
};

/** Samples on lattices of 3 x 3, as a file of one's own data holds them. */
const asData = ({ spins, energies, forces }: LabelledSamples): LabelledData => ({
  meta: customMeta,
  sampleShape: [3, 3, 3],
  spins,
  energies,
  forces: O.fromNullable(forces),
  couplings: O.none,
});

export const validationsAreOfTheTrainedNetwork: Law<
  typeof validation,
  {
    readonly run: RunCase;
    readonly wanted: boolean;
    readonly isHeldOut: boolean;
    readonly plan: Pick<TrainingPlan, 'units'>;
  }
> = {
  statement:
    'what a validation says of weights is the evaluation of the network that a training writes, its units those of the ' +
    'samples that it is trained on, on what was held out; of nothing held out it says nothing',
  cases: fc.record({
    run: runCases,
    wanted: fc.boolean(),
    isHeldOut: fc.boolean(),
    plan: fc.constantFrom({}, { units: 'raw' as const }),
  }),
  runs: 20,
  holds:
    (compile) =>
    async ({ run: { samples }, wanted, isHeldOut, plan }) => {
      const [trainedOn, left] = [few(samples, 8), after(samples, 8)];
      const heldOut = isHeldOut ? asData(left) : null;
      const order = { network: smallNetwork, samples: [trainedOn] as const, heldOut, plan };
      const validate = right(await compile(reference, { forces: wanted })(order)());
      const prepared = right(
        await prepareTraining(reference, { ...shortPlan, ...plan })(smallNetwork, [trainedOn], null)(),
      );
      const program = right(networkProgram(prepared.network));
      const evaluated = right(await compileEvaluation(reference, { forces: wanted })(program)());
      return isDeepStrictEqual(
        right(await validate(smallWeights)()),
        isHeldOut ? right(await evaluated(smallWeights)(left)()) : null,
      );
    },
};
