/** Continued fractions, as the port has them. */
import { Matrix, solve } from 'ml-matrix';
import type { z } from 'zod';

import { pow } from '../../src/number/elementary/power.kernel.ts';
import type { Answer } from '../../src/conformance/comparison.ts';
import type { continuedFractions } from '../vectors/families/continued-fractions.ts';

const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);

/** The answers to a case of the family. */
export const answers = (given: z.infer<typeof continuedFractions.inputs>): Answer => {
  switch (given.ask) {
    case 'fraction': {
      const { whole, a, b } = given;
      const known = a.reduce<readonly (readonly [number, number])[]>(
        (before, ak, k) => {
          const [A1 = NaN, B1 = NaN] = before.at(-1) ?? [];
          const [A0 = NaN, B0 = NaN] = before.at(-2) ?? [];
          const bk = b[k] ?? NaN;
          return [...before, [bk * A1 + ak * A0, bk * B1 + ak * B0]];
        },
        [
          [1, 0],
          [whole, 1],
        ],
      );
      const [numerator = NaN, denominator = NaN] = known.at(-1) ?? [];
      return { convergents: known.slice(1).flat(), value: [numerator / denominator] };
    }
    case 'pade': {
      const { m, n, series } = given;
      const c = (k: number): number => (k < 0 ? 0 : (series[k] ?? NaN));
      const rows = upTo(n).map((i) => upTo(n).map((j) => c(m + 1 + i - (j + 1))));
      const right = Matrix.columnVector(upTo(n).map((i) => -c(m + 1 + i)));
      const denominator = [1, ...solve(new Matrix(rows), right).to1DArray()];
      return {
        denominator,
        numerator: upTo(m + 1).map((k) => denominator.reduce((sum, q, j) => sum + q * c(k - j), 0)),
      };
    }
    case 'function': {
      const { phi, power, coefficients, x } = given;
      const at = {
        fraction: (u: number) => 1 / (1 + u),
        exponential: Math.exp,
        root: (u: number) => pow(1 + u, power),
      }[phi];
      return {
        value: [coefficients.reduceRight((u, a, k) => (k === 0 ? a : a * x) * at(u), 0)],
      };
    }
  }
};
