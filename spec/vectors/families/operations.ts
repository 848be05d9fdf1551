/** Every operation of the algebra, one a case, with its adjoints: the sums of `src/program/evaluate.ts`, written out. */
import { z } from 'zod';

import { float64 } from '../../../src/number/float64.ts';
import { evaluate } from '../../../src/program/evaluate.ts';
import {
  add,
  broadcast,
  concat,
  contract,
  correlate,
  correlateTransposed,
  fillField,
  inputField,
  kernelGradient,
  modulate,
  multiply,
  parameterBias,
  parameterKernel,
  parameterScalar,
  reciprocal,
  record,
  scale,
  slice,
  sqrt,
  sumSites,
  tanh,
  total,
  type Expression,
} from '../../../src/program/expression.ts';
import { tags, type Tag } from '../../../src/program/operation.ts';
import { declarations } from '../../../src/program/typecheck.ts';
import { lengthOf, shapeOf } from '../../../src/program/value-type.ts';
import { smallIntegers, typed } from '../../arbitraries/program.ts';
import { right } from '../../right.ts';
import { counted, family, namedNumbers, type Case } from '../family.ts';
import outside from '../../outside/numpy-vectors.json' with { type: 'json' };

type Computing = Exclude<Tag, 'input' | 'parameter' | 'constant'>;

const computing = tags.filter((tag): tag is Computing => !['input', 'parameter', 'constant'].includes(tag));

const inputs = z.strictObject({
  operation: z.enum(computing),
  latticeSize: counted,
  /** The operands by name: fields [components, channels, N, N], kernels [out, in, k, k], biases [channels], scalars []. */
  operands: namedNumbers,
  shapes: z.record(z.string(), z.array(counted)),
  /** What an operation carries beside operands: a size, a range of channels, components. */
  attributes: z.record(z.string(), z.number().int()),
});

type Inputs = z.infer<typeof inputs>;

interface Asked {
  readonly name: string;
  readonly why: string;
  readonly latticeSize: number;
  readonly result: Expression;
  readonly attributes?: Readonly<Record<string, number>>;
  /** The operands, where whole numbers will not do. */
  readonly draw?: (seed: number, length: number) => readonly number[];
}

const equations: Readonly<Record<Inputs['operation'], string>> = {
  correlate: 'y_o(r) = sum over i, d of K_oi(d) x_i(r + d)',
  correlateTransposed: 'x_i(r) = sum over o, d of K_oi(d) y_o(r - d)',
  kernelGradient: 'G_oi(d) = sum over components and r of y_o(r) x_i(r + d)',
  add: 'x + y',
  multiply: 'x * y, entry by entry',
  scale: 'a x',
  tanh: 'tanh x, entry by entry',
  reciprocal: '1 / x, entry by entry',
  sqrt: 'the root of x, entry by entry',
  contract: 'z_c(r) = sum over k of x_kc(r) y_kc(r)',
  modulate: 'z_kc(r) = a_c(r) v_kc(r)',
  total: 'the sum of all entries',
  fill: 'the field whose entries are all a',
  sumSites: 'b_c = sum over components and sites of x_c',
  broadcast: 'the field that is b_c at every site',
  concat: 'the channels of x, then those of y',
  slice: 'the channels from `from` to `to`, not including it',
};

/** By numpy: `spec/outside/numpy-vectors.py`. */
const byNumpy: Readonly<Record<string, readonly number[]>> = outside.operations;

const operationCase = (
  { name, why, latticeSize, result, attributes = {}, draw = smallIntegers }: Asked,
  index: number,
): Case<Inputs> => {
  const program = typed(record({ result }));
  const types = { ...declarations('parameter')(program), ...declarations('input')(program) };
  const operation = inputs.shape.operation.parse(result.operation.tag);
  const operands = Object.fromEntries(
    Object.entries(types).map(([operand, type], i) => [
      operand,
      [...draw(5000 + 10 * index + i, lengthOf(latticeSize)(type))],
    ]),
  );
  const values = right(evaluate(float64)(latticeSize)(operands, operands)(program))['result'] ?? [];
  const meaning = equations[operation];
  const known = byNumpy[name];
  return {
    name,
    equation: 'guide: the operations',
    why,
    inputs: {
      operation,
      latticeSize,
      operands,
      shapes: Object.fromEntries(
        Object.entries(types).map(([operand, type]) => [operand, [...shapeOf(latticeSize)(type)]]),
      ),
      attributes: { ...attributes },
    },
    outputs: {
      result: { meaning, shape: shapeOf(latticeSize)(program.types.at(-1) ?? { tag: 'scalar' }), values },
    },
    ...(known === undefined
      ? {}
      : { outside: [{ output: 'result', source: outside.source, values: known, relative: 1e-15 }] }),
  };
};

const K = (outputs: number, channels: number, size: number) => parameterKernel('kernel', outputs, channels, size);

const x = (components: number, channels: number) => inputField('x', components, channels);

const y = (components: number, channels: number) => inputField('y', components, channels);

const positive = (seed: number, length: number): readonly number[] =>
  smallIntegers(seed, length).map((n) => (n * n + 1) / 4);

const fractions = (seed: number, length: number): readonly number[] => smallIntegers(seed, length).map((n) => n / 4);

const asked: readonly Asked[] = [
  {
    name: 'correlate-3-on-4',
    why: 'cross-correlation, not convolution; [out, in], not [in, out]; rows before columns; periodic',
    latticeSize: 4,
    result: correlate(K(2, 3, 3))(x(1, 3)),
  },
  {
    name: 'correlate-3-on-5',
    why: 'N odd: the edges wrap by N on both sides',
    latticeSize: 5,
    result: correlate(K(1, 2, 3))(x(1, 2)),
  },
  {
    name: 'correlate-5-on-4',
    why: 'the kernel is larger than the lattice: several taps read one site',
    latticeSize: 4,
    result: correlate(K(2, 1, 5))(x(1, 1)),
  },
  {
    name: 'correlate-9-on-3',
    why: 'half the kernel is more than the lattice: offsets wrap more than once',
    latticeSize: 3,
    result: correlate(K(1, 2, 9))(x(1, 2)),
  },
  {
    name: 'correlate-7-on-2',
    why: 'N = 2, offsets up to 3: they wrap more than once',
    latticeSize: 2,
    result: correlate(K(2, 1, 7))(x(1, 1)),
  },
  {
    name: 'correlate-vectors',
    why: 'the components of vectors are alike, and do not mix',
    latticeSize: 3,
    result: correlate(K(2, 2, 3))(x(3, 2)),
  },
  {
    name: 'correlate-dense',
    why: 'a dense layer is a kernel of one tap on one site: [out, in]',
    latticeSize: 1,
    result: correlate(K(3, 2, 1))(x(1, 2)),
  },
  {
    name: 'transposed-3-on-4',
    why: 'the adjoint in the field reads at r - d, and sums over outputs',
    latticeSize: 4,
    result: correlateTransposed(K(2, 3, 3))(y(1, 2)),
  },
  {
    name: 'transposed-9-on-3',
    why: 'the adjoint where offsets wrap more than once',
    latticeSize: 3,
    result: correlateTransposed(K(2, 1, 9))(y(1, 2)),
  },
  {
    name: 'transposed-vectors',
    why: 'the adjoint for vectors, component by component',
    latticeSize: 3,
    result: correlateTransposed(K(1, 2, 3))(y(3, 1)),
  },
  {
    name: 'kernel-gradient-3-on-4',
    why: 'the adjoint in the kernel: [out, in], taps where the forward pass has them',
    latticeSize: 4,
    result: kernelGradient(3, x(1, 2), y(1, 3)),
    attributes: { size: 3 },
  },
  {
    name: 'kernel-gradient-9-on-3',
    why: 'taps that read one site have one gradient',
    latticeSize: 3,
    result: kernelGradient(9, x(1, 1), y(1, 1)),
    attributes: { size: 9 },
  },
  {
    name: 'kernel-gradient-vectors',
    why: 'one kernel for three components: their gradients add up',
    latticeSize: 3,
    result: kernelGradient(3, x(3, 1), y(3, 2)),
    attributes: { size: 3 },
  },
  { name: 'add', why: 'the sum, entry by entry', latticeSize: 2, result: add(x(1, 2), y(1, 2)) },
  { name: 'multiply', why: 'entry by entry, no sum', latticeSize: 2, result: multiply(x(1, 2), y(1, 2)) },
  {
    name: 'scale',
    why: 'one number for all entries',
    latticeSize: 2,
    result: scale(parameterScalar('factor'))(x(3, 1)),
  },
  {
    name: 'tanh',
    why: 'the hyperbolic tangent, entry by entry',
    latticeSize: 2,
    result: tanh(x(1, 3)),
    draw: fractions,
  },
  { name: 'reciprocal', why: 'one over each entry', latticeSize: 2, result: reciprocal(x(1, 2)), draw: positive },
  { name: 'sqrt', why: 'the root that is not negative', latticeSize: 2, result: sqrt(x(1, 2)), draw: positive },
  {
    name: 'contract',
    why: 'the sum over components alone: channels and sites stay',
    latticeSize: 2,
    result: contract(x(3, 2), y(3, 2)),
  },
  {
    name: 'modulate',
    why: 'the adjoint of contract: every component times the same scalar field',
    latticeSize: 2,
    result: modulate(inputField('amplitude', 1, 2))(x(3, 2)),
  },
  { name: 'total', why: 'a sum, not a mean', latticeSize: 3, result: total(x(1, 2)) },
  {
    name: 'fill',
    why: 'the adjoint of total',
    latticeSize: 2,
    result: fillField(3, 1)(parameterScalar('scalar')),
    attributes: { components: 3, channels: 1 },
  },
  {
    name: 'sum-sites',
    why: 'one number a channel, over sites and components',
    latticeSize: 3,
    result: sumSites(x(3, 2)),
  },
  {
    name: 'broadcast',
    why: 'the adjoint of sumSites: one number of a channel at all of its sites',
    latticeSize: 2,
    result: broadcast(3)(parameterBias('bias', 2)),
    attributes: { components: 3 },
  },
  {
    name: 'concat',
    why: 'the channels in the order of the fields',
    latticeSize: 2,
    result: concat([x(1, 1), y(1, 2)]),
  },
  {
    name: 'slice',
    why: 'the adjoint of concat: from the first channel up to, not including, the last',
    latticeSize: 2,
    result: slice(1, 3)(x(1, 4)),
    attributes: { from: 1, to: 3 },
  },
];

/** The family. */
export const operations = family({
  name: 'operations',
  about:
    'Single operations on whole numbers and quarters. Fields are [components, channels, N, N], kernels [out, in, k, k], ' +
    'offsets d are centred on 0 and wrap modulo N.',
  inputs,
  tolerance: {
    relative: 1e-14,
    reason: 'sums of at most some hundred small numbers, exact but for tanh, 1/x and roots',
  },
  cases: () => asked.map(operationCase),
});
