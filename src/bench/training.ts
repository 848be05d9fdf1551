/** Training steps as training takes them: shuffle, gather, forward, backward, Adam; peers do the same beside us. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import type { Backend } from '../backend/backend.ts';
import type { Network } from '../network/network.ts';
import { weightTypes } from '../network/weights.ts';
import { multiplyAdds, onLattice } from '../program/counts.ts';
import type { TypedProgram } from '../program/typecheck.ts';
import { adam } from '../training/adam.ts';
import type { LabelledSamples } from '../training/batch.ts';
import { lossProgram } from '../training/loss.ts';
import { initialTraining, residentTraining, type Epoch, type TrainingState } from '../training/train.ts';
import { agreement } from './agreement.ts';
import { besidePeers, peersOf, type Admitted, type Contest } from './contest.ts';
import type { Entry, EntryPeer, Experiment } from './experiment.ts';
import type { BenchGpu, Laboratory } from './laboratory.ts';
import { benchError, ofEach, type BenchError } from './timing.ts';
import type { PeerArrays } from './peer.ts';
import { arithmeticEntries, correlationOperations, rateEntry } from './roofline.ts';
import { arithmeticRow } from './row.ts';
import {
  denseEfnn,
  idleSubject,
  latticeEfnn,
  randomSamples,
  repeated,
  spinShape,
  subjectOf,
  weightArrays,
  type Subject,
} from './subject.ts';

/** A training step that is measured. */
export interface TrainingStep {
  readonly name: string;
  readonly network: Network;
  /** N of the lattice. */
  readonly size: number;
  readonly batch: number;
  /**
   * In an epoch, which is timed as one: fewer where they are long, since an epoch costs little beside its steps then, and so that
   * there are rounds enough. Wide dense networks have so many weights that to bring them, and to fetch them, is noticed in few steps.
   */
  readonly steps: number;
  readonly forceWeight: number | null;
}

const lattice = (channels: number, steps: number): TrainingStep => ({
  name: `training-C${channels}`,
  network: latticeEfnn(channels),
  size: 10,
  batch: 1000,
  steps,
  forceWeight: null,
});

/** The steps that are measured. */
export const trainingSteps: readonly TrainingStep[] = [
  lattice(1, 8),
  lattice(3, 4),
  lattice(9, 1),
  { ...lattice(3, 8), name: 'training-forces-C3', batch: 50, forceWeight: 1 },
  { name: 'dense-W150', network: denseEfnn(150), size: 1, batch: 1000, steps: 8, forceWeight: null },
];

/** The row that tells how much of the peak a step reaches. */
const rateOf = ({ name }: TrainingStep): string => `${name}-rate`;

const rate = 1e-3;

/** Losses of float32 sums over a batch, and gradients of them, agree to this; other work differs by its own size. */
const tolerance = 1e-3;

/** An epoch of all samples, a step for each batch of them. It stays resident until the benchmark's process ends. */
const epochOn = (
  backend: Backend,
  { batch, forceWeight }: TrainingStep,
  { program, weights }: Subject,
  samples: LabelledSamples,
): TaskEither<BenchError, Epoch> =>
  pipe(
    residentTraining(backend, {
      epochs: 1,
      batch,
      schedule: { tag: 'decay', rate, factor: 1, every: 1 },
      adam,
      loss: { weight: 1, forceWeight },
      seed: 1,
      frozen: [],
    })(program, [samples], initialTraining(weights)),
    TE.bimap(benchError, ({ epoch }) => epoch),
  );

const epochOf = (
  lab: Laboratory,
  step: TrainingStep,
  subject: Subject,
  samples: LabelledSamples,
  threads: number,
): TaskEither<BenchError, Epoch> =>
  pipe(
    lab.backend(threads),
    TE.chain((backend) => epochOn(backend, step, subject, samples)),
  );

/** The losses of three steps of one batch, and the gradient of the first: Adam's first moment starts as (1 - beta1) times it. */
const numbersOf = (epoch: Epoch, start: TrainingState, subject: Subject): TaskEither<BenchError, PeerArrays> =>
  pipe(
    TE.Do,
    TE.bind('first', () => epoch(start)),
    TE.bind('second', ({ first }) => epoch(first)),
    TE.bind('third', ({ second }) => epoch(second)),
    TE.bimap(benchError, ({ first, second, third }) => ({
      losses: { shape: [3], values: Float64Array.of(first.loss, second.loss, third.loss) },
      ...Object.fromEntries(
        Object.entries(weightArrays(subject)).map(([name, { shape }]) => [
          name,
          { shape, values: (first.adam.firstMoment[name] ?? new Float64Array(0)).map((m) => m / (1 - adam.beta1)) },
        ]),
      ),
    })),
  );

/** The program of a step: losses, and their gradients in all weights. */
const lossOf = ({ forceWeight }: TrainingStep, { program }: Subject): TaskEither<BenchError, TypedProgram> =>
  pipe(
    program,
    lossProgram({ weight: 1, forceWeight }, Object.keys(weightTypes(program))),
    E.mapLeft(benchError),
    TE.fromEither,
  );

/** Products and sums of one step by its definition, all samples together. */
const operationsOf = ({ size, batch }: TrainingStep, loss: TypedProgram): number =>
  2 * batch * onLattice(size)(multiplyAdds(loss));

/** Those that the backend does: on lattices it may need fewer. */
const arithmeticOf = (lab: Laboratory, step: TrainingStep, loss: TypedProgram): number =>
  step.network.shape.tag === 'lattice'
    ? correlationOperations(lab, loss, step.size, step.batch)
    : operationsOf(step, loss);

const inputsOf = (step: TrainingStep, samples: LabelledSamples): PeerArrays => {
  const shape = spinShape(step.network, samples);
  return {
    spins: { shape, values: samples.spins },
    energies: { shape: [samples.count], values: samples.energies },
    ...(samples.forces === null ? {} : { forces: { shape, values: samples.forces } }),
  };
};

/** PyTorch of now and of Debian, and JAX. */
const peerKinds: Contest['kinds'] = [
  { script: 'torch', copy: 'installed' },
  { script: 'torch', copy: 'of the system' },
  { script: 'jax', copy: 'installed' },
];

/** The row of a step, by the time of an epoch. */
const timedEntry =
  (lab: Laboratory, name: string, threads: number, { weights }: Subject, { steps }: TrainingStep) =>
  (epoch: Epoch): Omit<Entry, 'peer'> => ({
    name,
    threads,
    quantity: { tag: 'time' },
    ours: pipe(lab.timingOf(pipe(epoch(initialTraining(weights)), TE.mapLeft(benchError))), ofEach(steps)),
  });

/** A peer that takes an epoch too, by the time of a step. */
const stepOfPeer =
  ({ steps }: TrainingStep) =>
  ({ threads, peer }: Admitted): Admitted => ({ threads, peer: { ...peer, timing: ofEach(steps)(peer.timing) } });

/** A step with each number of threads, beside all peers. */
const stepEntries = (
  lab: Laboratory,
  step: TrainingStep,
  subject: Subject,
  samples: LabelledSamples,
): TaskEither<BenchError, readonly Entry[]> =>
  pipe(
    lab.threadCounts,
    TE.traverseSeqArray((threads) =>
      pipe(
        epochOf(lab, step, subject, repeated(step.steps)(samples), threads),
        TE.map(timedEntry(lab, step.name, threads, subject, step)),
      ),
    ),
    TE.bindTo('times'),
    TE.bind('peers', () =>
      peersOf(lab, {
        name: step.name,
        kinds: peerKinds,
        threadCounts: lab.threadCounts,
        work: {
          task: 'training',
          lattice: step.network.shape.tag === 'lattice',
          layers: step.network.shape.layers,
          steps: step.steps,
          rate,
          forceWeight: step.forceWeight,
        },
        arrays: { ...inputsOf(step, samples), ...weightArrays(subject) },
        numbers: stepNumbers(lab, step),
        tolerance,
      }),
    ),
    TE.map(({ times, peers }) => times.flatMap((ours) => besidePeers(ours, peers.map(stepOfPeer(step))))),
  );

/** The samples of a step: with forces where it is trained on them. */
const samplesOf = ({ network, size, batch, forceWeight }: TrainingStep): LabelledSamples => {
  const drawn = randomSamples(network, size, batch);
  return forceWeight === null ? { ...drawn, forces: null } : drawn;
};

/** Our numbers of three steps, which those of peers are compared with. */
export const stepNumbers = (lab: Laboratory, step: TrainingStep): TaskEither<BenchError, PeerArrays> =>
  pipe(
    subjectOf(step.network),
    TE.bindTo('subject'),
    TE.bind('epoch', ({ subject }) => epochOf(lab, step, subject, samplesOf(step), 1)),
    TE.chain(({ subject, epoch }) => numbersOf(epoch, initialTraining(subject.weights), subject)),
  );

/** An epoch of one thread, to be run again and again. */
export const epochRun = (
  lab: Laboratory,
  step: TrainingStep,
): TaskEither<BenchError, TaskEither<BenchError, unknown>> =>
  pipe(
    subjectOf(step.network),
    TE.bindTo('subject'),
    TE.bind('epoch', ({ subject }) => epochOf(lab, step, subject, repeated(step.steps)(samplesOf(step)), 1)),
    TE.map(({ subject, epoch }) => pipe(epoch(initialTraining(subject.weights)), TE.mapLeft(benchError))),
  );

/** The program of a step by its network. */
export const stepLoss = (step: TrainingStep): TaskEither<BenchError, TypedProgram> =>
  pipe(
    subjectOf(step.network),
    TE.chain((subject) => lossOf(step, subject)),
  );

/** The row of a step on the same samples by a network that does nothing: what a step costs beside computing. */
const idleOf = ({ name }: TrainingStep): string => `${name}-idle`;

const idleEntries = (
  lab: Laboratory,
  step: TrainingStep,
  samples: LabelledSamples,
): TaskEither<BenchError, readonly Entry[]> =>
  pipe(
    idleSubject(step.network),
    TE.chain((subject) =>
      TE.traverseSeqArray((threads: number) =>
        pipe(
          epochOf(lab, step, subject, repeated(step.steps)(samples), threads),
          TE.map(timedEntry(lab, idleOf(step), threads, subject, step)),
          TE.map((entry) => ({ ...entry, peer: null })),
        ),
      )(lab.threadCounts),
    ),
  );

/** The row of a step on a GPU, where there is one, beside the backend that is measured, on all of its threads. */
const gpuOf = ({ name }: TrainingStep): string => `${name}-webgpu`;

/** The other backend as the peer of the GPU, on which it computes the same numbers first. */
const besideGpu = (
  lab: Laboratory,
  step: TrainingStep,
  subject: Subject,
  samples: LabelledSamples,
  gpu: BenchGpu,
): TaskEither<BenchError, EntryPeer> => {
  const start = initialTraining(subject.weights);
  const threads = Math.max(...lab.threadCounts);
  const [name, setting] = [`${lab.options.backend} on the processor`, `${threads} threads, beside ${gpu.adapter}`];
  const numbersBy = (one: TaskEither<BenchError, Epoch>): TaskEither<BenchError, PeerArrays> =>
    pipe(
      one,
      TE.chain((epoch) => numbersOf(epoch, start, subject)),
    );
  return pipe(
    epochOf(lab, step, subject, repeated(step.steps)(samples), threads),
    TE.map((epoch) => timedEntry(lab, step.name, threads, subject, step)(epoch).ours),
    TE.bindTo('timing'),
    TE.bind('arrays', () => numbersBy(epochOf(lab, step, subject, samples, threads))),
    TE.bind('numbers', () => numbersBy(epochOn(gpu, step, subject, samples))),
    TE.bind('deviation', ({ numbers, arrays }) =>
      TE.fromEither(agreement(gpuOf(step), tolerance)(numbers, { peer: name, setting, arrays })),
    ),
    TE.map(({ timing, deviation }) => ({ name, setting, timing, deviation })),
  );
};

const gpuEntries = (
  lab: Laboratory,
  step: TrainingStep,
  subject: Subject,
  samples: LabelledSamples,
): TaskEither<BenchError, readonly Entry[]> =>
  pipe(
    lab.gpu,
    TE.chain((gpu) =>
      gpu === null
        ? TE.right([])
        : pipe(
            epochOn(gpu, step, subject, repeated(step.steps)(samples)),
            TE.bindTo('epoch'),
            TE.bind('peer', () => (lab.options.peers ? besideGpu(lab, step, subject, samples, gpu) : TE.right(null))),
            TE.map(({ epoch, peer }) => [{ ...timedEntry(lab, gpuOf(step), 1, subject, step)(epoch), peer }]),
          ),
    ),
  );

/** A network that does nothing has no forces, and is no chain. */
const hasIdle = ({ network, forceWeight }: TrainingStep): boolean =>
  network.shape.tag === 'lattice' && forceWeight === null;

/** A kind of step: its time, its rate, what it costs beside computing, and its time on a GPU where there is one. */
export const trainingExperiment = (step: TrainingStep): Experiment => ({
  rows: [step.name, rateOf(step), arithmeticRow(step.name), ...(hasIdle(step) ? [idleOf(step)] : []), gpuOf(step)],
  entries: (lab, wanted) =>
    pipe(
      subjectOf(step.network),
      TE.chain((subject) => {
        const samples = samplesOf(step);
        return pipe(
          stepEntries(lab, step, subject, samples),
          TE.bindTo('times'),
          TE.bind('loss', () => lossOf(step, subject)),
          TE.bind('rates', ({ times, loss }) =>
            TE.traverseSeqArray(rateEntry(lab, rateOf(step), operationsOf(step, loss)))(
              times.filter(({ threads }) => threads === 1).slice(0, 1),
            ),
          ),
          TE.bind('arithmetic', ({ times, loss }) =>
            lab.options.backend === 'wasm'
              ? arithmeticEntries(lab, arithmeticOf(lab, step, loss), times)
              : TE.right([]),
          ),
          TE.bind('idle', () => (hasIdle(step) ? idleEntries(lab, step, samples) : TE.right([]))),
          TE.bind('onGpu', () => (wanted(gpuOf(step)) ? gpuEntries(lab, step, subject, samples) : TE.right([]))),
          TE.map(({ times, rates, arithmetic, idle, onGpu }) => [...times, ...rates, ...arithmetic, ...idle, ...onGpu]),
        );
      }),
    ),
});

/** One experiment a kind of step. */
export const trainingExperiments: readonly Experiment[] = trainingSteps.map(trainingExperiment);
