/** Laws of the fitted effective model: ridge regression without its matrix, the designs of Eq. (3), planted couplings. */
import fc from 'fast-check';
import { Matrix, solve } from 'ml-matrix';

import { effectiveEnergy, effectiveFeatures, type Clusters } from '../../src/hamiltonian/effective-model.ts';
import { sample } from '../../src/lattice/sampler.ts';
import { rotate, type SpinConfiguration } from '../../src/lattice/spins.ts';
import { act, type LatticeSymmetry } from '../../src/lattice/symmetry.ts';
import type { Design, LinearSamples, RidgeFit } from '../../src/linear/ridge.ts';
import type { Patience } from '../../src/linear/shifted-conjugate-gradients.kernel.ts';
import type { Reals } from '../../src/number/reals.ts';
import { drawn, uniforms } from '../../src/random/draw.ts';
import { streamOf } from '../../src/random/stream.ts';
import { interval } from '../arbitraries/interval.ts';
import { symmetryOf } from '../arbitraries/lattices.ts';
import { configurationsOf, orthogonalMatrices } from '../arbitraries/spins.ts';
import type { Law } from '../law.ts';
import { right } from '../right.ts';

const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);

/** The design of a matrix that is written down. */
export const designOf = (rows: readonly (readonly number[])[]): Design => ({
  rows: rows.length,
  columns: rows[0]?.length ?? 0,
  times: (v) => Float64Array.from(rows, (row) => row.reduce((sum, x, i) => sum + x * (v[i] ?? NaN), 0)),
  transposed: (u) =>
    Float64Array.from(rows[0] ?? [], (_, i) => rows.reduce((sum, row, r) => sum + (row[i] ?? NaN) * (u[r] ?? NaN), 0)),
});

const closeTo =
  (tolerance: number) =>
  (a: Reals | readonly number[], b: Reals | readonly number[]): boolean => {
    const scale = Math.max(1, ...[...b].map(Math.abs));
    return a.length === b.length && [...a].every((x, i) => Math.abs(x - (b[i] ?? NaN)) <= tolerance * scale);
  };

/** Fits for ridges, in their order. */
export type RidgeFits = (
  ridges: readonly number[],
  patience: Patience,
) => (design: Design, y: Reals) => readonly RidgeFit[];

interface Regression {
  readonly rows: readonly (readonly number[])[];
  readonly y: readonly number[];
  readonly ridges: readonly number[];
}

const regressions: fc.Arbitrary<Regression> = fc
  .tuple(fc.integer({ min: 3, max: 12 }), fc.integer({ min: 1, max: 9 }))
  .chain(([count, columns]) =>
    fc.record({
      rows: fc.array(fc.array(interval(-2, 2), { minLength: columns, maxLength: columns }), {
        minLength: count,
        maxLength: count,
      }),
      y: fc.array(interval(-5, 5), { minLength: count, maxLength: count }),
      ridges: fc.array(interval(0.1, 10), { minLength: 1, maxLength: 4 }),
    }),
  );

/** Least squares of ml-matrix for rows with a 1, and below them sqrt(ridge) times the unit matrix, without the 1. */
const ridgeByLeastSquares = ({ rows, y }: Regression, ridge: number): readonly number[] => {
  const columns = rows[0]?.length ?? 0;
  const below = upTo(columns).map((i) => [0, ...upTo(columns).map((j) => (i === j ? Math.sqrt(ridge) : 0))]);
  const matrix = new Matrix([...rows.map((row) => [1, ...row]), ...below]);
  return solve(matrix, Matrix.columnVector([...y, ...below.map(() => 0)])).to1DArray();
};

export const ridgeIsLeastSquares: Law<RidgeFits, Regression> = {
  statement:
    'a ridge fit is the least-squares solution of ml-matrix with sqrt(ridge) rows below the design, its constant not held down, for every ridge',
  cases: regressions,
  holds: (fits) => (regression) =>
    fits(regression.ridges, { tolerance: 1e-13, most: 200 })(
      designOf(regression.rows),
      Float64Array.from(regression.y),
    ).every(({ ridge, constant, coefficients }, i) => {
      const wanted = regression.ridges[i];
      // Condition numbers up to 5,000 (rows of 12 x 4 against ridges of 0.1) leave ten digits.
      return ridge === wanted && closeTo(1e-9)([constant, ...coefficients], ridgeByLeastSquares(regression, ridge));
    }),
};

/** The fit that held-out samples choose. */
export type HeldOutFit = (patience: Patience) => (fitted: LinearSamples, heldOut: LinearSamples) => RidgeFit;

const noise = (seed: number, i: number): number => Math.sin(seed * (i + 1) * 12.9898) * 2;

export const heldOutChooses: Law<HeldOutFit, { readonly seed: number; readonly loud: boolean }> = {
  statement:
    'the chosen ridge grows with the noise: loud labels are held down, labels without any are interpolated, whatever the fitted error says',
  cases: fc.record({ seed: interval(1, 3), loud: fc.boolean() }),
  holds:
    (fit) =>
    ({ seed, loud }) => {
      const rows = upTo(60).map((r) => upTo(20).map((c) => noise(seed, 20 * r + c)));
      const values = rows.map((row, r) => (loud ? noise(seed + 1, r) : 1 + row.reduce((sum, x) => sum + x, 0)));
      const part = (from: number, to: number): LinearSamples => ({
        design: designOf(rows.slice(from, to)),
        values: Float64Array.from(values.slice(from, to)),
      });
      const { ridge } = fit({ tolerance: 1e-10, most: 200 })(part(0, 30), part(30, 60));
      const largest = rows.flat().reduce((sum, x) => sum + x * x, 0) / 20 / 2;
      return loud ? ridge > largest / 30 : ridge < largest / 300;
    },
  runs: 30,
};

/** The design of Eq. (3) on clusters. */
export type EffectiveDesign = (clusters: Clusters) => (configurations: readonly SpinConfiguration[]) => Design;

const corners: Clusters = [
  [0, 1, 3],
  [4, 5],
];

export const designIsOfFeatures: Law<
  EffectiveDesign,
  { readonly configurations: readonly SpinConfiguration[]; readonly seed: number }
> = {
  statement: 'products with the design of Eq. (3), and with its transpose, are those with the matrix of its features',
  cases: fc.record({
    configurations: fc.array(configurationsOf(3), { minLength: 1, maxLength: 4 }),
    seed: interval(0.1, 3),
  }),
  holds:
    (design) =>
    ({ configurations, seed }) => {
      const matrix = designOf(configurations.map((spins) => [...effectiveFeatures(corners)(spins)]));
      const found = design(corners)(configurations);
      const v = Float64Array.from({ length: matrix.columns }, (_, i) => Math.cos(seed * i));
      const u = Float64Array.from(configurations, (_, i) => Math.cos(seed * (i + 1)));
      return (
        found.rows === matrix.rows &&
        found.columns === matrix.columns &&
        closeTo(1e-12)(found.times(v), matrix.times(v)) &&
        closeTo(1e-12)(found.transposed(u), matrix.transposed(u))
      );
    },
  runs: 30,
};

/** Classes of terms, each with its members up to translation. */
export type SymmetricTerms = (width: number) => readonly (readonly unknown[])[];

/** Pairs of m sites, and pairs of those pairs, without self pairs. */
const countTerms = (m: number): number => {
  const pairs = (m * (m - 1)) / 2;
  return pairs + (pairs * (pairs + 1)) / 2;
};

export const termsAreCounted: Law<SymmetricTerms, number> = {
  statement:
    'the terms in windows of width w, up to translation, number f(w, w) - 2 f(w, w - 1) + f(w - 1, w - 1), f those within a ' +
    'rectangle; a class has as many as the point group has cosets: 1, 2, 4 or 8',
  cases: fc.integer({ min: 1, max: 4 }),
  runs: 8,
  holds: (terms) => (w) => {
    const classes = terms(w);
    const members = classes.reduce((sum, { length }) => sum + length, 0);
    return (
      members === countTerms(w * w) - 2 * countTerms(w * (w - 1)) + countTerms((w - 1) * (w - 1)) &&
      classes.every(({ length }) => [1, 2, 4, 8].includes(length))
    );
  },
};

/** The features of the symmetric form. */
export type SymmetricFeatures = (
  width: number,
  lattice: { readonly size: number },
) => (spins: SpinConfiguration) => Reals;

interface SymmetricCase {
  readonly spins: SpinConfiguration;
  readonly symmetry: LatticeSymmetry;
  readonly matrix: Parameters<typeof rotate>[0];
}

const symmetricCases: fc.Arbitrary<SymmetricCase> = fc
  .integer({ min: 6, max: 7 })
  .chain((size) =>
    fc.record({ spins: configurationsOf(size), symmetry: symmetryOf({ size }), matrix: orthogonalMatrices }),
  );

const spinAtSite = ({ size, components }: SpinConfiguration, site: number): readonly number[] =>
  [0, 1, 2].map((k) => components[k * size * size + site] ?? NaN);

/** The distinct terms within 2 x 2 windows at every place, by their sites: what all features together sum. */
const termsInWindows = (spins: SpinConfiguration): ReadonlyMap<string, number> => {
  const { size } = spins;
  const dot = (i: number, j: number): number => {
    const [one, other] = [spinAtSite(spins, i), spinAtSite(spins, j)];
    return one.reduce((sum, x, k) => sum + x * (other[k] ?? NaN), 0);
  };
  const entries = upTo(size * size).flatMap((corner) => {
    const at = (a: number, b: number): number =>
      ((Math.floor(corner / size) + a) % size) * size + (((corner % size) + b) % size);
    const window = [at(0, 0), at(0, 1), at(1, 0), at(1, 1)];
    const pairs = window.flatMap((i, a) =>
      window.slice(a + 1).map((j) => ({ name: [Math.min(i, j), Math.max(i, j)].join(), value: dot(i, j) })),
    );
    return [
      ...pairs.map(({ name, value }) => [name, value] as const),
      ...pairs.flatMap((one, p) =>
        pairs.slice(p).map((other) => [[one.name, other.name].toSorted().join('; '), one.value * other.value] as const),
      ),
    ];
  });
  return new Map(entries);
};

export const symmetricFeaturesAreInvariant: Law<SymmetricFeatures, SymmetricCase> = {
  statement:
    'the features of the symmetric form do not change under any symmetry of the lattice or of the spins, and each times the ' +
    'root of its number of terms they sum to all distinct terms of all windows, self pairs apart',
  cases: symmetricCases,
  runs: 20,
  holds:
    (features) =>
    ({ spins, symmetry, matrix }) => {
      const lattice = { size: spins.size };
      const of = features(2, lattice);
      const found = of(spins);
      const terms = termsInWindows(spins);
      const total = [...terms.values()].reduce((sum, x) => sum + x, 0);
      const parts = weightsOfClasses(lattice.size);
      return (
        closeTo(1e-11)(of(rotate(matrix)(spins)), found) &&
        closeTo(1e-11)(of(act(symmetry)(spins)), found) &&
        closeTo(1e-11)([found.reduce((sum, x, i) => sum + x * (parts[i] ?? NaN), 0)], [total])
      );
    },
};

/**
 * The roots of the numbers of terms of the classes of width 2, counted by hand: bonds along an axis 2 a site, diagonals 2; then
 * products of bonds: an axis bond squared 2, two that meet in a corner 4, an axis bond and a diagonal that meet 8, two
 * parallel ones across a square 2, a diagonal squared 2, two that cross 1.
 */
const weightsOfClasses = (size: number): readonly number[] =>
  [2, 2, 2, 4, 8, 2, 2, 1].map((terms) => Math.sqrt(terms) * size);

/** Fits planted energies, and what is found of them. */
export interface Planting {
  readonly design: (configurations: readonly SpinConfiguration[]) => Design;
  readonly fit: RidgeFits;
}

export const plantedCouplingsAreFound: Law<
  Planting,
  { readonly configurations: readonly SpinConfiguration[]; readonly couplings: readonly number[] }
> = {
  statement: 'couplings planted in energies are found again, with their constant, from more labels than couplings',
  cases: fc.record({
    configurations: fc.array(configurationsOf(6), { minLength: 30, maxLength: 30 }),
    couplings: fc.array(interval(-1, 1), { minLength: 9, maxLength: 9 }),
  }),
  runs: 10,
  holds:
    ({ design, fit }) =>
    ({ configurations, couplings: [constant = 0, ...couplings] }) => {
      const rows = design(configurations);
      const energies = rows.times(Float64Array.from(couplings)).map((energy) => energy + constant);
      return fit([1e-12], { tolerance: 1e-14, most: 500 })(rows, energies).every((found) =>
        closeTo(1e-6)([found.constant, ...found.coefficients], [constant, ...couplings]),
      );
    },
};

/** Of the lattice of 4 x 4 in four tiles of 2 x 2: P = 10 pairs a tile, 10 + 55 couplings each, and a constant. */
const fourTiles: Clusters = [
  [0, 1, 4, 5],
  [2, 3, 6, 7],
  [8, 9, 12, 13],
  [10, 11, 14, 15],
];

export const plantedTilesAreFound: Law<Planting, { readonly seed: number }> = {
  statement:
    'couplings planted in the energies of four tiles give the energies of other configurations, to the fit of more labels than terms that differ: 4 (6 + 21)',
  cases: fc.record({ seed: fc.nat({ max: 1000 }) }),
  runs: 4,
  holds:
    ({ design, fit }) =>
    ({ seed }) => {
      const couplings = drawn(streamOf(seed, 0))(uniforms(261)).map((u) => 2 * u - 1);
      const labelled = (first: number, count: number) => {
        const configurations = upTo(count).map((i) => sample('sphere')(4, seed + 1, first + i));
        const energies = Float64Array.from(configurations, (spins) =>
          right(effectiveEnergy(fourTiles, couplings)(spins)),
        );
        return { configurations, energies };
      };
      const [known, unknown] = [labelled(0, 200), labelled(200, 20)];
      return fit([1e-10], { tolerance: 1e-13, most: 2000 })(design(known.configurations), known.energies).every(
        ({ constant, coefficients }) =>
          closeTo(1e-5)(
            design(unknown.configurations)
              .times(coefficients)
              .map((energy) => energy + constant),
            unknown.energies,
          ),
      );
    },
};
