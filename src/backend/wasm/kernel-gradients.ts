/**
 * Gradients of correlations in their kernel: as register tiles where they are summed over the batch, on sites alone as outer
 * products; number by number where each sample has its own.
 */
import { meaningOf, type ValueId } from '../../program/program.ts';
import type { Operation } from '../../program/operation.ts';
import { promisedField, promisedKernel } from '../../program/promised-type.ts';
import { placeIn, type Place } from './place.ts';
import type { Context } from './context.ts';
import { radius } from './halos.ts';
import { kernelGradientEach } from './kernels/correlate-each.ts';
import { foldRoom, kernelGradient } from './kernels/kernel-gradient.ts';
import { outerProducts, outerProductsRoom } from './kernels/outer-products.ts';
import { firstTap, offsetTable, tapOffsets } from './taps.ts';

/** So many outputs gain more by columns than it takes to make them, as measured. */
const outputsWorthColumns = 30;

/** Notes the steps of a kernel gradient, or of adding it to a sum over the batch. */
export type Differentiate = (id: ValueId, gradient: Operation<ValueId, 'kernelGradient'>, sum: Place | null) => void;

/** The kernel gradients of one lowering. */
export const kernelGradientsOf = (context: Context): Differentiate => {
  const { program, chunkGrid, arithmetic, bits, record, values } = context;
  const { timeOf, gridOf, store, view, haloed } = values;
  const tableOf = offsetTable(context);
  const typeOf = meaningOf(program.types);
  const N = chunkGrid.size;
  const scratch = placeIn(record.buffer('arena', foldRoom), 0);

  return (id, { size, field, cotangent }, sum) => {
    const time = timeOf(id);
    const grid = gridOf(time);
    const { outputs, inputs } = promisedKernel(typeOf(id));
    const { components } = promisedField(typeOf(field));
    const x = haloed(field, time, radius(size));
    const y = view(cotangent, time);
    if (sum === null) {
      const shape = { grid, components, outputs, inputs, size, x: x.strides, y: y.strides };
      record.step(time, kernelGradientEach, shape, [firstTap(x, size, grid), y.place, store(id).place]);
      return;
    }
    if (N === 1 && size === 1 && components === 1 && outputs >= outputsWorthColumns) {
      const products = {
        ...{ outputs, inputs, samples: grid.samples, arithmetic, bits },
        xStride: x.strides.channel,
        yStride: y.strides.channel,
      };
      const room = placeIn(record.buffer('arena', outerProductsRoom(products)), 0);
      record.step(time, outerProducts, products, [x.place, y.place, sum, room]);
      return;
    }
    const offsets = tapOffsets({ inputs, size }, grid, x.strides);
    const shape = {
      components,
      outputs,
      taps: offsets.length,
      rows: N,
      rowNumbers: N * grid.samples,
      x: x.strides,
      y: y.strides,
      arithmetic,
      bits,
    };
    record.step(time, kernelGradient, shape, [x.place, y.place, tableOf(offsets), sum, scratch]);
  };
};
