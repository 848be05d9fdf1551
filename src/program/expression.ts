/**
 * Expressions: what networks are written in. An expression is an operation applied to expressions, nothing more, so it
 * knows its equations; `record` lays them out as a program, equal equations once. No tape runs behind the scenes.
 *
 * The type parameter keeps fields, kernels, biases and scalars apart at compile time; channels and components are
 * checked by `typecheck` on the recorded program.
 */
import { mapOperands, uniform, type Operation } from './operation.ts';
import { fold, outputsOf, valueId, type Equation, type Program, type ValueId } from './program.ts';
import { biasType, fieldType, kernelType, scalarType, type ValueType } from './value-type.ts';
import { weightName, type Weight, type WeightRole, type WeightTypes } from './weight.ts';

declare const kind: unique symbol;

/** What an expression's value is: a scalar, a field, a kernel or a bias. */
export type Kind = ValueType['tag'];

/** An operation applied to expressions; K is the kind of its value. */
export interface Expression<K extends Kind = Kind> {
  readonly operation: Operation<Expression>;
  readonly [kind]?: K;
}

/** An expression whose value is a function on the lattice. */
export type Field = Expression<'field'>;

/** An expression whose value is the weights of a cross-correlation. */
export type Kernel = Expression<'kernel'>;

/** An expression whose value is one number for each channel. */
export type Bias = Expression<'bias'>;

/** An expression whose value is one number. */
export type Scalar = Expression<'scalar'>;

// Sources.

/** A field that every sample brings with it, as spins: shape [components, channels, N, N]. */
export const inputField = (name: string, components: number, channels: number): Field => ({
  operation: { tag: 'input', name, type: fieldType(components, channels) },
});

/** A number that every sample brings with it, as the label of its energy. */
export const inputScalar = (name: string): Scalar => ({ operation: { tag: 'input', name, type: scalarType } });

/** A kernel that all samples share: shape [outputs, inputs, size, size], `size` odd. */
export const parameterKernel = (name: string, outputs: number, inputs: number, size: number): Kernel => ({
  operation: { tag: 'parameter', name, type: kernelType(outputs, inputs, size) },
});

/** A bias that all samples share: shape [channels]. */
export const parameterBias = (name: string, channels: number): Bias => ({
  operation: { tag: 'parameter', name, type: biasType(channels) },
});

/** A weight that a map declares, under its name. */
export const parameterWeight = <R extends WeightRole>(weight: Weight<R>): Expression<WeightTypes[R]['tag']> => ({
  operation: { tag: 'parameter', name: weightName(weight), type: weight.type, weight },
});

/** A number that all samples share. */
export const parameterScalar = (name: string): Scalar => ({ operation: { tag: 'parameter', name, type: scalarType } });

/** A number that is known when the program is written; `typecheck` refuses one that is not finite. */
export const constant = (value: number): Scalar => ({ operation: { tag: 'constant', value } });

// Operations, data last.

/**
 * The cross-correlation K * x, periodic and alike for every component; x has the kernel's inputs as channels, the result its
 * outputs.
 */
export const correlate =
  (kernel: Kernel) =>
  (field: Field): Field => ({ operation: { tag: 'correlate', kernel, field } });

/** The adjoint of `correlate` in the field: it takes the kernel's outputs as channels, and returns its inputs. */
export const correlateTransposed =
  (kernel: Kernel) =>
  (field: Field): Field => ({ operation: { tag: 'correlateTransposed', kernel, field } });

/**
 * The adjoint of `correlate` in the kernel, of odd `size`: one tap for each channel of the cotangent, channel of the field and
 * offset. Both fields have equal components.
 */
export const kernelGradient = (size: number, field: Field, cotangent: Field): Kernel => ({
  operation: { tag: 'kernelGradient', size, field, cotangent },
});

/** The sum, entry by entry, of two values of one type. */
export const add = <K extends Kind>(left: Expression<K>, right: Expression<NoInfer<K>>): Expression<K> => ({
  operation: { tag: 'add', left, right },
});

/** The product, entry by entry, of two values of one type. */
export const multiply = <K extends Kind>(left: Expression<K>, right: Expression<NoInfer<K>>): Expression<K> => ({
  operation: { tag: 'multiply', left, right },
});

/** A scalar times a value of any type. */
export const scale =
  (factor: Scalar) =>
  <K extends Kind>(value: Expression<K>): Expression<K> => ({ operation: { tag: 'scale', factor, value } });

/** tanh(x), entry by entry, of a value of any type. */
export const tanh = <K extends Kind>(value: Expression<K>): Expression<K> => ({ operation: { tag: 'tanh', value } });

/** 1/x, entry by entry, of a value of any type. */
export const reciprocal = <K extends Kind>(value: Expression<K>): Expression<K> => ({
  operation: { tag: 'reciprocal', value },
});

/** The square root that is not negative, entry by entry, of a value of any type. */
export const sqrt = <K extends Kind>(value: Expression<K>): Expression<K> => ({ operation: { tag: 'sqrt', value } });

/** The dot product over components of two fields of one type, at every site and for every channel: a field of one component. */
export const contract = (left: Field, right: Field): Field => ({ operation: { tag: 'contract', left, right } });

/** A field of one component times a field with as many channels, site by site, alike for every component. */
export const modulate =
  (amplitude: Field) =>
  (vector: Field): Field => ({ operation: { tag: 'modulate', amplitude, vector } });

/** The sum of all entries of a value. */
export const total = (value: Expression): Scalar => ({ operation: { tag: 'total', value } });

/** The value of the given type whose entries all equal one scalar. */
export const fill =
  (type: ValueType) =>
  (scalar: Scalar): Expression => ({ operation: { tag: 'fill', type, scalar } });

/** The field whose entries all equal one scalar. */
export const fillField =
  (components: number, channels: number) =>
  (scalar: Scalar): Field => ({ operation: { tag: 'fill', type: fieldType(components, channels), scalar } });

/** The sum over components and sites of a field, for every channel. */
export const sumSites = (field: Field): Bias => ({ operation: { tag: 'sumSites', field } });

/** The field of so many components that equals the bias of its channel at every site. */
export const broadcast =
  (components: number) =>
  (bias: Bias): Field => ({ operation: { tag: 'broadcast', components, bias } });

/** The channels of one or more fields of equal components, one after the other. */
export const concat = (parts: readonly Field[]): Field => ({ operation: { tag: 'concat', parts } });

/** The channels of a field from `from` up to, not including, `to`. */
export const slice =
  (from: number, to: number) =>
  (field: Field): Field => ({ operation: { tag: 'slice', from, to, field } });

// Programs.

/**
 * Lays expressions out as a program with these outputs. Only what the outputs need is recorded, and each equation once.
 *
 * @example
 * record({ energy: total(contract(inputField('spins', 3, 1), inputField('spins', 3, 1))) }).equations.length // 3
 */
export const record = (outputs: Readonly<Record<string, Expression>>): Program => {
  const bound = new Map<string, { readonly id: ValueId; readonly equation: Equation }>();
  const walked = new Map<Expression, ValueId>();
  const walk = (expression: Expression): ValueId => {
    const known = walked.get(expression);
    if (known !== undefined) {
      return known;
    }
    const equation = mapOperands(walk)(expression.operation);
    const key = JSON.stringify(equation);
    const binding = bound.get(key) ?? { id: valueId(bound.size), equation };
    bound.set(key, binding);
    walked.set(expression, binding.id);
    return binding.id;
  };
  const ids = Object.entries(outputs).map(([name, expression]) => [name, walk(expression)] as const);
  return { equations: [...bound.values()].map(({ equation }) => equation), outputs: Object.fromEntries(ids) };
};

/** The expressions of a program's values, in the order of its equations. */
export const expressionsOf: (program: Program) => readonly Expression[] = fold<Expression>(
  uniform((operation) => ({ operation })),
);

/** The expressions of a program's outputs, by name: `record(outputExpressions(p))` is p without its dead equations. */
export const outputExpressions = (program: Program): Readonly<Record<string, Expression>> =>
  outputsOf(program)(expressionsOf(program));
