/**
 * The paper and where it is: each equation with the symbol that implements it, the law that it must obey, and the
 * vectors that a port is checked by. The README shows this table; `equations.spec.ts` runs every row: its law holds for the
 * symbol, and fails for a wrong symbol in its place.
 */
import * as E from 'fp-ts/lib/Either.js';
import { identity } from 'fp-ts/lib/function.js';

import { continuedFunction, recursionLevels, type Level, type Product } from '../src/continued/continued-function.ts';
import { monteCarloEnergy } from '../src/exact/monte-carlo-energy.ts';
import { doubleExchangeMatrix } from '../src/hamiltonian/double-exchange.ts';
import { effectiveEnergy, effectiveFeatures } from '../src/hamiltonian/effective-model.ts';
import { infiniteRangeEnergy } from '../src/hamiltonian/infinite-range.ts';
import { isingEnergy } from '../src/hamiltonian/ising.ts';
import { eigenvalues } from '../src/linear/diagonalize.ts';
import { densenet } from '../src/network/densenet.ts';
import { dnn } from '../src/network/dnn.ts';
import { efnn } from '../src/network/efnn.ts';
import { infiniteRangeEfnn, infiniteRangeWeights } from '../src/network/infinite-range-efnn.ts';
import { isingEfnn, isingWeights } from '../src/network/ising-efnn.ts';
import { convolvedSum, perceptron, symmetrize } from '../src/network/maps.ts';
import { networkProgram } from '../src/network/network.ts';
import { pairHead } from '../src/network/pair-head.ts';
import { resnet } from '../src/network/resnet.ts';
import { float64 } from '../src/number/float64.ts';
import { rational } from '../src/number/rational.ts';
import { parameterCounts, parameterTotal } from '../src/program/counts.ts';
import { scalarOutput } from '../src/program/embed.ts';
import { evaluate } from '../src/program/evaluate.ts';
import { add, inputField, multiply, record, type Field } from '../src/program/expression.ts';
import type { Program } from '../src/program/program.ts';
import { symmetry } from '../src/program/symmetry.ts';
import { typecheck } from '../src/program/typecheck.ts';
import { markdownTable } from '../src/report/markdown-table.ts';
import { deviationOf, errorMeasures } from '../src/training/error-measures.ts';
import { keeps, type Law } from './law.ts';
import {
  densenetIsItsEquation,
  dnnIsItsEquation,
  efnnIsItsEquation,
  networksAreTheirEquations,
  perceptronIsConvolutionTanhConvolution,
  readoutIsTheConvolvedSum,
  resnetIsItsEquation,
  symmetrizationIsTheSumOfProducts,
} from './laws/architecture.ts';
import { recursionIsNesting } from './laws/continued-function.ts';
import { spiralLevels } from './laws/double-exchange.ts';
import { infiniteRangeIsExact, isingIsExact } from './laws/exact-reduction.ts';
import { effectiveEnergyIsTheSum, infiniteRangeIsGeneratingFunction, isingIsSumOverPairs } from './laws/hamiltonian.ts';
import { monteCarloEnergyIsTheFormula } from './laws/monte-carlo-energy.ts';
import { energyByDefinition, pairHeadIsTheTwoBodySum, type NetworkEnergy } from './laws/network-gradient.ts';
import { countsAreTheFormulas } from './laws/network.ts';
import { acceptedProgramsAreSymmetric } from './laws/symmetry.ts';
import { measuresAreWhatTheySay } from './laws/training.ts';
import * as wrong from './mutants/architecture.ts';
import { right } from './right.ts';
import type { FamilyName } from './vectors/families.ts';

/** A file and a name that it exports. */
interface Exported {
  readonly file: string;
  readonly name: string;
}

/** The same, with what has that name: so that the table cannot speak of one thing and run another. */
interface Value<A> extends Exported {
  readonly value: A;
}

const valueIn = <A>(file: string, named: Readonly<Record<string, A>>): Value<A> => {
  const [entry, ...others] = Object.entries(named);
  if (entry === undefined || others.length > 0) {
    throw new RangeError(`expected one name for ${file}, got ${Object.keys(named).join(', ')}`);
  }
  return { file, name: entry[0], value: entry[1] };
};

/** Something that a law may hold for. */
interface Judged {
  readonly what: string;
  /** Whether the row's law holds for it. */
  readonly keepsTheLaw: () => Promise<boolean>;
}

export interface EquationRow {
  /** Where the paper has it. */
  readonly place: string;
  /** What the `@eq` tag of the symbol's file calls it. */
  readonly key: string;
  readonly formula: string;
  readonly symbol: Value<unknown>;
  readonly law: Value<unknown>;
  readonly vectors: FamilyName;
  readonly implementation: Judged;
  /** A wrong symbol in the place of the right one. */
  readonly mutant: Judged;
}

const symbolIn = <S>(file: string, named: Readonly<Record<string, S>>): Value<S> => valueIn(`src/${file}.ts`, named);

const lawIn = <I, C>(file: string, named: Readonly<Record<string, Law<I, C>>>): Value<Law<I, C>> =>
  valueIn(`spec/laws/${file}.ts`, named);

interface Row<S, I, C> {
  readonly symbol: Value<S>;
  readonly law: Value<Law<I, C>>;
  /** The law's instance that a symbol makes. */
  readonly instance: (symbol: NoInfer<S>) => NoInfer<I>;
  /** What is wrong with it, and the wrong symbol. */
  readonly mutant: readonly [what: string, symbol: NoInfer<S>];
  readonly vectors: FamilyName;
}

const row = <S, I, C>(
  place: string,
  key: string,
  formula: string,
  { symbol, law, instance, mutant: [what, wrong], vectors }: Row<S, I, C>,
): EquationRow => ({
  place,
  key,
  formula,
  symbol,
  law,
  vectors,
  implementation: { what: symbol.name, keepsTheLaw: () => keeps(law.value, instance(symbol.value)) },
  mutant: { what, keepsTheLaw: () => keeps(law.value, instance(wrong)) },
});

const doubledBonds: typeof isingEnergy = (field) => (lattice, J) => isingEnergy(field)(lattice, field.add(J, J));

const negatedCouplings: typeof infiniteRangeEnergy = (field) => (model) =>
  infiniteRangeEnergy(field)({ ...model, couplings: model.couplings.map((J) => field.sub(field.zero, J)) });

/** A program whose energy counts twice. */
const doubled = (program: Program): Program => {
  const energy = right(scalarOutput('energy')(right(typecheck(program))));
  return record({ energy: add(energy, energy) });
};

/** The energy of a network whose pair head is this one. */
const withHead =
  (head: typeof pairHead): NetworkEnergy =>
  (description) =>
  (size, weights, spins) => {
    const { shape } = description;
    if (shape.tag === 'dense' || !shape.pairHead) {
      return energyByDefinition(description)(size, weights, spins);
    }
    const bare = energyByDefinition({ ...description, shape: { ...shape, pairHead: false } })(size, weights, spins);
    const program = right(typecheck(record({ energy: head(shape.kernel)(inputField('spins', 3, 1)) })));
    return bare + (right(evaluate(float64)(size)(weights, { spins })(program))['energy']?.[0] ?? NaN);
  };

export const equations: readonly EquationRow[] = [
  row('Fig. 1', 'H', 'H = -J sum over ⟨ij⟩ of s_i s_j', {
    symbol: symbolIn('hamiltonian/ising', { isingEnergy }),
    law: lawIn('hamiltonian', { isingIsSumOverPairs }),
    instance: (energy) => energy(rational),
    mutant: ['every bond counts twice', doubledBonds],
    vectors: 'hamiltonians',
  }),
  row('Fig. 1', 'phi', 'φ_i = -(J/2) sum of neighbours, H = sum of s_i φ_i', {
    symbol: symbolIn('network/ising-efnn', { isingEfnn }),
    law: lawIn('exact-reduction', { isingIsExact }),
    instance: (program) => ({ program, weights: isingWeights }),
    mutant: ['every bond counts twice', doubled(isingEfnn)],
    vectors: 'hamiltonians',
  }),
  row('Fig. 2a', 'F', 'F_i = f_{i-1}(S_{i-1})', {
    symbol: symbolIn('network/efnn', { efnn }),
    law: lawIn('architecture', { efnnIsItsEquation }),
    instance: identity,
    mutant: ['the fields are read from S_0', wrong.efnns['the fields are read from S_0']],
    vectors: 'networks',
  }),
  row('Fig. 2a', 'S', 'S_i = g_i(S_0) ⊙ F_i', {
    symbol: symbolIn('network/efnn', { efnn }),
    law: lawIn('architecture', { efnnIsItsEquation }),
    instance: identity,
    mutant: ['sums instead of products', wrong.efnns['sums instead of products']],
    vectors: 'networks',
  }),
  row('Fig. 2a', 'E', 'E = q(S_n)', {
    symbol: symbolIn('network/efnn', { efnn }),
    law: lawIn('architecture', { efnnIsItsEquation }),
    instance: identity,
    mutant: ['the energy is read from the last field', wrong.efnns['the energy is read from the last field']],
    vectors: 'networks',
  }),
  row('Eq. (1)', '1', 'H = -sum over i < j < k of J_ijk s_i s_j s_k', {
    symbol: symbolIn('hamiltonian/infinite-range', { infiniteRangeEnergy }),
    law: lawIn('hamiltonian', { infiniteRangeIsGeneratingFunction }),
    instance: (energy) => energy(rational),
    mutant: ['the sign of H', negatedCouplings],
    vectors: 'hamiltonians',
  }),
  row('Eq. (1)', '1', 'the same as a linear EFNN of two layers, exactly', {
    symbol: symbolIn('network/infinite-range-efnn', { infiniteRangeEfnn }),
    law: lawIn('exact-reduction', { infiniteRangeIsExact }),
    instance: (program) => ({ program, weights: infiniteRangeWeights }),
    mutant: ['every product counts twice', (model) => doubled(infiniteRangeEfnn(model))],
    vectors: 'hamiltonians',
  }),
  row('Eq. (2)', '2', 'H = -t sum (c†c + h.c.) - (J/2) sum s_i · c†σc (- μ n)', {
    symbol: symbolIn('hamiltonian/double-exchange', { doubleExchangeMatrix }),
    law: lawIn('double-exchange', { spiralLevels }),
    instance: (matrix) => (model, twist) => (spins) => right(E.chainW(eigenvalues)(matrix(model, twist)(spins))),
    mutant: ['J for J / 2', (model, twist) => doubleExchangeMatrix({ ...model, J: 2 * model.J }, twist)],
    vectors: 'hamiltonians',
  }),
  row('below Eq. (2)', 'E_MC', 'E_MC = -T sum log(1 + exp(-E_n/T))', {
    symbol: symbolIn('exact/monte-carlo-energy', { monteCarloEnergy }),
    law: lawIn('monte-carlo-energy', { monteCarloEnergyIsTheFormula }),
    instance: identity,
    mutant: ['holes for electrons', (T) => (levels) => monteCarloEnergy(T)(levels.map((level) => -level))],
    vectors: 'exact-energies',
  }),
  row('Eq. (3)', '3', 'E_eff = J_0 + sum g_ij s_i·s_j + sum g_ijkl (s_i·s_j)(s_k·s_l)', {
    symbol: symbolIn('hamiltonian/effective-model', { effectiveEnergy }),
    law: lawIn('hamiltonian', { effectiveEnergyIsTheSum }),
    instance: (energy) => ({
      energy: (clusters, coefficients) => (spins) => right(energy(clusters, coefficients)(spins)),
      features: effectiveFeatures,
    }),
    mutant: [
      'coefficients are read backwards',
      (clusters, coefficients) => effectiveEnergy(clusters, Float64Array.from(coefficients).reverse()),
    ],
    vectors: 'effective-model',
  }),
  row('Eq. (3)', '3', 'its two-body term, translation-invariant: the pair head', {
    symbol: symbolIn('network/pair-head', { pairHead }),
    law: lawIn('network-gradient', { pairHeadIsTheTwoBodySum }),
    instance: withHead,
    mutant: ['each pair counts twice', (kernel) => (s0) => add(pairHead(kernel)(s0), pairHead(kernel)(s0))],
    vectors: 'networks',
  }),
  row('Fig. 3', 'T', 'T_j = sum over k=x,y,z of conv(S_0k) ⊙ conv(S_0k)', {
    symbol: symbolIn('network/maps', { symmetrize }),
    law: lawIn('architecture', { symmetrizationIsTheSumOfProducts }),
    instance: identity,
    mutant: ['one kernel for both factors', wrong.symmetrizations['one kernel for both factors']],
    vectors: 'symmetrization',
  }),
  row('Fig. 3', 'f', 'f, g: convolution, tanh, convolution', {
    symbol: symbolIn('network/maps', { perceptron }),
    law: lawIn('architecture', { perceptronIsConvolutionTanhConvolution }),
    instance: identity,
    mutant: ['tanh last', wrong.perceptrons['tanh last']],
    vectors: 'networks',
  }),
  row('below Eq. (3)', 'O(3)', 'E(O S) = E(S) for O in O(3), proven for every weight', {
    symbol: symbolIn('program/symmetry', { symmetry }),
    law: lawIn('symmetry', { acceptedProgramsAreSymmetric }),
    instance: identity,
    mutant: [
      'a componentwise product is taken for a sum',
      (program) =>
        symmetry({
          ...program,
          equations: program.equations.map((equation) =>
            equation.tag === 'multiply' ? { ...equation, tag: 'add' } : equation,
          ),
        }),
    ],
    vectors: 'errors',
  }),
  row('Fig. 4a', 'F_j', 'F_1 = f_0(T_0(S_0)), S_j = g_j(T_j(S_0)) ⊙ F_j', {
    symbol: symbolIn('network/network', { networkProgram }),
    law: lawIn('architecture', { networksAreTheirEquations }),
    instance: identity,
    mutant: ['one layer is left out', wrong.networkPrograms['one layer is left out']],
    vectors: 'networks',
  }),
  row('Fig. 4a', 'q', 'q: convolution to one channel, summed over sites', {
    symbol: symbolIn('network/maps', { convolvedSum }),
    law: lawIn('architecture', { readoutIsTheConvolvedSum }),
    instance: identity,
    mutant: ['a plain sum', wrong.readouts['a plain sum']],
    vectors: 'networks',
  }),
  row('Fig. 4b', 'parameters', '200 to 30,000 parameters', {
    symbol: symbolIn('program/counts', { parameterTotal }),
    law: lawIn('network', { countsAreTheFormulas }),
    instance: (count) => (network) => count(right(networkProgram(network))),
    mutant: [
      'biases are forgotten',
      (program) =>
        Object.entries(parameterCounts(program)).reduce(
          (sum, [name, count]) => (name.endsWith('.bias') ? sum : sum + count),
          0,
        ),
    ],
    vectors: 'networks',
  }),
  row('Fig. 2b', 'relative error', 'relative error = RMSE / abs(mean H)', {
    symbol: symbolIn('training/error-measures', { errorMeasures }),
    law: lawIn('training', { measuresAreWhatTheySay }),
    instance: identity,
    mutant: ['relative to the standard deviation', (exact) => errorMeasures(exact, deviationOf(exact))],
    vectors: 'error-measures',
  }),
  row('Fig. 5a', 'continued function', 'the EFNN as a_1 φ_1(a_2 φ_2(..))', {
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
    vectors: 'continued-fractions',
  }),
  row('Fig. 5b', 'ResNet', 'S_{i+1} = S_i + f_i(S_i)', {
    symbol: symbolIn('network/resnet', { resnet }),
    law: lawIn('architecture', { resnetIsItsEquation }),
    instance: identity,
    mutant: ['what is skipped is always S_1', wrong.resnets['what is skipped is always S_1']],
    vectors: 'networks',
  }),
  row('Fig. 5c', 'DNN', 'S_i = g_i(f_{i-1}(S_{i-1})): the EFNN with spins of 1', {
    symbol: symbolIn('network/dnn', { dnn }),
    law: lawIn('architecture', { dnnIsItsEquation }),
    instance: identity,
    mutant: ['g before f', wrong.dnns['g before f']],
    vectors: 'networks',
  }),
  row('Fig. 5d', 'DenseNet', 'F_{i+1} = f_i([S_0, F_1, .., F_i])', {
    symbol: symbolIn('network/densenet', { densenet }),
    law: lawIn('architecture', { densenetIsItsEquation }),
    instance: identity,
    mutant: ['the newest layer first', wrong.densenets['the newest layer first']],
    vectors: 'networks',
  }),
];

const link = ({ name, file }: Exported): string => `[\`${name}\`](${file})`;

/** The table as the README shows it. */
export const equationTable = (rows: readonly EquationRow[]): string =>
  markdownTable(
    ['where', 'equation', 'symbol', 'property'],
    rows.map(({ place, formula, symbol, law }) => [place, formula, link(symbol), link(law)]),
  );

/** Where the text of the paper and its published code or data differ, or the text leaves something out. */
export interface Erratum {
  readonly text: string;
  readonly found: string;
  /** The law or example that shows it; null where nothing that runs here can. */
  readonly shownBy: Exported | null;
}

const erratum = (text: string, found: string, shown?: readonly [string, string]): Erratum => ({
  text,
  found,
  shownBy: shown === undefined ? null : { name: shown[0], file: shown[1] },
});

export const errata: readonly Erratum[] = [
  erratum(
    'Spins s_i are unit vectors of random direction.',
    'In the published data phi = 2 theta for every spin, since the generator is seeded again before phi.',
    ['publishedSpinsLieOnOneCurve', 'spec/laws/sampler.ts'],
  ),
  erratum(
    'Eq. (2) has no chemical potential.',
    'E_n are the levels of H - mu n: the slope of E_MC in mu is minus the electron number.',
    ['concaveInMu', 'spec/laws/monte-carlo-energy.ts'],
  ),
  erratum(
    'Eq. (3) sums over all ij and ijkl.',
    'The 12,758,826 parameters are pairs i <= j, self pairs included, and unordered pairs of these.',
    ['12758826', 'spec/hamiltonian.spec.ts'],
  ),
  erratum(
    'The 4,000 binary test samples are new.',
    'About 39 % of them also occur among the 16,000 training samples: there are only 2^15 configurations.',
    ['repeat: about 39 percent', 'spec/dataset.spec.ts'],
  ),
  erratum(
    'The second case is a classical Heisenberg spin system.',
    'Its spins are numbers in [-1, 1], not unit vectors.',
    ['samplesFollowTheFormula', 'spec/laws/dataset.ts'],
  ),
  erratum(
    'The effective model has a relative error of 2e-2.',
    'Always answering the mean has little more: std(E) is 1.8e-2 to 2.3e-2 of the mean. Every table shows the mean ' +
      'predictor beside.',
    ['measuresAreWhatTheySay', 'spec/laws/training.ts'],
  ),
  erratum(
    'q sums all elements of the last layer.',
    'On lattices a convolution to one channel, with bias, comes first.',
    ['readoutIsTheConvolvedSum', 'spec/laws/architecture.ts'],
  ),
  erratum(
    'f and g are tanh, which keeps values finite.',
    'Each is affine, tanh, affine: their values are not bounded by 1.',
    ['perceptronIsConvolutionTanhConvolution', 'spec/laws/architecture.ts'],
  ),
  erratum('2,000,000 data points, 80 % for training.', 'The published training code reads a file of 200,000 samples.'),
];
