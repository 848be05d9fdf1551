/** Writes the vectors that the specification computes, and removes those that it no longer does: `npm run -s vectors`. */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { allCaught } from '../port/signatures.ts';
import { bugFiles, computedFiles, computedVectors } from './files.ts';

const vectors = await computedVectors();

const files = new Map([...computedFiles(vectors), ...bugFiles(allCaught(vectors.flat()))]);

const stale = (await readdir(import.meta.dirname, { recursive: true })).filter(
  (path) => path.endsWith('.json') && !files.has(path),
);

await Promise.all(stale.map((path) => rm(join(import.meta.dirname, path))));

await Promise.all(
  [...files].map(async ([path, text]) => {
    const place = join(import.meta.dirname, path);
    await mkdir(dirname(place), { recursive: true });
    await writeFile(place, text);
  }),
);
