/**
 * Correlations and their gradients: as register tiles where samples share a kernel, number by number where they do
 * not.
 */
import { meaningOf, type ValueId } from '../../program/program.ts';
import { promisedField, promisedKernel } from '../../program/promised-type.ts';
import { beyond, type Place } from '../schedule/buffer.ts';
import type { Context } from './context.ts';
import { bytesPerNumber, runLayout, vectorsFor, type Grid } from './grid.ts';
import { correlateEach, kernelGradientEach } from './kernels/correlate-each.ts';
import { correlate } from './kernels/correlate.ts';
import { kernelGradient } from './kernels/kernel-gradient.ts';
import type { View } from './steps.ts';
import { packedRecords, tapOffsets, type Taps } from './taps.ts';

/** A correlation, forwards or transposed. */
export interface Correlated {
  readonly kernel: ValueId;
  readonly field: ValueId;
  readonly taps: Taps;
}

/** Notes the steps of correlations and of their gradients in the kernel. */
export interface Correlations {
  /** Computes a correlation, which starts from a field, or from zero. */
  readonly correlation: (id: ValueId, correlated: Correlated, start: ValueId | null) => void;
  /** Computes a kernel gradient, or adds it to a sum over the batch. */
  readonly gradient: (id: ValueId, size: number, field: ValueId, cotangent: ValueId, sum: Place | null) => void;
}

/** Where the first tap of site 0 is. */
const firstTap = ({ place, strides }: View, size: number, grid: Grid): Place =>
  beyond(place, tapOffsets({ inputs: 1, size }, grid, strides)[0] ?? 0);

/**
 * The correlations of one lowering: tiles where the kernel depends on parameters alone, number by number elsewhere.
 */
export const correlationsOf = ({ program, latticeSize: N, arithmetic, record, values }: Context): Correlations => {
  const { constants, step } = record;
  const { timeOf, gridOf, allocated, store, close, view, haloed, once } = values;
  const typeOf = meaningOf(program.types);

  const correlation: Correlations['correlation'] = (id, { kernel, field, taps }, start) => {
    const time = timeOf(id);
    const grid = gridOf(time);
    const { components } = promisedField(typeOf(id));
    const x = haloed(field, time, (taps.size - 1) / 2);
    if (timeOf(kernel) === 'run') {
      const records = once(`records ${kernel} ${taps.tap} ${JSON.stringify([grid, x.strides])}`, () => ({
        ...x,
        place: packedRecords(record, view(kernel, 'run').place, taps, grid, x.strides),
      })).place;
      const from = start === null ? null : view(start, time);
      const y = store(id);
      const shape = {
        components,
        outputs: taps.outputs,
        taps: taps.inputs * taps.size * taps.size,
        rows: N,
        vectors: vectorsFor(x.extents.rowNumbers),
        x: x.strides,
        y: y.strides,
        start: from?.strides ?? null,
        arithmetic,
      };
      step(time, correlate, shape, [x.place, records, from?.place ?? y.place, y.place]);
    } else {
      const { outputs, inputs, size } = taps;
      const y = store(id);
      const number = grid.samples * bytesPerNumber;
      const shape = {
        grid,
        components,
        outputs,
        inputs,
        size,
        x: x.strides,
        y: y.strides,
        kernel: {
          output: taps.output * number,
          input: taps.input * number,
          row: taps.tap * size * number,
          column: taps.tap * number,
        },
      };
      step(time, correlateEach, shape, [
        firstTap(x, size, grid),
        beyond(view(kernel, time).place, taps.first * number),
        y.place,
      ]);
    }
    close(id);
  };

  const gradient: Correlations['gradient'] = (id, size, field, cotangent, sum) => {
    const time = timeOf(id);
    const grid = gridOf(time);
    const { outputs, inputs } = promisedKernel(typeOf(id));
    const { components } = promisedField(typeOf(field));
    const x = haloed(field, time, (size - 1) / 2);
    const y = view(cotangent, time);
    if (sum === null) {
      const shape = { grid, components, outputs, inputs, size, x: x.strides, y: y.strides };
      step(time, kernelGradientEach, shape, [firstTap(x, size, grid), y.place, store(id).place]);
    } else {
      const offsets = tapOffsets({ inputs, size }, grid, x.strides);
      const table = once(`taps ${JSON.stringify(offsets)}`, () => {
        const taps = allocated('run', runLayout(offsets.length));
        constants({ place: taps.place, stride: bytesPerNumber, values: offsets });
        return taps;
      });
      const shape = {
        components,
        outputs,
        taps: offsets.length,
        rows: N,
        rowNumbers: N * grid.samples,
        x: x.strides,
        y: y.strides,
        arithmetic,
      };
      step(time, kernelGradient, shape, [x.place, y.place, table.place, sum]);
    }
  };

  return { correlation, gradient };
};
