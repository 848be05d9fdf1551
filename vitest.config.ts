/** The properties: where they are, where they run, which random numbers they draw, and who counts them. */
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';

import { chromium, chromiumOptions } from './spec/chromium.ts';

/** Pinned, so that a run repeats; `EFNN_SEED=7 npm test` draws other cases, and should pass as well. */
const seed = process.env.EFNN_SEED ?? '250217665';

if (!/^-?\d{1,9}$/.test(seed)) {
  throw new RangeError(
    `EFNN_SEED: expected an integer of at most nine digits, got "${seed}"; unset it for the default`,
  );
}

console.log(`seed ${seed} (EFNN_SEED=${seed} npm test repeats this run)`);

/** The package by its own name, as the explorer imports it. */
const entries = { find: /^efnn\/(\w+)$/, replacement: `${import.meta.dirname}/src/entry/$1.ts` };

/** What is the same wherever properties run. */
const everywhere = {
  setupFiles: ['spec/setup.ts'],
  provide: { seed: Number(seed), share: 1, adapterIsDemanded: process.env['VK_ICD_FILENAMES'] !== undefined },
  testTimeout: 60_000,
  hookTimeout: 60_000,
};

/** A software adapter compiles every kernel of every case for the processor: a fifth of the cases takes minutes already. */
const onGpu = { file: 'spec/webgpu-backend.spec.ts', share: 0.2 };

/** The properties of fast backends: they run in Node, and once more in a browser. */
const backends = ['spec/wasm-backend.spec.ts', 'spec/wasm-networks.spec.ts', onGpu.file];

/**
 * Headless Chromium, on a page that may share memory between its threads; after what runs in Node. What differs there is the
 * engine, not the arithmetic, so a tenth of the cases will do: the rest would only compile more kernels.
 */
const inChromium = (executablePath: string) => ({
  server: {
    headers: { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' },
  },
  resolve: { alias: { webgpu: `${import.meta.dirname}/spec/navigator-gpu.ts` } },
  test: {
    ...everywhere,
    name: 'browser',
    include: backends,
    provide: { ...everywhere.provide, share: 0.1 },
    sequence: { groupOrder: 1 },
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({ launchOptions: { executablePath, args: chromiumOptions } }),
      instances: [{ browser: 'chromium' as const }],
    },
  },
});

/** The same properties, each shown as skipped. */
const withoutChromium = {
  test: {
    ...everywhere,
    name: 'browser',
    include: backends,
    setupFiles: [...everywhere.setupFiles, 'spec/no-chromium.ts'],
  },
};

export default defineConfig({
  test: {
    maxWorkers: 2,
    reporters: ['default', ['json', { outputFile: 'reports/spec.json' }]],
    projects: [
      {
        resolve: { alias: [entries] },
        test: {
          ...everywhere,
          name: 'node',
          include: ['spec/**/*.spec.ts', 'proofs/**/*.spec.ts'],
          exclude: [onGpu.file],
        },
      },
      {
        test: {
          ...everywhere,
          name: 'node (GPU)',
          include: [onGpu.file],
          provide: { ...everywhere.provide, share: onGpu.share },
        },
      },
      chromium === null ? withoutChromium : inChromium(chromium),
    ],
  },
});
