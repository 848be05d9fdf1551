/**
 * The Fourier transform of a real N x N lattice, X(k) = sum over sites r of x(r) exp(2 pi i k . r / N), as N^2 real numbers.
 *
 * X(-k) is the conjugate of X(k), so one wave k of each pair k, -k tells both. A number of the spectrum has a slot. First come
 * the waves of columns 0 < l < N/2, column after column: of all rows, real and imaginary part in turns. Then those of the
 * columns that are real, 0 and N/2 for even N: of one row each of a pair, in the same way. Last come the waves that are their
 * own partners, whose X are real: 1 for odd N, 4 for even, that of k = 0 first.
 *
 * Correlations are products in spectra: y(r) = sum over d of K(d) x(r + d) has Y = conj(K) X, its adjoint X = K Y, and
 * G(d) = sum over r of y(r) x(r + d) has G = conj(Y) X.
 */
import { realWaveNumbers } from './line-transform.ts';

/** How many numbers of each kind a spectrum has. */
export interface TorusSpectrum {
  /** Columns of wave numbers that are no real ones: one of each pair. */
  readonly complexColumns: number;
  /** Columns, and rows, of wave numbers that are real ones. */
  readonly realColumns: number;
  /** Complex numbers: as many pairs of slots, which come first. */
  readonly pairs: number;
  /** Real numbers: one slot each, which come last. */
  readonly singles: number;
}

/** The spectrum of an N x N lattice: 2 pairs + singles = N^2. */
export const torusSpectrum = (N: number): TorusSpectrum => {
  const realColumns = realWaveNumbers(N).length;
  const singles = realColumns * realColumns;
  return {
    complexColumns: (N - realColumns) / 2,
    realColumns,
    pairs: (N * N - singles) / 2,
    singles,
  };
};
