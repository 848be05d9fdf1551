/**
 * Draws: random values taken from a stream. A draw is a state monad (fp-ts `State`): it maps a stream to a value and
 * the rest of the stream, and changes neither, so the same stream always gives the same value.
 *
 * The algorithms are those of numpy's legacy generator, so that on `numpyLegacy(seed)` they give numpy's numbers:
 *
 * | draw            | from 32-bit words a, b, ..                                                                 |
 * |-----------------|--------------------------------------------------------------------------------------------|
 * | uniforms        | ((a >> 5) 2^26 + (b >> 6)) / 2^53, in [0, 1)                                               |
 * | standardNormals | Marsaglia's polar method; of a pair (f x_1, f x_2) the second comes first, the first is kept |
 * | integersBelow   | the lowest bits of a, drawn again while they exceed the bound ("masked rejection")           |
 * | permutation     | Fisher and Yates' shuffle of 0 .. n-1, from the last place down                            |
 *
 * They need only arithmetic, square roots and a correctly rounded logarithm: their bits are the same on every engine.
 * `unitVectors` is not numpy's: Marsaglia 1972, without sines and cosines for the same reason.
 */
import type { Option } from 'fp-ts/lib/Option.js';
import type { State } from 'fp-ts/lib/State.js';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

import type { Reals } from '../number/reals.ts';
import * as kernel from './draw.kernel.ts';

/** A sequence of random 32-bit words, as a value: its generator can only be cloned, never advanced. */
export interface Stream {
  readonly generator: Pick<RandomGenerator, 'clone' | 'getState'>;
  /** The normal that the polar method made and has not returned. */
  readonly spareNormal: Option<number>;
}

/** A random A. Draws compose with fp-ts `State`: `State.chain`, `State.bind`, `State.map`. */
export type Draw<A> = State<Stream, A>;

/** The value of a draw, without the rest of the stream. */
export const drawn =
  (stream: Stream) =>
  <A>(draw: Draw<A>): A =>
    draw(stream)[0];

/** `count` numbers, each a multiple of 2^-53, uniform in [0, 1). */
export const uniforms = (count: number): Draw<Reals> => purely((generator) => kernel.uniforms(generator, count));

/** `count` numbers, uniform in [low, high). */
export const uniformsBetween =
  (low: number, high: number) =>
  (count: number): Draw<Reals> =>
    purely((generator) => kernel.uniforms(generator, count).map((u) => low + (high - low) * u));

/** `count` normal numbers of mean 0 and standard deviation 1. */
export const standardNormals =
  (count: number): Draw<Reals> =>
  ({ generator, spareNormal }) => {
    const advanced = generator.clone();
    const { values, spare } = kernel.standardNormals(advanced, spareNormal, count);
    return [values, { generator: advanced, spareNormal: spare }];
  };

/** `count` normal numbers of this mean and standard deviation. */
export const normals =
  (mean: number, deviation: number) =>
  (count: number): Draw<Reals> =>
  (stream) => {
    const [values, rest] = standardNormals(count)(stream);
    return [values.map((z) => mean + deviation * z), rest];
  };

/** `count` integers, uniform on 0 .. bound - 1; the bound is at most 2^32. */
export const integersBelow =
  (bound: number) =>
  (count: number): Draw<Reals> =>
    purely((generator) => kernel.integersBelow(generator, bound, count));

/** The numbers 0 .. n-1 in random order, each order equally likely. */
export const permutation = (n: number): Draw<readonly number[]> =>
  purely((generator) => kernel.permutation(generator, n));

/** `count` points, uniform on the unit sphere. Shape [3, count]: all x components, then y, then z. */
export const unitVectors = (count: number): Draw<Reals> => purely((generator) => kernel.unitVectors(generator, count));

/** A pure draw from an action that advances the generator it is given. */
const purely =
  <A>(action: (generator: RandomGenerator) => A): Draw<A> =>
  (stream) => {
    const generator = stream.generator.clone();
    return [action(generator), { ...stream, generator }];
  };
