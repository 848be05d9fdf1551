/** The other end of `pool.ts`: inside a thread, does each job that comes and sends its result back. */
import { parentPort } from 'node:worker_threads';

import type { Labour } from './pool.ts';

interface Request<Job> {
  readonly index: number;
  readonly job: Job;
}

export const serve = <Job, Result>(work: Labour<Job, Result>['work']): void => {
  parentPort?.on('message', ({ index, job }: Request<Job>) => {
    parentPort?.postMessage({ index, result: work(job) });
  });
};
