/** Files with a section between markers: all other bytes stay as they are, and what is no UTF-8 is left alone. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as E from 'fp-ts/lib/Either.js';
import { afterAll, describe, expect, it } from 'vitest';

import { expectMarkers, writeSection } from '../scripts/marked-file.ts';
import { messageOf } from './right.ts';

const folder = await mkdtemp(join(tmpdir(), 'efnn-marked-'));

afterAll(() => rm(folder, { recursive: true }));

const page = join(folder, 'page.md');

const around = (before: Buffer, section: string): Buffer =>
  Buffer.concat([before, Buffer.from(`\n<!-- claims -->${section}<!-- /claims -->\n`)]);

describe('a page with a section', () => {
  it('keeps all that stands around it, a byte order mark too', async () => {
    const before = Buffer.from('\ufeff# Grüße');
    await writeFile(page, around(before, '\nold\n'));
    expect(E.isRight(await expectMarkers('claims', page)())).toBe(true);
    expect(E.isRight(await writeSection('claims', 'new', page)())).toBe(true);
    const written = await readFile(page);
    expect(written.subarray(0, before.length)).toEqual(before);
    expect(written.toString()).toContain('new');
  });

  it('is left alone where its bytes are no UTF-8', async () => {
    const latin1 = around(Buffer.from('# Grüße', 'latin1'), '\nold\n');
    await writeFile(page, latin1);
    expect(messageOf(await expectMarkers('claims', page)())).toContain('bytes that are no UTF-8');
    expect(E.isLeft(await writeSection('claims', 'new', page)())).toBe(true);
    expect(await readFile(page)).toEqual(latin1);
  });
});
