/**
 * The two 32-bit words of a float64: sign, 11 bits of exponent and 20 of significand in the high one, 32 bits of
 * significand in the low one.
 *
 * One view of eight bytes serves all calls, each of which writes it before it reads it: nothing outlives a call.
 */
const view = new DataView(new ArrayBuffer(8));

/**
 * The high word, signed, so that it is negative where x is.
 *
 * @example
 * highWord(1) // 0x3ff00000
 */
export const highWord = (x: number): number => {
  view.setFloat64(0, x);
  return view.getInt32(0);
};

/**
 * The low word, signed.
 *
 * @example
 * lowWord(1) // 0
 */
export const lowWord = (x: number): number => {
  view.setFloat64(0, x);
  return view.getInt32(4);
};

/**
 * The float64 of two words.
 *
 * @example
 * fromWords(0x3ff00000, 0) // 1
 */
export const fromWords = (high: number, low: number): number => {
  view.setInt32(0, high);
  view.setInt32(4, low);
  return view.getFloat64(0);
};

/** x with another high word. */
export const withHighWord = (x: number, high: number): number => {
  view.setFloat64(0, x);
  view.setInt32(0, high);
  return view.getFloat64(0);
};

/** x with a low word of 0: a product of two such numbers that hold 26 bits is exact. */
export const withoutLowWord = (x: number): number => {
  view.setFloat64(0, x);
  view.setInt32(4, 0);
  return view.getFloat64(0);
};

/**
 * 2^exponent, exactly, for an integer exponent; 0 below 2^-1074, Infinity above 2^1023.
 *
 * @example
 * powerOfTwo(-1074) // 5e-324
 */
export const powerOfTwo = (exponent: number): number => {
  if (exponent > 1023) return Infinity;
  if (exponent >= -1022) return fromWords((exponent + 1023) << 20, 0);
  return exponent < -1074 ? 0 : fromWords((exponent + 1074 + 1023) << 20, 0) * Number.MIN_VALUE;
};

/**
 * The integer e with 2^e <= |x| < 2^(e + 1), for a finite x other than 0.
 *
 * @example
 * exponentOf(0.75) // -1
 */
export const exponentOf = (x: number): number => {
  const exponent = (highWord(x) >> 20) & 0x7ff;
  return exponent > 0 ? exponent - 1023 : exponentOf(x * 2 ** 54) - 54;
};
