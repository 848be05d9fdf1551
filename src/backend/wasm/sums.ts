/** What sweeps leave behind: values entry by entry, and sums over entries, over sites, and over the batch. */
import { meaningOf, type ValueId } from '../../program/program.ts';
import { lengthOf } from '../../program/value-type.ts';
import { placeIn, type Place } from './place.ts';
import type { Sweep } from '../schedule/sweep.ts';
import type { Context } from './context.ts';
import {
  bytesPerNumber,
  bytesPerReal,
  layoutOf,
  lineBytes,
  noStrides,
  vectorsFor,
  type Extents,
  type Layout,
} from './grid.ts';
import { clear } from './kernels/clear.ts';
import { isEntryItself } from './kernels/entries.ts';
import { lineSums, sampleSums } from './kernels/fold.ts';
import type { View } from './steps.ts';

/** Where the sums of a batch lie. */
interface BatchSums {
  /** Where the terms of a sum over the batch are added, if a value is one. */
  readonly placeOfTerm: (id: ValueId) => Place | null;
  /** The sum of an output over the batch. */
  readonly overBatch: (output: ValueId) => Place;
}

/** Notes the steps of sweeps and of sums, and knows where sums over the batch lie. */
export interface Sums extends BatchSums {
  /** Computes a sweep, and stores what it is to store. */
  readonly swept: (sweep: Sweep) => void;
}

/** A line for each of so many sums, which all entries with the same place in a row are added to. */
const linesLayout = (channels: number, rowNumbers: number): Layout => {
  const bytes = lineBytes(rowNumbers);
  return {
    extents: { components: 1, channels, rows: 1, rowNumbers },
    strides: channels === 1 ? noStrides : { ...noStrides, channel: bytes },
    origin: 0,
    bytes: channels * bytes,
  };
};

/** Float64 sums, one for each output that is asked for as a sum; `outputs` tells whose terms a value is among. */
const batchSumsOf = (
  { program, chunkGrid, record: { buffer, step }, values: { view } }: Context,
  outputs: ReadonlyMap<ValueId, ValueId>,
): BatchSums => {
  const numbersOf = (id: ValueId): number => lengthOf(chunkGrid.size)(meaningOf(program.types)(id));
  const places = new Map<ValueId, Place>();
  const placeOf = (output: ValueId): Place => {
    const place = places.get(output) ?? placeIn(buffer('sums', numbersOf(output) * bytesPerReal), 0);
    places.set(output, place);
    return place;
  };
  return {
    placeOfTerm: (id) => {
      const output = outputs.get(id);
      return output === undefined ? null : placeOf(output);
    },
    overBatch: (output) => {
      const place = placeOf(output);
      if (!outputs.has(output)) {
        const { samples } = chunkGrid;
        const shape = { lines: numbersOf(output), lineBytes: samples * bytesPerNumber, terms: samples };
        step('sample', lineSums, shape, [view(output, 'sample').place, place]);
      }
      return place;
    },
  };
};

/** The sums of one lowering; `outputs` tells to which output's sum over the batch a value is a term. */
export const sumsOf = (context: Context, outputs: ReadonlyMap<ValueId, ValueId>): Sums => {
  const { record, values, located } = context;
  const { timeOf, gridOf, allocated, store, close } = values;
  const batchSums = batchSumsOf(context, outputs);

  /**
   * The results of a sweep, added up over components and rows, and over channels or not: a line for each sum. Where nothing meets in a
   * line there is nothing to add up, and a field that is summed as it is stored has these lines already.
   */
  const summedLines = (sweep: Sweep, extents: Extents, channels: number): View => {
    const time = timeOf(sweep.stores);
    const what = located(sweep, time);
    const meet = extents.components * extents.rows * extents.channels > channels;
    const [field] = what.fields;
    if (!meet && field !== undefined && isEntryItself(what.expression)) {
      return field;
    }
    const lines = allocated(time, linesLayout(channels, extents.rowNumbers));
    if (meet) {
      record.step(time, clear, channels * vectorsFor(extents.rowNumbers), [lines.place]);
    }
    values.sweep(time, extents, what, lines, meet);
    return lines;
  };

  /** Sums in lines, one for each of them: of each sample by itself, or a term of the sum over the batch. */
  const summed = (sweep: Sweep, extents: Extents, channels: number): void => {
    const { stores } = sweep;
    const time = timeOf(stores);
    const { place, strides } = summedLines(sweep, extents, channels);
    const shape = { lines: channels, lineBytes: strides.channel };
    const to = batchSums.placeOfTerm(stores);
    if (to === null) {
      const { samples } = gridOf(time);
      const terms = extents.rowNumbers / samples;
      record.step(time, sampleSums, { ...shape, terms, samples }, [place, store(stores).place]);
    } else {
      record.step(time, lineSums, { ...shape, terms: extents.rowNumbers }, [place, to]);
    }
  };

  return {
    ...batchSums,
    swept: (sweep) => {
      const { stores, over, of } = sweep;
      const time = timeOf(stores);
      const { extents } = layoutOf(gridOf(time), over, 0);
      if (of === 'each') {
        const what = located(sweep, time);
        values.sweep(time, extents, what, store(stores), false);
        close(stores);
      } else {
        summed(sweep, extents, of === 'total' ? 1 : extents.channels);
      }
    },
  };
};
