/**
 * log x and log(1 + x), after Sun's fdlibm (e_log.c, s_log1p.c), whose error stays below one unit in the last place.
 *
 * x = 2^k (1 + f) with sqrt(2) / 2 < 1 + f < sqrt(2), and with s = f / (2 + f)
 *
 *   log(1 + f) = 2 artanh s = f - f^2 / 2 + s (f^2 / 2 + R(s^2)),
 *
 * R a minimax polynomial of fdlibm. `random/logarithm.ts` has the correctly rounded one, which is slower.
 */
import { ln2High, ln2Low } from './exponential.kernel.ts';
import { highWord, withHighWord } from './words.kernel.ts';

/** Coefficients of R, from s^2 on. */
const [l1, l2, l3, l4, l5, l6, l7] = [
  6.66666666666673513e-1, 3.999999999940941908e-1, 2.857142874366239149e-1, 2.222219843214978396e-1,
  1.818357216161805012e-1, 1.531383769920937332e-1, 1.479819860511658591e-1,
] as const;

/**
 * log x; -Infinity at 0, NaN below.
 *
 * @example
 * log(2) // 0.6931471805599453
 */
export const log = (x: number): number => {
  if (x === 0) return -Infinity;
  if (!(x > 0)) return NaN;
  if (x === Infinity) return x;
  const isSubnormal = highWord(x) < 0x00100000;
  const normal = isSubnormal ? x * 2 ** 54 : x;
  const high = highWord(normal);
  const significand = high & 0xfffff;
  // A significand above sqrt(2) belongs to the next power of two.
  const carry = (significand + 0x95f64) & 0x100000;
  const k = (isSubnormal ? -54 : 0) + (high >> 20) - 1023 + (carry >> 20);
  const f = withHighWord(normal, significand | (carry ^ 0x3ff00000)) - 1;
  if ((0xfffff & (2 + significand)) < 3) {
    // |f| < 2^-20.
    if (f === 0) return k === 0 ? 0 : k * ln2High + k * ln2Low;
    const r = f * f * (0.5 - 0.33333333333333333 * f);
    return k === 0 ? f - r : k * ln2High - (r - k * ln2Low - f);
  }
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const r = z * (l1 + w * (l3 + w * (l5 + w * l7))) + w * (l2 + w * (l4 + w * l6));
  if (((significand - 0x6147a) | (0x6b851 - significand)) > 0) {
    const half = 0.5 * f * f;
    return k === 0 ? f - (half - s * (half + r)) : k * ln2High - (half - (s * (half + r) + k * ln2Low) - f);
  }
  return k === 0 ? f - s * (f - r) : k * ln2High - (s * (f - r) - k * ln2Low - f);
};

/**
 * log(1 + x), without the loss of digits near 0; -Infinity at -1, NaN below.
 *
 * @example
 * log1p(1e-20) // 1e-20
 */
export const log1p = (x: number): number => {
  if (x === -1) return -Infinity;
  if (!(x > -1)) return NaN;
  if (x === Infinity) return x;
  const high = highWord(x);
  const size = high & 0x7fffffff;
  if (size < 0x3e200000) return size < 0x3c900000 ? x : x - x * x * 0.5;
  const { k, f, correction, isTiny } =
    high < 0x3fda827a && (high > 0 || high <= (0xbfd2bec4 | 0))
      ? { k: 0, f: x, correction: 0, isTiny: false }
      : split(x);
  const half = 0.5 * f * f;
  if (isTiny) {
    if (f === 0) return k === 0 ? 0 : k * ln2High + (correction + k * ln2Low);
    const r = half * (1 - 0.66666666666666666 * f);
    return k === 0 ? f - r : k * ln2High - (r - (k * ln2Low + correction) - f);
  }
  const s = f / (2 + f);
  const z = s * s;
  const r = z * (l1 + z * (l2 + z * (l3 + z * (l4 + z * (l5 + z * (l6 + z * l7))))));
  return k === 0
    ? f - (half - s * (half + r))
    : k * ln2High - (half - (s * (half + r) + (k * ln2Low + correction)) - f);
};

/** 1 + x = 2^k (1 + f), the correction for what 1 + x lost by rounding, and whether |f| < 2^-20. */
const split = (x: number) => {
  const isLarge = highWord(x) >= 0x43400000;
  const u = isLarge ? x : 1 + x;
  const high = highWord(u);
  const exponent = (high >> 20) - 1023;
  const lost = isLarge ? 0 : (exponent > 0 ? 1 - (u - x) : x - (u - 1)) / u;
  const significand = high & 0xfffff;
  const isLower = significand < 0x6a09e;
  return {
    k: isLower ? exponent : exponent + 1,
    f: withHighWord(u, significand | (isLower ? 0x3ff00000 : 0x3fe00000)) - 1,
    correction: lost,
    isTiny: (isLower ? significand : (0x100000 - significand) >> 2) === 0,
  };
};
