/** Figs. 3 and 4a: networks on the lattice. */
import { identity } from 'fp-ts/lib/function.js';

import { convolvedSum, perceptron, symmetrize } from '../../src/network/maps.ts';
import { networkProgram } from '../../src/network/network.ts';
import {
  networksAreTheirEquations,
  perceptronIsConvolutionTanhConvolution,
  readoutIsTheConvolvedSum,
  symmetrizationIsTheSumOfProducts,
} from '../laws/architecture.ts';
import * as wrong from '../mutants/architecture.ts';
import { lawIn, lawNamed, symbolIn, symbolNamed } from './anchor.ts';
import { entry, judged, type Entry } from './entry.ts';

const lattices = ['networks/lattice-efnn-1', 'networks/lattice-efnn-2', 'networks/lattice-efnn-3'];

/** What the paper says of symmetrization and of the maps. */
export const latticeNetworks: readonly Entry[] = [
  judged(
    {
      symbol: symbolIn('network/maps', { symmetrize }),
      law: lawIn('architecture', { symmetrizationIsTheSumOfProducts }),
      instance: identity,
      mutant: ['one kernel for both factors', wrong.symmetrizations['one kernel for both factors']],
    },
    {
      kind: 'equation',
      place: 'Fig. 3',
      key: 'T',
      statement: 'T_j = sum over k=x,y,z of conv(S_0k) ⊙ conv(S_0k)',
      quotes: [
        'Figure 3: Symmetrization: Each of the three channels of',
        'The resulting products are summed to form the symmetrization layer',
        'Inspired by this symmetry, we incorporate symmetrization layers into the EFNN architecture',
        'The symmetrization is achieved by summing dot products',
      ],
      theorems: ['Symmetry.accepted_programs_are_symmetric', 'Adjoint.correlate_is_trilinear'],
      vectors: ['symmetrization'],
      pages: ['proofs/orthogonal-invariance.md'],
    },
  ),
  entry({
    kind: 'definition',
    place: 'below Eq. (3)',
    key: 'shapes of T',
    statement: 'S_0k in R^(N x N) is convolved to R^(C x N x N)',
    quotes: ['is convolved into C×N×N'],
    symbol: symbolNamed('program/typecheck', 'typecheck'),
    law: lawNamed('typecheck', 'typedProgramsEvaluate'),
    theorems: ['Algebra.typecheck_promises'],
    isProven: true,
    vectors: ['symmetrization/nearest', 'symmetrization/wrapping'],
  }),
  entry({
    kind: 'finding',
    place: 'below Eq. (3)',
    key: 'T is invariant',
    statement: 'T_j does not change under O(3)',
    quotes: ['details the convolution process and proves that'],
    symbol: symbolNamed('network/maps', 'symmetrize'),
    law: lawNamed('orthogonal-invariance', 'symmetrizationIsInvariant'),
    theorems: ['Symmetry.judge_is_sound', 'Symmetry.accepted_programs_are_symmetric'],
    isProven: true,
    vectors: ['symmetrization/reflected'],
    pages: ['proofs/orthogonal-invariance.md'],
  }),
  judged(
    {
      symbol: symbolIn('network/maps', { perceptron }),
      law: lawIn('architecture', { perceptronIsConvolutionTanhConvolution }),
      instance: identity,
      mutant: ['tanh last', wrong.perceptrons['tanh last']],
    },
    {
      kind: 'equation',
      place: 'Fig. 3',
      key: 'f',
      statement: 'f, g: convolution, tanh, convolution',
      quotes: ['is passed through a sequence of layers—convolution', 'consist of a convolutional layer'],
      theorems: ['Gradient.pullbacks_are_adjoint'],
      vectors: lattices,
      errata: ['affine, tanh, affine'],
    },
  ),
  judged(
    {
      symbol: symbolIn('network/network', { networkProgram }),
      law: lawIn('architecture', { networksAreTheirEquations }),
      instance: identity,
      mutant: ['one layer is left out', wrong.networkPrograms['one layer is left out']],
    },
    {
      kind: 'equation',
      place: 'Fig. 4a',
      key: 'F_j',
      statement: 'F_1 = f_0(T_0(S_0)), S_j = g_j(T_j(S_0)) ⊙ F_j',
      quotes: [
        'As shown in Fig. 4(a), in the first FP layer',
        'For subsequent layers',
        '(a) Architecture of EFNN incorporating symmetrization layers',
      ],
      theorems: ['ContinuedFunction.efnn_is_a_continued_function', 'Symmetry.accepted_energies_are_invariant'],
      vectors: lattices,
    },
  ),
  judged(
    {
      symbol: symbolIn('network/maps', { convolvedSum }),
      law: lawIn('architecture', { readoutIsTheConvolvedSum }),
      instance: identity,
      mutant: ['a plain sum', wrong.readouts['a plain sum']],
    },
    {
      kind: 'equation',
      place: 'Fig. 4a',
      key: 'q',
      statement: 'q: convolution to one channel, summed over sites',
      quotes: ['is convolved into a single-channel matrix'],
      theorems: ['Tiling.extensive_energies_multiply'],
      vectors: lattices,
      errata: ['readout'],
    },
  ),
  entry({
    kind: 'definition',
    place: 'Fig. 4a',
    key: 'shapes',
    statement: 'S_0 in R^(3 x N x N), F_j and S_j in R^(C x N x N), E in R',
    quotes: ['The layer dimensions are as follows'],
    symbol: symbolNamed('program/typecheck', 'typecheck'),
    law: lawNamed('typecheck', 'typedProgramsEvaluate'),
    theorems: ['Algebra.typecheck_promises', 'Shape.define_respects'],
    isProven: true,
    vectors: lattices,
  }),
  entry({
    kind: 'definition',
    place: 'Fig. 4a',
    key: 'other networks',
    statement: 'DenseNet, ResNet and DNN get symmetrization and q as well',
    quotes: ['For comparison, we also incorporate symmetrization layers and final summation'],
    symbol: symbolNamed('network/network', 'networkProgram'),
    law: lawNamed('orthogonal-invariance', 'latticeNetworksAreProven'),
    theorems: ['Symmetry.accepted_energies_are_invariant'],
    vectors: ['networks/lattice-dnn-2', 'networks/lattice-resnet-2', 'networks/lattice-densenet-2'],
    errata: ['readout'],
  }),
  entry({
    kind: 'definition',
    place: 'Fig. 4c',
    key: 'periodic padding',
    statement: 'convolutions pad periodically, so that one network is for every N',
    quotes: ['The convolution operations with padding under periodic boundary conditions'],
    symbol: symbolNamed('program/expression', 'correlate'),
    law: lawNamed('network', 'translationSymmetry'),
    theorems: ['Translation.programs_commute_with_translations', 'Adjoint.correlate_is_trilinear'],
    isProven: true,
    vectors: ['operations/correlate-5-on-4', 'operations/correlate-9-on-3', 'networks/lattice-efnn-wide-kernel'],
  }),
];
