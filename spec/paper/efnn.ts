/** Figs. 2a and 5: the networks, and continued functions. */
import { identity } from 'fp-ts/lib/function.js';

import {
  continuedFunction,
  recursionLevels,
  type Level,
  type Product,
} from '../../src/continued/continued-function.ts';
import { densenet } from '../../src/network/densenet.ts';
import { dnn } from '../../src/network/dnn.ts';
import { efnn } from '../../src/network/efnn.ts';
import { resnet } from '../../src/network/resnet.ts';
import { multiply, type Field } from '../../src/program/expression.ts';
import {
  densenetIsItsEquation,
  dnnIsItsEquation,
  efnnIsItsEquation,
  resnetIsItsEquation,
} from '../laws/architecture.ts';
import { recursionIsNesting } from '../laws/continued-function.ts';
import * as wrong from '../mutants/architecture.ts';
import { lawIn, lawNamed, none, symbolIn, symbolNamed } from './anchor.ts';
import { entry, judged, type Entry } from './entry.ts';
import { aDefinition, inWords, ofFittedNumbers, ofStructure } from './reasons.ts';

const chains = ['networks/chain-efnn-1', 'networks/chain-efnn-2', 'networks/chain-efnn-3'];

const recursion = {
  symbol: symbolIn('network/efnn', { efnn }),
  law: lawIn('architecture', { efnnIsItsEquation }),
  instance: identity<typeof efnn>,
};

const asContinuedFunction = ['ContinuedFunction.efnn_is_a_continued_function'];

/** The recursion of Fig. 2a. */
export const architecture: readonly Entry[] = [
  judged(
    { ...recursion, mutant: ['the fields are read from S_0', wrong.efnns['the fields are read from S_0']] },
    {
      kind: 'equation',
      place: 'Fig. 2a',
      key: 'F',
      statement: 'F_i = f_{i-1}(S_{i-1})',
      quotes: [
        'As shown in Fig. 2(a), we can extend the FP layer number in Fig. 1(b)',
        'The evaluation procedure is detailed as',
        '(a) Architecture of the EFNN.',
      ],
      theorems: asContinuedFunction,
      vectors: chains,
    },
  ),
  judged(
    { ...recursion, mutant: ['sums instead of products', wrong.efnns['sums instead of products']] },
    {
      kind: 'equation',
      place: 'Fig. 2a',
      key: 'S',
      statement: 'S_i = g_i(S_0) ⊙ F_i',
      quotes: ['to produce the quasi-particle layer'],
      theorems: asContinuedFunction,
      vectors: chains,
    },
  ),
  judged(
    {
      ...recursion,
      mutant: ['the energy is read from the last field', wrong.efnns['the energy is read from the last field']],
    },
    {
      kind: 'equation',
      place: 'Fig. 2a',
      key: 'E',
      statement: 'E = q(S_n)',
      quotes: ['The final quasi-particle layer'],
      theorems: asContinuedFunction,
      vectors: chains,
      errata: ['readout'],
    },
  ),
  entry({
    kind: 'definition',
    place: 'Fig. 2a',
    key: 'f and g',
    statement: 'f_i and g_i are nonlinear: linear layers with tanh',
    quotes: ['are nonlinear (specifically, we use hyperbolic tangent functions)', 'use sequential linear layers with'],
    symbol: symbolNamed('network/maps', 'perceptron'),
    law: lawNamed('architecture', 'perceptronIsConvolutionTanhConvolution'),
    theorems: none(aDefinition),
    vectors: chains,
    errata: ['affine, tanh, affine'],
  }),
  entry({
    kind: 'finding',
    place: 'Fig. 2a',
    key: 'recursion',
    statement: 'the recursion, with its products and its connections to S_0, implements a continued function',
    quotes: ['This recursive structure, when combined with the multiplicative interactions'],
    symbol: symbolNamed('continued/continued-function', 'recursionLevels'),
    law: lawNamed('continued-function', 'recursionIsNesting'),
    theorems: asContinuedFunction,
    isProven: true,
    vectors: ['continued-fractions/function-exponential', 'continued-fractions/function-root'],
  }),
];

/** What Fig. 5 and the discussion say of structures. */
export const continuedFunctions: readonly Entry[] = [
  judged(
    {
      symbol: symbolIn('continued/continued-function', { continuedFunction }),
      law: lawIn('continued-function', { recursionIsNesting }),
      instance:
        (continued) =>
        ({ layers, q }) =>
        (S0) =>
          q(continued<Field>({ mul: multiply })(S0)(recursionLevels(layers)(S0))),
      mutant: [
        'the innermost level first',
        <A>(numbers: Product<A>) =>
          (innermost: A) =>
          (levels: readonly Level<A>[]) =>
            continuedFunction(numbers)(innermost)(levels.toReversed()),
      ],
    },
    {
      kind: 'equation',
      place: 'Fig. 5a',
      key: 'continued function',
      statement: 'the EFNN as a_1 φ_1(a_2 φ_2(..))',
      quotes: [
        'is recursively integrated into every quasi-particle layer.',
        'is multiplied with subsequent layers, forming a continued-function representation',
        'demonstrating that only EFNN (Fig. 5(a)) possesses the correct continued function structure',
        'create a continued function structure with renormalization properties',
      ],
      theorems: asContinuedFunction,
      isProven: true,
      vectors: ['continued-fractions'],
    },
  ),
  judged(
    {
      symbol: symbolIn('network/resnet', { resnet }),
      law: lawIn('architecture', { resnetIsItsEquation }),
      instance: identity,
      mutant: ['what is skipped is always S_1', wrong.resnets['what is skipped is always S_1']],
    },
    {
      kind: 'equation',
      place: 'Fig. 5b',
      key: 'ResNet',
      statement: 'S_{i+1} = S_i + f_i(S_i)',
      quotes: ['(b) A typical architecture of ResNet, only one skip connection starts from'],
      theorems: ['Degree.resnet_degree'],
      vectors: ['networks/chain-resnet-1', 'networks/chain-resnet-2', 'networks/chain-resnet-3'],
    },
  ),
  judged(
    {
      symbol: symbolIn('network/dnn', { dnn }),
      law: lawIn('architecture', { dnnIsItsEquation }),
      instance: identity,
      mutant: ['g before f', wrong.dnns['g before f']],
    },
    {
      kind: 'equation',
      place: 'Fig. 5c',
      key: 'DNN',
      statement: 'S_i = g_i(f_{i-1}(S_{i-1})): the EFNN with spins of 1',
      quotes: ['(c) Removing the', 'connections transforms an EFNN into a standard DNN'],
      theorems: ['Degree.dnn_degree'],
      vectors: ['networks/chain-dnn-1', 'networks/chain-dnn-2', 'networks/chain-dnn-3'],
    },
  ),
  judged(
    {
      symbol: symbolIn('network/densenet', { densenet }),
      law: lawIn('architecture', { densenetIsItsEquation }),
      instance: identity,
      mutant: ['the newest layer first', wrong.densenets['the newest layer first']],
    },
    {
      kind: 'equation',
      place: 'Fig. 5d',
      key: 'DenseNet',
      statement: 'F_{i+1} = f_i([S_0, F_1, .., F_i])',
      quotes: ['(d) A typical architecture of DenseNet'],
      theorems: ['Degree.densenet_degree'],
      vectors: ['networks/chain-densenet-1', 'networks/chain-densenet-2', 'networks/chain-densenet-3'],
    },
  ),
  entry({
    kind: 'finding',
    place: 'discussion',
    key: 'other structures',
    statement:
      'DNN, ResNet and DenseNet are no continued functions of S_0: with affine maps they are of degree 1, an EFNN of n + 1',
    quotes: [
      'that DNNs completely lack the structure of a continued function, while DenseNets and ResNets misrepresent',
      'provides a detailed mathematical explanation of why EFNN implements continued functions',
    ],
    symbol: symbolNamed('network/network', 'networkProgram'),
    law: lawNamed('continued-structure', 'degreesForAllWeights'),
    theorems: ['Degree.efnn_degree', 'Degree.dnn_degree', 'Degree.resnet_degree', 'Degree.densenet_degree'],
    isProven: true,
    vectors: none(ofStructure),
    pages: ['proofs/exact-reduction.md'],
  }),
  entry({
    kind: 'finding',
    place: 'discussion',
    key: 'relevant terms',
    statement: 'of an expansion like Eq. (3) an EFNN takes the relevant terms, and says them as a continued function',
    quotes: [
      'More importantly, for a perturbative expansion like Eq. (3), EFNN selects the most relevant terms via training',
    ],
    symbol: symbolNamed('network/network', 'networkProgram'),
    law: lawNamed('continued-structure', 'oneLayerIsTheEffectiveModel'),
    theorems: none(ofFittedNumbers),
    vectors: none(ofStructure),
    claims: ['4b-beyond-pairs'],
    errata: ['every linear EFNN'],
  }),
  entry({
    kind: 'definition',
    place: 'discussion',
    key: 'Pade',
    statement: 'Pade approximants, continued fractions, are a special case of continued functions: φ(x) = 1/(1 + x)',
    quotes: ['A special case of continued functions is the Padé approximant'],
    symbol: symbolNamed('continued/pade', 'pade'),
    law: lawNamed('continued-function', 'reciprocalsMakeContinuedFractions'),
    theorems: ['ContinuedFraction.wallis_is_value_from_inside', 'ContinuedFraction.determinant_formula'],
    vectors: [
      'continued-fractions/fraction-golden',
      'continued-fractions/pade-exponential',
      'continued-fractions/function-fraction',
    ],
  }),
  entry({
    kind: 'definition',
    place: 'discussion',
    key: 'generic functions',
    statement:
      'continued functions have any nonlinear function in the place of the reciprocal; here tanh, so that training works',
    quotes: [
      'Continued functions generalize continued fractions by replacing the inversion operation with generic nonlinear functions',
      'activation functions instead of inverses',
    ],
    symbol: symbolNamed('continued/phi', 'fraction'),
    law: lawNamed('continued-levels', 'matchingUndoes'),
    theorems: asContinuedFunction,
    vectors: ['continued-fractions/function-exponential', 'continued-fractions/fraction-tanh-one'],
  }),
  entry({
    kind: 'finding',
    place: 'discussion',
    key: 'self-similar approximants',
    statement: 'the EFNN implements self-similar approximation, where series are matched order by order',
    quotes: [
      'Notably, EFNN actually implements self-similar approximation',
      'What EFNN actually implements is self-similar',
    ],
    symbol: symbolNamed('continued/factor-approximant', 'factorApproximant'),
    law: lawNamed('resummation', 'factorsAreFound'),
    theorems: none(ofFittedNumbers),
    vectors: ['continued-fractions/function-root'],
    claims: ['oscillator-resummed'],
  }),
  entry({
    kind: 'finding',
    place: 'discussion',
    key: 'renormalization group',
    statement:
      'self-similarity follows from the renormalization group: Φ^(p + k) = Φ^p ∘ Φ^k, layers with the same weights',
    quotes: ['self-similar structure also naturally comes from renormalization group equation'],
    symbol: symbolNamed('continued/flow', 'flow'),
    law: lawNamed('continued-flow', 'flowIsASemigroup'),
    theorems: [
      'ContinuedFunction.semigroup_law',
      'ContinuedFunction.no_layers_change_nothing',
      'ContinuedFunction.fixed_points_stay',
      'ContinuedFunction.tied_efnn_is_a_flow',
    ],
    isProven: true,
    vectors: ['continued-fractions/fraction-golden'],
  }),
  entry({
    kind: 'finding',
    place: 'discussion',
    key: 'interpretation',
    statement: 'fields and quasi-particles have a physical meaning, and are computed efficiently',
    quotes: ['provides clear physical interpretation while maintaining computational efficiency'],
    symbol: symbolNamed('network/efnn', 'efnn'),
    law: none(inWords),
    theorems: none(inWords),
    vectors: none(inWords),
  }),
];
