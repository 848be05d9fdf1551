/** Unit vectors, O(3), and spin configurations. */
import fc from 'fast-check';

import { dot, orthogonalMatrix, type OrthogonalMatrix, type Vector3 } from '../../src/lattice/orthogonal.ts';
import { spinConfiguration, type SpinConfiguration } from '../../src/lattice/spins.ts';
import { right } from '../right.ts';
import { interval } from './interval.ts';

const scaled = (factor: number, [x, y, z]: Vector3): Vector3 => [factor * x, factor * y, factor * z];

/** A unit vector; the poles and the axes are likely. */
export const unitVectors: fc.Arbitrary<Vector3> = fc
  .tuple(interval(-1, 1), interval(0, 2 * Math.PI))
  .map(([z, phi]) => [Math.sqrt(1 - z * z) * Math.cos(phi), Math.sqrt(1 - z * z) * Math.sin(phi), z] as const)
  .map((v) => scaled(1 / Math.sqrt(dot(v, v)), v));

/** v -> v - 2 n (n . v), as rows. */
const reflection = (n: Vector3): OrthogonalMatrix['rows'] => {
  const row = (i: 0 | 1 | 2): Vector3 => {
    const [x, y, z] = scaled(-2 * n[i], n);
    return [x + (i === 0 ? 1 : 0), y + (i === 1 ? 1 : 0), z + (i === 2 ? 1 : 0)];
  };
  return [row(0), row(1), row(2)];
};

/** The matrix product, by rows. */
export const product = (a: OrthogonalMatrix['rows'], b: OrthogonalMatrix['rows']): OrthogonalMatrix['rows'] => {
  const column = (i: 0 | 1 | 2): Vector3 => [b[0][i], b[1][i], b[2][i]];
  const row = (v: Vector3): Vector3 => [dot(v, column(0)), dot(v, column(1)), dot(v, column(2))];
  return [row(a[0]), row(a[1]), row(a[2])];
};

/** Any element of O(3): a product of one reflection, or two, or three (Cartan and Dieudonne). */
export const orthogonalMatrices: fc.Arbitrary<OrthogonalMatrix> = fc
  .tuple(unitVectors, fc.array(unitVectors, { maxLength: 2 }))
  .map(([first, others]) => right(orthogonalMatrix(others.map(reflection).reduce(product, reflection(first)))));

/** A configuration on an N x N lattice. */
export const configurationsOf = (size: number): fc.Arbitrary<SpinConfiguration> =>
  fc
    .array(unitVectors, { minLength: size * size, maxLength: size * size })
    .map((spins) =>
      right(
        spinConfiguration(size, [...spins.map(([x]) => x), ...spins.map(([, y]) => y), ...spins.map(([, , z]) => z)]),
      ),
    );

export const configurations = (smallest: number, largest: number): fc.Arbitrary<SpinConfiguration> =>
  fc.integer({ min: smallest, max: largest }).chain(configurationsOf);
