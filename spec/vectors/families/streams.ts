/** Random streams: Philox, xoroshiro128+, and the draws from 32-bit words; numpy's legacy generator. */
import { z } from 'zod';
import * as State from 'fp-ts/lib/State.js';
import { pipe } from 'fp-ts/lib/function.js';

import {
  drawn,
  integersBelow,
  normals,
  permutation,
  standardNormals,
  uniforms,
  unitVectors,
} from '../../../src/random/draw.ts';
import { numpyLegacy } from '../../../src/random/numpy-legacy.ts';
import { philox } from '../../../src/random/philox.ts';
import { streamOf, type Purpose } from '../../../src/random/stream.ts';
import outside from '../../outside/numpy-vectors.json' with { type: 'json' };
import { exact, family, type Case, type Tolerance } from '../family.ts';

const word = z.number().int().min(0).max(0xffffffff);

const purposes = ['samples', 'couplings', 'weights', 'shuffle'] as const satisfies readonly Purpose[];

const inputs = z.discriminatedUnion('generator', [
  z.strictObject({ generator: z.literal('philox'), key: z.array(word).length(2), counter: z.array(word).length(4) }),
  z.strictObject({
    generator: z.literal('stream'),
    seed: z.number().int(),
    index: z.number().int(),
    purpose: z.enum(purposes),
  }),
  z.strictObject({ generator: z.literal('numpy'), seed: word }),
]);

type Inputs = z.infer<typeof inputs>;

/** Uniform numbers, integers and words are exact; normals pass through log. */
const drawnNumbers: Tolerance = {
  relative: 1e-15,
  reason: 'logarithms and roots may be rounded otherwise in the last bit; all else is exact',
};

type Four = readonly [number, number, number, number];

const philoxCase = (
  name: string,
  why: string,
  key: readonly [number, number],
  counter: Four,
  known?: readonly number[],
): Case<Inputs> => ({
  name: `philox-${name}`,
  equation: 'guide: random streams',
  why,
  inputs: { generator: 'philox', key: [...key], counter: [...counter] },
  outputs: { words: { meaning: 'the block that Philox4x32-10 makes', shape: [4], values: philox(key)(counter) } },
  tolerance: exact,
  ...(known === undefined
    ? {}
    : {
        outside: [
          {
            output: 'words',
            source: 'published: known answers of Random123, kat_vectors, philox4x32 10',
            values: known,
            relative: 0,
          },
        ],
      }),
});

/** 32-bit words of a stream, read back from integers below 2^32. */
const words = integersBelow(2 ** 32);

const streamCase = (name: string, why: string, seed: number, index: number, purpose: Purpose): Case<Inputs> => {
  const from = drawn(streamOf(seed, index, purpose));
  return {
    name: `stream-${name}`,
    equation: 'guide: random streams',
    why,
    inputs: { generator: 'stream', seed, index, purpose },
    outputs: {
      words: { meaning: 'the first 32-bit words', shape: [8], values: from(words(8)) },
      uniforms: {
        meaning: '((a >> 5) 2^26 + (b >> 6)) / 2^53 of two words a, b',
        shape: [4],
        values: from(uniforms(4)),
      },
      integers: { meaning: 'integers below 10, by masked rejection', shape: [12], values: from(integersBelow(10)(12)) },
      permutation: {
        meaning: 'a permutation of 0, .., 9, from the last place down',
        shape: [10],
        values: from(permutation(10)),
      },
      normals: {
        meaning: 'standard normals by the polar method, the second of a pair first',
        shape: [5],
        values: from(standardNormals(5)),
      },
      sphere: {
        meaning: 'three points of the unit sphere, all x, then y, then z',
        shape: [3, 3],
        values: from(unitVectors(3)),
      },
    },
    tolerance: drawnNumbers,
  };
};

const byNumpy: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>> = outside.legacy;

const numpyCase = (name: string, why: string, seed: number): Case<Inputs> => {
  const from = drawn(numpyLegacy(seed));
  const known = byNumpy[`${seed}`] ?? {};
  return {
    name: `numpy-${name}`,
    equation: 'guide: random streams',
    why,
    inputs: { generator: 'numpy', seed },
    outputs: {
      uniforms: { meaning: 'RandomState(seed).random_sample(4)', shape: [4], values: from(uniforms(4)) },
      normals: { meaning: 'RandomState(seed).standard_normal(4)', shape: [4], values: from(standardNormals(4)) },
      integers: { meaning: 'RandomState(seed).randint(0, 10, 12)', shape: [12], values: from(integersBelow(10)(12)) },
      permutation: { meaning: 'RandomState(seed).permutation(10)', shape: [10], values: from(permutation(10)) },
      order: {
        meaning: 'one generator: random_sample(1), standard_normal(1), normal(1, 2, 2), random_sample(1)',
        shape: [5],
        values: from(
          pipe(
            uniforms(1),
            State.bindTo('a'),
            State.bind('b', () => standardNormals(1)),
            State.bind('c', () => normals(1, 2)(2)),
            State.bind('d', () => uniforms(1)),
            State.map(({ a, b, c, d }) => [...a, ...b, ...c, ...d]),
          ),
        ),
      },
    },
    tolerance: drawnNumbers,
    outside: Object.entries(known).map(([output, values]) => ({
      output,
      source: outside.source,
      values,
      relative: 1e-15,
    })),
  };
};

/** The family. */
export const streams = family({
  name: 'streams',
  about: 'Random numbers. Each output is drawn from a fresh generator, but for `order`.',
  inputs,
  tolerance: exact,
  cases: () => [
    philoxCase(
      'zeros',
      'ten rounds, the key growing from round to round',
      [0, 0],
      [0, 0, 0, 0],
      [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    ),
    philoxCase(
      'ones',
      'products of unsigned words: 64 bits of which the upper half is used',
      [0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    ),
    philoxCase(
      'pi',
      'all words of key and counter count, each in its place',
      [0xa4093822, 0x299f31d0],
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ),
    streamCase('first', 'seed 1, index 0: key (1, 0), counter (0, 0, purpose, 0)', 1, 0, 'samples'),
    streamCase('another-index', 'another index is another stream', 1, 1, 'samples'),
    streamCase('large', 'seed and index beyond 32 bits: low word first', 2 ** 40 + 7, 2 ** 33 + 5, 'couplings'),
    streamCase('weights', 'the purpose is the third word of the counter', 5, 3, 'weights'),
    streamCase('shuffle', 'shuffles of epoch 2', 5, 2, 'shuffle'),
    numpyCase('authors', "the seed of the authors' three-spin data", 17),
    numpyCase('authors-lattice', "the first seed of the authors' double exchange data", 100),
    numpyCase('largest', 'the largest seed', 2 ** 32 - 1),
  ],
});
