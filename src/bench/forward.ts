/** Energies by EFNN: one large lattice, many small ones; PyTorch does the same beside us. */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import type { Reals } from '../number/reals.ts';
import { multiplyAdds, onLattice } from '../program/counts.ts';
import type { LabelledSamples } from '../training/batch.ts';
import { compilePrediction } from '../training/prediction.ts';
import { agreement } from './agreement.ts';
import type { Entry, EntryPeer, Experiment } from './experiment.ts';
import { askPeer, probes, type Laboratory } from './laboratory.ts';
import { benchError, type BenchError } from './timing.ts';
import { rateEntry } from './roofline.ts';
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

const peerOf = (
  lab: Laboratory,
  script: 'torch' | 'onnx',
  name: string,
  subject: Subject,
  samples: LabelledSamples,
  threads: number,
  ours: TaskEither<BenchError, Reals>,
): TaskEither<BenchError, EntryPeer | null> =>
  askPeer(lab, { script, threads })((peer) =>
    pipe(
      TE.Do,
      TE.bind('prepared', () =>
        peer.prepare(
          { task: 'forward', lattice: true, layers: network.shape.layers, threads, probes: probes(lab) },
          { spins: { shape: spinShape(network, samples), values: samples.spins }, ...weightArrays(subject) },
        ),
      ),
      TE.bind('values', () => ours),
      TE.bind('deviation', ({ prepared, values }) =>
        TE.fromEither(agreement(name, tolerance)({ energies: { shape: [samples.count], values } }, prepared)),
      ),
      TE.map(({ prepared: { peer: version, setting, timing }, deviation }) => ({
        name: version,
        setting,
        timing,
        deviation,
      })),
    ),
  );

/** The entries of one forward pass: beside PyTorch, and beside ONNX Runtime where that is. */
const forwardEntries =
  (lab: Laboratory, pass: Pass) =>
  (threads: number): TaskEither<BenchError, readonly Entry[]> => {
    const { name, size, batch } = pass;
    const samples = randomSamples(network, size, batch);
    return pipe(
      subjectOf(network),
      TE.bindTo('subject'),
      TE.bind('energies', ({ subject }) => energiesOf(lab, subject, samples, threads)),
      TE.bind('torch', ({ subject, energies }) => peerOf(lab, 'torch', name, subject, samples, threads, energies)),
      TE.bind('onnx', ({ subject, energies }) => peerOf(lab, 'onnx', name, subject, samples, threads, energies)),
      TE.map(({ energies, torch, onnx }) => {
        const entry = { name, threads, quantity: { tag: 'time' }, ours: lab.timingOf(energies) } as const;
        return [{ ...entry, peer: torch }, ...(onnx === null ? [] : [{ ...entry, peer: onnx }])];
      }),
    );
  };

/** The entry of one forward pass beside PyTorch alone. */
export const forwardEntry =
  (lab: Laboratory, { name, size, batch }: Pass) =>
  (threads: number): TaskEither<BenchError, Entry> => {
    const samples = randomSamples(network, size, batch);
    return pipe(
      subjectOf(network),
      TE.bindTo('subject'),
      TE.bind('energies', ({ subject }) => energiesOf(lab, subject, samples, threads)),
      TE.bind('peer', ({ subject, energies }) => peerOf(lab, 'torch', name, subject, samples, threads, energies)),
      TE.map(({ energies, peer }) => ({
        name,
        threads,
        quantity: { tag: 'time' },
        ours: lab.timingOf(energies),
        peer,
      })),
    );
  };

/** The row that tells how much of the peak a pass reaches. */
const rateOf = ({ name }: Pass): string => `${name}-rate`;

const forwardRate = (lab: Laboratory, pass: Pass, times: readonly Entry[]): TaskEither<BenchError, readonly Entry[]> =>
  pipe(
    subjectOf(network),
    TE.map(({ program }) => 2 * pass.batch * onLattice(pass.size)(multiplyAdds(program))),
    TE.chain((operations) =>
      TE.traverseSeqArray(rateEntry(lab, rateOf(pass), operations))(
        times.filter(({ threads }) => threads === 1).slice(0, 1),
      ),
    ),
  );

/** Energies of one large lattice, and of many small ones. */
export const forwardExperiments: readonly Experiment[] = passes.map((pass) => ({
  rows: [pass.name, rateOf(pass)],
  entries: (lab) =>
    pipe(
      lab.threadCounts,
      TE.traverseSeqArray(forwardEntries(lab, pass)),
      TE.map((entries) => entries.flat()),
      TE.bindTo('times'),
      TE.bind('rate', ({ times }) => forwardRate(lab, pass, times)),
      TE.map(({ times, rate }) => [...times, ...rate]),
    ),
}));
