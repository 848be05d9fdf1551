/** A peer: other software that does the same work beside us. */
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import type { Reals } from '../number/reals.ts';
import type { BenchError, Timing } from './timing.ts';

/** Which software, whose copy of it, with how many threads. */
export interface PeerKind {
  readonly script: 'torch' | 'jax' | 'onnx' | 'numpy';
  /** That of the environment which the benchmark installs, that of the system's Python, or the first of both that is there. */
  readonly copy: 'installed' | 'of the system' | 'either';
  readonly threads: number;
}

/** An array for a peer, or from one. */
export interface PeerArray {
  readonly shape: readonly number[];
  readonly values: Reals;
}

/** Arrays by their names. */
export type PeerArrays = Readonly<Record<string, PeerArray>>;

/** Work that a peer has made ready: its numbers, and a timing of it. */
export interface Prepared {
  /** Name and version. */
  readonly peer: string;
  /** What it chose, for readers. */
  readonly setting: string;
  /** What it chose, in its own words: given back, it is where the search starts with more threads. */
  readonly choice: string;
  readonly arrays: PeerArrays;
  readonly timing: Timing;
}

/** Software that answers. */
export interface Peer {
  /** Name and version. */
  readonly version: string;
  readonly prepare: (work: Readonly<Record<string, unknown>>, arrays: PeerArrays) => TaskEither<BenchError, Prepared>;
  readonly stop: () => void;
}
