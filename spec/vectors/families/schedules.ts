/** Learning rates, step by step. */
import { z } from 'zod';

import { rateAt, type Schedule } from '../../../src/training/schedule.ts';
import { counted, family, type Case, type Outside } from '../family.ts';

/** A schedule, as vectors describe it. */
export const scheduleSchema = z.discriminatedUnion('tag', [
  z.strictObject({ tag: z.literal('decay'), rate: z.number(), factor: z.number(), every: counted }),
  z.strictObject({ tag: z.literal('staircase'), first: z.number(), last: z.number(), every: counted }),
  z.strictObject({ tag: z.literal('oneCycle'), peak: z.number() }),
]);

const inputs = z.strictObject({
  schedule: scheduleSchema,
  steps: counted,
  stepsPerEpoch: counted,
});

const scheduleCase = (
  name: string,
  why: string,
  schedule: Schedule,
  steps: number,
  stepsPerEpoch: number,
  outside: readonly Outside[] = [],
): Case<z.infer<typeof inputs>> => ({
  name,
  equation: 'guide: schedules',
  why,
  inputs: { schedule: { ...schedule }, steps, stepsPerEpoch },
  outputs: {
    rates: {
      meaning: 'the learning rate of each step',
      shape: [steps],
      values: Array.from({ length: steps }, (_, step) => rateAt(schedule)({ step, steps, stepsPerEpoch })),
    },
  },
  outside,
});

const rates = (source: string, values: readonly number[]): readonly Outside[] => [
  { output: 'rates', source, values, relative: 1e-14 },
];

/** The family. */
export const schedules = family({
  name: 'schedules',
  about: 'Steps are counted from 0; an epoch has stepsPerEpoch of them.',
  inputs,
  tolerance: { relative: 1e-13, reason: 'a power or a cosine, rounded otherwise in the last digits' },
  cases: () => [
    scheduleCase(
      'decay',
      'the factor once every two epochs, from the third epoch on',
      { tag: 'decay', rate: 0.5, factor: 0.25, every: 2 },
      15,
      3,
      rates('exact: powers of 1/4', [
        ...Array.from({ length: 6 }, () => 0.5),
        ...Array.from({ length: 6 }, () => 0.125),
        ...Array.from({ length: 3 }, () => 0.03125),
      ]),
    ),
    scheduleCase(
      'staircase',
      'equal ratios, the last stair at the last rate',
      { tag: 'staircase', first: 1, last: 0.0625, every: 1 },
      10,
      2,
      rates('exact: powers of 1/2', [1, 1, 0.5, 0.5, 0.25, 0.25, 0.125, 0.125, 0.0625, 0.0625]),
    ),
    scheduleCase(
      'staircase-short',
      'fewer epochs than a stair is long',
      { tag: 'staircase', first: 1, last: 0.0625, every: 5 },
      6,
      2,
    ),
    scheduleCase(
      'one-cycle',
      'up along a cosine for a fifth of the steps, then down to peak / 250,000',
      { tag: 'oneCycle', peak: 0.01 },
      20,
      4,
    ),
    scheduleCase('one-cycle-long', 'the peak lies between two steps', { tag: 'oneCycle', peak: 0.5 }, 33, 11),
    scheduleCase(
      'one-cycle-short',
      'so few steps that the peak comes with the second',
      { tag: 'oneCycle', peak: 0.01 },
      4,
      2,
    ),
  ],
});
