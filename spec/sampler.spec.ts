/** Spin samplers: their laws, and the spins of the published data. */
import { pipe } from 'fp-ts/lib/function.js';
import * as State from 'fp-ts/lib/State.js';
import { describe, expect, it } from 'vitest';

import { sample } from '../src/lattice/sampler.ts';
import { spinAt, type SpinConfiguration } from '../src/lattice/spins.ts';
import { drawn, uniforms, uniformsBetween, unitVectors } from '../src/random/draw.ts';
import { numpyLegacy } from '../src/random/numpy-legacy.ts';
import { streamOf } from '../src/random/stream.ts';
import { verify } from './law.ts';
import * as laws from './laws/sampler.ts';
import vectors from './outside/published-data.json' with { type: 'json' };

/** The configuration of spins given one by one. */
const configuration = (
  size: number,
  spinOf: (site: number) => readonly [number, number, number],
): SpinConfiguration => {
  const spins = Array.from({ length: size * size }, (_, site) => spinOf(site));
  return { size, components: Float64Array.from([0, 1, 2].flatMap((k) => spins.map((spin) => spin[k] ?? 0))) };
};

const polar = (theta: number, phi: number): readonly [number, number, number] => [
  Math.sin(theta) * Math.cos(phi),
  Math.sin(theta) * Math.sin(phi),
  Math.cos(theta),
];

const inCube: laws.Sample = (size, seed, index) => {
  const u = drawn(streamOf(seed, index))(uniformsBetween(-1, 1)(3 * size * size));
  return configuration(size, (site) => {
    const [x = 0, y = 0, z = 0] = u.slice(3 * site, 3 * site + 3);
    const length = Math.hypot(x, y, z);
    return [x / length, y / length, z / length];
  });
};

/** Marsaglia's formula with uniform angle, but with a radius instead of its square uniform. */
const wrongDisc: laws.Sample = (size, seed, index) => {
  const u = drawn(streamOf(seed, index))(uniforms(2 * size * size));
  return configuration(size, (site) => {
    const [radius = 0, angle = 0] = u.slice(2 * site, 2 * site + 2);
    return polar(Math.acos(1 - 2 * radius * radius), 2 * Math.PI * angle);
  });
};

verify(laws.spinsAreUnitVectors, sample('sphere'), {
  'a cube is filled instead, and nothing normalized': (size, seed, index) => ({
    size,
    components: drawn(streamOf(seed, index))(uniformsBetween(-1, 1)(3 * size * size)),
  }),
  'components are interleaved, site by site': (size, seed, index) => {
    const spins = drawn(streamOf(seed, index))(unitVectors(size * size + 1));
    return { size, components: spins.slice(0, 3 * size * size) };
  },
});
verify(laws.spinsAreUnitVectors, sample('angles'), {
  'cosine and sine of theta are confused': (size, seed, index) => {
    const { components } = sample('angles')(size, seed, index);
    return { size, components: components.map((x, i) => (i < 2 * size * size ? x : Math.sqrt(1 - x * x))) };
  },
});

const ordinal = new Map<string, number>();

/** Spins that depend on how many were drawn before. */
const sequential: laws.Sample = (size, seed) => {
  const count = (ordinal.get('calls') ?? 0) + 1;
  ordinal.set('calls', count);
  return sample('sphere')(size, seed, count);
};

verify(laws.spinsDependOnSeedAndIndex, sample('sphere'), {
  'one generator serves all samples in turn': sequential,
  'the index is ignored': (size, seed) => sample('sphere')(size, seed, 0),
});
verify(laws.spinsDependOnSeedAndIndex, sample('angles'), {
  'the index is ignored': (size, seed) => sample('angles')(size, seed, 0),
});
verify(laws.spinsDependOnSeedAndIndex, sample('published'), {
  'the index is ignored': (size, seed) => sample('published')(size, seed, 0),
});

verify(laws.sphereIsUniform, sample('sphere'), {
  'theta is uniform instead of its cosine': sample('angles'),
  'the spins of the published curve': sample('published'),
  'points of a cube are normalized': inCube,
  'the radius in the disc is uniform instead of its square': wrongDisc,
});

verify(laws.anglesAreUniform, sample('angles'), {
  'the sphere is filled evenly': sample('sphere'),
  'the generator is seeded again before phi': (size, seed, index) =>
    sample('published')(size, seed % 2 ** 31, index % 2 ** 31),
  'phi covers half the circle': (size, seed, index) => {
    const { components } = sample('angles')(size, seed, index);
    return { size, components: components.map((x, i) => (i >= size * size && i < 2 * size * size ? Math.abs(x) : x)) };
  },
});

/** What the authors may have meant: the generator goes on from theta to phi. */
const notSeededAgain: laws.Sample = (size, seed, index) => {
  const angles = drawn(numpyLegacy(seed + index))(
    pipe(
      uniformsBetween(0, Math.PI)(size * size),
      State.bindTo('theta'),
      State.bind('phi', () => uniformsBetween(0, 2 * Math.PI)(size * size)),
    ),
  );
  return configuration(size, (site) => polar(angles.theta[site] ?? 0, angles.phi[site] ?? 0));
};

verify(laws.publishedSpinsLieOnOneCurve, sample('published'), {
  'the generator is not seeded again before phi': notSeededAgain,
  'phi = theta': (size, seed, index) => {
    const theta = drawn(numpyLegacy(seed + index))(uniformsBetween(0, Math.PI)(size * size));
    return configuration(size, (site) => polar(theta[site] ?? 0, theta[site] ?? 0));
  },
});

describe('the published sampler', () => {
  it.each(vectors.doubleExchangeAsPublished.samples)(
    'draws the published spins of seed $seed at N = $N',
    ({ N, seed, spin00, spin01 }) => {
      const spins = sample('published')(N, 100, seed - 100);
      // Sines and cosines may differ in the last bit between engines.
      [...spinAt(spins)(0), ...spinAt(spins)(1)].forEach((x, i) => {
        expect(Math.abs(x - ([...spin00, ...spin01][i] ?? NaN))).toBeLessThanOrEqual(1e-15);
      });
    },
  );
});
