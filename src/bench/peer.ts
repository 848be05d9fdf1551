/** A peer: other software that does the same work beside us. */
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import type { Reals } from '../number/reals.ts';
import type { BenchError, Timing } from './timing.ts';

/** Which software, with how many threads. */
export interface PeerKind {
  readonly script: 'torch' | 'numpy' | 'onnx';
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
  readonly setting: string;
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
