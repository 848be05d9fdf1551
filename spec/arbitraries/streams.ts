/** Seeds and indices of random streams, often small so that sums and differences of them coincide. */
import fc from 'fast-check';

const whole = fc.oneof(
  fc.integer({ min: 0, max: 4 }),
  fc.integer({ min: 0, max: 0xffffffff }),
  fc.maxSafeNat(),
  fc.integer({ min: 0, max: 4 }).map((n) => n * 2 ** 32),
);

export const seedNumber: fc.Arbitrary<number> = whole;

export const indexNumber: fc.Arbitrary<number> = whole;
