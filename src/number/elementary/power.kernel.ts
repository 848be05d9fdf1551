/**
 * x^y after Sun's fdlibm (e_pow.c), with an error below one unit in the last place: 2^(y log2 x), with log2 x as a
 * sum of two numbers, the first of which has few enough digits that its products are exact.
 */
import { exponentialRemainder } from './exponential.kernel.ts';
import { fromWords, highWord, powerOfTwo, withHighWord, withoutLowWord } from './words.kernel.ts';

/** A number as the sum of two: the first is without low word. */
type Split = readonly [high: number, low: number];

/** log2(3/2), 2 / (3 log 2) and log 2: the first in few digits, the rest, and whole where products need it. */
const logThreeHalves: Split = [5.84962487220764160156e-1, 1.35003920212974897128e-8];
const twoThirdsOverLn2 = {
  whole: 9.61796693925975554329e-1,
  high: 9.61796700954437255859e-1,
  low: -7.02846165095275826516e-9,
};
const ln2 = { whole: 6.93147180559945286227e-1, high: 6.93147182464599609375e-1, low: -1.90465429995776804525e-9 };

/** log2 of a positive number: of the significand near 1 or 3/2 by its artanh series, and the exponent. */
const logarithmTwo = (x: number): Split => {
  const isSubnormal = highWord(x) < 0x00100000;
  const normal = isSubnormal ? x * 2 ** 53 : x;
  const word = highWord(normal);
  const fraction = word & 0xfffff;
  // Below sqrt(3/2) near 1, below sqrt(3) near 3/2, above near the next power of two.
  const nearer = fraction <= 0x3988e ? 'one' : fraction < 0xbb67a ? 'three halves' : 'two';
  const exponent = (isSubnormal ? -53 : 0) + (word >> 20) - 1023 + (nearer === 'two' ? 1 : 0);
  const significandWord = (fraction | 0x3ff00000) - (nearer === 'two' ? 0x00100000 : 0);
  const a = withHighWord(normal, significandWord);
  const [centre, step, logCentre]: readonly [number, number, Split] =
    nearer === 'three halves' ? [1.5, 1 << 18, logThreeHalves] : [1, 0, [0, 0]];

  // s = (a - centre) / (a + centre) in two parts.
  const difference = a - centre;
  const inverse = 1 / (a + centre);
  const s = difference * inverse;
  const sHigh = withoutLowWord(s);
  const sumHigh = fromWords(((significandWord >> 1) | 0x20000000) + 0x00080000 + step, 0);
  const sumLow = a - (sumHigh - centre);
  const sLow = inverse * (difference - sHigh * sumHigh - sHigh * sumLow);

  // 3 + s^2 + r, r the rest of the series: 3 artanh(s) / s, coefficients of fdlibm.
  const z = s * s;
  const r =
    z *
      z *
      (5.99999999999994648725e-1 +
        z *
          (4.28571428578550184252e-1 +
            z *
              (3.33333329818377432918e-1 +
                z * (2.72728123808534006489e-1 + z * (2.30660745775561754067e-1 + z * 2.06975017800338417784e-1))))) +
    sLow * (sHigh + s);
  const square = sHigh * sHigh;
  const factorHigh = withoutLowWord(3 + square + r);
  const factorLow = r - (factorHigh - 3 - square);
  const u = sHigh * factorHigh;
  const v = sLow * factorHigh + factorLow * s;
  const pHigh = withoutLowWord(u + v);
  const pLow = v - (pHigh - u);
  const zHigh = twoThirdsOverLn2.high * pHigh;
  const zLow = twoThirdsOverLn2.low * pHigh + pLow * twoThirdsOverLn2.whole + logCentre[1];
  const high = withoutLowWord(zHigh + zLow + logCentre[0] + exponent);
  return [high, zLow - (high - exponent - logCentre[0] - zHigh)];
};

/** 2^(high + low), |high + low| < 1100. */
const exponentialTwo = (high: number, low: number): number => {
  const whole = Math.round(high + low);
  const restHigh = high - whole;
  const t = withoutLowWord(low + restHigh);
  const u = t * ln2.high;
  const v = (low - (t - restHigh)) * ln2.whole + t * ln2.low;
  const z = u + v;
  const lost = v - (z - u);
  const c = exponentialRemainder(z);
  const value = 1 - ((z * c) / (c - 2) - (lost + z * lost) - z);
  // In two steps, since 2^whole alone may leave the range of float64.
  const half = Math.trunc(whole / 2);
  return value * powerOfTwo(half) * powerOfTwo(whole - half);
};

/** x^y for 0 < x < Infinity and a finite y. */
const positivePower = (x: number, y: number): number => {
  const [first, second] = logarithmTwo(x);
  const yHigh = withoutLowWord(y);
  const low = (y - yHigh) * first + y * second;
  const high = yHigh * first;
  const exponent = low + high;
  // Beyond, the result is Infinity or 0 however the last digits are.
  if (!(Math.abs(exponent) < 1100)) return exponent > 0 ? Infinity : 0;
  return exponentialTwo(high, low);
};

/**
 * x^y as JavaScript's `**` defines it for special values, with the same bits on every engine.
 *
 * @example
 * pow(0.9, 3) // 0.7290000000000001
 */
export const pow = (x: number, y: number): number => {
  if (y === 0) return 1;
  if (Number.isNaN(x) || Number.isNaN(y)) return NaN;
  if (y === 1) return x;
  // As in fdlibm: one operation, rounded once.
  if (y === -1) return 1 / x;
  if (y === 2) return x * x;
  if (y === 0.5 && x >= 0 && !Object.is(x, -0)) return Math.sqrt(x);
  const size = Math.abs(x);
  if (!Number.isFinite(y)) return size === 1 ? NaN : size > 1 === y > 0 ? Infinity : 0;
  const isOdd = Math.abs(y % 2) === 1;
  const isNegative = x < 0 || Object.is(x, -0);
  if (size === 0 || size === Infinity) {
    const value = (size === 0) === y > 0 ? 0 : Infinity;
    return isNegative && isOdd ? -value : value;
  }
  if (isNegative && !Number.isInteger(y)) return NaN;
  const value = size === 1 ? 1 : positivePower(size, y);
  return isNegative && isOdd ? -value : value;
};
