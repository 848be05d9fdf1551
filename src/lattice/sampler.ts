/**
 * Samplers: the distributions of random spin configurations. Each spin is drawn alone, alike for every site.
 *
 * | sampler     | each spin                                                                                    |
 * |-------------|----------------------------------------------------------------------------------------------|
 * | `sphere`    | uniform on S^2, the only one of the three that is O(3)-invariant; our default                |
 * | `angles`    | theta uniform on [0, pi], phi uniform on [0, 2 pi], independent: the poles are too dense     |
 * | `published` | the authors' data: numpy is re-seeded before phi, so phi = 2 theta, one curve of the sphere  |
 *
 * with s = (sin theta cos phi, sin theta sin phi, cos theta).
 */
import { pipe } from 'fp-ts/lib/function.js';
import * as State from 'fp-ts/lib/State.js';

import { rowNamed } from '../number/callers-mistake.ts';
import type { Reals } from '../number/reals.ts';
import { drawn, uniformsBetween, unitVectors, type Draw } from '../random/draw.ts';
import { numpyLegacy } from '../random/numpy-legacy.ts';
import { streamOf } from '../random/stream.ts';
import type { SpinConfiguration } from './spins.ts';
import { siteCount } from './square-lattice.ts';
import { cos, sin } from '../number/elementary/trigonometric.kernel.ts';

/** The name of a sampler. */
export type Sampler = 'sphere' | 'angles' | 'published';

/**
 * The spin configuration that a sampler gives for an N x N lattice, from seed and index alone. For `published` the seed
 * is the base of numpy's legacy seeds (100 in the paper), which are seed + index.
 *
 * @throws RangeError for a size that is no whole number of at least 1, and for seeds and indices that are no whole numbers, or that
 * numpy does not take.
 *
 * @example
 * sample('published')(10, 100, 0).components[0] // -0.9541018341205011
 */
export const sample =
  (sampler: Sampler) =>
  (size: number, seed: number, index: number): SpinConfiguration => ({
    size,
    components: rowNamed('a sampler', rules)(sampler)(siteCount({ size }), seed, index),
  });

/** The components of `sites` spins, shape [3, sites]. */
type Rule = (sites: number, seed: number, index: number) => Reals;

const rules: Readonly<Record<Sampler, Rule>> = {
  sphere: (sites, seed, index) => drawn(streamOf(seed, index))(unitVectors(sites)),
  angles: (sites, seed, index) => drawn(streamOf(seed, index))(independentAngles(sites)),
  published: (sites, seed, index) => {
    const stream = numpyLegacy(seed + index);
    return vectors(drawn(stream)(polarAngles(sites)), drawn(stream)(azimuths(sites)));
  },
};

const polarAngles = uniformsBetween(0, Math.PI);
const azimuths = uniformsBetween(0, 2 * Math.PI);

const independentAngles = (sites: number): Draw<Reals> =>
  pipe(
    polarAngles(sites),
    State.bindTo('theta'),
    State.bind('phi', () => azimuths(sites)),
    State.map(({ theta, phi }) => vectors(theta, phi)),
  );

/** The spins of these angles at every site, shape [3, sites]. */
const vectors = (theta: Reals, phi: Reals): Reals =>
  Float64Array.from(axes.flatMap((axis) => Array.from(theta, (polar, site) => axis(polar, phi[site] ?? NaN))));

const axes: readonly ((theta: number, phi: number) => number)[] = [
  (theta, phi) => sin(theta) * cos(phi),
  (theta, phi) => sin(theta) * sin(phi),
  (theta) => cos(theta),
];
