/**
 * Reverse-mode differentiation on a tape, as the frameworks that people port to have it: nothing here is shared with the code
 * that the vectors come from. Every number carries its derivative along one direction, so that the gradient of the loss on
 * forces comes from the same pass.
 */

/** Numbers x and their derivatives along a direction. */
export interface Dual {
  readonly x: Float64Array;
  readonly dx: Float64Array;
}

/** A value on a tape. */
export interface Value extends Dual {
  readonly place: number;
}

interface Step {
  readonly value: Value;
  /** What the step reads, and what its cotangent is to each of these. */
  readonly reads: readonly Value[];
  readonly pullback: (cotangent: Dual) => readonly Dual[];
}

/** The steps so far, and how numbers are stored. */
export interface Tape {
  readonly steps: Step[];
  readonly store: (x: number) => number;
}

/** A linear map of arrays. */
export type Linear = (x: Float64Array) => Float64Array;

/** A map of two arrays, linear in each. */
export type Bilinear = (x: Float64Array, y: Float64Array) => Float64Array;

const zeros = (x: Float64Array): Float64Array => new Float64Array(x.length);

/** The sum entry by entry. */
export const plus: Bilinear = (x, y) => x.map((a, i) => a + (y[i] ?? NaN));

/** The product entry by entry. */
export const times: Bilinear = (x, y) => x.map((a, i) => a * (y[i] ?? NaN));

const sum = (a: Dual, b: Dual): Dual => ({ x: plus(a.x, b.x), dx: plus(a.dx, b.dx) });

const linearly =
  (f: Linear) =>
  ({ x, dx }: Dual): Dual => ({ x: f(x), dx: f(dx) });

const bilinearly =
  (f: Bilinear) =>
  (a: Dual, b: Dual): Dual => ({ x: f(a.x, b.x), dx: plus(f(a.dx, b.x), f(a.x, b.dx)) });

const put = (tape: Tape, result: Dual, reads: readonly Value[], pullback: Step['pullback']): Value => {
  const value = { x: result.x.map(tape.store), dx: result.dx.map(tape.store), place: tape.steps.length };
  tape.steps.push({ value, reads, pullback });
  return value;
};

/** Numbers that the tape begins with. */
export const leaf = (tape: Tape, x: ArrayLike<number>, dx?: ArrayLike<number>): Value =>
  put(tape, { x: Float64Array.from(x), dx: Float64Array.from(dx ?? zeros(Float64Array.from(x))) }, [], () => []);

/** The same numbers, from which no gradient comes back. */
export const detached = (tape: Tape, value: Value): Value => put(tape, value, [], () => []);

/** f(a), f linear. */
export const linear = (tape: Tape, f: Linear, transposed: Linear, a: Value): Value =>
  put(tape, linearly(f)(a), [a], (y) => [linearly(transposed)(y)]);

/** f(a, b), f bilinear, with its adjoints in a and in b. */
export const bilinear = (tape: Tape, f: Bilinear, inFirst: Bilinear, inSecond: Bilinear, a: Value, b: Value): Value =>
  put(tape, bilinearly(f)(a, b), [a, b], (y) => [bilinearly(inFirst)(y, b), bilinearly(inSecond)(a, y)]);

/** a + b. */
export const added = (tape: Tape, a: Value, b: Value): Value => put(tape, sum(a, b), [a, b], (y) => [y, y]);

/** a * b, entry by entry. */
export const multiplied = (tape: Tape, a: Value, b: Value): Value => bilinear(tape, times, times, times, a, b);

/** tanh, whose derivative is 1 - z^2 with z its value; or, by mistake, its argument. */
export const tanhOf = (tape: Tape, a: Value, slopeFrom: 'value' | 'argument'): Value => {
  const x = a.x.map(Math.tanh);
  const y: Dual = {
    x,
    dx: times(
      x.map((t) => 1 - t * t),
      a.dx,
    ),
  };
  const z = slopeFrom === 'value' ? y : a;
  const slope: Dual = {
    x: z.x.map((t) => 1 - t * t),
    dx: times(
      z.x.map((t) => -2 * t),
      z.dx,
    ),
  };
  return put(tape, y, [a], (cotangent) => [bilinearly(times)(cotangent, slope)]);
};

/** The gradient of a scalar in the values asked for. */
export const gradientOf = (tape: Tape, scalar: Value, values: readonly Value[]): readonly Dual[] => {
  const cotangents = new Map<number, Dual>([[scalar.place, { x: Float64Array.of(1), dx: Float64Array.of(0) }]]);
  tape.steps
    .slice(0, scalar.place + 1)
    .toReversed()
    .forEach(({ value, reads, pullback }) => {
      const cotangent = cotangents.get(value.place);
      if (cotangent === undefined) {
        return;
      }
      pullback(cotangent).forEach((part, i) => {
        const read = reads[i];
        if (read === undefined) {
          return;
        }
        const before = cotangents.get(read.place);
        const after = before === undefined ? part : sum(before, part);
        cotangents.set(read.place, { x: after.x.map(tape.store), dx: after.dx.map(tape.store) });
      });
    });
  return values.map(({ place, x }) => cotangents.get(place) ?? { x: zeros(x), dx: zeros(x) });
};
