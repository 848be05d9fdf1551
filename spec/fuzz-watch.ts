/** The watch of the fuzzer: the readers run in a thread of their own, and one that hangs, fills the memory or dies is named. */
import { Worker } from 'node:worker_threads';

import type { Files, Reading, Told } from './fuzz-reading.ts';

/** What one file may cost. */
export interface Limits {
  readonly milliseconds: number;
  /** Of the whole process. */
  readonly memoryBytes: number;
}

/** What is promised of every reader. */
export const promised: Limits = { milliseconds: 2000, memoryBytes: 2 ** 30 };

/** What was found. */
export interface Found {
  readonly faults: readonly string[];
  /** Null where the thread did not come to the last file. */
  readonly slowestMilliseconds: number | null;
}

/** How often the watch looks, in milliseconds: a fraction of the time that a file may take. */
const lookEvery = 50;

/** Reads the files with the `targets` of a module; a reader that goes beyond a limit ends the run. */
export const watched = (module: URL, files: Files, limits: Limits): Promise<Found> =>
  new Promise((resolve) => {
    const place = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)).fill(-1);
    const reading: Reading = { ...files, place, milliseconds: limits.milliseconds };
    const thread = new Worker(new URL('workers/fuzz.worker.mjs', import.meta.url), {
      workerData: { module: module.href, reading },
      resourceLimits: { maxOldGenerationSizeMb: limits.memoryBytes / 2 ** 20 },
    });
    const faults = new Array<string>();
    const seen = { index: -1, since: performance.now() };
    const end = (slowestMilliseconds: number | null): void => {
      clearInterval(watch);
      thread.removeAllListeners();
      void thread.terminate();
      resolve({ faults, slowestMilliseconds });
    };
    const stop = (what: string): void => {
      faults.push(`file ${Atomics.load(place, 0)}: ${what}`);
      end(null);
    };
    const look = (): void => {
      const index = Atomics.load(place, 0);
      if (index !== seen.index) {
        Object.assign(seen, { index, since: performance.now() });
      }
      const memory = process.memoryUsage.rss();
      if (index >= 0 && performance.now() - seen.since > limits.milliseconds) {
        stop(`not read after ${limits.milliseconds} ms`);
      } else if (memory > limits.memoryBytes) {
        stop(`${Math.ceil(memory / 2 ** 20)} MiB of memory`);
      }
    };
    const watch = setInterval(look, lookEvery);
    thread
      .on('message', (told: Told) => {
        if ('fault' in told) {
          faults.push(told.fault);
        } else {
          end(told.slowestMilliseconds);
        }
      })
      .on('error', (error) => {
        stop(`the thread died: ${String(error)}`);
      })
      .on('exit', (code) => {
        stop(`the thread ended with code ${code}`);
      });
  });
