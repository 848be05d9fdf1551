/** Where spectra lie, and the steps that bring them there: that of a field when it is first read, that of a kernel once a run. */
import { meaningOf, type ValueId } from '../../program/program.ts';
import type { BindingTime } from '../schedule/binding-time.ts';
import { promisedField, promisedKernel } from '../../program/promised-type.ts';
import type { Sweep } from '../schedule/sweep.ts';
import type { Context } from './context.ts';
import {
  bytesPerNumber,
  bytesPerVector,
  noStrides,
  numbersPerVector,
  vectorsFor,
  type Grid,
  type Strides,
} from './grid.ts';
import { range } from './kernels/arithmetic.ts';
import { clear } from './kernels/clear.ts';
import { entryItself } from './kernels/entries.ts';
import { placeTaps } from './kernels/torus-taps.ts';
import { forward, scratchBytes } from './kernels/transform.ts';
import { placeIn, type Place } from './place.ts';
import { planeBytes, spectrumBytes } from './spectrum-layout.ts';
import { offsetTable } from './taps.ts';

/** The spectra of one lowering. */
export interface SpectralValues {
  /** The spectrum of a field, as the steps of samples read it. */
  readonly field: (id: ValueId) => Place;
  /** Says that a field is not stored: whoever first asks for its spectrum has it computed there. */
  readonly withoutField: (sweep: Sweep) => void;
  /** The spectrum of a kernel, times 2/N^2; its samples are cells, inputs fastest. */
  readonly kernel: (id: ValueId) => Place;
  /** Room for the lines of a transform. */
  readonly scratch: (time: BindingTime) => Place;
}

/** What makes a product of spectra that is transformed back the correlation: see `kernels/transform.ts`. */
export const spectralFactor = ({ size }: Pick<Grid, 'size'>): number => 2 / (size * size);

/** The lattice whose samples are so many cells: kernels and their gradients have a plane of them. */
export const gridOfCells = ({ size }: Grid, cells: number): Grid => ({
  size,
  samples: vectorsFor(cells) * numbersPerVector,
});

/** How a plane lies whose samples are cells. */
export const planeOfCells = ({ size, samples }: Grid): Strides => ({
  ...noStrides,
  row: size * samples * bytesPerNumber,
});

/** For each tap of a window of `size` sites the byte offset of its site on the torus, in a plane of cells. */
export const torusOffsets = (size: number, { size: N, samples }: Grid): readonly number[] => {
  const centre = (size - 1) / 2;
  const wrapped = (tap: number): number => (tap - centre + size * N) % N;
  return range(size).flatMap((a) => range(size).map((b) => (wrapped(a) * N + wrapped(b)) * samples * bytesPerNumber));
};

/** What `make` makes, once for each value. */
const onceEach = (make: (id: ValueId) => Place): ((id: ValueId) => Place) => {
  const made = new Map<ValueId, Place>();
  return (id) => {
    const place = made.get(id) ?? make(id);
    made.set(id, place);
    return place;
  };
};

/** The spectra of one lowering, none of which is there yet. */
export const spectralValuesOf = (context: Context): SpectralValues => {
  const { program, chunkGrid, arithmetic, bits, record, values, located } = context;
  const typeOf = meaningOf(program.types);
  const tableOf = offsetTable(context);
  const sweeps = new Map<ValueId, Sweep>();
  const rooms = new Map<BindingTime, Place>();
  const scratch: SpectralValues['scratch'] = (time) => {
    const room =
      rooms.get(time) ?? placeIn(record.buffer(time === 'run' ? 'shared' : 'arena', scratchBytes(chunkGrid)), 0);
    rooms.set(time, room);
    return room;
  };
  return {
    scratch,
    field: onceEach((id) => {
      const { components, channels } = promisedField(typeOf(id));
      const sweep = sweeps.get(id);
      const { fields, expression } =
        sweep === undefined
          ? { fields: [values.view(id, 'sample')], expression: entryItself }
          : located(sweep, 'sample');
      const spectrum = placeIn(record.buffer('arena', spectrumBytes(chunkGrid, { components, channels })), 0);
      const shape = {
        ...{ grid: chunkGrid, components, channels, arithmetic, bits },
        fields: fields.map(({ strides }) => strides),
        expression,
      };
      record.step('sample', forward, shape, [...fields.map(({ place }) => place), scratch('sample'), spectrum]);
      return spectrum;
    }),
    withoutField: (sweep) => {
      sweeps.set(sweep.stores, sweep);
    },
    kernel: onceEach((id) => {
      const { outputs, inputs, size } = promisedKernel(typeOf(id));
      const cells = outputs * inputs;
      const grid = gridOfCells(chunkGrid, cells);
      const [plane, spectrum] = [
        placeIn(record.buffer('shared', planeBytes(grid)), 0),
        placeIn(record.buffer('shared', planeBytes(grid)), 0),
      ];
      // Sites without a tap stay zero, as all memory is at first.
      const meet = size > chunkGrid.size;
      if (meet) {
        record.step('run', clear, planeBytes(grid) / bytesPerVector, [plane]);
      }
      record.step('run', placeTaps, { cells, taps: size * size, factor: spectralFactor(grid), adds: meet }, [
        values.view(id, 'run').place,
        tableOf(torusOffsets(size, grid)),
        plane,
      ]);
      const shape = {
        ...{ grid, components: 1, channels: 1, arithmetic, bits },
        fields: [planeOfCells(grid)],
        expression: entryItself,
      };
      record.step('run', forward, shape, [plane, scratch('run'), spectrum]);
      return spectrum;
    }),
  };
};
