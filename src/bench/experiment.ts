/** An experiment: some rows that are measured together, contenders taking turns. */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import type { BenchCheck } from './report.ts';
import { benchRow, inUnit, type BenchRow, type Quantity } from './row.ts';
import type { Laboratory } from './laboratory.ts';
import type { BenchError, Times, Timing } from './timing.ts';

/** One row, before it is timed. */
export interface Entry {
  readonly name: string;
  readonly threads: number;
  readonly quantity: Quantity;
  readonly ours: Timing;
  readonly peer: EntryPeer | null;
}

/** The peer of a row. */
export interface EntryPeer {
  readonly name: string;
  readonly timing: Timing;
  readonly setting: string;
  /** How far its numbers are from ours; null where there is nothing to compare, as for a peak. */
  readonly deviation: number | null;
}

/** Rows that are made ready together. */
export interface Experiment {
  /** The names of the rows that it can measure. */
  readonly rows: readonly string[];
  /** Makes ready those that are wanted, given what was measured before. */
  readonly entries: (
    lab: Laboratory,
    wanted: (row: string) => boolean,
    before: readonly BenchRow[],
  ) => TaskEither<BenchError, readonly Entry[]>;
}

/** What was measured, and how peers were checked. */
export interface Findings {
  readonly rows: readonly BenchRow[];
  readonly checks: readonly BenchCheck[];
}

/** The findings before the first experiment. */
export const nothingFound: Findings = { rows: [], checks: [] };

/** The findings of one experiment after the other. */
export const together = (before: Findings, after: Findings): Findings => ({
  rows: [...before.rows, ...after.rows],
  checks: [...before.checks, ...after.checks],
});

/** How the peers of entries were checked. */
export const checksOf = (entries: readonly Entry[]): readonly BenchCheck[] => entries.flatMap(checkOf);

const checkOf = ({ name, threads, peer }: Entry): readonly BenchCheck[] =>
  typeof peer?.deviation === 'number'
    ? [{ name, threads, peer: peer.name, setting: peer.setting, deviation: peer.deviation }]
    : [];

/** How long contenders take turns. */
export interface Rounds {
  /** So many rounds, */
  readonly most: number;
  /** or fewer, when they would take more seconds than this; when even one would, the round that warms up counts. */
  readonly seconds: number;
}

/** The times of contenders that take turns. */
export type TakingTurns = (contenders: readonly Timing[]) => TaskEither<BenchError, readonly Times[]>;

/** What is measured in one process, on some version of Node. */
export interface Side {
  readonly node: string;
  readonly entries: readonly Entry[];
}

const never = { wall: NaN, cpu: NaN };

const unknown: Times = { median: never, quartile: never };

/** Times the entries of all sides in turns; a timing that several of them share is taken once a round. */
export const measured =
  (takingTurns: TakingTurns) =>
  (sides: readonly Side[]): TaskEither<BenchError, readonly BenchRow[]> => {
    const all = sides.flatMap(({ entries }) => entries);
    const contenders = [...new Set(all.flatMap(({ ours, peer }) => (peer === null ? [ours] : [ours, peer.timing])))];
    return pipe(
      contenders,
      takingTurns,
      TE.map((times) => {
        const spentOn = new Map(contenders.map((timing, i) => [timing, times[i]]));
        const valueOf = (quantity: Quantity, timing: Timing) => inUnit(quantity, spentOn.get(timing) ?? unknown);
        return sides.flatMap(({ node, entries }) =>
          entries.map(({ name, threads, quantity, ours, peer }) =>
            benchRow(
              { name, threads, node, ...valueOf(quantity, ours) },
              peer === null ? null : { name: peer.name, ...valueOf(quantity, peer.timing) },
            ),
          ),
        );
      }),
    );
  };
