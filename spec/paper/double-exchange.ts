/** Eqs. (2) and (3): the double exchange model, its energy, and the effective model. */
import * as E from 'fp-ts/lib/Either.js';
import { identity } from 'fp-ts/lib/function.js';

import { monteCarloEnergy } from '../../src/exact/monte-carlo-energy.ts';
import { doubleExchangeMatrix } from '../../src/hamiltonian/double-exchange.ts';
import { effectiveEnergy, effectiveFeatures } from '../../src/hamiltonian/effective-model.ts';
import { eigenvalues } from '../../src/linear/diagonalize.ts';
import { pairHead } from '../../src/network/pair-head.ts';
import { float64 } from '../../src/number/float64.ts';
import { evaluate } from '../../src/program/evaluate.ts';
import { add, inputField, record } from '../../src/program/expression.ts';
import { symmetry } from '../../src/program/symmetry.ts';
import { typecheck } from '../../src/program/typecheck.ts';
import { spiralLevels } from '../laws/double-exchange.ts';
import { effectiveEnergyIsTheSum } from '../laws/hamiltonian.ts';
import { monteCarloEnergyIsTheFormula } from '../laws/monte-carlo-energy.ts';
import { energyByDefinition, pairHeadIsTheTwoBodySum, type NetworkEnergy } from '../laws/network-gradient.ts';
import { acceptedProgramsAreSymmetric } from '../laws/symmetry.ts';
import { right } from '../right.ts';
import { lawIn, lawNamed, none, symbolIn, symbolNamed } from './anchor.ts';
import { entry, judged, type Entry } from './entry.ts';
import { aChoice, aDefinition, inWords, ofFloats, ofOthers } from './reasons.ts';

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

const electrons = [
  'hamiltonians/electrons-free',
  'hamiltonians/electrons-ferromagnet',
  'hamiltonians/electrons-published-draw',
  'hamiltonians/electrons-twisted',
];

const accepted = ['Symmetry.accepted_programs_are_symmetric', 'Symmetry.accepted_energies_are_invariant'];

/** The model, E_MC, and how its data are made. */
export const doubleExchange: readonly Entry[] = [
  judged(
    {
      symbol: symbolIn('hamiltonian/double-exchange', { doubleExchangeMatrix }),
      law: lawIn('double-exchange', { spiralLevels }),
      instance: (matrix) => (model, twist) => (spins) => right(E.chainW(eigenvalues)(matrix(model, twist)(spins))),
      mutant: ['J for J / 2', (model, twist) => doubleExchangeMatrix({ ...model, J: 2 * model.J }, twist)],
    },
    {
      kind: 'equation',
      place: 'Eq. (2)',
      key: '2',
      statement: 'H = -t sum (c†c + h.c.) - (J/2) sum s_i · c†σc (- μ n)',
      quotes: [
        'We proceed to our third, more challenging case study',
        'is the electron annihilation operator with spin',
      ],
      theorems: none(aDefinition),
      vectors: electrons,
      errata: ['chemical potential'],
    },
  ),
  entry({
    kind: 'definition',
    place: 'below Eq. (2)',
    key: 'unit vectors',
    statement: 's_i is a unit vector, the local spin of site i',
    quotes: ['is a 3D classical unit vector representing the local spin at site'],
    symbol: symbolNamed('lattice/sampler', 'sample'),
    law: lawNamed('sampler', 'spinsAreUnitVectors'),
    theorems: none(aDefinition),
    vectors: ['samplers/sphere', 'samplers/angles', 'samplers/published', 'errors/spin-length'],
    errata: ['one curve'],
  }),
  entry({
    kind: 'number',
    place: 'below Eq. (2)',
    key: 'parameters of the model',
    statement: 'N = 10, t = 1, J = 16 t, μ = -8.3 t, T = 0.1 t',
    quotes: ['We set'],
    symbol: symbolNamed('hamiltonian/double-exchange', 'publishedDoubleExchange'),
    law: { file: 'spec/monte-carlo-energy.spec.ts', title: 'published spins of seed $seed, $N x $N' },
    theorems: none(aChoice),
    vectors: ['exact-energies/published-draw', 'exact-energies/published-even', 'exact-energies/published-odd'],
  }),
  judged(
    {
      symbol: symbolIn('exact/monte-carlo-energy', { monteCarloEnergy }),
      law: lawIn('monte-carlo-energy', { monteCarloEnergyIsTheFormula }),
      instance: identity,
      mutant: ['holes for electrons', (T) => (levels) => monteCarloEnergy(T)(levels.map((level) => -level))],
    },
    {
      kind: 'equation',
      place: 'below Eq. (2)',
      key: 'E_MC',
      statement: 'E_MC = -T sum log(1 + exp(-E_n/T))',
      quotes: [
        'At finite temperature TT, the Monte Carlo energy',
        'determines the acceptance ratio in Monte Carlo simulations',
      ],
      theorems: ['PoleExpansion.pole_expansion_bound', 'PoleExpansion.pole_expansion_bound_is_sharp'],
      vectors: ['exact-energies', 'poles'],
      errata: ['chemical potential'],
    },
  ),
  entry({
    kind: 'number',
    place: 'below Eq. (2)',
    key: 'N^6',
    statement: 'diagonalization costs O(N^6) a step',
    quotes: ['computational complexity per step'],
    symbol: symbolNamed('study/speed-section', 'speedSections'),
    law: lawNamed('study', 'powerLawIsLeastSquares'),
    theorems: none(ofFloats),
    vectors: none('it is a time, not a number that a port has'),
    claims: ['diagonalization-exponent'],
    pages: ['results/bench.md'],
  }),
  entry({
    kind: 'finding',
    place: 'above Eq. (3)',
    key: 'two bodies suffice',
    statement: 'an effective model of two bodies replaces diagonalization in quantum Monte Carlo [58]',
    quotes: [
      'This effective model with 2-body interactions has proven sufficiently accurate',
      'yielding an effective model with RKKY-type interactions',
    ],
    symbol: symbolNamed('training/pair-fit', 'fitPairs'),
    law: none(ofOthers),
    theorems: none(ofOthers),
    vectors: ['pair-fit'],
  }),
  judged(
    {
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
    },
    {
      kind: 'equation',
      place: 'Eq. (3)',
      key: '3',
      statement: 'E_eff = J_0 + sum g_ij s_i·s_j + sum g_ijkl (s_i·s_j)(s_k·s_l)',
      quotes: [
        'The effective model including up to 4-body interactions takes the form',
        'the dot products include all pairs of spins on the lattice, including self-interactions',
      ],
      theorems: none(aDefinition),
      vectors: ['effective-model'],
      errata: ['counted once', 'every linear EFNN'],
    },
  ),
  judged(
    {
      symbol: symbolIn('network/pair-head', { pairHead }),
      law: lawIn('network-gradient', { pairHeadIsTheTwoBodySum }),
      instance: withHead,
      mutant: ['each pair counts twice', (kernel) => (s0) => add(pairHead(kernel)(s0), pairHead(kernel)(s0))],
    },
    {
      kind: 'equation',
      place: 'Eq. (3)',
      key: '3',
      statement: 'its two-body term, translation-invariant: the pair head',
      quotes: ['An intuitive solution is to approximate'],
      theorems: ['Translation.energies_are_translation_invariant'],
      vectors: ['networks/lattice-efnn-head', 'networks/lattice-dnn-head', 'pair-fit'],
    },
  ),
  entry({
    kind: 'finding',
    place: 'below Eq. (3)',
    key: 'truncation',
    statement: 'low orders miss the physics, higher ones diverge, as the number of terms grows factorially',
    quotes: ['The perturbative approach faces a fundamental dilemma'],
    symbol: symbolNamed('continued/stieltjes-fraction', 'stieltjesFraction'),
    law: lawNamed('continued-fraction', 'convergentsBracket'),
    theorems: none(inWords),
    vectors: none('the series that diverges is not in the text; for others the report sums them'),
    claims: ['oscillator-resummed'],
  }),
  judged(
    {
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
    },
    {
      kind: 'equation',
      place: 'below Eq. (3)',
      key: 'O(3)',
      statement: 'E(O S) = E(S) for O in O(3), proven for every weight',
      quotes: ['are exclusively expressed as dot products to satisfy the'],
      theorems: accepted,
      isProven: true,
      vectors: ['errors/symmetry-bias', 'errors/symmetry-product', 'errors/symmetry-tanh'],
      pages: ['proofs/orthogonal-invariance.md'],
    },
  ),
  entry({
    kind: 'finding',
    place: 'below Eq. (3)',
    key: 'O(3) of Eq. (2)',
    statement: 'E_MC of Eq. (2) does not change where all spins are turned or reflected alike',
    quotes: ['symmetry of Eq. (2)'],
    symbol: symbolNamed('exact/monte-carlo-energy', 'energyOf'),
    law: lawNamed('monte-carlo-energy', 'energyIsO3Invariant'),
    theorems: none(ofFloats),
    vectors: none('a law turns the spins; a vector has one answer for one question'),
  }),
];
