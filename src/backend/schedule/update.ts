/**
 * Updates in float64: programs without samples that are evaluated step after step, in loops over typed arrays that stay
 * where they are. To the bit it is the meaning of a program over float64, but for one thing: where float64 has no value,
 * as for the root of -1, the meaning is an error, and here IEEE's NaN goes on, so that a loss that diverges says so itself.
 */
import * as E from 'fp-ts/lib/Either.js';

import { float64 } from '../../number/float64.ts';
import type { Reals } from '../../number/reals.ts';
import { definitions } from '../../program/evaluate.ts';
import {
  alike,
  entryFunctions,
  interpret,
  mapOperands,
  operandsOf,
  uniform,
  type Algebra,
  type EntryFunction,
} from '../../program/operation.ts';
import { meaningOf, valueId, type Equation, type ValueId } from '../../program/program.ts';
import type { TypedProgram } from '../../program/typecheck.ts';
import { lengthOf } from '../../program/value-type.ts';
import { addEntries, applyToEntries, fillEntries, multiplyEntries, scaleEntries } from './entrywise.kernel.ts';
import { byLifetime, cacheLineBytes, type Buffer } from './memory-plan.ts';
import {
  otherTurn,
  updateNames,
  type WritableArrays,
  type NamedValue,
  type Turn,
  type UpdateInPlace,
} from './update-in-place.ts';

/** Computes a value from the numbers of those before it. */
type Step = (numbers: readonly Reals[]) => void;

/** Given the place of a result, the step that computes it. */
type Builder = (out: Float64Array) => Step;

/** The sum of all entries, one after the other as the meaning has it: sums in other orders round otherwise. */
const addInOrder = (out: Float64Array, value: Reals): void => {
  let sum = 0;
  for (let i = 0; i < value.length; i += 1) {
    sum += value[i]!;
  }
  out[0] = sum;
};

/** By the definition of the operation, for those that updates hardly use. */
const byDefinition = ({ types }: TypedProgram, latticeSize: number): ((equation: Equation) => Builder) => {
  const meaning = interpret(definitions(float64, latticeSize, { inputs: {}, parameters: {} }));
  return (equation) => (out) => (numbers) => {
    const value = meaning(
      mapOperands((id: ValueId) => ({ type: meaningOf(types)(id), entries: [...numbers[id]!] }))(equation),
    );
    if (E.isLeft(value)) {
      throw new RangeError(value.left.message);
    }
    out.set(value.right.entries);
  };
};

const ofEntries =
  ({ tag, value }: { readonly tag: EntryFunction; readonly value: ValueId }): Builder =>
  (out) =>
  (numbers) => {
    applyToEntries[tag](out, numbers[value]!, out.length);
  };

/** Parameters are put in their places before the first step. */
const nothing: Step = () => undefined;

const builders = (program: TypedProgram, latticeSize: number): Algebra<ValueId, Builder> => ({
  ...uniform(byDefinition(program, latticeSize)),
  ...alike(entryFunctions)(ofEntries),
  parameter: () => () => nothing,
  constant:
    ({ value }) =>
    (out) =>
    () => {
      out[0] = value;
    },
  add:
    ({ left, right }) =>
    (out) =>
    (numbers) => {
      addEntries(out, numbers[left]!, 0, numbers[right]!, 0, out.length, 1);
    },
  multiply:
    ({ left, right }) =>
    (out) =>
    (numbers) => {
      multiplyEntries(out, numbers[left]!, 0, numbers[right]!, 0, out.length, 1);
    },
  scale:
    ({ factor, value }) =>
    (out) =>
    (numbers) => {
      scaleEntries(out, numbers[factor]!, 0, numbers[value]!, 0, out.length, 1);
    },
  total:
    ({ value }) =>
    (out) =>
    (numbers) => {
      addInOrder(out, numbers[value]!);
    },
  fill:
    ({ scalar }) =>
    (out) =>
    (numbers) => {
      fillEntries(out, numbers[scalar]!, out.length, 1);
    },
});

const bytesPerReal = Float64Array.BYTES_PER_ELEMENT;

/** Places for the values that no output returns: they share memory, each from its step to the last that reads it. */
const temporaries = (
  { equations }: TypedProgram,
  lengths: readonly number[],
  isKept: (id: number) => boolean,
): ((id: number) => Float64Array) => {
  const buffers = lengths.map((length, id): Buffer => ({ id, bytes: length * bytesPerReal }));
  const touched = equations.map((equation, id) => [id, ...operandsOf(equation)].map((index) => buffers[index]!));
  const { offsets, bytes } = byLifetime(cacheLineBytes)(
    buffers.filter(({ id }) => !isKept(id) && equations[id]?.tag !== 'parameter'),
    touched,
  );
  const shared = new Float64Array(bytes / bytesPerReal);
  return (id) => {
    const start = (offsets.get(id) ?? 0) / bytesPerReal;
    return shared.subarray(start, start + (offsets.has(id) ? lengths[id]! : 0));
  };
};

/** The update in arrays in float64, all of which it makes at once, here. */
export const updateInFloat64 = (program: TypedProgram, latticeSize: number): UpdateInPlace => {
  const { equations, types, outputs } = program;
  const lengths = types.map(lengthOf(latticeSize));
  const names = updateNames(program);
  const computed = new Map(names.computed.map(({ name, id }) => [id, name]));
  const temporary = temporaries(program, lengths, (id) => computed.has(valueId(id)));
  const table = builders(program, latticeSize);

  const arraysOf = (named: readonly NamedValue[]): WritableArrays =>
    Object.fromEntries(named.map(({ name, id }) => [name, new Float64Array(lengths[id]!)]));
  const read = arraysOf(names.read);
  const outputArrays = (): WritableArrays => arraysOf(Object.entries(outputs).map(([name, id]) => ({ name, id })));
  const returned: UpdateInPlace['returned'] = [outputArrays(), outputArrays()];

  const stepTo = (to: Turn): (() => void) => {
    const [now, next] = [returned[otherTurn(to)], returned[to]];
    const own = lengths.map((_, id) => {
      const name = computed.get(valueId(id));
      return name === undefined ? temporary(id) : next[name]!;
    });
    const numbers = [...own];
    names.read.forEach(({ name, id }) => (numbers[id] = read[name]!));
    names.replaced.forEach(({ name, id }) => (numbers[id] = now[name]!));
    const steps = equations.map((equation, id) => interpret(table)(equation)(own[id]!));
    return () => {
      for (const step of steps) {
        step(numbers);
      }
      for (const { name, id } of names.copied) {
        next[name]!.set(numbers[id]!);
      }
    };
  };
  const steps = [stepTo(0), stepTo(1)] as const;
  return {
    read,
    returned,
    step: (to) => {
      steps[to]();
    },
  };
};
