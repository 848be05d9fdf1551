/** Random spins: the samplers of the lattice and of the three-spin systems, from seed and index alone. */
import { z } from 'zod';
import * as O from 'fp-ts/lib/Option.js';

import { publishedDraws } from '../../../src/dataset/published.ts';
import { systems } from '../../../src/dataset/systems.ts';
import { freshCouplings, type ThreeSpinSystem } from '../../../src/dataset/three-spin.ts';
import { sample, type Sampler } from '../../../src/lattice/sampler.ts';
import published from '../../outside/published-data.json' with { type: 'json' };
import { right } from '../../right.ts';
import { counted, family, type Case } from '../family.ts';

const integer = z.number().int();

const inputs = z.discriminatedUnion('system', [
  z.strictObject({
    system: z.literal('lattice'),
    sampler: z.enum(['sphere', 'angles', 'published']),
    latticeSize: counted,
    seed: integer,
    index: integer,
  }),
  z.strictObject({
    system: z.enum(['three-spin-binary', 'three-spin-continuous']),
    sampler: z.enum(['uniform', 'published']),
    sites: counted,
    seed: integer,
    index: integer,
  }),
]);

type Inputs = z.infer<typeof inputs>;

const latticeCase = (
  name: string,
  why: string,
  sampler: Sampler,
  latticeSize: number,
  seed: number,
  index: number,
): Case<Inputs> => {
  const known =
    sampler === 'published'
      ? published.doubleExchangeAsPublished.samples.find((each) => each.N === latticeSize && each.seed === seed + index)
      : undefined;
  return {
    name,
    equation: 'guide: random spins',
    why,
    inputs: { system: 'lattice', sampler, latticeSize, seed, index },
    outputs: {
      ...(known === undefined
        ? {}
        : {
            first: {
              meaning: 'the spin at row 0, column 0',
              shape: [3],
              values: [0, 1, 2].map(
                (k) => sample(sampler)(latticeSize, seed, index).components[k * latticeSize ** 2] ?? NaN,
              ),
            },
          }),
      spins: {
        meaning: 'the spins of this seed and index',
        shape: [3, latticeSize, latticeSize],
        values: sample(sampler)(latticeSize, seed, index).components,
      },
    },
    ...(known === undefined
      ? {}
      : {
          outside: [
            {
              output: 'first',
              source: "published: the authors' draws by numpy",
              values: known.spin00,
              relative: 1e-15,
            },
          ],
        }),
  };
};

const chainCase = (
  name: string,
  why: string,
  system: ThreeSpinSystem,
  sampler: 'uniform' | 'published',
  sites: number,
  seed: number,
  index: number,
): Case<Inputs> => {
  const row = systems[system].samplers[sampler];
  if (row === undefined) {
    throw new RangeError(`${system} has no sampler ${sampler}`);
  }
  const ensemble = right(row.ensemble(sites, seed));
  const couplings = O.getOrElse(() => freshCouplings(sites, seed))(ensemble.couplings());
  const known = { 'three-spin-binary': published.discrete, 'three-spin-continuous': published.continuous }[system];
  const isPublished = sampler === 'published';
  return {
    name,
    equation: 'guide: random spins',
    why,
    inputs: { system, sampler, sites, seed, index },
    outputs: {
      couplings: {
        meaning: 'the first five couplings J_ijk, normal of mean 1 and deviation 2, by lexicographic triple',
        shape: [5],
        values: (isPublished ? publishedDraws(system, seed).couplings : couplings).slice(0, 5),
      },
      spins: { meaning: 'the spins of this index', shape: [sites], values: ensemble.spins(index) },
    },
    ...(isPublished && index === 0
      ? {
          outside: [
            {
              output: 'spins',
              source: "published: the authors' draws by numpy",
              values: known.spinsRow0,
              relative: 1e-15,
            },
            ...(system === 'three-spin-continuous'
              ? [
                  {
                    output: 'couplings',
                    source: "published: the authors' draws by numpy",
                    values: published.continuous.couplings,
                    relative: 1e-15,
                  },
                ]
              : []),
          ],
        }
      : {}),
  };
};

/** The family. */
export const samplers = family({
  name: 'samplers',
  about:
    'Random spins, a function of sampler, seed and index alone; spins of the lattice are [3, N, N], of chains [L].',
  inputs,
  tolerance: { relative: 1e-14, reason: 'sin, cos, log and roots may differ in the last bits between C libraries' },
  cases: () => [
    latticeCase(
      'published',
      'the authors: phi = 2 theta, since the generator is seeded again before phi',
      'published',
      4,
      100,
      0,
    ),
    latticeCase('published-index', 'the legacy seed is seed + index', 'published', 3, 100, 3),
    latticeCase('published-other', 'the same spins by another base and index', 'published', 3, 98, 5),
    latticeCase('sphere', 'uniform on the sphere, by Marsaglia', 'sphere', 3, 1, 0),
    latticeCase('sphere-index', 'another index is another configuration', 'sphere', 3, 1, 1),
    latticeCase('sphere-large-index', 'an index beyond 32 bits', 'sphere', 3, 1, 2 ** 33 + 1),
    latticeCase('angles', 'theta and phi independent and uniform, all theta first', 'angles', 3, 1, 0),
    chainCase('binary', 'couplings from a stream of their own; spins 0 and 1', 'three-spin-binary', 'uniform', 5, 3, 2),
    chainCase('continuous', 'spins uniform in [-1, 1]', 'three-spin-continuous', 'uniform', 5, 3, 2),
    chainCase(
      'published-binary',
      'couplings by a permutation of the triples',
      'three-spin-binary',
      'published',
      15,
      17,
      0,
    ),
    chainCase(
      'published-continuous',
      'one generator: couplings, then all spins',
      'three-spin-continuous',
      'published',
      15,
      17,
      0,
    ),
    chainCase('published-continuous-row', 'row 1 follows row 0', 'three-spin-continuous', 'published', 15, 17, 1),
  ],
});
