/** Laws of the house: who may import whom, and which syntax the rooms refuse. */
import fc from 'fast-check';

import type { Law } from '../law.ts';

/** One module importing another, by their paths. */
export interface Import {
  readonly from: string;
  readonly to: string;
}

/** Whether the house refuses an import. */
export type Layers = (example: Import) => Promise<boolean>;

/** The arrows of the architecture, written once more by hand: each room may import those before it in its chain. */
const chains = [
  ['number', 'random', 'lattice', 'hamiltonian', 'exact', 'dataset', 'study'],
  ['number', 'lattice', 'dataset', 'training', 'study'],
  ['number', 'program', 'network', 'training', 'study'],
  ['number', 'program', 'backend/backend', 'training', 'study'],
  ['number', 'report', 'study'],
];

const fileOf = (room: string): string => (room.includes('/') ? `src/${room}.ts` : `src/${room}/leaf.ts`);

const along = chains.flatMap((chain) =>
  chain.flatMap((lower, i) => chain.slice(i + 1).map((upper) => ({ from: fileOf(upper), to: fileOf(lower) }))),
);

const against = along.map(({ from, to }) => ({ from: to, to: from }));

/** Imports that must be accepted: downwards along an arrow. */
export const accepted: readonly Import[] = [
  ...along,
  { from: 'src/backend/reference/leaf.ts', to: 'src/backend/backend.ts' },
  { from: 'scripts/leaf.ts', to: 'src/backend/reference/leaf.ts' },
  { from: 'spec/leaf.ts', to: 'src/network/leaf.ts' },
  { from: 'scripts/commands/leaf.ts', to: 'scripts/workers/leaf.ts' },
  { from: 'scripts/reproduction/leaf.ts', to: 'scripts/generation/leaf.ts' },
  { from: 'scripts/workers/leaf.ts', to: 'scripts/leaf.ts' },
  { from: 'explorer/leaf.ts', to: 'src/entry/leaf.ts' },
  { from: 'spec/leaf.ts', to: 'explorer/leaf.ts' },
];

/** Imports that must be refused: upwards, sideways between backends, and from the core to what stands on it. */
export const refused: readonly Import[] = [
  ...against,
  { from: 'src/backend/wasm/leaf.ts', to: 'src/network/leaf.ts' },
  { from: 'src/backend/wasm/leaf.ts', to: 'src/backend/reference/leaf.ts' },
  { from: 'src/training/leaf.ts', to: 'src/backend/reference/leaf.ts' },
  { from: 'src/network/leaf.ts', to: 'spec/leaf.ts' },
  { from: 'src/network/leaf.ts', to: 'proofs/leaf.ts' },
  { from: 'src/study/leaf.ts', to: 'scripts/leaf.ts' },
  { from: 'scripts/leaf.ts', to: 'spec/leaf.ts' },
  { from: 'scripts/leaf.ts', to: 'scripts/workers/leaf.ts' },
  { from: 'scripts/workers/leaf.ts', to: 'scripts/generation/leaf.ts' },
  { from: 'scripts/reproduction/leaf.ts', to: 'scripts/commands/leaf.ts' },
  { from: 'scripts/attic/leaf.ts', to: 'scripts/leaf.ts' },
  { from: 'src/attic/leaf.ts', to: 'src/number/leaf.ts' },
  { from: 'explorer/leaf.ts', to: 'src/network/leaf.ts' },
  { from: 'explorer/leaf.ts', to: 'scripts/leaf.ts' },
  { from: 'src/entry/leaf.ts', to: 'explorer/leaf.ts' },
];

export const importsFollowTheArrows: Law<Layers, Import> = {
  statement: 'a module imports downwards along the arrows, and nothing else',
  cases: fc.constantFrom(...accepted, ...refused),
  holds: (refuses) => async (example) => (await refuses(example)) === refused.includes(example),
  runs: 1000,
};

/** A file of scripts beside others, and whether it must be refused because it touches nothing of the world. */
export interface Script {
  readonly code: string;
  readonly pure: boolean;
}

/** Which files touch nothing of the world; `clock.ts` beside them does, `errors.ts` does not. */
export type Purity = (sources: ReadonlyMap<string, string>) => readonly string[];

const scripts: readonly Script[] = [
  { code: 'export const double = (x: number): number => 2 * x;', pure: true },
  { code: "import { failure } from './errors.ts';\nexport const f = failure;", pure: true },
  { code: "import type { Clock } from './clock.ts';\nexport type C = Clock;", pure: true },
  { code: "import { type Clock } from './clock.ts';\nexport type C = Clock;", pure: true },
  { code: '/** performance.now() is not called. */\nexport const one = 1;', pure: true },
  { code: "import { now } from './clock.ts';\nexport const later = () => now() + 1;", pure: false },
  { code: "export { now } from './clock.ts';", pure: false },
  { code: "import { type Clock, now } from './clock.ts';\nexport const later = (_: Clock) => now();", pure: false },
  { code: "import { rm } from 'node:fs';\nexport const remove = rm;", pure: false },
  { code: "import { Command } from 'commander';\nexport const command = new Command();", pure: false },
  { code: "import data from './data.json' with { type: 'json' };\nexport const one = data;", pure: false },
  { code: "export const say = () => process.stdout.write('a');", pure: false },
  { code: "export const load = async () => (await import('./errors.ts')).failure;", pure: false },
  { code: 'export const soon = (f: () => void) => setTimeout(f, 1);', pure: false },
];

export const pureScriptsAreFound: Law<Purity, Script> = {
  statement: 'a file of scripts that touches nothing of the world, itself or through another, is found',
  cases: fc.constantFrom(...scripts),
  holds:
    (pureOf) =>
    ({ code, pure }) => {
      const found = pureOf(
        new Map([
          ['scripts/clock.ts', 'export interface Clock {}\nexport const now = () => performance.now();'],
          ['scripts/errors.ts', 'export const failure = 1;'],
          ['scripts/commands/file.ts', code.replaceAll("'./", "'../")],
        ]),
      );
      return found.includes('scripts/commands/file.ts') === pure && found.includes('scripts/errors.ts');
    },
};

/** A file of scripts, and those of its functions that must be refused because they touch nothing of the world. */
export interface ScriptFunctions {
  readonly code: string;
  readonly pure: readonly string[];
}

const functions: readonly ScriptFunctions[] = [
  { code: 'export const double = (x: number): number => 2 * x;', pure: ['double'] },
  { code: 'const n = 2;\nfunction twice(x: number) { return n * x; }', pure: ['twice'] },
  {
    code: 'export const say = (x: number) => process.stdout.write(text(x));\nconst text = (x: number) => `${x}`;',
    pure: ['text'],
  },
  {
    code: "import { rm } from 'node:fs/promises';\nconst a = (p: string) => rm(p);\nexport const b = (p: string) => a(p);",
    pure: [],
  },
  { code: "import { now } from './clock.ts';\nexport const later = () => now() + 1;", pure: [] },
  { code: "import { zero } from './clock.ts';\nexport const first = () => zero() + 1;", pure: ['first'] },
  { code: "import type { Clock } from './clock.ts';\nexport const read = (clock: Clock) => clock.tick();", pure: [] },
  { code: "import type { Reading } from './clock.ts';\nexport const f = (x: Reading) => x.value;", pure: ['f'] },
  { code: "import type { Command } from 'commander';\nexport const f = (c: Command) => c.option('-x');", pure: [] },
  { code: "import type { FileHandle } from 'node:fs/promises';\nexport const f = (h: FileHandle) => h.fd;", pure: [] },
  { code: 'export const wait = (all: readonly Promise<number>[]) => Promise.all(all);', pure: [] },
  { code: 'const known = new Set<string>();\nexport const know = (x: string) => known.add(x);', pure: [] },
  { code: 'export const f = (known = new Set<string>()) => known.size;', pure: ['f'] },
  { code: "import { wasm } from '../src/backend/wasm/wasm.ts';\nexport const start = () => wasm(1);", pure: [] },
  { code: "import { add } from '../src/number/add.ts';\nexport const f = (x: number) => add(x, 1);", pure: ['f'] },
  { code: 'export const table = { now: () => performance.now(), one: () => 1 };', pure: ['table.one'] },
  { code: 'export const f = ({ process }: { readonly process: number }) => process + 1;', pure: ['f'] },
  { code: 'interface Owner { readonly process: number }\nexport const f = (o: Owner) => o.process;', pure: ['f'] },
  { code: "export const load = () => import('../src/number/add.ts');", pure: [] },
  { code: "export const place = () => new URL('x', import.meta.url);", pure: [] },
];

export const pureFunctionsAreFound: Law<Purity, ScriptFunctions> = {
  statement: 'a function of scripts that touches nothing of the world, itself or through what it uses, is found',
  cases: fc.constantFrom(...functions),
  holds:
    (pureIn) =>
    ({ code, pure }) => {
      const clock = [
        'export interface Clock { readonly tick: () => void }',
        'export interface Reading { readonly value: number }',
        'export const now = () => performance.now();',
        'export const zero = () => 0;',
      ];
      const found = pureIn(
        new Map([
          ['scripts/clock.ts', clock.join('\n')],
          ['scripts/file.ts', code],
        ]),
      );
      return found.toSorted().join() === ['scripts/clock.ts: zero', ...pure.map((f) => `scripts/file.ts: ${f}`)].join();
    },
};

/** A piece of code, where it stands, and the rule that must refuse it (null: it must pass). */
export interface Snippet {
  readonly file: string;
  readonly code: string;
  readonly rule: string | null;
}

/** The rules that a piece of code breaks. */
export type Lint = (snippet: Snippet) => Promise<readonly string[]>;

const inCore = (rule: string | null, code: string): Snippet => ({ file: 'src/program/value-type.ts', code, rule });
const inKernel = (rule: string | null, code: string): Snippet => ({ file: 'src/backend/backend.ts', code, rule });
const inBrand = (rule: string | null, code: string): Snippet => ({ file: 'src/program/program.ts', code, rule });
const inReport = (rule: string | null, code: string): Snippet => ({ file: 'src/report/chart.ts', code, rule });
const inCommand = (rule: string | null, code: string): Snippet => ({ file: 'scripts/commands/energy.ts', code, rule });
const inSpec = (rule: string | null, code: string): Snippet => ({ file: 'spec/setup.ts', code, rule });

const loop = [
  '/** As many ones. */',
  'export const ones = (length: number): Float64Array => {',
  '  const filled = new Float64Array(length);',
  '  for (let i = 0; i < length; i += 1) {',
  '    filled[i] = filled[i]! + 1;',
  '  }',
  '  return filled;',
  '};',
].join('\n');

const compiling = 'export const compiled = (bytes: Uint8Array<ArrayBuffer>) => new WebAssembly.Module(bytes);';

const starting =
  'export const started = (module: WebAssembly.Module, imports: WebAssembly.Imports) => new WebAssembly.Instance(module, imports);';

export const snippets: readonly Snippet[] = [
  inCore(null, '/** An export. */\nexport const double = (x: number): number => 2 * x;'),
  inCore(null, '/** An export. */\nexport const axes = ["x", "y", "z"] as const;'),
  inCore(null, '/** An export. */\nexport const memo = new Map<string, number>();\nmemo.set("one", 1);'),
  inCore(
    null,
    '/** An export. */\nexport const bug = (): never => {\n  throw new RangeError("expected 1, got 2");\n};',
  ),
  inCore('@typescript-eslint/no-explicit-any', 'export const anything = (x: any): unknown => x;'),
  inCore('@typescript-eslint/consistent-type-assertions', 'export const one = (x: unknown): number => x as number;'),
  inCore('@typescript-eslint/no-non-null-assertion', 'export const first = (x: readonly number[]): number => x[0]!;'),
  inCore(
    '@typescript-eslint/switch-exhaustiveness-check',
    [
      'export const sign = (s: "up" | "down"): number => {',
      '  switch (s) {',
      '    case "up":',
      '      return 1;',
      '  }',
      '  return 0;',
      '};',
    ].join('\n'),
  ),
  inCore(
    '@typescript-eslint/consistent-type-imports',
    'import { Program } from "./program.ts";\nexport type P = Program;',
  ),
  inCore('functional/no-let', loop),
  inCore('functional/no-loop-statements', loop),
  inCore(
    'functional/immutable-data',
    'export const f = (x: { a: number }): number => {\n  x.a = 1;\n  return x.a;\n};',
  ),
  inCore('functional/immutable-data', 'export const f = (x: number[]): number => x.push(1);'),
  inCore('functional/no-classes', 'export class Field {}'),
  inCore('no-restricted-syntax', 'export interface Spin { z: number }'),
  inCore('no-restricted-syntax', 'export const sum = (x: number[]): number => x.length;'),
  inCore('no-restricted-syntax', 'export const size = (x: Map<string, number>): number => x.size;'),
  inCore('no-restricted-syntax', 'export const fail = (): never => {\n  throw new Error("no such file");\n};'),
  inCore('no-restricted-syntax', 'export const today = (): number => new Date().getTime();'),
  inCore('no-restricted-properties', 'export const x = Math.random();'),
  inCore('no-restricted-properties', 'export const x = Date.now();'),
  inCore('no-restricted-properties', 'export const x = Math.exp(1);'),
  inCore('no-restricted-properties', 'export const x = Math.pow(2, 0.5);'),
  inCore('no-restricted-syntax', 'export const square = (x: number): number => x ** 2;'),
  inReport(null, '/** Decades. */\nexport const decades = (x: number): number => Math.log10(x);'),
  inCore('no-restricted-globals', 'export const x = performance.now();'),
  inCore('no-restricted-globals', 'console.log("here");'),
  inCore('no-restricted-globals', 'export const home = process.env["HOME"];'),
  inCore('no-restricted-imports', 'export { readFileSync } from "node:fs";'),
  inReport(null, '/** The number of axes. */\nexport const axes = 3;'),
  inReport(null, 'const axes = 3;\nexport { axes };'),
  inReport('jsdoc/require-jsdoc', 'export const axes = 3;'),
  inReport('jsdoc/require-jsdoc', '/** Two rooms. */\n\nexport const axes = 3;'),
  inReport('jsdoc/require-jsdoc', 'export type Axes = 3;'),
  inReport('jsdoc/require-jsdoc', 'export interface Axes {\n  readonly x: number;\n}'),
  inReport('jsdoc/require-jsdoc', 'export function axes(): number {\n  return 3;\n}'),
  inReport('jsdoc/require-description', '/** @eq 1 */\nexport const axes = 3;'),
  inKernel(null, loop),
  inKernel('@typescript-eslint/no-explicit-any', 'export const anything = (x: any): unknown => x;'),
  inKernel('@typescript-eslint/consistent-type-assertions', 'export const one = (x: unknown): number => x as number;'),
  inKernel('no-restricted-syntax', compiling),
  inKernel('no-restricted-syntax', starting),
  inBrand(
    null,
    '/** A brand. */\nexport const one = (x: number): number & { readonly One: symbol } => x as number & { readonly One: symbol };',
  ),
  inCommand(null, 'export const key = (x: number): string => JSON.stringify(x);'),
  inCommand('no-restricted-syntax', 'export const line = (x: number): string => `${JSON.stringify(x)}\\n`;'),
  inCommand('no-restricted-syntax', 'export const print = (x: number) => process.stdout.write(JSON.stringify(x));'),
  inSpec('@typescript-eslint/no-explicit-any', 'export const anything = (x: any): unknown => x;'),
  inCommand('no-restricted-syntax', starting),
  inSpec('no-restricted-syntax', compiling),
  inSpec('no-restricted-syntax', starting),
  inSpec('no-restricted-syntax', 'it.only("runs", () => undefined);'),
  inSpec('@typescript-eslint/ban-ts-comment', '// @ts-ignore\nexport const x: number = "1";'),
];

export const styleIsChecked: Law<Lint, Snippet> = {
  statement: 'code that breaks the house style is refused, and code that keeps it passes',
  cases: fc.constantFrom(...snippets),
  holds: (lint) => async (snippet) => {
    const broken = await lint(snippet);
    return snippet.rule === null ? broken.length === 0 : broken.includes(snippet.rule);
  },
  runs: 600,
};
