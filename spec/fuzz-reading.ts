/** The thread of the fuzzer that reads: where it is stands in shared memory, so that its watch can tell where it hangs. */
import { parentPort } from 'node:worker_threads';

import { chanceOfFile, faultOf, mutated, type Target } from './fuzz.ts';

/** Which files are read: `count` of those that a seed makes, from the one with the index `first` on. */
export interface Files {
  readonly seed: number;
  readonly first: number;
  readonly count: number;
}

/** What the thread is told. */
export interface Reading extends Files {
  /** The index of the file that is being read, from `first` on. */
  readonly place: Int32Array;
  /** How long a file may take. */
  readonly milliseconds: number;
}

/** What the thread tells: each fault as it is found, and the time of the slowest file in the end. */
export type Told = { readonly fault: string } | { readonly slowestMilliseconds: number };

/** The target that the file of an index is made for: they take turns. */
export const targetAt = (targets: readonly Target[], index: number): Target | undefined =>
  targets[index % targets.length];

/** Reads the files one after the other. */
export const readAll = (targets: readonly Target[], { seed, first, count, place, milliseconds }: Reading): void => {
  const tell = (told: Told): void => parentPort?.postMessage(told);
  const reached = { slowest: 0 };
  for (const offset of Array(count).keys()) {
    const index = first + offset;
    const target = targetAt(targets, index);
    if (target === undefined) {
      throw new RangeError('no reader to be fuzzed');
    }
    Atomics.store(place, 0, index);
    const start = performance.now();
    const fault = faultOf(target, mutated(target.file, chanceOfFile(seed, index)));
    const elapsed = performance.now() - start;
    reached.slowest = Math.max(reached.slowest, elapsed);
    if (fault !== null || elapsed > milliseconds) {
      tell({ fault: `file ${index}, ${target.name}: ${fault ?? `${Math.ceil(elapsed)} ms`}` });
    }
  }
  tell({ slowestMilliseconds: Math.ceil(reached.slowest) });
};
