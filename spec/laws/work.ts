/** Laws of how work is cut into jobs, and when threads are started for it. */
import fc from 'fast-check';

import { interval } from '../arbitraries/interval.ts';
import type { Law } from '../law.ts';

export const jobsTakeThreeTenths: Law<(secondsPerUnit: number) => number, number> = {
  statement: 'a job is the number of whole units which comes closest to 0.3 seconds, and one unit at least',
  cases: fc.oneof(fc.double({ min: 1e-6, max: 1, noNaN: true }), fc.constantFrom(0.001, 0.15, 0.3, 1, 100)),
  holds: (units) => (seconds) => {
    const n = units(seconds);
    const off = (count: number): number => Math.abs(count * seconds - 0.3);
    return Number.isInteger(n) && n >= 1 && off(n) <= off(n + 1) && (n === 1 || off(n) <= off(n - 1) + 1e-12);
  },
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
  statement: 'work of up to two seconds has one thread, longer work all',
  cases: fc.tuple(fc.integer({ min: 1, max: 64 }), fc.oneof(fc.constantFrom(0, 2, 2.001), interval(0, 10))),
  holds:
    (threadsFor) =>
    ([threads, seconds]) =>
      threadsFor(threads, seconds) === (seconds <= 2 ? 1 : threads),
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
