/** The reduction of z - H to every second diagonal line, in TypeScript: the reference, whose order of operations others keep to. */
import type { DoubleExchange } from '../hamiltonian/double-exchange.ts';
import { planes, type SpinConfiguration } from '../lattice/spins.ts';
import { blockNumbers, type BlockCyclicMatrix, type Coupling, type SiteBlocks } from '../linear/block-cyclic-matrix.ts';
import { addLogarithms, noLogarithm } from '../linear/definite-inverse.kernel.ts';
import type { Reduction } from './diagonal-lines.ts';
import {
  hoppingAmplitudes,
  type Complex,
  type HoppingAmplitudes,
  type Loops,
  type Steps,
} from './hopping-amplitudes.ts';

/** The site (row-major) that is x-th in a line. */
const siteOf = (size: number, line: number, x: number): number => ((line - x + size) % size) * size + x;

/** Adds factor times a block. */
const addBlock = (to: Float64Array, at: number, factor: Complex, from: Float64Array, start: number): void => {
  const [re, im] = factor;
  for (let k = 0; k < blockNumbers; k += 2) {
    const x = from[start + k]!;
    const y = from[start + k + 1]!;
    to[at + k]! += re * x - im * y;
    to[at + k + 1]! += re * y + im * x;
  }
};

/** The reduction by loops: what any faster implementation must equal. */
export const plainDiagonalLines =
  (size: number): Reduction =>
  (model, twist) => {
    const amplitudes = hoppingAmplitudes(size, model, twist);
    return (spins) => (zRe, zIm) => {
      const logarithm = noLogarithm();
      const eliminated: Float64Array[] = [];
      for (let line = 0; line < size; line++) {
        const inverses = new Float64Array(line % 2 === 0 ? 0 : size * blockNumbers);
        if (inverses.length > 0) {
          writeLine(model, spins, line, zRe, zIm, inverses, 0);
        }
        const pivots = new Float64Array(inverses.length / 2);
        for (let at = 0; at < inverses.length; at += blockNumbers) {
          invertBlock(inverses, at, pivots, at / 2);
        }
        addLogarithms(logarithm, pivots, 0, pivots.length / 2);
        eliminated.push(inverses);
      }

      const { bare, bareBack } = amplitudes;
      const diagonals: SiteBlocks[] = [];
      const couplings: Coupling[] = [];
      for (let line = 0; line < size; line += 2) {
        const diagonal = new Float64Array(3 * size * blockNumbers);
        writeLine(model, spins, line, zRe, zIm, diagonal, blockNumbers * size);
        const after = eliminated[line + 1] ?? new Float64Array();
        const before = eliminated[(line + size - 1) % size]!;
        addLoops(size, amplitudes.after, after, 1, diagonal);
        addLoops(size, amplitudes.before, before, size - 1, diagonal);
        diagonals.push(diagonal);
        couplings.push(
          after.length > 0
            ? { upper: steps(size, amplitudes.steps, after), lower: steps(size, amplitudes.stepsBack, after) }
            : { upper: bareStep(size, bare.right, bare.down), lower: bareStep(size, bareBack.right, bareBack.down) },
        );
      }
      return {
        matrix: { size, diagonals, couplings },
        logarithm,
        diagonalBlocks: (inverse) => diagonalBlocks(size, amplitudes, eliminated, inverse),
      };
    };
  };

/** The blocks D_x of a line, one after the other. */
const writeLine = (
  { J, mu }: DoubleExchange,
  { size, components }: SpinConfiguration,
  line: number,
  zRe: number,
  zIm: number,
  to: Float64Array,
  start: number,
): void => {
  const [xs, ys, zs] = planes(size * size);
  for (let x = 0; x < size; x++) {
    const at = start + blockNumbers * x;
    const site = siteOf(size, line, x);
    const sx = (J / 2) * components[xs + site]!;
    const sy = (J / 2) * components[ys + site]!;
    const sz = (J / 2) * components[zs + site]!;
    to[at] = zRe + mu + sz;
    to[at + 1] = zIm;
    to[at + 2] = sx;
    to[at + 3] = -sy;
    to[at + 4] = sx;
    to[at + 5] = sy;
    to[at + 6] = zRe + mu - sz;
    to[at + 7] = zIm;
  }
};

/** Where block j of site x begins. */
const placeOf = (size: number, j: number, x: number): number => blockNumbers * (j * size + x);

/**
 * Hops to an eliminated line and back: site x meets its site x (amplitude b) and its site x + direction (amplitude a),
 * and from the latter comes to x + direction, from the former to x - direction.
 */
const addLoops = (
  size: number,
  { squareA, squareB, forward, backward }: Loops,
  inverses: Float64Array,
  direction: number,
  diagonal: SiteBlocks,
): void => {
  if (inverses.length === 0) {
    return;
  }
  const [forwards, backwards] = direction === 1 ? [2, 0] : [0, 2];
  for (let x = 0; x < size; x++) {
    const here = blockNumbers * x;
    const there = blockNumbers * ((x + direction) % size);
    addBlock(diagonal, placeOf(size, 1, x), squareB, inverses, here);
    addBlock(diagonal, placeOf(size, 1, x), squareA, inverses, there);
    addBlock(diagonal, placeOf(size, forwards, x), forward, inverses, there);
    addBlock(diagonal, placeOf(size, backwards, x), backward, inverses, here);
  }
};

/** Minus the coupling over an eliminated line: K E K, with steps of 0, 1 and 2 sites. */
const steps = (size: number, { none, one, two }: Steps, inverses: Float64Array): SiteBlocks => {
  const blocks = new Float64Array(3 * size * blockNumbers);
  for (let x = 0; x < size; x++) {
    const here = blockNumbers * x;
    const right = blockNumbers * ((x + 1) % size);
    addBlock(blocks, placeOf(size, 0, x), none, inverses, here);
    addBlock(blocks, placeOf(size, 1, x), one, inverses, here);
    addBlock(blocks, placeOf(size, 1, x), one, inverses, right);
    addBlock(blocks, placeOf(size, 2, x), two, inverses, right);
  }
  return blocks;
};

/** Minus the coupling of two neighbouring lines. */
const bareStep = (size: number, right: Complex, down: Complex): SiteBlocks => {
  const blocks = new Float64Array(3 * size * blockNumbers);
  const unit = Float64Array.of(1, 0, 0, 0, 0, 0, 1, 0);
  for (let x = 0; x < size; x++) {
    addBlock(blocks, blockNumbers * x, down, unit, 0);
    addBlock(blocks, blockNumbers * (size + x), right, unit, 0);
  }
  return blocks;
};

/** A 2 x 2 block by its inverse; leaves the two pivots. */
const invertBlock = (blocks: Float64Array, at: number, pivots: Float64Array, pivot: number): void => {
  const [ar, ai, br, bi] = [blocks[at]!, blocks[at + 1]!, blocks[at + 2]!, blocks[at + 3]!];
  const [cr, ci, dr, di] = [blocks[at + 4]!, blocks[at + 5]!, blocks[at + 6]!, blocks[at + 7]!];
  const detRe = ar * dr - ai * di - (br * cr - bi * ci);
  const detIm = ar * di + ai * dr - (br * ci + bi * cr);
  const squared = ar * ar + ai * ai;
  pivots[pivot] = ar;
  pivots[pivot + 1] = ai;
  pivots[pivot + 2] = (detRe * ar + detIm * ai) / squared;
  pivots[pivot + 3] = (detIm * ar - detRe * ai) / squared;
  const size = detRe * detRe + detIm * detIm;
  const [re, im] = [detRe / size, -detIm / size];
  blocks[at] = re * dr - im * di;
  blocks[at + 1] = re * di + im * dr;
  blocks[at + 2] = im * bi - re * br;
  blocks[at + 3] = -re * bi - im * br;
  blocks[at + 4] = im * ci - re * cr;
  blocks[at + 5] = -re * ci - im * cr;
  blocks[at + 6] = re * ar - im * ai;
  blocks[at + 7] = re * ai + im * ar;
};

/** The diagonal blocks of the inverse at every site. */
const diagonalBlocks = (
  size: number,
  { squareA, squareB, aOverB, bOverA, steps: there, stepsBack: back }: HoppingAmplitudes,
  eliminated: readonly Float64Array[],
  inverse: BlockCyclicMatrix,
): Float64Array => {
  const found = new Float64Array(size * size * blockNumbers);
  const [hops, half] = [new Float64Array(blockNumbers), new Float64Array(blockNumbers)];
  for (let line = 0; line < size; line++) {
    if (line % 2 === 0) {
      const diagonal = inverse.diagonals[line / 2]!;
      for (let x = 0; x < size; x++) {
        addBlock(found, blockNumbers * siteOf(size, line, x), [1, 0], diagonal, placeOf(size, 1, x));
      }
      continue;
    }
    const i = (line - 1) / 2;
    const before = inverse.diagonals[i]!;
    const after = inverse.diagonals[(i + 1) % inverse.diagonals.length]!;
    const { upper, lower } = inverse.couplings[i]!;
    const E = eliminated[line]!;
    for (let x = 0; x < size; x++) {
      const previous = (x + size - 1) % size;
      const next = (x + 1) % size;
      hops.fill(0);
      // From the sites x (down, b*) and x - 1 (right, a*) of the line before, to them by b and a.
      addBlock(hops, 0, squareB, before, placeOf(size, 1, x));
      addBlock(hops, 0, squareA, before, placeOf(size, 1, previous));
      addBlock(hops, 0, aOverB, before, placeOf(size, 0, x));
      addBlock(hops, 0, bOverA, before, placeOf(size, 2, previous));
      // The sites x (b) and x + 1 (a) of the line after, to them by b* and a*.
      addBlock(hops, 0, squareB, after, placeOf(size, 1, x));
      addBlock(hops, 0, squareA, after, placeOf(size, 1, next));
      addBlock(hops, 0, bOverA, after, placeOf(size, 2, x));
      addBlock(hops, 0, aOverB, after, placeOf(size, 0, next));
      // From before to after, and from after to before.
      addBlock(hops, 0, back.none, upper, placeOf(size, 0, x));
      addBlock(hops, 0, back.one, upper, placeOf(size, 1, x));
      addBlock(hops, 0, back.one, upper, placeOf(size, 1, previous));
      addBlock(hops, 0, back.two, upper, placeOf(size, 2, previous));
      addBlock(hops, 0, there.none, lower, placeOf(size, 0, x));
      addBlock(hops, 0, there.one, lower, placeOf(size, 1, x));
      addBlock(hops, 0, there.one, lower, placeOf(size, 1, previous));
      addBlock(hops, 0, there.two, lower, placeOf(size, 2, previous));
      const to = blockNumbers * siteOf(size, line, x);
      sandwich(E, blockNumbers * x, hops, half, found, to);
    }
  }
  return found;
};

/** to = E + E M E. */
const sandwich = (
  E: Float64Array,
  at: number,
  M: Float64Array,
  half: Float64Array,
  to: Float64Array,
  start: number,
): void => {
  multiplyBlocks(E, at, M, 0, half, 0);
  multiplyBlocks(half, 0, E, at, to, start);
  for (let k = 0; k < blockNumbers; k++) {
    to[start + k]! += E[at + k]!;
  }
};

const multiplyBlocks = (
  a: Float64Array,
  atA: number,
  b: Float64Array,
  atB: number,
  c: Float64Array,
  atC: number,
): void => {
  for (let row = 0; row < 2; row++) {
    for (let column = 0; column < 2; column++) {
      let re = 0;
      let im = 0;
      for (let k = 0; k < 2; k++) {
        const p = atA + 4 * row + 2 * k;
        const q = atB + 4 * k + 2 * column;
        re += a[p]! * b[q]! - a[p + 1]! * b[q + 1]!;
        im += a[p]! * b[q + 1]! + a[p + 1]! * b[q]!;
      }
      c[atC + 4 * row + 2 * column] = re;
      c[atC + 4 * row + 2 * column + 1] = im;
    }
  }
};
