/** Laws of the periodic square lattice, its symmetry group, and spin configurations. */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import fc from 'fast-check';

import { cross, dot, type OrthogonalMatrix, type Vector3 } from '../../src/lattice/orthogonal.ts';
import { spinAt, type SpinConfiguration } from '../../src/lattice/spins.ts';
import type { Bond, SquareLattice } from '../../src/lattice/square-lattice.ts';
import { identitySymmetry, type LatticeSymmetry } from '../../src/lattice/symmetry.ts';
import { lattices, siteOf, symmetryOf } from '../arbitraries/lattices.ts';
import { configurations, orthogonalMatrices, product } from '../arbitraries/spins.ts';
import type { Law } from '../law.ts';

const allSites = ({ size }: SquareLattice): readonly number[] => Array.from({ length: size * size }, (_, site) => site);

/** Steps between two sites along the shortest way around the torus. */
export const torusDistance = ({ size }: SquareLattice, a: number, b: number): number => {
  const around = (steps: number): number => Math.min(Math.abs(steps), size - Math.abs(steps));
  return around(Math.floor(a / size) - Math.floor(b / size)) + around((a % size) - (b % size));
};

export type Neighbours = (lattice: SquareLattice) => (site: number) => readonly number[];

export const neighboursAreOneStepAway: Law<Neighbours, readonly [SquareLattice, number]> = {
  statement: 'the neighbours of a site are the four sites one step away on the torus',
  cases: lattices(3, 7).chain((lattice) => fc.tuple(fc.constant(lattice), siteOf(lattice))),
  holds:
    (neighbours) =>
    ([lattice, site]) => {
      const nearest = allSites(lattice).filter((other) => torusDistance(lattice, site, other) === 1);
      const found = neighbours(lattice)(site);
      return found.length === 4 && nearest.length === 4 && nearest.every((other) => found.includes(other));
    },
};

export type Bonds = (lattice: SquareLattice) => readonly Bond[];

const pairName = (a: number, b: number): string => `${Math.min(a, b)}-${Math.max(a, b)}`;

export const bondsAreThePairs: Law<Bonds, SquareLattice> = {
  statement:
    'the bonds are the pairs of sites one step apart, each named once; those wrap that are no step on the plane',
  cases: lattices(3, 7),
  holds: (bonds) => (lattice) => {
    const pairs = allSites(lattice).flatMap((a) =>
      allSites(lattice).flatMap((b) => (a < b && torusDistance(lattice, a, b) === 1 ? [pairName(a, b)] : [])),
    );
    const named = bonds(lattice);
    const onPlane = ({ from, to }: Bond): boolean =>
      to - from === lattice.size || (to - from === 1 && to % lattice.size !== 0);
    return (
      named.length === pairs.length &&
      new Set([...pairs, ...named.map(({ from, to }) => pairName(from, to))]).size === pairs.length &&
      named.every((bond) => bond.wraps !== onPlane(bond))
    );
  },
};

/** The group as a list of elements with its product and inverse. */
export interface Group {
  readonly elements: (lattice: SquareLattice) => readonly LatticeSymmetry[];
  readonly compose: (g: LatticeSymmetry) => (h: LatticeSymmetry) => LatticeSymmetry;
  readonly inverse: (g: LatticeSymmetry) => LatticeSymmetry;
}

const name = (g: LatticeSymmetry): string => g.images.join();

interface GroupCase {
  readonly lattice: SquareLattice;
  readonly g: number;
  readonly h: number;
}

const groupCases: fc.Arbitrary<GroupCase> = fc.record({ lattice: lattices(3, 5), g: fc.nat(199), h: fc.nat(199) });

/** Elements by their place in the list, taken modulo its length. */
const elementsOf = (group: Group, { lattice, g, h }: GroupCase): readonly LatticeSymmetry[] => {
  const elements = group.elements(lattice);
  return [g, h].flatMap((index) => elements.slice(index % elements.length, (index % elements.length) + 1));
};

/** A group of n elements: n different ones, closed under products and inverses, with the identity. */
export const isGroup = (order: (lattice: SquareLattice) => number): Law<Group, GroupCase> => ({
  statement: 'the symmetries form a group of the right order: closed under products and inverses, nothing twice',
  cases: groupCases,
  holds: (group) => (example) => {
    const { lattice } = example;
    const known = new Set(group.elements(lattice).map(name));
    const [g, h] = elementsOf(group, example);
    const identity = name(identitySymmetry(lattice));
    return (
      g !== undefined &&
      h !== undefined &&
      known.size === order(lattice) &&
      group.elements(lattice).length === known.size &&
      known.has(identity) &&
      known.has(name(group.compose(g)(h))) &&
      name(group.compose(group.inverse(g))(g)) === identity
    );
  },
  runs: 40,
});

export const symmetriesKeepBonds: Law<Group, GroupCase> = {
  statement: 'a symmetry maps bonds to bonds',
  cases: groupCases,
  holds: (group) => (example) => {
    const [g] = elementsOf(group, example);
    return (
      g !== undefined &&
      allSites(example.lattice).every((a) =>
        allSites(example.lattice).every(
          (b) =>
            torusDistance(example.lattice, g.images[a] ?? NaN, g.images[b] ?? NaN) ===
            torusDistance(example.lattice, a, b),
        ),
      )
    );
  },
};

/** The symmetries that generate the group, by what they are called. */
export interface NamedSymmetries {
  readonly translation: (rows: number, columns: number) => (lattice: SquareLattice) => LatticeSymmetry;
  readonly quarterTurn: (lattice: SquareLattice) => LatticeSymmetry;
  readonly mirror: (lattice: SquareLattice) => LatticeSymmetry;
}

export const symmetriesAreTheirNames: Law<NamedSymmetries, readonly [SquareLattice, number, number]> = {
  statement:
    'a translation moves site 0 down by its rows and right by its columns, and its neighbours with it; the quarter ' +
    'turn takes what is right of site 0 below it, and what is below it to its left; the mirror changes right and left',
  cases: fc.tuple(lattices(3, 7), fc.nat(6), fc.nat(6)),
  holds:
    ({ translation, quarterTurn, mirror }) =>
    ([lattice, rows, columns]) => {
      const { size } = lattice;
      const [right, below, left] = [1, size, size - 1];
      const moved = translation(rows, columns)(lattice).images;
      const corner = (rows % size) * size + (columns % size);
      const [turned, mirrored] = [quarterTurn(lattice).images, mirror(lattice).images];
      return (
        moved[0] === corner &&
        moved[right] === corner + ((columns + 1) % size) - (columns % size) &&
        moved[below] === ((rows + 1) % size) * size + (columns % size) &&
        [turned[0], turned[right], turned[below]].join() === [0, below, left].join() &&
        [mirrored[0], mirrored[right], mirrored[left], mirrored[below]].join() === [0, left, right, below].join()
      );
    },
};

export type Action = (g: LatticeSymmetry) => (spins: SpinConfiguration) => SpinConfiguration;

export const actionIsLeft: Law<Action, readonly [SpinConfiguration, LatticeSymmetry, LatticeSymmetry]> = {
  statement: 'a symmetry carries the spin at r to g(r), so (g h) s = g (h s)',
  cases: configurations(3, 5).chain((spins) => fc.tuple(fc.constant(spins), symmetryOf(spins), symmetryOf(spins))),
  holds:
    (action) =>
    ([spins, g, h]) => {
      const carriedTwice = action(g)(action(h)(spins));
      return allSites(spins).every((site) => {
        const image = g.images[h.images[site] ?? NaN] ?? NaN;
        return spinAt(carriedTwice)(image).every((component, k) => component === spinAt(spins)(site)[k]);
      });
    },
};

/** What a user may hand over as spins: components, and whether they are a configuration. */
interface Candidate {
  readonly size: number;
  readonly components: readonly number[] | Float32Array;
  readonly valid: boolean;
}

const candidates: fc.Arbitrary<Candidate> = configurations(1, 5).chain((spins) => {
  const { size, components } = spins;
  const spoilt = (factor: number) =>
    siteOf(spins).map((spoiltSite) =>
      Array.from(components, (x, index) => (index % (size * size) === spoiltSite ? factor * x : x)),
    );
  const invalid = (arbitrary: fc.Arbitrary<readonly number[]>) =>
    arbitrary.map((list) => ({ size, components: list, valid: false }));
  return fc.oneof(
    fc.constant({ size, components: Float32Array.from(components), valid: true }),
    fc.constant({ size, components: Array.from(components), valid: true }),
    invalid(fc.constantFrom(1.00001, 0.99999, 0, -1.5, NaN, Infinity).chain(spoilt)),
    invalid(fc.constant([...components].slice(1))),
    invalid(fc.constant([...components, 0])),
  );
});

export type Validation = (
  size: number,
  components: ArrayLike<number>,
) => Either<{ readonly message: string }, SpinConfiguration>;

export const onlyUnitSpinsPass: Law<Validation, Candidate> = {
  statement: 'components are a configuration exactly if there are 3 N^2 of them and every spin is a unit vector',
  cases: candidates,
  holds:
    (validate) =>
    ({ size, components, valid }) => {
      const result = validate(size, components);
      return E.isRight(result)
        ? valid && Array.from(components).every((x, index) => result.right.components[index] === x)
        : !valid && result.left.message.includes('expected');
    },
  runs: 300,
};

export type Rotation = (matrix: OrthogonalMatrix) => (spins: SpinConfiguration) => SpinConfiguration;

/** Entries of order 1 that went through at most three reflections and three products, of about ten roundings each. */
const close = (a: number, b: number): boolean => Math.abs(a - b) <= 100 * Number.EPSILON;

const determinant = ([a, b, c]: OrthogonalMatrix['rows']): number => dot(a, cross(b, c));

const triple = (a: Vector3, b: Vector3, c: Vector3): number => dot(a, cross(b, c));

export const rotationIsO3: Law<Rotation, readonly [SpinConfiguration, OrthogonalMatrix, OrthogonalMatrix]> = {
  statement:
    'O(3) acts on spins: products are carried out in turn, dot products stay, triple products take the determinant',
  cases: fc.tuple(configurations(2, 3), orthogonalMatrices, orthogonalMatrices),
  holds:
    (rotate) =>
    ([spins, a, b]) => {
      const before = spinAt(spins);
      const after = spinAt(rotate(a)(spins));
      const inTurn = rotate(a)(rotate(b)(spins)).components;
      const atOnce = rotate({ rows: product(a.rows, b.rows) })(spins).components;
      return (
        allSites(spins).every((i) =>
          allSites(spins).every((j) => close(dot(after(i), after(j)), dot(before(i), before(j)))),
        ) &&
        close(triple(after(0), after(1), after(2)), determinant(a.rows) * triple(before(0), before(1), before(2))) &&
        inTurn.every((x, index) => close(x, atOnce[index] ?? NaN))
      );
    },
};

export type Tiling = (k: number) => (spins: SpinConfiguration) => SpinConfiguration;

export const tilingRepeats: Law<Tiling, readonly [SpinConfiguration, number]> = {
  statement: 'a k x k tiling has size k N, begins with its tile, and comes again after N rows and after N columns',
  cases: fc.tuple(configurations(1, 4), fc.integer({ min: 1, max: 4 })),
  holds:
    (tile) =>
    ([spins, k]) => {
      const tiled = tile(k)(spins);
      const same = (a: Vector3, b: Vector3): boolean => a.every((x, component) => x === b[component]);
      const tiledAt = (row: number, column: number): Vector3 =>
        spinAt(tiled)((row % tiled.size) * tiled.size + (column % tiled.size));
      return (
        tiled.size === k * spins.size &&
        allSites(spins).every((site) =>
          same(tiledAt(Math.floor(site / spins.size), site % spins.size), spinAt(spins)(site)),
        ) &&
        allSites(tiled).every((site) => {
          const [row, column] = [Math.floor(site / tiled.size), site % tiled.size];
          return (
            same(tiledAt(row, column), tiledAt(row + spins.size, column)) &&
            same(tiledAt(row, column), tiledAt(row, column + spins.size))
          );
        })
      );
    },
};
