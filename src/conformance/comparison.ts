/** Answers of a port, held against the vectors. */
import type { Expected, Vector } from './vector.ts';

/** The numbers that a port answers, by output; of a vector. */
export type Answer = Readonly<Record<string, readonly number[]>>;

/** The answers of a port, by the ids of the vectors. */
export type Answers = Readonly<Record<string, Answer>>;

/**
 * The largest error of the answered numbers, relative to the largest modulus of the expected ones: zeros never pass for what
 * is not zero. Infinite where there are too many numbers or too few, or one is not finite.
 *
 * @example
 * relativeError([1, -4])([1, -3]) // 0.25
 *
 * @example
 * relativeError([0, 0])([0, 1e-9]) // Infinity
 */
export const relativeError =
  (expected: readonly number[]) =>
  (answered: readonly number[]): number => {
    if (answered.length !== expected.length || !answered.every(Number.isFinite)) {
      return Infinity;
    }
    const size = expected.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    const error = expected.reduce((most, x, i) => Math.max(most, Math.abs(x - (answered[i] ?? NaN))), 0);
    return error === 0 ? 0 : error / size;
  };

/** How one output of one vector was answered. */
export interface Outcome {
  readonly id: string;
  readonly output: string;
  readonly expected: Expected;
  readonly answered: readonly number[];
  /** Relative to the size of the output. */
  readonly error: number;
  readonly agrees: boolean;
}

/** Whether an output has as many numbers as it was asked for: of others no number is known to be that of a place. */
export const isCounted = ({ expected, answered }: Outcome): boolean => answered.length === expected.decimal.length;

/**
 * All outputs of the vectors that were answered, in the order of the vectors and of their outputs. `least` is the error that a
 * port in another precision is allowed, where the vector allows less; numbers that are exact stay exact.
 */
export const compared =
  (vectors: readonly Vector[], least = 0) =>
  (answers: Answers): readonly Outcome[] =>
    vectors.flatMap(({ id, expected, tolerance: { relative } }) =>
      Object.entries(expected).flatMap(([output, numbers]) => {
        const answered = Object.hasOwn(answers, id) ? answers[id] : undefined;
        if (answered === undefined || !Object.hasOwn(answered, output)) {
          return [];
        }
        const found = answered[output] ?? [];
        const error = relativeError(numbers.decimal)(found);
        const allowed = relative === 0 ? 0 : Math.max(relative, least);
        return [{ id, output, expected: numbers, answered: found, error, agrees: error <= allowed }];
      }),
    );
