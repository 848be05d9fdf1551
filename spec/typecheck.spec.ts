/** Types of programs: what is refused, with which words, and that nothing else is. */
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';

import {
  add,
  broadcast,
  concat,
  constant,
  contract,
  correlate,
  correlateTransposed,
  fillField,
  inputField,
  kernelGradient,
  modulate,
  parameterBias,
  parameterKernel,
  record,
  slice,
  total,
  type Expression,
} from '../src/program/expression.ts';
import type { Operation } from '../src/program/operation.ts';
import { meaningOf, valueId, type Program } from '../src/program/program.ts';
import { programError, typecheck } from '../src/program/typecheck.ts';
import { verify } from './law.ts';
import { operationsHaveTheirShapes } from './laws/shape-rules.ts';
import { recordedProgramsTypecheck, typedProgramsEvaluate, type Typecheck } from './laws/typecheck.ts';
import { messageOf } from './right.ts';

/** A checker that does not look at one kind of operation: it checks the program without, and keeps its types. */
const blindTo =
  (...tags: readonly string[]): Typecheck =>
  (program) => {
    const checked = typecheck(program);
    const { equations } = program;
    return E.isLeft(checked) && equations.some(({ tag }) => tags.includes(tag) && checked.left.message.includes(tag))
      ? E.right({ ...program, types: equations.map(() => ({ tag: 'field', components: 1, channels: 1 }) as const) })
      : checked;
  };

const refusesAll: Typecheck = () => E.left(programError('expected another program, got this one'));

verify(typedProgramsEvaluate, typecheck, {
  'channels of correlations are not compared': blindTo('correlate', 'correlateTransposed', 'kernelGradient'),
  'types of sums are not compared': blindTo('add', 'multiply'),
  'forward references pass': (program) =>
    E.right({ ...program, types: program.equations.map(() => ({ tag: 'scalar' }) as const) }),
  'nothing is accepted': refusesAll,
  'nothing is left of what is accepted': (program) =>
    E.map(() => ({ equations: [], outputs: {}, types: [] }))(typecheck(program)),
});

verify(recordedProgramsTypecheck, typecheck, {
  'sums are refused': (program) =>
    program.equations.some(({ tag }) => tag === 'add')
      ? typecheck({ equations: [], outputs: { y: valueId(0) } })
      : typecheck(program),
  'nothing is accepted': refusesAll,
});

verify(operationsHaveTheirShapes, typecheck, {
  'channels of correlations are not compared': blindTo('correlate', 'correlateTransposed', 'kernelGradient'),
  'what is modulated need not be a field': blindTo('modulate'),
  'what is sliced need not be a field': blindTo('slice'),
  'nothing is accepted': refusesAll,
});

const s = inputField('spins', 3, 1);
const x = inputField('x', 1, 2);
const kernel = parameterKernel('K', 4, 2, 3);

const bias = (channels: number): Expression => parameterBias('b', channels);

/** An expression that the types of TypeScript would refuse. */
const unchecked = (operation: Operation<Expression>): Expression => ({ operation });

const illTyped: Readonly<Record<string, readonly [Expression, RegExp]>> = {
  'a kernel of even size': [parameterKernel('K', 1, 1, 4), /odd size, got kernel\(1, 1, 4x4\)/],
  'a kernel without inputs': [parameterKernel('K', 1, 0, 3), /got kernel\(1, 0, 3x3\)/],
  'a kernel without outputs': [parameterKernel('K', 0, 1, 3), /got kernel\(0, 1, 3x3\)/],
  'a kernel gradient of even size': [kernelGradient(4, x, x), /kernelGradient: .*odd/],
  'a field without channels': [inputField('x', 1, 0), /at least one component and one channel/],
  'a bias without channels': [parameterBias('b', 0), /at least one channel, got bias\(0\)/],
  'a kernel with inputs for other channels': [correlate(kernel)(s), /as many channels as the kernel has inputs/],
  'a transposed kernel with outputs for other channels': [
    correlateTransposed(kernel)(x),
    /as many channels as the kernel has outputs/,
  ],
  'a kernel that acts on a bias': [unchecked({ tag: 'correlate', kernel, field: bias(2) }), /a kernel and a field/],
  'a transposed kernel that acts on a bias': [
    unchecked({ tag: 'correlateTransposed', kernel, field: bias(4) }),
    /a kernel and a field/,
  ],
  'a field for a kernel': [unchecked({ tag: 'correlate', kernel: x, field: x }), /a kernel and a field/],
  'a field for a transposed kernel': [
    unchecked({ tag: 'correlateTransposed', kernel: x, field: x }),
    /a kernel and a field/,
  ],
  'a kernel gradient of biases': [
    unchecked({ tag: 'kernelGradient', size: 3, field: bias(2), cotangent: bias(2) }),
    /two fields/,
  ],
  'a kernel gradient between vectors and scalars': [kernelGradient(3, s, x), /equal components/],
  'a sum of different fields': [add(s, x), /two values of one type, got field\(3, 1\) and field\(1, 2\)/],
  'a contraction of different fields': [contract(s, x), /two fields of one type/],
  'a modulation by a vector': [modulate(s)(s), /a field of one component/],
  'a broadcast to no component': [broadcast(0)(parameterBias('b', 2)), /at least one component/],
  'a concatenation of nothing': [concat([]), /one or more fields/],
  'a concatenation of vectors and scalars': [concat([s, x]), /equal components/],
  'a slice beyond the channels': [slice(1, 3)(x), /a field that has the channels 1 to 2/],
  'an empty slice': [slice(1, 1)(x), /channels 1 to 0/],
  'a constant that is no number': [constant(NaN), /a finite number, got NaN/],
  'one name for two types': [
    add(total(inputField('x', 1, 3)), total(x)),
    /the name x stands for values of different types/,
  ],
};

describe('what is refused, and with which words', () => {
  it.each(Object.entries(illTyped))('%s', (_, [expression, message]) => {
    expect(messageOf(typecheck(record({ y: expression })))).toMatch(message);
  });

  it('an equation that refers to a later one', () => {
    const program: Program = { equations: [{ tag: 'tanh', value: valueId(0) }], outputs: {} };
    expect(messageOf(typecheck(program))).toMatch(/not all of them bound before it/);
    expect(() => meaningOf([])(valueId(0))).toThrow(/run typecheck/);
  });

  it('an output that no equation binds', () => {
    expect(messageOf(typecheck({ equations: [], outputs: { energy: valueId(3) } }))).toMatch(
      /output energy is value 3/,
    );
  });
});

it('equal expressions are recorded once', () => {
  expect(record({ y: add(fillField(1, 2)(constant(1)), fillField(1, 2)(constant(1))) }).equations).toHaveLength(3);
});
