/** Correlations: as register tiles where samples share a kernel, number by number where they do not. */
import { meaningOf, type ValueId } from '../../program/program.ts';
import { promisedField } from '../../program/promised-type.ts';
import { beyond } from './place.ts';
import type { Correlation } from '../schedule/passes.ts';
import type { Context } from './context.ts';
import { bytesPerNumber, vectorsFor } from './grid.ts';
import { radius } from './halos.ts';
import { correlateEach } from './kernels/correlate-each.ts';
import { correlate } from './kernels/correlate.ts';
import type { View } from './steps.ts';
import { firstTap, forwards, packedRecords, reflected, type Taps } from './taps.ts';

/** A correlation of a field that has its halo. */
interface Correlated {
  readonly stores: ValueId;
  readonly kernel: ValueId;
  readonly taps: Taps;
  readonly components: number;
  readonly x: View;
}

/** Notes the steps of a correlation, which starts from a field, or from zero. */
export type Correlate = (id: ValueId, correlation: Correlation, start: ValueId | null) => void;

/** Register tiles: the weights are packed once a run, for all samples. */
const tilesOf =
  (context: Context) =>
  ({ stores, kernel, taps, components, x }: Correlated, start: ValueId | null): void => {
    const { chunkGrid, arithmetic, bits, record, values } = context;
    const { timeOf, gridOf, store, view, once } = values;
    const time = timeOf(stores);
    const grid = gridOf(time);
    const records = once(`records ${kernel} ${taps.tap} ${JSON.stringify([grid, x.strides])}`, () => ({
      ...x,
      place: packedRecords(context, view(kernel, 'run').place, taps, grid, x.strides),
    })).place;
    const from = start === null ? null : view(start, time);
    const y = store(stores);
    const shape = {
      components,
      outputs: taps.outputs,
      taps: taps.inputs * taps.size * taps.size,
      rows: chunkGrid.size,
      vectors: vectorsFor(x.extents.rowNumbers),
      x: x.strides,
      y: y.strides,
      start: from?.strides ?? null,
      arithmetic,
      bits,
    };
    record.step(time, correlate, shape, [x.place, records, from?.place ?? y.place, y.place]);
  };

/** Number by number: each sample has a kernel of its own. */
const numbersOf =
  ({ record, values: { timeOf, gridOf, store, view } }: Context) =>
  ({ stores, kernel, taps, components, x }: Correlated): void => {
    const time = timeOf(stores);
    const grid = gridOf(time);
    const { outputs, inputs, size } = taps;
    const y = store(stores);
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
    const weights = beyond(view(kernel, time).place, taps.first * number);
    record.step(time, correlateEach, shape, [firstTap(x, size, grid), weights, y.place]);
  };

/** The correlations of one lowering. Only what has one kernel for all samples is told to start from a field. */
export const correlationsOf = (context: Context): Correlate => {
  const { timeOf, haloed, close } = context.values;
  const typeOf = meaningOf(context.program.types);
  const [tiles, numbers] = [tilesOf(context), numbersOf(context)];
  return (stores, { tag, kernel, field }, start) => {
    const taps = (tag === 'correlate' ? forwards : reflected)(typeOf(kernel));
    const { components } = promisedField(typeOf(stores));
    const x = haloed(field, timeOf(stores), radius(taps.size));
    const correlated = { stores, kernel, taps, components, x };
    if (timeOf(kernel) === 'run') {
      tiles(correlated, start);
    } else {
      numbers(correlated);
    }
    close(stores);
  };
};
