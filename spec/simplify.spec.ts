/** Simplification: smaller programs, the same values. */
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';

import {
  add,
  concat,
  constant,
  fillField,
  inputField,
  inputScalar,
  modulate,
  multiply,
  outputExpressions,
  parameterScalar,
  record,
  scale,
  slice,
  tanh,
  total,
  type Expression,
} from '../src/program/expression.ts';
import { valueId } from '../src/program/program.ts';
import { identities, simplify, simplifyBy, type Identities, type Simplified } from '../src/program/simplify.ts';
import { typecheck } from '../src/program/typecheck.ts';
import { typed } from './arbitraries/program.ts';
import { verify } from './law.ts';
import {
  simplifiedIsFilled,
  simplifyIsIdempotent,
  simplifyKeepsFloats,
  simplifyKeepsGradients,
  simplifyKeepsRationals,
  type Simplify,
} from './laws/simplify.ts';
import { right } from './right.ts';

const having = (wrong: Partial<Identities>): Simplify => simplifyBy({ ...identities, ...wrong });

const constantOf = ({ operation }: Simplified): number => (operation.tag === 'constant' ? operation.value : NaN);

const scalar = (value: number): Simplified => ({ operation: { tag: 'constant', value }, type: { tag: 'scalar' } });

/** Constants are folded by float64 whether it rounds or not. */
const roundedFolding = having({
  add: (operation) => (type) => {
    const sum = constantOf(operation.left) + constantOf(operation.right);
    return Number.isFinite(sum) ? scalar(sum) : identities.add(operation)(type);
  },
});

const zeroKills: Simplify = having({
  scale: (operation) => (type) =>
    operation.factor.operation.tag === 'constant' ? operation.value : identities.scale(operation)(type),
});

const offsetLost = having({
  slice: (operation) => (type) => {
    const inner = operation.field.operation;
    return inner.tag === 'slice'
      ? { operation: { ...operation, field: inner.field }, type }
      : identities.slice(operation)(type);
  },
});

const firstPartOnly = having({
  concat:
    ({ parts }) =>
    (type) =>
      parts.find((part) => JSON.stringify(part.type) === JSON.stringify(type)) ?? null,
  slice: (operation) => (type) => {
    const inner = operation.field.operation;
    const part = inner.tag === 'concat' ? inner.parts[0] : undefined;
    return part !== undefined && JSON.stringify(part.type) === JSON.stringify(type)
      ? part
      : identities.slice(operation)(type);
  },
});

const rearranged = having({
  scale: (operation) => (type) => {
    const inner = operation.value.operation;
    const product = constantOf(operation.factor) * (inner.tag === 'scale' ? constantOf(inner.factor) : NaN);
    return inner.tag === 'scale' && Number.isFinite(product)
      ? { operation: { tag: 'scale', factor: scalar(product), value: inner.value }, type }
      : identities.scale(operation)(type);
  },
});

/** The new fill has the type of the whole field. */
const fillUncut = having({
  slice: (operation) => (type) => {
    const { operation: inner, type: whole } = operation.field;
    return inner.tag === 'fill' ? { operation: { ...inner, type: whole }, type } : identities.slice(operation)(type);
  },
});

/** Every field is taken for the first of its type: values that differ are bound once. */
const overShared: Simplify = (program) => {
  const simplified = right(simplify(program));
  const shown = simplified.types.map((type) => JSON.stringify(type));
  return typecheck({
    ...simplified,
    outputs: Object.fromEntries(
      Object.entries(simplified.outputs).map(([name, id]) => [name, valueId(shown.indexOf(shown[id] ?? ''))]),
    ),
  });
};

verify(simplifyKeepsRationals, simplify, {
  'a slice of a filled field is as wide as the field': fillUncut,
  'constants are folded with rounding': roundedFolding,
  'a slice of a slice forgets the inner offset': offsetLost,
  'a slice of a concatenation is its first part': firstPartOnly,
  'any constant factor is dropped': zeroKills,
  'different values of one type are bound once': overShared,
});

verify(simplifyKeepsFloats, simplify, {
  'two constant factors are multiplied first': rearranged,
  'a slice of a slice forgets the inner offset': offsetLost,
  'different values of one type are bound once': overShared,
});

verify(simplifyKeepsGradients, simplify, {
  'any constant factor is dropped': zeroKills,
  'different values of one type are bound once': overShared,
});

verify(simplifyIsIdempotent, simplify, {
  'every filled value gains a factor': having({
    fill:
      ({ scalar: s }) =>
      (type) => ({
        operation: { tag: 'scale', factor: scalar(2), value: { operation: { tag: 'fill', type, scalar: s }, type } },
        type,
      }),
  }),
});

/** Gives every equation the operands of a sum. */
const operandsOfASum: Simplify = (program) =>
  E.Functor.map(simplify(program), (simplified) => ({
    ...simplified,
    equations: simplified.equations.map((equation) => ({ left: undefined, right: undefined, ...equation })),
  }));

verify(simplifiedIsFilled, simplify, { 'every equation has the operands of a sum': operandsOfASum });

describe('redundancy goes', () => {
  const x = inputField('x', 1, 2);
  const v = inputField('v', 3, 2);
  const s = parameterScalar('s');
  const y = inputScalar('y');
  const ones = fillField(1, 2)(constant(1));

  const pairs: Readonly<Record<string, readonly [Expression, Expression]>> = {
    '1 x': [scale(constant(1))(x), x],
    'x + 0': [add(x, fillField(1, 2)(constant(0))), x],
    '-(-x)': [scale(constant(-1))(scale(constant(-1))(x)), x],
    '-(3 x)': [scale(constant(-1))(scale(constant(3))(x)), scale(constant(-3))(x)],
    'x times ones': [multiply(x, ones), x],
    'a vector modulated by ones': [modulate(ones)(v), v],
    'x times a field filled with s': [multiply(x, fillField(1, 2)(s)), scale(s)(x)],
    'the total of a scalar': [total(y), y],
    'constants whose sum is exact': [add(constant(0.5), constant(0.25)), constant(0.75)],
    'one part': [concat([x]), x],
    'all channels': [slice(0, 2)(x), x],
    'some channels of a field filled with s': [slice(1, 3)(fillField(1, 4)(s)), fillField(1, 2)(s)],
    'the second part': [slice(2, 4)(concat([tanh(x), x])), x],
    'a + b and b + a': [multiply(add(y, s), add(s, y)), multiply(add(y, s), add(y, s))],
  };

  it.each(Object.keys(pairs))('%s', (name) => {
    const [long, short] = pairs[name] ?? [x, x];
    // The order of equations is that of the program: only what is computed from what is compared.
    const simplified = (z: Expression) => record(outputExpressions(right(simplify(typed(record({ z }))))));
    expect(simplified(long)).toEqual(simplified(short));
    expect(simplified(long).equations.length).toBeLessThanOrEqual(record({ z: short }).equations.length);
  });

  it('but 0 x stays, since x may be infinite', () => {
    const program = typed(record({ z: scale(constant(0))(x) }));
    expect(right(simplify(program)).equations).toHaveLength(3);
  });

  it('and 0.1 + 0.2 stays, since its sum is no float64 number', () => {
    const program = typed(record({ z: add(constant(0.1), constant(0.2)) }));
    expect(right(simplify(program)).equations).toHaveLength(3);
  });

  it('and what no output needs is gone', () => {
    const program = typed(record({ z: x, unused: tanh(x) }));
    expect(right(simplify({ ...program, outputs: { z: valueId(0) } })).equations).toHaveLength(1);
  });
});
