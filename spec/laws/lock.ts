/** Laws of locks. */
import fc from 'fast-check';

import type { Owner } from '../../src/provenance/lock-file.ts';
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

/** Reads the owner that a lock's text names; null where there is none. */
export type ReadOwner = (text: string) => Owner | null;

interface LockText {
  readonly owner: Owner;
  /** What stands in the file instead, where it was damaged. */
  readonly damage: ((text: string) => string) | null;
}

export const ownersAreReadBack: Law<ReadOwner, LockText> = {
  statement: 'the owner of a lock is read back; a text that was cut, changed or never was one names nobody',
  cases: fc.record({
    owner: fc.record({
      token: fc.stringMatching(/^[0-9a-f]{12}$/),
      process: fc.nat(),
      host: fc.string(),
      start: fc.option(fc.string(), { freq: 1 }),
      system: fc.string(),
    }),
    damage: fc.constantFrom(
      null,
      null,
      () => '',
      () => 'null',
      (text: string) => text.slice(0, -1),
      (text: string) => text.replace(/"token":"..../, '"token":"../'),
      (text: string) => text.replace(/"process":/, '"process":-0.5'),
      (text: string) => text.replace(/"host":/, '"toast":'),
    ),
  }),
  holds:
    (read) =>
    ({ owner, damage }) => {
      const text = JSON.stringify(owner);
      return damage === null ? JSON.stringify(read(text)) === text : read(damage(text)) === null;
    },
};
