/** Vectors of the Hamiltonians, their exact energies, and the random draws. */
import { energyAndForcesOf } from '../../src/exact/forces.ts';
import { levelsOf } from '../../src/exact/monte-carlo-energy.ts';
import {
  publishedDoubleExchange,
  untwisted,
  type DoubleExchange,
  type Twist,
} from '../../src/hamiltonian/double-exchange.ts';
import { effectiveEnergy, parameterCount, tiles, wholeLattice } from '../../src/hamiltonian/effective-model.ts';
import { infiniteRangeEnergy } from '../../src/hamiltonian/infinite-range.ts';
import { isingEnergy } from '../../src/hamiltonian/ising.ts';
import { threeSpinGradients } from '../../src/hamiltonian/three-spin.kernel.ts';
import { sample, type Sampler } from '../../src/lattice/sampler.ts';
import { spinConfiguration } from '../../src/lattice/spins.ts';
import { squareLattice } from '../../src/lattice/square-lattice.ts';
import { exactWidth, infiniteRangeWeights } from '../../src/network/infinite-range-efnn.ts';
import { isingWeights } from '../../src/network/ising-efnn.ts';
import { float64 } from '../../src/number/float64.ts';
import { binomial } from '../../src/number/subsets.ts';
import { drawn, permutation, standardNormals, uniforms } from '../../src/random/draw.ts';
import { numpyLegacy } from '../../src/random/numpy-legacy.ts';
import { right } from '../right.ts';
import { shortNumbers, unitSpins } from './network-vectors.ts';
import type { VectorFile } from './schema.ts';

const doubleExchangeCase = (
  why: string,
  model: DoubleExchange,
  latticeSize: number,
  spins: readonly number[],
  twist: Twist = untwisted,
) => {
  const configuration = right(spinConfiguration(latticeSize, spins));
  const { energy, forces } = right(energyAndForcesOf(model, twist)(configuration));
  return {
    why,
    model,
    twist,
    latticeSize,
    spins: [...spins],
    levels: [...right(levelsOf(model, twist)(configuration))],
    energy,
    forces: [...forces],
  };
};

const alongZ = (latticeSize: number): readonly number[] =>
  Array.from({ length: 3 * latticeSize ** 2 }, (_, i) => (i >= 2 * latticeSize ** 2 ? 1 : 0));

export const doubleExchangeVectors = (): VectorFile<'double-exchange.json'> => ({
  about:
    'E_MC = -T sum log(1 + exp(-E_n / T)) of the double exchange model, and dE_MC/ds without the constraint |s| = 1. ' +
    'Levels E_n are those of H - mu n. Spins and forces are [3, N, N], row-major.',
  tolerance: 1e-9,
  cases: [
    doubleExchangeCase(
      "the paper's parameters on a lattice that is not bipartite",
      publishedDoubleExchange,
      3,
      unitSpins(3, 1),
    ),
    doubleExchangeCase("the paper's parameters, N even", publishedDoubleExchange, 4, unitSpins(4, 2)),
    doubleExchangeCase(
      'no particle-hole symmetry, a warm half-filled band: every sign counts',
      { t: -0.7, J: 3, mu: 0.4, T: 0.5 },
      3,
      unitSpins(3, 3),
    ),
    doubleExchangeCase(
      'twisted boundaries: hopping to the right across the edge picks up exp(i x), down exp(i y)',
      publishedDoubleExchange,
      3,
      unitSpins(3, 1),
      { x: 0.5, y: -1.25 },
    ),
    doubleExchangeCase('a ferromagnet: levels in closed form, degenerate', publishedDoubleExchange, 3, alongZ(3)),
    doubleExchangeCase(
      'almost at T = 0: exp(-E/T) as it is written overflows',
      { ...publishedDoubleExchange, T: 1e-3 },
      3,
      unitSpins(3, 4),
    ),
    doubleExchangeCase(
      'free electrons: the spins do not matter',
      { ...publishedDoubleExchange, J: 0, mu: -1 },
      3,
      unitSpins(3, 5),
    ),
  ],
});

const signs = (seed: number, length: number): (1 | -1)[] => shortNumbers(seed, length).map((x) => (x > 0 ? 1 : -1));

const isingCase = (why: string, latticeSize: number, J: number, spins: (1 | -1)[]) => ({
  why,
  latticeSize,
  J,
  spins,
  kernel: [...isingWeights(float64)(J)['f.0.weight']],
  energy: isingEnergy(float64)(right(squareLattice(latticeSize)), J)(spins),
});

export const isingVectors = (): VectorFile<'ising.json'> => ({
  about: 'H = -J sum over nearest-neighbour pairs of s_i s_j = the one-layer EFNN with this 3 x 3 kernel, exactly.',
  tolerance: 1e-14,
  cases: [
    isingCase('N = 3: left and right neighbours differ, and wrap', 3, 1, signs(1, 9)),
    isingCase('N = 4, an antiferromagnetic coupling', 4, -0.5, signs(2, 16)),
    isingCase('N = 5: every bond once', 5, 2, signs(3, 25)),
    isingCase(
      'the ferromagnet: -2 J N^2',
      4,
      1,
      Array.from({ length: 16 }, () => 1),
    ),
  ],
});

const threeSpinCase = (why: string, sites: number, spins: readonly number[]) => {
  const model = { sites, spins: 3, couplings: shortNumbers(61, binomial(sites, 3)) };
  return {
    why,
    sites,
    couplings: [...model.couplings],
    spins: [...spins],
    energy: infiniteRangeEnergy(float64)(model)(spins),
    forces: [...threeSpinGradients(sites, Float64Array.from(model.couplings))(Float64Array.from(spins))],
    width: exactWidth(model),
    weights: Object.fromEntries(
      Object.entries(infiniteRangeWeights(float64)(model)(model.couplings)).map(([name, values]) => [
        name,
        [...values],
      ]),
    ),
  };
};

export const threeSpinVectors = (): VectorFile<'three-spin.json'> => ({
  about:
    'H = -sum over i < j < k of J_ijk s_i s_j s_k; couplings in lexicographic order of (i, j, k). ' +
    'The weights are those of a linear EFNN of two layers, [W, L] or [W, W], without bias, that is H exactly; ' +
    'forces are dH/ds.',
  tolerance: 1e-14,
  cases: [
    threeSpinCase('binary spins 0 and 1', 5, [1, 0, 1, 1, 1]),
    threeSpinCase('spins in [-1, 1]', 5, shortNumbers(67, 5)),
    threeSpinCase('three spins: one coupling', 3, shortNumbers(71, 3)),
  ],
});

const effectiveCase = (why: string, latticeSize: number, width: number | null) => {
  const lattice = right(squareLattice(latticeSize));
  const clusters = width === null ? wholeLattice(lattice) : right(tiles(width)(lattice));
  const coefficients = shortNumbers(73, parameterCount(clusters));
  const spins = unitSpins(latticeSize, 8);
  const energy = effectiveEnergy(
    clusters,
    Float64Array.from(coefficients),
  )(right(spinConfiguration(latticeSize, spins)));
  return {
    why,
    latticeSize,
    clusters: clusters.map((cluster) => [...cluster]),
    coefficients: [...coefficients],
    spins,
    energy: right(energy),
  };
};

export const effectiveModelVectors = (): VectorFile<'effective-model.json'> => ({
  about:
    'E = J_0 + sum g_p x_p + sum over p <= q of g_pq x_p x_q with x_p = s_i . s_j for p = (i <= j) in one cluster. ' +
    'Coefficients: ' +
    'the constant, then cluster by cluster the pairs (0,0), (0,1), .. and the pairs of pairs likewise.',
  tolerance: 1e-11,
  cases: [
    effectiveCase('all pairs of nine spins, self pairs included', 3, null),
    effectiveCase('2 x 2 tiles: spins of different tiles do not interact', 4, 2),
  ],
});

const spinsCase = (why: string, sampler: Sampler, seed: number, index: number) => ({
  why,
  draw: 'spins' as const,
  sampler,
  latticeSize: 3,
  seed,
  index,
  spins: [...sample(sampler)(3, seed, index).components],
});

const numpyCase = (why: string, seed: number) => ({
  why,
  draw: 'numpy' as const,
  seed,
  uniforms: [...drawn(numpyLegacy(seed))(uniforms(4))],
  normals: [...drawn(numpyLegacy(seed))(standardNormals(4))],
  permutation: [...drawn(numpyLegacy(seed))(permutation(10))],
});

export const drawVectors = (): VectorFile<'draws.json'> => ({
  about:
    'Random draws. numpy: RandomState(seed).random_sample(4), .standard_normal(4) and .permutation(10), each from a ' +
    'fresh ' +
    'generator. spins: the configuration [3, N, N] of a sampler from seed and index alone. Uniforms agree bit for ' +
    'bit; what passes ' +
    'through log, sin or cos may differ in the last bits between C libraries. See published-data-vectors.json for ' +
    'whole data sets.',
  tolerance: 1e-14,
  cases: [
    numpyCase("the seed of the authors' three-spin data", 17),
    numpyCase("the first seed of the authors' double exchange data", 100),
    numpyCase('the largest seed', 2 ** 32 - 1),
    spinsCase('the authors: phi = 2 theta, since the generator is seeded again before phi', 'published', 100, 0),
    spinsCase('seed 100 + 3', 'published', 100, 3),
    spinsCase('uniform on the sphere', 'sphere', 1, 0),
    spinsCase('another index is another stream', 'sphere', 1, 1),
    spinsCase('theta and phi independent and uniform', 'angles', 1, 0),
  ],
});
