/**
 * Eigenvectors in WebAssembly: the rotations of the QL iteration and the reflections of the reduction, applied to
 * panels of vectors that stay in the first cache. The order of operations is that of the plain implementation.
 *
 * Two vectors of two numbers side by side have the same done to them, both are loaded before either is stored, and the
 * upper one is stored first: then an engine that packs makes one instruction of two (`wide-vector.ts`).
 */
import { advance, assign, f32x4, f64x2, i32, timesOf, type Body, type Expression } from '../../assembler/expression.ts';
import { kernelModule, numberBytes, vectorBytes, type Kernels } from '../../assembler/kernel-module.ts';
import { defineFunction } from '../../assembler/module.ts';
import { exponentOf, powerOfTwo } from '../../number/elementary/words.kernel.ts';
import { memoize } from '../../number/memoize.ts';
import type { Reals } from '../../number/reals.ts';
import type { VectorRows } from '../back-transformation.kernel.ts';
import type { Rotations } from '../implicit-ql.kernel.ts';
import type { Tridiagonalization } from '../tridiagonal.kernel.ts';

/**
 * Real vectors that are rotated together; a row of their panel has one number of each. A rotation waits for the one
 * before: 16 vectors give a processor enough to do meanwhile, also where an instruction does four numbers.
 */
const rotated = 16;

/** Complex vectors that are reflected together; a row of their panel has their real parts, then their imaginary parts. */
const reflected = 4;
const panelRow = 2 * reflected;

const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);

/** Writes vectors side by side, the upper one of each two first (`wide-vector.ts`). */
const stored = (address: Expression<'i32'>, vectors: readonly Expression<'v128'>[], offset: number): Body =>
  vectors.map((vector, q) => f64x2.store(address, vector, offset + q * vectorBytes)).toReversed();

/** Parameters: sweeps, ranges, cosines and sines, panel. */
const rotateFunction = defineFunction('rotate', ({ parameter, local }) => {
  const [sweeps, ranges, cosineSine, panel] = [parameter(), parameter(), parameter(), parameter()];
  const [sweep, step, row] = [local('i32'), local('i32'), local('i32')];
  const rowBytes = rotated * numberBytes;
  const carried = upTo(rotated / 4).map(() => [local('v128'), local('v128')] as const);
  const [z, turned] = [upTo(2).map(() => local('v128')), upTo(2).map(() => local('v128'))];
  const [c, s] = [local('v128'), local('v128')];
  const { add, subtract, multiply } = f64x2;
  const last = i32.load(ranges, 4);
  return timesOf(sweep, sweeps, [
    assign(row, i32.add(panel, i32.multiply(last, i32.constant(rowBytes)))),
    carried.flat().map((f, q) => assign(f, f64x2.load(row, q * vectorBytes))),
    timesOf(step, i32.subtract(last, i32.load(ranges)), [
      assign(c, f64x2.loadSplat(cosineSine)),
      assign(s, f64x2.loadSplat(cosineSine, numberBytes)),
      advance(row, -rowBytes),
      carried.map((pair, index) => [
        z.map((to, q) => assign(to, f64x2.load(row, (2 * index + q) * vectorBytes))),
        pair.map((f, q) => assign(turned[q]!, add(multiply(s, z[q]!), multiply(c, f)))),
        pair.map((f, q) => assign(f, subtract(multiply(c, z[q]!), multiply(s, f)))),
        stored(row, turned, rowBytes + 2 * index * vectorBytes),
      ]),
      advance(cosineSine, 2 * numberBytes),
    ]),
    carried.map((pair, index) => stored(row, pair, 2 * index * vectorBytes)),
    advance(ranges, 8),
  ]);
});

/** Parameters: reflections, bytes of a row of reflectors, real and imaginary parts of reflector 2, tau_2, panel. */
const reflectFunction = defineFunction('reflect', ({ parameter, local }) => {
  const [reflections, stride, uRe, uIm, tau, panel] = [
    ...[parameter(), parameter(), parameter()],
    ...[parameter(), parameter(), parameter()],
  ] as const;
  const [reflection, entries, entry] = [local('i32'), local('i32'), local('i32')];
  const [re, im, row] = [local('i32'), local('i32'), local('i32')];
  const places = upTo(2);
  const sumRe = places.map(() => local('v128'));
  const sumIm = places.map(() => local('v128'));
  const [ur, ui, t] = [local('v128'), local('v128'), local('v128')];
  const a = places.map(() => local('v128'));
  const b = places.map(() => local('v128'));
  const imaginary = reflected * numberBytes;
  const alongReflector = (body: Body): Body => [
    assign(re, uRe),
    assign(im, uIm),
    assign(row, panel),
    timesOf(entry, entries, [
      assign(ur, f64x2.loadSplat(re)),
      assign(ui, f64x2.loadSplat(im)),
      places.map((q) => assign(a[q]!, f64x2.load(row, q * vectorBytes))),
      places.map((q) => assign(b[q]!, f64x2.load(row, imaginary + q * vectorBytes))),
      body,
      advance(re, numberBytes),
      advance(im, numberBytes),
      advance(row, panelRow * numberBytes),
    ]),
  ];
  const { add, subtract, multiply } = f64x2;
  const next = (pointer: typeof uRe, distance: Expression<'i32'>): Body => assign(pointer, i32.add(pointer, distance));
  return [
    assign(entries, i32.constant(2)),
    timesOf(reflection, reflections, [
      [...sumRe, ...sumIm].map((sum) => assign(sum, f32x4.constant(0))),
      alongReflector([
        places.map((q) => assign(sumRe[q]!, add(sumRe[q]!, add(multiply(ur, a[q]!), multiply(ui, b[q]!))))),
        places.map((q) => assign(sumIm[q]!, add(sumIm[q]!, subtract(multiply(ur, b[q]!), multiply(ui, a[q]!))))),
      ]),
      assign(t, f64x2.loadSplat(tau)),
      [...sumRe, ...sumIm].map((sum) => assign(sum, multiply(sum, t))),
      alongReflector([
        places.map((q) => assign(a[q]!, subtract(a[q]!, subtract(multiply(ur, sumRe[q]!), multiply(ui, sumIm[q]!))))),
        places.map((q) => assign(b[q]!, subtract(b[q]!, add(multiply(ur, sumIm[q]!), multiply(ui, sumRe[q]!))))),
        stored(row, a, 0),
        stored(row, b, imaginary),
      ]),
      next(uRe, stride),
      next(uIm, stride),
      advance(tau, numberBytes),
      advance(entries, 1),
    ]),
  ];
});

/** The two steps that make eigenvectors, in WebAssembly. */
export interface EigenvectorPanels {
  /** As `eigenvectorRows` of `implicit-ql.kernel.ts`. */
  readonly eigenvectorRows: (rotations: Rotations) => Float64Array;
  /** As `backTransform` of `back-transformation.kernel.ts`. */
  readonly backTransform: (reduced: Tridiagonalization, rows: Reals, chosen: readonly number[]) => VectorRows;
}

/** The first multiple of a number that is not below n. */
const upToMultiple = (n: number, of: number): number => of * Math.ceil(n / of);

/** Bytes of a line of the cache, where panels begin. */
const cacheLine = 64;

/**
 * The two steps, with a module that is compiled once. Memories are remembered for the last two sizes, which are powers of
 * two: how many rotations there are differs from matrix to matrix.
 */
export const eigenvectorPanels = (): EigenvectorPanels => {
  const startedWith = memoize(
    2,
    (bytes: number) => `${bytes}`,
    kernelModule(() => [rotateFunction, reflectFunction]),
  );
  const started = (bytes: number): Kernels => startedWith(powerOfTwo(exponentOf(bytes) + 1));
  return {
    eigenvectorRows: ({ dimension: n, sweeps, ranges, cosineSine }) => {
      const rows = new Float64Array(n * n);
      const rangesAt = cosineSine.length * numberBytes;
      const panelAt = upToMultiple(rangesAt + 8 * sweeps, cacheLine);
      const { memory, kernel } = started(panelAt + (n + 1) * rotated * numberBytes);
      const rotate = kernel('rotate');
      memory.set(cosineSine);
      new Int32Array(memory.buffer, rangesAt, 2 * sweeps).set(ranges.subarray(0, 2 * sweeps));
      const panel = memory.subarray(panelAt / numberBytes, panelAt / numberBytes + n * rotated);
      for (let from = 0; from < n; from += rotated) {
        const width = Math.min(rotated, n - from);
        panel.fill(0);
        for (let q = 0; q < width; q++) {
          panel[rotated * (from + q) + q] = 1;
        }
        if (sweeps > 0) {
          rotate(sweeps, rangesAt, 0, panelAt);
        }
        for (let k = 0; k < n; k++) {
          for (let q = 0; q < width; q++) {
            rows[k * n + from + q] = panel[rotated * k + q]!;
          }
        }
      }
      return rows;
    },
    backTransform: (reduced, tridiagonalRows, chosen) => {
      const { dimension: n, reflectorsRe, reflectorsIm, tau, phasesRe, phasesIm } = reduced;
      const count = chosen.length;
      const re = new Float64Array(count * n);
      const im = new Float64Array(count * n);
      const [imAt, tauAt] = [n * n, 2 * n * n];
      const panelAt = upToMultiple(tauAt + n, cacheLine / numberBytes);
      const { memory, kernel } = started((panelAt + (n + 1) * panelRow) * numberBytes);
      const reflect = kernel('reflect');
      copyReals(reflectorsRe, memory, 0);
      copyReals(reflectorsIm, memory, imAt);
      copyReals(tau, memory, tauAt);
      const half = reflected;
      for (let from = 0; from < count; from += half) {
        const width = Math.min(half, count - from);
        memory.fill(0, panelAt, panelAt + n * panelRow);
        for (let q = 0; q < width; q++) {
          const row = chosen[from + q]! * n;
          for (let j = 0; j < n; j++) {
            const z = tridiagonalRows[row + j]!;
            memory[panelAt + panelRow * j + q] = phasesRe[j]! * z;
            memory[panelAt + panelRow * j + half + q] = phasesIm[j]! * z;
          }
        }
        if (n > 2) {
          reflect(
            n - 2,
            n * numberBytes,
            2 * n * numberBytes,
            (imAt + 2 * n) * numberBytes,
            (tauAt + 2) * numberBytes,
            panelAt * numberBytes,
          );
        }
        for (let q = 0; q < width; q++) {
          const row = (from + q) * n;
          for (let j = 0; j < n; j++) {
            re[row + j] = memory[panelAt + panelRow * j + q]!;
            im[row + j] = memory[panelAt + panelRow * j + half + q]!;
          }
        }
      }
      return { count, dimension: n, re, im };
    },
  };
};

const copyReals = (from: Reals, to: Float64Array, at: number): void => {
  for (let i = 0; i < from.length; i++) {
    to[at + i] = from[i]!;
  }
};
