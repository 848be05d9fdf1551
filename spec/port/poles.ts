/** The pole expansion, as the port has it: through levels and vectors, without elimination. */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { z } from 'zod';

import type { Answer } from '../../src/conformance/comparison.ts';
import type { poles } from '../vectors/families/poles.ts';
import { solve, type ElectronRules } from './electrons.ts';

const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);

const sum = (values: readonly number[]): number => values.reduce((total, x) => total + x, 0);

/** The answers to a case of the family. */
export const poleAnswers = (rules: ElectronRules, given: z.infer<typeof poles.inputs>): Answer => {
  if (given.ask === 'pade') {
    const n = 2 * given.count;
    const beside = (k: number): number => 1 / (2 * Math.sqrt(4 * k * k - 1));
    const matrix = upTo(n).map((i) => upTo(n).map((j) => (Math.abs(i - j) === 1 ? beside(Math.max(i, j)) : 0)));
    const { realEigenvalues } = new EigenvalueDecomposition(new Matrix(matrix), { assumeSymmetric: true });
    return {
      im: realEigenvalues
        .toSorted((a, b) => b - a)
        .slice(0, given.count)
        .map((b) => 1 / b),
    };
  }
  const { levels, density } = solve(rules, given);
  const logOf = (re: number, im: number, x: number): readonly [number, number] => [
    Math.log(Math.hypot(re - x, im)),
    Math.atan2(im, re - x),
  ];
  const f = (x: number): number =>
    sum(
      given.poles.map(({ re, im, weightRe, weightIm }) => {
        const [a, b] = logOf(re, im, x);
        return weightRe * a - weightIm * b;
      }),
    ) +
    given.constant +
    given.slope * x;
  // df/dx = -Re sum_k w_k / (z_k - x) + slope, and dE/ds = sum over n of f'(E_n) <n|dH/ds|n>; the slope counts for no force.
  const slopeOfPoles = (x: number): number =>
    -sum(
      given.poles.map(({ re, im, weightRe, weightIm }) => {
        const [a, b] = [re - x, im];
        return (weightRe * a + weightIm * b) / (a * a + b * b);
      }),
    );
  return {
    values: given.points.map(f),
    logDet: given.poles.flatMap(({ re, im }) =>
      [0, 1].map((part) => sum(levels.map((x) => logOf(re, im, x)[part] ?? NaN))),
    ),
    energy: [sum(levels.map(f))],
    forces: density(slopeOfPoles).map((sigma) => rules.forceFactor(given.model.J) * sigma),
  };
};
