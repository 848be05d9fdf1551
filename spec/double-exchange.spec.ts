/** The double exchange Hamiltonian of the paper's Eq. (2): its matrix, and its levels where they are known. */
import { describe, expect, it } from 'vitest';

import { levelsOf } from '../src/exact/monte-carlo-energy.ts';
import { doubleExchange, publishedDoubleExchange } from '../src/hamiltonian/double-exchange.ts';
import { spinConfiguration } from '../src/lattice/spins.ts';
import { sumOfTerms } from '../src/linear/sum-of-terms.kernel.ts';
import { verify } from './law.ts';
import {
  ferromagnetLevels,
  freeElectronLevels,
  matrixHasKnownNorm,
  modelsHaveFiniteParameters,
  spiralLevels,
  type LevelsOf,
} from './laws/double-exchange.ts';
import {
  levels,
  matrixOf,
  openBoundaries,
  parameters,
  spinsChanged,
  twistChanged,
  withoutConjugate,
} from './mutants/double-exchange.ts';
import { messageOf, right } from './right.ts';

verify(modelsHaveFiniteParameters, doubleExchange, {
  'T = 0 is the ground state': (model) => doubleExchange({ ...model, T: model.T === 0 ? 1e-9 : model.T }),
  'mu is anything': (model) => doubleExchange({ ...model, mu: 0 }),
  'antiferromagnets are refused': (model) => doubleExchange({ ...model, J: model.J < 0 ? NaN : model.J }),
});

verify(matrixHasKnownNorm, matrixOf, {
  'the conjugate is forgotten': withoutConjugate,
  'the chemical potential is added': parameters((model) => ({ ...model, mu: -model.mu })),
  'J for J / 2': parameters((model) => ({ ...model, J: 2 * model.J })),
  'open boundaries': openBoundaries,
  'the y component is lost': spinsChanged(([x, , z]) => [x, 0, z]),
});

const trueLevels: LevelsOf = (model, twist) => (spins) => right(levelsOf(model, twist)(spins));

verify(freeElectronLevels, trueLevels, {
  'open boundaries': levels(openBoundaries),
  'the sign of t (odd N tells)': levels(parameters((model) => ({ ...model, t: -model.t }))),
  'a twist of x alone': levels(twistChanged(({ x }) => ({ x, y: 0 }))),
  'each level once': (model, twist) => (spins) => trueLevels(model, twist)(spins).filter((_, n) => n % 2 === 0),
});

verify(ferromagnetLevels, trueLevels, {
  'J for J / 2': levels(parameters((model) => ({ ...model, J: 2 * model.J }))),
  'the chemical potential is added': levels(parameters((model) => ({ ...model, mu: -model.mu }))),
  'the y component is lost': levels(spinsChanged(([x, , z]) => [x, 0, z])),
});

verify(spiralLevels, trueLevels, {
  'open boundaries': levels(openBoundaries),
  'the y component is lost': levels(spinsChanged(([x, , z]) => [x, 0, z])),
  'a ferromagnet': levels(spinsChanged(() => [1, 0, 0])),
});

describe('conventions', () => {
  const { dimension, re, im } = matrixOf(
    { t: 2, J: 6, mu: 1, T: 1 },
    { x: 0.3, y: -0.4 },
  )(
    right(
      spinConfiguration(
        3,
        Array.from({ length: 27 }, (_, index) => [0.6, 0.48, 0.64][Math.floor(index / 9)] ?? 0),
      ),
    ),
  );
  const entry = (row: number, column: number) => [re[row * dimension + column], im[row * dimension + column]];

  it('site i, spin alpha has index 2 i + alpha, and the block of a site is -(J / 2) s . sigma - mu', () => {
    expect(entry(8, 8)).toEqual([-3 * 0.64 - 1, 0]);
    expect(entry(9, 9)).toEqual([3 * 0.64 - 1, 0]);
    expect(entry(9, 8)).toEqual([-3 * 0.6, -3 * 0.48]);
    expect(entry(8, 9)).toEqual([-3 * 0.6, 3 * 0.48]);
  });

  it('hopping across the boundary has the phase of the twist: c_last^dagger c_first = e^{i theta}', () => {
    expect(entry(0, 2)).toEqual([-2, 0]);
    expect(entry(1, 2)).toEqual([0, 0]);
    expect(entry(4, 0)).toEqual([-2 * Math.cos(0.3), -2 * Math.sin(0.3)]);
    expect(entry(0, 4)).toEqual([-2 * Math.cos(0.3), 2 * Math.sin(0.3)]);
    expect(entry(13, 1)).toEqual([-2 * Math.cos(-0.4), -2 * Math.sin(-0.4)]);
  });

  it('terms with the same indices add up', () => {
    const term = { row: 1, column: 0, re: 1, im: 2 };
    const diagonal = { row: 0, column: 0, re: 3, im: 5 };
    const sum = sumOfTerms(2)([term, diagonal, term, diagonal]);
    expect([...sum.re, ...sum.im]).toEqual([6, 2, 2, 0, 0, -4, 4, 0]);
  });
});

describe('bad input', () => {
  it('the parameter that is not finite is named', () => {
    expect(messageOf(doubleExchange({ ...publishedDoubleExchange, mu: NaN }))).toContain('got mu = NaN');
  });
});
