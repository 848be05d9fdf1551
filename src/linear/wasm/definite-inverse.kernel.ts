/**
 * The inverse of a matrix with positive definite imaginary part in WebAssembly, as `definite-inverse.kernel.ts` has it: four
 * rows at a time,
 *
 *   R <- P^-1 R,  A <- A - Q P^-1 R,  Q <- -Q P^-1,
 *
 * P the pivot block, R the rows of the panel and Q its columns. The products of matrices are those of `complex-product.kernel.ts`; a
 * panel is 4 x 4 and stays in sixteen vectors. Pivots are left in memory: their logarithms are taken together.
 */
import {
  advance,
  after,
  assign,
  call,
  f64x2,
  i32,
  timesOf,
  when,
  type Body,
  type Expression,
  type Local,
} from '../../assembler/expression.ts';
import { numberBytes, vectorBytes } from '../../assembler/kernel-module.ts';
import { defineFunction, type FunctionDefinition, type Scope } from '../../assembler/module.ts';
import { productName } from './complex-product.kernel.ts';
import { copied } from './copy.kernel.ts';

/** Rows that are eliminated together, and bytes of a row of a panel: four real parts, then four imaginary parts. */
const panel = 4;
const panelRow = 2 * panel * numberBytes;

const rows = [0, 1, 2, 3];

const pairs = [0, 1];

/** The vectors of a row of a panel: entries 0 and 1, 2 and 3. */
type Parts = readonly Local<'v128'>[];

/** An entry of a row, twice. */
const entry = (parts: Parts, k: number): Expression<'v128'> =>
  f64x2.shuffle(k % 2, k % 2)(parts[k >> 1]!, parts[k >> 1]!);

/** Gives one entry of a row a value. */
const setEntry = (parts: Parts, k: number, value: number): Body => {
  const part = parts[k >> 1]!;
  const constant = f64x2.constant(value);
  return assign(part, k % 2 === 0 ? f64x2.shuffle(0, 3)(constant, part) : f64x2.shuffle(0, 3)(part, constant));
};

/** Parameters: a 4 x 4 matrix, where its pivots go. The inverse takes its place. */
const panelFunction = defineFunction('invertPanel', ({ parameter, local }) => {
  const [at, pivots] = [parameter(), parameter()];
  const re = rows.map(() => pairs.map(() => local('v128')));
  const im = rows.map(() => pairs.map(() => local('v128')));
  const [factorRe, factorIm, squared] = [local('v128'), local('v128'), local('v128')];
  const [x, y] = [local('v128'), local('v128')];
  const { add, subtract, multiply, divide, negate } = f64x2;
  const each = (f: (part: Local<'v128'>, offset: number) => Body): Body =>
    rows.map((row) =>
      pairs.map((p) => [
        f(re[row]![p]!, row * panelRow + p * vectorBytes),
        f(im[row]![p]!, row * panelRow + panel * numberBytes + p * vectorBytes),
      ]),
    );
  const scalePivotRow = (k: number): Body => [
    assign(x, entry(re[k]!, k)),
    assign(y, entry(im[k]!, k)),
    f64x2.store(pivots, f64x2.shuffle(0, 2)(x, y), k * vectorBytes),
    assign(squared, add(multiply(x, x), multiply(y, y))),
    assign(factorRe, divide(x, squared)),
    assign(factorIm, divide(negate(y), squared)),
    setEntry(re[k]!, k, 1),
    setEntry(im[k]!, k, 0),
    pairs.map((p) => [
      assign(x, re[k]![p]!),
      assign(y, im[k]![p]!),
      assign(re[k]![p]!, subtract(multiply(x, factorRe), multiply(y, factorIm))),
      assign(im[k]![p]!, add(multiply(x, factorIm), multiply(y, factorRe))),
    ]),
  ];
  const eliminate = (k: number, row: number): Body => [
    assign(factorRe, entry(re[row]!, k)),
    assign(factorIm, entry(im[row]!, k)),
    setEntry(re[row]!, k, 0),
    setEntry(im[row]!, k, 0),
    pairs.map((p) => [
      assign(x, subtract(multiply(factorRe, re[k]![p]!), multiply(factorIm, im[k]![p]!))),
      assign(y, add(multiply(factorRe, im[k]![p]!), multiply(factorIm, re[k]![p]!))),
      assign(re[row]![p]!, subtract(re[row]![p]!, x)),
      assign(im[row]![p]!, subtract(im[row]![p]!, y)),
    ]),
  ];
  return [
    each((part, offset) => assign(part, f64x2.load(at, offset))),
    rows.map((k) => [scalePivotRow(k), rows.filter((row) => row !== k).map((row) => eliminate(k, row))]),
    each((part, offset) => f64x2.store(at, part, offset)),
  ];
});

/** Copies four columns of a matrix into a panel and leaves zeros, row after row; both pointers end after the last. */
const takePanel = (
  { local }: Scope,
  count: Expression<'i32'>,
  width: number,
  source: Local<'i32'>,
  target: Local<'i32'>,
): Body => {
  const row = local('i32');
  const parts = [0, vectorBytes, width * numberBytes, width * numberBytes + vectorBytes];
  return timesOf(row, count, [
    parts.map((offset, i) => [
      f64x2.store(target, f64x2.load(source, offset), i * vectorBytes),
      f64x2.store(source, f64x2.constant(0), offset),
    ]),
    advance(source, 2 * width * numberBytes),
    advance(target, panelRow),
  ]);
};

/** The parts of the memory beside the matrix: P, then Q for each row, then P^-1 R. */
const scratchPlaces = (scratch: Expression<'i32'>, width: number) =>
  ({
    pivotBlock: scratch,
    columns: after(scratch, panel * panelRow),
    scaledRows: after(scratch, (panel + width) * panelRow),
  }) as const;

/** P from Q, its inverse, and its pivots; `q` are the panel's own rows of Q. */
const invertPivotBlock = (
  scope: Scope,
  q: Expression<'i32'>,
  pivotBlock: Expression<'i32'>,
  pivots: Local<'i32'>,
): Body => [
  copied(scope, q, pivotBlock, panel),
  call('invertPanel', pivotBlock, pivots),
  advance(pivots, panel * vectorBytes),
];

const panelProduct = (
  mode: 'set' | 'subtract',
  rowPairs: Expression<'i32'>,
  columnBlocks: Expression<'i32'>,
  ...places: readonly [a: Expression<'i32'>, b: Expression<'i32'>, c: Expression<'i32'>]
): Body => call(productName(mode, panel, 2), rowPairs, i32.constant(panel), columnBlocks, ...places);

/** Parameters: matrix, scratch, where its pivots go, each a real and an imaginary part. */
const invertFunction = (width: number): FunctionDefinition =>
  defineFunction('invert', (scope) => {
    const { parameter, local } = scope;
    const [a, scratch, pivots] = [parameter(), parameter(), parameter()];
    const [turn, panelRows, before, rest] = [local('i32'), local('i32'), local('i32'), local('i32')];
    const [aColumn, scaledColumn, q, source, target] = [
      ...[local('i32'), local('i32'), local('i32')],
      ...[local('i32'), local('i32')],
    ] as const;
    const { pivotBlock, columns, scaledRows } = scratchPlaces(scratch, width);
    const stride = 2 * width * numberBytes;
    const blocks = i32.constant(width / 4);
    return [
      assign(panelRows, a),
      assign(aColumn, a),
      assign(scaledColumn, scaledRows),
      assign(q, columns),
      assign(before, i32.constant(0)),
      assign(rest, i32.constant(width / 2)),
      timesOf(turn, blocks, [
        advance(rest, -panel / 2),
        assign(source, aColumn),
        assign(target, columns),
        takePanel(scope, i32.constant(width), width, source, target),
        invertPivotBlock(scope, q, pivotBlock, pivots),
        panelProduct('set', i32.constant(panel / 2), blocks, pivotBlock, panelRows, scaledRows),
        rows.map((row) =>
          [0, vectorBytes, width * numberBytes, width * numberBytes + vectorBytes].map((offset, i) =>
            f64x2.store(scaledColumn, f64x2.load(pivotBlock, row * panelRow + i * vectorBytes), row * stride + offset),
          ),
        ),
        when(before, panelProduct('subtract', before, blocks, columns, scaledRows, a)),
        copied(scope, scaledRows, panelRows, width),
        advance(panelRows, panel * stride),
        advance(q, panel * panelRow),
        when(rest, panelProduct('subtract', rest, blocks, q, scaledRows, panelRows)),
        advance(before, panel / 2),
        advance(aColumn, panel * numberBytes),
        advance(scaledColumn, panel * numberBytes),
      ]),
    ];
  });

/** The same for the pivots alone: nothing is done to what lies above or left of a panel. */
const pivotsFunction = (width: number): FunctionDefinition =>
  defineFunction('pivots', (scope) => {
    const { parameter, local } = scope;
    const [a, scratch, pivots] = [parameter(), parameter(), parameter()];
    const [turn, corner, rest, restBlocks] = [local('i32'), local('i32'), local('i32'), local('i32')];
    const [q, scaledColumn, source, target] = [local('i32'), local('i32'), local('i32'), local('i32')];
    const { pivotBlock, columns, scaledRows } = scratchPlaces(scratch, width);
    const stride = 2 * width * numberBytes;
    return [
      assign(corner, a),
      assign(scaledColumn, scaledRows),
      assign(q, columns),
      assign(rest, i32.constant(width / 2)),
      assign(restBlocks, i32.constant(width / 4)),
      timesOf(turn, i32.constant(width / 4), [
        assign(source, corner),
        assign(target, q),
        takePanel(scope, i32.add(rest, rest), width, source, target),
        invertPivotBlock(scope, q, pivotBlock, pivots),
        advance(rest, -panel / 2),
        advance(restBlocks, -1),
        when(rest, [
          advance(scaledColumn, panel * numberBytes),
          panelProduct(
            'set',
            i32.constant(panel / 2),
            restBlocks,
            pivotBlock,
            after(corner, panel * numberBytes),
            scaledColumn,
          ),
          advance(corner, panel * (stride + numberBytes)),
          advance(q, panel * panelRow),
          panelProduct('subtract', rest, restBlocks, q, scaledColumn, corner),
        ]),
      ]),
    ];
  });

/** The functions for matrices of the width; they call products. */
export const inverseFunctions = (width: number): readonly FunctionDefinition[] => [
  panelFunction,
  invertFunction(width),
  pivotsFunction(width),
];
