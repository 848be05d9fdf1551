/** Residents of any backend, before there is a backend: who waits for whom. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { expect, it } from 'vitest';

import type { Resident } from '../src/backend/backend.ts';
import { reference } from '../src/backend/reference/reference.ts';
import { residents } from '../src/backend/schedule/resident.ts';
import { record } from '../src/program/expression.ts';
import { typed } from './arbitraries/program.ts';
import { verify } from './law.ts';
import {
  namesHaveTheirOwnNumbers,
  releasesTakeTheirTurn,
  sumsAreRead,
  sumsUpdateWithout,
  type MakeResidents,
} from './laws/resident.ts';
import { right } from './right.ts';
import { withMaking, withResidents } from './with-residents.ts';

/** Residents of which one thing is changed, given the resident that makes no checks. */
const changed =
  (change: (guarded: Resident, bare: Resident) => Resident): MakeResidents =>
  (program, make) => {
    const made = new Array<Resident>();
    return (residency) =>
      pipe(
        residents(program, (checked) =>
          pipe(
            make(checked),
            TE.map((bare) => {
              made.push(bare);
              return bare;
            }),
          ),
        )(residency),
        TE.map((guarded) => change(guarded, made.at(-1) ?? guarded)),
      );
  };

verify(releasesTakeTheirTurn, residents, {
  'a release waits for nobody': changed((guarded, bare) => ({ ...guarded, release: bare.release })),
  'a release gives back each time': changed((guarded, bare) => ({
    ...guarded,
    release: () => {
      guarded.release();
      void guarded.read().then(bare.release);
    },
  })),
  'a release is forgotten': changed((guarded) => ({ ...guarded, release: () => undefined })),
  'what is asked after it is done': changed((guarded, bare) => ({ ...guarded, read: bare.read })),
});

verify(sumsAreRead, reference, {
  'one of two names of a value is not filled': withMaking(
    reference,
    (make) => (residency) => make({ ...residency, update: sumsUpdateWithout('n') }),
  ),
  'what is the same for all samples is no sum': withMaking(
    reference,
    (make) => (residency) => make({ ...residency, update: sumsUpdateWithout('constructor') }),
  ),
});

verify(namesHaveTheirOwnNumbers, reference, {
  'both are written': withResidents(reference, (resident) => ({
    ...resident,
    write: ({ m, ...others }) => resident.write(m === undefined ? others : { ...others, m, K: m }),
  })),
});

it('a release that fails leaves a resident that refuses', async () => {
  const empty = typed(record({}));
  const made = residents(empty, () =>
    TE.right({
      step: () => TE.right({}),
      write: () => TE.right(undefined),
      read: TE.right({}),
      release: () => {
        throw new RangeError('nothing is given back');
      },
    }),
  );
  const resident = right(await made({ update: record({}), state: {}, latticeSize: 1, data: null, observed: [] })());
  resident.release();
  expect(E.isLeft(await resident.read())).toBe(true);
});
