/** Runs before each spec file: every property draws its cases from the seed that `vitest.config.ts` pinned and printed. */
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env.EFNN_SEED) });
