/**
 * Kernels as correlations read them: the order of taps, their weights packed into records, and their offsets in a
 * field.
 */
import { promisedKernel } from '../../program/promised-type.ts';
import type { ValueType } from '../../program/value-type.ts';
import { beyond, placeIn, type Place } from './place.ts';
import type { Context } from './context.ts';
import { bytesPerNumber, runLayout, type Grid, type Strides } from './grid.ts';
import { range } from './kernels/arithmetic.ts';
import { outputBlocks, recordBytes } from './kernels/correlate.ts';
import { transfer } from './kernels/transfer.ts';
import type { View } from './steps.ts';

/** A kernel, forwards, or reflected with outputs and inputs exchanged. Distances are in numbers of the kernel. */
export interface Taps {
  readonly outputs: number;
  readonly inputs: number;
  readonly size: number;
  readonly output: number;
  readonly input: number;
  /** From one tap to the next in reading order. */
  readonly tap: number;
  /** The first tap. */
  readonly first: number;
}

/** As `correlate` reads it: K_oi(d). */
export const forwards = (type: ValueType): Taps => {
  const { outputs, inputs, size } = promisedKernel(type);
  const taps = size * size;
  return { outputs, inputs, size, output: inputs * taps, input: taps, tap: 1, first: 0 };
};

/** As `correlateTransposed` reads it: K_io(-d). */
export const reflected = (type: ValueType): Taps => {
  const { outputs, inputs, size } = promisedKernel(type);
  const taps = size * size;
  return { outputs: inputs, inputs: outputs, size, output: taps, input: inputs * taps, tap: -1, first: taps - 1 };
};

/** The byte offsets of the taps of each input in a field, from the site that is computed. */
export const tapOffsets = (
  { inputs, size }: Pick<Taps, 'inputs' | 'size'>,
  { samples }: Grid,
  { channel, row }: Strides,
): readonly number[] => {
  const centre = (size - 1) / 2;
  return range(inputs).flatMap((input) =>
    range(size).flatMap((a) =>
      range(size).map((b) => input * channel + (a - centre) * row + (b - centre) * samples * bytesPerNumber),
    ),
  );
};

/** A table of byte offsets, written once for each list of them. */
export const offsetTable =
  ({ record, values: { allocated, once } }: Pick<Context, 'record' | 'values'>) =>
  (offsets: readonly number[]): Place =>
    once(`offsets ${JSON.stringify(offsets)}`, () => {
      const table = allocated('run', runLayout(offsets.length));
      record.constants({ place: table.place, stride: bytesPerNumber, values: offsets });
      return table;
    }).place;

/** Where the first tap of site 0 is, of a window of `size` sites. */
export const firstTap = ({ place, strides }: View, size: number, grid: Grid): Place =>
  beyond(place, tapOffsets({ inputs: 1, size }, grid, strides)[0] ?? 0);

/** Packs the weights of a kernel, once a run, into the records of a correlation with a field of these strides. */
export const packedRecords = (
  { arithmetic, bits, record: { buffer, constants, step } }: Pick<Context, 'arithmetic' | 'bits' | 'record'>,
  kernel: Place,
  taps: Taps,
  grid: Grid,
  field: Strides,
): Place => {
  const { outputs, inputs, size, output, input, tap, first } = taps;
  const offsets = tapOffsets(taps, grid, field);
  const blocks = outputBlocks(outputs, arithmetic, bits);
  const bytesOf = (blockOutputs: number): number => offsets.length * recordBytes(blockOutputs);
  const records = placeIn(
    buffer(
      'shared',
      blocks.reduce((sum, { size: s, count }) => sum + count * bytesOf(s), 0),
    ),
    0,
  );
  blocks.forEach((block, index) => {
    const before = blocks.slice(0, index);
    const outputsBefore = before.reduce((sum, { size: s, count }) => sum + s * count, 0);
    const bytesBefore = before.reduce((sum, { size: s, count }) => sum + count * bytesOf(s), 0);
    const to = beyond(records, bytesBefore);
    const record = recordBytes(block.size);
    constants({
      place: beyond(to, block.size * bytesPerNumber),
      stride: record,
      values: range(block.count).flatMap(() => offsets),
    });
    const shape = {
      counts: [block.count, inputs, size * size, block.size],
      from: [block.size * output, input, tap, output].map((numbers) => numbers * bytesPerNumber),
      to: [bytesOf(block.size), size * size * record, record, bytesPerNumber],
    };
    step('run', transfer, shape, [beyond(kernel, (outputsBefore * output + first) * bytesPerNumber), to]);
  });
  return records;
};
