/**
 * G_oi(d) += sum over components, sites r and samples of y_o(r) x_i(r + d): the gradient of a correlation in its
 * kernel, added to float64 sums over the batch, which are laid out as the kernel is.
 *
 * A tile of a few outputs by a few taps is summed in registers, four partial sums each, while y and x go by. So the sum
 * within a chunk is of float32, short and four-way; sums of chunks are of float64.
 */
import {
  advance,
  assign,
  f32x4,
  f64,
  i32,
  sumOfLanes,
  times,
  type Body,
  type Expression,
  type Local,
} from '../../../assembler/expression.ts';
import { nest, type Pointer } from '../../../assembler/loops.ts';
import { defineFunction, type FunctionDefinition, type Scope } from '../../../assembler/module.ts';
import { bytesPerNumber, bytesPerReal, bytesPerVector, type Strides } from '../grid.ts';
import { accumulate, blocksOf, range, type Arithmetic } from './arithmetic.ts';
import { masked, wholeVectors } from './mask.ts';

/** Sizes and strides of a kernel gradient that is summed over samples; strides in bytes. */
export interface KernelGradient {
  readonly components: number;
  readonly outputs: number;
  /** Inputs times the squared size of the kernel. */
  readonly taps: number;
  readonly rows: number;
  /** Numbers in a row. */
  readonly rowNumbers: number;
  readonly x: Strides;
  readonly y: Strides;
  readonly arithmetic: Arithmetic;
}

/** Most outputs in a tile. */
const tileOutputs = 3;

/**
 * Taps in a tile, by its outputs: the fastest as measured. o outputs by t taps keep o t sums, o cotangents and a vector
 * of the field in registers, 13 of x86-64's 16 for 3 x 3, and separate products one more; each tap has a pointer besides.
 */
const tileTaps: Readonly<Record<Arithmetic, readonly number[]>> = {
  fused: [0, 7, 4, 3],
  separate: [0, 7, 4, 2],
};

interface Variables {
  readonly x: Local<'i32'>;
  readonly y: Local<'i32'>;
  /** The offsets of the taps still to come. */
  readonly table: Local<'i32'>;
  /** Where their sums go. */
  readonly sums: Local<'i32'>;
  readonly row: Local<'i32'>;
}

/** The sums of `outputs` x `taps` entries of the gradient. Moves on to the next taps. */
const tile = (
  scope: Scope,
  shape: KernelGradient,
  { x, y, table, sums, row }: Variables,
  outputs: number,
  taps: number,
): Body => {
  const { local } = scope;
  const py = local('i32');
  const px = range(taps).map(() => local('i32'));
  const cotangents = range(outputs).map(() => local('v128'));
  const field = local('v128');
  const partial = range(outputs).map(() => range(taps).map(() => local('v128')));
  const step = accumulate(shape.arithmetic);
  const vectorStep = (clean: (v: Expression<'v128'>) => Expression<'v128'>): Body => [
    cotangents.map((cotangent, o) => assign(cotangent, clean(f32x4.load(py, o * shape.y.channel)))),
    px.map((pointer, t) => [
      assign(field, clean(f32x4.load(pointer))),
      cotangents.map((cotangent, o) => partial[o]?.slice(t, t + 1).map((sum) => step(sum, cotangent, field)) ?? []),
    ]),
  ];
  const whole = wholeVectors(shape.rowNumbers);
  const rest = shape.rowNumbers % 4;
  const advanceVector = [py, ...px].map((pointer) => advance(pointer, bytesPerVector));
  const rowPointers: readonly Pointer[] = [
    { local: py, strides: [shape.y.component, shape.y.row] },
    ...px.map((pointer) => ({ local: pointer, strides: [shape.x.component, shape.x.row] })),
  ];
  return [
    px.map((pointer, t) => assign(pointer, i32.add(x, i32.load(table, t * bytesPerNumber)))),
    assign(py, y),
    partial.flat().map((sum) => assign(sum, f32x4.constant(0))),
    nest(scope, [shape.components, shape.rows], rowPointers, [
      whole > 0 ? times(row, whole, [vectorStep((v) => v), advanceVector]) : [],
      rest > 0 ? [vectorStep((v) => masked(v, rest)), advanceVector] : [],
      rowPointers.map(({ local: pointer }) => advance(pointer, -bytesPerVector * (whole + (rest > 0 ? 1 : 0)))),
    ]),
    partial.map((sumsOfOutput, o) =>
      sumsOfOutput.map((sum, t) => {
        const offset = (o * shape.taps + t) * bytesPerReal;
        return f64.store(sums, f64.add(f64.load(sums, offset), f64.promote(sumOfLanes(sum))), offset);
      }),
    ),
    advance(sums, taps * bytesPerReal),
    advance(table, taps * bytesPerNumber),
  ];
};

/** Parameters: x, y, the table of the taps' byte offsets in x, the sums. */
export const kernelGradient = (name: string, shape: KernelGradient): FunctionDefinition =>
  defineFunction(name, (scope) => {
    const [x, y, offsets, sums] = [scope.parameter(), scope.parameter(), scope.parameter(), scope.parameter()];
    const variables: Variables = { x, y, table: scope.local('i32'), sums, row: scope.local('i32') };
    return blocksOf(shape.outputs, tileOutputs).map((outputs) =>
      times(scope.local('i32'), outputs.count, [
        assign(variables.table, offsets),
        blocksOf(shape.taps, tileTaps[shape.arithmetic][outputs.size] ?? 1).map((taps) =>
          times(scope.local('i32'), taps.count, tile(scope, shape, variables, outputs.size, taps.size)),
        ),
        advance(sums, (outputs.size - 1) * shape.taps * bytesPerReal),
        advance(y, outputs.size * shape.y.channel),
      ]),
    );
  });
