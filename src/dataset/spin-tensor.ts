/** Spins from outside, one configuration or many in one array, checked before anything is computed of them. */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';

import { dataError, type DataError } from '../file/data-error.ts';
import { finite } from '../file/finite.ts';
import { countOf, showShape, type Tensor } from '../file/tensor.ts';
import { unitSpins } from '../lattice/spins.ts';
import { callersMistake } from '../number/callers-mistake.ts';
import type { Reals } from '../number/reals.ts';
import { batchShape, holdsSpins, sampleShapeOf, shapeAdvice, sizeOf, spinKindOf, type SpinKind } from './spin-kind.ts';

/** Spin configurations of one shape. */
export interface SpinBatch {
  /** The shape of one configuration: [3, N, N] or [L]. */
  readonly sampleShape: readonly number[];
  /** Shape [B, ...sampleShape]. */
  readonly spins: Reals;
}

/**
 * The spins of each configuration, [3, N, N] or [L].
 *
 * @throws RangeError unless the spins are whole configurations of this shape.
 *
 * @example
 * configurationsOf({ sampleShape: [1], spins: new Float64Array([1, -1]) }).length // 2
 */
export const configurationsOf = ({ sampleShape, spins }: SpinBatch): readonly Reals[] => {
  const length = countOf(sampleShape);
  if (!(spins.length % length === 0)) {
    callersMistake(
      `spins of shape [B, ${sampleShape.join(', ')}]`,
      `${spins.length} numbers`,
      'give each configuration whole',
    );
  }
  return Array.from({ length: spins.length / length }, (_, b) => spins.subarray(b * length, (b + 1) * length));
};

/**
 * The same spins, if vectors are unit vectors (`unitSpins`: within 1e-6); scalars may be any. Fails with the first that
 * is none, and its configuration.
 */
export const withUnitVectors = <Spins extends SpinBatch>(batch: Spins): Either<DataError, Spins> =>
  spinKindOf(batch.sampleShape) === 'scalars'
    ? E.right(batch)
    : pipe(
        configurationsOf(batch),
        E.traverseArrayWithIndex((b, components) =>
          pipe(
            unitSpins({ size: sizeOf(batch.sampleShape), components }),
            E.mapLeft(({ message }) => dataError(`configuration ${b}: ${message}`)),
          ),
        ),
        E.map(() => batch),
      );

/**
 * The configurations in a tensor [B, 3, N, N] or [3, N, N], [B, L] or [L]. Fails for other shapes, for none, for numbers
 * that are not finite, and for vectors that are no unit vectors.
 */
export const spinBatch =
  (kind: SpinKind) =>
  ({ shape, values }: Tensor): Either<DataError, SpinBatch> => {
    const alone = shape.length === sampleShapeOf(kind, 1).length;
    const sampleShape = alone ? shape : shape.slice(1);
    if (!holdsSpins(kind)(sampleShape)) {
      return E.left(
        dataError(
          `expected spins of shape ${batchShape(kind)}, or ${batchShape(kind).replace('B, ', '')} of one configuration, ` +
            `got ${showShape(shape)}: ${shapeAdvice(shape)}`,
        ),
      );
    }
    return values.length === 0
      ? E.left(dataError('expected at least one spin configuration, got none: save some'))
      : pipe(
          finite('spins')(values),
          E.chain((spins) => withUnitVectors({ sampleShape, spins })),
        );
  };
