/** Where outputs are found after a run, and the steps that bring them there. */
import { meaningOf, type ValueId } from '../../program/program.ts';
import { lengthOf } from '../../program/value-type.ts';
import { isSummed } from '../schedule/batch-sum.ts';
import type { Place } from './place.ts';
import type { Arrays } from './arrays.ts';
import type { Context } from './context.ts';
import type { Staged } from './steps.ts';
import type { Sums } from './sums.ts';

/** Where an output is found after a run. */
export type Result =
  /** Sums over the batch, float64. */
  | { readonly tag: 'sums'; readonly place: Place; readonly length: number }
  /** One value for each sample, among the staged numbers. */
  | { readonly tag: 'staged'; readonly staged: Staged }
  /** A value that is the same for all samples; over the batch it is asked for as a sum, or for each. */
  | { readonly tag: 'shared'; readonly place: Place; readonly length: number; readonly asked: 'sum' | 'each' };

/** Notes the steps that bring all outputs of a program to where they are found: each value once, by whatever names. */
export const resultsOf = (
  { program, chunkGrid, values: { timeOf } }: Context,
  { shared, staged, unload }: Arrays,
  { overBatch }: Sums,
): ReadonlyMap<ValueId, Result> => {
  const resultOf = (id: ValueId): Result => {
    const type = meaningOf(program.types)(id);
    const length = lengthOf(chunkGrid.size)(type);
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
  return new Map([...new Set(Object.values(program.outputs))].map((id) => [id, resultOf(id)]));
};
