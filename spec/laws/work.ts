/** Laws of how work is cut into jobs, and when threads are started for it. */
import fc from 'fast-check';

import { recipeOf, referenceRecipe, secondsPerSample } from '../../src/dataset/recipe.ts';
import { runOf, type Run } from '../../src/provenance/run.ts';
import { interval } from '../arbitraries/interval.ts';
import type { Law } from '../law.ts';
import { right } from '../right.ts';

/** How many units are a job, of so many seconds each, after what takes so many seconds. */
export type UnitsPerJob = (secondsPerUnit: number, preparation?: number) => number;

const unitSeconds = fc.oneof(interval(1e-6, 1), fc.constantFrom(0.001, 0.15, 0.3, 1, 100));

const closest = (units: number, seconds: number, aim: number): boolean => {
  const off = (count: number): number => Math.abs(count * seconds - aim);
  return (
    Number.isInteger(units) &&
    units >= 1 &&
    off(units) <= off(units + 1) + 1e-12 &&
    (units === 1 || off(units) <= off(units - 1) + 1e-12)
  );
};

export const jobsTakeThreeTenths: Law<UnitsPerJob, number> = {
  statement: 'a job is the number of whole units which comes closest to 0.3 seconds, and one unit at least',
  cases: unitSeconds,
  holds: (units) => (seconds) => closest(units(seconds), seconds, 0.3),
};

export const jobsTakeAsLongAsTheirStart: Law<UnitsPerJob, readonly [seconds: number, preparation: number]> = {
  statement: 'a job that takes long to prepare is of as many units as take as long',
  cases: fc.tuple(unitSeconds, interval(0.3, 50)),
  holds:
    (units) =>
    ([seconds, preparation]) =>
      closest(units(seconds, preparation), seconds, preparation),
};

/** Units in jobs. */
export type Batches = (units: readonly number[], secondsPerUnit: number) => readonly (readonly number[])[];

export const jobsAreTheUnits: Law<Batches, readonly [units: readonly number[], seconds: number]> = {
  statement: 'the jobs, one after the other, are the units, none empty, and all but the last of about 0.3 seconds',
  cases: fc.tuple(fc.array(fc.integer(), { maxLength: 20 }), fc.constantFrom(0.04, 0.1, 0.2, 5)),
  holds:
    (batches) =>
    ([units, seconds]) => {
      const jobs = batches(units, seconds);
      const size = Math.max(1, Math.round(0.3 / seconds));
      return (
        jobs.flat().join() === units.join() &&
        jobs.every((job, i) => job.length >= 1 && (i === jobs.length - 1 ? job.length <= size : job.length === size))
      );
    },
};

export const threadsStartForLongWork: Law<(threads: number, seconds: number) => number, readonly [number, number]> = {
  statement: 'work of up to two seconds has no thread of its own, longer work all, be it one',
  cases: fc.tuple(
    fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 64 })),
    fc.oneof(fc.constantFrom(0, 2, 2.001, Infinity), interval(0, 10)),
  ),
  holds:
    (threadsFor) =>
    ([threads, seconds]) =>
      threadsFor(threads, seconds) === (seconds <= 2 ? 0 : threads),
};

interface RunCase {
  readonly size: number;
  readonly method: 'poles' | 'diagonalize' | 'couplings';
  readonly configurations: number;
  readonly every: number;
}

export const checksAreCosted: Law<(run: Run, configurations: number) => number, RunCase> = {
  statement:
    'a run costs what its labels and its diagonalizations do, of which the first sample has one; couplings cost more than a ' +
    'microsecond each, once',
  cases: fc.record({
    size: fc.integer({ min: 3, max: 60 }),
    method: fc.constantFrom<RunCase['method'][]>('poles', 'diagonalize', 'couplings'),
    configurations: fc.integer({ min: 1, max: 50 }),
    every: fc.integer({ min: 1, max: 100 }),
  }),
  holds:
    (seconds) =>
    ({ size, method, configurations, every }) => {
      const recipe = right(
        recipeOf(
          method === 'couplings' ? { system: 'three-spin-binary', size } : { system: 'double-exchange', size, method },
        ),
      );
      const checkEvery = method === 'poles' ? every : undefined;
      const run = right(runOf('0')(recipe, { samples: configurations, checkEvery, shard: { i: 1, n: 1 } }));
      const labels = configurations * secondsPerSample(recipe);
      const checks =
        method === 'poles' ? Math.ceil(configurations / every) * secondsPerSample(referenceRecipe(recipe)) : 0;
      const rest = seconds(run, configurations) - labels - checks;
      return method === 'couplings'
        ? rest >= 1e-6 * ((size * (size - 1) * (size - 2)) / 6)
        : Math.abs(rest) <= 1e-9 * (labels + checks);
    },
  runs: 60,
};

export const wordsAreListed: Law<(words: readonly string[]) => string, readonly string[]> = {
  statement: 'the words in their order, a comma between those in front and `or` before the last of several',
  cases: fc.array(fc.constantFrom('poles', 'diagonalize', 'formula', 'sphere'), { maxLength: 5 }),
  holds: (alternatives) => (words) => {
    const listed = alternatives(words);
    return (
      listed.split(/, | or /).join() === words.join() &&
      listed.split(' or ').length === Math.min(2, Math.max(1, words.length)) &&
      (words.length < 2 || listed.endsWith(` or ${words[words.length - 1] ?? ''}`))
    );
  },
};
