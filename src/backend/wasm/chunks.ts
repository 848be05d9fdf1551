/** How a batch is cut into chunks of samples that are computed together. */

/** So many chunks of so many samples. */
export interface Cut {
  readonly samples: number;
  readonly chunks: number;
}

/** Numbers in a row of a chunk's fields: enough to fill vectors, few enough to keep all fields in cache. */
const rowNumbers = 120;

/** Samples of a dense network that share one reading of the weights. */
const denseSamples = 128;

const mostSamples = (latticeSize: number): number =>
  latticeSize === 1 ? denseSamples : Math.max(1, Math.floor(rowNumbers / latticeSize));

/** Chunks of one size, and one of the rest, if there is any. */
export const cutsOf = (latticeSize: number, batch: number): readonly Cut[] => {
  const samples = Math.ceil(batch / Math.ceil(batch / mostSamples(latticeSize)));
  const chunks = Math.floor(batch / samples);
  const rest = batch - chunks * samples;
  return [{ samples, chunks }, ...(rest > 0 ? [{ samples: rest, chunks: 1 }] : [])];
};
