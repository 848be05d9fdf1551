/** The periodic square lattice: which sites are neighbours, and which bonds wrap. */
import { z } from 'zod';

import { bonds, displaced, neighbours, sites } from '../../../src/lattice/square-lattice.ts';
import { exact, family, counted } from '../family.ts';

const offset = z.tuple([z.number().int(), z.number().int()]);

const latticeCase = (name: string, why: string, latticeSize: number, offsets: readonly [number, number][]) => {
  const lattice = { size: latticeSize };
  const all = sites(lattice);
  const bondList = bonds(lattice);
  return {
    name,
    equation: 'guide: the lattice',
    why,
    inputs: { latticeSize, offsets: offsets.map(([rows, columns]): [number, number] => [rows, columns]) },
    outputs: {
      neighbours: {
        meaning: 'the sites to the right of each site, below it, to its left, above it',
        shape: [latticeSize ** 2, 4],
        values: all.flatMap(neighbours(lattice)),
      },
      bonds: {
        meaning: 'for each site the bond to the right, then the one down: both ends, and 1 where it wraps',
        shape: [2 * latticeSize ** 2, 3],
        values: bondList.flatMap(({ from, to, wraps }) => [from, to, wraps ? 1 : 0]),
      },
      displaced: {
        meaning: 'for each offset [rows down, columns right], the site that lies there from each site',
        shape: [offsets.length, latticeSize ** 2],
        values: offsets.flatMap(([rows, columns]) => all.map(displaced(lattice)(rows, columns))),
      },
    },
  };
};

/** The family. */
export const lattice = family({
  name: 'lattice',
  about: 'Sites of the periodic N x N lattice: site (row, column) has the index row N + column.',
  inputs: z.strictObject({ latticeSize: counted, offsets: z.array(offset) }),
  tolerance: exact,
  cases: () => [
    {
      ...latticeCase('three', 'N = 3, the smallest: rows and columns must not be exchanged', 3, [
        [0, 1],
        [1, 0],
        [-1, 2],
        [4, -4],
        [-7, 3],
      ]),
      outside: [
        {
          output: 'displaced',
          source: 'by hand: the sites of a 3 x 3 table read cyclically',
          values: [
            ...[1, 2, 0, 4, 5, 3, 7, 8, 6],
            ...[3, 4, 5, 6, 7, 8, 0, 1, 2],
            ...[8, 6, 7, 2, 0, 1, 5, 3, 4],
            ...[5, 3, 4, 8, 6, 7, 2, 0, 1],
            ...[6, 7, 8, 0, 1, 2, 3, 4, 5],
          ],
          relative: 0,
        },
      ],
    },
    latticeCase('four', 'N even: the offset N/2 leads to one site from both sides', 4, [
      [2, 0],
      [-2, 0],
      [0, 2],
      [3, -1],
      [9, -9],
    ]),
    latticeCase('five', 'N odd: offsets of more than one period', 5, [
      [2, -2],
      [-3, 3],
      [11, 6],
    ]),
  ],
});
