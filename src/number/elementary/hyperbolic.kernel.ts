/** Hyperbolic functions, after Sun's fdlibm (s_tanh.c, e_sinh.c, s_asinh.c): errors below two units in the last place. */
import { exp, expm1 } from './exponential.kernel.ts';
import { log, log1p } from './logarithm.kernel.ts';

/** Below 2^-28 the functions equal x to the last bit. */
const negligible = 2 ** -28;

/**
 * tanh x = (e^2x - 1) / (e^2x + 1).
 *
 * @example
 * tanh(0.5) // 0.46211715726000973
 */
export const tanh = (x: number): number => {
  const size = Math.abs(x);
  if (Number.isNaN(x) || size < negligible) return x;
  // 1 - tanh 22 < 2^-54.
  const t = expm1(size >= 1 ? 2 * size : -2 * size);
  const value = size >= 22 ? 1 : size >= 1 ? 1 - 2 / (t + 2) : -t / (t + 2);
  return x < 0 ? -value : value;
};

/**
 * sinh x = (e^x - e^-x) / 2.
 *
 * @example
 * sinh(1) // 1.1752011936438014
 */
export const sinh = (x: number): number => {
  const size = Math.abs(x);
  const half = x < 0 ? -0.5 : 0.5;
  if (Number.isNaN(x) || size < negligible) return x;
  if (size < 22) {
    const t = expm1(size);
    return size < 1 ? half * (2 * t - (t * t) / (t + 1)) : half * (t + t / (t + 1));
  }
  // From here on e^-x is nothing; above log(2^1024) half of e^x is still finite.
  if (size < 709.7822265633562805) return half * exp(size);
  const root = exp(0.5 * size);
  return half * root * root;
};

/**
 * asinh x = log(x + sqrt(x^2 + 1)).
 *
 * @example
 * asinh(1) // 0.881373587019543
 */
export const asinh = (x: number): number => {
  const size = Math.abs(x);
  if (!Number.isFinite(x) || size < negligible) return x;
  // Above 2^28 the 1 under the root is nothing; near 0 the logarithm of nearly 1 would lose digits.
  const value =
    size > 2 ** 28
      ? log(size) + Math.LN2
      : size > 2
        ? log(2 * size + 1 / (Math.sqrt(x * x + 1) + size))
        : log1p(size + (x * x) / (1 + Math.sqrt(1 + x * x)));
  return x < 0 ? -value : value;
};
