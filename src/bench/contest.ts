/** Peers of a row: each does the work with one thread and with more, in the setting that is fastest, once it gave our numbers. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import { agreement } from './agreement.ts';
import type { Entry, EntryPeer } from './experiment.ts';
import { askPeer, type Laboratory } from './laboratory.ts';
import type { PeerArrays, PeerKind, Prepared } from './peer.ts';
import type { BenchError } from './timing.ts';

/** Work that we and peers do. */
export interface Contest {
  /** Of the row. */
  readonly name: string;
  readonly kinds: readonly Omit<PeerKind, 'threads'>[];
  readonly threadCounts: readonly number[];
  /** What a peer is told of the work, beside the arrays. */
  readonly work: Readonly<Record<string, unknown>>;
  readonly arrays: PeerArrays;
  /** Ours: the same for each number of threads, to the bit. */
  readonly numbers: TaskEither<BenchError, PeerArrays>;
  /** How far a peer's numbers may be from ours. */
  readonly tolerance: number;
}

/** A peer that may be timed, with so many threads. */
export interface Admitted {
  readonly threads: number;
  readonly peer: EntryPeer;
}

/** How long a peer tries settings before it chooses, in seconds: none is begun later. */
const trialSeconds = { whole: 6, quick: 1 };

/** A peer of several rows' work, to be shown under its name. */
export const entryPeer = ({ peer: name, setting, timing }: Prepared, deviation: number): EntryPeer => ({
  name,
  setting,
  timing,
  deviation,
});

/** Peers that gave our numbers; of the others the laboratory is told why they are not timed. */
export const admitted =
  (lab: Laboratory, contest: Contest) =>
  (numbers: PeerArrays): TaskEither<BenchError, readonly Admitted[]> => {
    const { name, kinds, threadCounts, work, arrays, tolerance } = contest;
    const trial = lab.options.quick ? trialSeconds.quick : trialSeconds.whole;
    const prepared = (kind: PeerKind, choice: string | null): TaskEither<never, Prepared | null> =>
      pipe(
        askPeer(lab, kind)((peer) => peer.prepare({ ...work, trial, choice, threads: kind.threads }, arrays)),
        TE.orElse(({ message }): TaskEither<never, Prepared | null> =>
          TE.fromIO(lab.refuse({ name, threads: kind.threads, reason: message }, null)),
        ),
      );
    const compared = (threads: number, found: Prepared): TaskEither<never, readonly Admitted[]> =>
      pipe(
        agreement(name, tolerance)(numbers, found),
        E.matchW(
          ({ message }) => TE.fromIO(lab.refuse({ name, threads, reason: message }, [])),
          (deviation) => TE.right([{ threads, peer: entryPeer(found, deviation) }]),
        ),
      );
    interface Course {
      readonly choice: string | null;
      readonly admitted: readonly Admitted[];
    }
    const start: TaskEither<never, Course> = TE.right({ choice: null, admitted: [] });
    const withMore =
      (kind: Contest['kinds'][number]) =>
      (before: TaskEither<never, Course>, threads: number): TaskEither<never, Course> =>
        pipe(
          before,
          TE.chain((course) =>
            pipe(
              prepared({ ...kind, threads }, course.choice),
              TE.chain((found) =>
                found === null
                  ? TE.right(course)
                  : pipe(
                      compared(threads, found),
                      TE.map((more) => ({ choice: found.choice, admitted: [...course.admitted, ...more] })),
                    ),
              ),
            ),
          ),
        );
    return pipe(
      kinds,
      TE.traverseSeqArray((kind) => threadCounts.reduce(withMore(kind), start)),
      TE.map((courses) => courses.flatMap((course) => course.admitted)),
    );
  };

/** The peers of a contest; our numbers are computed only where a peer may be asked for its own. */
export const peersOf = (lab: Laboratory, contest: Contest): TaskEither<BenchError, readonly Admitted[]> =>
  lab.options.peers ? pipe(contest.numbers, TE.chain(admitted(lab, contest))) : TE.right([]);

/** Our entry beside each peer with as many threads, or alone. */
export const besidePeers = (ours: Omit<Entry, 'peer'>, peers: readonly Admitted[]): readonly Entry[] => {
  const same = peers.filter(({ threads }) => threads === ours.threads);
  return same.length === 0 ? [{ ...ours, peer: null }] : same.map(({ peer }) => ({ ...ours, peer }));
};
