/**
 * The natural logarithm, correctly rounded: `Math.log` may differ in the last bit from one engine to the next, and with
 * it every normal number, every coupling and every energy made of them. Slow: some twenty microseconds.
 *
 * x = m 2^e with m near 1, log x = e log 2 + 2 artanh((m - 1) / (m + 1)), summed in integers times 2^-192.
 */
import { exponentOf, powerOfTwo } from '../number/elementary/words.kernel.ts';

// log(1 - 2^-52) misses the middle of two float64 by 2^-158; elsewhere 128 bits would do.
const bits = 192n;
const one = 1n << bits;

/**
 * The float64 nearest to log x, for any normal positive float64 x.
 *
 * @example
 * logarithm(0.5) // -0.6931471805599453
 */
export const logarithm = (x: number): number => {
  const exponent = Math.min(1023, exponentOf(x * Math.SQRT2));
  // m lies between 0.7 and 1.5, so 60 bits below the point hold all of it.
  const mantissa = BigInt((x / powerOfTwo(exponent)) * 2 ** 60) << (bits - 60n);
  const sum = BigInt(exponent) * log2 + 2n * artanh(((mantissa - one) << bits) / (mantissa + one));
  return Number(sum) / powerOfTwo(Number(bits));
};

/** z + z^3/3 + z^5/5 + .. until the powers vanish. */
const artanh = (z: bigint): bigint => oddPowers(z, (z * z) >> bits, 1n);

const oddPowers = (power: bigint, square: bigint, k: bigint): bigint =>
  power === 0n || power === -1n ? 0n : power / k + oddPowers((power * square) >> bits, square, k + 2n);

const log2 = 2n * artanh(one / 3n);
