/** Laws of the meaning of programs. All numbers are small integers or rationals: every equality is exact. */
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { Matrix } from 'ml-matrix';

import { dual, type Dual } from '../../src/number/dual.ts';
import { float64 } from '../../src/number/float64.ts';
import { rational, type Rational } from '../../src/number/rational.ts';
import type { evaluate } from '../../src/program/evaluate.ts';
import {
  add,
  broadcast,
  concat,
  contract,
  correlate,
  correlateTransposed,
  fill,
  inputField,
  inputScalar,
  kernelGradient,
  modulate,
  multiply,
  parameterBias,
  parameterKernel,
  reciprocal,
  record,
  scale,
  slice,
  sqrt,
  sumSites,
  tanh,
  total,
  type Expression,
} from '../../src/program/expression.ts';
import { alike, entryFunctions, type Algebra } from '../../src/program/operation.ts';
import { fold, outputsOf } from '../../src/program/program.ts';
import { fieldType, kernelType, lengthOf, type ValueType } from '../../src/program/value-type.ts';
import { exact, programCases, sampleOf, smallIntegers, typed, type ProgramCase } from '../arbitraries/program.ts';
import type { Law } from '../law.ts';

export type Evaluate = typeof evaluate;

export type Numbers = Readonly<Record<string, readonly number[]>>;

/** The outputs of expressions over float64; whatever goes wrong is a wrong program, so it throws. */
const outputs = (
  evaluateOver: Evaluate,
  N: number,
  parameters: Numbers,
  inputs: Numbers,
  expressions: Readonly<Record<string, Expression>>,
): ((name: string) => readonly number[]) => {
  const result = evaluateOver(float64)(N)(parameters, inputs)(typed(record(expressions)));
  return (name) => {
    if (E.isLeft(result)) {
      throw new RangeError(result.left.message);
    }
    return result.right[name] ?? [];
  };
};

const same = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((x, i) => x === b[i]);

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, i) => sum + x * (b[i] ?? NaN), 0);

/** A kernel K, a field x that it applies to and a field y like K * x. Kernels may exceed the lattice. */
export interface Correlation {
  readonly N: number;
  readonly components: number;
  readonly type: { readonly outputs: number; readonly inputs: number; readonly size: number };
  readonly K: readonly number[];
  readonly x: readonly number[];
  readonly y: readonly number[];
}

export const correlations: fc.Arbitrary<Correlation> = fc
  .record({
    N: fc.constantFrom(1, 2, 3, 4, 5, 6),
    components: fc.constantFrom(1, 3),
    outputs: fc.integer({ min: 1, max: 3 }),
    inputs: fc.integer({ min: 1, max: 3 }),
    size: fc.constantFrom(5, 3, 1),
    seed: fc.nat(),
  })
  .map(({ N, components, outputs: o, inputs: i, size, seed }) => ({
    N,
    components,
    type: { outputs: o, inputs: i, size },
    K: smallIntegers(seed, lengthOf(N)(kernelType(o, i, size))),
    x: smallIntegers(seed + 1, lengthOf(N)(fieldType(components, i))),
    y: smallIntegers(seed + 2, lengthOf(N)(fieldType(components, o))),
  }));

const correlationOutputs = (evaluateOver: Evaluate, { N, components, type, K, x, y }: Correlation) => {
  const kernel = parameterKernel('K', type.outputs, type.inputs, type.size);
  const fieldX = inputField('x', components, type.inputs);
  const fieldY = inputField('y', components, type.outputs);
  return outputs(
    evaluateOver,
    N,
    { K },
    { x, y },
    {
      correlated: correlate(kernel)(fieldX),
      transposed: correlateTransposed(kernel)(fieldY),
      gradient: kernelGradient(type.size, fieldX, fieldY),
    },
  );
};

const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);

/** The block-circulant matrix of x -> K * x for one component: tap (a, b) is added where row r and column r + d meet. */
const circulant = ({ N, type: { outputs: O, inputs: I, size }, K }: Correlation): Matrix => {
  const matrix = Matrix.zeros(O * N * N, I * N * N);
  const centre = (size - 1) / 2;
  upTo(K.length).forEach((index) => {
    const [o, i, a, b] = [
      Math.floor(index / (I * size * size)),
      Math.floor(index / (size * size)) % I,
      Math.floor(index / size) % size,
      index % size,
    ];
    upTo(N * N).forEach((site) => {
      const row = (Math.floor(site / N) + a - centre + 10 * N) % N;
      const column = ((site % N) + b - centre + 10 * N) % N;
      const at = [o * N * N + site, i * N * N + row * N + column] as const;
      matrix.set(...at, matrix.get(...at) + (K[index] ?? NaN));
    });
  });
  return matrix;
};

export const correlationIsCirculant: Law<Evaluate, Correlation> = {
  statement: 'correlate(K) is the block-circulant matrix of K, for each component, on lattices of any size',
  cases: correlations,
  holds: (evaluateOver) => (example) => {
    const matrix = circulant(example);
    const length = matrix.columns;
    const expected = upTo(example.components).flatMap((k) =>
      matrix.mmul(Matrix.columnVector(example.x.slice(k * length, (k + 1) * length))).to1DArray(),
    );
    return same(correlationOutputs(evaluateOver, example)('correlated'), expected);
  },
};

export const adjoints: Law<Evaluate, Correlation> = {
  statement: '<y, K * x> = <correlateTransposed(K)(y), x> = <kernelGradient(x, y), K>',
  cases: correlations,
  holds: (evaluateOver) => (example) => {
    const output = correlationOutputs(evaluateOver, example);
    const value = dot(example.y, output('correlated'));
    return value === dot(output('transposed'), example.x) && value === dot(output('gradient'), example.K);
  },
};

/** Fields u, v, one amplitude a, and a second pair of fields with other channels. */
export interface Fields {
  readonly N: number;
  readonly components: number;
  readonly channels: readonly [number, number];
  readonly seed: number;
}

const fieldCases: fc.Arbitrary<Fields> = fc.record({
  N: fc.integer({ min: 1, max: 4 }),
  components: fc.constantFrom(1, 3),
  channels: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
  seed: fc.nat(),
});

/** Linear operations come in adjoint pairs, products are sums of entries' products. */
export const families: Law<Evaluate, Fields> = {
  statement: 'contract and modulate, total and fill, sumSites and broadcast are adjoint; slices undo concat',
  cases: fieldCases,
  holds:
    (evaluateOver) =>
    ({ N, components, channels: [C, D], seed }) => {
      const [u, v, w] = [
        inputField('u', components, C),
        inputField('v', components, C),
        inputField('w', components, D),
      ] as const;
      const [a, b, s] = [inputField('a', 1, C), parameterBias('b', C), inputScalar('s')] as const;
      const draw = (n: number, type: ValueType): readonly number[] => smallIntegers(seed + n, lengthOf(N)(type));
      const given = {
        u: draw(0, fieldType(components, C)),
        v: draw(1, fieldType(components, C)),
        w: draw(2, fieldType(components, D)),
        a: draw(3, fieldType(1, C)),
        b: draw(4, { tag: 'bias', channels: C }),
        s: draw(5, { tag: 'scalar' }),
      };
      const joined = concat([u, w, v]);
      const output = outputs(evaluateOver, N, given, given, {
        contracted: contract(u, v),
        modulated: modulate(a)(v),
        total: total(u),
        filled: fill(fieldType(components, C))(s),
        summed: sumSites(u),
        broadcast: broadcast(components)(b),
        first: slice(0, C)(joined),
        middle: slice(C, C + D)(joined),
        last: slice(C + D, 2 * C + D)(joined),
        added: add(u, v),
        product: multiply(u, v),
        scaled: scale(s)(u),
      });
      const [factor = NaN] = given.s;
      return (
        dot(output('contracted'), given.a) === dot(output('modulated'), given.u) &&
        dot(
          output('contracted'),
          output('contracted').map(() => 1),
        ) === dot(given.u, given.v) &&
        dot(output('total'), given.s) === dot(given.u, output('filled')) &&
        same(output('total'), [given.u.reduce((sum, entry) => sum + entry, 0)]) &&
        dot(output('summed'), given.b) === dot(given.u, output('broadcast')) &&
        same(
          output('broadcast'),
          upTo(components).flatMap(() => given.b.flatMap((entry) => upTo(N * N).map(() => entry))),
        ) &&
        same(output('first'), given.u) &&
        same(output('middle'), given.w) &&
        same(output('last'), given.v) &&
        same(
          output('added'),
          given.u.map((entry, i) => entry + (given.v[i] ?? NaN)),
        ) &&
        same(
          output('product'),
          given.u.map((entry, i) => entry * (given.v[i] ?? NaN)),
        ) &&
        same(
          output('scaled'),
          given.u.map((entry) => entry * factor),
        )
      );
    },
};

export const functions: Law<Evaluate, Fields> = {
  statement: 'tanh, reciprocal and sqrt act entry by entry',
  cases: fieldCases,
  holds:
    (evaluateOver) =>
    ({ N, components, channels: [C], seed }) => {
      const x = smallIntegers(seed, lengthOf(N)(fieldType(components, C))).map((entry) => entry + 0.5);
      const field = inputField('x', components, C);
      const output = outputs(
        evaluateOver,
        N,
        {},
        { x },
        {
          tanh: tanh(field),
          reciprocal: reciprocal(field),
          sqrt: sqrt(multiply(field, field)),
        },
      );
      return (
        same(output('tanh'), x.map(Math.tanh)) &&
        same(output('sqrt'), x.map(Math.abs)) &&
        same(
          output('reciprocal'),
          x.map((entry) => 1 / entry),
        )
      );
    },
};

const rationals = (numbers: Numbers): Readonly<Record<string, readonly Rational[]>> =>
  Object.fromEntries(Object.entries(numbers).map(([name, entries]) => [name, entries.map(rational.fromNumber)]));

export const oneMeaning: Law<Evaluate, ProgramCase> = {
  statement: 'a program means the same over float64 and over rationals, where float64 does not round',
  cases: programCases(exact),
  holds: (evaluateOver) => (example) => {
    const { program, latticeSize: N, parameters } = example;
    const sample = sampleOf(example, 0);
    const floats = evaluateOver(float64)(N)(parameters, sample)(program);
    const fractions = evaluateOver(rational)(N)(rationals(parameters), rationals(sample))(program);
    return (
      E.isRight(floats) &&
      E.isRight(fractions) &&
      Object.keys(program.outputs).every((name) => {
        const { [name]: entries = [] } = floats.right;
        return entries.length > 0 && same(entries, (fractions.right[name] ?? []).map(rational.toNumber));
      })
    );
  },
  runs: 60,
};

/** The degree of each value as a polynomial in all inputs and parameters. */
const degrees: Algebra<number, number> = {
  ...alike(entryFunctions)(() => Infinity),
  input: () => 1,
  parameter: () => 1,
  constant: () => 0,
  correlate: ({ kernel, field }) => kernel + field,
  correlateTransposed: ({ kernel, field }) => kernel + field,
  kernelGradient: ({ field, cotangent }) => field + cotangent,
  add: ({ left, right }) => Math.max(left, right),
  multiply: ({ left, right }) => left + right,
  scale: ({ factor, value }) => factor + value,
  contract: ({ left, right }) => left + right,
  modulate: ({ amplitude, vector }) => amplitude + vector,
  total: ({ value }) => value,
  fill: ({ scalar }) => scalar,
  sumSites: ({ field }) => field,
  broadcast: ({ bias }) => bias,
  concat: ({ parts }) => Math.max(...parts),
  slice: ({ field }) => field,
};

const degreeOf = ({ program }: ProgramCase): number =>
  Math.max(...Object.values(outputsOf(program)(fold(degrees)(program))));

/** p'(0) of a polynomial of degree d from p(0), .., p(d): Newton's series, sum over k of (-1)^(k+1) Delta^k p(0) / k. */
const newtonDerivative = (values: readonly Rational[], k = 1): Rational => {
  const differences = values.slice(1).map((value, i) => value.sub(values[i] ?? 0));
  const [first] = differences;
  return first === undefined
    ? rational.zero
    : first.div(k % 2 === 1 ? k : -k).add(newtonDerivative(differences, k + 1));
};

/** A direction to differentiate along: other small integers for every argument. */
const direction = (numbers: Numbers): Numbers =>
  Object.fromEntries(Object.entries(numbers).map(([name, entries]) => [name, smallIntegers(7, entries.length)]));

const along = (h: number, numbers: Numbers): Readonly<Record<string, readonly Rational[]>> => {
  const towards = direction(numbers);
  return rationals(
    Object.fromEntries(
      Object.entries(numbers).map(([name, entries]) => [
        name,
        entries.map((entry, i) => entry + h * (towards[name]?.[i] ?? NaN)),
      ]),
    ),
  );
};

const dualAlong = (numbers: Numbers): Readonly<Record<string, readonly Dual<Rational>[]>> => {
  const towards = direction(numbers);
  return Object.fromEntries(
    Object.entries(numbers).map(([name, entries]) => [
      name,
      entries.map((entry, i) => ({
        value: rational.fromNumber(entry),
        derivative: rational.fromNumber(towards[name]?.[i] ?? NaN),
      })),
    ]),
  );
};

export const dualsDifferentiate: Law<Evaluate, ProgramCase> = {
  statement: 'over dual numbers a polynomial program has the derivative that its values at 0, h, .., d h determine',
  cases: programCases({ ...exact, operations: 6, latticeSizes: [1, 2, 3], bound: 2 ** 20 }).filter(
    (example) => degreeOf(example) <= 6,
  ),
  holds: (evaluateOver) => (example) => {
    const { program, latticeSize: N, parameters } = example;
    const sample = sampleOf(example, 0);
    const derivatives = evaluateOver(dual(rational))(N)(dualAlong(parameters), dualAlong(sample))(program);
    const points = upTo(degreeOf(example) + 1).map((h) =>
      evaluateOver(rational)(N)(along(h, parameters), along(h, sample))(program),
    );
    const values = points.flatMap((point) => (E.isRight(point) ? [point.right] : []));
    return (
      E.isRight(derivatives) &&
      values.length === points.length &&
      Object.keys(program.outputs).every((name) => {
        const { [name]: entries = [] } = derivatives.right;
        return (
          entries.length > 0 &&
          entries.every(({ derivative }, i) =>
            derivative.equals(newtonDerivative(values.map((point) => point[name]?.[i] ?? rational.zero))),
          )
        );
      })
    );
  },
  runs: 30,
};
