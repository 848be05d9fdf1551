/**
 * Spin configurations: one classical unit vector at each site of an N x N lattice.
 *
 * Configurations of N = 1 and 2 exist, as tiles of larger ones; the Hamiltonians refuse them (`squareLattice`).
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { Either } from 'fp-ts/lib/Either.js';

import { asManyAs, callersMistake, wholeNumberFrom } from '../number/callers-mistake.ts';
import type { Reals } from '../number/reals.ts';
import { transform, type OrthogonalMatrix, type Vector3 } from './orthogonal.ts';
import { siteCount, squareLattice, type LatticeError, type SquareLattice } from './square-lattice.ts';
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
 * @throws RangeError unless the sites are a whole number of at least 1.
 *
 * @example
 * planes(16) // [0, 16, 32]
 */
export const planes = (sites: number): readonly [x: number, y: number, z: number] => [0, wholeSites(sites), 2 * sites];

const wholeSites = wholeNumberFrom(1, 'a number of sites', 'give N^2');

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
export const spinConfiguration = (size: number, components: ArrayLike<number>): Either<SpinError, SpinConfiguration> =>
  pipe(
    wholeConfiguration(size, components.length),
    E.chain(() => unitSpins({ size, components: Float64Array.from(components) })),
  );

const wholeConfiguration = (size: number, count: number): Either<SpinError, unknown> => {
  if (!Number.isSafeInteger(size) || size < 1) {
    return spinError(
      `expected a lattice size N that is a positive integer, got ${size}: give the number of sites along one side`,
    );
  }
  return count === 3 * size * size ? E.right(undefined) : spinError(countMismatch(size, count));
};

const countMismatch = (size: number, count: number): string =>
  `expected ${3 * size * size} numbers, shape [3, ${size}, ${size}], got ${count}: ` +
  'all x components come first, then y, then z';

/**
 * The lattice of a configuration whose energy a Hamiltonian can tell. Fails for N < 3, for a wrong count of components, and where
 * one is not finite. Lengths may be any: gradients are taken without the constraint.
 *
 * @example
 * latticeOf(ferromagnet(3)) // right({ size: 3 })
 */
export const latticeOf = ({ size, components }: SpinConfiguration): Either<LatticeError, SquareLattice> => {
  const latticeError = (message: string): Either<LatticeError, never> => E.left({ tag: 'LatticeError', message });
  return pipe(
    squareLattice(size),
    E.chain((lattice) => {
      const infinite = components.findIndex((x) => !Number.isFinite(x));
      if (components.length !== 3 * size * size) {
        return latticeError(countMismatch(size, components.length));
      }
      return infinite === -1
        ? E.right(lattice)
        : latticeError(
            `expected finite spins, got ${components[infinite]} at entry ${infinite}: recompute it, or leave its configuration out`,
          );
    }),
  );
};

/**
 * The same configuration, if each |s_i| is 1 within 1e-6. Fails with the first spin that is no unit vector.
 *
 * @example
 * E.isRight(unitSpins(ferromagnet(1))) // true
 */
export const unitSpins = (spins: SpinConfiguration): Either<SpinError, SpinConfiguration> => {
  const { size, components } = spins;
  return pipe(
    wholeConfiguration(size, components.length),
    E.chain(() => {
      const norms = spinNorms(spins);
      const site = norms.findIndex((norm) => !(Math.abs(norm - 1) <= normTolerance));
      const norm = norms[site] ?? NaN;
      return site < 0
        ? E.right(spins)
        : spinError(
            `expected unit spins, but the spin at row ${Math.floor(site / size)}, column ${site % size} ` +
              `has length ${norm}: ${lengthAdvice(norm)}`,
          );
    }),
  );
};

/** What helps a spin of this length: what has no length, or no direction, cannot be divided by its length. */
const lengthAdvice = (norm: number): string => {
  if (norm === 0) {
    return 'it has no direction; give it one, or leave its configuration out';
  }
  return Number.isFinite(norm)
    ? 'divide each spin by its length'
    : 'recompute its components, or leave its configuration out';
};

/** |s_i| at each site, [N^2]. */
const spinNorms = (spins: SpinConfiguration): Reals => {
  const at = spinAt(spins);
  return Float64Array.from({ length: siteCount(spins) }, (_, site) => hypot(...at(site)));
};

/**
 * s_i.
 *
 * @throws RangeError where the lattice has no such site, or not three components for each.
 *
 * @example
 * spinAt(ferromagnet(2))(3) // [0, 0, 1]
 */
export const spinAt = (spins: SpinConfiguration): ((site: number) => Vector3) => {
  const { components } = spins;
  const count = siteCount(spins);
  const [x, y, z] = planes(count);
  asManyAs(3 * count, 'components, three for each site', 'all x components come first, then y, then z')(components);
  return (site) =>
    Number.isSafeInteger(site) && site >= 0 && site < count
      ? [components[x + site] ?? NaN, components[y + site] ?? NaN, components[z + site] ?? NaN]
      : callersMistake(`a site from 0 to ${count - 1}`, String(site), 'count rows of N from 0');
};

/** The configuration whose spin at (row, column) is the unit vector given. */
const fromSpins = (size: number, spinOf: (row: number, column: number) => Vector3): SpinConfiguration => {
  const vectors = Array.from({ length: siteCount({ size }) }, (_, site) =>
    spinOf(Math.floor(site / size), site % size),
  );
  return {
    size,
    components: Float64Array.from([
      ...vectors.map(([x]) => x),
      ...vectors.map(([, y]) => y),
      ...vectors.map(([, , z]) => z),
    ]),
  };
};

/**
 * All spins along z.
 *
 * @throws RangeError unless N is a whole number of at least 1.
 */
export const ferromagnet = (size: number): SpinConfiguration => fromSpins(size, () => [0, 0, 1]);

/** Every spin turned, or reflected, alike: s_i -> R s_i. */
export const rotate =
  (matrix: OrthogonalMatrix) =>
  (spins: SpinConfiguration): SpinConfiguration => {
    const at = spinAt(spins);
    return fromSpins(spins.size, (row, column) => transform(matrix)(at(row * spins.size + column)));
  };

/**
 * The configuration repeated k times down and k times to the right: size k N.
 *
 * @throws RangeError unless k is a whole number of at least 1.
 */
export const tile = (k: number): ((spins: SpinConfiguration) => SpinConfiguration) => {
  const times = wholeNumberFrom(1, 'a number of repetitions', 'give 1 for the configuration itself')(k);
  return (spins) => {
    const at = spinAt(spins);
    return fromSpins(times * spins.size, (row, column) => at((row % spins.size) * spins.size + (column % spins.size)));
  };
};
