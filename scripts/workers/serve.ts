/** The other end of `pool.ts`: inside a thread, does each job that comes and sends its notes and its result back. */
import { parentPort } from 'node:worker_threads';

import type { Labour, Reply } from './pool.ts';

interface Request<Job> {
  readonly index: number;
  readonly job: Job;
}

export const serve = <Job, Note, Result>(work: Labour<Job, Note, Result>['work']): void => {
  const send = (reply: Reply<Note, Result>): void => {
    parentPort?.postMessage(reply);
  };
  const answer = async ({ index, job }: Request<Job>): Promise<void> => {
    const result = await work(job, (note) => {
      send({ tag: 'note', index, note });
    })();
    send({ tag: 'result', index, result });
  };
  parentPort?.on('message', (request: Request<Job>) => {
    void answer(request);
  });
};
