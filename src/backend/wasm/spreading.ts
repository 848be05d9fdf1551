/**
 * Values that meet others of more entries, or of samples: a scalar as a row, a bias as a row for each channel, and what
 * depends on parameters alone repeated for each of the samples of a chunk.
 */
import { meaningOf, type ValueId } from '../../program/program.ts';
import { lengthOf, type FieldType } from '../../program/value-type.ts';
import type { BindingTime } from '../schedule/binding-time.ts';
import { bytesPerNumber, fieldLayout, fieldSteps, lineBytes, runLayout, type Layout } from './grid.ts';
import { transfer } from './kernels/transfer.ts';
import type { Setting } from './setting.ts';
import type { View } from './steps.ts';
import type { Storage } from './storage.ts';

/** Notes the steps that repeat values, once for each that is asked for. */
export interface Spreading {
  /** A scalar, repeated `repeats` times for each sample, as a row that all planes share. */
  readonly row: (scalar: ValueId, time: BindingTime, repeats: number) => View;
  /** For each channel of a bias a row, as long as the lattice. */
  readonly channelRows: (bias: ValueId, time: BindingTime, channels: number) => View;
  /** A value that depends on parameters alone, for each of the samples of a chunk. */
  readonly spread: (id: ValueId) => View;
}

/** What `make` makes, once for each key. */
export type Once = (key: string, make: () => View) => View;

/** Each group of `size` neighbouring numbers is repeated. */
interface Groups {
  readonly groups: number;
  readonly size: number;
  readonly repeats: number;
}

/** For each channel a row of so many numbers. */
const channelLayout = (channels: number, rowNumbers: number): Layout => ({
  extents: { components: 1, channels, rows: 1, rowNumbers },
  strides: { component: 0, channel: lineBytes(rowNumbers), row: 0 },
  origin: 0,
  bytes: channels * lineBytes(rowNumbers),
});

/** Spreads values that `view` finds where they are. */
export const spreadingOf = (
  { program, chunkGrid, record: { step } }: Setting,
  { timeOf, gridOf, allocated }: Storage,
  once: Once,
  view: (id: ValueId, time: BindingTime) => View,
): Spreading => {
  const { size: N, samples: chunkSamples } = chunkGrid;

  /** Repeats groups: every group gets a row of its own, or all are in one run. */
  const repeated = (time: BindingTime, from: View, { groups, size, repeats }: Groups, layout: Layout): View => {
    const to = allocated(time, layout);
    const numbers = size * repeats;
    const groupBytes = layout.strides.channel === 0 ? numbers * bytesPerNumber : layout.strides.channel;
    const shape = {
      counts: [groups, repeats, size],
      from: [size * bytesPerNumber, 0, bytesPerNumber],
      to: [groupBytes, size * bytesPerNumber, bytesPerNumber],
    };
    step(time, transfer, shape, [from.place, to.place]);
    return to;
  };

  /** How often a number of a value is repeated for readers of a binding time, where each sample reads it `repeats` times. */
  const repeatsFor = (id: ValueId, time: BindingTime, repeats: number): number =>
    timeOf(id) === time ? repeats : repeats * chunkSamples;

  const fieldForSamples = (from: View, type: FieldType): View => {
    const to = allocated('run', fieldLayout(chunkGrid, type, 0));
    const [component = 0, channel = 0, row = 0, column = 0] = fieldSteps(gridOf('run'), from.strides);
    const shape = {
      counts: [type.components, type.channels, N, N, chunkSamples],
      from: [component, channel, row, column, 0],
      to: fieldSteps(chunkGrid, to.strides),
    };
    step('run', transfer, shape, [from.place, to.place]);
    return to;
  };

  return {
    row: (scalar, time, count) => {
      const own = timeOf(scalar);
      const repeats = repeatsFor(scalar, time, count);
      const { samples: size } = gridOf(own);
      return once(`row ${scalar} ${repeats}`, () =>
        repeated(own, view(scalar, own), { groups: 1, size, repeats }, runLayout(repeats * size)),
      );
    },
    channelRows: (bias, time, channels) => {
      const own = timeOf(bias);
      const repeats = repeatsFor(bias, time, N);
      const { samples: size } = gridOf(own);
      return once(`rows ${bias} ${repeats}`, () =>
        repeated(own, view(bias, own), { groups: channels, size, repeats }, channelLayout(channels, repeats * size)),
      );
    },
    spread: (id) =>
      once(`spread ${id}`, () => {
        const [own, type] = [view(id, 'run'), meaningOf(program.types)(id)];
        const groups = lengthOf(N)(type);
        return type.tag === 'field'
          ? fieldForSamples(own, type)
          : repeated('run', own, { groups, size: 1, repeats: chunkSamples }, runLayout(groups * chunkSamples));
      }),
  };
};
