/** The numbers in the README are those of the committed measurement. */
import { readFileSync } from 'node:fs';

import fc from 'fast-check';

import { benchMarkdown, benchReportSchema } from '../src/bench/report.ts';
import { claimedSchema, claimsMarkdown } from '../src/report/claims-markdown.ts';
import { markedSection, withMarkedSection } from '../src/report/marked-section.ts';
import measurement from '../results/bench.json' with { type: 'json' };
import results from '../results/quick.json' with { type: 'json' };
import { verify, type Law } from './law.ts';
import { right } from './right.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

const section = markedSection('bench');

const showsTheMeasurement: Law<string, unknown> = {
  statement: 'the section Measured of the README is the rendering of results/bench.json, nothing more or less',
  cases: fc.constant(measurement),
  holds: (text) => (committed) => right(section(text)) === benchMarkdown(benchReportSchema.parse(committed)),
  runs: 1,
};

const claims = markedSection('claims');

const showsTheClaims: Law<string, unknown> = {
  statement: 'the claims in the README are those of results/quick.json, nothing more or less',
  cases: fc.constant(results),
  holds: (text) => (committed) => right(claims(text)) === claimsMarkdown(claimedSchema.parse(committed)),
  runs: 1,
};

/** The README with a table changed. */
const changedIn =
  (marker: string) =>
  (change: (table: string) => string): string =>
    right(withMarkedSection(marker, change(right(markedSection(marker)(readme))))(readme));

const changed = changedIn('bench');

/** The digit at the end of a number in the table becomes the next one. */
const nextDigit = (table: string, cell: RegExp): string =>
  table.replace(cell, (number) => number.replace(/\d(?=\D*$)/, (digit) => String((Number(digit) + 1) % 10)));

verify(showsTheMeasurement, readme, {
  'the first time has another digit': changed((table) => nextDigit(table, /\d ms/)),
  'the first ratio has another digit': changed((table) => nextDigit(table, /\d \|$/m)),
  'a row is missing': changed((table) => table.replace(/\n\| training-[^\n]*/, '')),
  'the facts are of another machine': changed((table) => table.replace(/^[^,]*/, 'A faster machine')),
});

verify(showsTheClaims, readme, {
  'a claim holds that does not': changedIn('claims')((table) => table.replace('does not hold |', 'holds |')),
  'a claim is missing': changedIn('claims')((table) => table.replace(/\n\|  \| The EFNN is[^\n]*/, '')),
  'the first number has another digit': changedIn('claims')((table) => nextDigit(table, /\d \| (does|holds)/)),
});
