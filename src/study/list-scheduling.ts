/** Jobs given to workers one after the other, each to the worker that has the least to do: list scheduling. */

/** Who does which job, and how long each worker is at it. */
export interface Assignment {
  /** The worker of each job, counted from 0. */
  readonly workers: readonly number[];
  /** The sum of the costs that each worker has. */
  readonly loads: readonly number[];
}

/**
 * The assignment of jobs of these costs to n >= 1 workers: each next job goes to the worker with the least load, the first of several.
 * The largest load is at most the mean one and (1 - 1/n) of the largest cost, whatever the order of the jobs.
 *
 * @source Graham, SIAM J. Appl. Math. 17, 416 (1969)
 * @example assignInTurn([3, 1, 1, 2], 2) // { workers: [0, 1, 1, 1], loads: [3, 4] }
 */
export const assignInTurn = (costs: readonly number[], n: number): Assignment =>
  costs.reduce<Assignment>(
    ({ workers, loads }, cost) => {
      const idlest = loads.indexOf(Math.min(...loads));
      return {
        workers: [...workers, idlest],
        loads: loads.map((load, worker) => (worker === idlest ? load + cost : load)),
      };
    },
    { workers: [], loads: Array.from({ length: n }, () => 0) },
  );
