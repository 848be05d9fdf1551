/** Laws of random draws. Statistical ones allow six standard deviations: one false alarm in 500 million. */
import fc from 'fast-check';
import { pipe } from 'fp-ts/lib/function.js';
import * as State from 'fp-ts/lib/State.js';

import type { Reals } from '../../src/number/reals.ts';
import { drawn, type Draw, type Stream } from '../../src/random/draw.ts';
import { numpyLegacy } from '../../src/random/numpy-legacy.ts';
import type { Block, Key } from '../../src/random/philox.ts';
import { streamOf, type Purpose } from '../../src/random/stream.ts';
import { indexNumber, seedNumber } from '../arbitraries/streams.ts';
import type { Law } from '../law.ts';

/** A draw of as many numbers as one asks for. */
export type Draws = (count: number) => Draw<Reals>;

const smallCount = fc.integer({ min: 0, max: 9 });

const equal = (a: Reals, b: Reals): boolean => a.length === b.length && a.every((x, i) => Object.is(x, b[i]));

export const drawsAreValues: Law<Draws, { readonly stream: Stream; readonly count: number }> = {
  statement: 'a draw changes nothing: the same stream gives the same numbers again',
  cases: fc.record({ stream: fc.tuple(seedNumber, indexNumber).map(([s, i]) => streamOf(s, i)), count: smallCount }),
  holds:
    (draws) =>
    ({ stream, count }) =>
      equal(drawn(stream)(draws(count)), drawn(stream)(draws(count))) && stream.generator.getState().length > 0,
};

export const drawsContinue: Law<Draws, { readonly seed: number; readonly m: number; readonly n: number }> = {
  statement: 'm numbers and then n are the same numbers as m + n at once',
  cases: fc.record({ seed: fc.integer({ min: 0, max: 0xffffffff }), m: smallCount, n: smallCount }),
  holds:
    (draws) =>
    ({ seed, m, n }) => {
      const twoSteps = pipe(
        draws(m),
        State.chain((first) =>
          pipe(
            draws(n),
            State.map((second) => Float64Array.of(...first, ...second)),
          ),
        ),
      );
      return equal(drawn(numpyLegacy(seed))(twoSteps), drawn(numpyLegacy(seed))(draws(m + n)));
    },
};

export const uniformsFromWords: Law<Draws, number> = {
  statement: 'a uniform is the upper 27 bits of one word and the upper 26 of the next, times 2^-53',
  cases: seedNumber,
  holds: (draws) => (seed) => {
    const words = streamOf(seed, 0).generator.clone();
    const [a, b] = [BigInt(words.next() >>> 0), BigInt(words.next() >>> 0)];
    return drawn(streamOf(seed, 0))(draws(1))[0] === Number(((a >> 5n) << 26n) + (b >> 6n)) / 2 ** 53;
  },
};

/** Mean of f over draws, and whether it is within six standard deviations of what it should be. */
const meanIs =
  (expected: number, variance: number, f: (x: number) => number) =>
  (values: Reals): boolean =>
    Math.abs(values.reduce((sum, x) => sum + f(x), 0) / values.length - expected) <=
    6 * Math.sqrt(variance / values.length);

export const normalMoments: Law<Draws, number> = {
  statement: 'standard normals have the moments 0, 1, 0, 3',
  cases: seedNumber,
  holds: (draws) => (seed) => {
    const values = drawn(streamOf(seed, 0))(draws(10000));
    return [
      meanIs(0, 1, (x) => x),
      meanIs(1, 2, (x) => x ** 2),
      meanIs(0, 15, (x) => x ** 3),
      meanIs(3, 96, (x) => x ** 4),
    ].every((check) => check(values));
  },
  runs: 5,
};

export const integersAreEquallyLikely: Law<
  (bound: number) => Draws,
  { readonly seed: number; readonly bound: number }
> = {
  statement: 'integers below a bound are equally likely, also where the bound is no power of two',
  cases: fc.record({ seed: seedNumber, bound: fc.integer({ min: 1, max: 11 }) }),
  holds:
    (draws) =>
    ({ seed, bound }) => {
      const values = drawn(streamOf(seed, 0))(draws(bound)(5000));
      const p = 1 / bound;
      return Array.from({ length: bound }, (_, k) => k).every((k) =>
        meanIs(p, p * (1 - p), (x) => (x === k ? 1 : 0))(values),
      );
    },
};

export const ordersAreEquallyLikely: Law<(n: number) => Draw<readonly number[]>, number> = {
  statement: 'each of the six orders of three things is equally likely',
  cases: seedNumber,
  holds: (draw) => (seed) => {
    const orders = Array.from({ length: 3000 }, (_, index) => drawn(streamOf(seed, index))(draw(3)).join(''));
    return ['012', '021', '102', '120', '201', '210'].every((order) =>
      meanIs(1 / 6, 5 / 36, (x) => x)(Float64Array.from(orders, (other) => (other === order ? 1 : 0))),
    );
  },
  runs: 5,
};

export const permutationsPermute: Law<
  (n: number) => Draw<readonly number[]>,
  { readonly seed: number; readonly n: number }
> = {
  statement: 'a permutation of n holds each of 0 .. n-1 once',
  cases: fc.record({ seed: seedNumber, n: fc.integer({ min: 0, max: 40 }) }),
  holds:
    (draw) =>
    ({ seed, n }) => {
      const order = drawn(streamOf(seed, 0))(draw(n));
      return order.toSorted((a, b) => a - b).every((x, i) => x === i) && order.length === n;
    },
};

/** e^y as an integer times 2^-bits, by halving y and squaring the Taylor series back. */
const exponential = (y: bigint, bits: bigint): bigint => {
  const halvings = 12n;
  const small = y >> halvings;
  const series = (term: bigint, k: bigint): bigint =>
    term === 0n || term === -1n ? 0n : term + series((term * small) / (k << bits), k + 1n);
  return Array.from({ length: Number(halvings) }).reduce<bigint>((e) => (e * e) >> bits, series(1n << bits, 1n));
};

/** A float64 as an integer times 2^-bits, exactly where bits suffice. */
const fixed = (x: number, bits: bigint): bigint => {
  const exponent = Math.max(-1022, Math.floor(Math.log2(Math.abs(x) || 1)));
  const shift = bits - 60n + BigInt(exponent);
  const mantissa = BigInt((x / 2 ** exponent) * 2 ** 60);
  return shift >= 0n ? mantissa << shift : mantissa >> -shift;
};

/** Half the gap between a float64 and its neighbours. */
const halfUlp = (x: number): number => 2 ** (Math.floor(Math.log2(Math.abs(x))) - 53);

export const logarithmIsCorrectlyRounded: Law<(x: number) => number, number> = {
  statement: 'log x is rounded correctly: x lies between the exponentials of log x minus and plus half a last place',
  cases: fc
    .tuple(fc.double({ min: 1, max: 2, noNaN: true }), fc.integer({ min: -100, max: 100 }))
    .map(([m, e]) => m * 2 ** e),
  holds: (logarithm) => (x) => {
    if (x === 1) {
      return logarithm(x) === 0;
    }
    const bits = 400n;
    const y = logarithm(x);
    const [low, high] = [fixed(y, bits) - fixed(halfUlp(y), bits), fixed(y, bits) + fixed(halfUlp(y), bits)];
    return exponential(low, bits) <= fixed(x, bits) && fixed(x, bits) <= exponential(high, bits);
  },
  runs: 1000,
};

const word = fc.integer({ min: 0, max: 0xffffffff });

/** Philox undone round by round, in integers of any size: the multipliers are odd, so they have inverses mod 2^32. */
const unphilox =
  ([k0, k1]: Key) =>
  (block: Block): readonly bigint[] => {
    const mask = 0xffffffffn;
    const inverse = (m: bigint): bigint => [1, 2, 3, 4, 5].reduce((x) => (x * (2n - m * x)) & mask, m);
    const [m0, m1] = [0xd2511f53n, 0xcd9e8d57n];
    return Array.from({ length: 10 }, (_, i) => BigInt(9 - i)).reduce<readonly bigint[]>(
      ([x0 = 0n, x1 = 0n, x2 = 0n, x3 = 0n], round) => {
        const keys = [(BigInt(k0) + round * 0x9e3779b9n) & mask, (BigInt(k1) + round * 0xbb67ae85n) & mask];
        const c2 = (x1 * inverse(m1)) & mask;
        const c0 = (x3 * inverse(m0)) & mask;
        return [c0, x0 ^ ((m1 * c2) >> 32n) ^ (keys[0] ?? 0n), c2, x2 ^ ((m0 * c0) >> 32n) ^ (keys[1] ?? 0n)];
      },
      block.map(BigInt),
    );
  };

export const philoxIsABijection: Law<
  (key: Key) => (counter: Block) => Block,
  { readonly key: Key; readonly counter: Block }
> = {
  statement: 'Philox can be undone, so that no two counters share a block',
  cases: fc.record({ key: fc.tuple(word, word), counter: fc.tuple(word, word, word, word) }),
  holds:
    (philox) =>
    ({ key, counter }) =>
      unphilox(key)(philox(key)(counter)).every((x, i) => x === BigInt(counter[i] ?? -1)),
};

/** What a fresh stream is for. */
export type Address = readonly [seed: number, index: number, purpose: Purpose];

const address: fc.Arbitrary<Address> = fc.tuple(
  seedNumber,
  indexNumber,
  fc.constantFrom('samples', 'couplings', 'weights', 'shuffle'),
);

/** Two addresses that differ in their seed, index or purpose alone. */
const neighbours: fc.Arbitrary<readonly [Address, Address]> = fc
  .tuple(address, address, fc.constantFrom('seed', 'index', 'purpose'))
  .map(([[seed, index, purpose], other, change]) => [
    [seed, index, purpose],
    [
      change === 'seed' ? other[0] : seed,
      change === 'index' ? other[1] : index,
      change === 'purpose' ? other[2] : purpose,
    ],
  ]);

export const streamsDiffer: Law<(...address: Address) => Stream, readonly [Address, Address]> = {
  statement: 'streams of another seed, index or purpose are other streams',
  cases: fc.oneof(fc.tuple(address, address), neighbours).filter(([a, b]) => a.join() !== b.join()),
  holds:
    (stream) =>
    ([a, b]) =>
      stream(...a)
        .generator.getState()
        .join() !==
      stream(...b)
        .generator.getState()
        .join(),
  runs: 1000,
};
