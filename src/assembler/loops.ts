/** Nests of counted loops that carry pointers along: what all kernels are made of. */
import { advance, after, assign, i32, times, when, type Body, type Expression, type Local } from './expression.ts';
import type { Scope } from './module.ts';
import { inWidths, type VectorBits, type VectorWidth } from './wide-vector.ts';

/** A pointer, and how far it moves with each dimension of a nest, outermost first. */
export interface Pointer {
  readonly local: Local<'i32'>;
  readonly strides: readonly number[];
}

const stride = ({ strides }: Pointer, dimension: number): number => strides[dimension] ?? 0;

/** All strides but the one of a dimension. */
const without = (strides: readonly number[], dimension: number): readonly number[] => [
  ...strides.slice(0, dimension),
  ...strides.slice(dimension + 1),
];

/** Neighbouring dimensions become one where every pointer steps through both evenly. */
const merged = (
  counts: readonly number[],
  pointers: readonly Pointer[],
): { readonly counts: readonly number[]; readonly pointers: readonly Pointer[] } => {
  const outer = counts.findIndex((count, d) => {
    const inner = counts[d + 1];
    return (
      inner !== undefined &&
      (count === 1 || inner === 1 || pointers.every((p) => stride(p, d) === inner * stride(p, d + 1)))
    );
  });
  if (outer < 0) {
    return { counts, pointers };
  }
  const [count = 1, inner = 1] = counts.slice(outer, outer + 2);
  return merged(
    [...counts.slice(0, outer), count * inner, ...counts.slice(outer + 2)],
    // If the inner dimension has count 1 the outer one's stride stays, else the inner one's, which steps through both.
    pointers.map((pointer) => ({ ...pointer, strides: without(pointer.strides, inner === 1 ? outer + 1 : outer) })),
  );
};

/** The loops as they stand. When the nest ends, each pointer is `counts[0] * strides[0]` further. */
const nested = (scope: Scope, counts: readonly number[], pointers: readonly Pointer[], body: Body): Body => {
  const level = (dimension: number): Body => {
    const count = counts[dimension];
    if (count === undefined) {
      return body;
    }
    const innerCount = counts[dimension + 1] ?? 0;
    const steps = pointers.map((pointer) =>
      advance(pointer.local, stride(pointer, dimension) - innerCount * stride(pointer, dimension + 1)),
    );
    return times(scope.local('i32'), count, [level(dimension + 1), steps]);
  };
  return level(0);
};

/**
 * Runs the body for every index of the dimensions, which count `counts` (outermost first, each at least 1), with the
 * pointers where their strides put them. Afterwards the pointers have moved on; what is no longer needed may be wrong.
 */
export const nest = (scope: Scope, counts: readonly number[], pointers: readonly Pointer[], body: Body): Body => {
  const simplest = merged(counts, pointers);
  return nested(scope, simplest.counts, simplest.pointers, body);
};

/** How far each pointer moves with the innermost dimension. */
const innermost = (pointers: readonly Pointer[]): readonly number[] =>
  pointers.map(({ strides }) => strides.at(-1) ?? 0);

/**
 * As `nest`, where the innermost dimension counts vectors of 128 bits, side by side for every pointer that moves with it. The
 * body takes them as wide ones as it may, and is written once for each width that occurs.
 */
export const nestOfVectors = (
  scope: Scope,
  counts: readonly number[],
  pointers: readonly Pointer[],
  bits: VectorBits,
  body: (width: VectorWidth) => Body,
): Body => {
  const simplest = merged(counts, pointers);
  const strides = innermost(simplest.pointers);
  // Lines of one vector each are no line, unless they lie side by side.
  const isLine = innermost(pointers).every((bytes, index) => bytes === strides[index]);
  const outer = simplest.counts.slice(0, -1);
  const vectors = simplest.counts.at(-1) ?? 1;
  const moved = (count: number): Body =>
    simplest.pointers.map(({ local }, index) => advance(local, count * (strides[index] ?? 0)));
  const line = inWidths(vectors, isLine ? bits : 128).map(({ width, count }) =>
    times(scope.local('i32'), count, [body(width), moved(width.halves)]),
  );
  return outer.length === 0
    ? line
    : nested(
        scope,
        outer,
        simplest.pointers.map(({ local, strides: all }) => ({ local, strides: all.slice(0, -1) })),
        [line, moved(-vectors)],
      );
};

/** Moves a pointer that goes round: at the end, `length` bytes after the start, it is at the start again. */
export const goRound = (pointer: Local<'i32'>, step: number, start: Expression<'i32'>, length: number): Body => [
  advance(pointer, step),
  when(i32.equals(pointer, after(start, length)), assign(pointer, start)),
];
