/**
 * The operations of the algebra, as a functor: `Operation<R>` is one operation whose operands are of type R.
 *
 * With R a value's index it is an equation of a program; with R an expression, a node of an expression graph; with R a
 * number array, a type, a symmetry or a LaTeX string, the argument of the interpreter that computes those.
 *
 * The operations are closed under differentiation, because they come in adjoint families:
 *
 * | family                                         | the form they are derivatives of                                |
 * |------------------------------------------------|-----------------------------------------------------------------|
 * | correlate, correlateTransposed, kernelGradient | <y, K * x>, trilinear in kernel K and fields x, y               |
 * | contract, modulate                             | sum_k <a, u_k v_k>, trilinear in a scalar field and two vectors |
 * | total, fill                                    | s * sum(x)                                                      |
 * | sumSites, broadcast                            | sum over sites and components of <b, x>                         |
 * | concat, slice                                  | channels side by side                                           |
 * | add, multiply, scale                           | each its own                                                    |
 * | tanh, reciprocal, sqrt                         | 1 - tanh^2; -reciprocal^2; reciprocal(sqrt) / 2                 |
 *
 * They stand in one table. A new row makes the compiler ask every interpreter for a rule; whatever depends on an
 * operation's class alone follows from the table.
 */
import type { ValueType } from './value-type.ts';
import type { Weight } from './weight.ts';

/**
 * What a value of an operation depends on:
 *
 * | class         | an entry of the result depends on                                                                |
 * |---------------|--------------------------------------------------------------------------------------------------|
 * | `source`      | no operand                                                                                       |
 * | `pointwise`   | the operands at the same site and channel, or on a scalar                                        |
 * | `commutative` | as `pointwise`, where `left` and `right` may change places without a change of any bit           |
 * | `function`    | the same entry of `value`, by a function of one number that is not linear                        |
 * | `stencil`     | the operands within a window of sites                                                            |
 * | `sum`         | the sum of many entries                                                                          |
 * | `layout`      | one entry elsewhere: nothing is computed                                                         |
 */
export type OperationClass = 'source' | 'pointwise' | 'commutative' | 'function' | 'stencil' | 'sum' | 'layout';

/** A row of the table: the names of the operands in their order, and of a list of operands. */
interface Row<C extends OperationClass, Operands extends readonly string[], List extends string> {
  readonly class: C;
  readonly operands: Operands;
  readonly lists: readonly List[];
}

const row = <C extends OperationClass, const Operands extends readonly string[]>(
  ofClass: C,
  ...operands: Operands
): Row<C, Operands, never> => ({ class: ofClass, operands, lists: [] });

const rowWithList = <C extends OperationClass, List extends string>(
  ofClass: C,
  list: List,
): Row<C, readonly [], List> => ({ class: ofClass, operands: [], lists: [list] });

/** The table of operations: class and operands of each. */
export const operations = {
  /** One value for each sample: spins, labels. */
  input: row('source'),
  /** One value shared by all samples: a weight. */
  parameter: row('source'),
  /** A scalar known when the program is written. */
  constant: row('source'),
  /**
   * y_o(r) = sum over inputs i and offsets d of K_oi(d) x_i(r + d), periodic, offsets centred on 0, alike for every
   * component.
   */
  correlate: row('stencil', 'kernel', 'field'),
  /** The adjoint in the field: x_i(r) = sum over outputs o and offsets d of K_oi(d) y_o(r - d). */
  correlateTransposed: row('stencil', 'kernel', 'field'),
  /**
   * The adjoint in the kernel: G_oi(d) = sum over components and sites r of y_o(r) x_i(r + d), for offsets of a size x
   * size window.
   */
  kernelGradient: row('stencil', 'field', 'cotangent'),
  /** The sum entry by entry of two values of one type. */
  add: row('commutative', 'left', 'right'),
  /** The product entry by entry of two values of one type: the dot in a circle of Eqs. (S) and (T). */
  multiply: row('commutative', 'left', 'right'),
  /** A scalar times a value of any type. */
  scale: row('pointwise', 'factor', 'value'),
  /** The hyperbolic tangent, entry by entry. */
  tanh: row('function', 'value'),
  /** 1/x, entry by entry. */
  reciprocal: row('function', 'value'),
  /** The square root that is not negative, entry by entry. */
  sqrt: row('function', 'value'),
  /** The dot product over components: z_c(r) = sum over k of x_kc(r) y_kc(r). */
  contract: row('commutative', 'left', 'right'),
  /** A scalar field times a vector field: z_kc(r) = a_c(r) v_kc(r). */
  modulate: row('pointwise', 'amplitude', 'vector'),
  /** The sum of all entries of a value. */
  total: row('sum', 'value'),
  /** The value of the given type whose entries all equal one scalar. */
  fill: row('layout', 'scalar'),
  /** b_c = sum over components and sites of x_c. */
  sumSites: row('sum', 'field'),
  /** The field that equals b_c at every site, for each of `components` components. */
  broadcast: row('layout', 'bias'),
  /** The channels of several fields, one after the other. */
  concat: rowWithList('layout', 'parts'),
  /** The channels from `from` up to, not including, `to`. */
  slice: row('layout', 'field'),
};

/** What an operation carries beside its operands. */
interface Attributes {
  readonly input: { readonly name: string; readonly type: ValueType };
  /** A network's weight has with it what its map declares. */
  readonly parameter: { readonly name: string; readonly type: ValueType; readonly weight?: Weight };
  readonly constant: { readonly value: number };
  readonly kernelGradient: { readonly size: number };
  readonly fill: { readonly type: ValueType };
  readonly broadcast: { readonly components: number };
  readonly slice: { readonly from: number; readonly to: number };
}

type Table = typeof operations;

/** The name of an operation. */
export type Tag = keyof Table;

/** The operations of some classes. */
type TagOfClass<C extends OperationClass> = { readonly [T in Tag]: Table[T]['class'] extends C ? T : never }[Tag];

/** Functions of one number, applied entry by entry. */
export type EntryFunction = TagOfClass<'function'>;

/** Operations that compute each entry from the operands at the same site and channel. */
export type Pointwise = TagOfClass<'pointwise' | 'commutative' | 'function'>;

type AttributesOf<T extends Tag> = T extends keyof Attributes ? Attributes[T] : unknown;

type OperandName<T extends Tag> = Table[T]['operands'][number];

type ListName<T extends Tag> = Table[T]['lists'][number];

/** An operation, one of those named by T, with operands of type R. */
export type Operation<R, T extends Tag = Tag> = {
  readonly [K in T]: { readonly tag: K } & AttributesOf<K> &
    Readonly<Record<OperandName<K>, R>> &
    Readonly<Record<ListName<K>, readonly R[]>>;
}[T];

/** What an operation means in V when its operands mean something in R: one entry for each operation, none forgotten. */
export type Algebra<R, V> = { readonly [T in Tag]: (operation: Operation<R, T>) => V };

type MapTuple<Tuple extends readonly unknown[], V> = { readonly [I in keyof Tuple]: V };

/** One V for each operand of an operation, in their order: a tuple as long as its row has operands, or a list. */
export type ForOperands<T extends Tag, V> =
  ListName<T> extends never ? MapTuple<Table[T]['operands'], V> : readonly V[];

const hasAll = <K extends string, A>(
  names: readonly K[],
  record: Readonly<Record<string, A>>,
): record is Readonly<Record<K, A>> => names.every((name) => name in record);

const recordOf = <K extends string, A>(names: readonly K[], entry: (name: K) => A): Readonly<Record<K, A>> => {
  const record = Object.fromEntries(names.map((name) => [name, entry(name)]));
  if (!hasAll(names, record)) {
    throw new RangeError(`expected an entry for each of ${names.join(', ')}, got ${Object.keys(record).join(', ')}`);
  }
  return record;
};

const allTags: Readonly<Record<Tag, unknown>> = operations;

/** The operations by name, in the order of the table. */
export const tags: readonly Tag[] = Object.keys(operations).filter((name): name is Tag => name in allTags);

/** One entry for each of some operations: rules of an algebra that do not tell them apart. */
export const alike =
  <T extends Tag>(named: readonly T[]) =>
  <V>(rule: V): Readonly<Record<T, V>> =>
    recordOf(named, () => rule);

/** Functions of one number, applied entry by entry. */
export const entryFunctions: readonly EntryFunction[] = tags.filter(
  (tag): tag is EntryFunction => operations[tag].class === 'function',
);

const isPointwiseTag = (tag: Tag): tag is Pointwise => {
  const { class: ofClass } = operations[tag];
  return ofClass === 'pointwise' || ofClass === 'commutative' || ofClass === 'function';
};

/** Operations that compute each entry from the operands at the same site and channel. */
export const pointwise: readonly Pointwise[] = tags.filter(isPointwiseTag);

/** Whether an operation computes each entry from the operands at the same site and channel. */
export const isPointwise = <R>(operation: Operation<R>): operation is Operation<R, Pointwise> =>
  isPointwiseTag(operation.tag);

/** Whether an operation is a function of one number, applied entry by entry. */
export const isEntryFunction = <R>(operation: Operation<R>): operation is Operation<R, EntryFunction> =>
  operations[operation.tag].class === 'function';

/** Whether an operation's `left` and `right` may change places. */
export const isCommutative = <R>(operation: Operation<R>): operation is Operation<R, TagOfClass<'commutative'>> =>
  operations[operation.tag].class === 'commutative';

/** Whether an operation has no operands. */
export const isSource = <R>(operation: Operation<R>): operation is Operation<R, TagOfClass<'source'>> =>
  operations[operation.tag].class === 'source';

/** The meaning of one operation under an algebra. */
export const interpret =
  <R, V>(algebra: Algebra<R, V>) =>
  <T extends Tag>(operation: Operation<R, T>): V =>
    algebra[operation.tag](operation);

/** The algebra that treats every operation alike. */
export const uniform: <R, V>(f: (operation: Operation<R>) => V) => Algebra<R, V> = alike(tags);

const entriesAt = <K extends string, A>(names: readonly K[], record: Readonly<Record<K, A>>): readonly A[] =>
  names.map((name) => record[name]);

const mapEntriesAt = <K extends string, A, B>(
  names: readonly K[],
  record: Readonly<Record<K, A>>,
  f: (entry: A) => B,
): Readonly<Record<K, B>> => recordOf(names, (name) => f(record[name]));

/** The functor: the same operation on other operands. */
export const mapOperands =
  <R, S>(f: (operand: R) => S) =>
  <T extends Tag>(operation: Operation<R, T>): Operation<S, T> => {
    const { operands, lists }: Table[T] = operations[operation.tag];
    return {
      ...operation,
      ...mapEntriesAt<OperandName<T>, R, S>(operands, operation, f),
      ...mapEntriesAt<ListName<T>, readonly R[], readonly S[]>(lists, operation, (list) => list.map(f)),
    };
  };

const operandsByRow = <R, T extends Tag>(operation: Operation<R, T>): readonly R[] => {
  const { operands, lists }: Table[T] = operations[operation.tag];
  return [
    ...entriesAt<OperandName<T>, R>(operands, operation),
    ...entriesAt<ListName<T>, readonly R[]>(lists, operation).flat(),
  ];
};

/** The operands of an operation, in the order of its row. */
export const operandsOf = <R>(operation: Operation<R>): readonly R[] => operandsByRow<R, Tag>(operation);
