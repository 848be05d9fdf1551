/** Where the text of the paper and its published code or data differ, or the text leaves something out. */
import { lawNamed, type Example, type Exported } from './anchor.ts';

/** A difference, and what shows it. */
export interface Erratum {
  /** What the text says. */
  readonly text: string;
  readonly found: string;
  /** The law or example that shows it; null where nothing that runs here can. */
  readonly shownBy: Exported | Example | null;
}

/** All that are known, by name. */
export const errata = {
  'one curve': {
    text: 'Spins s_i are unit vectors of random direction.',
    found: 'In the published data phi = 2 theta for every spin, since the generator is seeded again before phi.',
    shownBy: lawNamed('sampler', 'publishedSpinsLieOnOneCurve'),
  },
  'chemical potential': {
    text: 'Eq. (2) has no chemical potential.',
    found: 'E_n are the levels of H - mu n: the slope of E_MC in mu is minus the electron number.',
    shownBy: lawNamed('monte-carlo-energy', 'concaveInMu'),
  },
  'counted once': {
    text: 'Eq. (3) sums over all ij and ijkl.',
    found: 'The 12,758,826 parameters are pairs i <= j, self pairs included, and unordered pairs of these.',
    shownBy: { file: 'spec/hamiltonian.spec.ts', title: '12758826' },
  },
  'repeated samples': {
    text: 'The 4,000 binary test samples are new.',
    found: 'About 39 % of them also occur among the 16,000 training samples: there are only 2^15 configurations.',
    shownBy: { file: 'spec/dataset.spec.ts', title: 'repeat: about 39 percent' },
  },
  'numbers for spins': {
    text: 'The second case is a classical Heisenberg spin system.',
    found: 'Its spins are numbers in [-1, 1], not unit vectors.',
    shownBy: lawNamed('dataset', 'samplesFollowTheFormula'),
  },
  'mean predictor': {
    text: 'The effective model has a relative error of 2e-2.',
    found:
      'Always answering the mean has about as much: std(E) is 1.7e-2 of the mean for random directions and 2.3e-2 for the published ' +
      'spins, at N = 10. Every table shows the mean predictor beside.',
    shownBy: lawNamed('dataset', 'energiesVaryByTwoPercent'),
  },
  readout: {
    text: 'q sums all elements of the last layer.',
    found: 'On lattices a convolution to one channel, with bias, comes first.',
    shownBy: lawNamed('architecture', 'readoutIsTheConvolvedSum'),
  },
  'affine, tanh, affine': {
    text: 'f and g are tanh, which keeps values finite.',
    found: 'Each is affine, tanh, affine: their values are not bounded by 1.',
    shownBy: lawNamed('architecture', 'perceptronIsConvolutionTanhConvolution'),
  },
  'linear functions': {
    text: 'Linear functions suffice only for simpler models, as Ising with nearest neighbours.',
    found:
      'Eq. (1) is a linear EFNN of two layers and width 91, exactly; and so is every r-spin model, of r - 1 layers.',
    shownBy: lawNamed('exact-reduction', 'infiniteRangeIsExact'),
  },
  'every linear EFNN': {
    text: 'The effective model, Eq. (3), is what EFNNs are compared with.',
    found: 'One lattice layer without its tanh is Eq. (3) with translation-invariant constants, exactly.',
    shownBy: lawNamed('continued-structure', 'oneLayerIsTheEffectiveModel'),
  },
  'fewer samples': {
    text: '2,000,000 data points, 80 % for training.',
    found: 'The published training code reads a file of 200,000 samples.',
    shownBy: null,
  },
  'seeds of N = 10': {
    text: 'Fig. 4c has errors of a test set at every N.',
    found:
      'Every published generator draws sample b from seed 100 + b, so that the 40,000 test samples of N = 10 are among those of ' +
      'the training file; inferred from the generators, as the files are not public.',
    shownBy: lawNamed('paper-audit', 'auditIsTrue'),
  },
  'timed cold': {
    text: 'The EFNN is 10^3 times faster than diagonalization at N = 40.',
    found:
      'The published times are means of 17 calls, the first one included: those of the EFNN fall from N = 15 to 30. The ' +
      'diagonalization computes eigenvectors, which the energy does not need.',
    shownBy: lawNamed('paper-audit', 'auditIsTrue'),
  },
} as const satisfies Readonly<Record<string, Erratum>>;

/** What a difference is called. */
export type ErratumName = keyof typeof errata;
