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

/** A program, and what decides over fusion in it. */
interface Reading extends TypedProgram {
  readonly equationOf: (id: ValueId) => Equation;
  /** The one equation that reads a value, which nobody else wants. */
  readonly soleReader: (id: ValueId) => ValueId | undefined;
  readonly timeOf: (id: ValueId) => BindingTime;
}

const readingOf = (program: TypedProgram, times: readonly BindingTime[], kept: ReadonlySet<ValueId>): Reading => {
  const readers = meaningOf(readersOf(program));
  return {
    ...program,
    equationOf: meaningOf(program.equations),
    // A square reads its value twice, and is one reader.
    soleReader: (id) => {
      const [reader, ...others] = kept.has(id) ? [] : new Set(readers(id));
      return others.length === 0 ? reader : undefined;
    },
    timeOf: meaningOf(times),
  };
};

/** Whether a sum can go on in a correlation: nothing else reads it, and it has one kernel for all samples. */
const canGoOnIn = (reading: Reading, correlation: ValueId, sum: ValueId): boolean => {
  const { equationOf, soleReader, timeOf } = reading;
  const inner = equationOf(correlation);
  return (
    (inner.tag === 'correlate' || inner.tag === 'correlateTransposed') &&
    soleReader(correlation) === sum &&
    timeOf(correlation) === timeOf(sum) &&
    timeOf(inner.kernel) === 'run'
  );
};

/** The sums that a correlation computes. Of two that could, the later one does: the other is there by then. */
const absorbedIn = (reading: Reading): Fusion['absorbed'] =>
  new Map(
    reading.equations.flatMap((sum, index) => {
      const id = valueId(index);
      if (sum.tag !== 'add' || sum.left === sum.right) {
        return [];
      }
      const [earlier, later] = sum.left < sum.right ? [sum.left, sum.right] : [sum.right, sum.left];
      if (canGoOnIn(reading, later, id)) {
        return [[id, { correlation: later, start: earlier }] as const];
      }
      return canGoOnIn(reading, earlier, id) ? [[id, { correlation: earlier, start: later }] as const] : [];
    }),
  );

/** The components that a sweep runs through, one after the other: of what it sums, or of its result. */
const sweptComponents = ({ equationOf, types }: Reading, root: ValueId): number => {
  const outer = equationOf(root);
  const [swept = root] = outer.tag === 'total' || outer.tag === 'sumSites' ? operandsOf<ValueId>(outer) : [];
  const type = meaningOf(types)(swept);
  return type.tag === 'field' ? type.components : 1;
};

/** Whether the sweep that stores `root` would compute each entry of a value once, where its reader asks for it. */
const isComputedOnce = (reading: Reading, id: ValueId, reader: ValueId, root: ValueId): boolean => {
  const outer = reading.equationOf(reader);
  const isFactor = outer.tag === 'scale' && outer.factor === id;
  // An amplitude would be computed for each component of the vector.
  const isRepeated = outer.tag === 'modulate' && outer.amplitude === id && sweptComponents(reading, root) > 1;
  return sweptOperands(outer).includes(id) && !isFactor && !isRepeated;
};

/** The values that become part of their reader's sweep, decided from the last reader on, so that its root is known. */
const inlinedIn = (reading: Reading, absorbed: Fusion['absorbed']): ReadonlySet<ValueId> => {
  const { equations, equationOf, soleReader, timeOf } = reading;
  /** The value that stores what the sweep computes which a value is part of. */
  const roots = new Map<ValueId, ValueId>();
  /** How many values a sweep computes. */
  const sizes = new Map<ValueId, number>();
  for (let index = equations.length - 1; index >= 0; index -= 1) {
    const id = valueId(index);
    const reader = soleReader(id);
    if (reader === undefined || absorbed.has(id) || absorbed.has(reader) || timeOf(id) !== timeOf(reader)) {
      continue;
    }
    const root = roots.get(reader) ?? reader;
    const size = sizes.get(root) ?? 1;
    if (size < mostInSweep && isPointwise(equationOf(id)) && isComputedOnce(reading, id, reader, root)) {
      roots.set(id, root);
      sizes.set(root, size + 1);
    }
  }
  return new Set(roots.keys());
};

/** Decides for a program whose values have these binding times; `kept` are values that are wanted for themselves. */
export const fusionOf = (program: TypedProgram, times: readonly BindingTime[], kept: ReadonlySet<ValueId>): Fusion => {
  const reading = readingOf(program, times, kept);
  const absorbed = absorbedIn(reading);
  const inlined = inlinedIn(reading, absorbed);
  return { isInlined: (id) => inlined.has(id), absorbed };
};
