/** The law of data of one Hamiltonian: what of their metadata tells two apart. */
import fc from 'fast-check';

import type { CustomMeta, Meta } from '../../src/dataset/meta.ts';
import type { Law } from '../law.ts';

type AnyMeta = Meta | CustomMeta;

/** In what two differ, in words; null where in nothing. */
export type Difference = (one: AnyMeta, other: AnyMeta) => string | null;

const electrons: Meta = {
  ...{ system: 'double-exchange', parameters: { t: 1, J: 16, mu: -8.3, T: 0.1 }, sampler: 'sphere', seed: 1 },
  ...{ firstIndex: 0, method: 'diagonalize', version: 'efnn-data/1' },
};

const triples: Meta = {
  ...{ system: 'three-spin-binary', parameters: { sites: 15, couplingMean: 1 }, sampler: 'uniform', seed: 1 },
  ...{ firstIndex: 0, method: 'formula', version: 'efnn-data/1' },
};

const another = (parameters: AnyMeta['parameters']): CustomMeta => ({ system: 'custom', parameters });

/** Pairs of one Hamiltonian, as far as they say. */
const alike: readonly (readonly [AnyMeta, AnyMeta])[] = [
  [electrons, electrons],
  [electrons, { ...electrons, seed: 2, sampler: 'published', firstIndex: 5, version: 'other' }],
  [electrons, { ...electrons, method: 'poles', parameters: { ...electrons.parameters, tolerance: 1e-9 } }],
  [
    { ...electrons, parameters: { ...electrons.parameters, tolerance: 1e-5 } },
    { ...electrons, parameters: { ...electrons.parameters, tolerance: 1e-9 } },
  ],
  [electrons, { ...electrons, images: 'C4v' }],
  [triples, { ...triples, firstIndex: 16_000 }],
  [electrons, another({})],
  [triples, another({ beta: 3 })],
];

/** Pairs of two, each with what the words must name. */
const different: readonly (readonly [AnyMeta, AnyMeta, string])[] = [
  [electrons, { ...electrons, parameters: { ...electrons.parameters, T: 0.2 } }, 'T'],
  [electrons, { ...electrons, system: 'heisenberg', method: 'formula', parameters: {} }, 'heisenberg'],
  [triples, { ...triples, system: 'three-spin-continuous' }, 'three-spin-continuous'],
  [triples, { ...triples, seed: 2 }, 'seed'],
  [triples, { ...triples, sampler: 'published' }, 'published'],
  [electrons, another({ T: 0.2 }), 'T'],
  [another({ beta: 1 }), another({ beta: 2 }), 'beta'],
];

export const hamiltoniansAreToldApart: Law<Difference, readonly [AnyMeta, AnyMeta, string | null]> = {
  statement:
    'data are of two Hamiltonians where their systems, a parameter that both name, or the seed of their random couplings differ; how ' +
    'energies were computed, how spins were drawn where nothing else was, and what one leaves open tells nothing; either may come first',
  cases: fc.constantFrom(
    ...alike.map(([one, other]) => [one, other, null] as const),
    ...different.flatMap(([one, other, word]) => [[one, other, word] as const, [other, one, word] as const]),
  ),
  holds:
    (difference) =>
    ([one, other, word]) => {
      const found = difference(one, other);
      return word === null ? found === null : found?.includes(word) === true;
    },
  runs: 200,
};
