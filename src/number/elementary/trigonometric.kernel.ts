/**
 * Sine and cosine of an angle in radians, after Sun's fdlibm (s_sin.c, s_cos.c, k_sin.c, k_cos.c, e_rem_pio2.c): errors
 * below one unit in the last place.
 *
 * x = n pi / 2 + high + low, |high| <= pi / 4, and the polynomials of fdlibm there. Up to 2^19 pi / 2 a multiple of
 * pi / 2 is subtracted in two or three parts, beyond by integers of a thousand bits.
 */
import { exponentOf, fromWords, highWord, powerOfTwo } from './words.kernel.ts';

/** sin(high + low) for |high| <= pi / 4. */
const sineNear = (high: number, low: number): number => {
  if (Math.abs(high) < 2 ** -27) return high;
  const z = high * high;
  const v = z * high;
  const s1 = -1.66666666666666324348e-1;
  const r =
    8.33333333332248946124e-3 +
    z *
      (-1.98412698298579493134e-4 +
        z * (2.75573137070700676789e-6 + z * (-2.50507602534068634195e-8 + z * 1.58969099521155010221e-10)));
  return low === 0 ? high + v * (s1 + z * r) : high - (z * (0.5 * low - v * r) - low - v * s1);
};

/** cos(high + low) for |high| <= pi / 4. */
const cosineNear = (high: number, low: number): number => {
  const size = highWord(high) & 0x7fffffff;
  if (size < 0x3e400000) return 1;
  const z = high * high;
  const r =
    z *
    (4.16666666666666019037e-2 +
      z *
        (-1.38888888888741095749e-3 +
          z *
            (2.48015872894767294178e-5 +
              z * (-2.75573143513906633035e-7 + z * (2.0875723212981748279e-9 + z * -1.13596475577881948265e-11)))));
  const rest = z * r - high * low;
  if (size < 0x3fd33333) return 1 - (0.5 * z - rest);
  // About high / 4, of so few digits that 1 - q is exact: 1 - z / 2 would be rounded.
  const q = size > 0x3fe90000 ? 0.28125 : fromWords(size - 0x00200000, 0);
  return 1 - q - (0.5 * z - q - rest);
};

/** x - n pi / 2 as high + low, |high| not above pi / 4 by more than rounding. */
interface Reduced {
  readonly quarter: number;
  readonly high: number;
  readonly low: number;
}

/** pi / 2 in parts of 33 bits, what each part leaves, and how many bits may cancel before the next is needed. */
const halfPi = [
  { part: 1.57079632673412561417, rest: 6.07710050650619224932e-11, mostCancelled: 16 },
  { part: 6.0771005063039659766e-11, rest: 2.02226624879595063154e-21, mostCancelled: 49 },
  { part: 2.0222662487111664558e-21, rest: 8.47842766036889956997e-32, mostCancelled: Infinity },
] as const;

/** For pi / 4 < x <= 2^19 pi / 2. */
const reducedByParts = (x: number): Reduced => {
  const quarter = Math.trunc(x * 6.36619772367581382433e-1 + 0.5);
  let before = x;
  let lost = 0;
  let high = x;
  let low = 0;
  for (const { part, rest, mostCancelled } of halfPi) {
    const r = before - quarter * part;
    lost = quarter * rest - (before - r - quarter * part);
    high = r - lost;
    low = r - high - lost;
    before = r;
    if (exponentOf(x) - exponentOf(high) <= mostCancelled) break;
  }
  return { quarter, high, low };
};

/** Bits behind the point: enough for the largest float64, whose last digit is worth 2^971, and 200 more. */
const bits = 1200n;

/** arctan(1 / n) times 2^bits, by its series. */
const arctangentOfInverse = (n: bigint): bigint => {
  let sum = 0n;
  let power = (1n << bits) / n;
  for (let k = 1n; power !== 0n; k += 4n) {
    sum += power / k;
    power /= n * n;
    sum -= power / (k + 2n);
    power /= n * n;
  }
  return sum;
};

/** Machin: pi / 4 = 4 arctan(1/5) - arctan(1/239). */
const halfPiInteger = (): bigint => 2n * (4n * arctangentOfInverse(5n) - arctangentOfInverse(239n));

/** For any x > 2^19, an integer times 2^(e - 52): what is left of it is wrong by 2^(1024 - 1200) at most. */
const reducedByIntegers = (x: number): Reduced => {
  const exponent = exponentOf(x) - 52;
  const integer = BigInt(x * powerOfTwo(-exponent)) << (bits + BigInt(exponent));
  const period = halfPiInteger();
  const quarter = (2n * integer + period) / (2n * period);
  const rest = integer - quarter * period;
  // Number() rounds once; 900 bits behind the point are within the range of float64.
  const numberOf = (value: bigint): number => Number(value >> (bits - 900n)) * powerOfTwo(-900);
  const high = numberOf(rest);
  const low = numberOf(rest - (BigInt(high * powerOfTwo(900)) << (bits - 900n)));
  return { quarter: Number(quarter & 3n), high, low };
};

const reducedAngle = (x: number): Reduced => {
  const size = Math.abs(x);
  if (size <= Math.PI / 4) return { quarter: 0, high: x, low: 0 };
  const { quarter, high, low } = highWord(size) <= 0x413921fb ? reducedByParts(size) : reducedByIntegers(size);
  return x > 0 ? { quarter, high, low } : { quarter: -quarter, high: -high, low: -low };
};

/** The sine at so many quarter turns more. */
const turned = ({ quarter, high, low }: Reduced, more: number): number => {
  const value = (quarter + more) & 1 ? cosineNear(high, low) : sineNear(high, low);
  return (quarter + more) & 2 ? -value : value;
};

/**
 * sin x; NaN where x is not finite.
 *
 * @example
 * sin(1) // 0.8414709848078965
 */
export const sin = (x: number): number => (Number.isFinite(x) ? turned(reducedAngle(x), 0) : NaN);

/**
 * cos x; NaN where x is not finite.
 *
 * @example
 * cos(1) // 0.5403023058681398
 */
export const cos = (x: number): number => (Number.isFinite(x) ? turned(reducedAngle(x), 1) : NaN);
