/**
 * One sweep over fields (or lines of numbers) that computes an expression at every entry, and stores or sums what it
 * yields. Chains of additions, products and tanh, and the sums over their results, become one loop each: what is used once is
 * never written to memory.
 */
import { advance, assign, f32x4, f64, sumOfLanes, times, type Body, type Expression, type Local } from '../../../assembler/expression.ts';
import { nest, type Pointer } from '../../../assembler/loops.ts';
import { defineFunction, type FunctionDefinition, type Scope } from '../../../assembler/module.ts';
import { bytesPerNumber, bytesPerVector, numbersPerVector, vectorsFor, type Strides } from '../grid.ts';
import { multiplyAdd, range, type Arithmetic } from './arithmetic.ts';
import { hyperbolicTangent } from './hyperbolic-tangent.ts';
import { masked } from './mask.ts';

/** A number of the expression; others are named by their place in the list of nodes, before their own. */
export type Node =
  /** An entry of a field. */
  | { readonly tag: 'entry'; readonly field: number }
  /** A scalar, alike everywhere. */
  | { readonly tag: 'scalar'; readonly scalar: number }
  /** An entry of a bias, alike in each channel. */
  | { readonly tag: 'bias'; readonly bias: number }
  | { readonly tag: 'constant'; readonly value: number }
  | { readonly tag: 'add'; readonly left: number; readonly right: number }
  | { readonly tag: 'multiply'; readonly left: number; readonly right: number }
  /** left * right + addend. */
  | { readonly tag: 'multiplyAdd'; readonly left: number; readonly right: number; readonly addend: number }
  | { readonly tag: 'tanh'; readonly value: number }
  | { readonly tag: 'reciprocal'; readonly value: number };

export interface Pointwise {
  readonly components: number;
  readonly channels: number;
  readonly rows: number;
  readonly rowNumbers: number;
  readonly fields: readonly Strides[];
  readonly scalars: number;
  readonly biases: number;
  readonly nodes: readonly Node[];
  /** Nodes that are written to fields. */
  readonly stores: readonly { readonly node: number; readonly strides: Strides }[];
  /** Nodes that are added up over components, channels and rows, to a line of sums, one for each number of a row. */
  readonly totals: readonly number[];
  /** Nodes that are added up over components and sites and samples, to float64 sums, one for each channel. */
  readonly channelSums: readonly number[];
  readonly arithmetic: Arithmetic;
}

const bytesPerSum = 8;

/** Dimensions of the nest: components, channels, rows, vectors. */
const fieldPointer = (local: Local<'i32'>, { component, channel, row }: Strides): Pointer => ({
  local,
  strides: [component, channel, row, bytesPerVector],
});

/** The statements that compute the nodes, in order; those that are alike everywhere are known already. */
const evaluation = (
  scope: Scope,
  { nodes, arithmetic }: Pointwise,
  locals: readonly Local<'v128'>[],
  fields: readonly Local<'i32'>[],
): Body =>
  nodes.flatMap((node, index) =>
    locals.slice(index, index + 1).map((local): Body => {
      const value = (operand: number): Expression<'v128'> => locals[operand] ?? f32x4.constant(NaN);
      switch (node.tag) {
        case 'entry':
          return fields.slice(node.field, node.field + 1).map((pointer) => assign(local, f32x4.load(pointer)));
        case 'scalar':
        case 'bias':
        case 'constant':
          return [];
        case 'add':
          return assign(local, f32x4.add(value(node.left), value(node.right)));
        case 'multiply':
          return assign(local, f32x4.multiply(value(node.left), value(node.right)));
        case 'multiplyAdd':
          return assign(local, multiplyAdd(arithmetic)(value(node.left), value(node.right), value(node.addend)));
        case 'tanh':
          return hyperbolicTangent(scope, arithmetic, local, value(node.value));
        case 'reciprocal':
          return assign(local, f32x4.divide(f32x4.constant(1), value(node.value)));
      }
    }),
  );

/** Loads what is alike everywhere, or in a channel. */
const splats = (
  nodes: readonly Node[],
  locals: readonly Local<'v128'>[],
  of: (node: Node) => Expression<'v128'> | null,
): Body =>
  nodes.flatMap((node, index) => {
    const value = of(node);
    return value === null ? [] : locals.slice(index, index + 1).map((local) => assign(local, value));
  });

/** Parameters: the fields, scalars, biases, stored fields, lines of totals, channel sums. */
export const pointwise = (name: string, shape: Pointwise): FunctionDefinition =>
  defineFunction(name, (scope) => {
    const { components, channels, rows, rowNumbers, nodes, stores, totals, channelSums } = shape;
    const parameters = (count: number): readonly Local<'i32'>[] => range(count).map(() => scope.parameter());
    const fields = parameters(shape.fields.length);
    const scalars = parameters(shape.scalars);
    const biases = parameters(shape.biases);
    const stored = parameters(stores.length);
    const lines = parameters(totals.length);
    const sums = parameters(channelSums.length);

    const locals = nodes.map(() => scope.local('v128'));
    const partial = sums.map(() => scope.local('v128'));
    const local = (node: number): readonly Local<'v128'>[] => locals.slice(node, node + 1);
    const pointers = [
      ...fields.flatMap((pointer, i) => shape.fields.slice(i, i + 1).map((strides) => fieldPointer(pointer, strides))),
      ...stored.flatMap((pointer, i) => stores.slice(i, i + 1).map(({ strides }) => fieldPointer(pointer, strides))),
      ...lines.map((pointer) => fieldPointer(pointer, { component: 0, channel: 0, row: 0 })),
    ];

    const addPartials = (clean: (v: Expression<'v128'>) => Expression<'v128'>): Body =>
      partial.map((sum, i) => channelSums.slice(i, i + 1).map((node) => local(node).map((value) => assign(sum, f32x4.add(sum, clean(value))))));
    const entry = (clean: (v: Expression<'v128'>) => Expression<'v128'>): Body => [
      evaluation(scope, shape, locals, fields),
      stores.map(({ node }, i) => local(node).map((value) => stored.slice(i, i + 1).map((pointer) => f32x4.store(pointer, value)))),
      totals.map((node, i) =>
        local(node).map((value) =>
          lines.slice(i, i + 1).map((pointer) => f32x4.store(pointer, f32x4.add(f32x4.load(pointer), value))),
        ),
      ),
      addPartials(clean),
    ];

    const vectors = vectorsFor(rowNumbers);
    const rest = rowNumbers % numbersPerVector;
    const movePointers = pointers.map(({ local: pointer }) => advance(pointer, bytesPerVector));
    const maskedRow: Body = [
      vectors > 1 ? times(scope.local('i32'), vectors - 1, [entry((v) => v), movePointers]) : [],
      entry((v) => masked(v, rest)),
      pointers.map(({ local: pointer }) => advance(pointer, bytesPerVector * (1 - vectors))),
    ];
    const needsMask = rest > 0 && channelSums.length > 0;
    const perChannel = biases.length > 0 || sums.length > 0;

    /** The loops over rows and vectors, with the pointers at the start of each of the `outer` dimensions. */
    const sweep = (counts: readonly number[], first: number): Body => {
      const inner = pointers.map((pointer) => ({ local: scope.local('i32'), pointer }));
      void inner;
      return needsMask
        ? nest(scope, counts.slice(0, -1), pointers.map((p) => ({ ...p, strides: p.strides.slice(first, -1) })), maskedRow)
        : nest(scope, counts, pointers.map((p) => ({ ...p, strides: p.strides.slice(first) })), entry((v) => v));
    };
    void sweep;
    void perChannel;
    return [
      splats(nodes, locals, (node) => {
        switch (node.tag) {
          case 'scalar': {
            const [pointer] = scalars.slice(node.scalar, node.scalar + 1);
            return pointer === undefined ? null : f32x4.loadSplat(pointer);
          }
          case 'constant':
            return f32x4.constant(node.value);
          default:
            return null;
        }
      }),
      components,
      channels,
      rows,
      bytesPerNumber,
      bytesPerSum,
    ] as never;
  });
