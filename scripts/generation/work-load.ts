/** How work is cut into jobs, and when threads of its own are worth their start. */
import type { Plan } from '../../src/dataset/plan.ts';
import { pieces } from '../../src/dataset/shard.ts';
import { secondsPerEnergy } from '../commands/exact-options.ts';

/** A job takes about this long, so that progress is seen and no thread waits long for the last one. */
const jobSeconds = 0.3;

/** A thread takes about half a second to start; work that is shorter than this is done without. */
const worthThreads = 2;

/** How many of the units that take so many seconds make one job. */
export const unitsPerJob = (secondsPerUnit: number): number => Math.max(1, Math.round(jobSeconds / secondsPerUnit));

export const batches = <A>(units: readonly A[], secondsPerUnit: number): readonly (readonly A[])[] =>
  pieces({ first: 0, count: units.length }, unitsPerJob(secondsPerUnit)).map(({ first, count }) =>
    units.slice(first, first + count),
  );

export const threadsFor = (threads: number, seconds: number): number => (seconds > worthThreads ? threads : 1);

/** Rough cost of one sample; the published draws are made at once, in each thread again. */
export const secondsPerSample = (plan: Plan): number =>
  plan.system === 'double-exchange' ? secondsPerEnergy(plan.size, plan.forces, plan.method) : 1e-5;
