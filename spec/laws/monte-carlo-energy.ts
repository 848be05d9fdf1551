/** Laws of the Monte Carlo energy E_MC = -T sum over n of log(1 + exp(-E_n / T)): thermodynamics and symmetries. */
import fc from 'fast-check';

import type { DoubleExchange, Twist } from '../../src/hamiltonian/double-exchange.ts';
import type { OrthogonalMatrix } from '../../src/lattice/orthogonal.ts';
import { rotate, tile, type SpinConfiguration } from '../../src/lattice/spins.ts';
import { act, type LatticeSymmetry } from '../../src/lattice/symmetry.ts';
import type { Reals } from '../../src/number/reals.ts';
import { models, modelsAbove } from '../arbitraries/double-exchange.ts';
import { interval } from '../arbitraries/interval.ts';
import { symmetryOf } from '../arbitraries/lattices.ts';
import { configurations, orthogonalMatrices } from '../arbitraries/spins.ts';
import type { Law } from '../law.ts';

const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);

/** The function of one level x and its derivative, at temperature T. */
export interface LevelFunctions {
  readonly levelEnergy: (T: number) => (x: number) => number;
  readonly fermi: (T: number) => (x: number) => number;
}

interface LevelCase {
  readonly T: number;
  readonly x: number;
}

/** Temperatures of every magnitude, and levels far above, near and far below them. */
const levelCases: fc.Arbitrary<LevelCase> = fc
  .record({
    exponent: fc.oneof(fc.integer({ min: -12, max: 6 }), fc.integer({ min: -300, max: 300 })),
    ratio: fc.oneof(interval(-50, 50), fc.constantFrom(0, 1e4, -1e4, 1e200, -1e200)),
  })
  .map(({ exponent, ratio }) => ({ T: 10 ** exponent, x: Math.max(-1e300, Math.min(1e300, ratio * 10 ** exponent)) }));

/** A few roundings of the larger of level and temperature. */
const rounding = ({ T, x }: LevelCase): number => 4 * Number.EPSILON * Math.max(T, Math.abs(x));

export const levelEnergyIsSoftMinimum: Law<LevelFunctions, LevelCase> = {
  statement:
    'f(x) = -T log(1 + e^(-x/T)) is finite, at most T log 2 below min(x, 0), and f(x) - f(-x) = x, at any T > 0',
  cases: levelCases,
  holds:
    ({ levelEnergy }) =>
    (example) => {
      const { T, x } = example;
      const f = levelEnergy(T);
      const below = Math.min(x, 0) - f(x);
      return below >= 0 && below <= T * Math.LN2 + rounding(example) && Math.abs(f(x) - f(-x) - x) <= rounding(example);
    },
  runs: 300,
};

export const highLevelsAreBoltzmann: Law<LevelFunctions, LevelCase> = {
  statement:
    'for x > 0 and y = e^(-x/T): T (y - y^2 / 2) <= -f(x) <= T y, to the last digits even where y is far below 1',
  cases: levelCases.map(({ T, x }) => ({ T, x: Math.abs(x) })),
  holds:
    ({ levelEnergy }) =>
    ({ T, x }) => {
      const y = Math.exp(-x / T);
      const depth = -levelEnergy(T)(x);
      const relative = 4 * Number.EPSILON;
      const smallest = 4 * Number.MIN_VALUE;
      return depth <= T * y * (1 + relative) + smallest && depth >= T * (y - (y * y) / 2) * (1 - relative) - smallest;
    },
  runs: 300,
};

export const fermiIsOccupation: Law<LevelFunctions, LevelCase> = {
  statement:
    'the Fermi function lies between 0 and 1, with f(x) + f(-x) = 1 and tanh(x / 2T) = 1 - 2 f(x), at any T > 0',
  cases: levelCases,
  holds:
    ({ fermi }) =>
    ({ T, x }) => {
      const occupation = fermi(T)(x);
      return (
        occupation >= 0 &&
        occupation <= 1 &&
        Math.abs(occupation + fermi(T)(-x) - 1) <= Number.EPSILON &&
        Math.abs(Math.tanh(x / T / 2) - (1 - 2 * occupation)) <= 8 * Number.EPSILON
      );
    },
  runs: 300,
};

/** E_MC of a configuration, and the number of electrons. */
export const monteCarloEnergyIsTheFormula: Law<
  (T: number) => (levels: Reals) => number,
  { readonly T: number; readonly levels: readonly number[] }
> = {
  statement:
    'E_MC is -T times the sum over n of log(1 + exp(-E_n / T)), as the formula is written, where it does not overflow',
  cases: fc.record({ T: interval(0.1, 2), levels: fc.array(interval(-8, 8), { maxLength: 12 }) }),
  holds:
    (energy) =>
    ({ T, levels }) => {
      const formula = levels
        .map((level) => -T * Math.log(1 + Math.exp(-level / T)))
        .reduce((sum, term) => sum + term, 0);
      // 1 + exp(-80) rounds to 1: an error of eps for each level.
      return Math.abs(energy(T)(Float64Array.from(levels)) - formula) <= 64 * Number.EPSILON * (1 + Math.abs(formula));
    },
};

export interface Thermodynamics {
  readonly energy: (model: DoubleExchange, twist?: Twist) => (spins: SpinConfiguration) => number;
  readonly levels: (model: DoubleExchange) => (spins: SpinConfiguration) => Reals;
  readonly electrons: (model: DoubleExchange) => (spins: SpinConfiguration) => number;
}

/** The largest level that t, J and mu allow. */
const norm = ({ t, J, mu }: DoubleExchange): number => 4 * Math.abs(t) + Math.abs(J) / 2 + Math.abs(mu);

/** The sum of 2 N^2 terms, each of which errs by the solver's n eps |H|, or by the rounding of T log 2. */
const energyTolerance = (model: DoubleExchange, size: number): number => {
  const dimension = 2 * size * size;
  return 4 * dimension * Number.EPSILON * dimension * (norm(model) + model.T);
};

interface EnergyCase {
  readonly model: DoubleExchange;
  readonly spins: SpinConfiguration;
}

export const zeroTemperatureLimit: Law<Thermodynamics, EnergyCase> = {
  statement: 'E_MC is at most the sum of the negative levels, and at least that minus 2 N^2 T log 2: equal for T -> 0',
  cases: fc.record({
    model: fc
      .tuple(models, fc.constantFrom(1e-12, 1e-6, 1e-3, 0.1, 1, 1e3, 1e6))
      .map(([model, T]) => ({ ...model, T })),
    spins: configurations(3, 4),
  }),
  holds:
    ({ energy, levels }) =>
    ({ model, spins }) => {
      const ground = levels(model)(spins).reduce((sum, x) => sum + Math.min(x, 0), 0);
      const E = energy(model)(spins);
      const tolerance = energyTolerance(model, spins.size);
      return E <= ground + tolerance && E >= ground - 2 * spins.size ** 2 * model.T * Math.LN2 - tolerance;
    },
  runs: 50,
};

export const highTemperatureExpansion: Law<Thermodynamics, EnergyCase> = {
  statement: 'hot electrons: E_MC = -2 N^2 T log 2 + tr H / 2 - tr H^2 / 8T, and at most tr H^4 / 192 T^3 more',
  cases: fc.record({
    model: fc.tuple(models, fc.constantFrom(20, 100, 1e3)).map(([model, T]) => ({ ...model, T })),
    spins: configurations(3, 4),
  }),
  holds:
    ({ energy }) =>
    ({ model, spins }) => {
      const { t, J, mu, T } = model;
      const sites = spins.size ** 2;
      const square = sites * (8 * t * t + (J * J) / 2 + 2 * mu * mu);
      const expansion = -2 * sites * T * Math.LN2 - sites * mu - square / (8 * T);
      const excess = energy(model)(spins) - expansion;
      const most = (square * norm(model) ** 2) / (192 * T ** 3);
      const tolerance = energyTolerance(model, spins.size);
      return excess >= -tolerance && excess <= most + tolerance;
    },
  runs: 50,
};

export const concaveInMu: Law<Thermodynamics, EnergyCase & { readonly other: number }> = {
  statement: 'E_MC is concave in mu with slope minus the electron number: it lies below each of its tangents',
  cases: fc.record({
    model: models,
    spins: configurations(3, 4),
    other: fc.oneof(
      interval(-12, 12),
      fc.constantFrom(-1e-3, 1e-3).map((step) => -8.3 + step),
    ),
  }),
  holds:
    ({ energy, electrons }) =>
    ({ model, spins, other }) => {
      const tangent = energy(model)(spins) - electrons(model)(spins) * (other - model.mu);
      return energy({ ...model, mu: other })(spins) <= tangent + energyTolerance({ ...model, mu: 12 }, spins.size);
    },
  runs: 50,
};

export const energyIsO3Invariant: Law<Thermodynamics, EnergyCase & { readonly matrix: OrthogonalMatrix }> = {
  statement: 'E_MC is O(3)-invariant: rotations and reflections of all spins leave it alone',
  cases: fc.record({ model: models, spins: configurations(3, 4), matrix: orthogonalMatrices }),
  holds:
    ({ energy }) =>
    ({ model, spins, matrix }) =>
      Math.abs(energy(model)(rotate(matrix)(spins)) - energy(model)(spins)) <= energyTolerance(model, spins.size),
  runs: 50,
};

export const energyIsLatticeInvariant: Law<Thermodynamics, EnergyCase & { readonly g: LatticeSymmetry }> = {
  statement: 'E_MC is invariant under the translations and the point group C4v of the lattice',
  cases: configurations(3, 4).chain((spins) =>
    fc.record({ model: models, spins: fc.constant(spins), g: symmetryOf(spins) }),
  ),
  holds:
    ({ energy }) =>
    ({ model, spins, g }) =>
      Math.abs(energy(model)(act(g)(spins)) - energy(model)(spins)) <= energyTolerance(model, spins.size),
  runs: 50,
};

export const blochTheorem: Law<Thermodynamics, EnergyCase> = {
  statement:
    'Bloch: E_MC of a k x k tiling is the sum of E_MC of the tile over its k^2 twisted boundary conditions 2 pi n / k',
  cases: fc.record({ model: modelsAbove(0.1), spins: configurations(3, 4) }),
  holds:
    ({ energy }) =>
    ({ model, spins }) => {
      const k = spins.size === 3 ? 3 : 2;
      const angles = upTo(k).map((n) => (2 * Math.PI * n) / k);
      const twisted = angles.flatMap((x) => angles.map((y) => energy(model, { x, y })(spins)));
      const total = twisted.reduce((sum, E) => sum + E, 0);
      return Math.abs(energy(model)(tile(k)(spins)) - total) <= energyTolerance(model, k * spins.size);
    },
  runs: 10,
};
