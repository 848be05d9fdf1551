/**
 * e^x and e^x - 1, after Sun's fdlibm (e_exp.c, s_expm1.c), whose error stays below one unit in the last place.
 *
 * x = k log 2 + r, |r| <= log(2) / 2; log 2 is kept as two numbers, so that k log 2 leaves r with its last bits. On that
 * interval e^r comes from a rational function of r whose coefficients are fdlibm's minimax fit, and 2^k is exact.
 */
import { fromWords, highWord, powerOfTwo } from './words.kernel.ts';

/** log 2, its upper 33 bits and the rest. */
export const ln2High = 6.9314718036912381649e-1;
/** What log 2 exceeds its leading digits by: together they are log 2 to more than double precision. */
export const ln2Low = 1.90821492927058770002e-10;

/** e^x is Infinity above, and 0 below. */
const overflow = 7.09782712893383973096e2;
const underflow = -7.4513321910194110842e2;

/** The integer nearest to x / log 2, and r = high - low. */
interface Reduced {
  readonly k: number;
  readonly high: number;
  readonly low: number;
}

/** |x| > log(2) / 2; the bound tells where k is 1 or -1 without a product. */
const reduced = (x: number): Reduced => {
  const sign = x < 0 ? -1 : 1;
  const k = (highWord(x) & 0x7fffffff) < 0x3ff0a2b2 ? sign : Math.trunc(1.442695040888963387 * x + 0.5 * sign);
  return { k, high: x - k * ln2High, low: k * ln2Low };
};

/** r - the even part of r coth(r / 2) - 2: coefficients of fdlibm, which pow shares. */
export const exponentialRemainder = (r: number): number => {
  const t = r * r;
  return (
    r -
    t *
      (1.66666666666666019037e-1 +
        t *
          (-2.77777777770155933842e-3 +
            t * (6.61375632143793436117e-5 + t * (-1.6533902205465251539e-6 + t * 4.13813679705723846039e-8))))
  );
};

/**
 * e^x.
 *
 * @example
 * exp(1) // 2.718281828459045
 */
export const exp = (x: number): number => {
  if (Number.isNaN(x)) return x;
  if (x > overflow) return Infinity;
  if (x < underflow) return 0;
  if (x === 1) return Math.E;
  const size = highWord(x) & 0x7fffffff;
  if (size < 0x3e300000) return 1 + x;
  if (size <= 0x3fd62e42) {
    const c = exponentialRemainder(x);
    return 1 - ((x * c) / (c - 2) - x);
  }
  const { k, high, low } = reduced(x);
  const r = high - low;
  const c = exponentialRemainder(r);
  const y = 1 - (low - (r * c) / (2 - c) - high);
  // 2^k alone may be too large or too small for a float64 where y 2^k is not.
  if (k === 1024) return y * 2 * powerOfTwo(1023);
  return k >= -1021 ? y * powerOfTwo(k) : y * powerOfTwo(k + 1000) * powerOfTwo(-1000);
};

/**
 * e^x - 1, without the loss of digits near 0.
 *
 * @example
 * expm1(1e-20) // 1e-20
 */
export const expm1 = (x: number): number => {
  if (Number.isNaN(x)) return x;
  if (x > overflow) return Infinity;
  const size = highWord(x) & 0x7fffffff;
  if (size >= 0x4043687a && x < 0) return -1;
  if (size < 0x3c900000) return x;
  const isSmall = size <= 0x3fd62e42;
  const { k, high, low } = isSmall ? { k: 0, high: x, low: 0 } : reduced(x);
  const r = high - low;
  const c = high - r - low;
  const half = 0.5 * r;
  const squared = r * half;
  const ratio =
    1 +
    squared *
      (-3.33333333333331316428e-2 +
        squared *
          (1.58730158725481460165e-3 +
            squared *
              (-7.93650757867487942473e-5 +
                squared * (4.00821782732936239552e-6 + squared * -2.01099218183624371326e-7))));
  const t = 3 - ratio * half;
  const error = squared * ((ratio - t) / (6 - r * t));
  if (k === 0) return r - (r * error - squared);
  const e = r * (error - c) - c - squared;
  if (k === -1) return 0.5 * (r - e) - 0.5;
  if (k === 1) return r < -0.25 ? -2 * (e - (r + 0.5)) : 1 + 2 * (r - e);
  if (k <= -2 || k > 56) {
    const y = 1 - (e - r);
    return (k === 1024 ? y * 2 * powerOfTwo(1023) : y * powerOfTwo(k)) - 1;
  }
  // 1 - 2^-k is exact, and is added to what is nearest to it in size.
  return k < 20
    ? (fromWords(0x3ff00000 - (0x200000 >> k), 0) - (e - r)) * powerOfTwo(k)
    : (r - (e + powerOfTwo(-k)) + 1) * powerOfTwo(k);
};
