/** The paper never gets lost: every equation has its symbol, its law, its vectors, and a row in the README. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { equations } from './equations.ts';
import { verify } from './law.ts';
import {
  errataAreShown,
  paperIsCovered,
  readmeShowsTheTable,
  rowsAreTheirLaws,
  tagsAreKnown,
  type House,
} from './laws/equations.ts';

const root = join(import.meta.dirname, '..');

const pathsUnder = async (folder: string): Promise<readonly string[]> =>
  (await readdir(join(root, folder), { recursive: true }))
    .filter((path) => /\.(ts|json)$/.test(path))
    .map((path) => `${folder}/${path}`);

const paths = ['README.md', ...(await Promise.all(['src', 'spec', 'proofs'].map(pathsUnder))).flat()];

const files = new Map(
  await Promise.all(paths.map(async (path) => [path, await readFile(join(root, path), 'utf8')] as const)),
);

const modules = new Map<string, unknown>(
  await Promise.all(
    [...new Set(equations.flatMap(({ symbol, law }) => [symbol.file, law.file]))].map(
      async (file) => [file, await import(join(root, file))] as const,
    ),
  ),
);

const exported = (file: string, name: string): unknown =>
  Object.entries(modules.get(file) ?? {}).find(([other]) => other === name)?.[1];

const house: House = { rows: equations, files, exported };

/** The house with the texts of some files changed. */
const rewritten = (chosen: RegExp, change: (text: string) => string): House => ({
  ...house,
  files: new Map([...files].map(([path, text]) => [path, chosen.test(path) ? change(text) : text])),
});

verify(paperIsCovered, house, {
  'a source does not say which equation it is': rewritten(/double-exchange\.ts$/, (text) =>
    text.replaceAll('@eq', 'see'),
  ),
  'a symbol has another name': {
    ...house,
    exported: (file, name) => (name === 'symmetrize' ? undefined : exported(file, name)),
  },
  'a law stands elsewhere': {
    ...house,
    exported: (file, name) => (file === 'spec/laws/hamiltonian.ts' ? undefined : exported(file, name)),
  },
  'an equation is not in the table': { ...house, rows: equations.filter(({ key }) => key !== '3') },
  'there are no vectors': {
    ...house,
    files: new Map([...files].filter(([path]) => !path.endsWith('hamiltonians.json'))),
  },
});

const [first] = equations;

verify(
  rowsAreTheirLaws,
  house,
  first === undefined
    ? {}
    : {
        'a law that a wrong symbol keeps': { ...house, rows: [{ ...first, mutant: first.implementation }] },
        'a symbol that breaks its law': { ...house, rows: [{ ...first, implementation: first.mutant }] },
      },
);

verify(tagsAreKnown, house, {
  'a source names an equation that the paper does not have': rewritten(/src\/hamiltonian\/ising\.ts$/, (text) =>
    text.replace('@eq H', '@eq 4'),
  ),
  'nothing is tagged': rewritten(/^src/, (text) => text.replaceAll('@eq', '')),
});

verify(errataAreShown, house, {
  'the example is gone': rewritten(/dataset\.spec\.ts$/, () => ''),
});

verify(readmeShowsTheTable, house, {
  'the README has no markers': rewritten(/^README\.md$/, (text) => text.replaceAll('<!--', '<!')),
  'a row is missing': { ...house, rows: equations.slice(1) },
  'a symbol was renamed': rewritten(/^README\.md$/, (text) => text.replaceAll('`efnn`', '`network`')),
});
