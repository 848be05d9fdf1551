/**
 * Eigenvectors in WebAssembly: the rotations of the QL iteration and the reflections of the reduction, applied to
 * panels of vectors that stay in the first-level cache. The order of operations is that of the plain implementation.
 */
import { advance, assign, f32x4, f64x2, i32, timesOf, type Body, type Expression } from '../../assembler/expression.ts';
import { kernelModule, numberBytes, vectorBytes } from '../../assembler/kernel-module.ts';
import { defineFunction } from '../../assembler/module.ts';
import type { Reals } from '../../number/reals.ts';
import type { VectorRows } from '../back-transformation.kernel.ts';
import type { Rotations } from '../implicit-ql.kernel.ts';
import type { Tridiagonalization } from '../tridiagonal.kernel.ts';

/** Numbers in a row of a panel: eight components of real vectors, or real and imaginary parts of four complex ones. */
const panelRow = 8;

const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);

/** Parameters: sweeps, ranges, cosines and sines, panel. */
const rotateFunction = defineFunction('rotate', ({ parameter, local }) => {
  const [sweeps, ranges, cosineSine, panel] = [parameter(), parameter(), parameter(), parameter()];
  const [sweep, step, row] = [local('i32'), local('i32'), local('i32')];
  const carried = upTo(4).map(() => local('v128'));
  const [c, s, z] = [local('v128'), local('v128'), local('v128')];
  const last = i32.load(ranges, 4);
  return timesOf(sweep, sweeps, [
    assign(row, i32.add(panel, i32.multiply(last, i32.constant(panelRow * numberBytes)))),
    carried.map((f, q) => assign(f, f64x2.load(row, q * vectorBytes))),
    timesOf(step, i32.subtract(last, i32.load(ranges)), [
      assign(c, f64x2.loadSplat(cosineSine)),
      assign(s, f64x2.loadSplat(cosineSine, numberBytes)),
      advance(row, -panelRow * numberBytes),
      carried.map((f, q) => [
        assign(z, f64x2.load(row, q * vectorBytes)),
        f64x2.store(
          row,
          f64x2.add(f64x2.multiply(s, z), f64x2.multiply(c, f)),
          panelRow * numberBytes + q * vectorBytes,
        ),
        assign(f, f64x2.subtract(f64x2.multiply(c, z), f64x2.multiply(s, f))),
      ]),
      advance(cosineSine, 2 * numberBytes),
    ]),
    carried.map((f, q) => f64x2.store(row, f, q * vectorBytes)),
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
  const [ur, ui, a, b, t] = [local('v128'), local('v128'), local('v128'), local('v128'), local('v128')];
  const imaginary = (panelRow / 2) * numberBytes;
  const alongReflector = (body: (place: number) => Body): Body => [
    assign(re, uRe),
    assign(im, uIm),
    assign(row, panel),
    timesOf(entry, entries, [
      assign(ur, f64x2.loadSplat(re)),
      assign(ui, f64x2.loadSplat(im)),
      places.map((q) => [
        assign(a, f64x2.load(row, q * vectorBytes)),
        assign(b, f64x2.load(row, imaginary + q * vectorBytes)),
        body(q),
      ]),
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
      alongReflector((q) => [
        assign(sumRe[q]!, add(sumRe[q]!, add(multiply(ur, a), multiply(ui, b)))),
        assign(sumIm[q]!, add(sumIm[q]!, subtract(multiply(ur, b), multiply(ui, a)))),
      ]),
      assign(t, f64x2.loadSplat(tau)),
      [...sumRe, ...sumIm].map((sum) => assign(sum, multiply(sum, t))),
      alongReflector((q) => [
        f64x2.store(row, subtract(a, subtract(multiply(ur, sumRe[q]!), multiply(ui, sumIm[q]!))), q * vectorBytes),
        f64x2.store(
          row,
          subtract(b, add(multiply(ur, sumIm[q]!), multiply(ui, sumRe[q]!))),
          imaginary + q * vectorBytes,
        ),
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

/** The two steps, with a module that is compiled once; the memory is made for each call. */
export const eigenvectorPanels = (): EigenvectorPanels => {
  const started = kernelModule(() => [rotateFunction, reflectFunction]);
  return {
    eigenvectorRows: ({ dimension: n, sweeps, ranges, cosineSine }) => {
      const rows = new Float64Array(n * n);
      const rangesAt = cosineSine.length * numberBytes;
      const panelAt = 16 * Math.ceil((rangesAt + 8 * sweeps) / 16);
      const { memory, kernel } = started(panelAt + n * panelRow * numberBytes);
      const rotate = kernel('rotate');
      memory.set(cosineSine);
      new Int32Array(memory.buffer, rangesAt, 2 * sweeps).set(ranges.subarray(0, 2 * sweeps));
      const panel = memory.subarray(panelAt / numberBytes, panelAt / numberBytes + n * panelRow);
      for (let from = 0; from < n; from += panelRow) {
        const width = Math.min(panelRow, n - from);
        panel.fill(0);
        for (let q = 0; q < width; q++) {
          panel[panelRow * (from + q) + q] = 1;
        }
        if (sweeps > 0) {
          rotate(sweeps, rangesAt, 0, panelAt);
        }
        for (let k = 0; k < n; k++) {
          rows.set(panel.subarray(panelRow * k, panelRow * k + width), k * n + from);
        }
      }
      return rows;
    },
    backTransform: (reduced, tridiagonalRows, chosen) => {
      const { dimension: n, reflectorsRe, reflectorsIm, tau, phasesRe, phasesIm } = reduced;
      const count = chosen.length;
      const re = new Float64Array(count * n);
      const im = new Float64Array(count * n);
      const [imAt, tauAt, panelAt] = [n * n, 2 * n * n, 2 * n * n + n];
      const { memory, kernel } = started((panelAt + n * panelRow) * numberBytes);
      const reflect = kernel('reflect');
      copyReals(reflectorsRe, memory, 0);
      copyReals(reflectorsIm, memory, imAt);
      copyReals(tau, memory, tauAt);
      const half = panelRow / 2;
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
