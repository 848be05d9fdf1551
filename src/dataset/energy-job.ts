/** Exact energies of given spins as jobs: plain data, so that another thread can do one. */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';

import type { DataError } from '../file/data-error.ts';
import type { Reals } from '../number/reals.ts';
import type { Labelling, Labels } from './system.ts';
import { systems, type SystemName } from './systems.ts';

/** Some configurations of a system, and what is wanted of them. */
export interface EnergyJob {
  readonly system: SystemName;
  readonly labelling: Labelling;
  readonly configurations: readonly Reals[];
}

/** The labels of the configurations of a job, in their order. Fails where one has no finite energy. */
export const labelsFor = ({ system, labelling, configurations }: EnergyJob): Either<DataError, readonly Labels[]> =>
  pipe(
    systems[system].labels(labelling),
    E.chain((labelsOf) => pipe(configurations, E.traverseArray(labelsOf))),
  );
