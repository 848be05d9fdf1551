/** Data sets: how they are made, cut and joined, and the authors' own. */
import { createHash } from 'node:crypto';

import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as O from 'fp-ts/lib/Option.js';
import * as RNEA from 'fp-ts/lib/ReadonlyNonEmptyArray.js';
import { describe, expect, it } from 'vitest';

import { npzBytes } from '../src/dataset/data-set-file.ts';
import { checked, concatenated, rows, sampleCount, split, type DataSet } from '../src/dataset/data-set.ts';
import { hamiltonianDifference } from '../src/dataset/hamiltonian-difference.ts';
import { legacySeed, publishedDraws, publishedSamples, publishedTrainingSamples } from '../src/dataset/published.ts';
import { recipeOf, type Recipe, type RecipeOrder } from '../src/dataset/recipe.ts';
import { shard, type Range } from '../src/dataset/shard.ts';
import { drawnFrom, generate, sourceOf, type Source } from '../src/dataset/source.ts';
import { freshCouplings } from '../src/dataset/three-spin.ts';
import { dataError } from '../src/file/data-error.ts';
import { joinedReals } from '../src/file/joined.kernel.ts';
import type { Reals } from '../src/number/reals.ts';
import { drawn, normals, permutation } from '../src/random/draw.ts';
import { numpyLegacy } from '../src/random/numpy-legacy.ts';
import { streamOf } from '../src/random/stream.ts';
import { verify } from './law.ts';
import * as laws from './laws/dataset.ts';
import { hamiltoniansAreToldApart } from './laws/hamiltonian-difference.ts';
import { messageOf, right } from './right.ts';
import { npzOf } from './written.ts';
import vectors from './outside/published-data.json' with { type: 'json' };

/** Joins without looking: what `concatenated` would do if it trusted its caller. */
const joinedBlindly: laws.Join = ([first, ...others]) => {
  const all = [first, ...others];
  return E.right({
    ...first,
    spins: joinedReals(all.map(({ spins }) => spins)),
    energies: joinedReals(all.map(({ energies }) => energies)),
    forces: O.map(joinedReals)(O.sequenceArray(all.map(({ forces }) => forces))),
  });
};

verify(
  laws.shardsMakeTheWhole,
  { generate: drawnFrom, join: concatenated },
  {
    'samples are counted from the start of the piece': {
      generate:
        (source) =>
        ({ first, count }) =>
          pipe(
            drawnFrom(source)({ first: 0, count }),
            E.map((data) => ({ ...data, meta: { ...data.meta, firstIndex: first } })),
          ),
      join: concatenated,
    },
    'forces of later pieces are lost': {
      generate: drawnFrom,
      join: (pieces) =>
        pipe(
          concatenated(pieces),
          E.map((data) => ({ ...data, forces: O.none })),
        ),
    },
    'pieces are joined from the last to the first': {
      generate: drawnFrom,
      join: ([first, ...others]) =>
        pipe(
          joinedBlindly([others.at(-1) ?? first, ...others.slice(0, -1), first]),
          E.map((data) => ({ ...data, meta: first.meta })),
        ),
    },
  },
);

/** The file of some samples, changed before it is written. */
const changedFile =
  (change: (data: DataSet) => DataSet['couplings']) =>
  (recipe: Recipe, range: Range): Uint8Array => {
    const data = right(generate(recipe)(range));
    return npzOf({ ...data, couplings: change(data) });
  };

verify(
  laws.energiesFollowFromTheFile,
  changedFile(({ couplings }) => couplings),
  {
    'couplings are not written': changedFile(() => O.none),
    'couplings of another seed': changedFile(({ sampleShape, meta }) =>
      O.some(freshCouplings(sampleShape[0] ?? 0, meta.seed + 1)),
    ),
    'couplings from the last triple to the first': changedFile(({ couplings }) =>
      O.map((known: Reals) => Float64Array.from(known).reverse())(couplings),
    ),
  },
);

verify(laws.joinRefusesStrangers, concatenated, {
  'nothing is joined': () => E.left(dataError('expected other pieces, got these')),
  'nothing is compared': joinedBlindly,
  'couplings are not compared': (pieces) =>
    pipe(
      pieces,
      RNEA.map((piece) => ({ ...piece, couplings: O.none })),
      concatenated,
    ),
  'only the seed is compared': (pieces) =>
    pieces.every(({ meta }) => meta.seed === pieces[0].meta.seed) ? joinedBlindly(pieces) : concatenated(pieces),
});

verify(laws.arraysFitTogether, checked, {
  'nothing is checked': E.right,
  'no samples are a data set': (data) => (sampleCount(data) === 0 ? E.right(data) : checked(data)),
  'forces are not looked at': (data) =>
    pipe(
      checked({ ...data, forces: O.none }),
      E.map(() => data),
    ),
  'energies are not looked at': (data) =>
    pipe(
      checked({ ...data, energies: data.energies.map((energy) => energy || 0) }),
      E.map(() => data),
    ),
});

verify(laws.lengthsAreForeseen, npzBytes, {
  'forces are forgotten': (recipe, samples) => npzBytes({ ...recipe, forces: false }, 20 * samples),
  'one configuration for all': (recipe) => npzBytes(recipe, 1) - 4000,
  'twice the numbers': (recipe, samples) => npzBytes(recipe, 200 * samples),
});

verify(laws.sourcesEnd, drawnFrom, {
  'the last is left out': (source) => drawnFrom({ ...source, available: source.available - 1 }),
  'there is no end': (source) => drawnFrom({ ...source, available: Infinity }),
  'from the end backwards': (source) => (range) => drawnFrom(source)({ ...range, first: Math.abs(range.first) }),
  'nothing is asked for, nothing comes': (source) => (range) =>
    drawnFrom(source)({ ...range, count: Math.max(1, range.count) }),
});

verify(
  laws.splitCutsOnce,
  { split, join: concatenated },
  {
    'the first test sample is left out': {
      split: (n) => (data) => ({ train: rows(0, n)(data), test: rows(n + 1, sampleCount(data))(data) }),
      join: joinedBlindly,
    },
    'the last training sample is tested, too': {
      split: (n) => (data) => ({ train: rows(0, n)(data), test: rows(n - 1, sampleCount(data))(data) }),
      join: joinedBlindly,
    },
    'energies are cut, spins are not': {
      split: (n) => (data) => ({
        train: { ...rows(0, n)(data), spins: data.spins },
        test: rows(n, sampleCount(data))(data),
      }),
      join: concatenated,
    },
  },
);

verify(laws.shardsDivide, shard, {
  'every shard but the last has ceil(total / n) samples': (total, i, n) => {
    const most = Math.ceil(total / n);
    return E.right({ first: (i - 1) * most, count: Math.min(most, total - (i - 1) * most) });
  },
  'the last shard takes the remainder': (total, i, n) => {
    const least = Math.floor(total / n);
    return E.right({ first: (i - 1) * least, count: i === n ? total - (n - 1) * least : least });
  },
  'total i / n is rounded as a product': (total, i, n) => {
    const start = (k: number): number => Math.floor((total * k) / n);
    return E.right({ first: start(i - 1), count: start(i) - start(i - 1) });
  },
});

/** A source as it is, but for how it makes its samples. */
const withSamples =
  (change: (recipe: Recipe, sample: Source['sample']) => Source['sample']): typeof sourceOf =>
  (recipe) =>
    pipe(
      sourceOf(recipe),
      E.map((source): Source => ({ ...source, sample: change(recipe, source.sample) })),
    );

const energiesAt =
  (size: number): laws.EnergiesOf =>
  (sampler, count) => {
    const recipe = right(recipeOf({ system: 'double-exchange', size, sampler, seed: 100, method: 'poles' }));
    return [...right(generate(recipe)({ first: 0, count })).energies];
  };

verify(laws.energiesVaryByTwoPercent, energiesAt(10), {
  'of a quarter of the sites': energiesAt(5),
  'every spin is drawn the same way': (_, count) => energiesAt(10)('sphere', count),
  'about their mean': (sampler, count) => {
    const energies = energiesAt(10)(sampler, count);
    return energies.map((energy) => energy - (energies[0] ?? NaN));
  },
});

verify(laws.samplesFollowTheFormula, sourceOf, {
  'the sign of the energy is lost': withSamples(
    (_, sample) => (index) =>
      pipe(
        sample(index),
        E.map((one) => ({ ...one, energy: -one.energy })),
      ),
  ),
  'binary spins are -1 and 1': withSamples(
    (_, sample) => (index) =>
      pipe(
        sample(index),
        E.map((one) => ({ ...one, spins: one.spins.map((s) => 2 * s - 1) })),
      ),
  ),
});

verify(laws.spinsFollowSeedAndIndex, sourceOf, {
  'seed and index are exchanged': withSamples(
    (recipe) => (index) =>
      pipe(
        sourceOf({ ...recipe, seed: index }),
        E.chain((other) => other.sample(recipe.seed)),
      ),
  ),
  'the index counts from 1': withSamples((_, sample) => (index) => sample(index + 1)),
});

verify(laws.legacySeedsAreNumpys, legacySeed(17), {
  'seeds count from 1': (seed) =>
    seed === 0 ? E.left(dataError('expected one above 0, got 0')) : legacySeed(17)(seed),
  'the largest is left out': (seed) => legacySeed(17)(seed === 2 ** 32 - 1 ? -1 : seed),
  'fractions are cut': (seed) => legacySeed(17)(Math.floor(seed)),
});

verify(laws.couplingsBelongToTheSeed, freshCouplings, {
  'the seed is ignored': (sites) => freshCouplings(sites, 0),
  'ordered triples are counted': (sites, seed) =>
    drawn(streamOf(seed, 0, 'couplings'))(normals(1, 2)(sites * (sites - 1) * (sites - 2))),
});

const sha256 = (values: Reals): string =>
  createHash('sha256')
    .update(new Uint8Array(Float64Array.from(values).buffer))
    .digest('hex');

const mean = (values: Reals): number => values.reduce((sum, x) => sum + x, 0) / values.length;

const deviation = (values: Reals): number => {
  const centre = mean(values);
  return Math.sqrt(mean(values.map((x) => (x - centre) ** 2)));
};

const published = (system: 'three-spin-binary' | 'three-spin-continuous'): DataSet =>
  right(generate(right(recipeOf({ system, sampler: 'published' })))({ first: 0, count: publishedSamples }));

/** Sums of 455 products of order 1, in another order than numpy's: 455 rounding errors of a total of order 100. */
const rounding = 455 * 100 * Number.EPSILON;

describe("the authors' binary data", () => {
  const data = published('three-spin-binary');
  const { train } = split(publishedTrainingSamples)(data);

  it('have their spins and couplings, bit for bit', () => {
    const { couplings } = publishedDraws('three-spin-binary');
    const order = drawn(numpyLegacy(17))(permutation(455));
    const inTheirOrder = Float64Array.from(order, (triple) => couplings[triple] ?? NaN);
    expect([...inTheirOrder.slice(0, 5)]).toEqual(vectors.discrete.couplings);
    expect(sha256(inTheirOrder)).toBe(vectors.discrete.couplingsSha256LittleEndianFloat64);
    expect([...data.spins.slice(0, 15)]).toEqual(vectors.discrete.spinsRow0);
    expect([...data.spins.slice(-15)]).toEqual(vectors.discrete.spinsRow19999);
  });

  it('have their energies', () => {
    const first = vectors.discrete.energyRows0to2;
    first.forEach((energy, i) => expect(Math.abs((data.energies[i] ?? NaN) - energy)).toBeLessThan(rounding));
    expect(Math.abs((data.energies[19999] ?? NaN) - vectors.discrete.energyRow19999)).toBeLessThan(rounding);
    expect(mean(train.energies)).toBeCloseTo(vectors.discrete.energyMeanTrain, 9);
    expect(deviation(data.energies)).toBeCloseTo(vectors.discrete.energyStdAll, 9);
  });

  it('repeat: about 39 percent of the test set also occurs in the training set', () => {
    const { test } = split(publishedTrainingSamples)(data);
    const key = (set: DataSet, b: number): string => set.spins.slice(15 * b, 15 * b + 15).join('');
    const known = new Set(Array.from(train.energies, (_, b) => key(train, b)));
    const repeated = Array.from(test.energies, (_, b) => known.has(key(test, b))).filter(Boolean).length;
    // 1 - (1 - 2^-15)^16000 = 0.386 of 4000, with a standard deviation of 0.008.
    expect(Math.abs(repeated / 4000 - 0.386)).toBeLessThan(0.03);
  });
});

describe("the authors' continuous data", () => {
  const data = published('three-spin-continuous');
  const { train, test } = split(publishedTrainingSamples)(data);

  it('have their spins and couplings, bit for bit', () => {
    expect(sha256(publishedDraws('three-spin-continuous').couplings)).toBe(
      vectors.continuous.couplingsSha256LittleEndianFloat64,
    );
    expect(sha256(data.spins)).toBe(vectors.continuous.spinsSha256LittleEndianFloat64);
    expect([...data.spins.slice(0, 15)]).toEqual(vectors.continuous.spinsRow0);
    expect([...data.spins.slice(-15)]).toEqual(vectors.continuous.spinsRow19999);
  });

  it('have their energies, bit for bit', () => {
    // Of the file that the authors publish, whose spins are these.
    expect(sha256(data.energies)).toBe('61bacf89356ff8cf7480c617cae5b663e8ff72c20725831fded6233b36ccd717');
    const first = vectors.continuous.energyRows0to2;
    first.forEach((energy, i) => expect(Math.abs((data.energies[i] ?? NaN) - energy)).toBeLessThan(rounding));
    expect(Math.abs((data.energies[19999] ?? NaN) - vectors.continuous.energyRow19999)).toBeLessThan(rounding);
    expect(mean(train.energies)).toBeCloseTo(vectors.continuous.energyMeanTrain, 9);
    expect(deviation(test.energies)).toBeCloseTo(vectors.continuous.energyStdTest, 9);
  });
});

describe("the authors' double exchange data", () => {
  it('have their energies', () => {
    const recipe = right(
      sourceOf(right(recipeOf({ system: 'double-exchange', sampler: 'published', size: 4, seed: 100 }))),
    );
    const expected = vectors.doubleExchangeAsPublished.samples.find(({ N, seed }) => N === 4 && seed === 100)?.energy;
    expect(Math.abs(right(recipe.sample(0)).energy - (expected ?? NaN))).toBeLessThan(1e-9);
  });
});

describe('impossible data', () => {
  const binary = right(sourceOf(right(recipeOf({ system: 'three-spin-binary', sampler: 'published' }))));
  const ordered = (order: Partial<RecipeOrder>) =>
    pipe(recipeOf({ system: 'double-exchange', size: 4, ...order }), E.chainW(sourceOf));

  it.each([
    ['no samples', drawnFrom(binary)({ first: 0, count: 0 }), 'at least 1 sample'],
    ['a fraction of a sample', drawnFrom(binary)({ first: 0, count: 1.5 }), 'at least 1 sample'],
    ['more samples than the authors have', drawnFrom(binary)({ first: 19999, count: 2 }), '0 to 19999'],
    [
      'a seed that numpy refuses',
      ordered({ system: 'three-spin-binary', sampler: 'published', size: 15, seed: -1 }),
      '2^32 - 1',
    ],
    ['two sites', ordered({ system: 'three-spin-binary', size: 2 }), 'from 3'],
    ['a 2 x 2 lattice', ordered({ size: 2 }), 'from 3'],
    ['no temperature', ordered({ parameters: { T: 0 } }), 'T > 0'],
    ['an infinite coupling', ordered({ parameters: { J: Infinity } }), 'finite'],
    ['a stray parameter', ordered({ system: 'three-spin-binary', parameters: { J: 1 } }), 'no J'],
    ['a seed beyond the published ones', ordered({ sampler: 'published', seed: 2 ** 32 }), '2^32 - 1'],
    [
      'a sampler that is not in the table',
      sourceOf({ ...right(recipeOf({ system: 'heisenberg' })), sampler: 'cold' }),
      'not made by efnn',
    ],
    [
      'scalars on a lattice',
      sourceOf({ ...right(recipeOf({ system: 'heisenberg' })), sampleShape: [9] }),
      'expected spins [B, 3, N, N], got samples of [9]',
    ],
    [
      'a method that the system has not',
      sourceOf({ ...right(recipeOf({ system: 'heisenberg' })), method: 'poles' }),
      "expected energies by formula, got 'poles'",
    ],
    [
      'a parameter that is not there',
      sourceOf({ ...right(recipeOf({ system: 'double-exchange' })), parameters: { t: 1, J: 16, T: 0.1 } }),
      'got mu = undefined',
    ],
    [
      'an energy beyond float64',
      pipe(
        ordered({ system: 'heisenberg', parameters: { J: 1e308 } }),
        E.chainW((source) => source.sample(0)),
      ),
      'sample 0: expected finite energies',
    ],
    ['shard 0', shard(10, 0, 2), 'count shards from 1'],
    ['shard 3 of 2', shard(10, 3, 2), 'count shards from 1'],
    ['more shards than samples', shard(2, 1, 3), 'at most 2 shards'],
  ])('%s is refused with a reason', (_, result, reason) => {
    expect(messageOf(result)).toContain(reason);
  });

  it('is told from possible data', () => {
    const data = right(drawnFrom(binary)({ first: 0, count: 3 }));
    expect(checked(data)).toEqual(E.right(data));
    expect(messageOf(checked({ ...data, energies: data.energies.slice(0, 2) }))).toContain('[2, 15]');
    expect(messageOf(checked({ ...data, energies: Float64Array.of(1, NaN, 2) }))).toContain('finite energies');
    expect(messageOf(checked({ ...data, forces: O.some(Float64Array.of(1)) }))).toContain('forces of shape [3, 15]');
    expect(messageOf(checked({ ...data, sampleShape: [3, 5] }))).toContain('[B, L]');
    const many = (couplings: Reals) => messageOf(checked({ ...data, couplings: O.some(couplings) }));
    expect(many(new Float64Array(454))).toContain('couplings of shape [455] for three-spin-binary of size 15');
    expect(many(new Float64Array(455).fill(NaN, 7))).toContain('finite couplings, got NaN at entry 7');
    const lattice = right(generate(right(recipeOf({ system: 'heisenberg', size: 3 })))({ first: 0, count: 1 }));
    expect(messageOf(checked({ ...lattice, couplings: data.couplings }))).toContain('no couplings beside samples of');
  });
});

verify(hamiltoniansAreToldApart, hamiltonianDifference, {
  'random couplings are forgotten': (one, other) =>
    one.system === 'three-spin-binary' && other.system === one.system ? null : hamiltonianDifference(one, other),
  'the seed tells Hamiltonians without couplings apart': (one, other) =>
    'seed' in one && 'seed' in other && one.seed !== other.seed ? 'seed' : hamiltonianDifference(one, other),
  'the accuracy of energies is a constant': (one, other) =>
    one.parameters['tolerance'] === other.parameters['tolerance'] ? hamiltonianDifference(one, other) : 'tolerance',
  'what one leaves open differs': (one, other) =>
    Object.keys(one.parameters).length === Object.keys(other.parameters).length
      ? hamiltonianDifference(one, other)
      : 'parameters',
  'parameters are not compared': (one, other) =>
    hamiltonianDifference({ ...one, parameters: {} }, { ...other, parameters: {} }),
  'systems are not compared': (one, other) =>
    hamiltonianDifference(one, 'seed' in one && 'seed' in other ? { ...other, system: one.system } : other),
});
