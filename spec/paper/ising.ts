/** Fig. 1: the Ising model as a network. */
import { infiniteRangeEfnn, infiniteRangeWeights } from '../../src/network/infinite-range-efnn.ts';
import { isingEfnn, isingWeights } from '../../src/network/ising-efnn.ts';
import { isingEnergy } from '../../src/hamiltonian/ising.ts';
import { rational } from '../../src/number/rational.ts';
import { scalarOutput } from '../../src/program/embed.ts';
import { add, record } from '../../src/program/expression.ts';
import type { Program } from '../../src/program/program.ts';
import { typecheck } from '../../src/program/typecheck.ts';
import { infiniteRangeIsExact, isingIsExact } from '../laws/exact-reduction.ts';
import { isingIsSumOverPairs } from '../laws/hamiltonian.ts';
import { right } from '../right.ts';
import { lawIn, lawNamed, none, symbolIn, symbolNamed } from './anchor.ts';
import { entry, judged, type Entry } from './entry.ts';
import { aDefinition, ofOthers } from './reasons.ts';

const doubledBonds: typeof isingEnergy = (field) => (lattice, J) => isingEnergy(field)(lattice, field.add(J, J));

/** A program whose energy counts twice. */
const doubled = (program: Program): Program => {
  const energy = right(scalarOutput('energy')(right(typecheck(program))));
  return record({ energy: add(energy, energy) });
};

/** That Eq. (1) is a linear EFNN as well. */
export const threeSpinNetwork: Entry = judged(
  {
    symbol: symbolIn('network/infinite-range-efnn', { infiniteRangeEfnn }),
    law: lawIn('exact-reduction', { infiniteRangeIsExact }),
    instance: (program) => ({ program, weights: infiniteRangeWeights }),
    mutant: ['every product counts twice', (model) => doubled(infiniteRangeEfnn(model))],
  },
  {
    kind: 'equation',
    place: 'Eq. (1)',
    key: '1',
    statement: 'the same as a linear EFNN of two layers, exactly',
    quotes: ['The first case study focuses on the classical 3-spin infinite-range model in 1D'],
    theorems: [
      'InfiniteRange.infinite_range_is_a_linear_efnn',
      'InfiniteRange.width_of_the_paper',
      'InfiniteRange.three_spin_width',
    ],
    isProven: true,
    vectors: ['hamiltonians/three-spin-binary', 'hamiltonians/three-spin-continuous'],
    claims: ['three-spin-exact'],
    pages: ['proofs/exact-reduction.md'],
    errata: ['linear functions'],
  },
);

/** What the paper says of the Ising model. */
export const ising: readonly Entry[] = [
  judged(
    {
      symbol: symbolIn('hamiltonian/ising', { isingEnergy }),
      law: lawIn('hamiltonian', { isingIsSumOverPairs }),
      instance: (energy) => energy(rational),
      mutant: ['every bond counts twice', doubledBonds],
    },
    {
      kind: 'equation',
      place: 'Fig. 1',
      key: 'H',
      statement: 'H = -J sum over ⟨ij⟩ of s_i s_j',
      quotes: ['The Hamiltonian of a classical 2D Ising model is defined as'],
      theorems: none(aDefinition),
      vectors: [
        'hamiltonians/ising-3',
        'hamiltonians/ising-4',
        'hamiltonians/ising-5',
        'hamiltonians/ising-ferromagnet',
      ],
    },
  ),
  judged(
    {
      symbol: symbolIn('network/ising-efnn', { isingEfnn }),
      law: lawIn('exact-reduction', { isingIsExact }),
      instance: (program) => ({ program, weights: isingWeights }),
      mutant: ['every bond counts twice', doubled(isingEfnn)],
    },
    {
      kind: 'equation',
      place: 'Fig. 1',
      key: 'phi',
      statement: 'φ_i = -(J/2) sum of neighbours, H = sum of s_i φ_i',
      quotes: [
        'We define the effective field on spin',
        'As illustrated schematically in Fig. 1(a)',
        'Finally, a summation is performed over the independent spins',
        'Figure 1: Energy evaluation of a 2D Ising model reformulated as a neural network.',
      ],
      theorems: ['Ising.ising_is_a_linear_efnn'],
      isProven: true,
      vectors: ['hamiltonians/ising-3', 'hamiltonians/ising-4'],
      claims: ['ising-exact'],
      pages: ['proofs/exact-reduction.md'],
    },
  ),
  entry({
    kind: 'definition',
    place: 'Fig. 1b',
    key: 'field-particle layer',
    statement:
      'F_1 from S_0, S_1 = S_0 ⊙ F_1, E the sum of S_1: one field-particle layer, with a connection from S_0 to S_1',
    quotes: [
      'We first illustrate the EFNN architecture by reformulating the classical 2D Ising model',
      'We reformulate this as a neural network structure (Fig. 1(b))',
      'constitute a single field-particle (FP) layer',
      'therefore a connection is required from',
      'to obtain the energy',
    ],
    symbol: symbolNamed('network/ising-efnn', 'isingEfnn'),
    law: lawNamed('exact-reduction', 'isingIsExact'),
    theorems: ['Ising.ising_is_a_linear_efnn', 'ContinuedFunction.efnn_is_a_continued_function'],
    isProven: true,
    vectors: ['hamiltonians/ising-3', 'networks/chain-efnn-1'],
  }),
  entry({
    kind: 'finding',
    place: 'text before Fig. 2a',
    key: 'exact field',
    statement: 'field and quasi-particles of the Ising model are calculated exactly',
    quotes: ['In the classical 2D Ising model, both the effective field and quasi-particles can be exactly calculated'],
    symbol: symbolNamed('network/ising-efnn', 'isingWeights'),
    law: lawNamed('exact-reduction', 'isingIsExact'),
    theorems: ['Ising.ising_is_a_linear_efnn'],
    isProven: true,
    vectors: ['hamiltonians/ising-3'],
    claims: ['ising-exact'],
    errata: ['linear functions'],
  }),
  entry({
    kind: 'finding',
    place: 'text before Eq. (1)',
    key: 'linear functions',
    statement: 'linear functions may suffice for the Ising model with nearest neighbours',
    quotes: ['Linear functions may suffice only for simpler models'],
    symbol: symbolNamed('network/infinite-range-efnn', 'infiniteRangeWeights'),
    law: lawNamed('exact-reduction', 'infiniteRangeIsExact'),
    theorems: ['Ising.ising_is_a_linear_efnn', 'InfiniteRange.infinite_range_is_a_linear_efnn', 'Degree.efnn_degree'],
    isProven: true,
    vectors: ['hamiltonians/ising-3', 'hamiltonians/three-spin-one'],
    claims: ['three-spin-exact'],
    pages: ['proofs/exact-reduction.md'],
    errata: ['linear functions'],
  }),
  entry({
    kind: 'finding',
    place: 'introduction',
    key: 'DNN of 8 x 8 Ising',
    statement: 'an 8 x 8 Ising model needs highly complex DNNs [24]',
    quotes: ['Ising model requires highly complex DNN structures'],
    symbol: symbolNamed('network/dnn', 'dnn'),
    law: none(ofOthers),
    theorems: ['Degree.dnn_degree', 'Degree.degree_one_is_affine', 'Degree.no_affine_network_is_a_bond'],
    vectors: none(ofOthers),
  }),
];
