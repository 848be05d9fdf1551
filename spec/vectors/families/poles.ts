/** The pole expansion of E_MC: Pade's poles, and the sums over given poles and weights. */
import { z } from 'zod';

import { energyAndForceSums } from '../../../src/exact/sum-over-poles.kernel.ts';
import { padePoles } from '../../../src/exact/fermi-poles.ts';
import { levelsOf } from '../../../src/exact/monte-carlo-energy.ts';
import { plainArithmetic } from '../../../src/exact/plain-pole-arithmetic.ts';
import { poleExpansion, type PoleExpansion } from '../../../src/exact/pole-expansion.ts';
import { spinConfiguration } from '../../../src/lattice/spins.ts';
import { atan2 } from '../../../src/number/elementary/arctangent.kernel.ts';
import { log } from '../../../src/number/elementary/logarithm.kernel.ts';
import { right } from '../../right.ts';
import { counted, family, type Case } from '../family.ts';
import { doubleExchangeSchema, electrons, type Electrons } from './hamiltonians.ts';

const pole = z.strictObject({ re: z.number(), im: z.number(), weightRe: z.number(), weightIm: z.number() });

const inputs = z.discriminatedUnion('ask', [
  z.strictObject({ ask: z.literal('pade'), count: counted }),
  z.strictObject({
    ask: z.literal('energy'),
    ...doubleExchangeSchema.shape,
    /** f(x) = Re sum_k w_k log(z_k - x) + constant + slope x. */
    poles: z.array(pole),
    constant: z.number(),
    slope: z.number(),
    /** Where f is asked for. */
    points: z.array(z.number()),
  }),
]);

type Inputs = z.infer<typeof inputs>;

const padeCase = (count: number, outside?: readonly number[]): Case<Inputs> => ({
  name: `pade-${count}`,
  equation: 'guide: the poles',
  why: `${count} poles of the continued fraction of tanh: i over the positive eigenvalues of a tridiagonal matrix`,
  inputs: { ask: 'pade', count },
  outputs: {
    im: {
      meaning: 'Im z_k, ascending, of the Pade approximant [2 n / 2 n] of 1 / (1 + exp y); Re z_k = 0',
      shape: [count],
      values: padePoles(count).map(({ im }) => im),
    },
  },
  ...(outside === undefined
    ? {}
    : {
        outside: [
          {
            output: 'im',
            source: 'closed form: the roots of the denominator of the continued fraction of tanh, truncated',
            values: outside,
            relative: 1e-14,
          },
        ],
      }),
});

/** To twelve digits, so that they are short, and alike wherever they were fitted. */
const short = (x: number): number => Number(x.toPrecision(12));

/** Where the levels of the published model may lie. */
const points = [-3, -1, -0.1, 0, 0.1, 2, 20];

const valueAt = ({ poles, constant, slope }: PoleExpansion, x: number): number =>
  poles.reduce(
    (sum, { re, im, weightRe, weightIm }) =>
      sum + (weightRe * log((re - x) * (re - x) + im * im)) / 2 - weightIm * atan2(im, re - x),
    constant + slope * x,
  );

const energyCase = ({ name, why, model, latticeSize, spins, twist }: Electrons): Case<Inputs> => {
  const found = right(poleExpansion(model));
  const expansion: PoleExpansion = {
    ...found,
    poles: found.poles.map(({ re, im, weightRe, weightIm }) => ({
      re: short(re),
      im: short(im),
      weightRe: short(weightRe),
      weightIm: short(weightIm),
    })),
    constant: short(found.constant),
    slope: short(found.slope),
  };
  const configuration = right(spinConfiguration(latticeSize, spins));
  const levels = right(levelsOf(model, twist)(configuration));
  const { energy, forces } = energyAndForceSums(plainArithmetic(latticeSize), expansion, model, twist)(configuration);
  const { poles, constant, slope } = expansion;
  return {
    name: `energy-${name}`,
    equation: 'below Eq. (2)',
    why,
    inputs: {
      ask: 'energy',
      model,
      twist,
      latticeSize,
      spins: [...spins],
      poles: poles.map((each) => ({ ...each })),
      constant,
      slope,
      points,
    },
    outputs: {
      values: {
        meaning: 'f at the points: Re sum_k w_k log(z_k - x) + constant + slope x',
        shape: [points.length],
        values: points.map((x) => valueAt(expansion, x)),
      },
      logDet: {
        meaning: 'Re and Im of log det(z_k - H), the sum over levels of principal logarithms of z_k - E_n',
        shape: [poles.length, 2],
        values: poles.flatMap(({ re, im }) => [
          levels.reduce((sum, x) => sum + log((re - x) * (re - x) + im * im) / 2, 0),
          levels.reduce((sum, x) => sum + atan2(im, re - x), 0),
        ]),
      },
      energy: {
        meaning: 'Re sum_k w_k log det(z_k - H) + constant 2 N^2 + slope tr H, tr H = -2 N^2 mu',
        shape: [],
        values: [energy],
      },
      forces: {
        meaning: 'dE/ds_i = (J/2) Re sum_k w_k tr((z_k - H)^-1_ii sigma)',
        shape: [3, latticeSize, latticeSize],
        values: forces,
      },
    },
  };
};

/** The family. */
export const poles = family({
  name: 'poles',
  about:
    'E_MC by poles z_k of the upper half plane with weights w_k; the logarithm of a determinant is the sum of principal ones.',
  inputs,
  tolerance: { relative: 1e-9, reason: 'weights of size 1 multiply logarithms that nearly cancel, by some digits' },
  cases: () => [
    padeCase(1, [Math.sqrt(12)]),
    padeCase(2, [Math.sqrt((4 * (45 - Math.sqrt(1605))) / 2), Math.sqrt((4 * (45 + Math.sqrt(1605))) / 2)]),
    padeCase(5),
    ...electrons
      .filter(({ name }) => ['published-odd', 'published-even', 'twisted-warm'].includes(name))
      .map(energyCase),
  ],
});
