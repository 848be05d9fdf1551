/** The report as browsers lay it out, in headless Chromium, on screens and on paper: the published results, as the page shows them now. */
import { readFileSync } from 'node:fs';

import fc from 'fast-check';
import { chromium as playwright, type Page } from 'playwright';
import { afterAll, describe, expect, it } from 'vitest';

import { reportFiles } from '../src/report/html-page.ts';
import { readResults } from '../src/report/results-schema.ts';
import { chromium, chromiumOptions, noChromium } from './chromium.ts';
import { verify, type Law } from './law.ts';
import { right } from './right.ts';

const results = new Uint8Array(readFileSync(new URL('../results/standard/results.json', import.meta.url)));

/** Where a page is laid out: a window so wide, or paper between its margins. */
interface Place {
  readonly width: number;
  readonly media: 'screen' | 'print';
}

/** A4 at 96 dots an inch, without the margins of a centimetre that browsers leave. */
const paper: Place = { width: 718, media: 'print' };

const screen = (width: number): Place => ({ width, media: 'screen' });

const rightEdges = (selector: string): string =>
  `[...document.querySelectorAll('${selector}')].map((element) => element.getBoundingClientRect().right)`;

const unfold = "document.querySelectorAll('details').forEach((details) => { details.open = true; })";

/** What scrolls to the side, and whether the keys reach it and it says what it is. */
const scrollers = `[...document.querySelectorAll('body *')]
  .filter((element) => element.scrollWidth > element.clientWidth && getComputedStyle(element).overflowX === 'auto')
  .map((element) => ({
    isReached: element.tabIndex === 0 && element.getAttribute('role') === 'region',
    name: document.getElementById(element.getAttribute('aria-labelledby'))?.textContent ?? '',
  }))`;

/** Of each table the text that names it, and whether it has words. */
const nameless = `[...document.querySelectorAll('table')]
  .filter((table) => !document.getElementById(table.getAttribute('aria-labelledby'))?.textContent.trim())`;

describe.skipIf(chromium === null)(`in Chromium (skipped where there is none: ${noChromium})`, async () => {
  if (chromium === null) {
    return;
  }
  const report = right(readResults(results));
  // Of thousands of runs, and of drawings, which take long to lay out, a few runs of each section say enough.
  const shown = new Set(report.sections.flatMap(({ runs = [] }) => runs.slice(0, 9)));
  const { page } = right(
    await reportFiles({ ...report, runs: (report.runs ?? []).filter(({ id }) => shown.has(id)) })(),
  );
  const published = page.replaceAll(/<svg[^]*?<\/svg>/g, '');
  const browser = await playwright.launch({ executablePath: chromium, args: chromiumOptions });

  afterAll(async () => {
    await browser.close();
  });

  it('shows claims and tables, one of them wider than a desk of 1,280 was before', () => {
    expect(published).toContain('class="claims"');
    expect(published).toContain('id="table-12"');
  });

  /** The page with another rule at the end of its style. */
  const withRule = (rule: string): string => published.replace('</style>', `${rule}</style>`);

  /** What a script finds on the page in a place, all of it unfolded. */
  const found = async (html: string, { width, media }: Place, script: string): Promise<unknown> => {
    const tab: Page = await browser.newPage({ viewport: { width, height: 800 } });
    try {
      await tab.emulateMedia({ media });
      await tab.setContent(html);
      await tab.evaluate(unfold);
      return await tab.evaluate(script);
    } finally {
      await tab.close();
    }
  };

  const isWithin = async (html: string, place: Place, selector: string): Promise<boolean> => {
    const last = await found(html, place, `Math.max(...${rightEdges(selector)})`);
    return typeof last === 'number' && last <= place.width;
  };

  const claimsStayInTheWindow: Law<string, number> = {
    statement: 'nothing of the claims reaches beyond the window, on a phone as on a desk',
    cases: fc.constantFrom(360, 390, 600, 800, 1200),
    holds: (html) => (width) => isWithin(html, screen(width), '.claims *'),
    runs: 8,
  };

  verify(claimsStayInTheWindow, published, {
    'what stands behind a number is kept on one line': withRule('.claims td > .note { white-space: nowrap; }'),
    'the table is as wide on a phone as on a desk': withRule('.claims { min-width: 60rem; }'),
  });

  const captionsStayInTheWindow: Law<string, Place> = {
    statement: 'no caption reaches beyond the window or the paper, however wide its table is',
    cases: fc.constantFrom(paper, ...[360, 390, 800, 1280].map(screen)),
    holds: (html) => (place) => isWithin(html, place, 'figcaption, figcaption *, caption'),
    runs: 6,
  };

  verify(captionsStayInTheWindow, published, {
    'captions are as wide as their tables': published.replace(
      /<figcaption (id="caption[^>]*)>(.*?)<\/figcaption>\n(<div class="wide".*?>)(<table.*?>)/gs,
      '$3$4<caption $1>$2</caption>',
    ),
    'captions are on one line': withRule('figcaption { white-space: nowrap; }'),
  });

  const tablesFitOnPaper: Law<string, null> = {
    statement: 'no cell of a table reaches beyond A4 paper, and nothing there scrolls',
    cases: fc.constant(null),
    holds: (html) => async () => {
      const hidden = await found(html, paper, `${scrollers}.length`);
      return hidden === 0 && (await isWithin(html, paper, 'table, th, td, td *'));
    },
    runs: 1,
  };

  verify(tablesFitOnPaper, published, {
    'tables scroll on paper too': withRule('.wide { overflow-x: auto; } .wide table { font-size: 0.875rem; }'),
    'letters are as large as on screens': withRule('.wide table { font-size: 0.875rem; }'),
    'headings do not break': withRule('.wide th { white-space: nowrap; }'),
  });

  const keysReachWhatScrolls: Law<string, number> = {
    statement: 'what scrolls to the side is reached by the keys, and says what it is; every table has a name',
    cases: fc.constantFrom(360, 390, 800),
    holds: (html) => async (width) => {
      const regions = await found(
        html,
        screen(width),
        `${scrollers}.filter(({ isReached, name }) => !isReached || name.trim() === '').length`,
      );
      const all = await found(html, screen(width), `${scrollers}.length`);
      return regions === 0 && Number(all) > 0 && (await found(html, screen(width), `${nameless}.length`)) === 0;
    },
    runs: 3,
  };

  verify(keysReachWhatScrolls, published, {
    'the keys pass it by': published.replaceAll(' tabindex="0"', ''),
    'it is no region': published.replaceAll(' role="region"', ''),
    'captions have no ids': published.replaceAll(/(?<=<figcaption) id="[^"]*"/g, ''),
    'the claims have no name': published.replace('<h2 id="claims">', '<h2>'),
  });
});
