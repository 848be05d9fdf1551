/** The explorer as its visitors have it: built, served, and open in a browser. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Page } from 'playwright';
import { build, preview } from 'vite';

/** A built page that is served. */
export interface Stage {
  /** Where the page is. */
  readonly address: string;
  /** Ends the server, and removes what was built. */
  readonly leave: () => Promise<void>;
}

/** Builds the page into a temporary folder, and serves it on this machine. */
export const explorerStage = async (): Promise<Stage> => {
  const root = join(import.meta.dirname, '..', 'explorer');
  const outDir = await mkdtemp(join(tmpdir(), 'efnn-explorer-'));
  const options = { root, configFile: join(root, 'vite.config.ts'), logLevel: 'silent' } as const;
  await build({ ...options, build: { outDir, emptyOutDir: true } });
  const server = await preview({ ...options, build: { outDir }, preview: { port: 0, host: '127.0.0.1' } });
  return {
    address: server.resolvedUrls?.local[0] ?? '',
    leave: async () => {
      await server.close();
      await rm(outDir, { recursive: true, force: true });
    },
  };
};

/** Returns when nothing that the page asked its workers is unanswered. */
export const answered = async (page: Page): Promise<void> => {
  await page.waitForSelector('body[data-idle="true"]');
};
