/** Energies by EFNN: one large lattice, many small ones; peers do the same beside us. */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import type { Reals } from '../number/reals.ts';
import { multiplyAdds, onLattice } from '../program/counts.ts';
import type { LabelledSamples } from '../training/batch.ts';
import { compilePrediction } from '../training/prediction.ts';
import { besidePeers, peersOf, type Contest } from './contest.ts';
import type { Entry, Experiment } from './experiment.ts';
import type { Laboratory } from './laboratory.ts';
import { benchError, type BenchError } from './timing.ts';
import { arithmeticEntries, correlationOperations, rateEntry } from './roofline.ts';
import { arithmeticRow } from './row.ts';
import { latticeEfnn, randomSamples, spinShape, subjectOf, weightArrays, type Subject } from './subject.ts';

interface Pass {
  readonly name: string;
  /** N of the lattices. */
  readonly size: number;
  readonly batch: number;
}

const passes: readonly Pass[] = [
  { name: 'forward-40x40', size: 40, batch: 1 },
  { name: 'forward-10x10-batch-1000', size: 10, batch: 1000 },
];

const network = latticeEfnn(3);

/** Energies are float32 sums over the sites; other work differs by its own size. */
const tolerance = 1e-4;

const energiesOf = (
  lab: Laboratory,
  { program, weights }: Subject,
  samples: LabelledSamples,
  threads: number,
): TaskEither<BenchError, TaskEither<BenchError, Reals>> =>
  pipe(
    lab.backend(threads),
    TE.chainW((backend) => compilePrediction(backend, { forces: false })(program)),
    TE.map((predict) =>
      pipe(
        predict(weights)(samples),
        TE.bimap(benchError, ({ energies }) => energies),
      ),
    ),
    TE.mapLeft(benchError),
  );

/** PyTorch of now and of Debian, JAX, ONNX Runtime. */
const peerKinds: Contest['kinds'] = [
  { script: 'torch', copy: 'installed' },
  { script: 'torch', copy: 'of the system' },
  { script: 'jax', copy: 'installed' },
  { script: 'onnx', copy: 'either' },
];

const entriesOf = (
  lab: Laboratory,
  { name, size, batch }: Pass,
  threadCounts: readonly number[],
  kinds: Contest['kinds'],
): TaskEither<BenchError, readonly Entry[]> => {
  const samples = randomSamples(network, size, batch);
  const energiesWith = (subject: Subject) => (threads: number) =>
    pipe(
      energiesOf(lab, subject, samples, threads),
      TE.map((energies) => ({ threads, energies })),
    );
  return pipe(
    subjectOf(network),
    TE.bindTo('subject'),
    TE.bind('passes', ({ subject }) => TE.traverseSeqArray(energiesWith(subject))(threadCounts)),
    TE.bind('peers', ({ subject, passes: [first] }) =>
      first === undefined
        ? TE.right([])
        : peersOf(lab, {
            name,
            kinds,
            threadCounts,
            work: { task: 'forward', lattice: true, layers: network.shape.layers },
            arrays: { spins: { shape: spinShape(network, samples), values: samples.spins }, ...weightArrays(subject) },
            numbers: pipe(
              first.energies,
              TE.map((values) => ({ energies: { shape: [samples.count], values } })),
            ),
            tolerance,
          }),
    ),
    TE.map(({ passes: ours, peers }) =>
      ours.flatMap(({ threads, energies }) =>
        besidePeers({ name, threads, quantity: { tag: 'time' }, ours: lab.timingOf(energies) }, peers),
      ),
    ),
  );
};

/** The entry of one forward pass of one thread, beside PyTorch alone. */
export const forwardEntries = (lab: Laboratory, pass: Pass): TaskEither<BenchError, readonly Entry[]> =>
  entriesOf(lab, pass, [1], [{ script: 'torch', copy: 'either' }]);

/** The row that tells how much of the peak a pass reaches. */
const rateOf = ({ name }: Pass): string => `${name}-rate`;

const forwardRate = (
  lab: Laboratory,
  pass: Pass,
  { program }: Subject,
  times: readonly Entry[],
): TaskEither<BenchError, readonly Entry[]> =>
  pipe(
    times.filter(({ threads }) => threads === 1).slice(0, 1),
    TE.traverseSeqArray(rateEntry(lab, rateOf(pass), 2 * pass.batch * onLattice(pass.size)(multiplyAdds(program)))),
  );

/** Energies of one large lattice, and of many small ones. */
export const forwardExperiments: readonly Experiment[] = passes.map((pass) => ({
  rows: [pass.name, rateOf(pass), arithmeticRow(pass.name)],
  entries: (lab) =>
    pipe(
      entriesOf(lab, pass, lab.threadCounts, peerKinds),
      TE.bindTo('times'),
      TE.bind('subject', () => subjectOf(network)),
      TE.bind('rate', ({ times, subject }) => forwardRate(lab, pass, subject, times)),
      TE.bind('arithmetic', ({ times, subject }) =>
        lab.options.backend === 'wasm'
          ? arithmeticEntries(lab, correlationOperations(lab, subject.program, pass.size, pass.batch), times)
          : TE.right([]),
      ),
      TE.map(({ times, rate, arithmetic }) => [...times, ...rate, ...arithmetic]),
    ),
}));
