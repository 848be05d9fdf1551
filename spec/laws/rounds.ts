/** Laws of rounds: what threads take of the work that they share. */
import { isDeepStrictEqual } from 'node:util';

import fc from 'fast-check';

import { compiledModule } from '../../src/assembler/engine.ts';
import { assembleModule } from '../../src/assembler/module.ts';
import { newRounds, type openRound, type takeCalls } from '../../src/backend/wasm/rounds.ts';
import type { Call, SharedModule } from '../../src/backend/wasm/shared-module.ts';
import type { Law } from '../law.ts';

/** A module that does nothing. */
const moduleOf = (id: number): SharedModule => ({
  id,
  module: compiledModule(assembleModule({ functions: [], exports: [], shared: false })),
  imports: {},
  names: [],
  functions: [],
  arenaAt: () => 0,
});

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

const callsIn = (round: number, count: number, modules: readonly SharedModule[]): readonly Call[] =>
  Array.from({ length: count }, (_, index) => modules.slice((round + index) % modules.length)).flatMap(
    ([of], index): readonly Call[] =>
      of === undefined
        ? []
        : [{ of, function: index % 3, operands: [64 * index, 10 * index, 1 + (index % 3), 10 * count] }],
  );

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
      const modules = [1, 2].map(moduleOf);
      return counts.every((count, index) => {
        const given = callsIn(index, count, modules);
        const taken = new Array<Call>();
        const thread = (depth: number): void => {
          take(rounds, (module, called, ...operands) => {
            taken.push(...modules.slice(module, module + 1).map((of) => ({ of, function: called, operands })));
            if (depth < 3 && letsAnother[taken.length % letsAnother.length] === true) {
              thread(depth + 1);
            }
          });
        };
        open(rounds, given, modules);
        thread(0);
        thread(0);
        return isDeepStrictEqual(taken, given);
      });
    },
};
