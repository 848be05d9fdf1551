/**
 * Simplification as a source transformation: a smaller program with the same values.
 *
 * It drops what no output needs, binds equal equations once (a + b and b + a are equal), folds constants, and applies
 * the identities of the table below. Every step keeps every value: exactly in rationals, and to the last bit in
 * float64, where the two zeros count as one number. What would only nearly do so is left out: constants are folded
 * where their sum or product is a float64 number, sums are not rearranged, and 0 x stays, since x may be infinite.
 * That every output keeps its type and its value, for every program, is proven in `proofs/coq/Simplify.v`.
 */
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';

import { rational, type Rational } from '../number/rational.ts';
import {
  alike,
  entryFunctions,
  interpret,
  isCommutative,
  mapOperands,
  operandsOf,
  type Algebra,
  type Operation,
} from './operation.ts';
import { foldEquations, meaningOf, outputsOf, valueId, type Equation, type Program, type ValueId } from './program.ts';
import { typecheck, type ProgramError, type TypedProgram } from './typecheck.ts';
import { fieldType, sameType, type ValueType } from './value-type.ts';

/** A value of the program that is being simplified: what computes it, and its type. */
export interface Simplified {
  readonly operation: Operation<Simplified>;
  readonly type: ValueType;
}

/** An identity: another way to compute an operation's value, or null where it says nothing. Its type comes along. */
export type Identities = Algebra<Simplified, (type: ValueType) => Simplified | null>;

const keep = () => null;

const constantOf = ({ operation }: Simplified): number | null =>
  operation.tag === 'constant' ? operation.value : null;

const constant = (value: number): Simplified => ({ operation: { tag: 'constant', value }, type: { tag: 'scalar' } });

const scaled = (factor: Simplified, value: Simplified): Simplified => ({
  operation: { tag: 'scale', factor, value },
  type: value.type,
});

/** The scalar that fills a value, or null where it is no fill. */
const filling = ({ operation }: Simplified): Simplified | null => (operation.tag === 'fill' ? operation.scalar : null);

const isFilledWith =
  (entry: number) =>
  (value: Simplified): boolean => {
    const scalar = value.type.tag === 'scalar' ? value : filling(value);
    return scalar !== null && constantOf(scalar) === entry;
  };

const isZero = isFilledWith(0);

const isOne = isFilledWith(1);

/** The constant f(a, b), if float64 computes it without rounding. */
const folded =
  (float64: (a: number, b: number) => number, exact: (a: Rational, b: Rational) => Rational) =>
  (left: Simplified, right: Simplified): Simplified | null => {
    const [a, b] = [constantOf(left), constantOf(right)];
    if (a === null || b === null) {
      return null;
    }
    const value = float64(a, b);
    const { fromNumber, equals } = rational;
    return Number.isFinite(value) && equals(fromNumber(value), exact(fromNumber(a), fromNumber(b)))
      ? constant(value)
      : null;
  };

const foldedSum = folded((a, b) => a + b, rational.add);

const foldedProduct = folded((a, b) => a * b, rational.mul);

/** s y for a product x y with x filled with the scalar s. */
const scaledByFilling = (filled: Simplified, value: Simplified): Simplified | null => {
  const scalar = filling(filled);
  return scalar === null ? null : scaled(scalar, value);
};

const channelsOf = ({ type }: Simplified): number => (type.tag === 'field' ? type.channels : 0);

const sliced = (from: number, to: number, field: Simplified): Simplified => ({
  operation: { tag: 'slice', from, to, field },
  type: fieldType(field.type.tag === 'field' ? field.type.components : 1, to - from),
});

/** A slice that lies within one part of a concatenation is a slice of that part. */
const sliceOfPart = (from: number, to: number, parts: readonly Simplified[]): Simplified | null => {
  const [part, ...others] = parts;
  if (part === undefined) {
    return null;
  }
  const channels = channelsOf(part);
  if (from >= channels) {
    return sliceOfPart(from - channels, to - channels, others);
  }
  return to <= channels ? sliced(from, to, part) : null;
};

/** One line an operation: x + 0 = x, 1 x = x, .. */
export const identities: Identities = {
  ...alike(entryFunctions)(() => keep),
  input: () => keep,
  parameter: () => keep,
  constant: () => keep,
  correlate: () => keep,
  correlateTransposed: () => keep,
  kernelGradient: () => keep,
  add:
    ({ left, right }) =>
    () =>
      isZero(left) ? right : isZero(right) ? left : foldedSum(left, right),
  multiply:
    ({ left, right }) =>
    () =>
      isOne(left)
        ? right
        : isOne(right)
          ? left
          : (foldedProduct(left, right) ?? scaledByFilling(left, right) ?? scaledByFilling(right, left)),
  scale:
    ({ factor, value }) =>
    () => {
      if (isOne(factor)) {
        return value;
      }
      const inner = value.operation;
      return inner.tag === 'scale' && (constantOf(factor) === -1 || constantOf(inner.factor) === -1)
        ? pipe(foldedProduct(factor, inner.factor), (both) => both && scaled(both, inner.value))
        : foldedProduct(factor, value);
    },
  contract: () => keep,
  modulate:
    ({ amplitude, vector }) =>
    () =>
      isOne(amplitude) ? vector : scaledByFilling(amplitude, vector),
  total:
    ({ value }) =>
    () =>
      value.type.tag === 'scalar' ? value : null,
  fill:
    ({ scalar }) =>
    (type) =>
      type.tag === 'scalar' ? scalar : null,
  sumSites: () => keep,
  broadcast: () => keep,
  concat:
    ({ parts }) =>
    () => {
      const [only, ...others] = parts;
      return only !== undefined && others.length === 0 ? only : null;
    },
  slice:
    ({ from, to, field }) =>
    (type) => {
      const inner = field.operation;
      if (sameType(type, field.type)) {
        return field;
      }
      if (inner.tag === 'slice') {
        return sliced(inner.from + from, inner.from + to, inner.field);
      }
      if (inner.tag === 'concat') {
        return sliceOfPart(from, to, inner.parts);
      }
      return inner.tag === 'fill' ? { operation: { tag: 'fill', type, scalar: inner.scalar }, type } : null;
    },
};

/** Applies identities to one value until none says anything; each makes it smaller, so this ends. */
const rewritten =
  (table: Identities) =>
  (value: Simplified): Simplified => {
    const better = interpret(table)(value.operation)(value.type);
    return better === null ? value : rewritten(table)(better);
  };

const ordered = (left: ValueId, right: ValueId): { readonly left: ValueId; readonly right: ValueId } =>
  left <= right ? { left, right } : { left: right, right: left };

/** Operands that may change places, in the order of their equations: both orders compute the same numbers. */
const commuted = (equation: Equation): Equation =>
  isCommutative(equation) ? { ...equation, ...ordered(equation.left, equation.right) } : equation;

/**
 * Lays values out in their order, their new parts just before them, equal ones once. The order stays what it was, so a
 * program that is laid out again comes out the same.
 */
const laidOut = (values: readonly Simplified[], outputs: Readonly<Record<string, Simplified>>): Program => {
  const bound = new Map<string, { readonly id: ValueId; readonly equation: Equation }>();
  const walked = new Map<Simplified, ValueId>();
  const walk = (value: Simplified): ValueId => {
    const known = walked.get(value);
    if (known !== undefined) {
      return known;
    }
    const equation = commuted(mapOperands(walk)(value.operation));
    const key = JSON.stringify(equation);
    const binding = bound.get(key) ?? { id: valueId(bound.size), equation };
    bound.set(key, binding);
    walked.set(value, binding.id);
    return binding.id;
  };
  values.forEach(walk);
  const ids = Object.entries(outputs).map(([name, value]) => [name, walk(value)] as const);
  return { equations: [...bound.values()].map(({ equation }) => equation), outputs: Object.fromEntries(ids) };
};

/** The program without what no output needs. */
const alive = ({ equations, outputs }: Program): Program => {
  const needed = new Set(Object.values(outputs));
  equations
    .map((equation, index) => ({ equation, id: valueId(index) }))
    .toReversed()
    .forEach(({ equation, id }) => {
      (needed.has(id) ? operandsOf(equation) : []).forEach((operand) => needed.add(operand));
    });
  const kept = equations.flatMap((_, index) => (needed.has(valueId(index)) ? [valueId(index)] : []));
  const renumbered = new Map(kept.map((id, index) => [id, valueId(index)]));
  const newId = (id: ValueId): ValueId => renumbered.get(id) ?? id;
  return {
    equations: kept.map((id) => mapOperands(newId)(meaningOf(equations)(id))),
    outputs: Object.fromEntries(Object.entries(outputs).map(([name, id]) => [name, newId(id)])),
  };
};

/** The simplification that goes by these identities. */
export const simplifyBy =
  (table: Identities) =>
  (program: TypedProgram): Either<ProgramError, TypedProgram> => {
    const values = foldEquations<Simplified>((known, equation, id) =>
      rewritten(table)({ operation: mapOperands(known)(equation), type: meaningOf(program.types)(id) }),
    )(program);
    return typecheck(alive(laidOut(values, outputsOf(program)(values))));
  };

/**
 * The same program, smaller: every output keeps its name, its type and its value.
 *
 * @example
 * pipe(
 *   typecheck(record({ y: add(constant(1), constant(2)) })),
 *   E.chain(simplify),
 *   E.map(({ equations }) => equations),
 * ) // right([{ tag: 'constant', value: 3 }])
 */
export const simplify = simplifyBy(identities);
