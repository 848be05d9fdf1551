/** Steps of Adam: bias correction, epsilon, weight decay, clipping. */
import { z } from 'zod';

import { float64 } from '../../../src/number/float64.ts';
import { evaluate } from '../../../src/program/evaluate.ts';
import { gradientName } from '../../../src/program/gradient.ts';
import { biasType } from '../../../src/program/value-type.ts';
import { adam, adamProgram, adamScalars, momentNames, type Adam } from '../../../src/training/adam.ts';
import { typed } from '../../arbitraries/program.ts';
import { right } from '../../right.ts';
import { counted, family, type Case, type Outside } from '../family.ts';
import { shortNumbers } from '../numbers.ts';

const numbers = z.array(z.number());

const inputs = z.strictObject({
  beta1: z.number(),
  beta2: z.number(),
  epsilon: z.number(),
  weightDecay: z.number(),
  /** The largest norm of the gradient of all weights together; null never clips. */
  clip: z.number().nullable(),
  /** How many samples the gradients are summed over. */
  batch: counted,
  rates: numbers,
  weights: numbers,
  /** The sum of the gradients over the batch, step by step. */
  sums: z.array(numbers),
});

type Inputs = z.infer<typeof inputs>;

const rates = [0.25, 0.125, 0.0625];

const weight = 'w';

const names = { weights: weight, first: momentNames(weight).first, second: momentNames(weight).second };

type Arrays = Readonly<Record<string, readonly number[]>>;

const steps = (
  options: Adam,
  batch: number,
  weights: readonly number[],
  sums: readonly (readonly number[])[],
): readonly Arrays[] => {
  const program = typed(adamProgram(options)({ [weight]: biasType(weights.length) }));
  const zeros = weights.map(() => 0);
  return sums
    .reduce<readonly Arrays[]>(
      (done, sum, index) => {
        const scalars = adamScalars(options, { step: index + 1, rate: rates[index] ?? NaN, batch });
        const given = {
          ...done.at(-1),
          ...Object.fromEntries(Object.entries(scalars).map(([name, x]) => [name, [x]])),
          [gradientName('loss', weight)]: sum,
        };
        return [...done, right(evaluate(float64)(1)(given, {})(program))];
      },
      [{ [names.weights]: weights, [names.first]: zeros, [names.second]: zeros }],
    )
    .slice(1);
};

const adamCase = (
  name: string,
  why: string,
  changed: Partial<Adam>,
  size: number,
  outside: (weights: readonly number[], sums: readonly (readonly number[])[]) => readonly Outside[] = () => [],
): Case<Inputs> => {
  const options = { ...adam, ...changed };
  const batch = 4;
  const weights = shortNumbers(91, 5);
  const sums = [92, 93, 94].map((seed) => shortNumbers(seed, 5).map((x) => size * (x + 0.03125)));
  const done = steps(options, batch, weights, sums);
  const each = (output: string): readonly number[] => done.flatMap((state) => state[output] ?? []);
  const shape = [sums.length, weights.length];
  return {
    name,
    equation: 'guide: Adam',
    why,
    inputs: { ...options, batch, rates: [...rates], weights: [...weights], sums: sums.map((sum) => [...sum]) },
    outputs: {
      first: { meaning: 'm after each step', shape, values: each(names.first) },
      second: { meaning: 'v after each step', shape, values: each(names.second) },
      weights: { meaning: 'the weights after each step', shape, values: each(names.weights) },
    },
    outside: outside(weights, sums),
  };
};

/** The family. */
export const adamFamily = family({
  name: 'adam',
  about:
    'g = clipped mean gradient + decay w; m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2; w -= rate (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + epsilon).',
  inputs,
  tolerance: { relative: 1e-12, reason: 'a dozen roundings a step' },
  cases: () => [
    adamCase('plain', 'bias correction: the first step is as long as the rate', {}, 1),
    adamCase('small-gradients', 'gradients of the size of epsilon: it stands outside of the root', {}, 1e-7),
    adamCase(
      'no-memory',
      'b1 = b2 = 0: every step is rate g / (|g| + epsilon), which has no moments',
      { beta1: 0, beta2: 0 },
      1e-7,
      (weights, sums) => [
        {
          output: 'weights',
          source: 'closed form: w - sum of rate g / (|g| + epsilon), g the mean over the batch',
          values: sums.flatMap((_, step) =>
            weights.map((w, i) =>
              sums.slice(0, step + 1).reduce((x, sum, t) => {
                const g = (sum[i] ?? NaN) / 4;
                return x - ((rates[t] ?? NaN) * g) / (Math.abs(g) + 1e-8);
              }, w),
            ),
          ),
          relative: 1e-12,
        },
      ],
    ),
    adamCase('decay', 'the decay is added to the gradient, before the moments: not AdamW', { weightDecay: 0.125 }, 1),
    adamCase('decay-small', 'decay beside small gradients', { weightDecay: 0.5 }, 1e-3),
    adamCase('clipped', 'the norm of all gradients together is brought down to the limit', { clip: 0.05 }, 1),
    adamCase(
      'clipped-decay',
      'the gradient is clipped before the decay is added',
      { clip: 0.05, weightDecay: 0.25 },
      1,
    ),
  ],
});
