/** The properties: where they are, which random numbers they draw, and who counts them. */
import { defineConfig } from 'vitest/config';

/** Pinned, so that a run repeats; `EFNN_SEED=7 npm test` draws other cases, and should pass as well. */
const seed = process.env.EFNN_SEED ?? '250217665';

if (!/^-?\d{1,9}$/.test(seed)) {
  throw new RangeError(
    `EFNN_SEED: expected an integer of at most nine digits, got "${seed}"; unset it for the default`,
  );
}

console.log(`seed ${seed} (EFNN_SEED=${seed} npm test repeats this run)`);

export default defineConfig({
  test: {
    include: ['spec/**/*.spec.ts', 'proofs/**/*.spec.ts'],
    setupFiles: ['spec/setup.ts'],
    env: { EFNN_SEED: seed },
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default', ['json', { outputFile: 'reports/spec.json' }]],
  },
});
