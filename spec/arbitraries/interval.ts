/** Numbers of an interval: evenly spread, or of all magnitudes. */
import fc from 'fast-check';

const steps = 2 ** 30;

/**
 * A number between two bounds, evenly spread (bounds and middle a little likelier).
 * `fc.double` draws bit patterns instead: most of its numbers below 1 are below 1e-100, and a law that sees only such
 * angles or couplings sees next to nothing.
 */
export const interval = (min: number, max: number): fc.Arbitrary<number> =>
  fc.integer({ min: -steps, max: steps }).map((k) => (min + max) / 2 + (max - min) * (k / (2 * steps)));

/**
 * A number between two bounds by its bit pattern, so that all magnitudes down to the smallest are as likely, and most are
 * next to nothing: for laws about how numbers are represented and rounded, never for couplings, weights or angles.
 */
export const ofAllMagnitudes = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true });
