/** One page, and all that it needs: `npm run explorer` shows it, `npm run build:explorer` writes `explorer/dist`. */
import { join } from 'node:path';

import { defineConfig } from 'vite';

const sources = join(import.meta.dirname, '..', 'src');

/** Threads share memory on isolated pages alone. */
const headers = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  resolve: {
    // The entries of the package, as its users import them, and the form of fp-ts that bundlers can take apart.
    alias: [
      { find: /^efnn\/worker/, replacement: join(sources, 'backend', 'wasm', 'team.worker.mjs') },
      { find: /^efnn\/(\w+)$/, replacement: join(sources, 'entry', '$1.ts') },
      { find: /^fp-ts\/lib\//, replacement: 'fp-ts/es6/' },
    ],
  },
  server: { headers },
  preview: { headers },
  worker: { format: 'es' },
  build: { target: 'es2023' },
});
