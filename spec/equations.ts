/**
 * The paper and where it is: each equation with the symbol that implements it, the law that it must obey, and the
 * vectors that a port is checked by. The README shows this table; `equations.spec.ts` checks every entry.
 */
import type { VectorName } from './vectors/schema.ts';

/** A file and a name that it exports. */
interface Exported {
  readonly file: string;
  readonly name: string;
}

export interface EquationRow {
  /** Where the paper has it. */
  readonly place: string;
  /** What the `@eq` tag of the symbol's file calls it. */
  readonly key: string;
  readonly formula: string;
  readonly symbol: Exported;
  readonly law: Exported;
  readonly vectors: VectorName;
}

const row = (
  place: string,
  key: string,
  formula: string,
  [name, file]: readonly [string, string],
  [law, lawFile]: readonly [string, string],
  vectors: VectorName,
): EquationRow => ({
  place,
  key,
  formula,
  symbol: { name, file: `src/${file}.ts` },
  law: { name: law, file: `spec/laws/${lawFile}.ts` },
  vectors,
});

export const equations: readonly EquationRow[] = [
  row(
    'Fig. 1',
    'H',
    'H = -J sum over ⟨ij⟩ of s_i s_j',
    ['isingEnergy', 'hamiltonian/ising'],
    ['isingIsSumOverPairs', 'hamiltonian'],
    'ising.json',
  ),
  row(
    'Fig. 1',
    'phi',
    'φ_i = -(J/2) sum of neighbours, H = sum of s_i φ_i',
    ['isingEfnn', 'network/ising-efnn'],
    ['isingIsExact', 'exact-reduction'],
    'ising.json',
  ),
  row(
    'Fig. 2a',
    'F',
    'F_i = f_{i-1}(S_{i-1})',
    ['efnn', 'network/efnn'],
    ['recursionIsNesting', 'continued-function'],
    'networks-dense.json',
  ),
  row(
    'Fig. 2a',
    'S',
    'S_i = g_i(S_0) ⊙ F_i',
    ['efnn', 'network/efnn'],
    ['backwardIsTheGradient', 'network'],
    'networks-dense.json',
  ),
  row(
    'Fig. 2a',
    'E',
    'E = q(S_n)',
    ['efnn', 'network/efnn'],
    ['networkGradientIsTheDualPart', 'network-gradient'],
    'networks-dense.json',
  ),
  row(
    'Eq. (1)',
    '1',
    'H = -sum over i < j < k of J_ijk s_i s_j s_k',
    ['infiniteRangeEnergy', 'hamiltonian/infinite-range'],
    ['infiniteRangeIsGeneratingFunction', 'hamiltonian'],
    'three-spin.json',
  ),
  row(
    'Eq. (1)',
    '1',
    'the same as a linear EFNN of two layers, exactly',
    ['infiniteRangeEfnn', 'network/infinite-range-efnn'],
    ['infiniteRangeIsExact', 'exact-reduction'],
    'three-spin.json',
  ),
  row(
    'Eq. (2)',
    '2',
    'H = -t sum (c†c + h.c.) - (J/2) sum s_i · c†σc (- μ n)',
    ['doubleExchangeMatrix', 'hamiltonian/double-exchange'],
    ['spiralLevels', 'double-exchange'],
    'double-exchange.json',
  ),
  row(
    'below Eq. (2)',
    'E_MC',
    'E_MC = -T sum log(1 + exp(-E_n/T))',
    ['monteCarloEnergy', 'exact/monte-carlo-energy'],
    ['blochTheorem', 'monte-carlo-energy'],
    'double-exchange.json',
  ),
  row(
    'Eq. (3)',
    '3',
    'E_eff = J_0 + sum g_ij s_i·s_j + sum g_ijkl (s_i·s_j)(s_k·s_l)',
    ['effectiveEnergy', 'hamiltonian/effective-model'],
    ['effectiveEnergyOfMoments', 'hamiltonian'],
    'effective-model.json',
  ),
  row(
    'Eq. (3)',
    '3',
    'its two-body term, translation-invariant: the pair head',
    ['pairHead', 'network/pair-head'],
    ['pairHeadIsTheTwoBodySum', 'network-gradient'],
    'networks-lattice.json',
  ),
  row(
    'Fig. 3',
    'T',
    'T_j = sum over k=x,y,z of conv(S_0k) ⊙ conv(S_0k)',
    ['symmetrize', 'network/maps'],
    ['symmetrizationIsInvariant', 'orthogonal-invariance'],
    'symmetrization.json',
  ),
  row(
    'Fig. 3',
    'f',
    'f, g: convolution, tanh, convolution',
    ['perceptron', 'network/maps'],
    ['networkGradientIsTheSlope', 'network-gradient'],
    'networks-lattice.json',
  ),
  row(
    'below Eq. (3)',
    'O(3)',
    'E(O S) = E(S) for O in O(3), proven for every weight',
    ['symmetry', 'program/symmetry'],
    ['acceptedProgramsAreSymmetric', 'symmetry'],
    'invalid.json',
  ),
  row(
    'Fig. 4a',
    'F_j',
    'F_1 = f_0(T_0(S_0)), S_j = g_j(T_j(S_0)) ⊙ F_j',
    ['networkProgram', 'network/network'],
    ['orthogonalSymmetry', 'network'],
    'networks-lattice.json',
  ),
  row(
    'Fig. 4a',
    'q',
    'q: convolution to one channel, summed over sites',
    ['convolvedSum', 'network/maps'],
    ['extensivity', 'network'],
    'networks-lattice.json',
  ),
  row(
    'Fig. 4b',
    'parameters',
    '200 to 30,000 parameters',
    ['parameterTotal', 'program/counts'],
    ['countsAreTheFormulas', 'network'],
    'networks-lattice.json',
  ),
  row(
    'Fig. 2b',
    'relative error',
    'relative error = RMSE / abs(mean H)',
    ['errorMeasures', 'training/error-measures'],
    ['measuresAreWhatTheySay', 'training'],
    'error-measures.json',
  ),
  row(
    'Fig. 5a',
    'continued function',
    'a continued function; a continued fraction for f(x) = 1/(1+x)',
    ['efnn', 'network/efnn'],
    ['reciprocalsMakeContinuedFractions', 'continued-function'],
    'networks-dense.json',
  ),
  row(
    'Fig. 5b',
    'ResNet',
    'S_{i+1} = S_i + f_i(S_i)',
    ['resnet', 'network/resnet'],
    ['affineNetworksStayAffine', 'exact-reduction'],
    'networks-dense.json',
  ),
  row(
    'Fig. 5c',
    'DNN',
    'S_i = g_i(f_{i-1}(S_{i-1})): the EFNN with spins of 1',
    ['dnn', 'network/dnn'],
    ['unitSpinsLeaveTheFeedForward', 'continued-function'],
    'networks-dense.json',
  ),
  row(
    'Fig. 5d',
    'DenseNet',
    'F_{i+1} = f_i([S_0, F_1, .., F_i])',
    ['densenet', 'network/densenet'],
    ['degreeIs', 'continued-function'],
    'networks-dense.json',
  ),
];

const link = ({ name, file }: Exported): string => `[\`${name}\`](${file})`;

const vectorFile = (name: VectorName): Exported => ({ name, file: `spec/vectors/${name}` });

/** The table as the README shows it. */
export const equationTable = (rows: readonly EquationRow[]): string =>
  [
    '| where | equation | symbol | property | vectors |',
    '|---|---|---|---|---|',
    ...rows.map(
      ({ place, formula, symbol, law, vectors }) =>
        `| ${[place, formula, link(symbol), link(law), link(vectorFile(vectors))].join(' | ')} |`,
    ),
  ].join('\n');

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
    'So has always answering the mean: std(E) is 1.8e-2 to 2.3e-2 of the mean. Every table shows the mean predictor ' +
      'beside.',
    ['measuresAreWhatTheySay', 'spec/laws/training.ts'],
  ),
  erratum(
    'q sums all elements of the last layer.',
    'On lattices a convolution to one channel, with bias, comes first.',
    ['countsAreTheFormulas', 'spec/laws/network.ts'],
  ),
  erratum(
    'f and g are tanh, which keeps values finite.',
    'Each is affine, tanh, affine: their values are not bounded by 1.',
    ['countsAreTheFormulas', 'spec/laws/network.ts'],
  ),
  erratum('2,000,000 data points, 80 % for training.', 'The published training code reads a file of 200,000 samples.'),
];
