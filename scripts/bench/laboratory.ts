/** What every experiment of a benchmark uses: the backend, numbers of threads, the peers. */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import type { Backend } from '../../src/backend/backend.ts';
import { startBackend } from '../backends.ts';
import { runError, type CommandError } from '../exit.ts';
import type { Timing } from '../timing.ts';
import { peakTiming } from './peak.ts';
import { startPeer, type Peer, type PeerKind } from './peer.ts';

export interface BenchOptions {
  readonly backend: string;
  /** All that are used. */
  readonly threads: number;
  readonly repetitions: number;
  readonly peers: boolean;
  readonly quick: boolean;
  /** No single run is started that is expected to take more seconds. */
  readonly longest: number;
}

export interface Laboratory {
  readonly options: BenchOptions;
  /** One thread, and all. */
  readonly threadCounts: readonly number[];
  readonly backend: (threads: number) => TaskEither<CommandError, Backend>;
  /** The most multiply-adds that this machine has done so far. */
  readonly peak: () => Promise<Timing>;
  /** The peer, or null where it is not installed. */
  readonly peer: (kind: PeerKind) => TaskEither<CommandError, Peer | null>;
  /** Name and version of each peer that was started. */
  readonly peersMet: () => Promise<readonly string[]>;
  /** Ends the peers. */
  readonly close: () => Promise<void>;
}

export const openLaboratory = (options: BenchOptions): Laboratory => {
  const peers = new Map<string, Promise<Peer | null>>();
  const backends = new Map<number, TaskEither<CommandError, Backend>>();
  const started = async (): Promise<readonly Peer[]> =>
    (await Promise.all(peers.values())).filter((peer) => peer !== null);
  return {
    options,
    threadCounts: [...new Set([1, options.threads])],
    backend: (threads) => {
      const known = backends.get(threads) ?? once(startBackend({ name: options.backend, threads }));
      backends.set(threads, known);
      return known;
    },
    peak: once(peakTiming),
    peer: (kind) =>
      TE.fromTask(async () => {
        const key = JSON.stringify(kind);
        const known = peers.get(key) ?? (options.peers ? startPeer(kind) : Promise.resolve(null));
        peers.set(key, known);
        return known;
      }),
    peersMet: async () => [...new Set((await started()).map(({ version }) => version))],
    close: async () => {
      (await started()).forEach(({ stop }) => {
        stop();
      });
    },
  };
};

/** How often a peer tries each setting before it chooses. */
export const probes = ({ options }: Laboratory): number => (options.quick ? 1 : 3);

/** Whatever fails while a benchmark runs, in its own words. */
export const failed = ({ message }: { readonly message: string }): CommandError => runError(message);

/** A task whose first result is kept. */
const once = <A>(task: () => Promise<A>): (() => Promise<A>) => {
  const kept = new Map<'result', Promise<A>>();
  return () => {
    const result = kept.get('result') ?? task();
    kept.set('result', result);
    return result;
  };
};

/** A peer's answer to what is asked of it, or null where there is no such peer. */
export const askPeer =
  (lab: Laboratory, kind: PeerKind) =>
  <A>(ask: (peer: Peer) => TaskEither<CommandError, A>): TaskEither<CommandError, A | null> =>
    pipe(
      lab.peer(kind),
      TE.chain((peer) => (peer === null ? TE.right(null) : ask(peer))),
    );
