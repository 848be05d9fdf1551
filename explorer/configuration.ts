/** Configurations as a hand makes them: one spin set, all of them turned. */
import * as E from 'fp-ts/lib/Either.js';

import { orthogonalMatrix, planes, type OrthogonalMatrix, type SpinConfiguration, type Vector3 } from 'efnn/physics';

/** The smallest and the largest lattice that the page shows. */
export const sizes = { least: 6, most: 40 };

/** Where a drawn spin may point: x to the right, y up on the page, z towards the reader. */
export const directions = {
  towards: [0, 0, 1],
  away: [0, 0, -1],
  right: [1, 0, 0],
  left: [-1, 0, 0],
  up: [0, 1, 0],
  down: [0, -1, 0],
} as const satisfies Readonly<Record<string, Vector3>>;

/** The name of one of them. */
export type Direction = keyof typeof directions;

export const isDirection = (name: string): name is Direction => Object.hasOwn(directions, name);

/** The configuration with one spin set. */
export const withSpin =
  (site: number, direction: Direction) =>
  ({ size, components }: SpinConfiguration): SpinConfiguration => {
    const spin = directions[direction];
    const places = planes(size * size);
    return {
      size,
      components: components.map((x, index) => {
        const axis = places.findIndex((plane) => index === plane + site);
        return spin[axis] ?? x;
      }),
    };
  };

/** The axes of spin space. */
export const axes = ['x', 'y', 'z'] as const;

/** One of them. */
export type Axis = (typeof axes)[number];

export const isAxis = (name: string): name is Axis => axes.some((axis) => axis === name);

const made = (rows: OrthogonalMatrix['rows']): OrthogonalMatrix => {
  const matrix = orthogonalMatrix(rows);
  if (E.isLeft(matrix)) {
    throw new RangeError(matrix.left.message);
  }
  return matrix.right;
};

/** The rotation about an axis by an angle, right-handed. */
export const rotation = (axis: Axis, angle: number): OrthogonalMatrix => {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const rows: Readonly<Record<Axis, OrthogonalMatrix['rows']>> = {
    x: [
      [1, 0, 0],
      [0, c, -s],
      [0, s, c],
    ],
    y: [
      [c, 0, s],
      [0, 1, 0],
      [-s, 0, c],
    ],
    z: [
      [c, -s, 0],
      [s, c, 0],
      [0, 0, 1],
    ],
  };
  return made(rows[axis]);
};

/** s -> -s. */
export const inversion: OrthogonalMatrix = made([
  [-1, 0, 0],
  [0, -1, 0],
  [0, 0, -1],
]);

/** Some elements of O(3), of which the last is no rotation: the law E(R s) = E(s) is tried on them. */
export const trials: readonly OrthogonalMatrix[] = [rotation('x', 1), rotation('y', 2), rotation('z', 3), inversion];
