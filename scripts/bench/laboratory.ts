/** The laboratory of this machine: its clock, its backends, and the peers that are installed. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { Task } from 'fp-ts/lib/Task.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import type { Backend } from '../../src/backend/backend.ts';
import type { GpuBackend } from '../../src/backend/webgpu/webgpu.ts';
import { correlationWork } from '../../src/backend/wasm/correlation-work.ts';
import { peakRun } from '../../src/backend/wasm/peak.ts';
import type { BenchOptions, Laboratory, Peak } from '../../src/bench/laboratory.ts';
import { benchError, leastSoFar, type BenchError } from '../../src/bench/timing.ts';
import type { NodeProcess } from '../../src/bench/node-process.ts';
import type { Peer } from '../../src/bench/peer.ts';
import type { Refusal } from '../../src/bench/report.ts';
import { once } from '../../src/number/memoize.ts';
import { startBackend, startGpu } from '../backends.ts';
import { timingOf } from '../timing.ts';
import { nodePrograms } from './installation.ts';
import { startNodeProcess } from './node-process.ts';
import { startPeer } from './peer.ts';
import { profiled } from './profiler.ts';

/** A laboratory that must be closed. */
export interface OpenLaboratory extends Laboratory {
  /** Name and version of each peer that was started, and the adapter where there is a GPU. */
  readonly peersMet: () => Promise<readonly string[]>;
  /** This program on this Node and on others, each in a process of its own; none where there are no peers. */
  readonly nodes: () => Promise<readonly NodeProcess[]>;
  /** The peers that were not timed in a row, so far. */
  readonly refusals: () => readonly Refusal[];
  /** Ends the peers and the processes on Nodes. */
  readonly close: () => Promise<void>;
}

/** Opens the laboratory; backends and peers start when they are first asked for. */
export const openLaboratory = (options: BenchOptions): OpenLaboratory => {
  const peers = new Map<string, Promise<Peer | null>>();
  const backends = new Map<number, TaskEither<BenchError, Backend>>();
  const adapters = new Set<string>();
  const refusals = new Array<Refusal>();
  const started = async (): Promise<readonly Peer[]> =>
    (await Promise.all(peers.values())).filter((peer) => peer !== null);
  const nodes = once(async () =>
    options.peers
      ? (await Promise.all(nodePrograms().map(async (program) => startNodeProcess(program, options)))).filter(
          (node) => node !== null,
        )
      : [],
  );
  return {
    options,
    threadCounts: [...new Set([1, options.threads])],
    backend: (threads) => {
      const known =
        backends.get(threads) ?? once(pipe(startBackend({ name: options.backend, threads }), TE.mapLeft(benchError)));
      backends.set(threads, known);
      return known;
    },
    gpu: once(
      TE.fromTask(async () => {
        const gpu = await gpuOfMachine();
        if (gpu !== null) {
          adapters.add(`webgpu on ${gpu.adapter}`);
        }
        return gpu;
      }),
    ),
    timingOf,
    profile: profiled,
    correlationWork,
    peak: once(measuredPeak),
    peer: (kind) =>
      TE.fromTask(async () => {
        const key = JSON.stringify(kind);
        const known = peers.get(key) ?? (options.peers ? startPeer(kind) : Promise.resolve(null));
        peers.set(key, known);
        return known;
      }),
    refuse: (refusal, instead) => () => {
      refusals.push(refusal);
      process.stderr.write(`${refusal.name} (${refusal.threads}): not timed: ${refusal.reason}\n`);
      return instead;
    },
    refusals: () => [...refusals],
    nodes,
    peersMet: async () => [...new Set((await started()).map(({ version }) => version)), ...adapters],
    close: async () => {
      [...(await started()), ...(await nodes())].forEach(({ stop }) => {
        stop();
      });
    },
  };
};

/** The GPU of this machine; where there is none, one line says why. */
const gpuOfMachine: Task<GpuBackend | null> = async () => {
  const started = await startGpu();
  if (E.isRight(started)) {
    return started.right;
  }
  process.stderr.write(`no row on a GPU: ${started.left.message}\n`);
  return null;
};

/** Timings before the first that counts, so that one of them finds the core free and at full speed. */
const attempts = 50;

const measuredPeak = async (): Promise<Peak> => {
  const { operations, run } = peakRun();
  const timing = leastSoFar(timingOf(TE.fromIO(run)));
  await TE.sequenceSeqArray(Array.from({ length: attempts }, () => timing))();
  return { operations, timing };
};
