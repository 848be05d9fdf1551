/**
 * How much of the peak is reached: the operations of a run over its time, beside the most that a core can do; and how fast a run could
 * be at best, if it did nothing but its arithmetic, at the peak.
 */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import type { Entry, EntryPeer } from './experiment.ts';
import type { TypedProgram } from '../program/typecheck.ts';
import type { Laboratory } from './laboratory.ts';
import { arithmeticRow } from './row.ts';
import type { BenchError } from './timing.ts';

/** A product and a sum for each of the four numbers of 128 bits: what the peak counts. */
export const operationsPerVector = 8;

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

/** The operations that the correlations of a program, and their adjoints, become for a batch: what takes most of its time. */
export const correlationOperations = (lab: Laboratory, program: TypedProgram, size: number, batch: number): number => {
  const { spectra, products, inverse, gradients } = lab.correlationWork(program)(size, batch);
  return operationsPerVector * (spectra + products + inverse + gradients);
};

/**
 * The rows of the least time that a run of one thread can take, beside each peer of the run: that of its operations at the peak. So the
 * ratio is the most that these operations can gain over a peer, however little all else costs.
 */
export const arithmeticEntries = (
  lab: Laboratory,
  operations: number,
  times: readonly Entry[],
): TaskEither<BenchError, readonly Entry[]> =>
  pipe(
    peakPeer(lab, operations),
    TE.map(({ timing }) =>
      times
        .filter(({ threads }) => threads === 1)
        .map(({ name, peer }) => ({
          name: arithmeticRow(name),
          threads: 1,
          quantity: { tag: 'part' },
          ours: timing,
          // Its numbers were compared for the run itself.
          peer: peer && { ...peer, deviation: null },
        })),
    ),
  );
