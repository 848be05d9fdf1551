/** An experiment: some rows that are measured together, contenders taking turns. */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import type { BenchCheck } from '../../src/bench/report.ts';
import { benchRow, inUnit, type BenchRow, type Quantity } from '../../src/bench/row.ts';
import type { CommandError } from '../exit.ts';
import { takingTurns, type Timing } from '../timing.ts';
import type { Laboratory } from './laboratory.ts';

/** One row, before it is timed. */
export interface Entry {
  readonly name: string;
  readonly threads: number;
  readonly quantity: Quantity;
  readonly ours: Timing;
  readonly peer: EntryPeer | null;
}

export interface EntryPeer {
  readonly name: string;
  readonly timing: Timing;
  readonly setting: string;
  /** How far its numbers are from ours; null where there is nothing to compare, as for a peak. */
  readonly deviation: number | null;
}

export interface Experiment {
  /** The names of the rows that it can measure. */
  readonly rows: readonly string[];
  /** Makes ready those that are wanted, given what was measured before. */
  readonly entries: (
    lab: Laboratory,
    wanted: (row: string) => boolean,
    before: readonly BenchRow[],
  ) => TaskEither<CommandError, readonly Entry[]>;
}

export interface Findings {
  readonly rows: readonly BenchRow[];
  readonly checks: readonly BenchCheck[];
}

export const nothingFound: Findings = { rows: [], checks: [] };

/** A round of all contenders that takes longer is not repeated as often as asked. */
const secondsPerExperiment = { whole: 30, quick: 5 };

const checkOf = ({ name, threads, peer }: Entry): readonly BenchCheck[] =>
  typeof peer?.deviation === 'number'
    ? [{ name, threads, peer: peer.name, setting: peer.setting, deviation: peer.deviation }]
    : [];

/** Times the entries; a timing that several of them share is taken once a round. */
export const measured =
  ({ options }: Laboratory, advance: () => void) =>
  (entries: readonly Entry[]): TaskEither<CommandError, Findings> => {
    const contenders = [
      ...new Set(entries.flatMap(({ ours, peer }) => (peer === null ? [ours] : [ours, peer.timing]))),
    ];
    const seconds = options.quick ? secondsPerExperiment.quick : secondsPerExperiment.whole;
    return pipe(
      contenders,
      takingTurns({ most: options.repetitions, seconds }, advance),
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
