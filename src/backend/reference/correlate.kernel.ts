/**
 * y_o(r) = sum over inputs i and offsets d of K_oi(d) x_i(r + d), for one component of one sample. x has its periodic margin.
 *
 * The kernels of the paper are 5 x 5, and get their own loop: five neighbouring sites at a time, whose sums stay in
 * registers while all inputs and taps go by, so that nine reads of x and five of K serve twenty-five multiply-adds.
 */

/** Any size, one tap at a time. */
const correlateTapByTap = (
  y: Float64Array,
  yAt: number,
  K: Float64Array,
  kAt: number,
  x: Float64Array,
  xAt: number,
  outputs: number,
  inputs: number,
  size: number,
  N: number,
): void => {
  const P = N + size - 1;
  y.fill(0, yAt, yAt + outputs * N * N);
  let tap = kAt;
  for (let o = 0; o < outputs; o += 1) {
    for (let i = 0; i < inputs; i += 1) {
      for (let a = 0; a < size; a += 1) {
        for (let b = 0; b < size; b += 1, tap += 1) {
          const w = K[tap]!;
          for (let r = 0; r < N; r += 1) {
            const row = yAt + (o * N + r) * N;
            const from = xAt + (i * P + r + a) * P + b;
            for (let c = 0; c < N; c += 1) {
              y[row + c] = y[row + c]! + w * x[from + c]!;
            }
          }
        }
      }
    }
  }
};

/** Size 5 on lattices of 5 and more. The last five columns may overlap those before: they are computed again, alike. */
const correlateFive = (
  y: Float64Array,
  yAt: number,
  K: Float64Array,
  kAt: number,
  x: Float64Array,
  xAt: number,
  outputs: number,
  inputs: number,
  _size: number,
  N: number,
): void => {
  const P = N + 4;
  for (let o = 0; o < outputs; o += 1) {
    for (let r = 0; r < N; r += 1) {
      const row = yAt + (o * N + r) * N;
      for (let column = 0; column < N; column += 5) {
        const c = column > N - 5 ? N - 5 : column;
        let y0 = 0;
        let y1 = 0;
        let y2 = 0;
        let y3 = 0;
        let y4 = 0;
        let t = kAt + o * inputs * 25;
        for (let i = 0; i < inputs; i += 1) {
          let q = xAt + (i * P + r) * P + c;
          for (let a = 0; a < 5; a += 1, q += P, t += 5) {
            const w0 = K[t]!;
            const w1 = K[t + 1]!;
            const w2 = K[t + 2]!;
            const w3 = K[t + 3]!;
            const w4 = K[t + 4]!;
            const x0 = x[q]!;
            const x1 = x[q + 1]!;
            const x2 = x[q + 2]!;
            const x3 = x[q + 3]!;
            const x4 = x[q + 4]!;
            const x5 = x[q + 5]!;
            const x6 = x[q + 6]!;
            const x7 = x[q + 7]!;
            const x8 = x[q + 8]!;
            y0 += w0 * x0 + w1 * x1 + w2 * x2 + w3 * x3 + w4 * x4;
            y1 += w0 * x1 + w1 * x2 + w2 * x3 + w3 * x4 + w4 * x5;
            y2 += w0 * x2 + w1 * x3 + w2 * x4 + w3 * x5 + w4 * x6;
            y3 += w0 * x3 + w1 * x4 + w2 * x5 + w3 * x6 + w4 * x7;
            y4 += w0 * x4 + w1 * x5 + w2 * x6 + w3 * x7 + w4 * x8;
          }
        }
        y[row + c] = y0;
        y[row + c + 1] = y1;
        y[row + c + 2] = y2;
        y[row + c + 3] = y3;
        y[row + c + 4] = y4;
      }
    }
  }
};

/** The loop that suits a correlation. */
export const correlateFor = (size: number, N: number): typeof correlateTapByTap =>
  size === 5 && N >= 5 ? correlateFive : correlateTapByTap;
