/** Sums over entries, over sites, and over the batch. */
import { meaningOf, type ValueId } from '../../program/program.ts';
import { lengthOf } from '../../program/value-type.ts';
import type { BindingTime } from '../schedule/binding-time.ts';
import { placeIn, type Place } from '../schedule/buffer.ts';
import type { Context } from './context.ts';
import {
  bytesPerNumber,
  bytesPerReal,
  lineBytes,
  noStrides,
  runLayout,
  vectorsFor,
  type Extents,
  type Layout,
} from './grid.ts';
import { clear } from './kernels/clear.ts';
import { lineSums, sampleSums } from './kernels/fold.ts';
import type { View } from './steps.ts';

/** Notes the steps of sums, and knows where sums over the batch lie. */
export interface Sums {
  /** What a sweep over a value runs through. */
  readonly extentsOf: (id: ValueId, time: BindingTime) => Extents;
  readonly total: (id: ValueId, value: ValueId) => void;
  readonly sumSites: (id: ValueId, field: ValueId) => void;
  /** Where the terms of a sum over the batch are added, if a value is one. */
  readonly placeOfTerm: (id: ValueId) => Place | null;
  /** The sum of an output over the batch. */
  readonly overBatch: (output: ValueId) => Place;
}

/** `outputs` tells to which output's sum over the batch a value is a term. */
export const sumsOf = (
  { program, latticeSize: N, record: { buffer, step }, values, sweepFor }: Context,
  outputs: ReadonlyMap<ValueId, ValueId>,
): Sums => {
  const { timeOf, gridOf, allocated, store, view, sweep } = values;
  const typeOf = meaningOf(program.types);

  const extentsOf = (id: ValueId, time: BindingTime): Extents => {
    const type = typeOf(id);
    const { samples } = gridOf(time);
    return type.tag === 'field'
      ? { components: type.components, channels: type.channels, rows: N, rowNumbers: N * samples }
      : runLayout(lengthOf(N)(type) * samples).extents;
  };

  const accumulators = new Map<ValueId, Place>();
  const accumulator = (output: ValueId): Place => {
    const place = accumulators.get(output) ?? placeIn(buffer('sums', lengthOf(N)(typeOf(output)) * bytesPerReal), 0);
    accumulators.set(output, place);
    return place;
  };
  const placeOfTerm: Sums['placeOfTerm'] = (id) => {
    const output = outputs.get(id);
    return output === undefined ? null : accumulator(output);
  };

  /** A sweep whose results are added up over components and rows, and over channels or not: a line for each sum. */
  const summedLines = (id: ValueId, time: BindingTime, extents: Extents, channels: number): View => {
    const bytes = lineBytes(extents.rowNumbers);
    const layout: Layout = {
      extents: { components: 1, channels, rows: 1, rowNumbers: extents.rowNumbers },
      strides: channels === 1 ? noStrides : { ...noStrides, channel: bytes },
      origin: 0,
      bytes: channels * bytes,
    };
    const lines = allocated(time, layout);
    step(time, clear, channels * vectorsFor(extents.rowNumbers), [lines.place]);
    const { fields, nodes } = sweepFor(id, time);
    sweep(time, extents, nodes, fields, lines, true);
    return lines;
  };

  const total: Sums['total'] = (id, value) => {
    const time = timeOf(id);
    const { samples } = gridOf(time);
    const extents = extentsOf(value, time);
    const line = summedLines(id, time, extents, 1);
    const terms = extents.rowNumbers / samples;
    const shape = { lines: 1, lineBytes: lineBytes(extents.rowNumbers), terms, samples };
    step(time, sampleSums, shape, [line.place, store(id).place]);
  };

  const sumSites: Sums['sumSites'] = (id, field) => {
    const time = timeOf(id);
    const { samples } = gridOf(time);
    const extents = extentsOf(field, time);
    const lines = summedLines(id, time, extents, extents.channels);
    const shape = { lines: extents.channels, lineBytes: lineBytes(extents.rowNumbers) };
    const to = placeOfTerm(id);
    if (to === null) {
      const terms = extents.rowNumbers / samples;
      step(time, sampleSums, { ...shape, terms, samples }, [lines.place, store(id).place]);
    } else {
      step(time, lineSums, { ...shape, terms: extents.rowNumbers }, [lines.place, to]);
    }
  };

  const overBatch: Sums['overBatch'] = (output) => {
    const place = accumulator(output);
    if (!outputs.has(output)) {
      const { samples } = gridOf('sample');
      const shape = { lines: lengthOf(N)(typeOf(output)), lineBytes: samples * bytesPerNumber, terms: samples };
      step('sample', lineSums, shape, [view(output, 'sample').place, place]);
    }
    return place;
  };

  return { extentsOf, total, sumSites, placeOfTerm, overBatch };
};
