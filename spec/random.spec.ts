/** Random draws: their laws, and numpy's and Random123's own numbers. */
import { createHash } from 'node:crypto';

import { pipe } from 'fp-ts/lib/function.js';
import * as O from 'fp-ts/lib/Option.js';
import * as State from 'fp-ts/lib/State.js';
import { describe, expect, it } from 'vitest';

import type { Reals } from '../src/number/reals.ts';
import {
  drawn,
  integersBelow,
  normals,
  permutation,
  standardNormals,
  uniforms,
  uniformsBetween,
  type Draw,
} from '../src/random/draw.ts';
import { logarithm } from '../src/random/logarithm.ts';
import { numpyLegacy } from '../src/random/numpy-legacy.ts';
import { philox, type Block, type Key } from '../src/random/philox.ts';
import { streamOf } from '../src/random/stream.ts';
import { verify } from './law.ts';
import * as laws from './laws/random.ts';
import vectors from './outside/published-data.json' with { type: 'json' };

/** A generator that everyone shares and advances: what a pure draw must not use. */
const shared = streamOf(1, 0).generator.clone();

const impureUniforms: laws.Draws = (count) => (stream) => [
  Float64Array.from({ length: count }, () => shared.next() / 2 ** 32 + 0.5),
  stream,
];

verify(laws.drawsAreValues, uniforms, { 'the generator is advanced in place': impureUniforms });
verify(laws.drawsAreValues, standardNormals, { 'the generator is advanced in place': impureUniforms });

const forgetful: laws.Draws = (count) => (stream) => standardNormals(count)({ ...stream, spareNormal: O.none });

verify(laws.drawsContinue, uniforms, {
  'the stream starts over': (count) => (stream) => [drawn(stream)(uniforms(count)), stream],
});
verify(laws.drawsContinue, standardNormals, { 'the spare normal is thrown away': forgetful });
verify(laws.drawsContinue, integersBelow(6), {
  'one word too many is spent': (count) =>
    pipe(
      integersBelow(6)(count),
      State.chainFirst(() => uniforms(1)),
    ),
});

verify(laws.uniformsFromWords, uniforms, {
  'the lower bits are used': (count) => (stream) => {
    const generator = stream.generator.clone();
    const lower = (bits: number): number => generator.next() & (2 ** bits - 1);
    return [Float64Array.from({ length: count }, () => (lower(27) * 2 ** 26 + lower(26)) / 2 ** 53), stream];
  },
  'the words are swapped': (count) =>
    pipe(
      uniforms(count),
      State.map((values) => values.map((u) => (u * 2 ** 27) % 1)),
    ),
});

const mapped =
  (f: (x: number) => number): laws.Draws =>
  (count) =>
    pipe(
      standardNormals(count),
      State.map((values) => values.map(f)),
    );

verify(laws.normalMoments, standardNormals, {
  'the 2 in -2 log is forgotten': mapped((x) => x / Math.SQRT2),
  'only one sign is drawn': mapped(Math.abs),
  'the tails are cut off': mapped((x) => Math.max(-2, Math.min(2, x))),
});

verify(laws.integersAreEquallyLikely, integersBelow, {
  'the remainder is taken instead of drawing again': (bound) => (count) =>
    pipe(
      integersBelow(16)(count),
      State.map((values) => values.map((x) => x % bound)),
    ),
});

/** Sattolo's shuffle: Fisher and Yates' with j < i instead of j <= i. */
const sattolo = (n: number): Draw<readonly number[]> =>
  pipe(
    uniforms(n),
    State.map((u) =>
      Array.from({ length: Math.max(0, n - 1) }, (_, k) => n - 1 - k).reduce<readonly number[]>(
        (order, i) => swapped(order, i, Math.floor((u[i] ?? 0) * i)),
        Array.from({ length: n }, (_, i) => i),
      ),
    ),
  );

const swapped = (order: readonly number[], i: number, j: number): readonly number[] =>
  order.map((x, place) => (place === i ? order[j] : place === j ? order[i] : x) ?? x);

verify(laws.ordersAreEquallyLikely, permutation, { 'no place may keep its own (Sattolo)': sattolo });

verify(laws.permutationsPermute, permutation, {
  'places are drawn with repetition': (n) =>
    pipe(
      integersBelow(Math.max(1, n))(n),
      State.map((values) => [...values]),
    ),
});

verify(laws.logarithmIsCorrectlyRounded, logarithm, {
  'Math.log is trusted': Math.log,
  'the sum of log1p and the exponent is rounded twice': (x) => {
    const exponent = Math.floor(Math.log2(x));
    return Math.log(x / 2 ** exponent) + exponent * Math.LN2;
  },
});

/** Philox with another product and another key schedule. */
const philoxLike =
  (high: (a: number, b: number) => number, keyStep: number) =>
  ([k0, k1]: Key) =>
  (counter: Block): Block =>
    Array.from({ length: 10 }, (_, i) => i * keyStep).reduce<Block>(
      ([c0, c1, c2, c3], round) => [
        (high(0xcd9e8d57, c2) ^ c1 ^ (k0 + Math.imul(round, 0x9e3779b9))) >>> 0,
        Math.imul(0xcd9e8d57, c2) >>> 0,
        (high(0xd2511f53, c0) ^ c3 ^ (k1 + Math.imul(round, 0xbb67ae85))) >>> 0,
        Math.imul(0xd2511f53, c0) >>> 0,
      ],
      counter,
    );

const exactHigh = (a: number, b: number): number => Number((BigInt(a) * BigInt(b)) >> 32n);

verify(laws.philoxIsABijection, philox, {
  'the upper word comes from a rounded product': philoxLike((a, b) => Math.floor((a * b + 2 ** 31) / 2 ** 32), 1),
  'the key does not change from round to round': philoxLike(exactHigh, 0),
});

verify(laws.streamsDiffer, streamOf, {
  'seed and index are added': (seed, index) => streamOf((seed + index) % 2 ** 32, 0),
  'the upper half of the seed is dropped': (seed, index, purpose) => streamOf(seed >>> 0, index, purpose),
  'the purpose is ignored': (seed, index) => streamOf(seed, index),
});

const sha256 = (values: Reals): string =>
  createHash('sha256')
    .update(new Uint8Array(Float64Array.from(values).buffer))
    .digest('hex');

describe("numpy's legacy stream", () => {
  it('gives the published continuous draws, bit for bit', () => {
    const [couplings, rest] = normals(1, 2)(455)(numpyLegacy(17));
    expect([...couplings.slice(0, 5)]).toEqual(vectors.continuous.couplings);
    expect(sha256(couplings)).toBe(vectors.continuous.couplingsSha256LittleEndianFloat64);
    expect(sha256(drawn(rest)(uniformsBetween(-1, 1)(300000)))).toBe(vectors.continuous.spinsSha256LittleEndianFloat64);
  });

  it('gives the published binary draws, bit for bit', () => {
    const [order, afterOrder] = permutation(455)(numpyLegacy(17));
    const [spins, afterSpins] = integersBelow(2)(300000)(afterOrder);
    const couplings = drawn(afterSpins)(normals(1, 2)(455));
    expect(order.slice(0, 5)).toEqual(vectors.discrete.permutationFirst5);
    expect([...spins.slice(0, 15)]).toEqual(vectors.discrete.spinsRow0);
    expect([...spins.slice(-15)]).toEqual(vectors.discrete.spinsRow19999);
    expect(sha256(couplings)).toBe(vectors.discrete.couplingsSha256LittleEndianFloat64);
  });

  it('refuses seeds that numpy refuses', () => {
    expect(() => numpyLegacy(-1)).toThrow(RangeError);
    expect(() => numpyLegacy(2 ** 32)).toThrow(RangeError);
    expect(() => numpyLegacy(0.5)).toThrow(RangeError);
  });
});

describe('the logarithm', () => {
  it('decides the hardest case, a hair beyond the middle of two numbers', () => {
    expect(logarithm(1 - 2 ** -52)).toBe(-(2 ** -52) - 2 ** -104);
    expect(logarithm(1)).toBe(0);
    expect(logarithm(0.5)).toBe(-Math.LN2);
  });
});

describe('Philox4x32-10', () => {
  it('gives the known answers of Random123', () => {
    const full = 0xffffffff;
    expect(philox([0, 0])([0, 0, 0, 0])).toEqual([0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]);
    expect(philox([full, full])([full, full, full, full])).toEqual([0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd]);
    expect(philox([0xa4093822, 0x299f31d0])([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344])).toEqual([
      0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1,
    ]);
  });
});

describe('fresh streams', () => {
  it('keep their numbers from version to version: data sets are made of them', () => {
    expect([...drawn(streamOf(1, 0))(uniforms(2))]).toMatchInlineSnapshot(`
      [
        0.605952792296635,
        0.027655591476202446,
      ]
    `);
    expect([...drawn(streamOf(1, 1))(uniforms(2))]).toMatchInlineSnapshot(`
      [
        0.5302151004944377,
        0.3025498116776242,
      ]
    `);
  });

  it('refuse seeds that are no integers', () => {
    expect(() => streamOf(0.5, 0)).toThrow(RangeError);
    expect(() => streamOf(0, 2 ** 53)).toThrow(RangeError);
  });
});
