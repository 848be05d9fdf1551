/**
 * The images of lattice samples under C4v, the symmetries of the square that their energies have: with configuration c come eight
 * rows, row 8 c + k the image under element k of `pointGroup`, the first of them c itself. Energies stay, spins and
 * forces are carried along. Images are made of each row alone, so that they commute with cutting and joining.
 */
import { pipe } from 'fp-ts/lib/function.js';
import * as O from 'fp-ts/lib/Option.js';

import { joinedReals } from '../file/joined.kernel.ts';
import { countOf } from '../file/tensor.ts';
import { pointGroupImages } from '../lattice/symmetry.ts';
import type { Reals } from '../number/reals.ts';
import { sampleCount, type DataSet } from './data-set.ts';
import type { Meta } from './meta.ts';
import type { Range } from './shard.ts';
import { sizeOf } from './spin-kind.ts';

/** The order of C4v. */
export const imageCount = 8;

/** How many rows a file has for each configuration. */
export const rowsPerConfiguration = ({ images }: Pick<Meta, 'images'>): number => (images === 'C4v' ? imageCount : 1);

/** The configurations that a data set holds. */
export const configurationsIn = ({ meta, energies }: Pick<DataSet, 'meta' | 'energies'>): Range => {
  const perConfiguration = rowsPerConfiguration(meta);
  return { first: meta.firstIndex / perConfiguration, count: energies.length / perConfiguration };
};

/** The data set with all images of its rows, which must be [3, N, N] and have none yet. */
export const withPointGroupImages = (data: DataSet): DataSet => {
  const size = countOf(data.sampleShape);
  const images = pointGroupImages({ size: sizeOf(data.sampleShape) });
  const imagesOf = (fields: Reals): Reals =>
    joinedReals(Array.from(data.energies, (_, b) => fields.slice(b * size, (b + 1) * size)).flatMap(images));
  return {
    ...data,
    meta: { ...data.meta, images: 'C4v', firstIndex: imageCount * data.meta.firstIndex },
    spins: imagesOf(data.spins),
    energies: Float64Array.from(
      { length: imageCount * sampleCount(data) },
      (_, row) => data.energies[Math.floor(row / imageCount)] ?? NaN,
    ),
    forces: pipe(data.forces, O.map(imagesOf)),
  };
};
