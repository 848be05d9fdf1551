/**
 * Spin configurations: one classical unit vector at each site of an N x N lattice.
 *
 * Configurations of N = 1 and 2 exist, as tiles of larger ones; the Hamiltonians refuse them (`squareLattice`).
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';

import type { Reals } from '../number/reals.ts';
import { transform, type OrthogonalMatrix, type Vector3 } from './orthogonal.ts';
import { hypot } from '../number/elementary/hypotenuse.ts';

/** Unit vectors s_i on an N x N lattice. */
export interface SpinConfiguration {
  /** N. */
  readonly size: number;
  /** Shape [3, N, N], row-major: all x components, then y, then z; each |s_i| = 1. */
  readonly components: Reals;
}

/**
 * Where each plane of an array of shape [3, N, N] begins, as spins and forces have it: component x of site i is number
 * x + i.
 *
 * @example
 * planes(16) // [0, 16, 32]
 */
export const planes = (sites: number): readonly [x: number, y: number, z: number] => [0, sites, 2 * sites];

/** Numbers that are no spin configuration: the message says what is expected, and where it fails. */
export interface SpinError {
  readonly tag: 'SpinError';
  readonly message: string;
}

/** How far |s_i| may be from 1: spins that were stored as float32 pass. */
const normTolerance = 1e-6;

const spinError = (message: string): Either<SpinError, never> => E.left({ tag: 'SpinError', message });

/**
 * The configuration with these components, shape [3, N, N], row-major. Fails for a wrong count, NaN, and spins whose
 * length is not 1 within 1e-6; they are neither rounded nor normalized.
 *
 * @example
 * spinConfiguration(1, [0, 0, 1]) // right({ size: 1, components: [0, 0, 1] })
 */
export const spinConfiguration = (
  size: number,
  components: ArrayLike<number>,
): Either<SpinError, SpinConfiguration> => {
  if (!Number.isSafeInteger(size) || size < 1) {
    return spinError(`expected a lattice size N that is a positive integer, got ${size}`);
  }
  if (components.length !== 3 * size * size) {
    return spinError(
      `expected ${3 * size * size} numbers, shape [3, ${size}, ${size}], got ${components.length}: ` +
        'all x components come first, then y, then z',
    );
  }
  return unitSpins({ size, components: Float64Array.from(components) });
};

/**
 * The same configuration, if each |s_i| is 1 within 1e-6. Fails with the first spin that is no unit vector.
 *
 * @example
 * E.isRight(unitSpins(ferromagnet(1))) // true
 */
export const unitSpins = (spins: SpinConfiguration): Either<SpinError, SpinConfiguration> => {
  const { size } = spins;
  const norms = spinNorms(spins);
  const site = norms.findIndex((norm) => !(Math.abs(norm - 1) <= normTolerance));
  return site < 0
    ? E.right(spins)
    : spinError(
        `expected unit spins, but the spin at row ${Math.floor(site / size)}, column ${site % size} ` +
          `has length ${norms[site] ?? NaN}: divide each spin by its length`,
      );
};

/** |s_i| at each site, [N^2]. */
const spinNorms = (spins: SpinConfiguration): Reals =>
  Float64Array.from({ length: spins.size * spins.size }, (_, site) => hypot(...spinAt(spins)(site)));

/**
 * s_i.
 *
 * @example
 * spinAt(ferromagnet(2))(3) // [0, 0, 1]
 */
export const spinAt =
  ({ size, components }: SpinConfiguration) =>
  (site: number): Vector3 => {
    const [x, y, z] = planes(size * size);
    return [components[x + site] ?? NaN, components[y + site] ?? NaN, components[z + site] ?? NaN];
  };

/** The configuration whose spin at (row, column) is the unit vector given. */
const fromSpins = (size: number, spinOf: (row: number, column: number) => Vector3): SpinConfiguration => {
  const vectors = Array.from({ length: size * size }, (_, site) => spinOf(Math.floor(site / size), site % size));
  return {
    size,
    components: Float64Array.from([
      ...vectors.map(([x]) => x),
      ...vectors.map(([, y]) => y),
      ...vectors.map(([, , z]) => z),
    ]),
  };
};

/** All spins along z. */
export const ferromagnet = (size: number): SpinConfiguration => fromSpins(size, () => [0, 0, 1]);

/** Every spin turned, or reflected, alike: s_i -> R s_i. */
export const rotate =
  (matrix: OrthogonalMatrix) =>
  (spins: SpinConfiguration): SpinConfiguration =>
    fromSpins(spins.size, (row, column) => transform(matrix)(spinAt(spins)(row * spins.size + column)));

/** The configuration repeated k times down and k times to the right: size k N. */
export const tile =
  (k: number) =>
  (spins: SpinConfiguration): SpinConfiguration =>
    fromSpins(k * spins.size, (row, column) => spinAt(spins)((row % spins.size) * spins.size + (column % spins.size)));
