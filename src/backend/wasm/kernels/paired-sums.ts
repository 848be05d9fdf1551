/**
 * Sums along lines of numbers in eight parts: the vectors of a line come in pairs, of which the lower ones are added up by
 * themselves and the upper ones by themselves, whatever the width of the vectors is, so that a sum has the same bits at 128 and
 * at 256. What a vector has beyond the line is cleared: what lies there means nothing, even NaN.
 */
import { assign, f32x4, times, type Body, type Local } from '../../../assembler/expression.ts';
import type { Scope } from '../../../assembler/module.ts';
import {
  f32xN,
  widths,
  type VectorBits,
  type VectorWidth,
  type WideLocal,
  type WideVector,
} from '../../../assembler/wide-vector.ts';
import { bytesPerVector, numbersPerVector, vectorsFor } from '../grid.ts';
import { range } from './arithmetic.ts';
import { maskOf, wholeVectors } from './mask.ts';

const { 128: narrow, 256: wide } = widths;

const numbersPerPair = wide.halves * numbersPerVector;

/** The partial sums of one total over lines of so many numbers: two halves, or one where a line is one vector. */
export const partialSumsOf = (scope: Scope, numbers: number): WideLocal =>
  (numbers > numbersPerVector ? wide : narrow).local(scope);

/** Sums that begin. */
export const begun = (partial: readonly WideLocal[]): Body =>
  partial.map((sums) =>
    f32xN.assign(
      sums,
      sums.map(() => f32x4.constant(0)),
    ),
  );

/** One step along a line. */
export interface Step {
  readonly width: VectorWidth;
  /** Clears what a load has beyond the line. */
  readonly clean: (v: WideVector) => WideVector;
  /** The partial sums that take part. */
  readonly sumsIn: (sums: WideLocal) => WideLocal;
  /** How far the pointers are to be moved. */
  readonly bytes: number;
}

/** Adds what is at the pointers to partial sums, and moves on. */
export type Take = (step: Step) => Body;

/** Steps along a line: the byte where they begin on it, and how far they move on. */
export interface Along {
  readonly start: number;
  readonly steps: Body;
  readonly bytes: number;
}

const whole = (v: WideVector): WideVector => v;

const both = (sums: WideLocal): WideLocal => sums;

/** The step of what is left of a line: so many numbers. */
const restOf = (scope: Scope, numbers: number, take: Take, step: Omit<Step, 'clean'>): Body => {
  const { made, masked } = maskOf(scope, step.width, numbers);
  return numbers > 0 ? [made, take({ ...step, clean: masked })] : [];
};

const repeated = (scope: Scope, count: number, body: () => Body): Body =>
  count > 0 ? times(scope.local('i32'), count, body()) : [];

/** A pair in each step. */
const pairByPair = (scope: Scope, numbers: number, take: Take): Along => {
  const rest = numbers % numbersPerPair;
  const step = { width: wide, sumsIn: both, bytes: wide.bytes };
  return {
    start: 0,
    steps: [
      repeated(scope, Math.floor(numbers / numbersPerPair), () => take({ ...step, clean: whole })),
      restOf(scope, rest, take, step),
    ],
    bytes: Math.ceil(numbers / numbersPerPair) * wide.bytes,
  };
};

/** The vectors of one half of the sums: every other one of the line. */
const everyOther = (scope: Scope, numbers: number, half: number, take: Take): Along => {
  const [vectors, rest] = [wholeVectors(numbers), numbers % numbersPerVector];
  const count = Math.floor((vectors + wide.halves - 1 - half) / wide.halves);
  const hasRest = rest > 0 && vectors % wide.halves === half;
  const step = { width: narrow, sumsIn: (sums: WideLocal) => sums.slice(half, half + 1), bytes: wide.bytes };
  return {
    start: half * bytesPerVector,
    steps: [
      repeated(scope, count, () => take({ ...step, clean: whole })),
      restOf(scope, hasRest ? rest : 0, take, step),
    ],
    bytes: (count + (hasRest ? 1 : 0)) * wide.bytes,
  };
};

/** The ways along a line that take all of it: one for both halves of the sums, or one for each. */
export const along = (scope: Scope, numbers: number, bits: VectorBits, take: Take): readonly Along[] =>
  bits === 256 && numbers > numbersPerVector
    ? [pairByPair(scope, numbers, take)]
    : range(Math.min(wide.halves, vectorsFor(numbers))).map((half) => everyOther(scope, numbers, half, take));

/** Bytes that sums take on their way from wide vectors to their halves. */
export const foldBytes = (sums: number): number => sums * wide.bytes;

/**
 * The sums of both halves, each in a local, and the statements that add them: by way of `scratch` where the halves are one wide
 * vector, since what is packed ends in stores.
 */
export const folded = (
  scope: Scope,
  partial: readonly WideLocal[],
  bits: VectorBits,
  scratch: Local<'i32'>,
): { readonly statements: Body; readonly sums: readonly Local<'v128'>[] } => {
  const sums = partial.map(() => scope.local('v128'));
  const isStored = (halves: WideLocal): boolean => bits === 256 && halves.length > 1;
  return {
    statements: [
      partial.map((halves, index) => (isStored(halves) ? f32xN.store(scratch, halves, foldBytes(index)) : [])),
      sums.map((sum, index) => {
        const halves = partial[index] ?? [];
        const read = isStored(halves) ? wide.load(scratch, foldBytes(index)) : halves;
        return assign(sum, read.reduce(f32x4.add));
      }),
    ],
    sums,
  };
};
