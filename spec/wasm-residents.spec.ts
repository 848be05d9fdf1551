/** Residents of the wasm backend and memory: they give it back, do with less of it, and say when there is none. */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';

import { backendError, type Backend } from '../src/backend/backend.ts';
import { alone, teamOf, type Team } from '../src/backend/wasm/team.ts';
import { backendOn } from '../src/backend/wasm/wasm.ts';
import { verify } from './law.ts';
import {
  largeDataAreStaged,
  refusedMemoryIsAnError,
  releasesForgetTheirMachines,
  releasesGiveMemoryBack,
} from './laws/wasm-residents.ts';
import { namesHaveTheirOwnNumbers, sumsAreRead, sumsUpdateWithout } from './laws/resident.ts';
import { firstPlace, unreleased } from './mutants/residents.ts';
import { withMaking, withResidents } from './with-residents.ts';

const on = (team: Team): Backend => backendOn(team, 'separate', 'direct');

verify(releasesGiveMemoryBack, on(teamOf(2)), { 'a release is forgotten': unreleased(on(teamOf(2))) });

verify(releasesForgetTheirMachines, on, {
  'a release is forgotten': (team) => unreleased(on(team)),
  'threads forget all that they know': (team) => on({ ...team, forget: () => team.forget(() => true) }),
  'threads forget what came last': (team) => {
    const given = new Array<number>();
    return on({
      ...team,
      compute: (calls) => {
        given.push(...calls.map(({ of }) => of.id));
        return team.compute(calls);
      },
      forget: () => {
        team.forget(({ id }) => id === given.at(-1));
      },
    });
  },
});

verify(sumsAreRead, on(alone), {
  'one of two names of a value is not filled': withMaking(
    on(alone),
    (make) => (residency) => make({ ...residency, update: sumsUpdateWithout('n') }),
  ),
  'what is the same for all samples is no sum': withMaking(
    on(alone),
    (make) => (residency) => make({ ...residency, update: sumsUpdateWithout('constructor') }),
  ),
});

verify(namesHaveTheirOwnNumbers, on(alone), {
  'both are written': withResidents(on(alone), (resident) => ({
    ...resident,
    write: ({ m, ...others }) => resident.write(m === undefined ? others : { ...others, m, K: m }),
  })),
});

/** This thread in memory for many. */
const wide = (threads: number): Backend => on({ ...alone, threads });

verify(largeDataAreStaged, wide, {
  'data that do not fit are refused': (threads) =>
    threads === 1
      ? wide(threads)
      : withResidents(wide(threads), (resident) => ({
          ...resident,
          step: () => TE.left(backendError('expected a program that fits in 4 GiB on this lattice')),
        })),
  'the first place is staged alone': (threads) => (threads === 1 ? wide(threads) : firstPlace),
});

verify(refusedMemoryIsAnError, on(alone), {
  'the update throws': withMaking(
    on(alone),
    (make) => (residency) =>
      pipe(
        make(residency),
        TE.orElse((error) => {
          throw new RangeError(error.message);
        }),
      ),
  ),
});
