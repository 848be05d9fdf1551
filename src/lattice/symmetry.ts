/**
 * The symmetry group of the periodic square lattice: translations, and the point group C4v (quarter turns and mirrors),
 * as permutations of the sites. It has 8 N^2 elements (N >= 3), and maps bonds to bonds.
 *
 * A symmetry g moves what is at site r to site g(r): (g s)(g(r)) = s(r), so that g (h s) = (g h) s. Spins are carried
 * along unturned: hopping does not know the spin's direction, so lattice and spin symmetries are independent.
 */
import { callersMistake } from '../number/callers-mistake.ts';
import type { Reals } from '../number/reals.ts';
import { siteAt, siteCount, sites, type SquareLattice } from './square-lattice.ts';

/** A symmetry g of the periodic lattice, as a permutation of its sites. */
export interface LatticeSymmetry extends SquareLattice {
  /** g(r) for each site r. */
  readonly images: readonly number[];
}

/** The symmetry that sends (row, column) to the place given, modulo N. */
const symmetry =
  (place: (row: number, column: number) => readonly [row: number, column: number]) =>
  (lattice: SquareLattice): LatticeSymmetry => ({
    size: lattice.size,
    images: sites(lattice).map((site) =>
      siteAt(lattice)(...place(Math.floor(site / lattice.size), site % lattice.size)),
    ),
  });

/** The symmetry that moves nothing. */
export const identitySymmetry: (lattice: SquareLattice) => LatticeSymmetry = symmetry((row, column) => [row, column]);

/** Down by `rows`, right by `columns`. */
export const translation = (rows: number, columns: number): ((lattice: SquareLattice) => LatticeSymmetry) =>
  symmetry((row, column) => [row + rows, column + columns]);

/** By 90 degrees about site 0, right to down. */
export const quarterTurn: (lattice: SquareLattice) => LatticeSymmetry = symmetry((row, column) => [column, -row]);

/** Left and right exchanged, about the column of site 0. */
export const mirror: (lattice: SquareLattice) => LatticeSymmetry = symmetry((row, column) => [row, -column]);

const imageOf =
  ({ images }: LatticeSymmetry) =>
  (site: number): number =>
    images[site] ?? NaN;

/**
 * g h: first h, then g.
 *
 * @throws RangeError unless both belong to one lattice.
 */
export const compose =
  (g: LatticeSymmetry) =>
  (h: LatticeSymmetry): LatticeSymmetry =>
    g.size === h.size
      ? { size: h.size, images: h.images.map(imageOf(g)) }
      : callersMistake(`symmetries of one lattice`, `N = ${g.size} and N = ${h.size}`, 'make both for the same N');

/** g^-1: it sends g(r) to r. */
export const inverse = (g: LatticeSymmetry): LatticeSymmetry => {
  const origins = new Map(g.images.map((image, site) => [image, site]));
  return { size: g.size, images: g.images.map((_, site) => origins.get(site) ?? NaN) };
};

/**
 * C4v about site 0: four turns, and each of them after the mirror.
 *
 * @example
 * pointGroup({ size: 4 }).length // 8
 */
export const pointGroup = (lattice: SquareLattice): readonly LatticeSymmetry[] => {
  const turn = compose(quarterTurn(lattice));
  const unturned = identitySymmetry(lattice);
  const turns = [unturned, turn(unturned), turn(turn(unturned)), turn(turn(turn(unturned)))];
  return [...turns, ...turns.map((g) => compose(g)(mirror(lattice)))];
};

/** All translations, row by row. */
export const translations = (lattice: SquareLattice): readonly LatticeSymmetry[] =>
  sites(lattice).map((site) => translation(Math.floor(site / lattice.size), site % lattice.size)(lattice));

/**
 * Every translation after every element of C4v: 8 N^2 symmetries.
 *
 * @example
 * symmetryGroup({ size: 4 }).length // 128
 */
export const symmetryGroup = (lattice: SquareLattice): readonly LatticeSymmetry[] =>
  translations(lattice).flatMap((shift) => pointGroup(lattice).map(compose(shift)));

/**
 * The symmetry's action on numbers at the sites, shape [.., N, N] with any number of components in front.
 *
 * @throws RangeError for numbers of another lattice.
 */
export const actOnField =
  (g: LatticeSymmetry) =>
  (field: Reals): Reals => {
    const { images, size } = inverse(g);
    const count = siteCount(g);
    if (field.length % count !== 0) {
      callersMistake(
        `numbers of shape [.., ${size}, ${size}]`,
        `${field.length} of them`,
        'take a symmetry of their lattice',
      );
    }
    return field.map((_, index) => {
      const site = index % count;
      return field[index - site + (images[site] ?? NaN)] ?? NaN;
    });
  };

/**
 * The eight images under C4v of numbers at the sites, [.., N, N]: image k is that under element k of `pointGroup`, and
 * the first is the field itself.
 */
export const pointGroupImages = (lattice: SquareLattice): ((field: Reals) => readonly Reals[]) => {
  const actions = pointGroup(lattice).map(actOnField);
  return (field) => actions.map((action) => action(field));
};

/** The symmetry's action on a configuration, or on anything else that has components at the sites. */
export const act =
  (g: LatticeSymmetry) =>
  <A extends { readonly components: Reals }>(configuration: A): A => ({
    ...configuration,
    components: actOnField(g)(configuration.components),
  });
