/** What the spins of a sample are, and the shape in which they are stored. */
import { countOf, showShape } from '../file/tensor.ts';

/** `vectors`: unit vectors on the periodic N x N lattice, [3, N, N]. `scalars`: numbers on L sites, [L]. */
export const spinKinds = ['vectors', 'scalars'] as const;

/** One of them. */
export type SpinKind = (typeof spinKinds)[number];

interface SpinLayout {
  /** The shape of a batch, for messages: `[B, 3, N, N]`. */
  readonly batch: string;
  /** The shape of one sample of size N or L. */
  readonly shapeOf: (size: number) => readonly number[];
}

const layouts: Readonly<Record<SpinKind, SpinLayout>> = {
  vectors: { batch: '[B, 3, N, N]', shapeOf: (size) => [3, size, size] },
  scalars: { batch: '[B, L]', shapeOf: (size) => [size] },
};

/**
 * The shape of a batch of such spins, for messages.
 *
 * @example
 * batchShape('vectors') // '[B, 3, N, N]'
 */
export const batchShape = (kind: SpinKind): string => layouts[kind].batch;

/**
 * The shape of one sample: [3, N, N] or [L].
 *
 * @example
 * sampleShapeOf('vectors', 4) // [3, 4, 4]
 */
export const sampleShapeOf = (kind: SpinKind, size: number): readonly number[] => layouts[kind].shapeOf(size);

/**
 * N of the lattice, or L.
 *
 * @example
 * sizeOf([3, 4, 4]) // 4
 */
export const sizeOf = (sampleShape: readonly number[]): number => sampleShape.at(-1) ?? 0;

/** Whether samples of this shape hold such spins. */
export const holdsSpins =
  (kind: SpinKind) =>
  (sampleShape: readonly number[]): boolean =>
    showShape(sampleShape) === showShape(sampleShapeOf(kind, sizeOf(sampleShape)));

/** What samples of this shape hold: one-dimensional ones scalars, others vectors. */
export const spinKindOf = (sampleShape: readonly number[]): SpinKind =>
  sampleShape.length === 1 ? 'scalars' : 'vectors';

/**
 * How many sites a sample of this shape has: L or N^2.
 *
 * @example
 * siteCountOf([3, 4, 4]) // 16
 */
export const siteCountOf = (sampleShape: readonly number[]): number =>
  countOf(spinKindOf(sampleShape) === 'scalars' ? sampleShape : sampleShape.slice(1));

/**
 * What to do with an array of spins of a wrong shape. Components that come last are moved: to reshape such an array would
 * mix the components of different sites.
 *
 * @example
 * shapeAdvice([20, 4, 4, 3]) // 'transpose them, in numpy `np.moveaxis(spins, -1, 1)`, and save them anew'
 */
export const shapeAdvice = (shape: readonly number[]): string =>
  (shape.length === 3 || shape.length === 4) && shape.at(-1) === 3
    ? `transpose them, in numpy \`np.moveaxis(spins, -1, ${shape.length - 3})\`, and save them anew`
    : 'write them so';

/**
 * What to do with a batch of spins of a wrong shape: as `shapeAdvice`, and where the sites stand on one axis, [B, N^2, 3] or
 * [B, 3, N^2], how they become rows of a lattice.
 *
 * @example
 * batchAdvice([20, 16, 3]) // 'if the sites are those of a lattice, row by row, save `np.moveaxis(spins.reshape(-1, 4, 4, 3), -1, 1)`'
 *
 * @example
 * batchAdvice([20, 5, 3]) // 'write them so'
 */
export const batchAdvice = (shape: readonly number[]): string => {
  if (shape.length !== 3) {
    return shapeAdvice(shape);
  }
  const [, first = 0, last = 0] = shape;
  const lattice = 'if the sites are those of a lattice, row by row, save';
  const [size, otherSize] = [Math.sqrt(first), Math.sqrt(last)];
  if (last === 3 && Number.isInteger(size)) {
    return `${lattice} \`np.moveaxis(spins.reshape(-1, ${size}, ${size}, 3), -1, 1)\``;
  }
  return first === 3 && Number.isInteger(otherSize)
    ? `${lattice} \`spins.reshape(-1, 3, ${otherSize}, ${otherSize})\``
    : 'write them so';
};
