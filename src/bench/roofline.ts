/** How much of the peak is reached: the operations of a run over its time, beside the most that a core can do. */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import type { Entry, EntryPeer } from './experiment.ts';
import type { Laboratory } from './laboratory.ts';
import type { BenchError } from './timing.ts';

/** The time that so many operations take at the peak, as a peer. */
export const peakPeer = (lab: Laboratory, operations: number): TaskEither<BenchError, EntryPeer> =>
  pipe(
    TE.fromTask(lab.peak),
    TE.map((peak) => ({
      name: 'peak',
      timing: pipe(
        peak.timing,
        TE.map(({ wall, cpu }) => ({
          wall: (wall * operations) / peak.operations,
          cpu: (cpu * operations) / peak.operations,
        })),
      ),
      setting: 'registers',
      deviation: null,
    })),
  );

/** The row of a run of one thread as a rate, beside the time that its operations would take at the peak. */
export const rateEntry =
  (lab: Laboratory, name: string, operations: number) =>
  ({ ours }: Pick<Entry, 'ours'>): TaskEither<BenchError, Entry> =>
    pipe(
      peakPeer(lab, operations),
      TE.map((peer) => ({ name, threads: 1, quantity: { tag: 'rate', operations }, ours, peer })),
    );
