/** Residents of any backend, before there is a backend: who waits for whom. */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';

import type { Resident } from '../src/backend/backend.ts';
import { residents } from '../src/backend/schedule/resident.ts';
import { verify } from './law.ts';
import { releasesTakeTheirTurn, type MakeResidents } from './laws/resident.ts';

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
