/**
 * y_o(r) = sum over inputs i and offsets d of K_oi(d) x_i(r + d), plus a field or nothing.
 *
 * A tile of a few outputs by a few vectors of a row stays in registers while the taps go by, one tap an iteration:
 * the compiler spills registers when iterations are unrolled. Each tap is a record in memory: the weights of the
 * tile's outputs, then the byte offset of the tap in x. The transposed correlation differs in its records alone, and
 * a dense layer is the case of one tap an input on a lattice of one site, whose row is the chunk: a matrix product.
 *
 * Measured on V8 13.6: tiles of 3 x 3 with vectors of 256 bits are 1.7 to 1.9 times as fast as with 128.
 */
import {
  advance,
  after,
  assign,
  i32,
  repeatWhile,
  times,
  type Body,
  type Local,
} from '../../../assembler/expression.ts';
import { nest } from '../../../assembler/loops.ts';
import { defineFunction, type FunctionDefinition, type Scope } from '../../../assembler/module.ts';
import { f32xN, inWidths, type VectorBits, type VectorWidth, type WideLocal } from '../../../assembler/wide-vector.ts';
import { bytesPerNumber, type Strides } from '../grid.ts';
import { accumulate, blocksOf, range, zipped, type Arithmetic, type Block } from './arithmetic.ts';

/** Sizes and strides of a correlation whose samples share a kernel; strides in bytes. */
export interface Correlation {
  readonly components: number;
  readonly outputs: number;
  /** Records of one output: inputs times the squared size of the kernel. */
  readonly taps: number;
  readonly rows: number;
  /** Vectors in a row. */
  readonly vectors: number;
  readonly x: Strides;
  readonly y: Strides;
  /** Of the field that the sum over taps is added to, if there is one. */
  readonly start: Strides | null;
  readonly arithmetic: Arithmetic;
  readonly bits: VectorBits;
}

/** Most outputs in a tile. */
const tileOutputs = 3;

/** How the outputs are cut into blocks, each of which is one pass over the field. */
export const outputBlocks = (outputs: number): readonly Block[] => blocksOf(outputs, tileOutputs);

/** The weights of a block's outputs for one tap, and the offset of the tap. */
export const recordBytes = (blockOutputs: number): number => (blockOutputs + 1) * bytesPerNumber;

/** Vectors of a row in a tile, by its outputs: no more than fifteen vectors live at once. */
const tileVectors: Readonly<Record<Arithmetic, readonly number[]>> = {
  fused: [0, 6, 4, 3],
  separate: [0, 5, 4, 2],
};

interface Variables {
  readonly px: Local<'i32'>;
  readonly py: Local<'i32'>;
  readonly pStart: Local<'i32'>;
  readonly records: Local<'i32'>;
  readonly recordsEnd: Local<'i32'>;
  readonly record: Local<'i32'>;
  readonly source: Local<'i32'>;
}

/** One tile of y: `outputs` x `vectors` sums. Moves on to the next tile of the row. */
const tile = (
  scope: Scope,
  width: VectorWidth,
  { y, start, arithmetic }: Correlation,
  { px, py, pStart, records, recordsEnd, record, source }: Variables,
  outputs: number,
  vectors: number,
): Body => {
  const sums = range(outputs).map(() => range(vectors).map(() => width.local(scope)));
  const weights = range(outputs).map(() => width.uniform(scope));
  const x = width.local(scope);
  const each = (f: (sum: WideLocal, o: number, v: number) => Body): Body =>
    sums.map((row, o) => row.map((sum, v) => f(sum, o, v)));
  const started = (o: number, v: number) =>
    start === null ? width.constant(0) : width.load(pStart, o * start.channel + v * width.bytes);
  const step = accumulate(arithmetic);
  return [
    each((sum, o, v) => f32xN.assign(sum, started(o, v))),
    assign(record, records),
    repeatWhile(
      [
        assign(source, i32.add(px, i32.load(record, outputs * bytesPerNumber))),
        weights.map((weight, o) => f32xN.assign(weight, width.loadSplat(record, o * bytesPerNumber))),
        range(vectors).map((v) => [
          f32xN.assign(x, width.load(source, v * width.bytes)),
          weights.map((weight, o) => sums[o]?.slice(v, v + 1).map((sum) => step(sum, x, weight)) ?? []),
        ]),
        advance(record, recordBytes(outputs)),
      ],
      i32.differs(record, recordsEnd),
    ),
    each((sum, o, v) => f32xN.store(py, sum, o * y.channel + v * width.bytes)),
    [px, py, ...(start === null ? [] : [pStart])].map((pointer) => advance(pointer, vectors * width.bytes)),
  ];
};

/** All of y for a block of outputs. */
const pass = (
  scope: Scope,
  shape: Correlation,
  variables: Variables,
  origins: readonly Local<'i32'>[],
  outputs: number,
): Body => {
  const { components, rows, vectors, x, y, start, arithmetic, bits } = shape;
  const strides = [x, y, ...(start === null ? [] : [start])];
  const inRow = [variables.px, variables.py, variables.pStart];
  const rowPointers = strides.map(({ component, row }) => ({ local: scope.local('i32'), strides: [component, row] }));
  return [
    zipped(rowPointers, origins, ({ local }, origin) => assign(local, origin)),
    nest(scope, [components, rows], rowPointers, [
      zipped(inRow, rowPointers, (pointer, { local }) => assign(pointer, local)),
      inWidths(vectors, bits).map(({ width, count: inRow }) =>
        blocksOf(inRow, tileVectors[arithmetic][outputs] ?? 1).map(({ size, count }) =>
          times(scope.local('i32'), count, tile(scope, width, shape, variables, outputs, size)),
        ),
      ),
    ]),
  ];
};

/** Parameters: x, its records, the field to start from (any address if there is none), y. */
export const correlate = (name: string, shape: Correlation): FunctionDefinition =>
  defineFunction(name, (scope) => {
    const [x, records, start, y] = [scope.parameter(), scope.parameter(), scope.parameter(), scope.parameter()];
    const { local } = scope;
    const variables: Variables = {
      px: local('i32'),
      py: local('i32'),
      pStart: local('i32'),
      records,
      recordsEnd: local('i32'),
      record: local('i32'),
      source: local('i32'),
    };
    return outputBlocks(shape.outputs).map(({ size, count }) =>
      times(local('i32'), count, [
        assign(variables.recordsEnd, after(records, shape.taps * recordBytes(size))),
        pass(scope, shape, variables, [x, y, start], size),
        assign(records, variables.recordsEnd),
        advance(start, size * (shape.start?.channel ?? 0)),
        advance(y, size * shape.y.channel),
      ]),
    );
  });
