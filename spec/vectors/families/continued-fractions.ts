/** Continued fractions, Pade approximants, and the continued function that an EFNN is. */
import { z } from 'zod';

import { convergents, valueFromInside } from '../../../src/continued/continued-fraction.ts';
import { continuedFunctionAt } from '../../../src/continued/continued-function.ts';
import { pade } from '../../../src/continued/pade.ts';
import { exponential, fraction, rootOfOnePlus, type Phi } from '../../../src/continued/phi.ts';
import { float64 } from '../../../src/number/float64.ts';
import { right } from '../../right.ts';
import { family, type Case, type Outside } from '../family.ts';

const numbers = z.array(z.number());

const inputs = z.discriminatedUnion('ask', [
  z.strictObject({ ask: z.literal('fraction'), whole: z.number(), a: numbers, b: numbers }),
  z.strictObject({ ask: z.literal('pade'), m: z.number().int(), n: z.number().int(), series: numbers }),
  z.strictObject({
    ask: z.literal('function'),
    /** phi(u) = 1/(1+u), exp u, or (1+u)^power. */
    phi: z.enum(['fraction', 'exponential', 'root']),
    power: z.number(),
    coefficients: numbers,
    x: z.number(),
  }),
]);

type Inputs = z.infer<typeof inputs>;

const fractionCase = (
  name: string,
  why: string,
  whole: number,
  a: number[],
  b: number[],
  outside: readonly Outside[],
): Case<Inputs> => {
  const continued = { whole, levels: a.map((ak, k) => ({ a: ak, b: b[k] ?? NaN })) };
  const all = convergents(float64)(continued);
  return {
    name: `fraction-${name}`,
    equation: 'Fig. 5a',
    why,
    inputs: { ask: 'fraction', whole, a, b },
    outputs: {
      convergents: {
        meaning: 'A_k and B_k of the convergents k = 0, .., n of whole + a_1/(b_1 + a_2/(b_2 + ..))',
        shape: [all.length, 2],
        values: all.flatMap(({ numerator, denominator }) => [numerator, denominator]),
      },
      value: { meaning: 'the value of the whole fraction', shape: [], values: [valueFromInside(float64)(continued)] },
    },
    outside,
  };
};

const padeCase = (
  name: string,
  why: string,
  m: number,
  n: number,
  series: number[],
  outside: readonly Outside[],
): Case<Inputs> => {
  const { numerator, denominator } = right(pade(float64)({ m, n })(series));
  return {
    name: `pade-${name}`,
    equation: 'Fig. 5a',
    why,
    inputs: { ask: 'pade', m, n, series },
    outputs: {
      numerator: { meaning: 'the coefficients of P_m, from the constant up', shape: [m + 1], values: numerator },
      denominator: { meaning: 'the coefficients of Q_n, Q_n(0) = 1', shape: [n + 1], values: denominator },
    },
    outside,
  };
};

const phis = { fraction, exponential, root: rootOfOnePlus(0.5) } as const satisfies Readonly<Record<string, Phi>>;

const functionCase = (
  name: string,
  why: string,
  phi: keyof typeof phis,
  coefficients: number[],
  x: number,
  outside: readonly Outside[],
): Case<Inputs> => ({
  name: `function-${name}`,
  equation: 'Fig. 5a',
  why,
  inputs: { ask: 'function', phi, power: 0.5, coefficients, x },
  outputs: {
    value: {
      meaning: 'a_0 phi(a_1 x phi(a_2 x phi(..)))',
      shape: [],
      values: [continuedFunctionAt(phis[phi])(coefficients)(x)],
    },
  },
  outside,
});

const constant = (output: string, source: string, values: readonly number[], relative = 1e-15): Outside => ({
  output,
  source,
  values,
  relative,
});

/** The family. */
export const continuedFractions = family({
  name: 'continued-fractions',
  about: 'Continued fractions and functions, and Pade approximants of power series c_0 + c_1 x + ..',
  inputs,
  tolerance: { relative: 1e-13, reason: 'a few divisions, each rounded once' },
  cases: () => [
    fractionCase(
      'golden',
      'the golden ratio: convergents are quotients of Fibonacci numbers',
      1,
      Array.from({ length: 10 }, () => 1),
      Array.from({ length: 10 }, () => 1),
      [
        constant(
          'convergents',
          'exact: Fibonacci numbers',
          [1, 1, 2, 1, 3, 2, 5, 3, 8, 5, 13, 8, 21, 13, 34, 21, 55, 34, 89, 55, 144, 89],
        ),
        constant('value', 'exact rational: 144/89', [144 / 89]),
      ],
    ),
    fractionCase(
      'tanh-one',
      "Lambert's fraction of tanh 1: 1/(1 + 1/(3 + 1/(5 + ..)))",
      0,
      [1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
      [1, 3, 5, 7, 9, 11, 13, 15, 17, 19],
      [constant('value', 'closed form: tanh 1', [0.7615941559557649])],
    ),
    padeCase(
      'exponential',
      '[2/2] of exp: numerator and denominator differ in the sign of x',
      2,
      2,
      [1, 1, 1 / 2, 1 / 6, 1 / 24],
      [
        constant('numerator', 'exact rational: 1, 1/2, 1/12', [1, 1 / 2, 1 / 12], 1e-13),
        constant('denominator', 'exact rational: 1, -1/2, 1/12', [1, -1 / 2, 1 / 12], 1e-13),
      ],
    ),
    padeCase(
      'lopsided',
      '[1/2]: the degree of the numerator comes first',
      1,
      2,
      [1, 1, 1 / 2, 1 / 6],
      [
        constant('numerator', 'exact rational: 1, 1/3', [1, 1 / 3], 1e-13),
        constant('denominator', 'exact rational: 1, -2/3, 1/6', [1, -2 / 3, 1 / 6], 1e-13),
      ],
    ),
    functionCase('fraction', 'a fraction of three levels, from the outside in', 'fraction', [2, 1, 3, 0.5], 0.5, [
      constant('value', 'exact rational: 2/(1 + (1/2)/(1 + (3/2)/(1 + 1/4))) = 22/27 * 2', [44 / 27]),
    ]),
    functionCase('exponential', 'a continued exponential: a tower', 'exponential', [1, 1, -0.5, 0.25], 0.75, []),
    functionCase('root', 'continued roots', 'root', [1.5, 1, 2, 0.5], 0.75, []),
  ],
});
