/** The lattice: who neighbours whom, which symmetries it has, and what a spin configuration is. */
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';

import { cross, dot, orthogonalMatrix } from '../src/lattice/orthogonal.ts';
import { ferromagnet, rotate, spinConfiguration, tile } from '../src/lattice/spins.ts';
import {
  bonds,
  neighbours,
  siteAt,
  siteCount,
  squareLattice,
  type SquareLattice,
} from '../src/lattice/square-lattice.ts';
import * as symmetry from '../src/lattice/symmetry.ts';
import { verify } from './law.ts';
import {
  actionIsLeft,
  bondsAreThePairs,
  isGroup,
  neighboursAreOneStepAway,
  onlyUnitSpinsPass,
  rotationIsO3,
  symmetriesAreTheirNames,
  symmetriesKeepBonds,
  tilingRepeats,
  type Group,
} from './laws/lattice.ts';
import { messageOf, right } from './right.ts';

verify(neighboursAreOneStepAway, neighbours, {
  'a row runs on into the next': (lattice) => (site) =>
    [site + 1, site + lattice.size, site - 1, site - lattice.size].map(
      (x) => (x + siteCount(lattice)) % siteCount(lattice),
    ),
  'the remainder of a negative number is negative':
    ({ size }) =>
    (site) => {
      const [row, column] = [Math.floor(site / size), site % size];
      return [
        row * size + ((column + 1) % size),
        ((row + 1) % size) * size + column,
        row * size + ((column - 1) % size),
        ((row - 1) % size) * size + column,
      ];
    },
  'left is forgotten': (lattice) => (site) => neighbours(lattice)(site).slice(0, 3),
});

verify(bondsAreThePairs, bonds, {
  'open boundaries': (lattice) => bonds(lattice).filter(({ wraps }) => !wraps),
  'each bond from both its ends': (lattice) =>
    bonds(lattice).flatMap((bond) => [bond, { ...bond, from: bond.to, to: bond.from }]),
  'the last row is not seen to wrap': (lattice) =>
    bonds(lattice).map((bond) => (bond.direction === 'down' ? { ...bond, wraps: false } : bond)),
});

const wholeGroup: Group = {
  elements: symmetry.symmetryGroup,
  compose: symmetry.compose,
  inverse: symmetry.inverse,
};

const withoutHalfTurn = (lattice: SquareLattice) => symmetry.pointGroup(lattice).filter((_, element) => element !== 2);

describe('C4v', () => {
  verify(
    isGroup(() => 8),
    { ...wholeGroup, elements: symmetry.pointGroup },
    {
      'the half turn is missing': { ...wholeGroup, elements: withoutHalfTurn },
      'turns alone': { ...wholeGroup, elements: (lattice) => symmetry.pointGroup(lattice).slice(0, 4) },
      'a turn is its own inverse': { ...wholeGroup, elements: symmetry.pointGroup, inverse: (g) => g },
    },
  );
});

describe('the whole group', () => {
  verify(
    isGroup(({ size }) => 8 * size * size),
    wholeGroup,
    {
      'translations alone': { ...wholeGroup, elements: symmetry.translations },
      'a point group that does not move the translations': {
        ...wholeGroup,
        compose: (g) => (h) => (g.images[0] === 0 ? h : symmetry.compose(g)(h)),
      },
    },
  );
});

verify(symmetriesKeepBonds, wholeGroup, {
  'a shear taken for a turn': {
    ...wholeGroup,
    elements: (lattice) => [
      {
        size: lattice.size,
        images: Array.from({ length: siteCount(lattice) }, (_, site) =>
          siteAt(lattice)(Math.floor(site / lattice.size), (site % lattice.size) + Math.floor(site / lattice.size)),
        ),
      },
    ],
  },
});

verify(symmetriesAreTheirNames, symmetry, {
  'up and left': { ...symmetry, translation: (rows, columns) => symmetry.translation(-rows, -columns) },
  'the transposed shift': { ...symmetry, translation: (rows, columns) => symmetry.translation(columns, rows) },
  'the turn the other way': { ...symmetry, quarterTurn: (lattice) => symmetry.inverse(symmetry.quarterTurn(lattice)) },
  'up and down exchanged': {
    ...symmetry,
    mirror: (lattice) => {
      const half = symmetry.compose(symmetry.quarterTurn(lattice))(symmetry.quarterTurn(lattice));
      return symmetry.compose(half)(symmetry.mirror(lattice));
    },
  },
});

verify(actionIsLeft, symmetry.act, {
  'the action of the inverse': (g) => symmetry.act(symmetry.inverse(g)),
  'the x components alone': (g) => (configuration) => {
    const moved = symmetry.act(g)(configuration).components;
    const sites = moved.length / 3;
    return {
      ...configuration,
      components: configuration.components.map((x, index) => (index < sites ? (moved[index] ?? NaN) : x)),
    };
  },
});

verify(onlyUnitSpinsPass, spinConfiguration, {
  'lengths are not checked': (size, components) =>
    components.length === 3 * size * size
      ? E.right({ size, components: Float64Array.from(components) })
      : E.left({ message: 'expected another length' }),
  'norms are not checked against NaN': (size, components) =>
    spinConfiguration(
      size,
      Array.from(components, (x) => (Number.isNaN(x) ? 1 / Math.sqrt(3) : x)),
    ),
  'float32 spins are refused': (size, components) =>
    components instanceof Float32Array ? E.left({ message: 'expected float64' }) : spinConfiguration(size, components),
  'the first spin alone is checked': (size, components) =>
    E.map(() => ({ size, components: Float64Array.from(components) }))(
      spinConfiguration(
        1,
        [0, size * size, 2 * size * size].map((index) => components[index] ?? NaN),
      ),
    ),
});

verify(rotationIsO3, rotate, {
  'the transposed matrix':
    ({ rows: [a, b, c] }) =>
    (spins) =>
      rotate({
        rows: [
          [a[0], b[0], c[0]],
          [a[1], b[1], c[1]],
          [a[2], b[2], c[2]],
        ],
      })(spins),
  'reflections are made rotations': (matrix) => {
    const [a, b, c] = matrix.rows;
    const handedness = Math.sign(dot(a, cross(b, c)));
    return (spins) => {
      const reflected = rotate(matrix)(spins);
      return { ...reflected, components: reflected.components.map((x) => handedness * x) };
    };
  },
});

verify(tilingRepeats, tile, {
  'every spin k times in a row': (k) => (spins) => {
    const tiled = tile(k)(spins);
    const source = (index: number): number => {
      const [plane, site] = [Math.floor(index / tiled.size ** 2), index % tiled.size ** 2];
      const [row, column] = [Math.floor(site / tiled.size), site % tiled.size];
      return plane * spins.size ** 2 + Math.floor(row / k) * spins.size + Math.floor(column / k);
    };
    return { ...tiled, components: tiled.components.map((_, index) => spins.components[source(index)] ?? NaN) };
  },
  'no repetition': () => (spins) => spins,
});

describe('bad input', () => {
  it.each([2, 1, 0, -3, 3.5, NaN, Infinity])('N = %d is no lattice', (size) => {
    expect(messageOf(squareLattice(size))).toMatch(/at least 3, got .*choose N >= 3/);
  });

  it('names the spin that is no unit vector, and its length', () => {
    const spoilt = [...ferromagnet(3).components];
    expect(messageOf(spinConfiguration(3, spoilt.with(18 + 5, 2)))).toContain('row 1, column 2 has length 2');
  });

  it('says how many numbers were expected', () => {
    expect(messageOf(spinConfiguration(3, [0, 0, 1]))).toContain('expected 27 numbers, shape [3, 3, 3], got 3');
    expect(messageOf(spinConfiguration(0, []))).toContain('positive integer, got 0');
  });

  it('takes rows as orthonormal to 1e-12, and not beyond', () => {
    const slanted = (by: number) =>
      orthogonalMatrix([
        [1, 0, 0],
        [by, 1, 0],
        [0, 0, -1],
      ]);
    expect(right(slanted(1e-12)).rows[1]).toEqual([1e-12, 1, 0]);
    expect(messageOf(slanted(1.1e-12))).toContain('orthonormal');
    const long = (by: number) =>
      orthogonalMatrix([
        [0, 1, 0],
        [1 + by, 0, 0],
        [0, 0, 1],
      ]);
    expect(right(long(4e-13)).rows[1]).toEqual([1 + 4e-13, 0, 0]);
    expect(messageOf(long(-1e-12))).toContain('orthonormal');
  });

  it('refuses a matrix that is not orthogonal', () => {
    expect(
      messageOf(
        orthogonalMatrix([
          [1, 0, 0],
          [0, 1, 0],
          [0, 1, 1],
        ]),
      ),
    ).toContain('orthonormal');
  });
});
