/** Writes the JSON Schema of `results.json` again: `npm run -s schema`. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { resultsJsonSchema } from '../src/report/results-schema.ts';

const place = join(import.meta.dirname, '../results/results.schema.json');

await writeFile(place, `${JSON.stringify(resultsJsonSchema(), undefined, 2)}\n`);
