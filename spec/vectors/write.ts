/** Writes the vectors that the specification computes: `npm run -s vectors`. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { computedFiles } from './files.ts';

await Promise.all(
  Object.entries(computedFiles()).map(([name, text]) => writeFile(join(import.meta.dirname, name), text)),
);
