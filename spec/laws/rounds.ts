/** Laws of rounds: what threads take of the work that they share. */
import fc from 'fast-check';

import { newRounds, type GroupCall, type openRound, type takeCalls } from '../../src/backend/wasm/rounds.ts';
import type { Law } from '../law.ts';

/** How rounds are opened, and how a thread takes what is left of one. */
export interface Taking {
  readonly openRound: typeof openRound;
  readonly takeCalls: typeof takeCalls;
}

/** Rounds of so many calls; after its call, by turns, a thread lets another take until nothing is left. */
interface RoundsCase {
  readonly rounds: readonly number[];
  readonly letsAnother: readonly boolean[];
}

const callsOf = (round: number, count: number): readonly GroupCall[] =>
  Array.from({ length: count }, (_, index) => ({
    machine: round % 2,
    sums: 64 * index,
    first: 10 * index,
    chunks: 1 + (index % 3),
    capacity: 10 * count,
  }));

export const callsAreTakenOnce: Law<Taking, RoundsCase> = {
  statement:
    'each call of a round is taken once, the first one first, whoever takes it, and nothing is taken after that',
  cases: fc.record({
    rounds: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 4 }),
    letsAnother: fc.array(fc.boolean(), { minLength: 1, maxLength: 8 }),
  }),
  holds:
    ({ openRound: open, takeCalls: take }) =>
    ({ rounds: counts, letsAnother }) => {
      const rounds = newRounds();
      return counts.every((count, index) => {
        const given = callsOf(index, count);
        const taken = new Array<GroupCall>();
        const thread = (depth: number): void => {
          take(rounds, (call) => {
            taken.push(call);
            if (depth < 3 && letsAnother[taken.length % letsAnother.length] === true) {
              thread(depth + 1);
            }
          });
        };
        open(rounds, given);
        thread(0);
        thread(0);
        return JSON.stringify(taken) === JSON.stringify(given);
      });
    },
};
