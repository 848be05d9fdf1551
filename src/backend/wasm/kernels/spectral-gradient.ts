/**
 * Kernel gradients in spectra: G_oi(k) += sum over components and samples of conj(Y_o(k)) X_i(k), at every wave k by itself.
 *
 * A tile of two outputs and two inputs, or of three outputs where there is one input, is summed in registers, four samples side by
 * side, whose sums are added up at the end of a tile by shuffles: the results of a tile make a vector. So the spectrum of a gradient
 * has cells as that of a field has samples, four for each tile. Measured: 74 % of the peak with eight samples, of which the sums of a
 * tile cost a fifth.
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
import { f32xN, widths, type WideLocal, type WideVector } from '../../../assembler/wide-vector.ts';
import { torusSpectrum } from '../../schedule/torus-spectrum.ts';
import { bytesPerNumber, bytesPerVector, numbersPerVector, type Grid } from '../grid.ts';
import { planeBytes, slotBytes } from '../spectrum-layout.ts';
import { accumulate, blocksOf, deduct, eachBlock, range, zipped, type Block } from './arithmetic.ts';
import { maskOf, wholeVectors } from './mask.ts';

/** Sizes of a kernel gradient in spectra. */
export interface SpectralGradient {
  readonly grid: Grid;
  readonly components: number;
  readonly outputs: number;
  readonly inputs: number;
  readonly arithmetic: Arithmetic;
}

/** Vectors of 128 bits alone: what the sums of a tile take is the same in wider ones, and eight samples are two steps. */
const narrow = widths[128];

/** Outputs and inputs. */
export type Cells = Pick<SpectralGradient, 'outputs' | 'inputs'>;

/** The outputs and inputs of a tile, four cells at most. */
const tileFor = ({ outputs, inputs }: Cells): Cells =>
  inputs === 1 || outputs === 3 ? { outputs: 3, inputs: 1 } : { outputs: 2, inputs: 2 };

/** The tiles: blocks of outputs, in each of which there are these blocks of inputs. */
export const gradientTiles = (cells: Cells): Readonly<Record<keyof Cells, readonly Block[]>> => {
  const tile = tileFor(cells);
  return { outputs: blocksOf(cells.outputs, tile.outputs), inputs: blocksOf(cells.inputs, tile.inputs) };
};

/** The cells of a gradient's spectrum: a vector for each tile. */
export const gradientCells = (cells: Cells): number => {
  const { outputs, inputs } = gradientTiles(cells);
  const total = (blocks: readonly Block[]): number => blocks.reduce((sum, { count }) => sum + count, 0);
  return total(outputs) * total(inputs) * numbersPerVector;
};

type Pointers = Readonly<Record<'x' | 'y' | 'sums', Local<'i32'>>>;

/** The sums of the lanes of up to four vectors; the shuffles of what is not there are left out. */
const laneSums = (scope: Scope, [a, b, c, d]: readonly Local<'v128'>[]): readonly [Body, Expression<'v128'>] => {
  if (a === undefined) {
    throw new RangeError('a tile has no sums');
  }
  const halves = (p: Local<'v128'>, q: Local<'v128'>): Expression<'v128'> =>
    f32x4.add(f32x4.shuffle([0, 4, 1, 5])(p, q), f32x4.shuffle([2, 6, 3, 7])(p, q));
  const [ab, cd] = [scope.local('v128'), scope.local('v128')];
  return c === undefined
    ? [assign(ab, halves(a, b ?? a)), f32x4.add(ab, f32x4.shuffle([2, 3, 2, 3])(ab, ab))]
    : [
        [assign(ab, halves(a, b ?? a)), assign(cd, halves(c, d ?? c))],
        f32x4.add(f32x4.shuffle([0, 1, 4, 5])(ab, cd), f32x4.shuffle([2, 3, 6, 7])(ab, cd)),
      ];
};

/** The sums of a tile at a wave. Moves on to the next sums; x and y stay. */
const tile = (
  scope: Scope,
  { grid, components, outputs, inputs, arithmetic }: SpectralGradient,
  { x, y, sums }: Pointers,
  size: Cells,
  isComplex: boolean,
): Body => {
  const [plane, slot] = [planeBytes(grid), slotBytes(grid)];
  const sumSlot = gradientCells({ outputs, inputs }) * bytesPerNumber;
  const parts = isComplex ? [0, 1] : [0];
  const numbers = (): readonly WideLocal[] => parts.map(() => narrow.local(scope));
  const partial = range(size.outputs).map(() => range(size.inputs).map(numbers));
  const [px, py] = [scope.local('i32'), scope.local('i32')];
  const fields = range(size.inputs).map(numbers);
  const cotangent = narrow.local(scope);
  const [plus, minus] = [accumulate(arithmetic), deduct(arithmetic)];
  type Clean = (v: WideVector) => WideVector;
  /** The real part of an output with all inputs, then its imaginary part. */
  const terms = (at: number, clean: Clean, ofOutput: readonly (readonly WideLocal[])[]): Body =>
    parts.map((part) => [
      f32xN.assign(cotangent, clean(narrow.load(py, at + part * slot))),
      zipped(ofOutput, fields, ([re, im], [xRe, xIm]): Body => {
        if (re === undefined || xRe === undefined) {
          return [];
        }
        if (im === undefined || xIm === undefined) {
          return plus(re, cotangent, xRe);
        }
        return part === 0
          ? [plus(re, cotangent, xRe), plus(im, cotangent, xIm)]
          : [plus(re, cotangent, xIm), minus(im, cotangent, xRe)];
      }),
    ]);
  const vectorStep = (at: number, clean: Clean): Body => [
    fields.map((field, input) =>
      field.map((number, part) => f32xN.assign(number, clean(narrow.load(px, at + input * plane + part * slot)))),
    ),
    partial.map((ofOutput, output) => terms(at + output * plane, clean, ofOutput)),
  ];
  const whole = wholeVectors(grid.samples);
  const rest = grid.samples % numbersPerVector;
  const mask = maskOf(scope, narrow, rest);
  // The vectors of a slot are few. For one cell they stand one after the other, since a loop would be a third of what is done.
  const looped = size.outputs * size.inputs > 1 ? whole : 0;
  const moved = (bytes: number): Body => [advance(px, bytes), advance(py, bytes)];
  return [
    partial.flat(2).map((sum) => f32xN.assign(sum, narrow.constant(0))),
    assign(px, x),
    assign(py, y),
    times(scope.local('i32'), components, [
      looped > 0 ? times(scope.local('i32'), looped, [vectorStep(0, (v) => v), moved(bytesPerVector)]) : [],
      range(whole - looped).map((vector) => vectorStep(vector * bytesPerVector, (v) => v)),
      rest > 0 ? [mask.made, vectorStep((whole - looped) * bytesPerVector, mask.masked)] : [],
      advance(px, inputs * plane - looped * bytesPerVector),
      advance(py, outputs * plane - looped * bytesPerVector),
    ]),
    parts.map((part) => {
      const [statements, total] = laneSums(
        scope,
        partial.flat().flatMap((ofCell) => ofCell[part] ?? []),
      );
      return [statements, f32x4.store(sums, f32x4.add(f32x4.load(sums, part * sumSlot), total), part * sumSlot)];
    }),
    advance(sums, bytesPerVector),
  ];
};

/** All cells at so many waves; the pointers move on to the next. */
const waves = (scope: Scope, shape: SpectralGradient, pointers: Pointers, count: number, isComplex: boolean): Body => {
  const { grid, outputs, inputs } = shape;
  const { x, y, sums } = pointers;
  const [plane, slot] = [planeBytes(grid), slotBytes(grid)];
  const parts = isComplex ? 2 : 1;
  const tiles = gradientTiles(shape);
  return count === 0
    ? []
    : times(scope.local('i32'), count, [
        eachBlock(scope, tiles.outputs, (ofOutputs) => [
          eachBlock(scope, tiles.inputs, (ofInputs) => [
            tile(scope, shape, pointers, { outputs: ofOutputs, inputs: ofInputs }, isComplex),
            advance(x, ofInputs * plane),
          ]),
          advance(x, -inputs * plane),
          advance(y, ofOutputs * plane),
        ]),
        advance(x, parts * slot),
        advance(y, parts * slot - outputs * plane),
        advance(sums, (parts - 1) * gradientCells(shape) * bytesPerNumber),
      ]);
};

/** Parameters: the spectrum of the field, of the cotangent, of the gradient. */
export const spectralGradient = (name: string, shape: SpectralGradient): FunctionDefinition =>
  defineFunction(name, (scope) => {
    const [x, y, sums] = [scope.parameter(), scope.parameter(), scope.parameter()];
    const { pairs, singles } = torusSpectrum(shape.grid.size);
    return [waves(scope, shape, { x, y, sums }, pairs, true), waves(scope, shape, { x, y, sums }, singles, false)];
  });
