/** Inputs that once gave a wrong result: the table says by which test each is held. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import table from './cases/rows.json' with { type: 'json' };
import { verify } from './law.ts';
import { lostTestsAreMissed, missing, type Row } from './laws/cases.ts';

const rows: readonly Row[] = table.rows;

const paths = [...new Set(rows.flatMap(({ tests }) => tests.map(({ spec }) => spec)))];

const specs = Object.fromEntries(
  await Promise.all(
    paths.map(async (path) => [path, await readFile(join(import.meta.dirname, '..', path), 'utf8')] as const),
  ),
);

it('all rows have a test that exists', () => {
  expect(missing(rows, specs)).toEqual([]);
});

verify(lostTestsAreMissed(rows, specs), missing, {
  'rows without a test pass': (all, files) =>
    missing(
      all.filter(({ tests }) => tests.length > 0),
      files,
    ),
  'rows of tables are not looked at': (all, files) =>
    missing(
      all.map((row) => ({ ...row, tests: row.tests.map(({ spec, test }) => ({ spec, test })) })),
      files,
    ),
  'one file stands for another': (all, files) =>
    missing(all, { ...files, 'spec/none.spec.ts': Object.values(files).join() }),
});
