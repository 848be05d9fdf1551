/**
 * Values on their way in and out: between memory, where samples lie side by side, and arrays of float64, one after
 * the other.
 */
import { meaningOf, type ValueId } from '../../program/program.ts';
import { lengthOf, type ValueType } from '../../program/value-type.ts';
import { placeIn, type Place } from './place.ts';
import type { Context } from './context.ts';
import { bytesPerNumber, bytesPerReal, fieldSteps, type Grid } from './grid.ts';
import { gather } from './kernels/gather.ts';
import { loadReals, storeReals } from './kernels/transfer.ts';
import type { Staged, View } from './steps.ts';

/** Places for the float64 arrays that callers pass and get, and the steps that copy values from and to them. */
export interface Arrays {
  /** Room among the arrays of samples. */
  readonly staged: (name: string, length: number) => Staged;
  /** Numbers of each sample in all arrays so far. */
  readonly stagedLength: () => number;
  /** Room for an array that all samples share. */
  readonly shared: (length: number) => Place;
  /** The same, for float32. */
  readonly floats: (length: number) => Place;
  /** Brings a value into memory. */
  readonly load: (id: ValueId, from: Place | Staged) => void;
  /** Brings an input into memory from an array of the resident data, float32, at the places of a chunk's samples. */
  readonly gather: (id: ValueId, data: Place, places: Staged) => void;
  readonly unload: (id: ValueId, to: Place | Staged) => void;
}

/** Loops over the numbers of a value, and the distances between neighbours in memory and in an array. */
interface Arrangement {
  readonly counts: readonly number[];
  readonly inMemory: readonly number[];
  readonly inArray: readonly number[];
}

const arrangement = (type: ValueType, grid: Grid, { strides }: View): Arrangement => {
  const { size: N, samples } = grid;
  const length = lengthOf(N)(type);
  return type.tag === 'field'
    ? {
        counts: [type.components, type.channels, N, N, samples],
        inMemory: fieldSteps(grid, strides),
        inArray: [type.channels * N * N, N * N, N, 1, length].map((numbers) => numbers * bytesPerReal),
      }
    : {
        counts: [length, samples],
        inMemory: [samples * bytesPerNumber, bytesPerNumber],
        inArray: [bytesPerReal, length * bytesPerReal],
      };
};

/** The way in and out of one lowering: arrays of samples are staged one after the other, in the order of asking. */
export const arraysOf = ({ program, record: { buffer, step }, values }: Context): Arrays => {
  const { timeOf, gridOf, store, close, view } = values;
  const typeOf = meaningOf(program.types);
  let stagedLength = 0;
  return {
    staged: (name, length) => {
      const before = stagedLength;
      stagedLength += length;
      return { name, length, before };
    },
    stagedLength: () => stagedLength,
    shared: (length) => placeIn(buffer('shared', length * bytesPerReal), 0),
    floats: (length) => placeIn(buffer('shared', length * bytesPerNumber), 0),
    load: (id, from) => {
      const [time, to] = [timeOf(id), store(id)];
      const { counts, inMemory, inArray } = arrangement(typeOf(id), gridOf(time), to);
      step(time, loadReals, { counts, from: inArray, to: inMemory }, [from, to.place]);
      close(id);
    },
    gather: (id, data, places) => {
      const [time, to] = [timeOf(id), store(id)];
      const { counts, inMemory } = arrangement(typeOf(id), gridOf(time), to);
      const { samples } = gridOf(time);
      const shape = { samples, counts: counts.slice(0, -1), to: inMemory.slice(0, -1) };
      step(time, gather, shape, [places, data, to.place]);
      close(id);
    },
    unload: (id, to) => {
      const time = timeOf(id);
      const from = view(id, time);
      const { counts, inMemory, inArray } = arrangement(typeOf(id), gridOf(time), from);
      step(time, storeReals, { counts, from: inMemory, to: inArray }, [from.place, to]);
    },
  };
};
