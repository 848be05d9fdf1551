/** Exact energies and forces without levels, by the pole expansion. */
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';

import { productSums } from '../src/assembler/arithmetic.ts';
import { energyByPolesWith } from '../src/exact/energy-by-poles.ts';
import { energyMethods } from '../src/exact/energy-method.ts';
import { energyAndForcesOf } from '../src/exact/forces.ts';
import { energyAndForceSums, energySum } from '../src/exact/sum-over-poles.kernel.ts';
import { poleExpansion, type PoleExpansion } from '../src/exact/pole-expansion.ts';
import {
  publishedDoubleExchange,
  untwisted,
  type DoubleExchange,
  type Twist,
} from '../src/hamiltonian/double-exchange.ts';
import { ferromagnet } from '../src/lattice/spins.ts';
import { plainDiagonalLines } from '../src/exact/plain-diagonal-lines.kernel.ts';
import { arithmeticBy, plainArithmetic } from '../src/exact/plain-pole-arithmetic.ts';
import { blockCyclicElimination, type BlockCyclicElimination } from '../src/linear/block-cyclic-elimination.kernel.ts';
import type { BlockCyclicMatrix, Coupling } from '../src/linear/block-cyclic-matrix.ts';
import { widthOf } from '../src/linear/line-matrices.ts';
import { plainLineMatrices } from '../src/linear/plain-line-matrices.kernel.ts';
import { wasmLineMatrices } from '../src/linear/wasm/line-matrices.kernel.ts';
import type { Reals } from '../src/number/reals.ts';
import { verify } from './law.ts';
import {
  blochTheorem,
  boundHolds,
  boundIsSharp,
  coldLimit,
  electronsAreCounted,
  energyWithForces,
  everyParameterIsAnswered,
  everySearchEnds,
  everyTemperatureIsAnswered,
  fivePolesSuffice,
  forcesAreDifferences,
  forcesAreHellmannFeynman,
  hotLimit,
  polesAreLevels,
  spectrumIsCovered,
  symmetriesAreKept,
  workSpaceIsEnough,
  type CoarseEnergy,
  type Diagonalized,
  type EnergyWithin,
  type Expansion,
} from './laws/poles.ts';
import { messageOf, right } from './right.ts';

// The expansion.

const expansion: Expansion = { expand: (model, tolerance) => right(poleExpansion(model, tolerance)) };

const expansionWith = (change: (expansion: PoleExpansion) => PoleExpansion): Expansion => ({
  expand: (model, tolerance) => change(expansion.expand(model, tolerance)),
});

const expansionOf = (change: (model: DoubleExchange) => DoubleExchange): Expansion => ({
  expand: (model, tolerance) => expansion.expand(change(model), tolerance),
});

verify(boundHolds, expansion, {
  'a tenth of the bound': expansionWith((found) => ({ ...found, error: found.error / 10 })),
  'a tenth of the bound of occupations': expansionWith((found) => ({
    ...found,
    occupationError: found.occupationError / 10,
  })),
  'the pole nearest to the real axis is lost': expansionWith((found) => ({ ...found, poles: found.poles.slice(1) })),
  'the slope is lost': expansionWith((found) => ({ ...found, slope: 0 })),
  'weights are conjugated': expansionWith((found) => ({
    ...found,
    poles: found.poles.map((pole) => ({ ...pole, weightIm: -pole.weightIm })),
  })),
  'half of the band': expansionOf((model) => ({ ...model, t: model.t / 2 })),
});

verify(boundIsSharp, expansion, {
  'a bound to be on the safe side': expansionWith((found) => ({ ...found, error: 10 * found.error + 1e-10 })),
});

verify(spectrumIsCovered, expansion, {
  'half of the band': expansionOf((model) => ({ ...model, t: model.t / 2 })),
  'half of the exchange': expansionOf((model) => ({ ...model, J: model.J / 2 })),
  'the chemical potential is added': expansionOf((model) => ({ ...model, mu: -model.mu })),
});

// Energies and forces.

const byPoles: EnergyWithin = {
  energy: (tolerance) => {
    const { energy } = energyByPolesWith(plainArithmetic, tolerance);
    return (model, twist) => (spins) => right(energy(model, twist)(spins));
  },
  energyAndForces: (tolerance) => {
    const { energyAndForces } = energyByPolesWith(plainArithmetic, tolerance);
    return (model, twist) => (spins) => right(energyAndForces(model, twist)(spins));
  },
};

const byLevels: Diagonalized = (model, twist) => (spins) => right(energyAndForcesOf(model, twist)(spins));

interface Change {
  readonly expansion?: (expansion: PoleExpansion) => PoleExpansion;
  readonly elimination?: (elimination: BlockCyclicElimination) => BlockCyclicElimination;
  readonly model?: (model: DoubleExchange) => DoubleExchange;
  readonly twist?: (twist: Twist) => Twist;
  readonly forces?: (forces: Reals) => Reals;
}

const same = <A>(x: A): A => x;

/** What goes wrong between the expansion of an energy and its value. */
const wrong = (change: Change): EnergyWithin => {
  const { expansion = same, elimination = same, model: modelChange = same, twist: twistChange = same } = change;
  const parts = (tolerance: number, model: DoubleExchange, twist: Twist, size: number) =>
    [
      arithmeticBy(plainDiagonalLines(size), elimination(blockCyclicElimination(size, plainLineMatrices))),
      expansion(right(poleExpansion(model, tolerance, 1.02))),
      modelChange(model),
      twistChange(twist),
    ] as const;
  return {
    energy:
      (tolerance) =>
      (model, twist = untwisted) =>
      (spins) =>
        energySum(...parts(tolerance, model, twist, spins.size))(spins),
    energyAndForces:
      (tolerance) =>
      (model, twist = untwisted) =>
      (spins) => {
        const found = energyAndForceSums(...parts(tolerance, model, twist, spins.size))(spins);
        return { ...found, forces: (change.forces ?? same)(found.forces) };
      },
  };
};

const matrixWith =
  (change: (matrix: BlockCyclicMatrix) => BlockCyclicMatrix) =>
  (elimination: BlockCyclicElimination): BlockCyclicElimination => ({
    determinant: (matrix, logarithm) => {
      elimination.determinant(change(matrix), logarithm);
    },
    selectedInverse: (matrix, logarithm) => elimination.selectedInverse(change(matrix), logarithm),
  });

const lastCoupling =
  (change: (coupling: Coupling) => Coupling) =>
  (matrix: BlockCyclicMatrix): BlockCyclicMatrix => ({
    ...matrix,
    couplings: matrix.couplings.map((coupling, i) => (i === matrix.couplings.length - 1 ? change(coupling) : coupling)),
  });

const principalValue = (elimination: BlockCyclicElimination): BlockCyclicElimination => ({
  ...elimination,
  determinant: (matrix, logarithm) => {
    elimination.determinant(matrix, logarithm);
    const [modulus = NaN, argument = NaN] = logarithm.parts;
    logarithm.parts.set([modulus, Math.atan2(Math.sin(argument), Math.cos(argument))]);
  },
});

verify(polesAreLevels(byLevels, 7, 25), byPoles, {
  'the principal value of log det': wrong({ elimination: principalValue }),
  'the corner blocks are lost': wrong({
    elimination: matrixWith(
      lastCoupling(({ upper, lower }) => ({ upper: upper.map(() => 0), lower: lower.map(() => 0) })),
    ),
  }),
  'the corner blocks are exchanged': wrong({
    elimination: matrixWith(lastCoupling(({ upper, lower }) => ({ upper: lower, lower: upper }))),
  }),
  'a step of two sites is forgotten': wrong({
    elimination: matrixWith((matrix) => ({
      ...matrix,
      couplings: matrix.couplings.map(({ upper, lower }) => ({
        upper: upper.map((x, index) => (index < (2 * upper.length) / 3 ? x : 0)),
        lower,
      })),
    })),
  }),
  'a pole is lost': wrong({ expansion: (found) => ({ ...found, poles: found.poles.slice(1) }) }),
  'real parts alone': wrong({
    expansion: (found) => ({ ...found, poles: found.poles.map((pole) => ({ ...pole, weightIm: 0 })) }),
  }),
  'tr H is 2 N^2 mu': wrong({ expansion: (found) => ({ ...found, slope: -found.slope }) }),
  'the twist is forgotten': wrong({ twist: () => untwisted }),
  'the twist runs the other way': wrong({ twist: ({ x, y }) => ({ x: -x, y: -y }) }),
  'the twists of x and y are exchanged': wrong({ twist: ({ x, y }) => ({ x: y, y: x }) }),
  'J for J / 2': wrong({ model: (model) => ({ ...model, J: 2 * model.J }) }),
});

/** The energy by poles to a tolerance, by an expansion that may be changed. */
const coarse =
  (tolerance: number, change: (expansion: PoleExpansion) => PoleExpansion = same): CoarseEnergy =>
  (spins) => {
    const found = change(right(poleExpansion(publishedDoubleExchange, tolerance)));
    const energy = energySum(plainArithmetic(spins.size), found, publishedDoubleExchange)(spins);
    return { poles: found.poles.length, energy };
  };

verify(fivePolesSuffice(byLevels), coarse(1e-5), {
  'the default tolerance': coarse(1e-9),
  'fewer poles that pass for five': (spins) => ({ ...coarse(1e-3)(spins), poles: 5 }),
  'a pole without weight': coarse(1e-5, (found) => ({
    ...found,
    poles: found.poles.map((pole, k) => (k === 0 ? { ...pole, weightRe: 0, weightIm: 0 } : pole)),
  })),
});

/** Components changed: k counts x, y, z. */
const components = (change: (force: number, k: number) => number) => (forces: Reals) =>
  forces.map((f, index) => change(f, Math.floor((3 * index) / forces.length)));

verify(forcesAreHellmannFeynman(byLevels, 20), byPoles, {
  'the resolvent is transposed': wrong({ forces: components((f, k) => (k === 1 ? -f : f)) }),
  'J for J / 2': wrong({ forces: components((f) => 2 * f) }),
  'a pole is lost': wrong({ expansion: (found) => ({ ...found, poles: found.poles.slice(1) }) }),
  'the twist is forgotten': wrong({ twist: () => untwisted }),
  'the corner blocks of the inverse are lost': wrong({
    elimination: (elimination) => ({
      ...elimination,
      selectedInverse: (matrix, logarithm) =>
        lastCoupling(({ upper, lower }) => ({ upper: upper.map(() => 0), lower: lower.map(() => 0) }))(
          elimination.selectedInverse(matrix, logarithm),
        ),
    }),
  }),
});

verify(forcesAreDifferences, byPoles, {
  'minus the gradient': wrong({ forces: components((f) => -f) }),
  'the resolvent is transposed': wrong({ forces: components((f, k) => (k === 1 ? -f : f)) }),
  'weights are conjugated in the forces': {
    ...byPoles,
    energyAndForces: wrong({
      expansion: (found) => ({
        ...found,
        poles: found.poles.map((pole) => ({ ...pole, weightIm: -pole.weightIm })),
      }),
    }).energyAndForces,
  },
});

verify(energyWithForces, byPoles, {
  'the logarithm of the eliminated lines is forgotten': {
    ...byPoles,
    energyAndForces: wrong({
      elimination: (elimination) => ({
        ...elimination,
        selectedInverse: (matrix, logarithm) => {
          logarithm.parts.fill(0);
          return elimination.selectedInverse(matrix, logarithm);
        },
      }),
    }).energyAndForces,
  },
});

verify(electronsAreCounted, byPoles, {
  'the chemical potential is added': wrong({ model: (model) => ({ ...model, mu: -model.mu }) }),
  'tr H is forgotten': wrong({ expansion: (found) => ({ ...found, slope: 0 }) }),
});

verify(symmetriesAreKept, byPoles, {
  'the x component counts more': {
    ...byPoles,
    energyAndForces: (tolerance) => (model, twist) => (spins) =>
      byPoles.energyAndForces(tolerance)(model, twist)({
        ...spins,
        components: spins.components.map((s, index) => (3 * index < spins.components.length ? 1.001 * s : s)),
      }),
  },
  'the corner blocks are lost': wrong({
    elimination: matrixWith(
      lastCoupling(({ upper, lower }) => ({ upper: upper.map(() => 0), lower: lower.map(() => 0) })),
    ),
  }),
  'the resolvent is transposed': wrong({ forces: components((f, k) => (k === 1 ? -f : f)) }),
});

verify(coldLimit, byPoles, {
  'tr H is forgotten': wrong({ expansion: (found) => ({ ...found, slope: 0 }) }),
  'one electron spin': {
    ...byPoles,
    energy: (tolerance) => (model, twist) => (spins) => byPoles.energy(tolerance)(model, twist)(spins) / 2,
  },
});

verify(hotLimit, byPoles, {
  'the constant is forgotten': wrong({ expansion: (found) => ({ ...found, constant: 0 }) }),
  'J for J / 2': wrong({ model: (model) => ({ ...model, J: 2 * model.J }) }),
});

verify(blochTheorem, byPoles, {
  'no twist': wrong({ twist: () => untwisted }),
  'a twist of x alone': wrong({ twist: ({ x }) => ({ x, y: 0 }) }),
  'half the twist': wrong({ twist: ({ x, y }) => ({ x: x / 2, y: y / 2 }) }),
});

describe('the method', () => {
  it('takes 8 poles for 1e-9 at the published parameters', () => {
    expect(right(poleExpansion(publishedDoubleExchange)).poles).toHaveLength(8);
  });

  it('goes by its name, and agrees with diagonalization', () => {
    const { poles, diagonalize } = energyMethods;
    const spins = ferromagnet(10);
    const [found, expected] = [poles, diagonalize].map(({ energy }) => right(energy(publishedDoubleExchange)(spins)));
    expect(poles.name).toBe('poles');
    expect(Math.abs((found ?? NaN) - (expected ?? NaN))).toBeLessThan(1e-7);
  });

  it('allows for spins that are longer than 1', () => {
    const long = { size: 4, components: ferromagnet(4).components.map((s) => 3 * s) };
    const { poles, diagonalize } = energyMethods;
    const [found, expected] = [poles, diagonalize].map(({ energy }) => right(energy(publishedDoubleExchange)(long)));
    expect(Math.abs((found ?? NaN) - (expected ?? NaN))).toBeLessThan(16e-9);
  });
});

describe('bad input', () => {
  const cold = { ...publishedDoubleExchange, T: 1e-7 };

  it('too low a temperature for the tolerance is an error that says what can be reached', () => {
    const message = messageOf(energyMethods.poles.energy(cold)(ferromagnet(4)));
    expect(message).toMatch(/expected a tolerance that poles can reach, got 1e-9: .*T = 1e-7.*diagonalize/);
  });

  it('too low a temperature for any tolerance is an error that says which poles are sought for', () => {
    const coldest = { ...publishedDoubleExchange, T: 1e-200 };
    expect(messageOf(energyMethods.poles.energy(coldest)(ferromagnet(4)))).toMatch(
      /^expected T >= 2.0e-17 for poles, .* got T = 1e-200: take a larger T, or diagonalize$/,
    );
  });

  it('so high a temperature that all rounds too much is told nothing of higher ones', () => {
    const hot = { ...publishedDoubleExchange, T: 1e300 };
    expect(messageOf(energyMethods.poles.energy(hot)(ferromagnet(4)))).toMatch(
      /T = 1e\+300 .*; ask for a larger tolerance, or diagonalize$/,
    );
  });

  it.each([1e-15, 0, -1, NaN])('a tolerance of %d is an error', (tolerance) => {
    expect(messageOf(poleExpansion(publishedDoubleExchange, tolerance))).toContain('expected a tolerance');
  });

  it('lattices below 3 x 3 have no energy', () => {
    expect(messageOf(energyMethods.poles.energy(publishedDoubleExchange)(ferromagnet(2)))).toContain(
      'at least 3, got 2',
    );
  });

  it('lattices whose work space no memory could hold are an error', () => {
    const large = { size: 400, components: new Float64Array(3 * 400 ** 2) };
    const { energyAndForces } = energyMethods.poles;
    expect(messageOf(energyAndForces(publishedDoubleExchange)(large))).toContain('fits into 4 GB, got N = 400');
  });

  it('couplings whose sums overflow are an error, not NaN', () => {
    const huge = { ...publishedDoubleExchange, J: Number.MAX_VALUE, mu: -Number.MAX_VALUE };
    expect(messageOf(energyMethods.poles.energy(huge)(ferromagnet(3)))).toContain('finite levels');
  });
});

verify(everyTemperatureIsAnswered, (model) => poleExpansion(model), {
  'what misses the tolerance is taken': (model) =>
    E.isRight(poleExpansion(model)) ? E.right({ ...right(poleExpansion(model)), error: 1e-8 }) : poleExpansion(model),
  'the refusal names no temperature': (model) => poleExpansion({ ...model, T: 1e12 }),
});

verify(everySearchEnds, (model) => poleExpansion(model), {
  'the coldest are sought for, and no decomposition ends': (model) => {
    if (model.T > 0 && model.T < 1e-150) {
      throw new Error('it would not end');
    }
    return poleExpansion(model);
  },
  'what is sought for below 0 is given': (model) => poleExpansion({ ...model, T: Math.abs(model.T) }),
  'what was found at another temperature': (model) => poleExpansion({ ...model, T: Math.max(model.T, 0.1) }),
});

/** The levels as they are sought, in units of T. */
const levelsOverflow = ({ t, J, mu, T }: DoubleExchange): boolean =>
  !Number.isFinite((Math.abs(mu) + 4 * Math.abs(t) + Math.abs(J) / 2) / T);

verify(everyParameterIsAnswered, (model) => poleExpansion(model), {
  'levels that overflow in units of T are let through': (model) => {
    if (levelsOverflow(model)) {
      throw new RangeError('Matrix must be non-empty');
    }
    return poleExpansion(model);
  },
  'levels that overflow have an expansion': (model) =>
    levelsOverflow(model)
      ? E.right({ ...right(poleExpansion(publishedDoubleExchange)), lowest: -Infinity })
      : poleExpansion(model),
});

describe.each([
  { name: 'plain', matricesOf: plainLineMatrices },
  { name: 'wasm', matricesOf: wasmLineMatrices(productSums.separate) },
])('$name', ({ matricesOf }) => {
  verify(workSpaceIsEnough(matricesOf), blockCyclicElimination, {
    'there is no scratch space': (size, guarded) =>
      blockCyclicElimination(size, (lines, _, scratch) => guarded(lines, scratch, scratch)),
    'scratch space begins with the last rows of an inversion': (size, guarded) =>
      blockCyclicElimination(size, (lines, numbers, scratch) =>
        guarded(lines, numbers, scratch + 2 * widthOf(lines) + 4),
      ),
  });
});
