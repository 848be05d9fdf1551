/** Tasks that share a state: one after the other, in the order in which they are asked for. */
import type { Task } from 'fp-ts/lib/Task.js';

/** A queue: each task that it is given starts when the one before has ended, well or not. */
export const inTurn = (): (<A>(task: Task<A>) => Task<A>) => {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => async () => {
    const result = last.then(task);
    last = result.catch(() => undefined);
    return result;
  };
};
