/** How labelling is cut into jobs for threads, and when threads are worth their start. */
import { pieces } from './shard.ts';

/** A job takes about this long, so that progress is seen and no thread waits long for the last one. */
const jobSeconds = 0.3;

/**
 * A thread takes about half a second to start; work that is shorter than this is done without. Longer work never is, not on one
 * thread either: signals are answered by the main thread, and wait while it computes.
 */
const worthThreads = 2;

/** How many of the units that take so many seconds make one job; where a job takes long to prepare, as many as take as long. */
export const unitsPerJob = (secondsPerUnit: number, preparation = 0): number =>
  Math.max(1, Math.round(Math.max(jobSeconds, preparation) / secondsPerUnit));

/** The units in jobs, in order. */
export const batches = <A>(units: readonly A[], secondsPerUnit: number): readonly (readonly A[])[] =>
  pieces({ first: 0, count: units.length }, unitsPerJob(secondsPerUnit)).map(({ first, count }) =>
    units.slice(first, first + count),
  );

/** How many of so many threads are worth their start for work of so many seconds; none where it is done in the main thread. */
export const threadsFor = (threads: number, seconds: number): number => (seconds <= worthThreads ? 0 : threads);
