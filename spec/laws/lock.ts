/** Laws of locks. */
import fc from 'fast-check';

import type { Law } from '../law.ts';

/** What became of one racer: it held the lock alone, with another one, or was refused. */
export type RaceOutcome = 'held' | 'two' | 'refused';

/** Lets several processes race for a lock that a dead process left behind. */
export type Race = (round: number) => Promise<readonly RaceOutcome[]>;

/** Rounds are few in continuous integration; `EFNN_ROUNDS` asks for more. */
export const raceRounds = (text: string | undefined): number => Number(text ?? 30);

export const oneHoldsTheLock: Law<Race, number> = {
  statement: 'of all that race for the lock of a dead process one at a time holds it, and at least one does',
  cases: fc.nat(),
  holds: (race) => async (round) => {
    const outcomes = await race(round);
    return outcomes.includes('held') && !outcomes.includes('two');
  },
  runs: raceRounds(process.env['EFNN_ROUNDS']),
};
