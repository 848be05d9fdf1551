/** Numbers to test arithmetic with. */
import fc from 'fast-check';

/** Any finite float64: subnormal, huge, signed. */
export const finiteNumber: fc.Arbitrary<number> = fc.double({ noNaN: true, noDefaultInfinity: true });

/** Multiples of 1/8 up to 8: float64 adds and multiplies a few of them without rounding. */
export const smallDyadic: fc.Arbitrary<number> = fc.integer({ min: -64, max: 64 }).map((n) => n / 8);

/** A quotient p/q of integers, from the easily rounded to those with hundreds of digits. */
export const quotient: fc.Arbitrary<readonly [bigint, bigint]> = fc
  .tuple(fc.integer({ min: 1, max: 1150 }), fc.integer({ min: 1, max: 1150 }))
  .chain(([p, q]) =>
    fc.tuple(
      fc.bigInt({ min: -(1n << BigInt(p)), max: 1n << BigInt(p) }),
      fc.bigInt({ min: 1n, max: 1n << BigInt(q) }),
    ),
  );
