/** From operations to steps: a program on one lattice size, for chunks of so many samples, as calls of kernels. */
import { alike, interpret, pointwise, type Algebra } from '../../program/operation.ts';
import { meaningOf, valueId, type Equation, type ValueId } from '../../program/program.ts';
import { promisedField } from '../../program/promised-type.ts';
import type { TypedProgram } from '../../program/typecheck.ts';
import { lengthOf } from '../../program/value-type.ts';
import { batchSums, isSummed } from '../schedule/batch-sum.ts';
import { bindingTimes } from '../schedule/binding-time.ts';
import { beyond, type Place } from '../schedule/buffer.ts';
import { fusionOf } from '../schedule/fusion.ts';
import { arraysOf } from './arrays.ts';
import type { Context } from './context.ts';
import { correlationsOf, type Correlated } from './correlations.ts';
import type { Grid } from './grid.ts';
import type { Arithmetic } from './kernels/arithmetic.ts';
import { recorder, type Schedule, type Staged } from './steps.ts';
import { sumsOf } from './sums.ts';
import { sweepOf } from './sweeps.ts';
import { forwards, reflected } from './taps.ts';
import { halosOf, valuesOf } from './values.ts';

/** Where an output is found after a run. */
export type Result =
  /** Sums over the batch, float64. */
  | { readonly tag: 'sums'; readonly place: Place; readonly length: number }
  /** One value for each sample, among the staged numbers. */
  | { readonly tag: 'staged'; readonly staged: Staged }
  /** A value that is the same for all samples; over the batch it is asked for as a sum, or for each. */
  | { readonly tag: 'shared'; readonly place: Place; readonly length: number; readonly asked: 'sum' | 'each' };

/** A program as steps, and where its parameters, inputs and outputs are exchanged with the caller. */
export interface Lowered {
  readonly schedule: Schedule;
  /** Where each parameter is put before a run. */
  readonly parameters: readonly { readonly name: string; readonly place: Place; readonly length: number }[];
  readonly inputs: readonly Staged[];
  readonly results: ReadonlyMap<ValueId, Result>;
  /** Numbers of each sample in all staged arrays together. */
  readonly stagedLength: number;
}

/** Writes the parts of a concatenation one after the other, each into its own channels. */
const concatenation = ({ program, values: { timeOf, store, close, view, sweep } }: Context) => {
  const typeOf = meaningOf(program.types);
  return (id: ValueId, parts: readonly ValueId[]): void => {
    const time = timeOf(id);
    const to = store(id);
    const counts = parts.map((part) => promisedField(typeOf(part)).channels);
    parts.forEach((part, index) => {
      const before = counts.slice(0, index).reduce((sum, count) => sum + count, 0);
      const place = beyond(to.place, before * to.strides.channel);
      const from = view(part, time);
      sweep(time, from.extents, [{ tag: 'entry', field: 0, offset: 0 }], [from], { ...to, place }, false);
    });
    close(id);
  };
};

/** What a correlation reads, and its taps in the order of its direction; null for any other operation. */
const correlatedIn =
  ({ types }: TypedProgram) =>
  (equation: Equation): Correlated | null => {
    if (equation.tag !== 'correlate' && equation.tag !== 'correlateTransposed') {
      return null;
    }
    const { kernel, field } = equation;
    return { kernel, field, taps: (equation.tag === 'correlate' ? forwards : reflected)(meaningOf(types)(kernel)) };
  };

/**
 * Lowers a program to steps for chunks of `chunkGrid.samples` samples on its lattice. Sums over the batch are kept in
 * float64, all other values in float32.
 */
export const lower = (program: TypedProgram, chunkGrid: Grid, arithmetic: Arithmetic): Lowered => {
  const { equations, types } = program;
  const { size: N } = chunkGrid;
  const typeOf = meaningOf(types);
  const outputs = new Set(Object.values(program.outputs));
  const times = bindingTimes(program);
  const terms = batchSums(program, times);
  const fusion = fusionOf(program, times, outputs);
  const record = recorder();
  const values = valuesOf(program, times, chunkGrid, arithmetic, record, halosOf(program));
  const sweepFor = sweepOf(program, fusion, values, arithmetic, N);
  const context: Context = { program, latticeSize: N, arithmetic, record, values, sweepFor };
  const { timeOf, store, close, sweep } = values;
  const { staged, stagedLength, shared, load, unload } = arraysOf(context);
  const { extentsOf, total, sumSites, placeOfTerm, overBatch } = sumsOf(context, terms);
  const { correlation, gradient } = correlationsOf(context);
  const concat = concatenation(context);
  const correlated = correlatedIn(program);
  const parameters = new Array<Lowered['parameters'][number]>();
  const inputs = new Map<string, Staged>();

  const swept = (id: ValueId): void => {
    const time = timeOf(id);
    const { fields, nodes } = sweepFor(id, time);
    const to = store(id);
    sweep(time, extentsOf(id, time), nodes, fields, to, false);
    close(id);
  };

  const correlationAt = (id: ValueId, at: ValueId, start: ValueId | null): void => {
    const operands = correlated(meaningOf(equations)(at));
    if (operands !== null) {
      correlation(id, operands, start);
    }
  };

  const nothing = (): void => undefined;
  const absorbedCorrelations = new Set([...fusion.absorbed.values()].map(({ correlation: id }) => id));

  /** What computes the value with the given index. */
  const lowered = (id: ValueId): Algebra<ValueId, void> => ({
    ...alike(pointwise)(() => {
      swept(id);
    }),
    input: ({ name, type }) => {
      const known = inputs.get(name) ?? staged(name, lengthOf(N)(type));
      inputs.set(name, known);
      load(id, known);
    },
    parameter: ({ name, type }) => {
      const length = lengthOf(N)(type);
      const place = shared(length);
      parameters.push({ name, place, length });
      load(id, place);
    },
    constant: nothing,
    fill: nothing,
    broadcast: nothing,
    slice: nothing,
    correlate: () => {
      correlationAt(id, id, null);
    },
    correlateTransposed: () => {
      correlationAt(id, id, null);
    },
    kernelGradient: ({ size, field, cotangent }) => {
      gradient(id, size, field, cotangent, placeOfTerm(id));
    },
    add: () => {
      const absorbed = fusion.absorbed.get(id);
      if (absorbed === undefined) {
        swept(id);
      } else {
        correlationAt(id, absorbed.correlation, absorbed.start);
      }
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
    const isSumOfTerms = equation.tag === 'add' && terms.has(id);
    if (!fusion.isInlined(id) && !absorbedCorrelations.has(id) && !isSumOfTerms) {
      interpret(lowered(id))(equation);
    }
  });

  const resultOf = (id: ValueId): Result => {
    const type = typeOf(id);
    const length = lengthOf(N)(type);
    const asked = isSummed(type) ? 'sum' : 'each';
    if (timeOf(id) === 'run') {
      const place = shared(length);
      unload(id, place);
      return { tag: 'shared', place, length, asked };
    }
    if (asked === 'sum') {
      return { tag: 'sums', place: overBatch(id), length };
    }
    const to = staged('', length);
    unload(id, to);
    return { tag: 'staged', staged: to };
  };
  const results = new Map([...outputs].map((id) => [id, resultOf(id)]));
  return {
    schedule: record.recorded(),
    parameters,
    inputs: [...inputs.values()],
    results,
    stagedLength: stagedLength(),
  };
};
