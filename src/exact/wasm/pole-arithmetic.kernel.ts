/**
 * The arithmetic of the pole expansion in WebAssembly, compiled for each size. What is done for a pole never depends on a number, so
 * it is one function: the calls of all kernels, one after the other, with the places on which they work.
 */
import type { ProductSums } from '../../assembler/arithmetic.ts';
import { kernelModule, numberBytes } from '../../assembler/kernel-module.ts';
import { defineFunction } from '../../assembler/module.ts';
import { blockNumbers } from '../../linear/block-cyclic-matrix.ts';
import { addPivots, eliminationIn } from '../../linear/block-cyclic-elimination.kernel.ts';
import { workspace } from '../../linear/block-cyclic-workspace.kernel.ts';
import { noLogarithm } from '../../linear/definite-inverse.kernel.ts';
import { lineCalls, lineFunctions } from '../../linear/wasm/line-matrices.kernel.ts';
import { once } from '../../number/memoize.ts';
import type { AtPole, PoleArithmeticOf, Resolvent } from '../pole-arithmetic.ts';
import {
  addLinePivots,
  diagonalBlockCalls,
  diagonalLineFunctions,
  diagonalLinePlaces,
  reductionCalls,
  configurationWriter,
} from './diagonal-lines.kernel.ts';

/** The name of the function of a pole. */
const atPole = 'pole';

/** Where everything lies: the lines that remain, then what was before them. */
const placesOf = (size: number, withInverse: boolean) => {
  const space = workspace(size, withInverse);
  return { space, places: diagonalLinePlaces(size, space.numbers) };
};

/** How many float64 numbers the work space has for log det(z - H), or for the inverse as well: it grows as N^2 and as N^3. */
export const poleWorkspaceLength = (size: number, withInverse: boolean): number =>
  placesOf(size, withInverse).places.end;

/** log det(z - H), and where it is asked for the diagonal blocks of the inverse. */
const resolventOf = (sums: ProductSums, size: number, withInverse: boolean): AtPole<Resolvent> => {
  const { space, places } = placesOf(size, withInverse);
  const start = kernelModule(
    () => [
      ...lineFunctions(sums, size),
      ...diagonalLineFunctions(sums, size),
      defineFunction(atPole, () => [
        reductionCalls(size, places, space),
        lineCalls(size, space.scratch, eliminationIn(space)),
        withInverse ? diagonalBlockCalls(size, places, space) : [],
      ]),
    ],
    [atPole],
  );
  const { memory, kernel } = start(places.end * numberBytes);
  const run = kernel(atPole);
  const diagonalBlocks = memory.subarray(places.found, places.found + size * size * blockNumbers);
  return (...model) => {
    const configured = configurationWriter(size, places, memory, ...model);
    return (spins) => {
      const writePole = configured(spins);
      return (zRe, zIm) => {
        writePole(zRe, zIm);
        run();
        const logarithm = noLogarithm();
        addLinePivots(size, places, memory, logarithm);
        addPivots(space, memory, logarithm);
        return { logarithm, diagonalBlocks };
      };
    };
  };
};

/** In WebAssembly. */
export const wasmArithmetic =
  (sums: ProductSums): PoleArithmeticOf =>
  (size) => {
    const determinant = once(() => resolventOf(sums, size, false));
    const resolvent = once(() => resolventOf(sums, size, true));
    return {
      logDeterminant: (...model) => {
        const foundOf = determinant()(...model);
        return (spins) => {
          const found = foundOf(spins);
          return (zRe, zIm) => found(zRe, zIm).logarithm;
        };
      },
      resolvent: (...model) => resolvent()(...model),
    };
  };
