/**
 * The taps of kernels on the torus, and back: a window that is wider than the lattice goes around it, and taps that meet at a
 * site are added. A table has for each tap the byte offset of its site in a plane, whose samples are the kernel's cells.
 */
import { advance, assign, f32, f64, i32, times, type Body } from '../../../assembler/expression.ts';
import { nest } from '../../../assembler/loops.ts';
import { defineFunction, type FunctionDefinition } from '../../../assembler/module.ts';
import { bytesPerNumber, bytesPerReal, bytesPerVector } from '../grid.ts';
import { eachBlock, range } from './arithmetic.ts';
import { gradientTiles } from './spectral-gradient.ts';

/** A kernel of so many cells, pairs of an output and an input, with `taps` taps each, and what they are multiplied by. */
export interface TorusTaps {
  readonly cells: number;
  readonly taps: number;
  readonly factor: number;
}

/** Puts each tap at its site, or adds it there, where several may meet. Parameters: the kernel, the table, the plane. */
export const placeTaps = (
  name: string,
  { cells, taps, factor, adds }: TorusTaps & { readonly adds: boolean },
): FunctionDefinition =>
  defineFunction(name, (scope) => {
    const [kernel, table, plane] = [scope.parameter(), scope.parameter(), scope.parameter()];
    const [from, to] = [scope.local('i32'), scope.local('i32')];
    const tap = f32.multiply(f32.load(from), f32.constant(factor));
    const pointers = [
      { local: kernel, strides: [bytesPerNumber] },
      { local: table, strides: [bytesPerNumber] },
    ];
    return nest(scope, [taps], pointers, [
      assign(from, kernel),
      assign(to, i32.add(plane, i32.load(table))),
      times(scope.local('i32'), cells, [
        f32.store(to, adds ? f32.add(f32.load(to), tap) : tap),
        advance(from, taps * bytesPerNumber),
        advance(to, bytesPerNumber),
      ]),
    ]);
  });

/** The gradient of a kernel on the torus, in the cells of `spectralGradient`. */
export interface GradientTaps {
  readonly outputs: number;
  readonly inputs: number;
  readonly taps: number;
  readonly factor: number;
}

/** Adds what is at the site of each tap to its float64 sum. Parameters: the plane, the table, the sums. */
export const gatherTaps = (name: string, { outputs, inputs, taps, factor }: GradientTaps): FunctionDefinition =>
  defineFunction(name, (scope) => {
    const [plane, table, sums] = [scope.parameter(), scope.parameter(), scope.parameter()];
    const [block, from, to] = [scope.local('i32'), scope.local('i32'), scope.local('i32')];
    const sum = scope.local('f64');
    const pointers = [
      { local: table, strides: [bytesPerNumber] },
      { local: sums, strides: [bytesPerReal] },
    ];
    const added = (cell: number): Body => [
      assign(sum, f64.promote(f32.multiply(f32.load(from, cell * bytesPerNumber), f32.constant(factor)))),
      f64.store(to, f64.add(f64.load(to), sum)),
      advance(to, taps * bytesPerReal),
    ];
    const tiles = gradientTiles({ outputs, inputs });
    return nest(scope, [taps], pointers, [
      assign(block, i32.add(plane, i32.load(table))),
      assign(to, sums),
      eachBlock(scope, tiles.outputs, (ofOutputs) => [
        range(ofOutputs).map((output) => [
          assign(from, block),
          eachBlock(scope, tiles.inputs, (ofInputs) => [
            range(ofInputs).map((input) => added(output * ofInputs + input)),
            advance(from, bytesPerVector),
          ]),
        ]),
        assign(block, from),
      ]),
    ]);
  });
