/** `efnn train`: a network from a data set, as .safetensors. */
import { appendFile, rm, stat, truncate } from 'node:fs/promises';

import type { Command } from 'commander';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as O from 'fp-ts/lib/Option.js';
import type { ReadonlyNonEmptyArray } from 'fp-ts/lib/ReadonlyNonEmptyArray.js';
import * as T from 'fp-ts/lib/Task.js';
import type { Task } from 'fp-ts/lib/Task.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import type { Backend, BackendError } from '../../src/backend/backend.ts';
import {
  asRunError,
  runError,
  usageError,
  usageErrorIn,
  type CommandError,
  type RunError,
  type UsageError,
} from '../../src/command/command-error.ts';
import { trainingOutput, validationText, type TrainingOutcome } from '../../src/command/training-output.ts';
import { reasonOf } from '../../src/command/thrown.ts';
import {
  bestText,
  divergenceLine,
  divergenceText,
  epochText,
  logLine,
  logToGoOn,
} from '../../src/command/training-log.ts';
import { namedFile } from '../../src/command/output-name.ts';
import { checkpointToGoOn } from '../../src/command/resumption.ts';
import { eachOnce, heldApart } from '../../src/command/samples-apart.ts';
import {
  dataRecord,
  heldOutFrom,
  ofOneKind,
  trainingOrder,
  type TrainingTexts,
  type UnstartedTraining,
} from '../../src/command/training-plan.ts';
import type { LabelledFile } from '../../src/dataset/data-set-file.ts';
import { quoted } from '../../src/file/quoted.ts';
import { checkpointPath, writeCheckpoint, type Checkpoint } from '../../src/training/checkpoint.ts';
import type { Divergence } from '../../src/training/divergence.ts';
import { runFrom, sameRun } from '../../src/training/run-identity.ts';
import type { TrainingState } from '../../src/training/train.ts';
import { readTrainedModel, writeTrainedModel } from '../../src/training/trained-model.ts';
import {
  runTraining,
  type AfterDivergence,
  type AfterEpoch,
  type TrainedNetwork,
  type TrainingOrder,
} from '../../src/training/training-run.ts';
import { heldOutErrorBy, validation, type Validate } from '../../src/training/validation.ts';
import { backendOption, startBackend } from '../backends.ts';
import { settle } from '../exit.ts';
import { programVersion } from '../program-version.ts';
import { promising, rescuedAtInterruption, turnUnlessStopped } from '../interruption.ts';
import { withLock } from '../lock.ts';
import { expectFilesApart } from '../named-files.ts';
import { startProgress } from '../progress.ts';
import { exists, readFile, readLabelledFile, readLabelledFiles } from '../read-file.ts';
import { sha256 } from '../sha256.ts';
import { expectWritable, writeFile } from '../write-file.ts';
import { withTrainingOptions } from './training-options.ts';

interface Texts extends TrainingTexts {
  readonly data: readonly string[];
  readonly validation?: string;
  readonly out: string;
  readonly log?: string;
  readonly backend?: string;
  readonly threads?: string;
  readonly resume?: true;
  readonly overwrite?: true;
  readonly json?: true;
}

/** The options and the action of `efnn train`, added to a command. */
export const trainCommand = (command: Command): Command =>
  backendOption
    .added(
      withTrainingOptions(
        command
          .requiredOption(
            '--data <file.npz...>',
            'labelled samples, your own or those of efnn generate; files may differ in the size of the lattice',
          )
          .option(
            '--validation <file.npz>',
            'labelled samples to measure errors on while training, by which the best weights are kept (see --keep)',
          )
          .option(
            '--keep <which>',
            'weights to keep: best, of the epoch with the lowest RMSE of --validation (its default), or last',
          )
          .requiredOption(
            '--out <file.safetensors>',
            'the model to write; beside it lies a checkpoint until it is done',
          ),
      ),
    )
    .option(
      '--log <file.jsonl>',
      'a line of JSON for each epoch: loss, rate, seconds; with --resume at the end of a log that is there, where the last line of an epoch counts',
    )
    .option('--resume', 'go on from the checkpoint of a run that was stopped, with the same options or more --epochs')
    .option('--overwrite', 'replace a model that is there, or the checkpoint of another run')
    .option('--json', 'print what was trained as one JSON value on stdout')
    .action((texts: Texts) => settle(training(texts)));

const training = (texts: Texts): TaskEither<CommandError, void> =>
  pipe(
    TE.fromEither(backendOption.read(texts)),
    TE.bindTo('chosen'),
    TE.chainFirst(() => filesApart(texts)),
    TE.bind('files', () =>
      pipe(texts.data, readLabelledFiles('--data'), TE.chainEitherK(ofOneKind), TE.chainEitherK(eachOnce)),
    ),
    TE.bind('heldOut', ({ files }) => heldOutIn(texts, files)),
    TE.chainFirst(() => expectWritable(texts.out)),
    TE.chainFirst(() =>
      texts.log === undefined
        ? TE.right(undefined)
        : expectWritable(texts.log, texts.resume === true ? 'replaced' : { advice: toBeginLog }, '--log'),
    ),
    TE.chainW(({ chosen, files, heldOut }) =>
      withLock(texts.out)(
        pipe(
          TE.fromEither(trainingOrder(texts, files, heldOut, chosen.name)),
          TE.bindTo('order'),
          TE.bindW('backend', () => startBackend(chosen)),
          TE.bindW('validate', ({ order, backend }) =>
            pipe(validation(backend, { forces: texts.forces === true })(order), TE.mapLeft(asRunError)),
          ),
          TE.bindW('complete', ({ order }) => completed(texts, order.run)),
          TE.chainFirstW(() => logMended(texts)),
          TE.bindW('outcome', ({ order, backend, validate, complete }) =>
            complete === null ? made(texts, backend, order, validate) : TE.right(complete),
          ),
          TE.bindW('errors', ({ validate, outcome }) => pipe(validate(outcome.weights), TE.mapLeft(asRunError))),
        ),
      ),
    ),
    TE.chainEitherKW(({ outcome, errors }) => trainingOutput(texts, outcome, errors)),
    TE.map((text) => {
      process.stdout.write(text);
    }),
  );

/** Refuses files that the training would lose one for another. */
const filesApart = ({ data, validation, out, log }: Texts): TaskEither<UsageError, void> =>
  expectFilesApart(
    [...data.flatMap((path) => namedFile('--data', path)), ...namedFile('--validation', validation)],
    [...namedFile('--out', out), ...namedFile('--log', log)],
  );

const toBeginLog = 'choose another name, or add --resume to go on with it';

/** A log that is there can be gone on with, or is refused. */
const logMended = ({ log, resume }: Texts): TaskEither<CommandError, void> =>
  log === undefined || resume !== true
    ? TE.right(undefined)
    : pipe(
        TE.fromTask<boolean, CommandError>(() => exists(log)),
        TE.chain((isThere) => (isThere ? readFile(log) : TE.right(new Uint8Array()))),
        TE.chainW((bytes) =>
          pipe(
            TE.fromEither(logToGoOn(bytes)),
            TE.mapLeft(usageErrorIn(`--log: ${quoted(log)}`)),
            TE.chainW((text) =>
              Buffer.byteLength(text) === bytes.length ? TE.right(undefined) : writeFile(log, text),
            ),
          ),
        ),
      );

const toGoOn = 'the run goes on from its last checkpoint when the same command is given with --resume';

/** The labelled samples that are not trained on, or null. */
const heldOutIn = (
  { validation, forces }: Texts,
  files: ReadonlyNonEmptyArray<LabelledFile>,
): TaskEither<UsageError, LabelledFile | null> =>
  validation === undefined
    ? TE.right(null)
    : pipe(
        readLabelledFile('--validation')(validation),
        TE.chainEitherK(heldOutFrom(files[0])),
        TE.chainEitherK(heldApart(files)),
        TE.filterOrElse(
          (heldOut) => forces !== true || O.isSome(heldOut.forces),
          () => usageError('--validation: expected data with forces, as --forces says, got data without: add them'),
        ),
      );

/**
 * The model of this very run, if it stands there whole, where a run is to go on; null where there is none. The checkpoint goes
 * after the model is written: without one, a run that was killed in between has nothing left to do.
 */
const completed = ({ out, resume }: Texts, run: string): TaskEither<never, TrainingOutcome | null> =>
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
const made = (
  texts: Texts,
  backend: Backend,
  order: UnstartedTraining,
  validate: Validate,
): TaskEither<CommandError, TrainingOutcome> =>
  pipe(
    startOf(texts, order.run),
    TE.chainW((checkpoint) => {
      const whole = {
        ...order,
        checkpoint,
        run: checkpoint === null ? order.run : runFrom(checkpoint.run, order.run),
        ...(order.keep === 'best' ? { heldOutError: heldOutErrorBy(validate) } : {}),
      };
      return pipe(
        promising(toGoOn)(observed(texts, whole, validate, runTraining(backend, whole))),
        TE.map((trained) => ({ ...trained, run: whole.run })),
      );
    }),
    TE.map(({ network, weights, run, state: { epoch, loss, rateFactor, best } }) => ({
      ...{ network, weights, run, program: programVersion },
      best: best === null ? null : { epoch: best.epoch, rmse: best.rmse },
      ...{ validation: order.heldOut === null ? null : dataRecord(order.heldOut), epoch, loss, rateFactor },
      wasThere: false,
    })),
    TE.chainFirst((outcome) => written(texts.out, outcome)),
  );

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

const checkpointOf = (out: string, run: string): TaskEither<UsageError, Checkpoint> =>
  pipe(
    readFile(checkpointPath(out)),
    TE.mapLeft(usageErrorIn('--resume')),
    TE.chainEitherK(checkpointToGoOn(sha256)(checkpointPath(out), run)),
  );

/** Seconds between checkpoints: what a kill can cost. */
const checkpointSeconds = 10;

/** Milliseconds between the lines of a training without a terminal: loss, rate, errors, time left. */
const lineEvery = 1000;

/** Trains under a progress bar, with a checkpoint on disk and the errors on what was held out now and then. */
const observed = (
  { out, log }: Texts,
  { network, plan, checkpoint }: TrainingOrder,
  validate: Validate,
  run: (
    afterEpoch: AfterEpoch<never>,
    afterDivergence: AfterDivergence<never>,
  ) => TaskEither<BackendError | Divergence, TrainedNetwork>,
): TaskEither<CommandError, TrainedNetwork> => {
  const progress = startProgress(network.architecture, 'epochs', plan.epochs, lineEvery);
  progress.advance(checkpoint?.state.epoch ?? 0);
  const start = performance.now();
  const seconds = (): number => (performance.now() - start) / 1000;
  const last = { saved: performance.now(), errors: '', epoch: checkpoint?.state.epoch ?? 0 };
  const newest = new Map<'checkpoint', Checkpoint>();
  const rescue: Task<unknown> = () => Promise.all([...newest.values()].map((reached) => saved(out, reached)()));
  const forget = rescuedAtInterruption(rescue);
  const noted = ({ adam, epoch, best }: TrainingState): TaskEither<never, void> =>
    best !== null
      ? TE.right(undefined)
      : pipe(
          validate(adam.weights),
          TE.map((errors) => {
            if (errors !== null) {
              last.errors = `; ${validationText(errors)} after epoch ${epoch}`;
            }
          }),
          // Errors that cannot be measured now stop no training: they are measured again at its end.
          TE.orElse((): TaskEither<never, void> => TE.right(undefined)),
        );
  return pipe(
    run(
      (reached) => {
        progress.advance(reached.state.epoch - last.epoch);
        last.epoch = reached.state.epoch;
        newest.set('checkpoint', reached);
        progress.note(`${epochText(plan, reached.state)}${bestText(reached.state)}${last.errors}`);
        const isFirst = reached.state.epoch === (checkpoint?.state.epoch ?? 0) + 1;
        if (performance.now() - last.saved < 1000 * checkpointSeconds) {
          return pipe(
            logged(log, logLine(plan, reached.state, seconds())),
            TE.chainW(() => (isFirst ? noted(reached.state) : TE.right(undefined))),
            TE.chainTaskK(() => turnUnlessStopped),
          );
        }
        last.saved = performance.now();
        return pipe(
          logged(log, logLine(plan, reached.state, seconds())),
          TE.chainW(() => noted(reached.state)),
          TE.chainW(() => saved(out, reached)),
          TE.chainTaskK(() => turnUnlessStopped),
        );
      },
      (diverged) => {
        process.stderr.write(`efnn: ${divergenceText(diverged)}\n`);
        return logged(log, divergenceLine(diverged, seconds()));
      },
    ),
    // A backend that fails, as a GPU that is lost, costs no epoch that has ended.
    TE.orElseFirstTaskK((error) => (error.tag === 'Divergence' ? T.of(null) : rescue)),
    TE.mapLeft(asRunError),
    (task) => async () =>
      task().finally(() => {
        forget();
        progress.stop();
      }),
  );
};

/** Appends a text to a file, all of it or nothing: half a line would spoil the one after it. */
const appendWhole = async (path: string, text: string): Promise<void> => {
  const size = (await exists(path)) ? (await stat(path)).size : 0;
  try {
    await appendFile(path, text);
  } catch (error) {
    await truncate(path, size).catch(() => undefined);
    throw error;
  }
};

/** Appends a line to the log, where there is one; where it cannot be written, a line says so and the training goes on. */
const logged = (log: string | undefined, line: Either<RunError, string>): TaskEither<never, void> =>
  log === undefined
    ? TE.right(undefined)
    : pipe(
        TE.fromEither(line),
        TE.chain((text) =>
          TE.tryCatch(
            () => appendWhole(log, text),
            (error) => runError(`could not write ${quoted(log)} (${reasonOf(error)})`),
          ),
        ),
        TE.orElseFirstIOK(({ message }) => () => {
          process.stderr.write(`efnn: ${message}; going on without this line\n`);
        }),
        TE.orElse((): TaskEither<never, void> => TE.right(undefined)),
      );

/** Writes a checkpoint; where it cannot be written, a line says so and the training goes on. */
const saved = (out: string, reached: Checkpoint): TaskEither<never, void> =>
  pipe(
    TE.fromEither(writeCheckpoint(sha256)(reached)),
    TE.mapLeft(asRunError),
    TE.chain((bytes) => writeFile(checkpointPath(out), bytes)),
    // A full disk may have room again when the training ends.
    TE.orElseFirstIOK(({ message }) => () => {
      process.stderr.write(`efnn: ${message}; going on, from the checkpoint before if it is stopped now\n`);
    }),
    TE.orElse((): TaskEither<never, void> => TE.right(undefined)),
  );

/** Writes the model, and only then takes the checkpoint away. */
const written = (out: string, { wasThere: _, ...model }: TrainingOutcome): TaskEither<CommandError, void> =>
  pipe(
    TE.fromEither(writeTrainedModel(sha256)(model)),
    TE.mapLeft(asRunError),
    TE.chain((bytes) => writeFile(out, bytes)),
    TE.chainTaskK(
      () => () =>
        rm(checkpointPath(out), { force: true }).catch((error: unknown) => {
          process.stderr.write(
            `efnn: the model is written, its checkpoint could not be removed (${reasonOf(error)}): remove ${quoted(checkpointPath(out))}\n`,
          );
        }),
    ),
  );
