/** Fields with a periodic margin, so that correlations need no wrapping; and kernels reflected, for their adjoints. */

/** Copies planes of N x N into planes of P x P, P = N + 2 margin, around which the lattice goes on periodically. */
export const padPeriodically = (
  out: Float64Array,
  field: Float64Array,
  planes: number,
  N: number,
  margin: number,
): void => {
  const P = N + 2 * margin;
  const first = (N - (margin % N)) % N;
  let o = 0;
  for (let plane = 0; plane < planes; plane += 1) {
    let row = first;
    for (let r = 0; r < P; r += 1) {
      const x = (plane * N + row) * N;
      let column = first;
      for (let c = 0; c < P; c += 1) {
        out[o] = field[x + column]!;
        o += 1;
        column = column + 1 === N ? 0 : column + 1;
      }
      row = row + 1 === N ? 0 : row + 1;
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
