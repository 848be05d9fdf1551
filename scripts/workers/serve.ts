/** The other end of `pool.ts`: inside a thread, does each job that comes, reports its progress and returns its result. */
import * as workerpool from 'workerpool';

import type { JobKind } from './pool.ts';

/** Serves one kind of job in this thread. */
export const serve = <Job, Progress, Result>(work: JobKind<Job, Progress, Result>['work']): void => {
  workerpool.worker({
    work: (job: Job) =>
      work(job, (progress) => {
        workerpool.workerEmit(progress);
      })(),
  });
};
