/** Laws of the classical Heisenberg model: closed forms, symmetries, and forces as differences. */
import fc from 'fast-check';

import type { OrthogonalMatrix } from '../../src/lattice/orthogonal.ts';
import { ferromagnet, rotate, type SpinConfiguration } from '../../src/lattice/spins.ts';
import { act, type LatticeSymmetry } from '../../src/lattice/symmetry.ts';
import type { Reals } from '../../src/number/reals.ts';
import { symmetryOf } from '../arbitraries/lattices.ts';
import { configurations, configurationsOf, orthogonalMatrices } from '../arbitraries/spins.ts';
import { interval } from '../arbitraries/interval.ts';
import type { Law } from '../law.ts';

/** The energy and its gradient at a coupling. */
export type Heisenberg = (J: number) => (spins: SpinConfiguration) => {
  readonly energy: number;
  readonly forces: Reals;
};

const couplings = interval(-4, 4);

/** 2 N^2 products of order |J| <= 4, N <= 8: 128 roundings of a sum of at most 512. */
const rounding = 128 * 512 * Number.EPSILON;

/** A spiral in the x-z plane whose angle grows by 2 pi p / N a row and 2 pi q / N a column. */
interface Spiral {
  readonly J: number;
  readonly size: number;
  readonly p: number;
  readonly q: number;
}

const spiral = ({ size, p, q }: Spiral): SpinConfiguration => {
  const angles = Array.from(
    { length: size * size },
    (_, site) => (2 * Math.PI * (p * Math.floor(site / size) + q * (site % size))) / size,
  );
  return {
    size,
    components: Float64Array.from([...angles.map(Math.sin), ...angles.map(() => 0), ...angles.map(Math.cos)]),
  };
};

export const spiralsInClosedForm: Law<Heisenberg, Spiral> = {
  statement:
    'a spiral of wave vector (p, q) 2 pi / N has the energy -J N^2 (cos 2 pi p / N + cos 2 pi q / N): the ferromagnet ' +
    '-2 J N^2, and the antiferromagnet, p = q = N / 2, 2 J N^2',
  cases: fc
    .integer({ min: 3, max: 8 })
    .chain((size) =>
      fc.record({ J: couplings, size: fc.constant(size), p: fc.nat({ max: size - 1 }), q: fc.nat({ max: size - 1 }) }),
    ),
  holds: (model) => (example) => {
    const { J, size, p, q } = example;
    const expected = -J * size * size * (Math.cos((2 * Math.PI * p) / size) + Math.cos((2 * Math.PI * q) / size));
    const ground = model(J)(ferromagnet(size)).energy;
    return (
      Math.abs(model(J)(spiral(example)).energy - expected) <= rounding &&
      Math.abs(ground + 2 * J * size * size) <= rounding
    );
  },
};

interface Moved {
  readonly J: number;
  readonly spins: SpinConfiguration;
  readonly matrix: OrthogonalMatrix;
  readonly g: LatticeSymmetry;
}

export const heisenbergIsSymmetric: Law<Heisenberg, Moved> = {
  statement: 'the energy stays, and forces are carried along, under O(3), translations and C4v',
  cases: configurations(3, 5).chain((spins) =>
    fc.record({ J: couplings, spins: fc.constant(spins), matrix: orthogonalMatrices, g: symmetryOf(spins) }),
  ),
  holds:
    (model) =>
    ({ J, spins, matrix, g }) => {
      const move = (field: SpinConfiguration): SpinConfiguration => act(g)(rotate(matrix)(field));
      const before = model(J)(spins);
      const after = model(J)(move(spins));
      const carried = move({ size: spins.size, components: before.forces }).components;
      return (
        Math.abs(after.energy - before.energy) <= rounding &&
        after.forces.every((force, i) => Math.abs(force - (carried[i] ?? NaN)) <= rounding)
      );
    },
};

interface Direction {
  readonly J: number;
  readonly spins: SpinConfiguration;
  readonly direction: SpinConfiguration;
}

export const heisenbergForcesAreDifferences: Law<Heisenberg, Direction> = {
  statement:
    'E is quadratic: its central difference along any direction of all spins is the forces along it, whatever the step',
  cases: fc
    .integer({ min: 3, max: 5 })
    .chain((size) => fc.record({ J: couplings, spins: configurationsOf(size), direction: configurationsOf(size) })),
  holds:
    (model) =>
    ({ J, spins, direction }) => {
      const at = (step: number): number =>
        model(J)({
          size: spins.size,
          components: spins.components.map((x, i) => x + step * (direction.components[i] ?? NaN)),
        }).energy;
      const slope = model(J)(spins).forces.reduce((sum, force, i) => sum + force * (direction.components[i] ?? NaN), 0);
      return Math.abs((at(1) - at(-1)) / 2 - slope) <= 8 * rounding;
    },
};
