/** `efnn train`: a network from a data set, as .safetensors. */
import { rm } from 'node:fs/promises';

import { Command } from 'commander';
import { sequenceS } from 'fp-ts/lib/Apply.js';
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as T from 'fp-ts/lib/Task.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import type { BackendError } from '../../src/backend/backend.ts';
import {
  runError,
  usageError,
  usageErrorIn,
  type CommandError,
  type UsageError,
} from '../../src/command/command-error.ts';
import { denseShape, latticeShape, networkOf } from '../../src/command/network-options.ts';
import { onLattice, planOf, type TrainingTexts } from '../../src/command/training-plan.ts';
import type { LabelledData } from '../../src/dataset/data-set.ts';
import { labelledSamples } from '../../src/training/batch.ts';
import { readCheckpoint, writeCheckpoint, type Checkpoint } from '../../src/training/checkpoint.ts';
import { goesOn, sameRun } from '../../src/training/run-identity.ts';
import { readTrainedModel, writeTrainedModel, type TrainedModel } from '../../src/training/trained-model.ts';
import {
  runTraining,
  type AfterEpoch,
  type TrainedNetwork,
  type TrainingOrder,
} from '../../src/training/training-run.ts';
import { quoted } from '../../src/file/quoted.ts';
import { backendOption, startBackend, type ChosenBackend } from '../backends.ts';
import { nextTurn } from '../event-loop.ts';
import { settle } from '../exit.ts';
import { startProgress } from '../progress.ts';
import { promising } from '../interruption.ts';
import { withLock } from '../lock.ts';
import { labelledDataIn, exists, readFile } from '../read-file.ts';
import { outputLine } from '../../src/command/output-line.ts';
import { sha256 } from '../sha256.ts';
import { expectWritable, writeFile } from '../write-file.ts';
import { withTrainingOptions } from './training-options.ts';

interface Texts extends TrainingTexts {
  readonly data: string;
  readonly out: string;
  readonly backend?: string;
  readonly threads?: string;
  readonly resume?: true;
  readonly overwrite?: true;
  readonly json?: true;
}

export const trainCommand = (): Command =>
  backendOption
    .added(
      withTrainingOptions(
        new Command('train')
          .description('a network from a data set, as .safetensors')
          .requiredOption('--data <file.npz>', 'labelled samples, as efnn generate writes them')
          .requiredOption(
            '--out <file.safetensors>',
            'the model to write; beside it lies a checkpoint until it is done',
          ),
      ),
    )
    .option('--resume', 'go on from the checkpoint of a run that was stopped, with the same options or more --epochs')
    .option('--overwrite', 'replace a model that is there, or the checkpoint of another run')
    .option('--json', 'print what was trained as one JSON value on stdout')
    .action((texts: Texts) => settle(training(texts)));

const training = (texts: Texts): TaskEither<CommandError, void> =>
  pipe(
    TE.fromEither(backendOption.read(texts)),
    TE.bindTo('chosen'),
    TE.bind('data', () => dataIn(texts.data)),
    TE.chainFirst(() => expectWritable(texts.out)),
    TE.chainW(({ chosen, data }) =>
      withLock(texts.out)(
        pipe(
          TE.fromEither(orderOf(texts, data)),
          TE.bindTo('order'),
          TE.bindW('complete', ({ order }) => completed(texts, order.run)),
          TE.chain(({ order, complete }) => (complete === null ? made(texts, chosen, order) : TE.right(complete))),
        ),
      ),
    ),
    TE.chainEitherKW((outcome) => summary(texts, outcome)),
    TE.map((text) => {
      process.stdout.write(text);
    }),
  );

const toGoOn = 'the run goes on from its last checkpoint when the same command is given with --resume';

interface DataFile {
  readonly data: LabelledData;
  readonly sha256: string;
}

const dataIn = (path: string): TaskEither<UsageError, DataFile> =>
  pipe(
    readFile(path),
    TE.chainEitherKW((bytes) =>
      pipe(
        labelledDataIn(bytes),
        E.map((data) => ({ data, sha256: sha256(bytes) })),
      ),
    ),
    TE.mapLeft(usageErrorIn('--data')),
  );

/** A training, before it is known where it begins. */
type Order = Omit<TrainingOrder, 'checkpoint'>;

const orderOf = (texts: Texts, { data, sha256: dataSha256 }: DataFile): E.Either<UsageError, Order> =>
  pipe(
    sequenceS(E.Apply)({
      network: networkOf(texts, onLattice(data) ? latticeShape(texts) : denseShape(texts, data.sampleShape[0] ?? 0)),
      plan: planOf(texts, data),
    }),
    E.map(({ network, plan }) => ({
      network,
      plan,
      samples: labelledSamples(data),
      run: JSON.stringify({ network, plan, data: data.meta, dataSha256 }),
    })),
  );

/** What a training came to. */
interface Outcome extends TrainedModel {
  /** Whether an earlier call had written it. */
  readonly wasThere: boolean;
}

/**
 * The model of this very run, if it stands there whole, where a run is to go on; null where there is none. The checkpoint goes
 * after the model is written: without one, a run that was killed in between has nothing left to do.
 */
const completed = ({ out, resume }: Texts, run: string): TaskEither<never, Outcome | null> =>
  pipe(
    TE.fromTask(async () => resume === true && (await exists(out)) && !(await exists(checkpointPath(out)))),
    TE.chainTaskK((maybe) =>
      maybe
        ? pipe(
            readFile(out),
            TE.chainEitherKW(readTrainedModel(sha256)),
            TE.match(
              () => null,
              (model) => (sameRun(model.run, run) ? { ...model, wasThere: true } : null),
            ),
          )
        : T.of(null),
    ),
  );

/** Trains from the beginning or from the checkpoint, and writes the model. */
const made = (texts: Texts, chosen: ChosenBackend, order: Order): TaskEither<CommandError, Outcome> =>
  pipe(
    startOf(texts, order.run),
    TE.bindTo('checkpoint'),
    TE.bindW('backend', () => startBackend(chosen)),
    TE.chainW(({ backend, checkpoint }) => {
      const whole = { ...order, checkpoint };
      return promising(toGoOn)(observed(texts.out, whole, runTraining(backend, whole)));
    }),
    TE.map(({ network, state: { adam, epoch, loss } }) => ({
      ...{ network, weights: adam.weights, run: order.run },
      ...{ epoch, loss, wasThere: false },
    })),
    TE.chainFirst((outcome) => written(texts.out, outcome)),
  );

/** Where a run that writes this model keeps its state until it is done. */
const checkpointPath = (out: string): string => `${out}.checkpoint`;

/** The checkpoint to go on from, or null for a run from the beginning; what would be lost by either is refused. */
const startOf = ({ out, resume, overwrite }: Texts, run: string): TaskEither<UsageError, Checkpoint | null> =>
  pipe(
    TE.fromTask(async () => ({ finished: await exists(out), stopped: await exists(checkpointPath(out)) })),
    TE.chain(({ finished, stopped }) => {
      if (resume === true && stopped) {
        return checkpointOf(out, run);
      }
      if (overwrite === true) {
        return TE.right(null);
      }
      if (stopped) {
        return TE.left(
          usageError(
            `--out: expected no run that was stopped, got its checkpoint ${quoted(checkpointPath(out))}: ` +
              'add --resume to go on from it, or --overwrite to lose it',
          ),
        );
      }
      if (finished) {
        return TE.left(
          usageError(`--out: expected a name that is free, got ${quoted(out)}: choose another, or add --overwrite`),
        );
      }
      if (resume === true) {
        process.stderr.write('efnn: there is no checkpoint yet: the run starts from the beginning\n');
      }
      return TE.right(null);
    }),
  );

const checkpointOf = (out: string, run: string): TaskEither<UsageError, Checkpoint | null> =>
  pipe(
    readFile(checkpointPath(out)),
    TE.chainEitherKW(readCheckpoint(sha256)),
    TE.mapLeft(usageErrorIn('--resume')),
    TE.filterOrElse(
      (checkpoint) => goesOn(checkpoint.run, run),
      () =>
        usageError(
          '--resume: expected the options and data of the run that was stopped, or more --epochs, got others: repeat them',
        ),
    ),
  );

/** Seconds between checkpoints: what a kill can cost. */
const checkpointSeconds = 10;

/** Trains under a progress bar, with a checkpoint on disk now and then. */
const observed = (
  out: string,
  { network, plan, checkpoint }: TrainingOrder,
  run: (afterEpoch: AfterEpoch<never>) => TaskEither<BackendError, TrainedNetwork>,
): TaskEither<CommandError, TrainedNetwork> => {
  const progress = startProgress(network.architecture, 'epochs', plan.epochs);
  progress.advance(checkpoint?.state.epoch ?? 0);
  const last = { saved: performance.now() };
  return pipe(
    run((reached) => {
      progress.advance(1);
      if (performance.now() - last.saved < 1000 * checkpointSeconds) {
        return TE.fromTask(nextTurn);
      }
      last.saved = performance.now();
      return pipe(
        TE.fromEither(writeCheckpoint(sha256)(reached)),
        TE.mapLeft(({ message }) => runError(message)),
        TE.chain((bytes) => writeFile(checkpointPath(out), bytes)),
        // A full disk may have room again when the training ends.
        TE.orElseFirstIOK(({ message }) => () => {
          process.stderr.write(`efnn: ${message}; going on, from the checkpoint before if it is stopped now\n`);
        }),
        TE.orElse((): TaskEither<never, void> => TE.right(undefined)),
      );
    }),
    TE.mapLeft(({ message }) => runError(message)),
    (task) => async () => task().finally(progress.stop),
  );
};

/** Writes the model, and only then takes the checkpoint away. */
const written = (out: string, { wasThere: _, ...model }: Outcome): TaskEither<CommandError, void> =>
  pipe(
    TE.fromEither(writeTrainedModel(sha256)(model)),
    TE.mapLeft(({ message }) => runError(message)),
    TE.chain((bytes) => writeFile(out, bytes)),
    TE.chainTaskK(() => () => rm(checkpointPath(out), { force: true })),
  );

const summary = ({ out, json }: Texts, outcome: Outcome): E.Either<CommandError, string> => {
  const { network, epoch, loss, wasThere } = outcome;
  if (json === true) {
    return outputLine({ file: out, model: network.architecture, ...network.shape, epochs: epoch, loss });
  }
  const described = `${network.architecture} after ${epoch} epochs, loss ${loss.toPrecision(3)} of the last epoch`;
  return E.right(wasThere ? `${out} is already complete: ${described}\n` : `wrote ${out}: ${described}\n`);
};
