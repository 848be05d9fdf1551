/** The paper never gets lost: all that it says has an entry, with its symbol, law, theorem, vectors, status and errata. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { modulesInOrder, theoremsOf } from '../proofs/coq/check.ts';
import { figures, jobsFor } from '../src/study/job.ts';
import { presetNames, presets } from '../src/study/preset.ts';
import { studyReport } from '../src/study/study-report.ts';
import { verify } from './law.ts';
import {
  claimsAreIndexed,
  entriesAreWhole,
  entriesDiffer,
  errataAreShown,
  everySentenceIsQuoted,
  faultsOf,
  pagesShowTheIndex,
  statementCount,
  symbolsKeepTheirLaws,
  tagsAreKnown,
  type House,
} from './laws/paper.ts';
import { entries, parts } from './paper/entries.ts';
import { none } from './paper/anchor.ts';
import type { Entry } from './paper/entry.ts';
import { errata } from './paper/errata.ts';
import { committedVerdicts } from './paper/verdicts.ts';

const root = join(import.meta.dirname, '..');

const pathsUnder = async (folder: string): Promise<readonly string[]> =>
  (await readdir(join(root, folder), { recursive: true }))
    .filter((path) => /\.(ts|json|md|txt)$/.test(path) && !/(^|\/)(node_modules|dist)\//.test(path))
    .map((path) => `${folder}/${path}`);

const paths = [
  'README.md',
  ...(await Promise.all(['src', 'spec', 'proofs', 'results', 'explorer'].map(pathsUnder))).flat(),
];

const files = new Map(
  await Promise.all(paths.map(async (path) => [path, await readFile(join(root, path), 'utf8')] as const)),
);

const named = [
  ...entries.flatMap(({ symbol, law }) => [symbol, law]),
  ...Object.values(errata).flatMap(({ shownBy }) => shownBy ?? []),
].flatMap((anchor) => ('name' in anchor ? [anchor.file] : []));

const modules = new Map<string, unknown>(
  await Promise.all([...new Set(named)].map(async (file) => [file, await import(join(root, file))] as const)),
);

const exported = (file: string, name: string): unknown =>
  Object.entries(modules.get(file) ?? {}).find(([other]) => other === name)?.[1];

const theorems = new Set(
  (
    await Promise.all(
      (await modulesInOrder()).map(async (name) => (await theoremsOf(name)).map((theorem) => `${name}.${theorem}`)),
    )
  ).flat(),
);

const paper = files.get('spec/paper/arxiv-2502.17665v2.txt') ?? '';

/** The claims that reports on the presets make, of nothing yet. */
const claims = new Set(
  presetNames
    .flatMap((name) => studyReport(name, [], [], new Map(), jobsFor(presets[name], figures)).sections)
    .flatMap((section) => section.claims.map(({ id }) => id)),
);

const house: House = { parts, errata, paper, files, exported, theorems, claims, verdicts: committedVerdicts };

/** The house with the texts of some files changed. */
const rewritten = (chosen: RegExp, change: (text: string) => string): House => ({
  ...house,
  files: new Map([...files].map(([path, text]) => [path, chosen.test(path) ? change(text) : text])),
});

/** The house without some of its files. */
const without = (removed: RegExp): House => ({
  ...house,
  files: new Map([...files].filter(([path]) => !removed.test(path))),
});

/** The house with some of its entries changed. */
const changed = (chosen: (entry: Entry) => boolean, change: (entry: Entry) => readonly Entry[]): House => ({
  ...house,
  parts: parts.map((part) => ({
    ...part,
    entries: part.entries.flatMap((entry) => (chosen(entry) ? change(entry) : [entry])),
  })),
});

const withKey =
  (key: string) =>
  (entry: Entry): boolean =>
    entry.key === key;

const dropped = (key: string): House => changed(withKey(key), () => []);

const altered = (key: string, change: Partial<Entry>): House =>
  changed(withKey(key), (entry) => [{ ...entry, ...change }]);

verify(everySentenceIsQuoted, house, {
  'an equation is not in the index': dropped('E_MC'),
  'a number is not in the index': dropped('16000 and 4000'),
  'a finding is not in the index': dropped('2b, exception'),
  'a quote may be of two places': altered('T', { quotes: ['is convolved into'] }),
  'a quote is not what the paper says': altered('T', { quotes: ['The products are subtracted'] }),
});

describe('the paper', () => {
  it('has sentences with digits and formulas', () => {
    expect(statementCount(paper)).toBeGreaterThan(60);
  });
});

verify(entriesAreWhole, house, {
  'nothing is stated': altered('E_MC', { statement: '' }),
  'a symbol has another name': {
    ...house,
    exported: (file, name) => (name === 'symmetrize' ? undefined : exported(file, name)),
  },
  'an entry speaks of one symbol and runs another': {
    ...house,
    exported: (file, name) => (name === 'efnn' ? () => 'another' : exported(file, name)),
  },
  'a source does not say which equation it is': rewritten(/double-exchange\.ts$/, (text) =>
    text.replaceAll('@eq', 'see'),
  ),
  'a law stands elsewhere': {
    ...house,
    exported: (file, name) => (file === 'spec/laws/hamiltonian.ts' ? undefined : exported(file, name)),
  },
  'a law is applied by no spec': rewritten(/^spec\/hamiltonian\.spec\.ts$/, (text) =>
    text.replace(/verify\(\s*isingIsSumOverPairs/, 'isingIsSumOverPairs('),
  ),
  'an example is gone': rewritten(/hamiltonian\.spec\.ts$/, () => ''),
  'a law is not there, for no reason': altered('2c', { law: none('') }),
  'a theorem is not proven': {
    ...house,
    theorems: new Set([...theorems].filter((theorem) => theorem !== 'ContinuedFunction.semigroup_law')),
  },
  'no theorem is named': altered('F', { theorems: [] }),
  'a theorem is not there, for no reason': altered('H', { theorems: none('no') }),
  'something is proven by no theorem': altered('H', { isProven: true }),
  'a family of vectors is gone': without(/^spec\/vectors\/schema\/effective-model\.json$/),
  'a vector is gone': without(/^spec\/vectors\/networks\/chain-dnn-2\.json$/),
  'vectors are not there, for no reason': altered('2b', { vectors: none('') }),
  'a claim is not in the report': altered('4b', { claims: ['4b-height'] }),
  'an erratum is not told': {
    ...house,
    errata: Object.fromEntries(Object.entries(errata).filter(([name]) => name !== 'readout')),
  },
  'a page is gone': without(/^proofs\/exact-reduction\.md$/),
  'an equation is not held to its law': altered('S', { judged: null }),
});

describe('the index', () => {
  it('has no fault, field by field', () => {
    const faults = entries.map((entry) => `${entry.place}, ${entry.key}: ${faultsOf(house)(entry).join(', ')}`);
    expect(faults.filter((fault) => !fault.endsWith(': '))).toEqual([]);
  });
});

verify(entriesDiffer, house, {
  'one entry stands there twice': changed(withKey('q'), (entry) => [entry, entry]),
});

/** The judged entry with this key, its judgement changed. */
const judgedOtherwise = (
  key: string,
  change: (judged: NonNullable<Entry['judged']>) => NonNullable<Entry['judged']>,
): House =>
  changed(withKey(key), (entry) => [{ ...entry, judged: entry.judged === null ? null : change(entry.judged) }]);

verify(symbolsKeepTheirLaws, house, {
  'a law that a wrong symbol keeps': judgedOtherwise('H', ({ implementation }) => ({
    implementation,
    mutant: implementation,
  })),
  'a symbol that breaks its law': judgedOtherwise('H', ({ mutant }) => ({ implementation: mutant, mutant })),
});

verify(tagsAreKnown, house, {
  'a source names an equation that the paper does not have': rewritten(/src\/hamiltonian\/ising\.ts$/, (text) =>
    text.replace('@eq H', '@eq 4'),
  ),
  'the explorer does': rewritten(/^explorer\/layers\.ts$/, (text) => text.replace('@eq F_j', '@eq G_j')),
  'nothing is tagged': rewritten(/^src/, (text) => text.replaceAll('@eq', '')),
  'nothing is tagged in the explorer': rewritten(/^explorer/, (text) => text.replaceAll('@eq', '')),
});

verify(errataAreShown, house, {
  'the example is gone': rewritten(/dataset\.spec\.ts$/, () => ''),
  'the law is applied by no spec': rewritten(/^spec\/sampler\.spec\.ts$/, () => ''),
  'no entry names it': altered('continuous spins', { errata: [] }),
});

verify(claimsAreIndexed, house, {
  'a claim has no entry': changed(
    () => true,
    (entry) => [{ ...entry, claims: entry.claims.filter((id) => id !== 'speedup') }],
  ),
  'a claim is in no run yet, and has no entry': { ...house, claims: new Set([...claims, '4b-height']) },
});

verify(pagesShowTheIndex, house, {
  'the README has no table': rewritten(/^README\.md$/, (text) => text.replaceAll('| Eq. (1) |', '| Eq. 1 |')),
  'an entry is missing': dropped('2b'),
  'a symbol was renamed': rewritten(/^README\.md$/, (text) => text.replaceAll('`efnn`', '`network`')),
  'a verdict was typed in': rewritten(/^spec\/paper\/README\.md$/, (text) =>
    text.replaceAll(/2b-level: [a-z ]+/g, '2b-level: holds'),
  ),
});
