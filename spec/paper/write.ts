/** Writes the tables of the index, on its page and in the README: `npm run -s index`. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { withMarkedSection } from '../../src/report/marked-section.ts';
import { right } from '../right.ts';
import { entries, parts } from './entries.ts';
import { equationTable, indexPage } from './page.ts';
import { committedVerdicts } from './verdicts.ts';

const rewrite = async (path: string, marker: string, table: string): Promise<void> => {
  const place = join(import.meta.dirname, path);
  await writeFile(place, right(withMarkedSection(marker, table)(await readFile(place, 'utf8'))));
};

await rewrite('README.md', 'index', indexPage(parts, committedVerdicts));

await rewrite('../../README.md', 'equations', equationTable(entries));
