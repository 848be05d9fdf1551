/**
 * What the published data and code imply: properties of the authors' samples that a reader of the figures should know. What their
 * generators draw is recomputed; what their scripts and their table say is arithmetic on numbers that are published there: their
 * files of double exchange data are not public, and nothing is timed again.
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';

import { publishedDraws, publishedSamples, publishedTrainingSamples } from '../dataset/published.ts';
import { publishedBaseSeed } from '../dataset/systems/lattice-samplers.ts';
import { publishedSites } from '../dataset/three-spin.ts';
import { parameterCount, tiles } from '../hamiltonian/effective-model.ts';
import { sample } from '../lattice/sampler.ts';
import { once } from '../number/memoize.ts';

/** The findings in numbers. */
export interface PaperAudit {
  /** The largest distance of a published spin from the curve phi = 2 theta. */
  readonly offCurve: number;
  /** Of how many spins. */
  readonly spins: number;
  /** The fraction of the binary test samples that occur among the training samples. */
  readonly repeated: number;
  /** The fraction of the N = 10 test seeds that are training seeds, by the authors' scripts. */
  readonly sharedSeeds: number;
  /** The most samples that Eq. (3) can have been fitted to by the authors' scripts, for each of its parameters, which are counted. */
  readonly samplesPerParameter: number;
  /** How much longer the EFNN took at N = 20 than at N = 40, which has four times its sites, by the authors' table. */
  readonly timeAgainstSize: number;
}

/** What the authors' scripts and their table say, copied from there. */
const published = {
  /** Samples of the larger of the two files that their scripts name, of which four fifths train. */
  samples: 200_000,
  trainingShare: 4 / 5,
  /** Test samples of each size; sample b of either set is drawn with the seed 100 + b. */
  testSamples: 40_000,
  /** Seconds of a forward pass of the EFNN by N: means of 17 calls without a warm-up. */
  forwardSeconds: { 20: 1.62e-2, 40: 7.59e-3 },
};

const trainingSamples = published.samples * published.trainingShare;

const configurations = 20;

/** How far a spin lies from r (cos 2 theta, sin 2 theta), where z = cos theta and r = sin theta. */
const distanceFromCurve = (x: number, y: number, z: number): number => {
  const r = Math.sqrt(Math.max(0, 1 - z * z));
  return Math.max(Math.abs(x - r * (2 * z * z - 1)), Math.abs(y - 2 * r * r * z));
};

const offCurve = (): number =>
  Math.max(
    ...Array.from({ length: configurations }, (_, index) => {
      const { size, components } = sample('published')(10, publishedBaseSeed, index);
      const sites = size * size;
      return Math.max(
        ...Array.from({ length: sites }, (__, site) =>
          distanceFromCurve(
            components[site] ?? NaN,
            components[sites + site] ?? NaN,
            components[2 * sites + site] ?? NaN,
          ),
        ),
      );
    }),
  );

const repeated = (): number => {
  const { spins } = publishedDraws('three-spin-binary');
  const names = Array.from({ length: publishedSamples }, (_, i) =>
    spins.subarray(i * publishedSites, (i + 1) * publishedSites).join(),
  );
  const seen = new Set(names.slice(0, publishedTrainingSamples));
  const tests = names.slice(publishedTrainingSamples);
  return tests.filter((name) => seen.has(name)).length / tests.length;
};

/** Both sets begin at one seed, so that the smaller lies in the larger. */
const sharedSeeds = (): number => Math.min(trainingSamples, published.testSamples) / published.testSamples;

const parameters = (): number =>
  pipe(
    tiles(5)({ size: 10 }),
    E.map(parameterCount),
    E.getOrElse(() => NaN),
  );

/** The findings, computed once. */
export const paperAudit = once((): PaperAudit => ({
  offCurve: offCurve(),
  spins: 100 * configurations,
  repeated: repeated(),
  sharedSeeds: sharedSeeds(),
  samplesPerParameter: trainingSamples / parameters(),
  timeAgainstSize: published.forwardSeconds[20] / published.forwardSeconds[40],
}));
