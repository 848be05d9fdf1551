/** What the package exports is what its manifest and its page say. */
import { readdirSync, readFileSync } from 'node:fs';

import fc from 'fast-check';

import manifest from '../package.json' with { type: 'json' };
import * as backends from '../src/entry/backends.ts';
import * as exact from '../src/entry/exact.ts';
import * as files from '../src/entry/files.ts';
import * as networks from '../src/entry/networks.ts';
import * as physics from '../src/entry/physics.ts';
import * as training from '../src/entry/training.ts';
import { verify, type Law } from './law.ts';

const entries: Readonly<Record<string, object>> = { backends, exact, files, networks, physics, training };

const textOf = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

const page = textOf('src/entry/README.md');

const sources = readdirSync(new URL('../src/entry', import.meta.url))
  .filter((name) => name.endsWith('.ts'))
  .map((name) => name.replace(/\.ts$/, ''));

interface Exports {
  readonly manifest: Readonly<Record<string, unknown>>;
  readonly page: string;
}

const saysWhatIsThere: Law<Exports, string> = {
  statement:
    'each entry has its compiled form and its types in the manifest, its line in the page, and exports something',
  cases: fc.constantFrom(...sources),
  holds:
    ({ manifest: exported, page: text }) =>
    (name) =>
      JSON.stringify(exported[`./${name}`]) ===
        JSON.stringify({ types: `./dist/src/entry/${name}.d.ts`, default: `./dist/src/entry/${name}.js` }) &&
      text.includes(`| \`efnn/${name}\` |`) &&
      Object.keys(entries[name] ?? {}).length > 0,
};

const told: Exports = { manifest: manifest.exports, page };

verify(saysWhatIsThere, told, {
  'types are left out': { ...told, manifest: { ...manifest.exports, './exact': manifest.exports['./exact'].default } },
  'the page forgets one': { ...told, page: page.replace(/^\| `efnn\/files.*$/m, '') },
});

interface Origin {
  readonly name: string;
  readonly version: string;
  /** Whether it may not be published. */
  readonly private: boolean;
  readonly page: string;
}

const isGotAsThePageSays: Law<Origin, unknown> = {
  statement: 'a package that may not be published is installed from the file that npm pack writes, never by its name',
  cases: fc.constant(null),
  holds:
    ({ name, version, private: unpublished, page: text }) =>
    () => {
      const installed = [...text.matchAll(/npm (?:install|i)((?: -\S+)*(?: (?!-)[^\s`]+)?)/g)].map(
        ([, what = '']) => what,
      );
      return (
        !unpublished ||
        (text.includes('npm ci && npm pack') &&
          installed.some((what) => what.endsWith(`/${name}-${version}.tgz`)) &&
          !installed.some((what) => what.split(' ').includes(name)))
      );
    },
  runs: 1,
};

const origin: Origin = { ...manifest, page };

verify(isGotAsThePageSays, origin, {
  'it is installed by its name': { ...origin, page: `${page}\n\`npm install efnn --omit=optional\`` },
  'nothing is said of packing': { ...origin, page: page.replaceAll('npm pack', 'npm test') },
  'the file is of another version': { ...origin, version: '9.9.9' },
});

/** The names that the examples of a page import from an entry, `entry name`. */
const imported = (text: string): readonly string[] =>
  [...text.matchAll(/^import \{([^}]*)\} from 'efnn\/(\w+)';$/gm)].flatMap(([, names = '', entry = '']) =>
    names.split(',').map((name) => `${entry} ${name.trim()}`),
  );

const examplesImportWhatIsThere: Law<string, unknown> = {
  statement: 'what the examples of a page import from the package is exported there',
  cases: fc.constant(null),
  holds: (text) => () =>
    imported(text).length > 0 &&
    imported(text).every((line) => {
      const [entry = '', name = ''] = line.split(' ');
      return name in (entries[entry] ?? {});
    }),
  runs: 1,
};

verify(examplesImportWhatIsThere, textOf('README.md') + page, {
  'from another entry': textOf('README.md').replace('efnn/exact', 'efnn/physics'),
});
