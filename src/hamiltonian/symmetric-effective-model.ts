/**
 * Eq. (3) with the symmetries of the lattice: couplings that translations, quarter turns and mirrors map onto each other are
 * one. Of the terms within a window of w x w sites, wherever it lies on the torus, those of one class are summed,
 *
 *   E_eff(S) = J_0 + sum over classes a of pairs g_a X_a + sum over classes b of pairs of pairs g_b X_b,
 *
 * X_a the sum of s_i . s_j over the pairs of the class, X_b that of (s_i . s_j)(s_k . s_l), each divided by the root of its
 * number of terms, so that features of independent spins vary alike. Self pairs are left out: they are constants.
 *
 * @eq 3
 */
import type { SpinConfiguration } from '../lattice/spins.ts';
import { siteAt, siteCount, sites, type SquareLattice } from '../lattice/square-lattice.ts';
import type { Design } from '../linear/ridge.ts';
import type { Reals } from '../number/reals.ts';
import * as kernel from './symmetric-effective-model.kernel.ts';

type Site = readonly [row: number, column: number];

/** The bond from a site to the site so far from it, at a distance from where a term begins. */
interface Bond {
  readonly start: Site;
  readonly to: Site;
}

/** A term up to translation: one bond, or two. */
type Term = readonly Bond[];

const compared = ([a, b]: Site, [c, d]: Site): number => a - c || b - d;

const minus = ([a, b]: Site, [c, d]: Site): Site => [a - c, b - d];

/** The pairs of sites that a term joins, moved so that rows and columns begin at 0, in one order: equal for equal terms. */
const normalForm = (pairs: readonly (readonly [Site, Site])[]): readonly (readonly [Site, Site])[] => {
  const all = pairs.flat();
  const corner: Site = [Math.min(...all.map(([row]) => row)), Math.min(...all.map(([, column]) => column))];
  return pairs
    .map(([i, j]) => [minus(i, corner), minus(j, corner)].toSorted(compared))
    .map(([i = corner, j = corner]) => [i, j] as const)
    .toSorted(([i, j], [k, l]) => compared(i, k) || compared(j, l));
};

/** The eight symmetries of the square, about the origin. */
const pointGroup: readonly ((site: Site) => Site)[] = [1, -1].flatMap((a) =>
  [1, -1].flatMap((b) => [
    ([row, column]: Site): Site => [a * row, b * column],
    ([row, column]: Site): Site => [b * column, a * row],
  ]),
);

const windowPairs = (width: number): readonly (readonly [Site, Site])[] => {
  const places = Array.from({ length: width * width }, (_, i): Site => [Math.floor(i / width), i % width]);
  return places.flatMap((i, a) => places.slice(a + 1).map((j) => [i, j] as const));
};

/** Terms that the symmetries map onto each other, each once. */
const classesOf = (terms: readonly (readonly (readonly [Site, Site])[])[]): readonly (readonly Term[])[] => {
  const known = new Map<string, readonly Term[]>();
  const seen = new Set<string>();
  terms.forEach((pairs) => {
    const name = JSON.stringify(normalForm(pairs));
    if (seen.has(name)) {
      return;
    }
    const images = new Map(
      pointGroup
        .map((g) => normalForm(pairs.map(([i, j]) => [g(i), g(j)])))
        .map((image) => [JSON.stringify(image), image] as const),
    );
    images.forEach((_, image) => seen.add(image));
    known.set(
      name,
      [...images.values()].map((image) => image.map(([i, j]) => ({ start: i, to: minus(j, i) }))),
    );
  });
  return [...known.values()];
};

/** The classes of pairs, then those of pairs of pairs, within windows of width w; their order is that of the features. */
export const symmetricTerms = (width: number): readonly (readonly Term[])[] => {
  const pairs = windowPairs(width);
  return [
    ...classesOf(pairs.map((pair) => [pair])),
    ...classesOf(pairs.flatMap((pair, p) => pairs.slice(p).map((other) => [pair, other]))),
  ];
};

/** What the kernel sums: for each class its terms as maps of bonds (a term of one bond names it alone) and their offset. */
const plansOf =
  (lattice: SquareLattice) =>
  (classes: readonly (readonly Term[])[]): kernel.Plan => {
    const bonds = new Map<string, Site>();
    const bondOf = (to: Site): number => {
      const name = to.join();
      if (!bonds.has(name)) {
        bonds.set(name, to);
      }
      return [...bonds.keys()].indexOf(name);
    };
    const shifted = ([row, column]: Site): Int32Array =>
      Int32Array.from(sites(lattice), (site) =>
        siteAt(lattice)(Math.floor(site / lattice.size) + row, (site % lattice.size) + column),
      );
    const shifts = new Map<string, Int32Array>();
    const shiftOf = (by: Site): Int32Array => {
      const found = shifts.get(by.join()) ?? shifted(by);
      shifts.set(by.join(), found);
      return found;
    };
    const planned = classes.map((terms) => ({
      scale: 1 / Math.sqrt(terms.length * siteCount(lattice)),
      terms: terms.flatMap(([one, other]) =>
        one === undefined
          ? []
          : [
              {
                bond: bondOf(one.to),
                other:
                  other === undefined
                    ? null
                    : { bond: bondOf(other.to), shift: shiftOf(minus(other.start, one.start)) },
              },
            ],
      ),
    }));
    return { classes: planned, bonds: [...bonds.values()].map(shifted) };
  };

/** The features X of a configuration, without the constant, in the order of `symmetricTerms`. */
export const symmetricFeatures = (width: number, lattice: SquareLattice): ((spins: SpinConfiguration) => Reals) => {
  const plan = plansOf(lattice)(symmetricTerms(width));
  return (spins) => kernel.features(plan, spins);
};

/** The design of the symmetric model: row by row a configuration of one lattice, columns as `symmetricFeatures`. */
export const symmetricDesign =
  (width: number, lattice: SquareLattice) =>
  (configurations: readonly SpinConfiguration[]): Design => {
    const featuresOf = symmetricFeatures(width, lattice);
    const rows = configurations.map(featuresOf);
    const columns = rows[0]?.length ?? 0;
    return {
      rows: rows.length,
      columns,
      times: (v) => Float64Array.from(rows, (row) => kernel.dot(row, v)),
      transposed: (u) => kernel.weightedSum(rows, u, columns),
    };
  };
