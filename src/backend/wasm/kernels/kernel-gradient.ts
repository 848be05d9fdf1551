/**
 * G_oi(d) += sum over components, sites r and samples of y_o(r) x_i(r + d): the gradient of a correlation in its
 * kernel, added to float64 sums over the batch, which are laid out as the kernel is.
 *
 * A tile of a few outputs by a few taps is summed in registers, eight partial sums each, while y and x go by. So the sum
 * within a chunk is of float32, short and eight-way; sums of chunks are of float64.
 */
import type { Arithmetic } from '../../../assembler/arithmetic.ts';
import { advance, assign, i32, times, type Body, type Local } from '../../../assembler/expression.ts';
import { nest, type Pointer } from '../../../assembler/loops.ts';
import { defineFunction, type FunctionDefinition, type Scope } from '../../../assembler/module.ts';
import { f32xN, type VectorBits } from '../../../assembler/wide-vector.ts';
import { bytesPerNumber, bytesPerReal, type Strides } from '../grid.ts';
import { accumulate, blocksOf, range } from './arithmetic.ts';
import { laneSumsAdded } from './lane-sums.ts';
import { along, begun, foldBytes, folded, partialSumsOf, type Take } from './paired-sums.ts';

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
  readonly bits: VectorBits;
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

/** Bytes for the sums of the largest tile. */
export const foldRoom = foldBytes(
  Math.max(...Object.values(tileTaps).flatMap((tapsOf) => tapsOf.map((taps, outputs) => taps * outputs))),
);

interface Variables {
  readonly x: Local<'i32'>;
  readonly y: Local<'i32'>;
  /** The offsets of the taps still to come. */
  readonly table: Local<'i32'>;
  /** Where their sums go. */
  readonly sums: Local<'i32'>;
  readonly scratch: Local<'i32'>;
}

/** The sums of `outputs` x `taps` entries of the gradient. Moves on to the next taps. */
const tile = (
  scope: Scope,
  shape: KernelGradient,
  { x, y, table, sums, scratch }: Variables,
  outputs: number,
  taps: number,
): Body => {
  const { local } = scope;
  const py = local('i32');
  const px = range(taps).map(() => local('i32'));
  const pointers = [py, ...px];
  const moved = (bytes: number): Body => pointers.map((pointer) => advance(pointer, bytes));
  const { rowNumbers, bits } = shape;
  const partial = range(outputs).map(() => range(taps).map(() => partialSumsOf(scope, rowNumbers)));
  const step = accumulate(shape.arithmetic);
  const take: Take = ({ width, clean, sumsIn, bytes }) => {
    const cotangents = range(outputs).map(() => width.local(scope));
    const field = width.local(scope);
    return [
      cotangents.map((cotangent, o) => f32xN.assign(cotangent, clean(width.load(py, o * shape.y.channel)))),
      px.map((pointer, t) => [
        f32xN.assign(field, clean(width.load(pointer))),
        cotangents.map(
          (cotangent, o) => partial[o]?.slice(t, t + 1).map((sum) => step(sumsIn(sum), cotangent, field)) ?? [],
        ),
      ]),
      moved(bytes),
    ];
  };
  const rowPointers: readonly Pointer[] = [
    { local: py, strides: [shape.y.component, shape.y.row] },
    ...px.map((pointer) => ({ local: pointer, strides: [shape.x.component, shape.x.row] })),
  ];
  const { statements, sums: totals } = folded(scope, partial.flat(), bits, scratch);
  return [
    begun(partial.flat()),
    along(scope, rowNumbers, bits, take).map(({ start, steps, bytes }) => [
      px.map((pointer, t) => assign(pointer, i32.add(x, i32.load(table, t * bytesPerNumber)))),
      assign(py, y),
      moved(start),
      nest(scope, [shape.components, shape.rows], rowPointers, [steps, moved(-bytes)]),
    ]),
    statements,
    range(outputs).map((o) =>
      laneSumsAdded(scope, totals.slice(o * taps, (o + 1) * taps), sums, o * shape.taps * bytesPerReal),
    ),
    advance(sums, taps * bytesPerReal),
    advance(table, taps * bytesPerNumber),
  ];
};

/** Parameters: x, y, the table of the taps' byte offsets in x, the sums; room for the sums of a tile (`foldRoom`). */
export const kernelGradient = (name: string, shape: KernelGradient): FunctionDefinition =>
  defineFunction(name, (scope) => {
    const [x, y, offsets, sums] = [scope.parameter(), scope.parameter(), scope.parameter(), scope.parameter()];
    const scratch = scope.parameter();
    const variables: Variables = { x, y, table: scope.local('i32'), sums, scratch };
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
