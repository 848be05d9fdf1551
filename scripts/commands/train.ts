/** `efnn train`: a network from a data set, as .safetensors. */
import { rm } from 'node:fs/promises';

import type { Command } from 'commander';
import { sequenceS } from 'fp-ts/lib/Apply.js';
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as O from 'fp-ts/lib/Option.js';
import * as RNEA from 'fp-ts/lib/ReadonlyNonEmptyArray.js';
import type { ReadonlyNonEmptyArray } from 'fp-ts/lib/ReadonlyNonEmptyArray.js';
import * as T from 'fp-ts/lib/Task.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import type { Backend, BackendError } from '../../src/backend/backend.ts';
import {
  runError,
  usageError,
  usageErrorIn,
  type CommandError,
  type UsageError,
} from '../../src/command/command-error.ts';
import { denseShape, latticeShape, networkOf } from '../../src/command/network-options.ts';
import { ofOneKind, onLattice, planOf, readAlike, type TrainingTexts } from '../../src/command/training-plan.ts';
import { sampleCount, type LabelledData } from '../../src/dataset/data-set.ts';
import { networkProgram } from '../../src/network/network.ts';
import type { Weights } from '../../src/network/weights.ts';
import { labelledSamples } from '../../src/training/batch.ts';
import { readCheckpoint, writeCheckpoint, type Checkpoint } from '../../src/training/checkpoint.ts';
import { energyUnits } from '../../src/training/energy-units.ts';
import { compileEvaluation, evaluationJson, type Evaluation } from '../../src/training/evaluation.ts';
import { goesOn, sameRun } from '../../src/training/run-identity.ts';
import type { TrainingState } from '../../src/training/train.ts';
import { readTrainedModel, writeTrainedModel, type TrainedModel } from '../../src/training/trained-model.ts';
import { showRecord, type DataRecord } from '../../src/training/training-record.ts';
import {
  runTraining,
  type AfterEpoch,
  type TrainedNetwork,
  type TrainingOrder,
} from '../../src/training/training-run.ts';
import { quoted } from '../../src/file/quoted.ts';
import { backendOption, startBackend } from '../backends.ts';
import { nextTurn } from '../event-loop.ts';
import { settle } from '../exit.ts';
import { programVersion } from '../program-version.ts';
import { startProgress } from '../progress.ts';
import { promising } from '../interruption.ts';
import { withLock } from '../lock.ts';
import { exists, readFile, readLabelledFile, readLabelledFiles, type LabelledFile } from '../read-file.ts';
import { outputLine } from '../../src/command/output-line.ts';
import { sha256 } from '../sha256.ts';
import { expectWritable, writeFile } from '../write-file.ts';
import { withTrainingOptions } from './training-options.ts';

interface Texts extends TrainingTexts {
  readonly data: readonly string[];
  readonly validation?: string;
  readonly out: string;
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
          .option('--validation <file.npz>', 'labelled samples to measure errors on while training')
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
    TE.bind('files', () => pipe(texts.data, readLabelledFiles('--data'), TE.chainEitherK(ofOneKind))),
    TE.bind('heldOut', ({ files: [first] }) => heldOutIn(texts, first)),
    TE.chainFirst(() => expectWritable(texts.out)),
    TE.chainW(({ chosen, files, heldOut }) =>
      withLock(texts.out)(
        pipe(
          TE.fromEither(orderOf(texts, files, heldOut)),
          TE.bindTo('order'),
          TE.bindW('backend', () => startBackend(chosen)),
          TE.bindW('measure', ({ order, backend }) => measuring(texts, backend, order)),
          TE.bindW('complete', ({ order }) => completed(texts, order.run)),
          TE.bindW('outcome', ({ order, backend, measure, complete }) =>
            complete === null ? made(texts, backend, order, measure) : TE.right(complete),
          ),
          TE.bindW('validation', ({ measure, outcome }) => measure(outcome.weights)),
        ),
      ),
    ),
    TE.chainEitherKW(({ outcome, validation }) => summary(texts, outcome, validation)),
    TE.map((text) => {
      process.stdout.write(text);
    }),
  );

const toGoOn = 'the run goes on from its last checkpoint when the same command is given with --resume';

/** The labelled samples that are not trained on, or null. */
const heldOutIn = ({ validation, forces }: Texts, data: LabelledData): TaskEither<UsageError, LabelledFile | null> =>
  validation === undefined
    ? TE.right(null)
    : pipe(
        readLabelledFile('--validation')(validation),
        TE.filterOrElse(
          (heldOut) => readAlike(data, heldOut),
          ({ sampleShape }) =>
            usageError(
              `--validation: expected spins as those of --data, [B, ${data.sampleShape.join(', ')}], ` +
                `got [B, ${sampleShape.join(', ')}]: hold out samples of the same system`,
            ),
        ),
        TE.filterOrElse(
          (heldOut) => forces !== true || O.isSome(heldOut.forces),
          () => usageError('--validation: expected data with forces, as --forces says, got data without: add them'),
        ),
      );

/** The errors of these weights on what was held out; null where nothing was. */
type Measure = (weights: Weights) => TaskEither<CommandError, Evaluation | null>;

const measuring = (
  { forces }: Texts,
  backend: Backend,
  { network, samples, heldOut }: Order,
): TaskEither<CommandError, Measure> =>
  heldOut === null
    ? TE.right(() => TE.right(null))
    : pipe(
        TE.fromEither(networkProgram(energyUnits(network, samples).network)),
        TE.chainW(compileEvaluation(backend, { forces: forces === true })),
        TE.bimap(
          ({ message }) => runError(message),
          (evaluate) => (weights) =>
            pipe(
              evaluate(weights)(labelledSamples(heldOut)),
              TE.mapLeft(({ message }) => runError(message)),
            ),
        ),
      );

/** A training, before it is known where it begins. */
interface Order extends Omit<TrainingOrder, 'checkpoint'> {
  readonly heldOut: LabelledFile | null;
}

const dataRecord = (file: LabelledFile): DataRecord => ({
  meta: file.meta,
  samples: sampleCount(file),
  sha256: file.sha256,
});

const orderOf = (
  texts: Texts,
  files: ReadonlyNonEmptyArray<LabelledFile>,
  heldOut: LabelledFile | null,
): E.Either<UsageError, Order> =>
  pipe(
    sequenceS(E.Apply)({
      network: networkOf(
        texts,
        onLattice(files[0]) ? latticeShape(texts) : denseShape(texts, files[0].sampleShape[0] ?? 0),
      ),
      plan: planOf(texts, files),
    }),
    E.bindW('run', ({ network, plan }) =>
      pipe(showRecord({ network, plan, data: files.map(dataRecord) }), E.mapLeft(usageErrorIn('--data'))),
    ),
    E.map((started) => ({ ...started, samples: RNEA.map(labelledSamples)(files), heldOut })),
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
const made = (texts: Texts, backend: Backend, order: Order, measure: Measure): TaskEither<CommandError, Outcome> =>
  pipe(
    startOf(texts, order.run),
    TE.chainW((checkpoint) => {
      const whole = { ...order, checkpoint };
      return promising(toGoOn)(observed(texts.out, whole, measure, runTraining(backend, whole)));
    }),
    TE.map(({ network, state: { adam, epoch, loss } }) => ({
      ...{ network, weights: adam.weights, run: order.run, program: programVersion },
      ...{ validation: order.heldOut === null ? null : dataRecord(order.heldOut), epoch, loss, wasThere: false },
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

/** Trains under a progress bar, with a checkpoint on disk and the errors on what was held out now and then. */
const observed = (
  out: string,
  { network, plan, checkpoint }: TrainingOrder,
  measure: Measure,
  run: (afterEpoch: AfterEpoch<never>) => TaskEither<BackendError, TrainedNetwork>,
): TaskEither<CommandError, TrainedNetwork> => {
  const progress = startProgress(network.architecture, 'epochs', plan.epochs);
  progress.advance(checkpoint?.state.epoch ?? 0);
  const last = { saved: performance.now() };
  const noted = ({ adam, epoch }: TrainingState): TaskEither<never, void> =>
    pipe(
      measure(adam.weights),
      TE.map((errors) => {
        if (errors !== null) {
          progress.note(`${validationText(errors)} after epoch ${epoch}`);
        }
      }),
      // Errors that cannot be measured now stop no training: they are measured again at its end.
      TE.orElse((): TaskEither<never, void> => TE.right(undefined)),
    );
  return pipe(
    run((reached) => {
      progress.advance(1);
      const isFirst = reached.state.epoch === (checkpoint?.state.epoch ?? 0) + 1;
      if (performance.now() - last.saved < 1000 * checkpointSeconds) {
        return pipe(
          isFirst ? noted(reached.state) : TE.right(undefined),
          TE.chainTaskK(() => nextTurn),
        );
      }
      last.saved = performance.now();
      return pipe(
        noted(reached.state),
        TE.chainW(() => saved(out, reached)),
      );
    }),
    TE.mapLeft(({ message }) => runError(message)),
    (task) => async () => task().finally(progress.stop),
  );
};

/** Writes a checkpoint; where it cannot be written, a line says so and the training goes on. */
const saved = (out: string, reached: Checkpoint): TaskEither<never, void> =>
  pipe(
    TE.fromEither(writeCheckpoint(sha256)(reached)),
    TE.mapLeft(({ message }) => runError(message)),
    TE.chain((bytes) => writeFile(checkpointPath(out), bytes)),
    // A full disk may have room again when the training ends.
    TE.orElseFirstIOK(({ message }) => () => {
      process.stderr.write(`efnn: ${message}; going on, from the checkpoint before if it is stopped now\n`);
    }),
    TE.orElse((): TaskEither<never, void> => TE.right(undefined)),
  );

const validationText = ({ rmse, rmsePerDeviation }: Evaluation): string =>
  `validation RMSE ${rmse.toPrecision(3)}, RMSE / std ${rmsePerDeviation?.toPrecision(3) ?? '-'}`;

/** Writes the model, and only then takes the checkpoint away. */
const written = (out: string, { wasThere: _, ...model }: Outcome): TaskEither<CommandError, void> =>
  pipe(
    TE.fromEither(writeTrainedModel(sha256)(model)),
    TE.mapLeft(({ message }) => runError(message)),
    TE.chain((bytes) => writeFile(out, bytes)),
    TE.chainTaskK(() => () => rm(checkpointPath(out), { force: true })),
  );

const summary = (
  { out, json }: Texts,
  outcome: Outcome,
  validation: Evaluation | null,
): E.Either<CommandError, string> => {
  const { network, epoch, loss, wasThere } = outcome;
  if (json === true) {
    return outputLine({
      ...{ file: out, model: network.architecture, ...network.shape, epochs: epoch, loss },
      ...(validation === null ? {} : { validation: evaluationJson(validation) }),
    });
  }
  const errors = validation === null ? '' : `; ${validationText(validation)}`;
  const described = `${network.architecture} after ${epoch} epochs, loss ${loss.toPrecision(3)} of the last epoch${errors}`;
  return E.right(wasThere ? `${out} is already complete: ${described}\n` : `wrote ${out}: ${described}\n`);
};
