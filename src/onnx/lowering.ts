/**
 * The meaning of each operation in operators of ONNX, opset 17.
 *
 * What depends on inputs has the batch as its first axis, in front of the shape of its type; what all samples share has
 * none. ONNX aligns shapes at their last axes, so both meet in one operator: a bias [C] and one of each sample [B, C].
 * Components, channels and sites are therefore counted from the end.
 *
 * A correlation is `Conv` on fields that were wrapped around the torus before, by indices modulo N: however large the
 * kernel, each tap reads the site that it means. `Conv` takes no kernel of each sample, and ONNX Runtime has it for float32
 * alone; there, as for the kernel gradient, windows of the field are contracted with the kernel by `Einsum`.
 */
import type { EntryFunction } from '../program/operation.ts';
import { alike, entryFunctions, type Algebra, type Operation } from '../program/operation.ts';
import { promisedBias, promisedField, promisedKernel } from '../program/promised-type.ts';
import { biasType, fieldType, kernelType, scalarType, shapeOf, type ValueType } from '../program/value-type.ts';
import { applied, integer, integers, type GraphValue } from './graph-value.ts';

/** A value of a program as one of a graph. */
export interface Lowered {
  readonly value: GraphValue;
  readonly type: ValueType;
  /** `shared`: one for all samples, without a batch axis. `sample`: one for each, the batch in front. */
  readonly holds: 'shared' | 'sample';
}

/** What lowering needs to know of the graph around it. */
export interface Surroundings {
  /** [B], how many samples there are. */
  readonly batch: GraphValue;
  /** [N] of the N x N lattice. */
  readonly latticeSize: GraphValue;
  /** Whether correlations may use `Conv`: in float32. */
  readonly hasConvolution: boolean;
  /** A number in the element type of the graph. */
  readonly number: (value: number) => GraphValue;
  readonly input: (operation: Operation<Lowered, 'input'>) => Lowered;
  readonly parameter: (operation: Operation<Lowered, 'parameter'>) => Lowered;
}

/** The table: one line of operators for each operation. */
export type LoweringTable = Algebra<Lowered, Lowered>;

/** Functions of one number have operators of their own. */
const functionOperators: Readonly<Record<EntryFunction, string>> = {
  tanh: 'Tanh',
  reciprocal: 'Reciprocal',
  sqrt: 'Sqrt',
};

/** Axes counted from the end of a field's shape [components, channels, N, N]. */
const axis = { components: -4, channels: -3, rows: -2, columns: -1 } as const;

const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);

const rankOf = (type: ValueType): number => shapeOf(1)(type).length;

const allAxes = (type: ValueType): readonly number[] => upTo(rankOf(type)).map((i) => -1 - i);

const joint = (...operands: readonly Lowered[]): Lowered['holds'] =>
  operands.some(({ holds }) => holds === 'sample') ? 'sample' : 'shared';

const sumOver = (value: GraphValue, axes: readonly number[], keepsAxes: boolean): GraphValue =>
  axes.length === 0 ? value : applied('ReduceSum', [value, integers(axes)], { keepdims: keepsAxes ? 1 : 0 });

const withAxes = (value: GraphValue, axes: readonly number[]): GraphValue =>
  axes.length === 0 ? value : applied('Unsqueeze', [value, integers(axes)]);

const product = (left: GraphValue, right: GraphValue): GraphValue => applied('Mul', [left, right]);

/** A scalar that meets entries of another type: one of each sample gets the axes of that type behind its batch. */
const spread = ({ value, holds }: Lowered, type: ValueType): GraphValue =>
  holds === 'sample' ? withAxes(value, allAxes(type)) : value;

/** A value with the batch in front, the same for each sample where it is shared. */
export const forEachSample =
  ({ batch }: Pick<Surroundings, 'batch'>) =>
  ({ value, type, holds }: Lowered): GraphValue =>
    holds === 'sample'
      ? value
      : applied('Expand', [value, applied('Concat', [batch, integers(allAxes(type).map(() => 1))], { axis: 0 })]);

/** The shape of a type on the lattice, as a value. */
const shapeIn = ({ latticeSize }: Surroundings, type: ValueType): GraphValue =>
  type.tag === 'field'
    ? applied('Concat', [integers([type.components, type.channels]), latticeSize, latticeSize], { axis: 0 })
    : integers(shapeOf(1)(type));

/** N as a scalar. */
const sizeOf = ({ latticeSize }: Surroundings): GraphValue => applied('Squeeze', [latticeSize, integers([0])]);

const range = (from: GraphValue, to: GraphValue): GraphValue => applied('Range', [from, to, integer(1)]);

const around = (surroundings: Surroundings, places: GraphValue): GraphValue =>
  applied('Mod', [places, surroundings.latticeSize]);

const reachOf = (size: number): number => (size - 1) / 2;

/** The sites of one axis with `reach` more at either end: (i - reach) mod N. */
const wrapped = (surroundings: Surroundings, size: number): GraphValue =>
  around(surroundings, range(integer(-reachOf(size)), applied('Add', [sizeOf(surroundings), integer(reachOf(size))])));

/** Which sites of one axis a window reads: [size, N], at offset d of site r (r + d) mod N, d counted from the centre. */
const windowSites = (surroundings: Surroundings, size: number): GraphValue =>
  around(
    surroundings,
    applied('Add', [
      applied('Unsqueeze', [integers(upTo(size).map((d) => d - reachOf(size))), integers([1])]),
      range(integer(0), sizeOf(surroundings)),
    ]),
  );

const gathered = (field: GraphValue, sites: GraphValue): GraphValue =>
  applied('Gather', [applied('Gather', [field, sites], { axis: axis.rows }), sites], { axis: axis.columns });

/** The letters of an operand in an `Einsum`; b is the batch. */
const letters = ({ holds }: Pick<Lowered, 'holds'>, own: string): string => (holds === 'sample' ? `b${own}` : own);

const contracted = (
  [first, firstLetters]: readonly [Lowered, string],
  [second, secondLetters]: readonly [Lowered, string],
  result: string,
): GraphValue =>
  applied('Einsum', [first.value, second.value], {
    equation:
      `${letters(first, firstLetters)},${letters(second, secondLetters)}` +
      `->${letters({ holds: joint(first, second) }, result)}`,
  });

/** The field with its window at each site: [components, channels, size, N, size, N]. */
const windows = (surroundings: Surroundings, size: number, field: Lowered): Lowered => ({
  ...field,
  value: gathered(field.value, windowSites(surroundings, size)),
});

/** Each component as an image, [B * components, channels, M, M], for `Conv`; and back. */
const convolved = (surroundings: Surroundings, kernel: Lowered, field: Lowered): GraphValue => {
  const { size, outputs, inputs } = promisedKernel(kernel.type);
  const { components } = promisedField(field.type);
  const padded = size === 1 ? field.value : gathered(field.value, wrapped(surroundings, size));
  if (field.holds === 'shared') {
    return applied('Conv', [padded, kernel.value]);
  }
  const extent = applied('Add', [surroundings.latticeSize, integers([size - 1])]);
  const shape = (front: readonly number[], side: GraphValue): GraphValue =>
    applied('Concat', [integers(front), side, side], { axis: 0 });
  const images = applied('Reshape', [padded, shape([-1, inputs], extent)]);
  return applied('Reshape', [
    applied('Conv', [images, kernel.value]),
    shape([-1, components, outputs], surroundings.latticeSize),
  ]);
};

/** y_o(r) = sum over inputs i and offsets d of K_oi(d) x_i(r + d). */
const correlated = (surroundings: Surroundings, kernel: Lowered, field: Lowered): Lowered => {
  const { size, outputs } = promisedKernel(kernel.type);
  return {
    value:
      surroundings.hasConvolution && kernel.holds === 'shared'
        ? convolved(surroundings, kernel, field)
        : contracted([windows(surroundings, size, field), 'kiurvs'], [kernel, 'oiuv'], 'kors'),
    type: fieldType(promisedField(field.type).components, outputs),
    holds: joint(kernel, field),
  };
};

/** K'_io(d) = K_oi(-d), so that the transposed correlation with K is the correlation with K'. */
const reflected = (kernel: Lowered): Lowered => {
  const { outputs, inputs, size } = promisedKernel(kernel.type);
  const beforeFirst = -size - 1;
  const reversed = applied('Slice', [
    kernel.value,
    integers([-1, -1]),
    integers([beforeFirst, beforeFirst]),
    integers([axis.rows, axis.columns]),
    integers([-1, -1]),
  ]);
  return {
    ...kernel,
    value: applied('Transpose', [reversed], { perm: kernel.holds === 'sample' ? [0, 2, 1, 3, 4] : [1, 0, 2, 3] }),
    type: kernelType(inputs, outputs, size),
  };
};

/** The lowering of every operation. */
export const lowering = (surroundings: Surroundings): LoweringTable => {
  const entrywise =
    (operator: string) =>
    ({ left, right }: { readonly left: Lowered; readonly right: Lowered }): Lowered => ({
      value: applied(operator, [left.value, right.value]),
      type: left.type,
      holds: joint(left, right),
    });
  const functionOfEntries = ({ tag, value }: Operation<Lowered, EntryFunction>): Lowered => ({
    ...value,
    value: applied(functionOperators[tag], [value.value]),
  });
  return {
    input: surroundings.input,
    parameter: surroundings.parameter,
    constant: ({ value }) => ({ value: surroundings.number(value), type: scalarType, holds: 'shared' }),
    correlate: ({ kernel, field }) => correlated(surroundings, kernel, field),
    correlateTransposed: ({ kernel, field }) => correlated(surroundings, reflected(kernel), field),
    kernelGradient: ({ size, field, cotangent }) => ({
      value: contracted([windows(surroundings, size, field), 'kiurvs'], [cotangent, 'kors'], 'oiuv'),
      type: kernelType(promisedField(cotangent.type).channels, promisedField(field.type).channels, size),
      holds: joint(field, cotangent),
    }),
    add: entrywise('Add'),
    multiply: entrywise('Mul'),
    scale: ({ factor, value }) => ({
      value: product(spread(factor, value.type), value.value),
      type: value.type,
      holds: joint(factor, value),
    }),
    ...alike(entryFunctions)(functionOfEntries),
    contract: ({ left, right }) => ({
      value: sumOver(product(left.value, right.value), [axis.components], true),
      type: fieldType(1, promisedField(left.type).channels),
      holds: joint(left, right),
    }),
    modulate: ({ amplitude, vector }) => ({
      value: product(amplitude.value, vector.value),
      type: vector.type,
      holds: joint(amplitude, vector),
    }),
    total: ({ value }) => ({
      value: sumOver(value.value, allAxes(value.type), false),
      type: scalarType,
      holds: value.holds,
    }),
    fill: ({ type, scalar }) => ({
      value: applied('Expand', [spread(scalar, type), shapeIn(surroundings, type)]),
      type,
      holds: scalar.holds,
    }),
    sumSites: ({ field }) => ({
      value: sumOver(field.value, [axis.components, axis.rows, axis.columns], false),
      type: biasType(promisedField(field.type).channels),
      holds: field.holds,
    }),
    broadcast: ({ components, bias }) => {
      const type = fieldType(components, promisedBias(bias.type).channels);
      const everywhere = withAxes(bias.value, [axis.components, axis.rows, axis.columns]);
      return { value: applied('Expand', [everywhere, shapeIn(surroundings, type)]), type, holds: bias.holds };
    },
    concat: ({ parts }) => {
      const holds = joint(...parts);
      const fields = parts.map((part) => ({ value: part.value, type: promisedField(part.type) }));
      const channels = fields.reduce((sum, { type }) => sum + type.channels, 0);
      const components = Math.max(...fields.map(({ type }) => type.components));
      const values = holds === 'sample' ? parts.map(forEachSample(surroundings)) : parts.map(({ value }) => value);
      return {
        value: applied('Concat', values, { axis: axis.channels }),
        type: fieldType(components, channels),
        holds,
      };
    },
    slice: ({ from, to, field }) => ({
      value: applied('Slice', [field.value, integers([from]), integers([to]), integers([axis.channels])]),
      type: fieldType(promisedField(field.type).components, to - from),
      holds: field.holds,
    }),
  };
};
