/** An experiment: some rows that are measured together, contenders taking turns. */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import type { BenchCheck } from './report.ts';
import { benchRow, inUnit, type BenchRow, type Quantity } from './row.ts';
import type { BenchOptions, Laboratory } from './laboratory.ts';
import type { BenchError, Timing } from './timing.ts';

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

/** A round of all contenders that takes longer is not repeated as often as asked. */
const secondsPerExperiment = { whole: 30, quick: 5 };

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

/** The median times of contenders that take turns. */
export type TakingTurns = (
  rounds: Rounds,
) => (contenders: readonly Timing[]) => TaskEither<BenchError, readonly number[]>;

/** Times the entries; a timing that several of them share is taken once a round. */
export const measured =
  (options: BenchOptions, takingTurns: TakingTurns) =>
  (entries: readonly Entry[]): TaskEither<BenchError, Findings> => {
    const contenders = [
      ...new Set(entries.flatMap(({ ours, peer }) => (peer === null ? [ours] : [ours, peer.timing]))),
    ];
    const seconds = options.quick ? secondsPerExperiment.quick : secondsPerExperiment.whole;
    return pipe(
      contenders,
      takingTurns({ most: options.repetitions, seconds }),
      TE.map((medians) => {
        const secondsOf = new Map(contenders.map((timing, i) => [timing, medians[i] ?? NaN]));
        const valueOf = (quantity: Quantity, timing: Timing) => inUnit(quantity, secondsOf.get(timing) ?? NaN);
        return {
          rows: entries.map(({ name, threads, quantity, ours, peer }) =>
            benchRow(
              { name, threads, ...valueOf(quantity, ours) },
              peer === null ? null : { name: peer.name, value: valueOf(quantity, peer.timing).value },
            ),
          ),
          checks: entries.flatMap(checkOf),
        };
      }),
    );
  };
