/** How random programs grow: for each operation, what a gene makes of the values so far. */
import type { Expression } from '../../src/program/expression.ts';
import { interpret, mapOperands, type Operation, type Tag } from '../../src/program/operation.ts';
import { promisedField, promisedKernel } from '../../src/program/promised-type.ts';
import { biasType, fieldType, kernelType, sameType, scalarType, type ValueType } from '../../src/program/value-type.ts';
import { magnitudes, type Magnitude } from './magnitude.ts';

/** A value of the program so far. */
export interface Grown extends Magnitude {
  readonly expression: Expression;
}

/** The numbers of a gene are at most this. */
export const mostGene = 99;

/** No entry of an input or a parameter exceeds this. */
export const largestEntry = 2;

export interface Gene {
  readonly tag: Tag;
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

const choose = <A>(choices: readonly A[], index: number): A => {
  const choice = choices[index % choices.length];
  if (choice === undefined) {
    throw new RangeError('nothing to choose from');
  }
  return choice;
};

/** One of the values, late ones sooner than early ones, so that programs grow deep. */
const recent = <A>(values: readonly A[], index: number): A =>
  choose([...values].reverse(), Math.floor((index / mostGene) ** 2 * values.length));

/** Everything that a gene's operation needs to know: the lattice, and the values that have grown on it. */
const operationsOn = (N: number, values: readonly Grown[]) => {
  const apply = (operation: Operation<Grown>): Grown => ({
    ...interpret(magnitudes(N, largestEntry))(mapOperands((value: Grown): Magnitude => value)(operation)),
    expression: { operation: mapOperands(({ expression }: Grown) => expression)(operation) },
  });
  const fresh = (tag: 'input' | 'parameter', type: ValueType): Grown =>
    apply({ tag, name: `${tag === 'input' ? 'x' : 'w'}.${values.length}`, type });
  const ofTag = (tag: ValueType['tag']): readonly Grown[] => values.filter(({ type }) => type.tag === tag);
  const like = (type: ValueType): readonly Grown[] => values.filter((value) => sameType(value.type, type));
  const fields = ofTag('field');
  const constant = (value: number): Grown => apply({ tag: 'constant', value });
  const scalars = [...ofTag('scalar'), constant(-1)];
  return { apply, fresh, ofTag, like, fields, constant, scalars };
};

const someType = ({ a, b, c }: Gene): ValueType =>
  choose(
    [
      fieldType(choose([3, 1], a), 1 + (b % 3)),
      fieldType(choose([3, 1], a), 1 + (b % 4)),
      kernelType(1 + (b % 3), 1 + (a % 3), choose([1, 3, 5], b)),
      biasType(1 + (b % 3)),
      scalarType,
    ],
    c,
  );

/** 1 + x^2 of some value x. */
const onePlusSquare = (N: number, values: readonly Grown[], { a }: Gene): Grown => {
  const { apply, constant } = operationsOn(N, values);
  const x = recent(values, a);
  const one = apply({ tag: 'fill', type: x.type, scalar: constant(1) });
  return apply({ tag: 'add', left: apply({ tag: 'multiply', left: x, right: x }), right: one });
};

/** What each gene grows. */
export const growth: Readonly<Record<Tag, (N: number, values: readonly Grown[], gene: Gene) => Grown>> = {
  input: (N, values, gene) => operationsOn(N, values).fresh('input', someType(gene)),
  parameter: (N, values, gene) => operationsOn(N, values).fresh('parameter', someType(gene)),
  constant: (N, values, { a }) => operationsOn(N, values).constant((a % 5) - 2),
  correlate: (N, values, { a, b, c }) => {
    const { apply, fields, ofTag, fresh } = operationsOn(N, values);
    const field = recent(fields, a);
    const { channels } = promisedField(field.type);
    const known = ofTag('kernel').filter(({ type }) => promisedKernel(type).inputs === channels);
    const kernel = choose([...known, fresh('parameter', kernelType(1 + (b % 4), channels, choose([5, 3, 1], c)))], b);
    return apply({ tag: 'correlate', kernel, field });
  },
  correlateTransposed: (N, values, { a, b, c }) => {
    const { apply, fields, ofTag, fresh } = operationsOn(N, values);
    const field = recent(fields, a);
    const { channels } = promisedField(field.type);
    const known = ofTag('kernel').filter(({ type }) => promisedKernel(type).outputs === channels);
    const kernel = choose([...known, fresh('parameter', kernelType(channels, 1 + (b % 4), choose([5, 3, 1], c)))], b);
    return apply({ tag: 'correlateTransposed', kernel, field });
  },
  kernelGradient: (N, values, { a, b, c }) => {
    const { apply, fields } = operationsOn(N, values);
    const field = recent(fields, a);
    const { components } = promisedField(field.type);
    const cotangent = choose(
      fields.filter(({ type }) => promisedField(type).components === components),
      b,
    );
    return apply({ tag: 'kernelGradient', size: choose([5, 3, 1], c), field, cotangent });
  },
  add: (N, values, { a, b }) => {
    const left = recent(values, a);
    const { apply, like } = operationsOn(N, values);
    return apply({ tag: 'add', left, right: recent(like(left.type), b) });
  },
  multiply: (N, values, { a, b }) => {
    const left = recent(values, a);
    const { apply, like } = operationsOn(N, values);
    return apply({ tag: 'multiply', left, right: recent(like(left.type), b) });
  },
  scale: (N, values, { a, b }) => {
    const { apply, scalars } = operationsOn(N, values);
    return apply({ tag: 'scale', factor: recent(scalars, b), value: recent(values, a) });
  },
  tanh: (N, values, { a, b }) => {
    const { apply, constant } = operationsOn(N, values);
    const value = recent(values, a);
    // Large arguments would show nothing but +-1, so most are brought down to order 1 by a power of two.
    const factor = constant(2 ** -Math.max(0, Math.floor(Math.log2(value.bound)) - 1));
    return apply({ tag: 'tanh', value: b % 4 === 0 ? value : apply({ tag: 'scale', factor, value }) });
  },
  reciprocal: (N, values, gene) =>
    operationsOn(N, values).apply({ tag: 'reciprocal', value: onePlusSquare(N, values, gene) }),
  sqrt: (N, values, gene) => {
    const root = onePlusSquare(N, values, gene);
    const { apply } = operationsOn(N, values);
    return apply({ tag: 'sqrt', value: apply({ tag: 'multiply', left: root, right: root }) });
  },
  contract: (N, values, { a, b }) => {
    const { apply, fields, like } = operationsOn(N, values);
    const left = recent(fields, a);
    return apply({ tag: 'contract', left, right: recent(like(left.type), b) });
  },
  modulate: (N, values, { a, b }) => {
    const { apply, fields, like, fresh } = operationsOn(N, values);
    const vector = recent(fields, a);
    const type = fieldType(1, promisedField(vector.type).channels);
    return apply({ tag: 'modulate', amplitude: choose([...like(type), fresh('input', type)], b), vector });
  },
  total: (N, values, { a }) => operationsOn(N, values).apply({ tag: 'total', value: recent(values, a) }),
  fill: (N, values, gene) => {
    const { apply, scalars } = operationsOn(N, values);
    const type = gene.c % 2 === 0 ? recent(values, gene.b).type : someType(gene);
    return apply({ tag: 'fill', type, scalar: recent(scalars, gene.a) });
  },
  sumSites: (N, values, { a }) => {
    const { apply, fields } = operationsOn(N, values);
    return apply({ tag: 'sumSites', field: recent(fields, a) });
  },
  broadcast: (N, values, { a, b, c }) => {
    const { apply, ofTag, fresh } = operationsOn(N, values);
    const bias = choose([...ofTag('bias'), fresh('parameter', biasType(1 + (b % 3)))], a);
    return apply({ tag: 'broadcast', components: choose([1, 3], c), bias });
  },
  concat: (N, values, { a, b, c }) => {
    const { apply, fields } = operationsOn(N, values);
    const first = recent(fields, a);
    const { components } = promisedField(first.type);
    const alike = fields.filter(({ type }) => promisedField(type).components === components);
    return apply({ tag: 'concat', parts: [first, recent(alike, b), recent(alike, c)].slice(0, 1 + ((a + b) % 3)) });
  },
  slice: (N, values, { a, b, c }) => {
    const { apply, fields } = operationsOn(N, values);
    const field = recent(fields, a);
    const { channels } = promisedField(field.type);
    const from = b % channels;
    return apply({ tag: 'slice', from, to: from + 1 + (c % (channels - from)), field });
  },
};
