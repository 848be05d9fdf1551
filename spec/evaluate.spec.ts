/** The meaning of programs: against matrices, adjointness, exact arithmetic and Newton's series. */
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';

import { dual } from '../src/number/dual.ts';
import { float64 } from '../src/number/float64.ts';
import type { NumberField } from '../src/number/number-field.ts';
import { rational } from '../src/number/rational.ts';
import { definitions, evaluate, evaluateBy, type Definitions, type Tensor } from '../src/program/evaluate.ts';
import {
  contract,
  correlate,
  inputField,
  parameterKernel,
  reciprocal,
  sqrt,
  record,
  tanh,
  total,
  type Expression,
} from '../src/program/expression.ts';
import { programError } from '../src/program/typecheck.ts';
import { typed } from './arbitraries/program.ts';
import { verify } from './law.ts';
import {
  adjoints,
  correlationIsCirculant,
  dualsDifferentiate,
  families,
  functions,
  oneMeaning,
  type Evaluate,
} from './laws/evaluate.ts';

/** The definitions with some replaced: `wrong` is told the right ones. */
const mutant = (wrong: Definitions): Evaluate => evaluateBy(wrong);

const backwards = <A>({ type, entries }: Tensor<A>): Tensor<A> => ({ type, entries: [...entries].reverse() });

const convolution: Evaluate = mutant((numbers, N, given) => {
  const right = definitions(numbers, N, given);
  return {
    ...right,
    correlate: ({ tag, kernel, field }) => right.correlate({ tag, kernel: backwards(kernel), field }),
  };
});

const forgetsToReflect: Evaluate = mutant((numbers, N, given) => {
  const right = definitions(numbers, N, given);
  return {
    ...right,
    correlateTransposed: ({ tag, kernel, field }) =>
      right.correlateTransposed({ tag, kernel: backwards(kernel), field }),
  };
});

/** A kernel larger than the lattice is cut to the lattice: its outer taps are dropped instead of wrapped. */
const dropsOuterTaps: Evaluate = mutant((numbers, N, given) => {
  const right = definitions(numbers, N, given);
  const cut = <A>(zero: A, { type, entries }: Tensor<A>): Tensor<A> => {
    if (type.tag !== 'kernel') {
      return { type, entries };
    }
    const { size } = type;
    const inside = (index: number): boolean => Math.abs((index % size) - (size - 1) / 2) <= N / 2;
    return {
      type,
      entries: entries.map((entry, i) => (inside(i % size) && inside(Math.floor(i / size) % size) ? entry : zero)),
    };
  };
  return {
    ...right,
    correlate: ({ tag, kernel, field }) => right.correlate({ tag, kernel: cut(numbers.zero, kernel), field }),
  };
});

const readsBackwards: Evaluate = mutant((numbers, N, given) => {
  const right = definitions(numbers, N, given);
  return {
    ...right,
    kernelGradient: ({ tag, size, field, cotangent }) =>
      right.kernelGradient({ tag, size, field: backwards(field), cotangent }),
  };
});

const firstComponentOnly: Evaluate = mutant((numbers, N, given) => {
  const right = definitions(numbers, N, given);
  return {
    ...right,
    contract: ({ tag, left, right: other }) =>
      right.contract({
        tag,
        left: { ...left, entries: left.entries.map((entry, i) => (i < N * N ? entry : numbers.zero)) },
        right: other,
      }),
  };
});

const sliceIsShifted: Evaluate = mutant((numbers, N, given) => {
  const right = definitions(numbers, N, given);
  return {
    ...right,
    slice: ({ tag, from, to, field }) => right.slice({ tag, from: 0, to: to - from, field }),
  };
});

const reciprocalIsIdentity: Evaluate = mutant((numbers, N, given) => ({
  ...definitions(numbers, N, given),
  reciprocal: ({ value }) => E.right(value),
}));

const rootIsIdentity: Evaluate = mutant((numbers, N, given) => ({
  ...definitions(numbers, N, given),
  sqrt: ({ value }) => E.right(value),
}));

const rationalsAreTruncated: Evaluate = mutant((numbers, N, given) => {
  const right = definitions(numbers, N, given);
  return {
    ...right,
    total: ({ tag, value }) =>
      right.total({ tag, value: numbers.name === 'rational' ? { ...value, entries: value.entries.slice(1) } : value }),
  };
});

/** A dual number whose derivative is lost in products. */
const productsAreConstant: Evaluate = mutant((numbers, N, given) => {
  const right = definitions(numbers, N, given);
  const constant = <A>({ fromNumber, toNumber }: NumberField<A>, { type, entries }: Tensor<A>): Tensor<A> => ({
    type,
    entries: entries.map((entry) => fromNumber(toNumber(entry))),
  });
  return {
    ...right,
    multiply: ({ tag, left, right: other }) =>
      right.multiply({ tag, left: constant(numbers, left), right: constant(numbers, other) }),
  };
});

/** Evaluators that have no numbers: laws that compare the outputs which there are would spare them. */
const empty: Readonly<Record<string, Evaluate>> = {
  'every program is refused': () => () => () => () => E.left(programError('expected another program, got this one')),
  'no output is computed': () => () => () => () => E.right({}),
};

verify(correlationIsCirculant, evaluate, {
  ...empty,
  'convolution, not cross-correlation': convolution,
  'outer taps are dropped on small lattices': dropsOuterTaps,
});
verify(adjoints, evaluate, {
  ...empty,
  'correlateTransposed does not reflect the kernel': forgetsToReflect,
  'kernelGradient reads the field backwards': readsBackwards,
});
verify(families, evaluate, {
  ...empty,
  'contract reads one component': firstComponentOnly,
  'slice starts at channel 0': sliceIsShifted,
});
verify(functions, evaluate, {
  ...empty,
  'reciprocal does nothing': reciprocalIsIdentity,
  'sqrt does nothing': rootIsIdentity,
});
verify(oneMeaning, evaluate, { ...empty, 'total forgets an entry of rationals': rationalsAreTruncated });
verify(dualsDifferentiate, evaluate, { ...empty, 'products lose their derivative': productsAreConstant });

const x = inputField('x', 1, 1);

const program = (outputs: Readonly<Record<string, Expression>>) => typed(record(outputs));

const messageOf = (result: E.Either<{ readonly message: string }, unknown>): string =>
  E.isLeft(result) ? result.left.message : 'no error';

describe('evaluate', () => {
  it('adds the taps that meet on one site: a 5 x 5 kernel of ones on a 1 x 1 lattice multiplies by 25', () => {
    const K = parameterKernel('K', 1, 1, 5);
    const ones = Array.from({ length: 25 }, () => 1);
    expect(evaluate(float64)(1)({ K: ones }, { x: [3] })(program({ y: correlate(K)(x) }))).toEqual(
      E.right({ y: [75] }),
    );
  });

  it('asks for arguments that are missing', () => {
    expect(messageOf(evaluate(float64)(2)({}, {})(program({ y: total(x) })))).toBe(
      'input x expects 4 numbers, shape [1, 1, 2, 2], got none: pass them under its name',
    );
  });

  it('refuses arguments of the wrong shape', () => {
    expect(messageOf(evaluate(float64)(2)({}, { x: [1] })(program({ y: total(x) })))).toBe(
      'input x expects 4 numbers, shape [1, 1, 2, 2], got 1: check the lattice size, 2, and the type',
    );
  });

  it('refuses lattices without sites', () => {
    expect(messageOf(evaluate(float64)(0)({}, { x: [] })(program({ y: total(x) })))).toContain('got 0');
    expect(messageOf(evaluate(float64)(1.5)({}, { x: [] })(program({ y: total(x) })))).toContain('got 1.5');
  });

  it('has no tanh over rationals', () => {
    const result = evaluate(rational)(1)({}, { x: [rational.one] })(program({ y: tanh(x) }));
    expect(messageOf(result)).toContain('got rational');
  });

  it('takes square roots where the numbers have them, and says which has none', () => {
    const root = program({ y: sqrt(x) });
    expect(evaluate(float64)(1)({}, { x: [2] })(root)).toEqual(E.right({ y: [Math.SQRT2] }));
    expect(messageOf(evaluate(float64)(1)({}, { x: [-1] })(root))).toContain('got -1');
    expect(messageOf(evaluate(rational)(1)({}, { x: [rational.fromNumber(2)] })(root))).toContain('rational');
  });

  it('takes no reciprocal of 0, nor of a multiple of eps', () => {
    const numbers = dual(float64);
    const eps = { value: 0, derivative: 1 };
    expect(messageOf(evaluate(float64)(1)({}, { x: [0] })(program({ y: reciprocal(x) })))).toContain('reciprocal');
    expect(messageOf(evaluate(numbers)(1)({}, { x: [eps] })(program({ y: reciprocal(x) })))).toContain('reciprocal');
  });

  it('is the norm of a vector: contract(s, s) at (1, 2, 2)', () => {
    const s = inputField('s', 3, 1);
    expect(evaluate(float64)(1)({}, { s: [1, 2, 2] })(program({ y: contract(s, s) }))).toEqual(E.right({ y: [9] }));
  });
});
