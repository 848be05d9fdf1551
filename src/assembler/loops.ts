/** Nests of counted loops that carry pointers along: what all kernels are made of. */
import { advance, times, type Body, type Local } from './expression.ts';
import type { Scope } from './module.ts';

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
