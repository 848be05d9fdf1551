/** Laws of resuming: a training goes on from its own checkpoint, and of any other it is said what differs, or how to begin anew. */
import { isDeepStrictEqual } from 'node:util';

import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';

import { writeCheckpoint, type Checkpoint } from '../../src/training/checkpoint.ts';
import { showRecord, type TrainingRecord } from '../../src/training/training-record.ts';
import { digest } from '../arbitraries/runs.ts';
import { trainingRecords } from '../arbitraries/training-records.ts';
import { smallNetwork, smallWeights } from '../arbitraries/trainings.ts';
import type { Law } from '../law.ts';
import { messageOf, right } from '../right.ts';

/** The checkpoint in the bytes of a file at a path, if a run goes on from it. */
export type CheckpointToGoOn = (
  path: string,
  run: string,
) => (bytes: Uint8Array) => Either<{ readonly message: string }, Checkpoint>;

/** The checkpoint of a run. */
const checkpointOf = (run: string): Uint8Array =>
  right(
    writeCheckpoint(digest)({
      ...{ network: smallNetwork, run },
      state: {
        ...{ epoch: 1, loss: 0.5, rateFactor: 1, best: null },
        adam: { step: 3, weights: smallWeights, firstMoment: smallWeights, secondMoment: smallWeights },
      },
    }),
  );

type Change = (record: TrainingRecord, other: TrainingRecord) => TrainingRecord;

const ofPlan =
  (key: keyof TrainingRecord['plan']): Change =>
  ({ plan, ...record }, other) => ({
    ...record,
    plan: { ...plan, ...Object.fromEntries(Object.entries(other.plan).filter(([name]) => name === key)) },
  });

const without = (record: TrainingRecord, key: 'chosenOn' | 'backend'): TrainingRecord => {
  const { [key]: _, ...rest } = record;
  return rest;
};

/** What may be different in a run, and which options a message may name for it. */
const changes: Readonly<Record<string, { readonly options: RegExp; readonly change: Change }>> = {
  architecture: {
    options: /^model$/,
    change: ({ network, ...record }, other) => ({
      ...record,
      network: { ...network, architecture: other.network.architecture },
    }),
  },
  network: {
    options: /^(model|neurons|sites|channels|kernel|pair-head|layers)$/,
    change: (record, { network }) => ({ ...record, network }),
  },
  start: { options: /^start$/, change: ofPlan('start') },
  seed: { options: /^seed$/, change: ofPlan('seed') },
  batch: { options: /^batch$/, change: ofPlan('batch') },
  epochs: { options: /^epochs$/, change: ofPlan('epochs') },
  schedule: { options: /^(rate|schedule)$/, change: ofPlan('schedule') },
  weightDecay: { options: /^weight-decay$/, change: ofPlan('weightDecay') },
  clip: { options: /^clip$/, change: ofPlan('clip') },
  forceWeight: { options: /^(forces|force-weight)$/, change: ofPlan('forceWeight') },
  units: { options: /^units$/, change: (record) => ({ ...record, plan: { ...record.plan, units: 'raw' } }) },
  data: { options: /^file \d of --data$/, change: (record, { data }) => ({ ...record, data }) },
  chosenOn: {
    options: /^(keep|validation)$/,
    change: (record, { chosenOn }) => (chosenOn === undefined ? without(record, 'chosenOn') : { ...record, chosenOn }),
  },
  backend: {
    options: /^backend$/,
    change: (record, { backend }) => (backend === undefined ? without(record, 'backend') : { ...record, backend }),
  },
};

/** A run that was stopped, another, and what of the other it is now asked to go on with. */
interface Resumed {
  readonly stopped: TrainingRecord;
  readonly other: TrainingRecord;
  readonly changed: keyof typeof changes;
}

const resumed: fc.Arbitrary<Resumed> = fc.record({
  stopped: trainingRecords,
  other: trainingRecords,
  changed: fc.constantFrom(...Object.keys(changes)),
});

/** Whether a run is the same but for more epochs, and for a backend that one of the two does not say. */
const isTheSame = (stopped: TrainingRecord, now: TrainingRecord): boolean => {
  const rest = (record: TrainingRecord): TrainingRecord => ({
    ...without(record, 'backend'),
    plan: { ...record.plan, epochs: 1 },
  });
  return (
    isDeepStrictEqual(rest(stopped), rest(now)) &&
    now.plan.epochs >= stopped.plan.epochs &&
    (stopped.backend === undefined || now.backend === undefined || stopped.backend === now.backend)
  );
};

const refusal =
  /^--resume: 'm\.st\.checkpoint': expected the options and data of the run that was stopped, or more --epochs, got others \((.*)\): repeat them, or choose another --out; to lose that run, give --overwrite without --resume$/;

export const differencesAreNamed: Law<CheckpointToGoOn, Resumed> = {
  statement:
    'a training goes on from the checkpoint of the same options, data and backend, with more epochs too; else each option that differs is ' +
    'named with both values, and no other; and how to lose the stopped run is told so that it holds with --overwrite given too',
  cases: resumed,
  runs: 400,
  holds:
    (read) =>
    ({ stopped, other, changed }) => {
      const { options, change } = changes[changed] ?? { options: /^$/, change: (record: TrainingRecord) => record };
      const now = change(stopped, other);
      const bytes = checkpointOf(right(showRecord(stopped)));
      const result = read('m.st.checkpoint', right(showRecord(now)))(bytes);
      if (isTheSame(stopped, now)) {
        return E.isRight(result);
      }
      const [, named = ''] = refusal.exec(messageOf(result)) ?? [];
      return named.split('; ').every((part) => {
        const [, option = '', before, after] = /^(file \d of --data|\S+) (.+) before, (.+) now$/.exec(part) ?? [];
        return (
          options.test(option) &&
          (changed !== 'seed' || (before === `${stopped.plan.seed}` && after === `${now.plan.seed}`))
        );
      });
    },
};

/** What is wrong with the file of a checkpoint. */
interface Damage {
  readonly record: TrainingRecord;
  readonly what: 'cut off' | 'changed' | 'of another version';
  /** Where, counted around. */
  readonly place: number;
}

export const damagedCheckpointsAreNamed: Law<CheckpointToGoOn, Damage> = {
  statement:
    'a checkpoint that is cut off, changed in any bit or begun by another version is named by its path, with the words to begin anew: ' +
    'without --resume and with --overwrite',
  cases: fc.record({
    record: trainingRecords,
    what: fc.constantFrom('cut off', 'changed', 'of another version'),
    place: fc.nat(),
  }),
  holds:
    (read) =>
    ({ record, what, place }) => {
      const run = right(showRecord(record));
      const bytes = checkpointOf(what === 'of another version' ? JSON.stringify({ ...record, mode: 1 }) : run);
      const at = place % bytes.length;
      const damaged =
        what === 'cut off'
          ? bytes.subarray(0, at)
          : what === 'changed'
            ? bytes.map((byte, i) => (i === at ? byte ^ 1 : byte))
            : bytes;
      return /^--resume: 'm\.st\.checkpoint': [^\p{C}]*expected [^\p{C}]* give --overwrite without --resume$/u.test(
        messageOf(read('m.st.checkpoint', run)(damaged)),
      );
    },
};
