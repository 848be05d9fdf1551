/**
 * O(3): rotations and reflections of spin space. All spins turn together; the energy of every Hamiltonian here that has
 * vector spins depends on their dot products alone, or on a spectrum that an electron rotation restores.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';

/** A vector in spin space by its Cartesian components. */
export type Vector3 = readonly [x: number, y: number, z: number];

/** A 3 x 3 matrix by rows, R R^T = 1; made by `orthogonalMatrix`. */
export interface OrthogonalMatrix {
  readonly rows: readonly [Vector3, Vector3, Vector3];
}

/** Rows that are not orthonormal: the message says how far they are from it. */
export interface OrthogonalMatrixError {
  readonly tag: 'OrthogonalMatrixError';
  readonly message: string;
}

/** How far an entry of R R^T may be from that of the unit matrix. */
const tolerance = 1e-12;

/**
 * The scalar product a . b.
 *
 * @example
 * dot([1, 0, 2], [3, 4, 5]) // 13
 */
export const dot = ([a, b, c]: Vector3, [x, y, z]: Vector3): number => a * x + b * y + c * z;

/**
 * The vector product a x b, right-handed: x cross y = z.
 *
 * @example
 * cross([1, 0, 0], [0, 1, 0]) // [0, 0, 1]
 */
export const cross = ([a, b, c]: Vector3, [x, y, z]: Vector3): Vector3 => [b * z - c * y, c * x - a * z, a * y - b * x];

/** The matrix with these rows. Fails unless they are orthonormal to 1e-12; both handednesses are welcome. */
export const orthogonalMatrix = (rows: OrthogonalMatrix['rows']): Either<OrthogonalMatrixError, OrthogonalMatrix> => {
  const worst = Math.max(...rows.flatMap((a, i) => rows.map((b, j) => Math.abs(dot(a, b) - (i === j ? 1 : 0)))));
  return worst <= tolerance
    ? E.right({ rows })
    : E.left({
        tag: 'OrthogonalMatrixError',
        message: `expected orthonormal rows, but R R^T differs from the unit matrix by ${worst}: orthonormalize them`,
      });
};

/** R v. */
export const transform =
  ({ rows: [x, y, z] }: OrthogonalMatrix) =>
  (v: Vector3): Vector3 => [dot(x, v), dot(y, v), dot(z, v)];
