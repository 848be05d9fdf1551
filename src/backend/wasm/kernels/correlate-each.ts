/**
 * Correlations where each sample has a kernel of its own, and their kernel gradients sample by sample: what higher
 * derivatives of kernels ask for. No network here spends its time on them, so they go number by number, and sum in
 * float64.
 */
import { assign, f32, f64, type Body, type Local } from '../../../assembler/expression.ts';
import { nest } from '../../../assembler/loops.ts';
import { defineFunction, type FunctionDefinition, type Scope } from '../../../assembler/module.ts';
import { bytesPerNumber, type Grid, type Strides } from '../grid.ts';

/** sum += the products of numbers at two pointers, over a nest; the pointers stay. */
const sumOfProducts = (
  scope: Scope,
  sum: Local<'f64'>,
  counts: readonly number[],
  factors: readonly { readonly local: Local<'i32'>; readonly strides: readonly number[] }[],
): Body => {
  const moving = factors.map(({ local, strides }) => ({ from: local, local: scope.local('i32'), strides }));
  const product = moving
    .map(({ local }) => f64.promote(f32.load(local)))
    .reduce((left, right) => f64.multiply(left, right));
  return [
    moving.map(({ local, from }) => assign(local, from)),
    assign(sum, f64.zero),
    nest(scope, counts, moving, assign(sum, f64.add(sum, product))),
  ];
};

/** Sizes and strides of a correlation whose samples have their own kernels, which are `size` x `size` sites wide. */
export interface CorrelationEach {
  readonly grid: Grid;
  readonly components: number;
  readonly outputs: number;
  readonly inputs: number;
  readonly size: number;
  readonly x: Strides;
  readonly y: Strides;
  /** The distance in bytes between the kernel's numbers of neighbouring outputs, inputs, rows and columns of taps. */
  readonly kernel: { readonly output: number; readonly input: number; readonly row: number; readonly column: number };
}

/** Parameters: x at the first tap of site 0, the kernels at the first tap, y. */
export const correlateEach = (name: string, shape: CorrelationEach): FunctionDefinition =>
  defineFunction(name, (scope) => {
    const [x, K, y] = [scope.parameter(), scope.parameter(), scope.parameter()];
    const sum = scope.local('f64');
    const { grid, components, outputs, inputs, size, kernel } = shape;
    const column = grid.samples * bytesPerNumber;
    const places = [
      { local: x, strides: [shape.x.component, 0, shape.x.row, column, bytesPerNumber] },
      { local: y, strides: [shape.y.component, shape.y.channel, shape.y.row, column, bytesPerNumber] },
      { local: K, strides: [0, kernel.output, 0, 0, bytesPerNumber] },
    ];
    return nest(scope, [components, outputs, grid.size, grid.size, grid.samples], places, [
      sumOfProducts(
        scope,
        sum,
        [inputs, size, size],
        [
          { local: x, strides: [shape.x.channel, shape.x.row, column] },
          { local: K, strides: [kernel.input, kernel.row, kernel.column] },
        ],
      ),
      f32.store(y, f32.demote(sum)),
    ]);
  });

/** Sizes and strides of a kernel gradient for each sample, of kernels that are `size` x `size` sites wide. */
export interface KernelGradientEach {
  readonly grid: Grid;
  readonly components: number;
  readonly outputs: number;
  readonly inputs: number;
  readonly size: number;
  readonly x: Strides;
  readonly y: Strides;
}

/** Parameters: x at the first tap of site 0, y, the gradients. */
export const kernelGradientEach = (name: string, shape: KernelGradientEach): FunctionDefinition =>
  defineFunction(name, (scope) => {
    const [x, y, G] = [scope.parameter(), scope.parameter(), scope.parameter()];
    const sum = scope.local('f64');
    const { grid, components, outputs, inputs, size } = shape;
    const column = grid.samples * bytesPerNumber;
    const places = [
      {
        local: G,
        strides: [inputs * size * size * column, size * size * column, size * column, column, bytesPerNumber],
      },
      { local: y, strides: [shape.y.channel, 0, 0, 0, bytesPerNumber] },
      { local: x, strides: [0, shape.x.channel, shape.x.row, column, bytesPerNumber] },
    ];
    return nest(scope, [outputs, inputs, size, size, grid.samples], places, [
      sumOfProducts(
        scope,
        sum,
        [components, grid.size, grid.size],
        [
          { local: x, strides: [shape.x.component, shape.x.row, column] },
          { local: y, strides: [shape.y.component, shape.y.row, column] },
        ],
      ),
      f32.store(G, f32.demote(sum)),
    ]);
  });
