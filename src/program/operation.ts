/**
 * The operations of the algebra, as a functor: `Operation<R>` is one operation whose operands are of type R.
 *
 * With R a value's index it is an equation of a program; with R an expression, a node of an expression graph; with R a
 * number array, a type, a symmetry or a LaTeX string, the argument of the interpreter that computes those.
 *
 * The nineteen operations are closed under differentiation, because they come in adjoint families:
 *
 * | family                                        | the form they are derivatives of                              |
 * |-----------------------------------------------|---------------------------------------------------------------|
 * | correlate, correlateTransposed, kernelGradient | <y, K * x>, trilinear in kernel K and fields x, y             |
 * | contract, modulate                            | sum_k <a, u_k v_k>, trilinear in a scalar field and two vectors |
 * | total, fill                                   | s * sum(x)                                                    |
 * | sumSites, broadcast                           | sum over sites and components of <b, x>                       |
 * | concat, slice                                 | channels side by side                                         |
 * | add, multiply, scale                          | each its own                                                  |
 * | tanh, reciprocal                              | 1 - tanh^2; -reciprocal^2                                     |
 */
import type { ValueType } from './value-type.ts';

export interface Operations<R> {
  /** One value for each sample: spins, labels. */
  readonly input: { readonly tag: 'input'; readonly name: string; readonly type: ValueType };
  /** One value shared by all samples: a weight. */
  readonly parameter: { readonly tag: 'parameter'; readonly name: string; readonly type: ValueType };
  /** A scalar known when the program is written. */
  readonly constant: { readonly tag: 'constant'; readonly value: number };
  /**
   * y_o(r) = sum over inputs i and offsets d of K_oi(d) x_i(r + d), periodic, offsets centred on 0, alike for every
   * component.
   */
  readonly correlate: { readonly tag: 'correlate'; readonly kernel: R; readonly field: R };
  /** The adjoint in the field: x_i(r) = sum over outputs o and offsets d of K_oi(d) y_o(r - d). */
  readonly correlateTransposed: { readonly tag: 'correlateTransposed'; readonly kernel: R; readonly field: R };
  /**
   * The adjoint in the kernel: G_oi(d) = sum over components and sites r of y_o(r) x_i(r + d), for offsets of a size x
   * size window.
   */
  readonly kernelGradient: {
    readonly tag: 'kernelGradient';
    readonly size: number;
    readonly field: R;
    readonly cotangent: R;
  };
  readonly add: { readonly tag: 'add'; readonly left: R; readonly right: R };
  /** The product entry by entry of two values of one type: the dot in a circle of Eqs. (S) and (T). */
  readonly multiply: { readonly tag: 'multiply'; readonly left: R; readonly right: R };
  /** A scalar times a value of any type. */
  readonly scale: { readonly tag: 'scale'; readonly factor: R; readonly value: R };
  readonly tanh: { readonly tag: 'tanh'; readonly value: R };
  readonly reciprocal: { readonly tag: 'reciprocal'; readonly value: R };
  /** The dot product over components: z_c(r) = sum over k of x_kc(r) y_kc(r). */
  readonly contract: { readonly tag: 'contract'; readonly left: R; readonly right: R };
  /** A scalar field times a vector field: z_kc(r) = a_c(r) v_kc(r). */
  readonly modulate: { readonly tag: 'modulate'; readonly amplitude: R; readonly vector: R };
  /** The sum of all entries of a value. */
  readonly total: { readonly tag: 'total'; readonly value: R };
  /** The value of the given type whose entries all equal one scalar. */
  readonly fill: { readonly tag: 'fill'; readonly type: ValueType; readonly scalar: R };
  /** b_c = sum over components and sites of x_c. */
  readonly sumSites: { readonly tag: 'sumSites'; readonly field: R };
  /** The field that equals b_c at every site, for each of `components` components. */
  readonly broadcast: { readonly tag: 'broadcast'; readonly components: number; readonly bias: R };
  /** The channels of several fields, one after the other. */
  readonly concat: { readonly tag: 'concat'; readonly parts: readonly R[] };
  /** The channels from `from` up to, not including, `to`. */
  readonly slice: { readonly tag: 'slice'; readonly from: number; readonly to: number; readonly field: R };
}

export type Tag = keyof Operations<unknown>;

export type Operation<R> = Operations<R>[Tag];

/** What an operation means in V when its operands mean something in R: one entry for each operation, none forgotten. */
export type Algebra<R, V> = { readonly [T in Tag]: (operation: Operations<R>[T]) => V };

/** The meaning of one operation under an algebra. */
export const interpret =
  <R, V>(algebra: Algebra<R, V>) =>
  (operation: Operation<R>): V => {
    switch (operation.tag) {
      case 'input':
        return algebra.input(operation);
      case 'parameter':
        return algebra.parameter(operation);
      case 'constant':
        return algebra.constant(operation);
      case 'correlate':
        return algebra.correlate(operation);
      case 'correlateTransposed':
        return algebra.correlateTransposed(operation);
      case 'kernelGradient':
        return algebra.kernelGradient(operation);
      case 'add':
        return algebra.add(operation);
      case 'multiply':
        return algebra.multiply(operation);
      case 'scale':
        return algebra.scale(operation);
      case 'tanh':
        return algebra.tanh(operation);
      case 'reciprocal':
        return algebra.reciprocal(operation);
      case 'contract':
        return algebra.contract(operation);
      case 'modulate':
        return algebra.modulate(operation);
      case 'total':
        return algebra.total(operation);
      case 'fill':
        return algebra.fill(operation);
      case 'sumSites':
        return algebra.sumSites(operation);
      case 'broadcast':
        return algebra.broadcast(operation);
      case 'concat':
        return algebra.concat(operation);
      case 'slice':
        return algebra.slice(operation);
    }
  };

/** The algebra that treats every operation alike. */
export const uniform = <R, V>(f: (operation: Operation<R>) => V): Algebra<R, V> => ({
  input: f,
  parameter: f,
  constant: f,
  correlate: f,
  correlateTransposed: f,
  kernelGradient: f,
  add: f,
  multiply: f,
  scale: f,
  tanh: f,
  reciprocal: f,
  contract: f,
  modulate: f,
  total: f,
  fill: f,
  sumSites: f,
  broadcast: f,
  concat: f,
  slice: f,
});

/** The functor: the same operation on other operands. */
export const mapOperands = <R, S>(f: (operand: R) => S): ((operation: Operation<R>) => Operation<S>) =>
  interpret<R, Operation<S>>({
    input: (operation) => operation,
    parameter: (operation) => operation,
    constant: (operation) => operation,
    correlate: (operation) => ({ ...operation, kernel: f(operation.kernel), field: f(operation.field) }),
    correlateTransposed: (operation) => ({ ...operation, kernel: f(operation.kernel), field: f(operation.field) }),
    kernelGradient: (operation) => ({
      ...operation,
      field: f(operation.field),
      cotangent: f(operation.cotangent),
    }),
    add: (operation) => ({ ...operation, left: f(operation.left), right: f(operation.right) }),
    multiply: (operation) => ({ ...operation, left: f(operation.left), right: f(operation.right) }),
    scale: (operation) => ({ ...operation, factor: f(operation.factor), value: f(operation.value) }),
    tanh: (operation) => ({ ...operation, value: f(operation.value) }),
    reciprocal: (operation) => ({ ...operation, value: f(operation.value) }),
    contract: (operation) => ({ ...operation, left: f(operation.left), right: f(operation.right) }),
    modulate: (operation) => ({ ...operation, amplitude: f(operation.amplitude), vector: f(operation.vector) }),
    total: (operation) => ({ ...operation, value: f(operation.value) }),
    fill: (operation) => ({ ...operation, scalar: f(operation.scalar) }),
    sumSites: (operation) => ({ ...operation, field: f(operation.field) }),
    broadcast: (operation) => ({ ...operation, bias: f(operation.bias) }),
    concat: (operation) => ({ ...operation, parts: operation.parts.map(f) }),
    slice: (operation) => ({ ...operation, field: f(operation.field) }),
  });

/** The operands of an operation, in the order in which its fields are written above. */
export const operandsOf = <R>(operation: Operation<R>): readonly R[] =>
  interpret<R, readonly R[]>({
    input: () => [],
    parameter: () => [],
    constant: () => [],
    correlate: ({ kernel, field }) => [kernel, field],
    correlateTransposed: ({ kernel, field }) => [kernel, field],
    kernelGradient: ({ field, cotangent }) => [field, cotangent],
    add: ({ left, right }) => [left, right],
    multiply: ({ left, right }) => [left, right],
    scale: ({ factor, value }) => [factor, value],
    tanh: ({ value }) => [value],
    reciprocal: ({ value }) => [value],
    contract: ({ left, right }) => [left, right],
    modulate: ({ amplitude, vector }) => [amplitude, vector],
    total: ({ value }) => [value],
    fill: ({ scalar }) => [scalar],
    sumSites: ({ field }) => [field],
    broadcast: ({ bias }) => [bias],
    concat: ({ parts }) => parts,
    slice: ({ field }) => [field],
  })(operation);
