/** The jobs of a reproduction: exact reductions, fits, trainings. */
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';

import { asRunError, runError, type CommandError } from '../../src/command/command-error.ts';
import { messageLine } from '../../src/command/message-line.ts';
import { divergenceText } from '../../src/command/training-log.ts';
import { dataError, type DataError } from '../../src/file/data-error.ts';
import { quoted } from '../../src/file/quoted.ts';
import { writeModel } from '../../src/network/model-file.ts';
import { effectiveModelResult } from '../../src/study/effective-model.ts';
import { exactReduction } from '../../src/study/exact-reduction.ts';
import { jobText, titleOf, type DenseJob, type LatticeJob, type PooledJob } from '../../src/study/job.ts';
import { networkResult, type StudySamples } from '../../src/study/network-job.ts';
import { pairHeadResult } from '../../src/study/pair-head-job.ts';
import { resummation } from '../../src/study/resummation.ts';
import type { Result } from '../../src/study/result.ts';
import { readCheckpoint, writeCheckpoint, type Checkpoint } from '../../src/training/checkpoint.ts';
import type { Divergence } from '../../src/training/divergence.ts';
import { runTraining } from '../../src/training/training-run.ts';
import type { LeftFile } from '../artifact.ts';
import { startBackend, type ChosenBackend } from '../backends.ts';
import { turnUnlessStopped } from '../interruption.ts';
import { sha256 } from '../sha256.ts';
import type { JobKind, Report } from './pool.ts';

export interface StudyOrder {
  readonly job: PooledJob;
  /** What the job is trained and tested on; null for jobs without labels. */
  readonly samples: StudySamples | null;
  readonly backend: ChosenBackend;
  /** A checkpoint to go on from. */
  readonly checkpoint: LeftFile | null;
}

/** What a thread says after each epoch. */
export interface StudyProgress {
  /** How many epochs are done: fewer than before where a training has begun again. */
  readonly epoch: number;
  /** The bytes of the checkpoint that the epoch ended with. */
  readonly checkpoint: Uint8Array;
}

export interface StudyDone {
  readonly result: Result;
  /** The trained model's file, where a network was trained. */
  readonly model: Uint8Array | null;
  /** How long this call worked at it. */
  readonly seconds: number;
}

type Found = Omit<StudyDone, 'seconds'>;

const reporting =
  (report: Report<StudyProgress>) =>
  (checkpoint: Checkpoint): TaskEither<CommandError, void> =>
    pipe(
      TE.fromEither(writeCheckpoint(sha256)(checkpoint)),
      TE.mapLeft(asRunError),
      TE.chainTaskK((bytes) => () => {
        report({ epoch: checkpoint.state.epoch, checkpoint: bytes });
        return turnUnlessStopped();
      }),
    );

const told =
  (job: DenseJob | LatticeJob) =>
  (diverged: Divergence): TaskEither<never, void> =>
    TE.fromIO(() => {
      process.stderr.write(`efnn: ${titleOf(job)}, seed ${job.plan.seed}: ${divergenceText(diverged)}\n`);
    });

/** A network that diverges at half the rate too is a result as others: the reproduction goes on, and its report names the network. */
const reportedAsDiverged =
  (job: DenseJob | LatticeJob) =>
  ({ message }: Divergence): TaskEither<never, Found> =>
    TE.fromIO(() => {
      process.stderr.write(
        `efnn: ${titleOf(job)}, seed ${job.plan.seed}: ${message}: it is reported as diverged, without an error\n`,
      );
      return { result: { tag: 'diverged', message }, model: null };
    });

const trained = (
  { backend: chosen, checkpoint: left }: StudyOrder,
  job: DenseJob | LatticeJob,
  samples: StudySamples,
  report: Report<StudyProgress>,
): TaskEither<CommandError, Found> =>
  pipe(
    startBackend(chosen),
    TE.chainW((backend) =>
      pipe(
        runTraining(backend, {
          network: job.network,
          plan: job.plan,
          samples: [samples.train],
          checkpoint: left === null ? null : checkpointIn(jobText(job), left),
          run: jobText(job),
        })(reporting(report), told(job)),
        TE.bindTo('model'),
        TE.bindW('result', ({ model: { program, state } }) =>
          pipe(networkResult(backend)(job, program, state, samples), TE.mapLeft(asRunError)),
        ),
        TE.chainEitherKW(({ model: { network, state }, result }) =>
          pipe(
            writeModel('float64')({ network, weights: state.adam.weights }),
            E.bimap(asRunError, (model) => ({ result, model })),
          ),
        ),
        TE.orElse((error) =>
          error.tag === 'Divergence' ? reportedAsDiverged(job)(error) : TE.left(asRunError(error)),
        ),
      ),
    ),
  );

/** The checkpoint, or null, which starts the training again, where it is damaged or of another run; then a line names it. */
const checkpointIn = (run: string, { path, content }: LeftFile): Checkpoint | null =>
  pipe(
    readCheckpoint(sha256)(content),
    E.filterOrElse(
      (checkpoint) => checkpoint.run === run,
      () => dataError('expected the checkpoint of this very job, got that of another'),
    ),
    E.getOrElse<DataError, Checkpoint | null>(({ message }) => {
      process.stderr.write(`efnn: ${quoted(path)} is left aside, the training starts again: ${messageLine(message)}\n`);
      return null;
    }),
  );

const expectLabels = E.fromNullable<CommandError>(
  runError('expected the labels of this job, got none: this is a bug, report it'),
);

const found = (order: StudyOrder, report: Report<StudyProgress>): TaskEither<CommandError, Found> => {
  const { job } = order;
  switch (job.tag) {
    case 'exact-reduction':
      return pipe(
        TE.fromEither(exactReduction(job)),
        TE.bimap(asRunError, (result) => ({ result, model: null })),
      );
    case 'resummation':
      return TE.right({ result: resummation(job), model: null });
    case 'pair-head':
      return pipe(
        TE.fromEither(expectLabels(order.samples)),
        TE.map((samples) => ({ result: pairHeadResult(job, samples), model: null })),
      );
    case 'effective-model':
      return pipe(
        TE.fromEither(expectLabels(order.samples)),
        TE.chainEitherKW((samples) => pipe(effectiveModelResult(job, samples), E.mapLeft(asRunError))),
        TE.map((result) => ({ result, model: null })),
      );
    case 'dense':
    case 'lattice':
      return pipe(
        TE.fromEither(expectLabels(order.samples)),
        TE.chain((samples) => trained(order, job, samples, report)),
      );
  }
};

/** Does a job of a reproduction. */
export const study: JobKind<StudyOrder, StudyProgress, StudyDone> = {
  work: (order, report) => async () => {
    const start = performance.now();
    const done = await found(order, report)();
    return E.isLeft(done) ? done : E.right({ ...done.right, seconds: (performance.now() - start) / 1000 });
  },
  entry: new URL('study.worker.mjs', import.meta.url),
};
