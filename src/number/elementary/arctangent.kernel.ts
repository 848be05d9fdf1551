/**
 * The arc tangent and the argument of a complex number, after Sun's fdlibm (s_atan.c, e_atan2.c): errors below one unit
 * in the last place, of atan2 below two.
 */

/** atan at 1/2, 1, 3/2 and infinity, and what float64 leaves of it. */
const anchors: readonly (readonly [high: number, low: number])[] = [
  [4.63647609000806093515e-1, 2.26987774529616870924e-17],
  [7.85398163397448278999e-1, 3.06161699786838301793e-17],
  [9.82793723247329054082e-1, 1.39033110312309984516e-17],
  [1.570796326794896558, 6.12323399573676603587e-17],
];

/** Near pi / 4 and the other anchors |atan| is an anchor and the arc tangent of a quotient below 7/16. */
const reduced = (size: number): readonly [anchor: number, rest: number] => {
  if (size < 11 / 16) return [0, (2 * size - 1) / (2 + size)];
  if (size < 19 / 16) return [1, (size - 1) / (size + 1)];
  return size < 39 / 16 ? [2, (size - 1.5) / (1 + 1.5 * size)] : [3, -1 / size];
};

/** (x - atan x) / x for |x| < 7/16: odd and even powers apart, coefficients of fdlibm. */
const series = (x: number): number => {
  const z = x * x;
  const w = z * z;
  const odd =
    z *
    (3.33333333333329318027e-1 +
      w *
        (1.42857142725034663711e-1 +
          w *
            (9.09088713343650656196e-2 +
              w * (6.66107313738753120669e-2 + w * (4.97687799461593236017e-2 + w * 1.62858201153657823623e-2)))));
  const even =
    w *
    (-1.99999999998764832476e-1 +
      w *
        (-1.1111110405462355788e-1 +
          w * (-7.69187620504482999495e-2 + w * (-5.83357013379057348645e-2 + w * -3.6531572744216915527e-2))));
  return odd + even;
};

/**
 * The angle between -pi/2 and pi/2 whose tangent is x.
 *
 * @example
 * atan(1) // 0.7853981633974483
 */
export const atan = (x: number): number => {
  const size = Math.abs(x);
  if (Number.isNaN(x) || size < 2 ** -27) return x;
  if (size < 7 / 16) return x - x * series(x);
  const [index, rest] = size < 2 ** 66 ? reduced(size) : [3, 0];
  const [high, low] = anchors[index]!;
  const value = high - (rest * series(rest) - low - rest);
  return x < 0 ? -value : value;
};

/** pi - the float64 nearest to pi. */
const piLow = 1.2246467991473531772e-16;

/**
 * The argument of x + i y, between -pi and pi; as usual the imaginary part comes first. Signs of zeros count.
 *
 * @example
 * atan2(1, -1) // 2.356194490192345
 */
export const atan2 = (y: number, x: number): number => {
  if (Number.isNaN(x) || Number.isNaN(y)) return NaN;
  const isLeft = x < 0 || Object.is(x, -0);
  const isBelow = y < 0 || Object.is(y, -0);
  if (y === 0) return isLeft ? (isBelow ? -Math.PI : Math.PI) : y;
  const value = quadrant(Math.abs(y), Math.abs(x), isLeft);
  return isBelow ? -value : value;
};

/** The argument in the upper half plane, from the sizes of the parts. */
const quadrant = (y: number, x: number, isLeft: boolean): number => {
  if (x === 0) return Math.PI / 2;
  if (y === Infinity && x === Infinity) return isLeft ? 3 * (Math.PI / 4) : Math.PI / 4;
  // So near the imaginary axis nothing is left to subtract from pi / 2.
  if (y / x > 2 ** 60) return Math.PI / 2;
  const angle = atan(y / x);
  return isLeft ? Math.PI - (angle - piLow) : angle;
};
