/** The wasm backend keeps the laws of backends where it takes all correlations in Fourier space. */
import { alone } from '../src/backend/wasm/team.ts';
import { backendOn } from '../src/backend/wasm/wasm.ts';
import { verifyBackend } from './every-backend.ts';
import { verify } from './law.ts';
import { float32Precision, type Precision } from './laws/backend.ts';
import { errorsAreNoMoreThanTwiceThoseOf } from './laws/wasm.ts';
import { asComputed, halfPrecisionTanh, tampered } from './mutants/backends.ts';
import { inWholeNumbers } from './whole-numbers.ts';

const spectral = backendOn(alone, 'separate', 'spectral');

/**
 * Spectra of integers are no integers: a correlation is off by some 10^-6 of the largest number of its planes, and what is made
 * of ten of them by 10^-5. So integers up to 2^13 are found by rounding, with room for sums over a few samples.
 */
const precision: Precision = { ...float32Precision, exactUpTo: 2 ** 19 };

verifyBackend(
  spectral,
  precision,
  { 'tanh is rounded to half precision': halfPrecisionTanh },
  inWholeNumbers(spectral),
);

/** Weights and fields of eleven bits, as half precision has them. */
const half = tampered(
  (run) => ({
    ...run,
    inputs: Object.fromEntries(
      Object.entries(run.inputs).map(([name, numbers]) => [name, numbers.map((x) => Math.round(2048 * x) / 2048)]),
    ),
  }),
  asComputed,
);

verify(errorsAreNoMoreThanTwiceThoseOf(backendOn(alone, 'separate', 'direct')), spectral, {
  'fields have eleven bits': half,
});
