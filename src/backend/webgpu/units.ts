/**
 * What a kernel has to do for each pass: where it runs, and what it reads.
 *
 * Entries of fields with as many channels lie in one space, whose points are channels and sites: what one invocation has
 * computed at a point, of each component, it can go on with there. Other values are spaces of their own.
 */
import type { Operation } from '../../program/operation.ts';
import { meaningOf, type ValueId } from '../../program/program.ts';
import type { TypedProgram } from '../../program/typecheck.ts';
import { showType, type ValueType } from '../../program/value-type.ts';
import { isSummed } from '../schedule/batch-sum.ts';
import type { Correlation, Pass, Passes } from '../schedule/passes.ts';
import type { Sweep } from '../schedule/sweep.ts';
import { originOf } from './access.ts';

/** A sum that each entry of a bias or kernel is. */
export type Summed =
  | { readonly tag: 'sites'; readonly sweep: Sweep }
  | { readonly tag: 'kernelGradient'; readonly operation: Operation<ValueId, 'kernelGradient'> }
  /** A value that is known by sample, and wanted as the sum over the batch. */
  | { readonly tag: 'value'; readonly value: ValueId };

/** What is computed. */
export type Work =
  | { readonly tag: 'correlation'; readonly correlation: Correlation; readonly start: ValueId | null }
  | { readonly tag: 'each'; readonly sweep: Sweep }
  | { readonly tag: 'total'; readonly sweep: Sweep }
  | { readonly tag: 'concat'; readonly operation: Operation<ValueId, 'concat'> }
  /** A value that is an argument, a view or a constant, and is wanted as an output. */
  | { readonly tag: 'copy'; readonly value: ValueId }
  | { readonly tag: 'sums'; readonly of: Summed }
  /** A part of the sum of an output over the batch. */
  | { readonly tag: 'term'; readonly of: Summed; readonly output: ValueId };

/** A value that is read; `isHere` where it is read at the point alone where the result is. */
export interface Read {
  readonly value: ValueId;
  readonly isHere: boolean;
}

/** One thing to do. */
export interface Unit {
  readonly value: ValueId;
  /** The space that it runs through point by point; null where each result needs a loop of its own. */
  readonly space: string | null;
  readonly reads: readonly Read[];
  readonly work: Work;
}

const spaceOf = (type: ValueType): string => (type.tag === 'field' ? `field of ${type.channels}` : showType(type));

/** Whether a unit's result is a value in memory, under its own place. */
export const isValue = ({ work }: Unit): boolean => work.tag !== 'copy' && work.tag !== 'term';

/** The units of a program in an order in which they can be done. */
export const unitsOf = (program: TypedProgram, { times, passes, terms }: Passes): readonly Unit[] => {
  const typeOf = meaningOf(program.types);
  const timeOf = meaningOf(times);
  const spaceAt = (id: ValueId): string => `${timeOf(id)} ${spaceOf(typeOf(id))}`;
  const readOf = (id: ValueId, isSwept: boolean): readonly Read[] => {
    const origin = originOf(program, id);
    return origin === null ? [] : [{ value: origin.value, isHere: isSwept && origin.isSameEntry }];
  };
  const readsOf = ({ expression, of, stores }: Sweep): readonly Read[] =>
    expression.flatMap((node) => {
      if (node.tag !== 'leaf') {
        return [];
      }
      // In the space of scalars a scalar is where the result is.
      const isSwept = of === 'each' && (node.leaf.tag === 'entry' || typeOf(stores).tag === 'scalar');
      return readOf(node.leaf.value, isSwept);
    });
  const unit = (value: ValueId, isByPoint: boolean, reads: readonly Read[], work: Work): Unit => ({
    value,
    space: isByPoint ? spaceAt(value) : null,
    reads,
    work,
  });
  const ofSum = (value: ValueId, of: Summed, reads: readonly Read[]): Unit => {
    const output = terms.get(value);
    return unit(value, false, reads, output === undefined ? { tag: 'sums', of } : { tag: 'term', of, output });
  };

  const unitsAt = (pass: Pass): readonly Unit[] => {
    const value = pass.stores;
    switch (pass.tag) {
      case 'sweep': {
        const { sweep } = pass;
        const reads = readsOf(sweep);
        return sweep.of === 'sites'
          ? [ofSum(value, { tag: 'sites', sweep }, reads)]
          : [unit(value, true, reads, { tag: sweep.of, sweep })];
      }
      case 'correlation': {
        const { kernel, field } = pass.correlation;
        const reads = [
          ...readOf(kernel, false),
          ...readOf(field, false),
          ...(pass.start === null ? [] : readOf(pass.start, true)),
        ];
        return [unit(value, true, reads, { tag: 'correlation', correlation: pass.correlation, start: pass.start })];
      }
      case 'operation': {
        const { operation } = pass;
        switch (operation.tag) {
          case 'input':
          case 'parameter':
            return [];
          case 'kernelGradient': {
            const reads = [...readOf(operation.field, false), ...readOf(operation.cotangent, false)];
            return [ofSum(value, { tag: 'kernelGradient', operation }, reads)];
          }
          case 'concat':
            return [
              unit(
                value,
                true,
                operation.parts.flatMap((part) => readOf(part, false)),
                { tag: 'concat', operation },
              ),
            ];
        }
      }
    }
  };
  const units = passes.flatMap(unitsAt);

  const computed = new Set(units.filter(isValue).map(({ value }) => value));
  const summed = new Set(units.flatMap(({ work }) => (work.tag === 'term' ? [work.output] : [])));
  const wanted = [...new Set(Object.values(program.outputs))].flatMap((id): readonly Unit[] => {
    if (timeOf(id) === 'sample' && isSummed(typeOf(id))) {
      return summed.has(id)
        ? []
        : [unit(id, false, readOf(id, false), { tag: 'term', of: { tag: 'value', value: id }, output: id })];
    }
    const equation = meaningOf(program.equations)(id);
    return computed.has(id) || equation.tag === 'input'
      ? []
      : [unit(id, true, readOf(id, true), { tag: 'copy', value: id })];
  });
  return [...units, ...wanted];
};
