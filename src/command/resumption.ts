/** From which checkpoints a training goes on, and what is said of others: in what they differ, and how to begin anew. */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';

import { canonicalJson, type Json } from '../file/canonical-json.ts';
import type { Digest } from '../file/digest.ts';
import { quoted } from '../file/quoted.ts';
import { toBeginAnew } from '../provenance/verification.ts';
import { readCheckpoint, type Checkpoint } from '../training/checkpoint.ts';
import { goesOn } from '../training/run-identity.ts';
import { readRecord, type DataRecord, type TrainingRecord } from '../training/training-record.ts';
import { usageError, type UsageError } from './command-error.ts';
import { scheduleWords } from './schedule-value.ts';

/** An option, and what it is in a run: for people, and as it is compared. */
interface Chosen {
  readonly option: string;
  readonly text: string;
  readonly exact: string;
}

const chosen = (option: string, value: Json): Chosen => ({
  option,
  text: value === null ? 'none' : typeof value === 'string' ? value : JSON.stringify(value),
  exact: canonicalJson(value),
});

const chosenFile = (option: string, file: DataRecord | undefined): Chosen => ({
  option,
  text: file === undefined ? 'none' : `${file.samples} samples of SHA-256 ${file.sha256.slice(0, 12)}..`,
  exact: file === undefined ? '' : JSON.stringify(file),
});

const yesOrNo = (is: boolean): string => (is ? 'yes' : 'no');

/** The epochs may be more, and the backend may be unknown; both have their own rules. */
const choicesOf = ({ network, plan, chosenOn }: TrainingRecord): readonly Chosen[] => {
  const { shape, architecture, ...units } = network;
  const { rate, schedule } = scheduleWords(plan.schedule);
  return [
    chosen('model', architecture),
    ...(shape.tag === 'dense'
      ? [chosen('neurons', shape.neurons), chosen('sites', shape.sites)]
      : [
          chosen('channels', shape.channels),
          chosen('kernel', shape.kernel),
          chosen('pair-head', yesOrNo(shape.pairHead)),
        ]),
    chosen('layers', shape.layers),
    ...Object.entries(units).map(([name, value]) => chosen(name, value)),
    chosen('start', plan.start),
    chosen('seed', plan.seed),
    chosen('batch', plan.batch),
    chosen('rate', rate),
    chosen('schedule', schedule),
    chosen('weight-decay', plan.weightDecay),
    chosen('clip', plan.clip),
    chosen('forces', yesOrNo(plan.forceWeight !== null)),
    chosen('force-weight', plan.forceWeight),
    chosen('units', plan.units ?? 'labels'),
    chosen('keep', chosenOn === undefined ? 'last' : 'best'),
    chosenFile('validation', chosenOn),
  ];
};

const filesOf = ({ data }: TrainingRecord): readonly Chosen[] =>
  data.map((file, i) => chosenFile(`file ${i + 1} of --data`, file));

const said = (option: string, before: string, now: string): string => `${option} ${before} before, ${now} now`;

/** What was chosen otherwise, or in one of the two alone. */
const changes = (before: readonly Chosen[], now: readonly Chosen[]): readonly string[] =>
  [...new Set([...before, ...now].map(({ option }) => option))].flatMap((name) => {
    const [one, other] = [before, now].map((choices) => choices.find(({ option }) => option === name));
    return one?.exact === other?.exact ? [] : [said(name, one?.text ?? 'none', other?.text ?? 'none')];
  });

/** More files are counted: a list of any length fills no screen. */
const mostFiles = 3;

/** What differs between a run that was stopped and one that is to go on from it, each option with both values. */
const differences = (before: TrainingRecord, now: TrainingRecord): readonly string[] => {
  const files = changes(filesOf(before), filesOf(now));
  return [
    ...changes(choicesOf(before), choicesOf(now)),
    ...(before.plan.epochs > now.plan.epochs ? [said('epochs', `${before.plan.epochs}`, `${now.plan.epochs}`)] : []),
    ...(before.backend === undefined || now.backend === undefined || before.backend === now.backend
      ? []
      : [said('backend', before.backend, now.backend)]),
    ...files.slice(0, mostFiles),
    ...(files.length > mostFiles ? [`${files.length - mostFiles} more files of --data`] : []),
  ];
};

const otherRun = (stopped: string, run: string, place: string): UsageError =>
  pipe(
    E.Do,
    E.apS('before', readRecord(stopped)),
    E.apS('now', readRecord(run)),
    E.match(
      () =>
        usageError(
          `${place}: expected the checkpoint of a training that this version of efnn has begun, got another: go on with the version ` +
            `that began it; or, ${toBeginAnew}`,
        ),
      ({ before, now }) =>
        usageError(
          `${place}: expected the options and data of the run that was stopped, or more --epochs, got others ` +
            `(${differences(before, now).join('; ')}): repeat them, or choose another --out; to lose that run, give --overwrite without --resume`,
        ),
    ),
  );

/** The checkpoint in the bytes of a file, if a run goes on from it; else what is wrong with it, or in what the run differs. */
export const checkpointToGoOn =
  (digest: Digest) =>
  (path: string, run: string) =>
  (bytes: Uint8Array): Either<UsageError, Checkpoint> => {
    const place = `--resume: ${quoted(path)}`;
    return pipe(
      readCheckpoint(digest)(bytes),
      E.mapLeft(({ message }) => usageError(`${place}: ${message}; ${toBeginAnew}`)),
      E.filterOrElse(
        (checkpoint) => goesOn(checkpoint.run, run),
        (checkpoint) => otherRun(checkpoint.run, run, place),
      ),
    );
  };
