/**
 * Which values can be summed over the batch while they are computed.
 *
 * An output of kernel or bias type is asked for as its sum over the batch. Where it is a `kernelGradient`, a
 * `sumSites` or a sum of such, and nothing else reads it, its terms are added to one accumulator as they arise,
 * sample by sample.
 */
import { isPointwise, operandsOf } from '../../program/operation.ts';
import { meaningOf, type Program, type ValueId } from '../../program/program.ts';
import type { ValueType } from '../../program/value-type.ts';
import type { BindingTime } from './binding-time.ts';

/** Whether an output of this type is asked for as its sum over the batch; others come back for each sample. */
export const isSummed = ({ tag }: ValueType): boolean => tag === 'kernel' || tag === 'bias';

/** How often each value is read by equations. */
const readers = ({ equations }: Program): readonly number[] => {
  const counts = equations.map(() => 0);
  for (const id of equations.flatMap(operandsOf)) {
    counts[id] = (counts[id] ?? 0) + 1;
  }
  return counts;
};

/** The values to be added to the accumulator of an output, each with that output. */
export const batchSums = (program: Program, times: readonly BindingTime[]): ReadonlyMap<ValueId, ValueId> => {
  const reads = readers(program);
  const outputs = new Set(Object.values(program.outputs));
  /** The values that make up a sum; none if one of them is wanted elsewhere, or is no sum over sites or samples. */
  const terms = (id: ValueId, readersAllowed: number): readonly ValueId[] => {
    const equation = meaningOf(program.equations)(id);
    if (meaningOf(reads)(id) !== readersAllowed || (readersAllowed > 0 && outputs.has(id)) || times[id] !== 'sample') {
      return [];
    }
    if (isPointwise(equation)) {
      const [left, right] = equation.tag === 'add' ? [terms(equation.left, 1), terms(equation.right, 1)] : [[], []];
      return left.length > 0 && right.length > 0 ? [id, ...left, ...right] : [];
    }
    switch (equation.tag) {
      case 'kernelGradient':
      case 'sumSites':
        return [id];
      case 'input':
      case 'parameter':
      case 'constant':
      case 'correlate':
      case 'correlateTransposed':
      case 'total':
      case 'fill':
      case 'broadcast':
      case 'concat':
      case 'slice':
        return [];
    }
  };
  return new Map([...outputs].flatMap((id) => terms(id, 0).map((term) => [term, id] as const)));
};
