/**
 * The numbers in the README are those of committed files, and the pages in results show these files; the files that
 * CONTRIBUTING names are there.
 */
import { existsSync, readFileSync } from 'node:fs';

import fc from 'fast-check';

import { benchMarkdown, benchReportSchema, headlinesMarkdown } from '../src/bench/report.ts';
import { claimsMarkdown, countOf } from '../src/report/claims-markdown.ts';
import { markedSection, withMarkedSection } from '../src/report/marked-section.ts';
import type { JudgedReport } from '../src/report/report.ts';
import { resultsSchema } from '../src/report/results-schema.ts';
import measurement from '../results/bench.json' with { type: 'json' };
import measurementOnXeon from '../results/bench-xeon.json' with { type: 'json' };
import fromNothing from '../results/from-nothing.json' with { type: 'json' };
import results from '../results/quick.json' with { type: 'json' };
import { verify, type Law } from './law.ts';
import { right } from './right.ts';

const textOf = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

const readme = textOf('README.md');

const benchPage = textOf('results/bench.md');

const claimsPage = textOf('results/quick.md');

const section = markedSection('bench');

const showsTheMeasurement = (name: string, report: unknown): Law<string, unknown> => ({
  statement: `results/${name}.md is the rendering of results/${name}.json, nothing more or less`,
  cases: fc.constant(report),
  holds: (text) => (committed) => right(section(text)) === benchMarkdown(benchReportSchema.parse(committed)),
  runs: 1,
});

const claims = markedSection('claims');

const showsTheClaims: Law<string, unknown> = {
  statement: 'results/quick.md shows the claims of results/quick.json, nothing more or less',
  cases: fc.constant(results),
  holds: (text) => (committed) => right(claims(text)) === claimsMarkdown(resultsSchema.parse(committed)),
  runs: 1,
};

/** A page with one of its tables changed. */
const changedIn =
  (marker: string, page: string) =>
  (change: (table: string) => string): string =>
    right(withMarkedSection(marker, change(right(markedSection(marker)(page))))(page));

const quotesTheMeasurement: Law<string, unknown> = {
  statement:
    'the table under Measured in the README is what results/bench.json says of the aims, rows of results/bench.md',
  cases: fc.constant(measurement),
  holds: (text) => (committed) => {
    const shown = right(markedSection('headlines')(text));
    const known = new Set(benchPage.split('\n'));
    return (
      shown === headlinesMarkdown(benchReportSchema.parse(committed)) &&
      shown.split('\n').every((row) => known.has(row))
    );
  },
  runs: 1,
};

/** The digit at the end of a number in the table becomes the next one. */
const nextDigit = (table: string, cell: RegExp): string =>
  table.replace(cell, (number) => number.replace(/\d(?=\D*$)/, (digit) => String((Number(digit) + 1) % 10)));

verify(quotesTheMeasurement, readme, {
  'a ratio has another digit': nextDigit(readme, /(?<=\| training C = 3 \| [\d., ]+ \| )\d/),
  'what is missed is reached': readme.replace(/(\| [^|\n]+ \| [\d.]+, [^\n]*)\bno\b/, '$1yes'),
  'rows are missing': readme.replace(/\n\| training [^\n]*/g, ''),
});

const isShort: Law<string, unknown> = {
  statement: 'the README has at most 10 KB: what is longer has a page of its own',
  cases: fc.constant(null),
  holds: (text) => () => new TextEncoder().encode(text).length <= 10_240,
  runs: 1,
};

verify(isShort, readme, { 'the measurements stand in full': `${readme}${benchPage}` });

Object.entries({ bench: measurement, 'bench-xeon': measurementOnXeon }).forEach(([name, report]) => {
  const page = textOf(`results/${name}.md`);
  const changed = changedIn('bench', page);
  verify(showsTheMeasurement(name, report), page, {
    'the first time has another digit': changed((table) => nextDigit(table, /\d\)? (?:\[[\d.]+\] )?ms/)),
    'the first ratio has another digit': changed((table) => nextDigit(table, /\d\)? \|$/m)),
    'a row is missing': changed((table) => table.replace(/\n\| training-[^\n]*/, '')),
    'the facts are of another machine': changed((table) => table.replace(/^[^,]*/, 'A faster machine')),
  });
});

verify(showsTheClaims, claimsPage, {
  'a claim holds that does not': changedIn(
    'claims',
    claimsPage,
  )((table) => table.replace('does not hold |', 'holds |')),
  'a claim is missing': changedIn('claims', claimsPage)((table) => table.replace(/\n\|  \| The EFNN is[^\n]*/, '')),
  'the first number has another digit': changedIn('claims', claimsPage)((table) => nextDigit(table, /\d \| (?=\d)/)),
});

const countsTheClaims: Law<string, string> = {
  statement: 'the README counts the claims as results/quick.md does',
  cases: fc.constant(right(claims(claimsPage))),
  holds: (text) => (table) => text.includes(`): ${table.slice(0, table.indexOf(';'))}.`),
  runs: 1,
};

verify(countsTheClaims, readme, { 'one more holds': nextDigit(readme, /\d+(?= claims hold)/) });

const countsTheClaimsOfStandard: Law<string, JudgedReport> = {
  statement: 'the README counts the claims of results/standard, and its jobs, as its results do',
  cases: fc.constant(resultsSchema.parse(JSON.parse(textOf('results/standard/results.json')))),
  holds:
    (text) =>
    ({ partial, verdicts }) =>
      text.includes(
        (partial === undefined ? 'With all jobs done,' : `With ${partial.done} of ${partial.planned} jobs done,`) +
          '\n[`standard`](results/standard) ([weights](results/models)): ' +
          `${countOf(verdicts)}.`,
      ),
  runs: 1,
};

verify(countsTheClaimsOfStandard, readme, {
  'one more holds': nextDigit(readme, /(?<=\(results\/models\)\): )\d+(?= claims hold)/),
  'as many jobs are done as none has': readme.replace(/(?<=With )(?:all|\d+ of \d+)(?= jobs done)/, '1 of 0'),
});

const tellsOfTheSlowestSeed: Law<string, typeof fromNothing> = {
  statement:
    'for a network from nothing the README tells the error of the worst seed of results/from-nothing.json, and the time of the slowest',
  cases: fc.constant(fromNothing),
  holds:
    (text) =>
    ({ rows }) => {
      const seconds = Math.max(...rows.map((row) => row.secondsOfLabels + row.secondsOfTraining));
      const error = Math.max(...rows.map(({ errors }) => errors.find(({ size }) => size === 10)?.relative ?? NaN));
      const told = `an error of ${error.toExponential(1)} in ${Math.ceil(seconds)} s (`;
      return rows.length >= 3 && text.includes(told);
    },
  runs: 1,
};

verify(tellsOfTheSlowestSeed, readme, {
  'the error is smaller': readme.replace(/(?<=an error of )\d/, (digit) => String(Number(digit) - 1)),
  'it takes less': readme.replace(/(?<=e-4 in )\d/, (digit) => String(Number(digit) - 1)),
});

const contributing = textOf('CONTRIBUTING.md');

/** Paths from the root, folders or files, as CONTRIBUTING writes them; what is in results, commands write. */
const namedPaths = (text: string): readonly string[] =>
  [...text.matchAll(/`((?:src|spec|scripts|proofs)(?:\/[\w.-]+)*\/?)`/g)].flatMap(([, path]) => path ?? []);

const namesWhatIsThere: Law<string, string> = {
  statement: 'recipes and the map of folders name files and folders that are there: 50 at least',
  cases: fc.constant('..'),
  holds: (text) => (root) => {
    const paths = namedPaths(text);
    return paths.length >= 50 && paths.every((path) => existsSync(new URL(`${root}/${path}`, import.meta.url)));
  },
  runs: 1,
};

verify(namesWhatIsThere, contributing, {
  'a file has another name': contributing.replace('systems/heisenberg.ts', 'systems/xy.ts'),
  'a folder is gone': contributing.replace('`src/study`', '`src/studies`'),
  'recipes are missing': contributing.replace(/^## How to add[\s\S]*/m, ''),
});
