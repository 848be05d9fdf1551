/** From operations to steps: a program on one lattice size, for chunks of so many samples, as calls of kernels. */
import { interpret, type Algebra } from '../../program/operation.ts';
import { meaningOf, valueId, type ValueId } from '../../program/program.ts';
import { promisedField, promisedKernel } from '../../program/promised-type.ts';
import type { TypedProgram } from '../../program/typecheck.ts';
import { lengthOf, type ValueType } from '../../program/value-type.ts';
import { batchSums as batchSumsOf } from '../batch-sum.ts';
import { bindingTimes } from '../binding-time.ts';
import { fusionOf } from './fusion.ts';
import {
  bytesPerNumber,
  bytesPerReal,
  lineBytes,
  noStrides,
  runLayout,
  vectorsFor,
  type Extents,
  type Grid,
  type Layout,
} from './grid.ts';
import type { Arithmetic } from './kernels/arithmetic.ts';
import { clear } from './kernels/clear.ts';
import { correlate } from './kernels/correlate.ts';
import { correlateEach, kernelGradientEach } from './kernels/correlate-each.ts';
import { batchSums, sampleSums } from './kernels/fold.ts';
import { kernelGradient } from './kernels/kernel-gradient.ts';
import { loadReals, storeReals } from './kernels/transfer.ts';
import { beyond, placeIn, recorder, type Phase, type Place, type Schedule, type Staged, type View } from './steps.ts';
import { sweepOf } from './sweeps.ts';
import { forwards, packedRecords, reflected, tapOffsets, type Taps } from './taps.ts';
import { fieldSteps, halosOf, valuesOf } from './values.ts';

/** Where an output is found after a run. */
export type Result =
  /** Sums over the batch, float64. */
  | { readonly tag: 'sums'; readonly place: Place; readonly length: number }
  /** One value for each sample, among the staged numbers. */
  | { readonly tag: 'staged'; readonly staged: Staged }
  /** A value that is the same for all samples; over the batch it is asked for as a sum, or for each. */
  | { readonly tag: 'shared'; readonly place: Place; readonly length: number; readonly asked: 'sum' | 'each' };

export interface Lowered {
  readonly schedule: Schedule;
  /** Where each parameter is put before a run. */
  readonly parameters: readonly { readonly name: string; readonly place: Place; readonly length: number }[];
  readonly inputs: readonly Staged[];
  readonly results: ReadonlyMap<ValueId, Result>;
  /** Numbers of each sample in all staged arrays together. */
  readonly stagedLength: number;
}

const isSummed = ({ tag }: ValueType): boolean => tag === 'kernel' || tag === 'bias';

export const lower = (program: TypedProgram, chunkGrid: Grid, arithmetic: Arithmetic): Lowered => {
  const { equations, types } = program;
  const N = chunkGrid.size;
  const typeOf = meaningOf(types);
  const outputIds = new Set(Object.values(program.outputs));
  const times = bindingTimes(program);
  const sums = batchSumsOf(program, times);
  const fusion = fusionOf(program, times, outputIds);
  const record = recorder();
  const { buffer, constants, step, recorded } = record;
  const values = valuesOf(program, times, chunkGrid, arithmetic, record, halosOf(program));
  const { phaseOf, gridOf, allocated, store, close, view, haloed, sweep, once } = values;
  const sweepFor = sweepOf(program, fusion, values, arithmetic, N);

  // Numbers of samples on their way in and out.

  const parameters = new Array<Lowered['parameters'][number]>();
  const inputs = new Map<string, Staged>();
  let stagedLength = 0;
  const staged = (name: string, length: number): Staged => {
    const before = stagedLength;
    stagedLength += length;
    return { name, length, before };
  };
  /** Room for an array that all samples share. */
  const arrayOf = (length: number): Place => placeIn(buffer('shared', length * bytesPerReal), 0);
  /** Between values in memory and arrays that hold sample after sample. */
  const arrangements = (
    type: ValueType,
    grid: Grid,
    { strides }: View,
  ): { readonly counts: readonly number[]; readonly inMemory: readonly number[]; readonly inArray: readonly number[] } => {
    const length = lengthOf(N)(type);
    return type.tag === 'field'
      ? {
          counts: [type.components, type.channels, N, N, grid.samples],
          inMemory: fieldSteps(grid, strides),
          inArray: [type.channels * N * N, N * N, N, 1, length].map((numbers) => numbers * bytesPerReal),
        }
      : {
          counts: [length, grid.samples],
          inMemory: [grid.samples * bytesPerNumber, bytesPerNumber],
          inArray: [bytesPerReal, length * bytesPerReal],
        };
  };
  const load = (id: ValueId, from: Place | Staged): void => {
    const to = store(id);
    const phase = phaseOf(id);
    const { counts, inMemory, inArray } = arrangements(typeOf(id), gridOf(phase), to);
    step(phase, loadReals, { counts, from: inArray, to: inMemory }, [from, to.place]);
    close(id);
  };
  const unload = (id: ValueId, to: Place | Staged): void => {
    const phase = phaseOf(id);
    const from = view(id, phase);
    const { counts, inMemory, inArray } = arrangements(typeOf(id), gridOf(phase), from);
    step(phase, storeReals, { counts, from: inMemory, to: inArray }, [from.place, to]);
  };

  // Sums.

  const accumulators = new Map<ValueId, Place>();
  const accumulator = (output: ValueId): Place => {
    const place = accumulators.get(output) ?? placeIn(buffer('sums', lengthOf(N)(typeOf(output)) * bytesPerReal), 0);
    accumulators.set(output, place);
    return place;
  };
  /** Where the terms of a sum over the batch are added. */
  const sumPlace = (id: ValueId): Place | null => {
    const output = sums.get(id);
    return output === undefined ? null : accumulator(output);
  };
  /** A sweep whose results are added up over components and rows, and over channels or not: a line for each sum. */
  const summedLines = (id: ValueId, phase: Phase, { extents }: { readonly extents: Extents }, channels: number): View => {
    const bytes = lineBytes(extents.rowNumbers);
    const layout: Layout = {
      extents: { components: 1, channels, rows: 1, rowNumbers: extents.rowNumbers },
      strides: channels === 1 ? noStrides : { ...noStrides, channel: bytes },
      origin: 0,
      bytes: channels * bytes,
    };
    const lines = allocated(phase, layout);
    step(phase, clear, channels * vectorsFor(extents.rowNumbers), [lines.place]);
    const { fields, nodes } = sweepFor(id, phase);
    sweep(phase, extents, nodes, fields, lines, true);
    return lines;
  };
  const extentsOf = (id: ValueId, phase: Phase): Extents => {
    const type = typeOf(id);
    const { samples } = gridOf(phase);
    return type.tag === 'field'
      ? { components: type.components, channels: type.channels, rows: N, rowNumbers: N * samples }
      : runLayout(lengthOf(N)(type) * samples).extents;
  };

  // Operations.

  const pointwise = (id: ValueId): void => {
    const phase = phaseOf(id);
    const { fields, nodes } = sweepFor(id, phase);
    const to = store(id);
    sweep(phase, extentsOf(id, phase), nodes, fields, to, false);
    close(id);
  };

  const correlation = (id: ValueId, kernel: ValueId, field: ValueId, taps: Taps, start: ValueId | null): void => {
    const phase = phaseOf(id);
    const grid = gridOf(phase);
    const { components } = promisedField(typeOf(id));
    const x = haloed(field, phase, (taps.size - 1) / 2);
    if (phaseOf(kernel) === 'run') {
      const records = once(`records ${kernel} ${taps.tap} ${JSON.stringify([grid, x.strides])}`, () => ({
        ...x,
        place: packedRecords(record, view(kernel, 'run').place, taps, grid, x.strides),
      })).place;
      const from = start === null ? null : view(start, phase);
      const y = store(id);
      const shape = {
        components,
        outputs: taps.outputs,
        taps: taps.inputs * taps.size ** 2,
        rows: N,
        vectors: vectorsFor(x.extents.rowNumbers),
        x: x.strides,
        y: y.strides,
        start: from?.strides ?? null,
        arithmetic,
      };
      step(phase, correlate, shape, [x.place, records, from?.place ?? y.place, y.place]);
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
      step(phase, correlateEach, shape, [
        firstTap(x, size, grid),
        beyond(view(kernel, phase).place, taps.first * number),
        y.place,
      ]);
    }
    close(id);
  };
  /** Where the first tap of site 0 is. */
  const firstTap = ({ place, strides }: View, size: number, grid: Grid): Place =>
    beyond(place, tapOffsets({ inputs: 1, size }, grid, strides)[0] ?? 0);

  const gradient = (id: ValueId, size: number, field: ValueId, cotangent: ValueId): void => {
    const phase = phaseOf(id);
    const grid = gridOf(phase);
    const { outputs, inputs } = promisedKernel(typeOf(id));
    const { components } = promisedField(typeOf(field));
    const x = haloed(field, phase, (size - 1) / 2);
    const y = view(cotangent, phase);
    const to = sumPlace(id);
    if (to === null) {
      const shape = { grid, components, outputs, inputs, size, x: x.strides, y: y.strides };
      step(phase, kernelGradientEach, shape, [firstTap(x, size, grid), y.place, store(id).place]);
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
      step(phase, kernelGradient, shape, [x.place, y.place, table.place, to]);
    }
  };

  const total = (id: ValueId, value: ValueId): void => {
    const phase = phaseOf(id);
    const { samples } = gridOf(phase);
    const extents = extentsOf(value, phase);
    const line = summedLines(id, phase, { extents }, 1);
    const terms = extents.rowNumbers / samples;
    const shape = { lines: 1, lineBytes: lineBytes(extents.rowNumbers), terms, samples };
    step(phase, sampleSums, shape, [line.place, store(id).place]);
  };

  const sumSites = (id: ValueId, field: ValueId): void => {
    const phase = phaseOf(id);
    const { samples } = gridOf(phase);
    const extents = extentsOf(field, phase);
    const lines = summedLines(id, phase, { extents }, extents.channels);
    const shape = { lines: extents.channels, lineBytes: lineBytes(extents.rowNumbers) };
    const to = sumPlace(id);
    if (to === null) {
      const terms = extents.rowNumbers / samples;
      step(phase, sampleSums, { ...shape, terms, samples }, [lines.place, store(id).place]);
    } else {
      step(phase, batchSums, { ...shape, terms: extents.rowNumbers }, [lines.place, to]);
    }
  };

  const concat = (id: ValueId, parts: readonly ValueId[]): void => {
    const phase = phaseOf(id);
    const to = store(id);
    const counts = parts.map((part) => promisedField(typeOf(part)).channels);
    parts.forEach((part, index) => {
      const before = counts.slice(0, index).reduce((sum, count) => sum + count, 0);
      const place = beyond(to.place, before * to.strides.channel);
      const from = view(part, phase);
      sweep(phase, from.extents, [{ tag: 'entry', field: 0, offset: 0 }], [from], { ...to, place }, false);
    });
    close(id);
  };

  const nothing = (): void => undefined;
  const absorbedCorrelations = new Set([...fusion.absorbed.values()].map(({ correlation: id }) => id));

  /** What computes the value with the given index. */
  const lowered = (id: ValueId): Algebra<ValueId, void> => ({
    input: ({ name, type }) => {
      const known = inputs.get(name) ?? staged(name, lengthOf(N)(type));
      inputs.set(name, known);
      load(id, known);
    },
    parameter: ({ name, type }) => {
      const length = lengthOf(N)(type);
      const place = arrayOf(length);
      parameters.push({ name, place, length });
      load(id, place);
    },
    constant: nothing,
    fill: nothing,
    broadcast: nothing,
    slice: nothing,
    correlate: ({ kernel, field }) => {
      correlation(id, kernel, field, forwards(typeOf(kernel)), null);
    },
    correlateTransposed: ({ kernel, field }) => {
      correlation(id, kernel, field, reflected(typeOf(kernel)), null);
    },
    kernelGradient: ({ size, field, cotangent }) => {
      gradient(id, size, field, cotangent);
    },
    add: () => {
      const absorbed = fusion.absorbed.get(id);
      const inner = absorbed === undefined ? undefined : meaningOf(equations)(absorbed.correlation);
      if (absorbed !== undefined && (inner?.tag === 'correlate' || inner?.tag === 'correlateTransposed')) {
        const taps = (inner.tag === 'correlate' ? forwards : reflected)(typeOf(inner.kernel));
        correlation(id, inner.kernel, inner.field, taps, absorbed.start);
      } else {
        pointwise(id);
      }
    },
    multiply: () => {
      pointwise(id);
    },
    scale: () => {
      pointwise(id);
    },
    tanh: () => {
      pointwise(id);
    },
    reciprocal: () => {
      pointwise(id);
    },
    contract: () => {
      pointwise(id);
    },
    modulate: () => {
      pointwise(id);
    },
    total: ({ value }) => {
      total(id, value);
    },
    sumSites: ({ field }) => {
      sumSites(id, field);
    },
    concat: ({ parts }) => {
      concat(id, parts);
    },
  });
  equations.forEach((equation, index) => {
    const id = valueId(index);
    const isSumOfSums = equation.tag === 'add' && sums.has(id);
    if (!fusion.isInlined(id) && !absorbedCorrelations.has(id) && !isSumOfSums) {
      interpret(lowered(id))(equation);
    }
  });

  // Outputs.

  const resultOf = (id: ValueId): Result => {
    const type = typeOf(id);
    const length = lengthOf(N)(type);
    const asked = isSummed(type) ? 'sum' : 'each';
    if (phaseOf(id) === 'run') {
      const place = arrayOf(length);
      unload(id, place);
      return { tag: 'shared', place, length, asked };
    }
    if (asked === 'each') {
      const to = staged('', length);
      unload(id, to);
      return { tag: 'staged', staged: to };
    }
    const place = accumulator(id);
    if (!sums.has(id)) {
      const lineOf = chunkGrid.samples * bytesPerNumber;
      const shape = { lines: length, lineBytes: lineOf, terms: chunkGrid.samples };
      step('chunk', batchSums, shape, [view(id, 'chunk').place, place]);
    }
    return { tag: 'sums', place, length };
  };
  const results = new Map([...outputIds].map((id) => [id, resultOf(id)]));
  return { schedule: recorded(), parameters, inputs: [...inputs.values()], results, stagedLength };
};
