/** Exact energies as `efnn energy` prints them. */
import * as O from 'fp-ts/lib/Option.js';

import type { Labels } from '../dataset/system.ts';
import type { Json } from '../file/canonical-json.ts';
import { nested } from '../file/nested-array.ts';

/** `{"energies": [B], "forces": [B][3][N][N]}`, the latter where they were asked for, on an N x N lattice. */
export const energiesJson = (found: readonly Labels[], size: number): Json => {
  const forces = O.sequenceArray(found.map((labels) => labels.forces));
  return {
    energies: found.map(({ energy }) => energy),
    ...(O.isSome(forces) ? { forces: forces.value.map(nested([3, size, size])) } : {}),
  };
};
