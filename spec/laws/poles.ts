/** Laws of the pole expansion, and of the energies and forces that come from it instead of levels. */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import fc from 'fast-check';

import type { EnergyAndForces } from '../../src/exact/energy-and-forces.ts';
import { fermi, levelEnergy } from '../../src/exact/fermi.ts';
import { electronNumber, levelsOf } from '../../src/exact/monte-carlo-energy.ts';
import { plainDiagonalLines } from '../../src/exact/plain-diagonal-lines.kernel.ts';
import { defaultTolerance, type PoleExpansion, type PoleExpansionError } from '../../src/exact/pole-expansion.ts';
import {
  publishedDoubleExchange,
  untwisted,
  type DoubleExchange,
  type Twist,
} from '../../src/hamiltonian/double-exchange.ts';
import type { OrthogonalMatrix } from '../../src/lattice/orthogonal.ts';
import { ferromagnet, rotate, tile, type SpinConfiguration } from '../../src/lattice/spins.ts';
import { act, type LatticeSymmetry } from '../../src/lattice/symmetry.ts';
import type { BlockCyclicElimination } from '../../src/linear/block-cyclic-elimination.kernel.ts';
import type { LineMatricesOf } from '../../src/linear/line-matrices.ts';
import type { Reals } from '../../src/number/reals.ts';
import { polesModels, twists } from '../arbitraries/double-exchange.ts';
import { interval } from '../arbitraries/interval.ts';
import { symmetryOf } from '../arbitraries/lattices.ts';
import { configurations, configurationsOf, orthogonalMatrices } from '../arbitraries/spins.ts';
import type { Law } from '../law.ts';
import { right } from '../right.ts';

const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);

// The expansion.

/** The expansion of f(x) = -T log(1 + exp(-x / T)), and its derivative. */
export interface Expansion {
  readonly expand: (model: DoubleExchange, tolerance: number) => PoleExpansion;
}

interface ExpansionCase {
  readonly model: DoubleExchange;
  readonly tolerance: number;
  /** Where the expansion is looked at: from -1, the lowest level that could be, to 1, the highest. */
  readonly place: number;
}

const expansionCases: fc.Arbitrary<ExpansionCase> = fc.record({
  model: polesModels,
  tolerance: fc.integer({ min: -10, max: -3 }).map((exponent) => 10 ** exponent),
  place: interval(-1, 1),
});

/** f and f' by the expansion's formula. */
const expanded = ({ poles, constant, slope }: PoleExpansion, x: number): readonly [level: number, occupation: number] =>
  poles.reduce<readonly [number, number]>(
    ([level, occupation], { re, im, weightRe, weightIm }) => {
      const squared = (re - x) ** 2 + im ** 2;
      return [
        level + (weightRe * Math.log(squared)) / 2 - weightIm * Math.atan2(im, re - x),
        occupation - (weightRe * (re - x) + weightIm * im) / squared,
      ];
    },
    [constant + slope * x, slope],
  );

/** Samples of the interval where levels can be: everywhere, and closer where f bends. */
const levelsNear = ({ t, J, mu, T }: DoubleExchange, place: number): readonly number[] => {
  const radius = 4 * Math.abs(t) + Math.abs(J) / 2;
  const [lowest, highest] = [-mu - radius, -mu + radius];
  const inside = (x: number): number => Math.min(highest, Math.max(lowest, x));
  return [
    -mu + radius * place,
    ...upTo(40).map((k) => -mu + radius * Math.sin(k + place)),
    ...upTo(40).map((k) => inside(T * Math.sinh(6 * Math.sin(k + place)))),
    lowest,
    highest,
  ];
};

export const boundHolds: Law<Expansion, ExpansionCase> = {
  statement:
    'f errs by at most half the bound, and its derivative by the bound of occupations, wherever a level can be, and the ' +
    'bound is within the tolerance',
  cases: expansionCases,
  holds:
    ({ expand }) =>
    ({ model, tolerance, place }) => {
      const expansion = expand(model, tolerance);
      return (
        expansion.error <= tolerance &&
        levelsNear(model, place).every((x) => {
          const [level, occupation] = expanded(expansion, x);
          return (
            Math.abs(level - levelEnergy(model.T)(x)) <= expansion.error / 2 &&
            // The derivative's own rounding: poles are as near as pi T, weights of the order of T.
            Math.abs(occupation - fermi(model.T)(x)) <= expansion.occupationError + 1e-12
          );
        })
      );
    },
  runs: 60,
};

export const boundIsSharp: Law<Expansion, ExpansionCase> = {
  statement: 'the bound exceeds the largest error seen at thousands of levels by less than half',
  cases: expansionCases.filter(({ tolerance }) => tolerance >= 1e-8),
  holds:
    ({ expand }) =>
    ({ model, tolerance }) => {
      const expansion = expand(model, tolerance);
      const levels = upTo(60).flatMap((k) => levelsNear(model, k / 60));
      const worst = Math.max(...levels.map((x) => Math.abs(expanded(expansion, x)[0] - levelEnergy(model.T)(x))));
      return expansion.error <= 3 * worst + 1e-11;
    },
  runs: 20,
};

interface LevelsCase {
  readonly model: DoubleExchange;
  readonly twist: Twist;
  readonly spins: SpinConfiguration;
}

export const spectrumIsCovered: Law<Expansion, LevelsCase> = {
  statement: 'every level of every configuration, at any twist, lies where the expansion holds',
  cases: fc.record({ model: polesModels, twist: twists, spins: configurations(3, 4) }),
  holds:
    ({ expand }) =>
    ({ model, twist, spins }) => {
      const { lowest, highest } = expand(model, 1e-3);
      return right(levelsOf(model, twist)(spins)).every((x) => x >= lowest && x <= highest);
    },
  runs: 50,
};

// Energies and forces.

/** E_MC within a tolerance a site, and its gradient, without diagonalization. */
export interface EnergyWithin {
  readonly energy: (
    tolerance: number,
  ) => (model: DoubleExchange, twist?: Twist) => (spins: SpinConfiguration) => number;
  readonly energyAndForces: (
    tolerance: number,
  ) => (model: DoubleExchange, twist?: Twist) => (spins: SpinConfiguration) => EnergyAndForces;
}

interface EnergyCase {
  readonly model: DoubleExchange;
  readonly spins: SpinConfiguration;
}

interface TwistedCase extends EnergyCase {
  readonly twist: Twist;
}

/** The exact energy and gradient, from levels. */
export type Diagonalized = (model: DoubleExchange, twist: Twist) => (spins: SpinConfiguration) => EnergyAndForces;

/** Diagonalization rounds: 2 N^2 levels, each by its n eps |H|. */
const roundingOfLevels = ({ t, J, mu }: DoubleExchange, size: number): number =>
  4 * (2 * size ** 2) ** 2 * Number.EPSILON * (4 * Math.abs(t) + Math.abs(J) / 2 + Math.abs(mu));

export const polesAreLevels = (
  exact: Diagonalized,
  largest: number,
  runs: number,
): Law<EnergyWithin, TwistedCase & { readonly tolerance: number }> => ({
  statement: `E_MC by poles is E_MC by levels, within the tolerance a site, on lattices up to ${largest} x ${largest}`,
  cases: fc.record({
    model: polesModels,
    twist: twists,
    spins: configurations(3, largest),
    tolerance: fc.constantFrom(1e-9, 1e-9, 1e-6),
  }),
  holds:
    ({ energy }) =>
    ({ model, twist, spins, tolerance }) =>
      Math.abs(energy(tolerance)(model, twist)(spins) - exact(model, twist)(spins).energy) <=
      spins.size ** 2 * tolerance + roundingOfLevels(model, spins.size),
  runs,
});

const difference = (a: Reals, b: Reals): number =>
  a.reduce((worst, x, index) => Math.max(worst, Math.abs(x - (b[index] ?? NaN))), a.length === b.length ? 0 : NaN);

/** What an energy by poles is a sum over, and the energy. */
export interface CountedEnergy {
  readonly poles: number;
  readonly energy: number;
}

/** An energy within 1e-5 a site, at the published couplings. */
export type CoarseEnergy = (spins: SpinConfiguration) => CountedEnergy;

export const fivePolesSuffice = (byLevels: Diagonalized): Law<CoarseEnergy, SpinConfiguration> => ({
  statement: 'at the published couplings E_MC within 1e-5 a site is a sum over 5 poles, where 1e-9 takes 8',
  cases: configurations(3, 6),
  holds: (coarse) => {
    const exact = byLevels(publishedDoubleExchange, untwisted);
    return (spins) => {
      const { poles, energy } = coarse(spins);
      return poles === 5 && Math.abs(energy - exact(spins).energy) <= 1e-5 * spins.size ** 2;
    };
  },
  runs: 30,
});

/**
 * The occupations err by their bound eps, so a force does by |J| eps at most. A bound of 1e-9 a site in f leaves, for
 * these temperatures, less than 1e-7 in f'.
 */
export const forcesAreHellmannFeynman = (exact: Diagonalized, runs: number): Law<EnergyWithin, TwistedCase> => ({
  statement: 'forces by poles are those of Hellmann and Feynman from all levels and their states',
  cases: fc.record({ model: polesModels, twist: twists, spins: configurations(3, 5) }),
  holds:
    ({ energyAndForces }) =>
    ({ model, twist, spins }) =>
      difference(energyAndForces(1e-9)(model, twist)(spins).forces, exact(model, twist)(spins).forces) <=
      1e-7 * Math.abs(model.J) + 1e-9,
  runs,
});

const shifted = (spins: SpinConfiguration, direction: SpinConfiguration, step: number): SpinConfiguration => ({
  size: spins.size,
  components: spins.components.map((x, index) => x + step * (direction.components[index] ?? NaN)),
});

/**
 * Two expansions for spins of different lengths differ by 1e-10 a site at most: 3e-7 in the differences of 16 spins.
 * With h = 0.01 and |J| / T of at most 6 their extrapolation errs by less than that.
 */
export const forcesAreDifferences: Law<EnergyWithin, TwistedCase & { readonly direction: SpinConfiguration }> = {
  statement: 'forces by poles are the gradient of the energy by poles, along any direction of all spins, at any twist',
  cases: fc.integer({ min: 3, max: 4 }).chain((size) =>
    fc.record({
      model: polesModels.map(({ t, J, mu, T }) => ({ t, J: J / 4, mu: mu / 3, T: Math.max(0.7, T) })),
      spins: configurationsOf(size),
      direction: configurationsOf(size),
      twist: twists,
    }),
  ),
  holds:
    ({ energy, energyAndForces }) =>
    ({ model, spins, direction, twist }) => {
      const E = energy(1e-10)(model, twist);
      const slopeAt = (h: number): number =>
        (E(shifted(spins, direction, h)) - E(shifted(spins, direction, -h))) / (2 * h);
      const slope = (4 * slopeAt(0.005) - slopeAt(0.01)) / 3;
      const { forces } = energyAndForces(1e-10)(model, twist)(spins);
      const expected = forces.reduce((sum, f, index) => sum + f * (direction.components[index] ?? NaN), 0);
      return Math.abs(slope - expected) <= 1e-6;
    },
  runs: 20,
};

export const energyWithForces: Law<EnergyWithin, TwistedCase> = {
  statement: 'the energy that comes with the forces is the energy',
  cases: fc.record({ model: polesModels, twist: twists, spins: configurations(3, 7) }),
  holds:
    ({ energy, energyAndForces }) =>
    ({ model, twist, spins }) =>
      Math.abs(energyAndForces(1e-9)(model, twist)(spins).energy - energy(1e-9)(model, twist)(spins)) <=
      roundingOfLevels(model, spins.size),
  runs: 20,
};

/**
 * Differences of step h = T / 10 of two expansions that err by 1e-10 a site each: 1e-9 / T a site. The error of the
 * extrapolation is h^4 / 30 times a fifth derivative, which is below 1 / T^4 a level: 1e-5 N^2.
 */
export const electronsAreCounted: Law<EnergyWithin, EnergyCase> = {
  statement: 'dE_MC / dmu is minus the number of electrons',
  cases: fc.record({
    model: polesModels.map((model) => ({ ...model, T: Math.max(0.1, model.T) })),
    spins: configurations(3, 4),
  }),
  holds:
    ({ energy }) =>
    ({ model, spins }) => {
      const E = (mu: number): number => energy(1e-10)({ ...model, mu })(spins);
      const slopeAt = (h: number): number => (E(model.mu + h) - E(model.mu - h)) / (2 * h);
      const slope = (4 * slopeAt(model.T / 20) - slopeAt(model.T / 10)) / 3;
      const electrons = electronNumber(model.T)(right(levelsOf(model)(spins)));
      return Math.abs(slope + electrons) <= 1e-5 * spins.size ** 2;
    },
  runs: 20,
};

/** One expansion serves both configurations, so symmetries hold up to rounding, beyond the tolerance. */
const symmetric = (model: DoubleExchange, size: number): number =>
  10 * roundingOfLevels(model, size) + 1e-12 * size ** 2;

export const symmetriesAreKept: Law<
  EnergyWithin,
  EnergyCase & { readonly matrix: OrthogonalMatrix; readonly g: LatticeSymmetry }
> = {
  statement:
    'rotations and reflections of all spins, O(3), and translations and the point group C4v of the lattice leave the ' +
    'energy alone, and carry the forces along, far below the tolerance',
  cases: configurations(3, 6).chain((spins) =>
    fc.record({ model: polesModels, spins: fc.constant(spins), matrix: orthogonalMatrices, g: symmetryOf(spins) }),
  ),
  holds:
    ({ energyAndForces }) =>
    ({ model, spins, matrix, g }) => {
      const at = energyAndForces(1e-6)(model);
      const asField = (components: Reals): SpinConfiguration => ({ size: spins.size, components });
      const original = at(spins);
      const within = symmetric(model, spins.size) * Math.max(1, Math.abs(model.J) / model.T);
      return [rotate(matrix), act(g)].every((transformation) => {
        const moved = at(transformation(spins));
        const expected = transformation(asField(original.forces)).components;
        return Math.abs(moved.energy - original.energy) <= within && difference(moved.forces, expected) <= within;
      });
    },
  runs: 20,
};

export const coldLimit: Law<EnergyWithin, EnergyCase> = {
  statement: 'T -> 0: E_MC lies between the sum of the negative levels and 2 N^2 T log 2 less, within the tolerance',
  cases: fc.record({
    model: fc.tuple(polesModels, fc.constantFrom(1e-3, 3e-3, 0.02)).map(([model, T]) => ({ ...model, T })),
    spins: configurations(3, 4),
  }),
  holds:
    ({ energy }) =>
    ({ model, spins }) => {
      const sites = spins.size ** 2;
      const ground = right(levelsOf(model)(spins)).reduce((sum, x) => sum + Math.min(x, 0), 0);
      const E = energy(1e-6)(model)(spins);
      return E <= ground + 1e-6 * sites && E >= ground - sites * (2 * model.T * Math.LN2 + 1e-6);
    },
  runs: 15,
};

export const hotLimit: Law<EnergyWithin, EnergyCase> = {
  statement: 'T -> infinity: E_MC = -2 N^2 T log 2 + tr H / 2 - tr H^2 / 8T, and at most tr H^4 / 192 T^3 more',
  cases: fc.record({
    model: fc.tuple(polesModels, fc.constantFrom(20, 100, 1e3)).map(([model, T]) => ({ ...model, T })),
    spins: configurations(3, 4),
  }),
  holds:
    ({ energy }) =>
    ({ model, spins }) => {
      const { t, J, mu, T } = model;
      const sites = spins.size ** 2;
      const square = sites * (8 * t * t + (J * J) / 2 + 2 * mu * mu);
      const excess = energy(1e-9)(model)(spins) - (-2 * sites * T * Math.LN2 - sites * mu - square / (8 * T));
      const most = (square * (4 * Math.abs(t) + Math.abs(J) / 2 + Math.abs(mu)) ** 2) / (192 * T ** 3);
      return excess >= -1e-9 * sites && excess <= most + 1e-9 * sites;
    },
  runs: 25,
};

export const blochTheorem: Law<EnergyWithin, EnergyCase> = {
  statement: 'Bloch: E_MC of a k x k tiling is the sum of E_MC of the tile over its twists 2 pi n / k, up to rounding',
  cases: fc.record({ model: polesModels, spins: configurations(3, 5) }),
  holds:
    ({ energy }) =>
    ({ model, spins }) => {
      const k = spins.size === 3 ? 3 : 2;
      const angles = upTo(k).map((n) => (2 * Math.PI * n) / k);
      const total = angles
        .flatMap((x) => angles.map((y) => energy(1e-6)(model, { x, y })(spins)))
        .reduce((sum, E) => sum + E, 0);
      return Math.abs(energy(1e-6)(model)(tile(k)(spins)) - total) <= symmetric(model, k * spins.size);
    },
  runs: 12,
};

/** An expansion for a temperature, or the refusal. */
export type ExpansionOrRefusal = (model: DoubleExchange) => Either<PoleExpansionError, PoleExpansion>;

export const everyTemperatureIsAnswered: Law<ExpansionOrRefusal, number> = {
  statement:
    'at every temperature, however high, there is an expansion that keeps its tolerance, or a refusal in one line that ' +
    'names the temperature: no library throws',
  cases: fc.integer({ min: -40, max: 120 }).map((tenths) => 10 ** (tenths / 10)),
  holds: (expand) => (T) => {
    const answer = expand({ ...publishedDoubleExchange, T });
    return E.isRight(answer)
      ? answer.right.error <= defaultTolerance
      : /^expected .*, got .*; /.test(answer.left.message) && answer.left.message.includes(`T = ${T} `);
  },
  runs: 12,
};

/** How a temperature is drawn: any exponent of float64, and those near the coldest that poles are sought for. */
const anyTemperature: fc.Arbitrary<number> = fc.oneof(
  { weight: 3, arbitrary: interval(-320, 300).map((exponent) => 10 ** exponent) },
  // A refusal here takes all that there is to try: seconds.
  { weight: 1, arbitrary: interval(-20, -2).map((exponent) => 10 ** exponent) },
  { weight: 1, arbitrary: fc.constantFrom(1e-155, 1e-160, 1e-200, 1e-300, 5e-324, Number.MAX_VALUE) },
  { weight: 2, arbitrary: fc.constantFrom(-0.1, -1, -10, 0, Infinity, NaN) },
);

export const everySearchEnds: Law<ExpansionOrRefusal, DoubleExchange> = {
  statement:
    'the search for poles ends at every temperature from 1e-320 to 1e300, and at those that are none: with 24 poles at ' +
    'most that sum up to f within the bound, or with a refusal in one line that says what was expected',
  cases: fc
    .record({ T: anyTemperature, mu: fc.constantFrom(publishedDoubleExchange.mu, -60, 1e6) })
    .map((change) => ({ ...publishedDoubleExchange, ...change })),
  holds: (expand) => (model) => {
    const answer = expand(model);
    return E.isLeft(answer)
      ? /^expected [^\n]*, got [^\n]*[:;] [^\n]*$/.test(answer.left.message)
      : model.T > 0 &&
          answer.right.poles.length <= 24 &&
          levelsNear(model, 0.3).every(
            (x) => Math.abs(expanded(answer.right, x)[0] - levelEnergy(model.T)(x)) <= answer.right.error / 2,
          );
  },
  runs: 24,
};

/** Parameters from the smallest to the largest that a float64 can have; whole powers, which are drawn evenly. */
export const anyParameters: fc.Arbitrary<DoubleExchange> = fc
  .record({
    t: fc.constantFrom(-300, 0, 200),
    J: fc.constantFrom(-300, 0, 300),
    mu: fc.constantFrom(-300, 0, 100, 308),
    T: fc.constantFrom(-300, -1, 6, 300),
    sign: fc.constantFrom(-1, 1),
  })
  .map(({ t, J, mu, T, sign }) => ({ t: 10 ** t, J: 10 ** J, mu: sign * 10 ** mu, T: 10 ** T }));

export const everyParameterIsAnswered: Law<ExpansionOrRefusal, DoubleExchange> = {
  statement:
    'for parameters of any size there is a finite expansion that keeps its tolerance, or a refusal in one line',
  cases: anyParameters,
  holds: (expand) => (model) => {
    const answer = expand(model);
    return E.isRight(answer)
      ? answer.right.error <= defaultTolerance &&
          [answer.right.constant, answer.right.slope, answer.right.lowest, answer.right.highest].every(Number.isFinite)
      : /^expected [^\n]*, got [^\n]*[:;] [^\n]*$/.test(answer.left.message);
  },
  runs: 25,
};

export const workSpaceIsEnough = (
  matricesOf: LineMatricesOf,
): Law<(size: number, matricesOf: LineMatricesOf) => BlockCyclicElimination, number> => ({
  statement: 'the elimination writes no number beyond the work space that it asks for',
  cases: fc.integer({ min: 3, max: 9 }),
  holds: (eliminationFor) => (size) => {
    const guard = 64;
    const memories = new Array<{ readonly memory: Float64Array; readonly numbers: number }>();
    const guarded: LineMatricesOf = (lines, numbers, scratch) => {
      const matrices = matricesOf(lines, numbers + guard, scratch);
      const { memory } = matrices;
      memory.fill(Math.PI, numbers);
      memories.push({ memory, numbers });
      return matrices;
    };
    const elimination = eliminationFor(size, guarded);
    const spins = ferromagnet(size);
    const { matrix, logarithm } = plainDiagonalLines(size)(publishedDoubleExchange, untwisted)(spins)(0.3, 0.7);
    elimination.determinant(matrix, logarithm);
    elimination.selectedInverse(matrix, logarithm);
    return (
      memories.length === 2 &&
      memories.every(({ memory, numbers }) => memory.slice(numbers).every((x) => x === Math.PI))
    );
  },
  runs: 7,
});
