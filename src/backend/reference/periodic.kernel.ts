/** Fields with a periodic margin, so that correlations need no wrapping; and kernels reflected, for their adjoints. */

/** Copies planes of N x N into the middle of planes of P x P, P = N + 2 margin. A margin repeats what lies N further in. */
export const padPeriodically = (
  out: Float64Array,
  field: Float64Array,
  planes: number,
  N: number,
  margin: number,
): void => {
  const P = N + 2 * margin;
  for (let plane = 0; plane < planes; plane += 1) {
    const corner = plane * P * P;
    for (let r = 0; r < N; r += 1) {
      const left = corner + (r + margin) * P;
      const middle = left + margin;
      const from = (plane * N + r) * N;
      for (let c = 0; c < N; c += 1) {
        out[middle + c] = field[from + c]!;
      }
      for (let c = margin - 1; c >= 0; c -= 1) {
        out[left + c] = out[left + c + N]!;
      }
      for (let c = N; c < N + margin; c += 1) {
        out[middle + c] = out[middle + c - N]!;
      }
    }
    for (let q = corner + margin * P - 1; q >= corner; q -= 1) {
      out[q] = out[q + N * P]!;
    }
    for (let q = corner + (margin + N) * P; q < corner + P * P; q += 1) {
      out[q] = out[q - N * P]!;
    }
  }
};

/** K'_io(d) = K_oi(-d): the kernel whose correlation is the adjoint of the correlation with K. */
export const reflectKernel = (
  out: Float64Array,
  kernel: Float64Array,
  outputs: number,
  inputs: number,
  taps: number,
  samples: number,
): void => {
  for (let s = 0; s < samples; s += 1) {
    for (let o = 0; o < outputs; o += 1) {
      for (let i = 0; i < inputs; i += 1) {
        const from = ((s * outputs + o) * inputs + i) * taps;
        const last = ((s * inputs + i) * outputs + o) * taps + taps - 1;
        for (let d = 0; d < taps; d += 1) {
          out[last - d] = kernel[from + d]!;
        }
      }
    }
  }
};
