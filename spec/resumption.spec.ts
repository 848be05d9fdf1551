/** From which checkpoints a training goes on. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import { describe, expect, it } from 'vitest';

import { usageError } from '../src/command/command-error.ts';
import { checkpointToGoOn } from '../src/command/resumption.ts';
import { readCheckpoint } from '../src/training/checkpoint.ts';
import { goesOn, runFrom, sameRun } from '../src/training/run-identity.ts';
import { readRecord, showRecord, type TrainingRecord } from '../src/training/training-record.ts';
import { digest } from './arbitraries/runs.ts';
import { verify } from './law.ts';
import { damagedCheckpointsAreNamed, differencesAreNamed, type CheckpointToGoOn } from './laws/resumption.ts';
import { right } from './right.ts';

const toGoOn: CheckpointToGoOn = checkpointToGoOn(digest);

/** Goes on with a run of which something is taken for that of the stopped one, as its checkpoint says it. */
const takingFor =
  (change: (now: TrainingRecord, stopped: TrainingRecord) => TrainingRecord): CheckpointToGoOn =>
  (path, run) =>
  (bytes) =>
    pipe(
      readCheckpoint(digest)(bytes),
      E.chain(({ run: stopped }) =>
        toGoOn(path, right(showRecord(change(right(readRecord(run)), right(readRecord(stopped))))))(bytes),
      ),
    );

/** Refusals in other words. */
const saying =
  (change: (message: string) => string): CheckpointToGoOn =>
  (path, run) =>
  (bytes) =>
    pipe(
      toGoOn(path, run)(bytes),
      E.mapLeft(({ message }) => usageError(change(message))),
    );

verify(differencesAreNamed, toGoOn, {
  'another backend goes on': takingFor(({ backend: _, ...now }) => now),
  'other data go on': takingFor((now, { data }) => ({ ...now, data })),
  'fewer epochs go on': takingFor(({ plan, ...now }, stopped) => ({
    ...now,
    plan: { ...plan, epochs: Math.max(plan.epochs, stopped.plan.epochs) },
  })),
  'a backend that is not known is another': (path, run) => (bytes) =>
    pipe(
      readCheckpoint(digest)(bytes),
      E.filterOrElseW(
        ({ run: stopped }) => right(readRecord(stopped)).backend === right(readRecord(run)).backend,
        () => usageError('expected another backend, got this one'),
      ),
      E.chainW(() => toGoOn(path, run)(bytes)),
    ),
  'no way out is named to who overwrites': saying((message) => message.replace(/; to lose that run.*$/, '')),
  'who overwrites is told to add what is there': saying((message) =>
    message.replace('give --overwrite without --resume', 'add --overwrite'),
  ),
  'nothing is named': saying((message) => message.replace(/ \(.*\)/, '')),
  'one value is named': saying((message) => message.replaceAll(/ before, [^;)]* now/g, '')),
  'what does not differ is named too': saying((message) => message.replace('(', '(layers 1 before, 1 now; ')),
  'before and now are mixed up': saying((message) =>
    message.replaceAll(/(\S+) before, (\S+) now/g, (_, before, now) => `${String(now)} before, ${String(before)} now`),
  ),
});

verify(damagedCheckpointsAreNamed, toGoOn, {
  'the file is not named': saying((message) => message.replace("'m.st.checkpoint': ", '')),
  'nothing is said of beginning anew': saying((message) => message.replace(/[;,] to begin the training anew.*$/, '')),
  'a run of another version differs in its options': (path, run) => (bytes) =>
    pipe(
      readCheckpoint(digest)(bytes),
      E.mapLeft(() => usageError(`--resume: '${path}': expected more; give --overwrite without --resume`)),
      E.filterOrElse(
        (checkpoint) => goesOn(checkpoint.run, run),
        () =>
          usageError('--resume: expected the options and data of the run that was stopped, got others: repeat them'),
      ),
    ),
});

describe('a run goes on', () => {
  const run = (epochs: number, rate: number) => JSON.stringify({ network: 'efnn', plan: { epochs, rate } });

  it('with as many epochs or more, and with nothing else changed', () => {
    expect([goesOn(run(2, 1), run(2, 1)), goesOn(run(2, 1), run(3, 1))]).toEqual([true, true]);
    expect([goesOn(run(3, 1), run(2, 1)), goesOn(run(2, 1), run(2, 2)), goesOn('', run(2, 1))]).toEqual([
      false,
      false,
      false,
    ]);
    expect([sameRun(run(2, 1), run(2, 1)), sameRun(run(2, 1), run(3, 1))]).toEqual([true, false]);
    expect([goesOn(run(2, 1), ''), goesOn('{"plan":{}}', '{"plan":{}}')]).toEqual([false, false]);
    expect(goesOn('{"plan":{"epochs":"2"}}', '{"plan":{"epochs":"3"}}')).toBe(false);
    expect(goesOn('{"plan":{"rate":1,"epochs":2},"network":"efnn"}', run(2, 1))).toBe(true);
  });

  it('on the same backend as far as it is known, and says no backend where that of its beginning is not known', () => {
    const on = (backend?: string) => JSON.stringify({ plan: { epochs: 2 }, backend });
    expect([goesOn(on('wasm'), on('wasm')), goesOn(on('wasm'), on('reference'))]).toEqual([true, false]);
    expect([goesOn(on(), on('reference')), sameRun(on(), on('reference'))]).toEqual([true, true]);
    expect([runFrom(on('wasm'), on('wasm')), runFrom(on(), on('wasm'))]).toEqual([on('wasm'), on()]);
  });
});
