/**
 * Eigenvectors in WebAssembly: the rotations of the QL iteration and the reflections of the reduction, applied to
 * panels of vectors that stay in the first-level cache. The order of operations is that of the plain implementation.
 */
import { advance, assign, f32x4, f64x2, i32, timesOf, type Body, type Expression } from '../../assembler/expression.ts';
import { assembleModule, defineFunction, memoryImport } from '../../assembler/module.ts';
import type { Reals } from '../../number/reals.ts';
import type { VectorRows } from '../back-transformation.kernel.ts';
import type { Rotations } from '../implicit-ql.kernel.ts';
import type { Tridiagonalization } from '../tridiagonal.kernel.ts';

const bytes = Float64Array.BYTES_PER_ELEMENT;
const register = 16;
const page = 65536;

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
    assign(row, i32.add(panel, i32.multiply(last, i32.constant(panelRow * bytes)))),
    carried.map((f, q) => assign(f, f64x2.load(row, q * register))),
    timesOf(step, i32.subtract(last, i32.load(ranges)), [
      assign(c, f64x2.loadSplat(cosineSine)),
      assign(s, f64x2.loadSplat(cosineSine, bytes)),
      advance(row, -panelRow * bytes),
      carried.map((f, q) => [
        assign(z, f64x2.load(row, q * register)),
        f64x2.store(row, f64x2.add(f64x2.multiply(s, z), f64x2.multiply(c, f)), panelRow * bytes + q * register),
        assign(f, f64x2.subtract(f64x2.multiply(c, z), f64x2.multiply(s, f))),
      ]),
      advance(cosineSine, 2 * bytes),
    ]),
    carried.map((f, q) => f64x2.store(row, f, q * register)),
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
  const imaginary = (panelRow / 2) * bytes;
  const alongReflector = (body: (place: number) => Body): Body => [
    assign(re, uRe),
    assign(im, uIm),
    assign(row, panel),
    timesOf(entry, entries, [
      assign(ur, f64x2.loadSplat(re)),
      assign(ui, f64x2.loadSplat(im)),
      places.map((q) => [
        assign(a, f64x2.load(row, q * register)),
        assign(b, f64x2.load(row, imaginary + q * register)),
        body(q),
      ]),
      advance(re, bytes),
      advance(im, bytes),
      advance(row, panelRow * bytes),
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
        f64x2.store(row, subtract(a, subtract(multiply(ur, sumRe[q]!), multiply(ui, sumIm[q]!))), q * register),
        f64x2.store(row, subtract(b, add(multiply(ur, sumIm[q]!), multiply(ui, sumRe[q]!))), imaginary + q * register),
      ]),
      next(uRe, stride),
      next(uIm, stride),
      advance(tau, bytes),
      advance(entries, 1),
    ]),
  ];
});

const functions = [rotateFunction, reflectFunction];

const compiled = (): WebAssembly.Module =>
  new WebAssembly.Module(assembleModule({ functions, exports: functions.map(({ name }) => name), shared: false }));

/** The two steps that make eigenvectors, in WebAssembly. */
export interface EigenvectorPanels {
  /** As `eigenvectorRows` of `implicit-ql.kernel.ts`. */
  readonly eigenvectorRows: (rotations: Rotations) => Float64Array;
  /** As `backTransform` of `back-transformation.kernel.ts`. */
  readonly backTransform: (reduced: Tridiagonalization, rows: Reals, chosen: readonly number[]) => VectorRows;
}

/** The two steps, with a module that is compiled once; the memory is made for each call. */
export const eigenvectorPanels = (): EigenvectorPanels => {
  let module: WebAssembly.Module | undefined;
  const started = (length: number) => {
    module ??= compiled();
    const memory = new WebAssembly.Memory({ initial: Math.ceil(length / page) });
    const { exports } = new WebAssembly.Instance(module, { [memoryImport.module]: { [memoryImport.name]: memory } });
    const { rotate, reflect } = exports;
    if (rotate === undefined || reflect === undefined) {
      throw new RangeError('the module of eigenvector panels lacks a function');
    }
    return { rotate, reflect, buffer: memory.buffer };
  };
  return {
    eigenvectorRows: ({ dimension: n, sweeps, ranges, cosineSine }) => {
      const rows = new Float64Array(n * n);
      const rangesAt = cosineSine.length * bytes;
      const panelAt = 16 * Math.ceil((rangesAt + 8 * sweeps) / 16);
      const { rotate, buffer } = started(panelAt + n * panelRow * bytes);
      new Float64Array(buffer, 0, cosineSine.length).set(cosineSine);
      new Int32Array(buffer, rangesAt, 2 * sweeps).set(ranges.subarray(0, 2 * sweeps));
      const panel = new Float64Array(buffer, panelAt, n * panelRow);
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
      const { reflect, buffer } = started((panelAt + n * panelRow) * bytes);
      const memory = new Float64Array(buffer);
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
          reflect(n - 2, n * bytes, 2 * n * bytes, (imAt + 2 * n) * bytes, (tauAt + 2) * bytes, panelAt * bytes);
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
