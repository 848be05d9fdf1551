/** How a batch is cut into chunks of samples that are computed together. */
import { numbersPerVector } from './grid.ts';
import type { Correlations } from './setting.ts';

/** So many chunks of so many samples. */
export interface Cut {
  readonly samples: number;
  readonly chunks: number;
}

/** Numbers in a row of a chunk's fields: enough to fill vectors, few enough to keep all fields in cache. */
const rowNumbers = 120;

/** Rows may be this long where they then are whole tiles of vectors. */
const longestRow = 160;

/**
 * Samples of a dense network that share one reading of the weights: its rows are one site, so 128 numbers or 32 whole
 * vectors, about as long as the rows of a lattice.
 */
const denseSamples = 128;

const greatestCommonDivisor = (a: number, b: number): number => (b === 0 ? a : greatestCommonDivisor(b, a % b));

/** The numbers of a tile of three vectors, of a vector, of nothing in particular: rows of whole ones waste nothing. */
const units = [12, 4, 1];

/** Samples whose rows are whole units of the largest kind that fits. */
const directSamples = (latticeSize: number): number => {
  if (latticeSize === 1) {
    return denseSamples;
  }
  const steps = units.map((unit) => unit / greatestCommonDivisor(latticeSize, unit));
  const step = steps.find((samples) => samples * latticeSize <= longestRow) ?? 1;
  return step * Math.max(1, Math.floor(rowNumbers / (step * latticeSize)));
};

/**
 * Numbers of a plane where correlations are products of spectra: 3 kB, as measured, so that a few planes, their spectra and a
 * kernel's stay in the first cache.
 */
const planeNumbers = 800;

/** Whole vectors of samples, which spectra have one for each slot: at least one, and few where planes are small. */
const spectralSamples = (latticeSize: number): number => {
  const vectors = Math.round(planeNumbers / (numbersPerVector * latticeSize * latticeSize));
  return numbersPerVector * Math.min(Math.max(vectors, 1), mostVectors);
};

/** Vectors in a slot: as many samples as a batch of forces has, so that it is cut for two threads at least. */
const mostVectors = 5;

/** How a chunk's samples are counted, where correlations are computed tap by tap, or as products of spectra. */
const samplesFor: Readonly<
  Record<Correlations, { readonly most: (latticeSize: number) => number; readonly unit: number }>
> = {
  direct: { most: directSamples, unit: 1 },
  spectral: { most: spectralSamples, unit: numbersPerVector },
};

/** Chunks of one size, and one of the rest, if there is any. */
export const cutsOf = (latticeSize: number, batch: number, correlations: Correlations): readonly Cut[] => {
  const { most, unit } = samplesFor[correlations];
  const even = batch / Math.ceil(batch / most(latticeSize));
  const samples = Math.min(batch, unit * Math.ceil(even / unit));
  const chunks = Math.floor(batch / samples);
  const rest = batch - chunks * samples;
  return [{ samples, chunks }, ...(rest > 0 ? [{ samples: rest, chunks: 1 }] : [])];
};
