/** What an experiment of a benchmark uses: a clock, a backend, numbers of threads, peers. Whoever runs it brings them. */
import { pipe } from 'fp-ts/lib/function.js';
import type { IO } from 'fp-ts/lib/IO.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import type { Backend } from '../backend/backend.ts';
import type { TypedProgram } from '../program/typecheck.ts';
import type { Peer, PeerKind } from './peer.ts';
import type { Refusal } from './report.ts';
import type { Sampled } from './step-parts.ts';
import type { BenchError, Timing } from './timing.ts';

/** How thorough a benchmark is. */
export interface BenchOptions {
  readonly backend: string;
  /** All that are used. */
  readonly threads: number;
  readonly repetitions: number;
  readonly peers: boolean;
  readonly quick: boolean;
  /** No single run is started that is expected to take more seconds. */
  readonly longest: number;
  /** After which no experiment is begun. */
  readonly minutes: number;
}

/** So many floating-point operations in a run, and its timing. */
export interface Peak {
  readonly operations: number;
  readonly timing: Timing;
}

/** The backend on a GPU, and what its adapter is called. */
export interface BenchGpu extends Backend {
  readonly adapter: string;
}

/** The parts of a step that correlations and their adjoints become. */
export type CorrelationPart = 'spectra' | 'products' | 'inverse' | 'gradients';

/** What experiments are made with. */
export interface Laboratory {
  readonly options: BenchOptions;
  /** One thread, and all. */
  readonly threadCounts: readonly number[];
  readonly backend: (threads: number) => TaskEither<BenchError, Backend>;
  /** The GPU, or null where this machine has none. */
  readonly gpu: TaskEither<BenchError, BenchGpu | null>;
  /** How the seconds of a run are found. */
  readonly timingOf: (run: TaskEither<BenchError, unknown>) => Timing;
  /** What a profiler finds in the functions of a run, in seconds of one run. */
  readonly profile: (run: TaskEither<BenchError, unknown>) => TaskEither<BenchError, readonly Sampled[]>;
  /** What the backend computes of correlations on a lattice for a batch: operations of 128 bits in each part. */
  readonly correlationWork: (
    program: TypedProgram,
  ) => (latticeSize: number, batch: number) => Readonly<Record<CorrelationPart, number>>;
  /** The most multiply-adds that this machine has done so far. */
  readonly peak: () => Promise<Peak>;
  /** The peer, or null where it is not installed. */
  readonly peer: (kind: PeerKind) => TaskEither<BenchError, Peer | null>;
  /** Notes a peer that is not timed in a row, and goes on with what stands in its place. */
  readonly refuse: <A>(refusal: Refusal, instead: A) => IO<A>;
}

/** A peer's answer to what is asked of it, or null where there is no such peer. */
export const askPeer =
  (lab: Laboratory, kind: PeerKind) =>
  <A>(ask: (peer: Peer) => TaskEither<BenchError, A>): TaskEither<BenchError, A | null> =>
    pipe(
      lab.peer(kind),
      TE.chain((peer) => (peer === null ? TE.right(null) : ask(peer))),
    );
