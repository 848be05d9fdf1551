/** The energies of spins alone: Ising, three spins, Heisenberg; and the matrix of the double exchange model. */
import { z } from 'zod';

import { levelsOf } from '../../../src/exact/monte-carlo-energy.ts';
import {
  doubleExchangeMatrix,
  publishedDoubleExchange,
  untwisted,
  type DoubleExchange,
  type Twist,
} from '../../../src/hamiltonian/double-exchange.ts';
import { heisenbergEnergy, heisenbergGradient } from '../../../src/hamiltonian/heisenberg.ts';
import { infiniteRangeEnergy } from '../../../src/hamiltonian/infinite-range.ts';
import { isingEnergy } from '../../../src/hamiltonian/ising.ts';
import { threeSpinGradients } from '../../../src/hamiltonian/three-spin.kernel.ts';
import { sample } from '../../../src/lattice/sampler.ts';
import { spinConfiguration } from '../../../src/lattice/spins.ts';
import { squareLattice } from '../../../src/lattice/square-lattice.ts';
import { exactWidth, infiniteRangeWeights } from '../../../src/network/infinite-range-efnn.ts';
import { isingWeights } from '../../../src/network/ising-efnn.ts';
import { float64 } from '../../../src/number/float64.ts';
import { binomial } from '../../../src/number/subsets.ts';
import outside from '../../outside/numpy-vectors.json' with { type: 'json' };
import { right } from '../../right.ts';
import { counted, family, type Case } from '../family.ts';
import { alongZ, shortNumbers, unitSpins } from '../numbers.ts';

const numbers = z.array(z.number());

/** The double exchange model on a configuration, as vectors ask for it. */
export const doubleExchangeSchema = z.strictObject({
  model: z.strictObject({ t: z.number(), J: z.number(), mu: z.number(), T: z.number() }),
  /** psi(r + N e) = exp(i twist) psi(r), e to the right (x) or down (y). */
  twist: z.strictObject({ x: z.number(), y: z.number() }),
  latticeSize: counted,
  spins: numbers,
});

const inputs = z.discriminatedUnion('system', [
  z.strictObject({ system: z.literal('ising'), latticeSize: counted, J: z.number(), spins: numbers }),
  z.strictObject({ system: z.literal('heisenberg'), latticeSize: counted, J: z.number(), spins: numbers }),
  z.strictObject({ system: z.literal('three-spin'), sites: counted, couplings: numbers, spins: numbers }),
  z.strictObject({ system: z.literal('double-exchange'), ...doubleExchangeSchema.shape }),
]);

type Inputs = z.infer<typeof inputs>;

const signs = (seed: number, length: number): (1 | -1)[] => shortNumbers(seed, length).map((x) => (x > 0 ? 1 : -1));

const isingCase = (name: string, why: string, latticeSize: number, J: number, spins: (1 | -1)[]): Case<Inputs> => ({
  name,
  equation: 'Fig. 1',
  why,
  inputs: { system: 'ising', latticeSize, J, spins },
  outputs: {
    energy: {
      meaning: 'E = -J sum over nearest-neighbour bonds of s_i s_j',
      shape: [],
      values: [isingEnergy(float64)(right(squareLattice(latticeSize)), J)(spins)],
    },
    kernel: {
      meaning: 'the 3 x 3 kernel of f_0 with E = sum over sites of s_i (f_0 * s)_i',
      shape: [3, 3],
      values: isingWeights(float64)(J)['f.0.weight'],
    },
  },
});

const heisenbergCase = (name: string, why: string, latticeSize: number, J: number, seed: number): Case<Inputs> => {
  const spins = right(spinConfiguration(latticeSize, unitSpins(latticeSize, seed)));
  const forces = right(heisenbergGradient(J)(spins));
  return {
    name,
    equation: 'guide: the Hamiltonians',
    why,
    inputs: { system: 'heisenberg', latticeSize, J, spins: [...spins.components] },
    outputs: {
      energy: {
        meaning: 'E = -J sum over nearest-neighbour bonds of s_i . s_j',
        shape: [],
        values: [heisenbergEnergy(spins, forces)],
      },
      forces: {
        meaning: 'dE/ds_i = -J sum over the neighbours j of i of s_j',
        shape: [3, latticeSize, latticeSize],
        values: forces,
      },
    },
  };
};

const threeSpinCase = (name: string, why: string, sites: number, spins: readonly number[]): Case<Inputs> => {
  const model = { sites, spins: 3, couplings: shortNumbers(61, binomial(sites, 3)) };
  const width = exactWidth(model);
  const weights = Object.entries(infiniteRangeWeights(float64)(model)(model.couplings));
  return {
    name,
    equation: 'Eq. (1)',
    why,
    inputs: { system: 'three-spin', sites, couplings: [...model.couplings], spins: [...spins] },
    outputs: {
      energy: {
        meaning: 'E = -sum over i < j < k of J_ijk s_i s_j s_k',
        shape: [],
        values: [infiniteRangeEnergy(float64)(model)(spins)],
      },
      forces: {
        meaning: 'dE/ds',
        shape: [sites],
        values: threeSpinGradients(sites, Float64Array.from(model.couplings))(Float64Array.from(spins)),
      },
      ...Object.fromEntries(
        weights.map(([weight, values]) => [
          weight,
          {
            meaning: `${weight} of the linear EFNN of two layers and width ${width}, without biases, that is E exactly`,
            shape: [width, values.length / width],
            values,
          },
        ]),
      ),
    },
  };
};

/** A case of the double exchange model: what is asked of it, by several families. */
export interface Electrons {
  readonly name: string;
  readonly why: string;
  readonly model: DoubleExchange;
  readonly latticeSize: number;
  readonly spins: readonly number[];
  readonly twist: Twist;
}

const asymmetric: DoubleExchange = { t: -0.7, J: 3, mu: 0.4, T: 0.5 };

/** The configurations on which matrix, levels, energies and forces are asked for. */
export const electrons: readonly Electrons[] = [
  {
    name: 'published-odd',
    why: "the paper's parameters on a lattice that is not bipartite",
    model: publishedDoubleExchange,
    latticeSize: 3,
    spins: unitSpins(3, 1),
    twist: untwisted,
  },
  {
    name: 'published-even',
    why: "the paper's parameters, N even",
    model: publishedDoubleExchange,
    latticeSize: 4,
    spins: unitSpins(4, 2),
    twist: untwisted,
  },
  {
    name: 'warm',
    why: 'no particle-hole symmetry, a warm half-filled band: every sign counts',
    model: asymmetric,
    latticeSize: 3,
    spins: unitSpins(3, 3),
    twist: untwisted,
  },
  {
    name: 'twisted',
    why: 'twisted boundaries: <last column|H|first column> = -t exp(i x), <last row|H|first row> = -t exp(i y)',
    model: publishedDoubleExchange,
    latticeSize: 3,
    spins: unitSpins(3, 1),
    twist: { x: 0.5, y: -1.25 },
  },
  {
    name: 'twisted-warm',
    why: 'twisted boundaries break time reversal: the signs of J and of sigma_y, and the sense of the twist, show in the levels',
    model: asymmetric,
    latticeSize: 3,
    spins: unitSpins(3, 6),
    twist: { x: 1.5, y: 0.75 },
  },
  {
    name: 'twisted-even',
    why: 'twisted boundaries, N even, one direction alone: x is to the right',
    model: { ...asymmetric, T: 0.25 },
    latticeSize: 4,
    spins: unitSpins(4, 7),
    twist: { x: 2.25, y: 0 },
  },
  {
    name: 'ferromagnet',
    why: 'a ferromagnet: levels in closed form, degenerate',
    model: publishedDoubleExchange,
    latticeSize: 3,
    spins: alongZ(3),
    twist: untwisted,
  },
  {
    name: 'published-draw',
    why: "the authors' spins of seed 100",
    model: publishedDoubleExchange,
    latticeSize: 4,
    spins: [...sample('published')(4, 100, 0).components],
    twist: untwisted,
  },
  {
    name: 'cold',
    why: 'almost at T = 0: exp(-E/T) as it is written overflows',
    model: { ...publishedDoubleExchange, T: 1e-3 },
    latticeSize: 3,
    spins: unitSpins(3, 4),
    twist: untwisted,
  },
  {
    name: 'cold-warm-band',
    why: 'almost at T = 0 with a half-filled band: exp(-E/T) overflows for half of the levels',
    model: { ...asymmetric, T: 5e-4 },
    latticeSize: 3,
    spins: unitSpins(3, 9),
    twist: { x: 0.25, y: 0.5 },
  },
];

/** Free electrons have no forces, so they are asked for energies alone. */
const free: Electrons = {
  name: 'free',
  why: 'free electrons: the spins do not matter',
  model: { ...publishedDoubleExchange, J: 0, mu: -1 },
  latticeSize: 3,
  spins: unitSpins(3, 5),
  twist: untwisted,
};

const byLapack: Readonly<Record<string, readonly number[]>> = outside.levels;

const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);

/** The levels of a ferromagnet, -2 t (cos kx + cos ky) -+ J/2 - mu, or of free electrons, ascending. */
const planeWaveLevels = ({ model: { t, J, mu }, latticeSize: N }: Electrons): readonly number[] =>
  upTo(N)
    .flatMap((a) =>
      upTo(N).flatMap((b) =>
        [-J / 2, J / 2].map(
          (spin) => -2 * t * (Math.cos((2 * Math.PI * a) / N) + Math.cos((2 * Math.PI * b) / N)) + spin - mu,
        ),
      ),
    )
    .toSorted((a, b) => a - b);

const matrixCase = (asked: Electrons): Case<Inputs> => {
  const { name, why, model, latticeSize, spins, twist } = asked;
  const configuration = right(spinConfiguration(latticeSize, spins));
  const { dimension, re, im } = right(doubleExchangeMatrix(model, twist)(configuration));
  const shape = [dimension, dimension];
  const lapack = byLapack[name];
  return {
    name: `electrons-${name}`,
    equation: 'Eq. (2)',
    why,
    inputs: { system: 'double-exchange', model, twist, latticeSize, spins: [...spins] },
    outputs: {
      re: {
        meaning: 'Re <i alpha|H - mu n|j beta>, row 2 i + alpha, column 2 j + beta, alpha 0 up, 1 down',
        shape,
        values: re,
      },
      ...(im.every((x) => x === 0) ? {} : { im: { meaning: 'Im <i alpha|H - mu n|j beta>', shape, values: im } }),
      levels: {
        meaning: 'the eigenvalues E_n of H - mu n, ascending',
        shape: [dimension],
        values: right(levelsOf(model, twist)(configuration)),
      },
    },
    outside: [
      ...(lapack === undefined ? [] : [{ output: 'levels', source: outside.source, values: lapack, relative: 1e-13 }]),
      ...(name === 'ferromagnet' || name === 'free'
        ? [
            {
              output: 'levels',
              source: 'closed form: -2 t (cos kx + cos ky) -+ J/2 - mu for plane waves, k multiples of 2 pi / N',
              values: planeWaveLevels(asked),
              relative: 1e-13,
            },
          ]
        : []),
    ],
  };
};

/** The family. */
export const hamiltonians = family({
  name: 'hamiltonians',
  about:
    'The Hamiltonians. Spins of Ising are [N, N], of Heisenberg and the double exchange model [3, N, N], of three spins [L]; ' +
    'couplings J_ijk come in lexicographic order of i < j < k.',
  inputs,
  tolerance: {
    relative: 1e-12,
    reason:
      'sums of some hundred terms; levels by another algorithm agree to some units in the last place of the largest',
  },
  cases: () => [
    isingCase('ising-3', 'N = 3: left and right neighbours differ, and wrap', 3, 1, signs(1, 9)),
    isingCase('ising-4', 'N = 4, an antiferromagnetic coupling', 4, -0.5, signs(5, 16)),
    isingCase('ising-5', 'N = 5: every bond once', 5, 2, signs(3, 25)),
    {
      ...isingCase(
        'ising-ferromagnet',
        'the ferromagnet: -2 J N^2',
        4,
        1,
        Array.from({ length: 16 }, () => 1),
      ),
      outside: [{ output: 'energy', source: 'closed form: -2 J N^2', values: [-32], relative: 0 }],
    },
    heisenbergCase('heisenberg-3', 'N = 3: every bond once, from both ends of a wrap', 3, 1.5, 21),
    heisenbergCase('heisenberg-4', 'N even, an antiferromagnetic coupling', 4, -0.75, 22),
    threeSpinCase('three-spin-binary', 'binary spins 0 and 1', 5, [1, 0, 1, 1, 1]),
    threeSpinCase('three-spin-continuous', 'spins in [-1, 1]', 5, shortNumbers(67, 5)),
    threeSpinCase('three-spin-one', 'three spins: one coupling', 3, shortNumbers(71, 3)),
    ...[...electrons, free].map(matrixCase),
  ],
});
