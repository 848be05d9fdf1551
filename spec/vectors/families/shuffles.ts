/** The order of samples in an epoch, and the batches that it is cut into. */
import { z } from 'zod';

import { drawn, permutation } from '../../../src/random/draw.ts';
import { streamOf } from '../../../src/random/stream.ts';
import { batchesOfSets } from '../../../src/training/batch.ts';
import { counted, exact, family, type Case } from '../family.ts';

const inputs = z.strictObject({
  seed: z.number().int(),
  /** From 0. */
  epoch: z.number().int().min(0),
  /** How many samples each set has. */
  counts: z.array(counted),
  batch: counted,
});

const shuffleCase = (
  name: string,
  why: string,
  seed: number,
  epoch: number,
  counts: readonly number[],
  batch: number,
): Case<z.infer<typeof inputs>> => {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const order = drawn(streamOf(seed, epoch, 'shuffle'))(permutation(total));
  const batches = batchesOfSets(
    counts.map((count, index) => ({ count, index })),
    batch,
  )(order);
  return {
    name,
    equation: 'guide: shuffles',
    why,
    inputs: { seed, epoch, counts: [...counts], batch },
    outputs: {
      order: { meaning: 'the samples, those of all sets counted on, in their order', shape: [total], values: order },
      sizes: {
        meaning: 'how many samples each batch has',
        shape: [batches.length],
        values: batches.map(({ places }) => places.length),
      },
      sets: {
        meaning: 'which set each batch is of',
        shape: [batches.length],
        values: batches.map(({ set }) => set.index),
      },
      places: {
        meaning: 'the samples of all batches, counted within their set',
        shape: [total],
        values: batches.flatMap(({ places }) => places),
      },
    },
  };
};

/** The family. */
export const shuffles = family({
  name: 'shuffles',
  about: 'Epoch e of seed s is shuffled by stream (s, e, shuffle); the order is cut into batches, of one set each.',
  inputs,
  tolerance: exact,
  cases: () => [
    {
      ...shuffleCase('one', 'one sample: no word of the stream is spent', 3, 0, [1], 4),
      outside: [{ output: 'order', source: 'closed form: the one order of one sample', values: [0], relative: 0 }],
    },
    shuffleCase('first-epoch', 'the last batch is smaller', 3, 0, [10], 4),
    shuffleCase('second-epoch', 'another epoch, another order, of the same seed', 3, 1, [10], 4),
    shuffleCase('two-sets', 'two sets: a batch is of one, and batches come as their first samples do', 5, 2, [5, 6], 3),
  ],
});
