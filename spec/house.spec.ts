/** The checks of the house can fail: each is shown what it must refuse, and what it must let pass. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';

import { cruise, type IForbiddenRuleType } from 'dependency-cruiser';
import readLayers from 'dependency-cruiser/config-utl/extract-depcruise-config';
import { ESLint, type Linter } from 'eslint';
import { afterAll, describe, expect, it } from 'vitest';

import { verify } from './law.ts';
import {
  accepted,
  importsFollowTheArrows,
  pureFunctionsAreFound,
  pureScriptsAreFound,
  refused,
  snippets,
  styleIsChecked,
  type Import,
  type Layers,
  type Lint,
  type Purity,
} from './laws/house.ts';
import { pureFunctions, withoutEffects } from './script-effects.ts';

type Rules = readonly IForbiddenRuleType[];

const root = join(import.meta.dirname, '..');

const rules: Rules = (await readLayers(join(root, '.dependency-cruiser.cjs'))).forbidden ?? [];

/** Builds a house of its own in a temporary folder, from the texts of its files. */
const house = async (files: Readonly<Record<string, string>>): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'efnn-house-'));
  await Promise.all(
    Object.entries(files).map(async ([path, text]) => {
      await mkdir(join(folder, dirname(path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }),
  );
  return folder;
};

interface Violation {
  readonly rule: string;
  readonly from: string;
  readonly to: string;
}

const violations = async (folder: string, forbidden: Rules): Promise<readonly Violation[]> => {
  const ruleSet = { forbidden: [...forbidden] };
  const { output } = await cruise(['.'], { baseDir: folder, validate: true, ruleSet, tsPreCompilationDeps: true });
  return typeof output === 'string'
    ? []
    : output.summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to }));
};

/** The module that holds one import alone: it stands beside the module that the import is from. */
const importer = ({ from, to }: Import): string => `${dirname(from)}/to-${to.replaceAll('/', '-')}`;

const oneImportEach = (imports: readonly Import[]): Readonly<Record<string, string>> => {
  const leaves = imports.flatMap(({ from, to }) => [from, to]).map((path) => [path, 'export {};'] as const);
  const importers = imports.map(
    (example) => [importer(example), `export * from './${relative(dirname(example.from), example.to)}';`] as const,
  );
  return Object.fromEntries([...leaves, ...importers]);
};

const manyImports = house(oneImportEach([...accepted, ...refused]));

afterAll(async () => rm(await manyImports, { recursive: true }));

const refusesBy = (forbidden: Rules): Layers => {
  const found = manyImports.then(async (folder) =>
    violations(
      folder,
      forbidden.filter(({ name }) => name !== 'nothing-unused'),
    ),
  );
  return async (example) => (await found).some(({ from, to }) => from === importer(example) && to === example.to);
};

const allBut = (prefix: string): Layers => refusesBy(rules.filter(({ name }) => name?.startsWith(prefix) !== true));

verify(importsFollowTheArrows, refusesBy(rules), {
  'no rules': refusesBy([]),
  'the rooms are not told apart': allBut('room-'),
  'backends may import each other': allBut('backends-are-strangers'),
  'the core may name a backend': allBut('backend-is-passed-in'),
  'the core may import its laws': allBut('core-below-all'),
  'the folders of scripts are not told apart': allBut('scripts-'),
  'the explorer may reach below the entries': allBut('explorer-'),
});

describe('the layers', () => {
  it('refuse cycles, even of types alone, unused modules, effects, and packages outside their home', async () => {
    const folder = await house({
      'package.json': '{ "dependencies": { "vega": "6.4.0" } }',
      'node_modules/vega/package.json': '{ "name": "vega", "main": "index.js" }',
      'node_modules/vega/index.js': '',
      'src/number/hen.ts': "import type { Egg } from './egg.ts';\nexport interface Hen { readonly lays: Egg }",
      'src/number/egg.ts': "import type { Hen } from './hen.ts';\nexport interface Egg { readonly from: Hen }",
      'src/number/unused.ts': 'export {};',
      'src/number/effect.ts': "import 'node:fs';",
      'src/number/chart.ts': "import 'vega';",
      'src/report/chart.ts': "import 'vega';",
      'spec/number.spec.ts': "import '../src/number/hen.ts';\nimport '../src/number/effect.ts';",
      'spec/chart.spec.ts': "import '../src/number/chart.ts';\nimport '../src/report/chart.ts';",
    });
    const found = await violations(folder, rules);
    await rm(folder, { recursive: true });
    expect(found.map(({ rule, from }) => `${rule}: ${from}`).sort()).toEqual([
      'core-without-node: src/number/effect.ts',
      'home-vega: src/number/chart.ts',
      'no-cycles: src/number/egg.ts',
      'nothing-unused: src/number/unused.ts',
    ]);
  });
});

/** Whoever imports from a file that touches the world touches it, if for types alone. */
const anyImport: Purity = (sources) =>
  withoutEffects(
    new Map(
      [...sources].map(([path, text]) => [
        path,
        text.replaceAll(
          /import [^;]* from '([^']*clock\.ts)';/g,
          "$&\nimport { now as other } from '$1';\nconst used = other;",
        ),
      ]),
    ),
  );

verify(pureScriptsAreFound, withoutEffects, {
  'only what a file does itself counts': (sources) =>
    withoutEffects(new Map([...sources].map(([path, text]) => [path, text.replaceAll(/'\.\.?\//g, "'")]))),
  'types count as imports': anyImport,
  'comments count as code': (sources) =>
    withoutEffects(new Map([...sources].map(([path, text]) => [path, text.replaceAll(/\/\*\*|\*\//g, '')]))),
});

/** The functions of files that were changed before. */
const functionsAfter =
  (change: (text: string) => string): Purity =>
  (sources) =>
    pureFunctions(new Map([...sources].map(([path, text]) => [path, change(text)])));

verify(pureFunctionsAreFound, pureFunctions, {
  'a file is pure, or all of its functions touch the world': (sources) =>
    withoutEffects(sources).flatMap((path) => pureFunctions(sources).filter((name) => name.startsWith(path))),
  'what is imported is taken for pure': functionsAfter((text) => text.replaceAll(/^import .*$/gm, '')),
  'all that is imported is taken for the world': functionsAfter((text) => text.replaceAll(/'\.\.?\//g, "'node:")),
  'handles that are taken are not seen': functionsAfter((text) => text.replaceAll(/\((\w+): [A-Z]\w+\)/g, '($1)')),
  'a property is taken for what has its name': functionsAfter((text) => text.replaceAll(/\b\w\.process/g, 'process')),
  'state is not seen': functionsAfter((text) => text.replaceAll(/new Set<string>\(\)/g, '[]')),
  'parts of tables are not looked at': (sources) => pureFunctions(sources).filter((name) => !/: \w+\./.test(name)),
});

describe('scripts', () => {
  it('hold effects alone: files and functions that touch nothing of the world are in src', async () => {
    const paths = (await readdir(join(root, 'scripts'), { recursive: true })).filter((path) => path.endsWith('.ts'));
    const texts = await Promise.all(
      paths.map(async (path) => [`scripts/${path}`, await readFile(join(root, 'scripts', path), 'utf8')] as const),
    );
    expect([...withoutEffects(new Map(texts)), ...pureFunctions(new Map(texts))]).toEqual([]);
  });
});

/** A project of the linted files alone: the rules need types, and the types of the whole tree take seconds. */
const fewFiles = house({
  'tsconfig.json': JSON.stringify({
    extends: join(root, 'tsconfig.json'),
    compilerOptions: { typeRoots: [join(root, 'node_modules/@types')] },
    include: [],
    files: [...new Set(snippets.map(({ file }) => join(root, file)))],
  }),
});

afterAll(async () => rm(await fewFiles, { recursive: true }));

const inFewFiles = fewFiles.then((folder) => ({
  files: ['**/*.ts'],
  languageOptions: {
    parserOptions: {
      projectService: false,
      project: join(folder, 'tsconfig.json'),
      // In continuous integration the parser takes types from the files on disk, which the snippets are not.
      disallowAutomaticSingleRunInference: true,
    },
  },
}));

const lintBy = (...overrides: readonly Linter.Config[]): Lint => {
  const linter = inFewFiles.then((few) => new ESLint({ cwd: root, overrideConfig: [few, ...overrides] }));
  const lint = async (file: string, code: string): Promise<readonly string[]> =>
    (await (await linter).lintText(code, { filePath: join(root, file) })).flatMap(({ messages }) =>
      messages.map(({ ruleId }) => ruleId ?? 'not TypeScript'),
    );
  const known = new Map<string, Promise<readonly string[]>>();
  return ({ file, code }) => {
    const broken = known.get(file + code) ?? lint(file, code);
    known.set(file + code, broken);
    return broken;
  };
};

const without = (...names: readonly string[]): Lint =>
  lintBy({ files: ['**/*.ts'], rules: Object.fromEntries(names.map((name) => [name, 'off'])) });

verify(styleIsChecked, lintBy(), {
  'any is let through': without('@typescript-eslint/no-explicit-any'),
  'loops and let are let through': without('functional/no-let', 'functional/no-loop-statements'),
  'casts are let through': without('@typescript-eslint/consistent-type-assertions'),
  'the clock is let through': without('no-restricted-properties', 'no-restricted-globals'),
  'commands may print numbers unchecked': lintBy({
    files: ['scripts/commands/**/*.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  }),
  'laws may start modules': lintBy({ files: ['spec/**/*.ts'], rules: { 'no-restricted-syntax': 'off' } }),
  'exports need no sentence': without('jsdoc/require-jsdoc'),
  'a tag is taken for a sentence': without('jsdoc/require-description'),
  'kernels are held to the rules of the core': lintBy({
    files: ['src/backend/**/*.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'error' },
  }),
});
