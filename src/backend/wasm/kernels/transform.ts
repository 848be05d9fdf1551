/**
 * Fourier transforms of real lattices, X(k) = sum over r of x(r) exp(2 pi i k . r / N), and back: first the lines along rows,
 * then those along columns, all lines of a kind in one loop, so that the code stays in the cache of decoded instructions
 * whatever N is. A vector holds the same number of four samples. What is transformed is computed where it is read, from the entries of
 * fields.
 *
 * Measured on an Intel Xeon with AVX-512 for N = 10, beside the peak of `peak.ts` in vectors of as many bits, where a sum, a product and
 * a multiply-add are one operation each: 1.3 of it in 128 bits (V8 11.3; this processor takes three sums in the time of two
 * multiply-adds), 0.85 in 256 (V8 14.6); 1.0 and 0.55 where nine channels leave the first cache. From N = 23 on 0.8 and 0.45.
 *
 * The way back is the transpose with real X halved, N^2/2 times the inverse; the spectra of kernels have the factor 2/N^2 in
 * them.
 */
import type { Arithmetic } from '../../../assembler/arithmetic.ts';
import { advance, after, assign, f32x4, times, type Body, type Local } from '../../../assembler/expression.ts';
import { nest } from '../../../assembler/loops.ts';
import { defineFunction, type FunctionDefinition, type Scope } from '../../../assembler/module.ts';
import {
  f32xN,
  inWidths,
  temporaries,
  widths,
  type VectorBits,
  type VectorWidth,
} from '../../../assembler/wide-vector.ts';
import type { EntryExpression } from '../../schedule/entry-expression.ts';
import { torusSpectrum } from '../../schedule/torus-spectrum.ts';
import { bytesPerNumber, bytesPerVector, numbersPerVector, vectorsFor, type Grid, type Strides } from '../grid.ts';
import { planeBytes, slotBytes } from '../spectrum-layout.ts';
import { zipped } from './arithmetic.ts';
import { constantsOf } from './constants.ts';
import { entryOf, type FieldEntry } from './entries.ts';
import { evaluated } from './evaluated.ts';
import { lineOf, slotsFor } from './line.ts';
import type { Writing } from './writing.ts';

/** Planes that are transformed. */
interface Transform {
  readonly grid: Grid;
  readonly components: number;
  readonly channels: number;
  readonly arithmetic: Arithmetic;
  readonly bits: VectorBits;
}

/** A transform of what an expression is at each entry of fields; how these lie, in bytes. */
export interface ForwardTransform extends Transform {
  readonly fields: readonly Strides[];
  readonly expression: EntryExpression<FieldEntry>;
}

/** A transform back to a field, with another that is added to what comes out, if there is one; how they lie, in bytes. */
export interface InverseTransform extends Transform {
  readonly field: Strides;
  readonly start: Strides | null;
}

/**
 * Entries that a transform computes a number from at most: where it has more to read, another sweep through memory is no slower. With
 * 128 bits whole steps gain with two entries and lose with six, as measured; with 256 they gain with twelve, the most that networks ask for.
 */
export const mostEntries: Readonly<Record<VectorBits, number>> = { 128: 2, 256: 12 };

/** Bytes of the lines between the two halves of a transform: a vector for each site, of the widest. */
const linesBytes = (N: number): number => N * N * widths[256].bytes;

/** Bytes of all room that a transform needs: the lines, and the slots in which they save values. */
export const scratchBytes = ({ size: N }: Grid): number => linesBytes(N) + slotsFor(N) * widths[256].bytes;

/** A loop that is gone through at least never. */
const loop = (scope: Scope, count: number, body: () => Body): Body =>
  count === 0 ? [] : times(scope.local('i32'), count, body());

/** One vector of a plane, of the samples that it holds, to its spectrum. */
const forth = (
  scope: Scope,
  writing: Writing,
  { grid, fields, expression }: ForwardTransform,
  { x, scratch, y }: { readonly x: readonly Local<'i32'>[] } & Readonly<Record<'scratch' | 'y', Local<'i32'>>>,
): Body => {
  const N = grid.size;
  const { width, variables } = writing;
  const { complexColumns, realColumns, pairs } = torusSpectrum(N);
  const slot = slotBytes(grid);
  const column = grid.samples * bytesPerNumber;
  const line = lineOf(writing, N, { address: scratch, offset: linesBytes(N) });
  const [lines, out, single] = [scope.local('i32'), scope.local('i32'), scope.local('i32')];
  const rows = x.map(() => scope.local('i32'));
  return [
    zipped(rows, x, assign),
    assign(lines, scratch),
    loop(scope, N, () => [
      line('real', {
        load: (n, to) => evaluated(expression, variables, entryOf(writing, rows, n * column))(to),
        store: (index, value) => f32xN.store(lines, value, index * width.bytes),
      }),
      zipped(rows, fields, (row, field) => advance(row, field.row)),
      advance(lines, N * width.bytes),
    ]),
    assign(lines, scratch),
    assign(out, after(y, complexColumns * 2 * N * slot)),
    assign(single, after(y, pairs * 2 * slot)),
    loop(scope, realColumns, () => [
      line('real', {
        load: (n, to) => f32xN.assign(to, width.load(lines, n * N * width.bytes)),
        store: (index, value) =>
          index < realColumns
            ? f32xN.store(single, value, index * slot)
            : f32xN.store(out, value, (index - realColumns) * slot),
      }),
      advance(lines, width.bytes),
      advance(out, (N - realColumns) * slot),
      advance(single, realColumns * slot),
    ]),
    assign(out, y),
    loop(scope, complexColumns, () => [
      line('complex', {
        load: (index, to) =>
          f32xN.assign(to, width.load(lines, (N * Math.floor(index / 2) + (index % 2)) * width.bytes)),
        store: (index, value) => f32xN.store(out, value, index * slot),
      }),
      advance(lines, 2 * width.bytes),
      advance(out, 2 * N * slot),
    ]),
  ];
};

/** One vector of a spectrum to its plane. */
const back = (
  scope: Scope,
  writing: Writing,
  { grid, field, start }: InverseTransform,
  { y, scratch, x, added }: Readonly<Record<'y' | 'scratch' | 'x' | 'added', Local<'i32'>>>,
): Body => {
  const N = grid.size;
  const { width, constants } = writing;
  const { complexColumns, realColumns, pairs } = torusSpectrum(N);
  const slot = slotBytes(grid);
  const column = grid.samples * bytesPerNumber;
  const line = lineOf(writing, N, { address: scratch, offset: linesBytes(N) });
  const [lines, from, single] = [scope.local('i32'), scope.local('i32'), scope.local('i32')];
  const [row, addedRow] = [scope.local('i32'), scope.local('i32')];
  const sum = writing.variables.take();
  // What a vector has beyond the samples of its site is written over by the next.
  const hasOverhang = grid.samples % numbersPerVector > 0;
  return [
    assign(lines, scratch),
    assign(from, after(y, complexColumns * 2 * N * slot)),
    assign(single, after(y, pairs * 2 * slot)),
    loop(scope, realColumns, () => [
      line('realTransposed', {
        load: (index, to) =>
          f32xN.assign(
            to,
            index < realColumns
              ? f32xN.multiply(width.load(single, index * slot), constants.vector(width, 0.5))
              : width.load(from, (index - realColumns) * slot),
          ),
        store: (n, value) => f32xN.store(lines, value, n * N * width.bytes),
      }),
      advance(lines, width.bytes),
      advance(from, (N - realColumns) * slot),
      advance(single, realColumns * slot),
    ]),
    assign(from, y),
    loop(scope, complexColumns, () => [
      line('complexTransposed', {
        load: (index, to) => f32xN.assign(to, width.load(from, index * slot)),
        store: (index, value) => f32xN.store(lines, value, (N * Math.floor(index / 2) + (index % 2)) * width.bytes),
      }),
      advance(lines, 2 * width.bytes),
      advance(from, 2 * N * slot),
    ]),
    assign(lines, scratch),
    assign(row, x),
    assign(addedRow, added),
    loop(scope, N, () => [
      line(hasOverhang ? 'realTransposedInOrder' : 'realTransposed', {
        load: (index, to) => f32xN.assign(to, width.load(lines, index * width.bytes)),
        store: (n, value) => [
          start === null ? [] : f32xN.assign(sum, f32xN.add(width.load(addedRow, n * column), value)),
          f32xN.store(row, start === null ? value : sum, n * column),
        ],
      }),
      advance(lines, N * width.bytes),
      advance(row, field.row),
      advance(addedRow, start?.row ?? 0),
    ]),
  ];
};

/** Parameters: the fields, room for lines (`scratchBytes`), the spectrum. */
export const forward = (name: string, shape: ForwardTransform): FunctionDefinition =>
  defineFunction(name, (scope) => {
    const x = shape.fields.map(() => scope.parameter());
    const [scratch, y] = [scope.parameter(), scope.parameter()];
    const { grid, components, channels, fields, arithmetic, bits } = shape;
    const vectors = vectorsFor(grid.samples);
    const plane = planeBytes(grid);
    const pointers = [
      ...zipped(x, fields, (local, { component, channel }) => ({ local, strides: [component, channel] })),
      { local: y, strides: [channels * plane, plane] },
    ];
    const moved = (bytes: number): Body => [...x, y].map((pointer) => advance(pointer, bytes));
    const constants = constantsOf(scope, f32x4.constant);
    const writingIn = (width: VectorWidth): Writing => ({
      width,
      variables: temporaries(scope, width),
      constants,
      arithmetic,
    });
    const body = inWidths(vectors, bits).map(({ width, count }) =>
      times(scope.local('i32'), count, [forth(scope, writingIn(width), shape, { x, scratch, y }), moved(width.bytes)]),
    );
    return [
      constants.assigned(),
      nest(scope, [components, channels], pointers, [body, moved(-vectors * bytesPerVector)]),
    ];
  });

/**
 * Parameters: the spectrum, room for lines, the field that is added (any address if there is none), the result. The last samples
 * come first: what their vector has beyond them, the next writes over.
 */
export const inverse = (name: string, shape: InverseTransform): FunctionDefinition =>
  defineFunction(name, (scope) => {
    const [y, scratch, added, x] = [scope.parameter(), scope.parameter(), scope.parameter(), scope.parameter()];
    const { grid, components, channels, field, start, arithmetic, bits } = shape;
    const vectors = vectorsFor(grid.samples);
    const plane = planeBytes(grid);
    const moving = [
      { local: y, strides: [channels * plane, plane] },
      { local: x, strides: [field.component, field.channel] },
      ...(start === null ? [] : [{ local: added, strides: [start.component, start.channel] }]),
    ];
    const moved = (bytes: number): Body => moving.map(({ local }) => advance(local, bytes));
    const constants = constantsOf(scope, f32x4.constant);
    const writingIn = (width: VectorWidth): Writing => ({
      width,
      variables: temporaries(scope, width),
      constants,
      arithmetic,
    });
    const body = inWidths(vectors, bits)
      .toReversed()
      .map(({ width, count }) =>
        times(scope.local('i32'), count, [
          moved(-width.bytes),
          back(scope, writingIn(width), shape, { y, scratch, x, added }),
        ]),
      );
    return [constants.assigned(), nest(scope, [components, channels], moving, [moved(vectors * bytesPerVector), body])];
  });
