/** Compiles the Coq files, asks of each theorem what it assumes, and shows that the mutants are refused. */
import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import type { Mutant } from './mutants.ts';

const run = promisify(execFile);

/** Where the files are. */
export const sources = import.meta.dirname;

/** The Coq that is installed, in words, or null where there is none. */
export const installedCoq = (): string | null => {
  try {
    return (
      execFileSync('coqc', ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).split('\n')[0] ??
      null
    );
  } catch {
    return null;
  }
};

/** What Coq said about one file. */
export interface Compiled {
  readonly isAccepted: boolean;
  readonly output: string;
}

const outputOf = (error: unknown): string =>
  error !== null && typeof error === 'object' && 'stderr' in error ? String(error.stderr) : String(error);

/** Compiles one module that lies in a folder, beside what it needs. */
export const compile = async (folder: string, name: string): Promise<Compiled> => {
  try {
    const { stdout, stderr } = await run('coqc', ['-q', '-Q', '.', 'Efnn', `${name}.v`], {
      cwd: folder,
      maxBuffer: 2 ** 26,
    });
    return { isAccepted: true, output: stdout + stderr };
  } catch (error) {
    return { isAccepted: false, output: outputOf(error) };
  }
};

const textOf = (name: string): Promise<string> => readFile(join(sources, `${name}.v`), 'utf8');

/** The text without its comments, which nest. */
const withoutComments = (text: string): string => {
  const innermost = text.replaceAll(/\(\*(?:(?!\(\*|\*\))[^])*\*\)/g, ' ');
  return innermost === text ? text : withoutComments(innermost);
};

/** The modules that a text requires. */
const requiredBy = (text: string): readonly string[] =>
  [...text.matchAll(/From Efnn Require (?:Import |Export )?([\w ]+)\./g)].flatMap(([, names = '']) =>
    names.trim().split(/\s+/),
  );

/** The modules, each after those that it requires. */
export const modulesInOrder = async (): Promise<readonly string[]> => {
  const names = (await readdir(sources))
    .filter((path) => path.endsWith('.v'))
    .map((path) => path.slice(0, -2))
    .sort();
  const required = new Map(
    await Promise.all(names.map(async (name) => [name, requiredBy(await textOf(name))] as const)),
  );
  const visit = (known: readonly string[], name: string): readonly string[] =>
    known.includes(name) ? known : [...(required.get(name) ?? []).reduce(visit, known), name];
  return names.reduce(visit, []);
};

/** The theorems of a module: what it states beside lemmas. */
export const theoremsOf = async (name: string): Promise<readonly string[]> =>
  [...withoutComments(await textOf(name)).matchAll(/^\s*Theorem (\w+)/gm)].map(([, theorem = '']) => theorem);

/** Words with which a file would leave something unproven. */
export const unprovenWords = async (name: string): Promise<readonly string[]> =>
  [
    ...withoutComments(await textOf(name)).matchAll(
      /\b(Admitted|admit|Axioms?|Parameters?|Conjecture|give_up|Abort)\b(?= *[.\w(])/g,
    ),
  ]
    .map(([word]) => word)
    // `Parameter` is an operation of the algebra too.
    .filter((word) => word !== 'Parameter');

/** The axioms of the real numbers in Coq's library: whatever is said of real numbers rests on them. */
export const axiomsOfTheReals: readonly string[] = [
  'ClassicalDedekindReals.sig_forall_dec',
  'ClassicalDedekindReals.sig_not_dec',
  'FunctionalExtensionality.functional_extensionality_dep',
];

/** The axioms in what `Print Assumptions` says. */
export const axiomsIn = (printed: string): readonly string[] =>
  printed.includes('Closed under the global context')
    ? []
    : [...printed.matchAll(/^([\w.']+)\s*:(?!:)/gm)]
        .map(([, axiom = '']) => axiom)
        .filter((axiom) => axiom !== 'Axioms');

/** Where Coq found its error: inside a proof, or in what the proof is of. */
const isInsideProof = (text: string, output: string): boolean => {
  const [, line = 0, column = 0] = (/line (\d+), characters (\d+)-/.exec(output) ?? []).map(Number);
  const lines = text.split('\n').slice(0, line);
  const before = [...lines.slice(0, -1), (lines.at(-1) ?? '').slice(0, column)].join('\n');
  return before.lastIndexOf('Proof.') > Math.max(before.lastIndexOf('\nQed.'), before.lastIndexOf('\nDefined.'), 0);
};

/** Why a mutant is not refused as it should be; null where it is. */
export const sparedMutant = async (built: string, { file, from, to }: Mutant): Promise<string | null> => {
  const text = await textOf(file);
  if (text.split(from).length !== 2) {
    return `expected its text once in ${file}.v, got it ${text.split(from).length - 1} times`;
  }
  const folder = await mkdtemp(join(tmpdir(), 'efnn-coq-'));
  try {
    const compiled = (await readdir(built)).filter((path) => path.endsWith('.vo') && path !== `${file}.vo`);
    await Promise.all(compiled.map((path) => symlink(join(built, path), join(folder, path))));
    const mutated = text.replace(from, () => to);
    await writeFile(join(folder, `${file}.v`), mutated);
    const { isAccepted, output } = await compile(folder, file);
    return isAccepted
      ? 'expected Coq to refuse it, got a proof'
      : isInsideProof(mutated, output)
        ? null
        : `expected a proof that fails, got an error before any: ${output.trim()}`;
  } finally {
    await rm(folder, { recursive: true });
  }
};

const keyOf = (texts: readonly string[]): string => createHash('sha256').update(texts.join('\0')).digest('hex');

/** What the folder has of a module already: compiled from the same text, and from the same text of what it requires. */
const isBuilt = async (folder: string, name: string, key: string): Promise<boolean> => {
  try {
    await access(join(folder, `${name}.vo`));
    return (await readFile(join(folder, `${name}.key`), 'utf8')) === key;
  } catch {
    return false;
  }
};

/** Compiles all modules into a folder, what has not changed since not again; says what is wrong. */
export const build = async (folder: string): Promise<readonly string[]> => {
  await mkdir(folder, { recursive: true });
  const version = installedCoq() ?? '';
  const keys = new Map<string, string>();
  const faults: string[] = [];
  for (const name of await modulesInOrder()) {
    const text = await textOf(name);
    const key = keyOf([version, text, ...requiredBy(text).map((required) => keys.get(required) ?? '')]);
    keys.set(name, key);
    if (!(await isBuilt(folder, name, key))) {
      await rm(join(folder, `${name}.key`), { force: true });
      await writeFile(join(folder, `${name}.v`), text);
      const { isAccepted, output } = await compile(folder, name);
      if (isAccepted) {
        await writeFile(join(folder, `${name}.key`), key);
      } else {
        faults.push(`${name}.v is not accepted: ${output.trim()}`);
      }
    }
    faults.push(
      ...(await unprovenWords(name)).map((word) => `${name}.v: expected complete proofs, got the word ${word}`),
    );
  }
  return faults;
};

/** All results, at most `atOnce` under way. */
export const inTurn = async <A, B>(
  atOnce: number,
  items: readonly A[],
  f: (item: A) => Promise<B>,
): Promise<readonly B[]> => {
  const left = items.map((item, index) => ({ item, index }));
  const results = new Map<number, B>();
  const worker = async (): Promise<void> => {
    const next = left.shift();
    if (next !== undefined) {
      results.set(next.index, await f(next.item));
      await worker();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return [...results].sort(([a], [b]) => a - b).map(([, result]) => result);
};

/** Compiles the extracted functions with the reader of programs; says what is wrong. */
export const buildExtracted = async (folder: string): Promise<readonly string[]> => {
  try {
    await cp(join(sources, 'agree.ml'), join(folder, 'agree.ml'));
    await run('ocamlopt', ['-w', '-a', 'proven.mli', 'proven.ml', 'agree.ml', '-o', 'agree'], { cwd: folder });
    return [];
  } catch (error) {
    return [`agree.ml: expected ocamlopt to compile it, got ${outputOf(error).trim()}`];
  }
};
