/** Whether two files of labelled data hold the same samples, as far as they say. */
import { sameShape } from '../file/tensor.ts';
import type { LabelledFile } from './data-set-file.ts';
import type { DataSet } from './data-set.ts';
import { configurationsIn } from './images.ts';
import { customSystem } from './meta.ts';
import { endOf } from './shard.ts';

/** What of a file says which samples it holds. */
export type HeldSamples = Pick<LabelledFile, 'meta' | 'sampleShape' | 'energies' | 'sha256'>;

type Drawn = Pick<DataSet, 'meta' | 'sampleShape' | 'energies'>;

/** The data as efnn drew them, or null where others made them. */
const drawnIn = ({ meta, ...data }: HeldSamples): Drawn | null =>
  meta.system === customSystem ? null : { ...data, meta };

/** Whether the samples of one index are the same in both: their spins were drawn alike. */
const drawnAlike = (one: Drawn, other: Drawn): boolean =>
  one.meta.system === other.meta.system &&
  one.meta.sampler === other.meta.sampler &&
  one.meta.seed === other.meta.seed &&
  one.meta.version === other.meta.version &&
  sameShape(one.sampleShape, other.sampleShape);

const commonIndices = (one: Drawn, other: Drawn): number => {
  const [a, b] = [configurationsIn(one), configurationsIn(other)];
  return Math.max(0, Math.min(endOf(a), endOf(b)) - Math.max(a.first, b.first));
};

/**
 * How many samples two files have in common: all, where their contents are the same; those of the same seed and index, where efnn
 * drew both. The images of a configuration count once. Data that others made are compared as a whole alone.
 */
export const commonSamples = (one: HeldSamples, other: HeldSamples): number => {
  const [first, second] = [drawnIn(one), drawnIn(other)];
  if (first !== null && second !== null) {
    return drawnAlike(first, second) ? commonIndices(first, second) : 0;
  }
  return one.sha256 === other.sha256 ? one.energies.length : 0;
};
