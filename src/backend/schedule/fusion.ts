/**
 * Which values are computed where they are used, and never written to memory.
 *
 * A value that is defined entry by entry and has one reader, itself defined or summed entry by entry, becomes part of
 * the reader's sweep. A correlation that has one reader, a sum, starts from the other summand instead of zero.
 */
import { isPointwise, operandsOf } from '../../program/operation.ts';
import { meaningOf, readersOf, valueId, type Equation, type ValueId } from '../../program/program.ts';
import type { TypedProgram } from '../../program/typecheck.ts';
import type { BindingTime } from './binding-time.ts';

/** What a fused program never writes to memory: values inside their reader's sweep, and correlations inside a sum. */
export interface Fusion {
  /** Whether a value is part of its reader's sweep. */
  readonly isInlined: (id: ValueId) => boolean;
  /** The correlation that a sum absorbs, and the summand that it starts from. */
  readonly absorbed: ReadonlyMap<ValueId, { readonly correlation: ValueId; readonly start: ValueId }>;
}

/** The operands that an operation reads in the order of its own sweep. */
const sweptOperands = (equation: Equation): readonly ValueId[] => {
  if (isPointwise(equation)) {
    return equation.tag === 'scale' ? [equation.value] : operandsOf<ValueId>(equation);
  }
  switch (equation.tag) {
    case 'total':
      return [equation.value];
    case 'sumSites':
      return [equation.field];
    case 'input':
    case 'parameter':
    case 'constant':
    case 'correlate':
    case 'correlateTransposed':
    case 'kernelGradient':
    case 'fill':
    case 'broadcast':
    case 'concat':
    case 'slice':
      return [];
  }
};

/** Most values in one sweep: their operands must find room in registers. */
const mostInSweep = 12;

/** Decides for a program whose values have these binding times; `kept` are values that are wanted for themselves. */
export const fusionOf = (program: TypedProgram, times: readonly BindingTime[], kept: ReadonlySet<ValueId>): Fusion => {
  const { equations, types } = program;
  const equation = meaningOf(equations);
  const readers = readersOf(program);
  const soleReader = (id: ValueId): ValueId | undefined => {
    const [reader, ...others] = kept.has(id) ? [] : new Set(meaningOf(readers)(id));
    return others.length === 0 ? reader : undefined;
  };
  const sameTime = (a: ValueId, b: ValueId): boolean => times[a] === times[b];

  /** A correlation with one kernel for all samples, which nothing but `sum` reads. */
  const canStartFrom = (correlation: ValueId, sum: ValueId): boolean => {
    const inner = equation(correlation);
    return (
      (inner.tag === 'correlate' || inner.tag === 'correlateTransposed') &&
      soleReader(correlation) === sum &&
      sameTime(correlation, sum) &&
      times[inner.kernel] === 'run'
    );
  };
  const absorbed = new Map(
    equations.flatMap((sum, index) => {
      const id = valueId(index);
      if (sum.tag !== 'add' || sum.left === sum.right) {
        return [];
      }
      const [earlier, later] = sum.left < sum.right ? [sum.left, sum.right] : [sum.right, sum.left];
      const pair = canStartFrom(later, id)
        ? { correlation: later, start: earlier }
        : canStartFrom(earlier, id)
          ? { correlation: earlier, start: later }
          : null;
      return pair === null ? [] : [[id, pair] as const];
    }),
  );

  /** The value whose sweep computes each value, and how many it computes. */
  const sweeps = new Map<ValueId, ValueId>();
  const sizes = new Map<ValueId, number>();
  const componentsOf = (id: ValueId): number => {
    const type = meaningOf(types)(id);
    return type.tag === 'field' ? type.components : 1;
  };
  /** The components that a sweep runs through, one after the other: of what it sums, or of its result. */
  const sweptComponents = (root: ValueId): number => {
    const outer = equation(root);
    if (outer.tag === 'total') {
      return componentsOf(outer.value);
    }
    return componentsOf(outer.tag === 'sumSites' ? outer.field : root);
  };
  const joins = (id: ValueId): boolean => {
    const reader = soleReader(id);
    if (reader === undefined || absorbed.has(id) || absorbed.has(reader) || !sameTime(id, reader)) {
      return false;
    }
    const outer = equation(reader);
    const root = sweeps.get(reader) ?? reader;
    // An amplitude would be computed once for each component of the vector.
    const repeats = outer.tag === 'modulate' && outer.amplitude === id && sweptComponents(root) > 1;
    return (
      isPointwise(equation(id)) &&
      sweptOperands(outer).includes(id) &&
      !(outer.tag === 'scale' && outer.factor === id) &&
      !repeats &&
      (sizes.get(root) ?? 1) < mostInSweep
    );
  };
  for (let index = equations.length - 1; index >= 0; index -= 1) {
    const id = valueId(index);
    const reader = soleReader(id);
    if (reader !== undefined && joins(id)) {
      const root = sweeps.get(reader) ?? reader;
      sweeps.set(id, root);
      sizes.set(root, (sizes.get(root) ?? 1) + 1);
    }
  }
  return { isInlined: (id) => sweeps.has(id), absorbed };
};
