/**
 * G_oi += sum over samples s of y_o(s) x_i(s): the gradient of a matrix, a sum of outer products, added to float64 sums over
 * the batch, which are laid out as the matrix is.
 *
 * A few rows of x are turned into columns, so that the inputs of a sample lie side by side; then tiles of a few outputs by these
 * inputs are summed in registers while the samples go by, one after the other, and no sum lies across the lanes of a vector. The
 * columns stay in the first cache while all outputs go by. `kernels-dense-gradients-W150` of `efnn bench` measures it.
 */
import type { Arithmetic } from '../../../assembler/arithmetic.ts';
import {
  advance,
  assign,
  f32x4,
  times,
  type Body,
  type Expression,
  type Local,
} from '../../../assembler/expression.ts';
import { defineFunction, type FunctionDefinition, type Scope } from '../../../assembler/module.ts';
import { f32xN, inWidths, widths, type VectorBits, type VectorWidth } from '../../../assembler/wide-vector.ts';
import { bytesPerNumber, bytesPerReal, bytesPerVector, numbersPerVector, vectorsFor } from '../grid.ts';
import { blocksOf, evenBlocksOf, range, type Block } from './arithmetic.ts';
import { addedToReals } from './real-sums.ts';
import { mostOutputs, mostVectors, registerTile } from './register-tile.ts';

/** Sizes of the gradient of a matrix, and the bytes from one row of x or y to the next. */
export interface OuterProducts {
  readonly outputs: number;
  readonly inputs: number;
  readonly samples: number;
  readonly xStride: number;
  readonly yStride: number;
  readonly arithmetic: Arithmetic;
  readonly bits: VectorBits;
}

/** The outputs of a tile, and the most vectors beside them. */
const tilesOf = ({ outputs, arithmetic, bits }: OuterProducts) => {
  const rows = evenBlocksOf(outputs, mostOutputs(arithmetic, bits));
  const tallest = rows[0]?.size ?? 0;
  return { rows, tallest, most: mostVectors(arithmetic, bits, tallest) };
};

/** Inputs in blocks of as many vectors as a tile has at most; the last is what is left, where that is no whole vectors. */
const inputBlocks = (
  inputs: number,
  most: number,
  bits: VectorBits,
): readonly (Block & { readonly width: VectorWidth })[] => {
  const missing = vectorsFor(inputs) * numbersPerVector - inputs;
  const whole = inWidths(vectorsFor(inputs), bits).flatMap(({ width, count: vectors }) =>
    blocksOf(vectors, most).map(({ size, count }) => ({ width, size: size * width.halves * numbersPerVector, count })),
  );
  return whole
    .flatMap((block, index) =>
      index < whole.length - 1 || missing === 0
        ? [block]
        : [
            { ...block, count: block.count - 1 },
            { ...block, size: block.size - missing, count: 1 },
          ],
    )
    .filter(({ count }) => count > 0);
};

/** Bytes for the columns of a block of inputs, and behind them for the sums of a tile. */
export const outerProductsRoom = (shape: OuterProducts): number => {
  const { tallest, most } = tilesOf(shape);
  return (numbersPerVector * vectorsFor(shape.samples) + tallest) * most * widths[shape.bits].bytes;
};

interface Pointers {
  readonly x: Local<'i32'>;
  readonly y: Local<'i32'>;
  readonly sums: Local<'i32'>;
  readonly columns: Local<'i32'>;
}

type Four = readonly [Expression<'v128'>, Expression<'v128'>, Expression<'v128'>, Expression<'v128'>];

/** The numbers of two vectors in turns: those of the lower halves, those of the upper ones. */
const [lowInTurns, highInTurns] = [f32x4.shuffle([0, 4, 1, 5]), f32x4.shuffle([2, 6, 3, 7])];

/** The halves of two vectors side by side: the lower ones, the upper ones. */
const [lowHalves, highHalves] = [f32x4.shuffle([0, 1, 4, 5]), f32x4.shuffle([2, 3, 6, 7])];

/** The columns of four rows of four numbers, and the statements that make them. */
const turned = (scope: Scope, rows: Four): { readonly statements: Body; readonly columns: Four } => {
  const local = (): Local<'v128'> => scope.local('v128');
  const [a, b, c, d] = [local(), local(), local(), local()];
  const [abLow, abHigh, cdLow, cdHigh] = [local(), local(), local(), local()];
  return {
    statements: [
      [a, b, c, d].map((row, index) => assign(row, rows[index]!)),
      assign(abLow, lowInTurns(a, b)),
      assign(abHigh, highInTurns(a, b)),
      assign(cdLow, lowInTurns(c, d)),
      assign(cdHigh, highInTurns(c, d)),
    ],
    columns: [lowHalves(abLow, cdLow), highHalves(abLow, cdLow), lowHalves(abHigh, cdHigh), highHalves(abHigh, cdHigh)],
  };
};

/** Turns so many rows of x into columns. */
const columnsOf = (
  scope: Scope,
  { samples, xStride }: OuterProducts,
  { x, columns }: Pointers,
  inputs: number,
): Body => {
  const [from, to] = [scope.local('i32'), scope.local('i32')];
  const vectors = vectorsFor(inputs);
  const columnBytes = vectors * bytesPerVector;
  return [
    assign(from, x),
    assign(to, columns),
    times(scope.local('i32'), vectorsFor(samples), [
      range(vectors).map((four) => {
        const row = (i: number): Expression<'v128'> => {
          const input = four * numbersPerVector + i;
          return input < inputs ? f32x4.load(from, input * xStride) : f32x4.constant(0);
        };
        const { statements, columns: made } = turned(scope, [row(0), row(1), row(2), row(3)]);
        return [
          statements,
          made.map((column, sample) => f32x4.store(to, column, sample * columnBytes + four * bytesPerVector)),
        ];
      }),
      advance(from, bytesPerVector),
      advance(to, numbersPerVector * columnBytes),
    ]),
  ];
};

/** The sums of `outputs` outputs with the inputs whose columns are made. Moves on to the next outputs. */
const tile = (
  scope: Scope,
  width: VectorWidth,
  shape: OuterProducts,
  { y, sums, columns }: Pointers,
  outputs: number,
  inputs: number,
): Body => {
  const { samples, yStride, arithmetic } = shape;
  const vectors = vectorsFor(inputs) / width.halves;
  const columnBytes = vectors * width.bytes;
  const [px, py] = [scope.local('i32'), scope.local('i32')];
  const { sums: tileSums, step } = registerTile(scope, width, { outputs, vectors }, arithmetic, {
    number: (o) => width.loadSplat(py, o * yStride),
    vector: (v) => width.load(px, v * width.bytes),
  });
  const four = scope.local('v128');
  return [
    tileSums.flat().map((sum) => f32xN.assign(sum, width.constant(0))),
    assign(px, columns),
    assign(py, y),
    times(scope.local('i32'), samples, [step, advance(px, columnBytes), advance(py, bytesPerNumber)]),
    // By way of memory, since what is packed ends in stores: behind the columns.
    tileSums.flat().map((sum, index) => f32xN.store(px, sum, index * width.bytes)),
    range(outputs).map((o) =>
      range(vectorsFor(inputs)).map((v) => [
        assign(four, f32x4.load(px, o * columnBytes + v * bytesPerVector)),
        addedToReals(
          four,
          Math.min(numbersPerVector, inputs - v * numbersPerVector),
          sums,
          (o * shape.inputs + v * numbersPerVector) * bytesPerReal,
        ),
      ]),
    ),
    advance(y, outputs * yStride),
    advance(sums, outputs * shape.inputs * bytesPerReal),
  ];
};

/** Parameters: x, y, the sums; room for columns and sums (`outerProductsRoom`). */
export const outerProducts = (name: string, shape: OuterProducts): FunctionDefinition =>
  defineFunction(name, (scope) => {
    const [x, y, sums, columns] = [scope.parameter(), scope.parameter(), scope.parameter(), scope.parameter()];
    const pointers = { x, y, sums, columns };
    const { outputs, inputs, bits, xStride, yStride } = shape;
    const { rows, most } = tilesOf(shape);
    /** All outputs with so many inputs. Moves on to the next inputs. */
    const block = (width: VectorWidth, count: number): Body => [
      columnsOf(scope, shape, pointers, count),
      rows.map(({ size, count: blocks }) =>
        times(scope.local('i32'), blocks, tile(scope, width, shape, pointers, size, count)),
      ),
      advance(x, count * xStride),
      advance(y, -outputs * yStride),
      advance(sums, (count - outputs * inputs) * bytesPerReal),
    ];
    return inputBlocks(inputs, most, bits).map(({ width, size, count }) =>
      times(scope.local('i32'), count, block(width, size)),
    );
  });
