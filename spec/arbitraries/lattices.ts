/** Lattices, their sites and their symmetries. */
import fc from 'fast-check';

import type { SquareLattice } from '../../src/lattice/square-lattice.ts';
import { compose, pointGroup, translation, type LatticeSymmetry } from '../../src/lattice/symmetry.ts';

/** An N x N lattice; even and odd N alike. */
export const lattices = (smallest: number, largest: number): fc.Arbitrary<SquareLattice> =>
  fc.integer({ min: smallest, max: largest }).map((size) => ({ size }));

export const siteOf = ({ size }: SquareLattice): fc.Arbitrary<number> => fc.integer({ min: 0, max: size * size - 1 });

/** A translation after an element of C4v. */
export const symmetryOf = (lattice: SquareLattice): fc.Arbitrary<LatticeSymmetry> =>
  fc
    .tuple(fc.integer({ min: 0, max: 7 }), fc.nat(lattice.size - 1), fc.nat(lattice.size - 1))
    .map(([element, rows, columns]) =>
      compose(translation(rows, columns)(lattice))(pointGroup(lattice)[element] ?? translation(0, 0)(lattice)),
    );
