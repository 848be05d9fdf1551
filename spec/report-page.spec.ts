/** The report as browsers lay it out, in headless Chromium: the published one, which another law compares with its rendering. */
import { readFileSync } from 'node:fs';

import fc from 'fast-check';
import { chromium as playwright } from 'playwright';
import { afterAll, describe, expect, it } from 'vitest';

import { chromium, chromiumOptions, noChromium } from './chromium.ts';
import { verify, type Law } from './law.ts';

const published = readFileSync(new URL('../results/standard/report.html', import.meta.url), 'utf8');

/** The page with another rule at the end of its style. */
const withRule = (rule: string): string => published.replace('</style>', `${rule}</style>`);

const rightEdges =
  "[...document.querySelectorAll('.claims *')].map((element) => element.getBoundingClientRect().right)";

describe.skipIf(chromium === null)(`in Chromium (skipped where there is none: ${noChromium})`, async () => {
  it('shows claims', () => {
    expect(published).toContain('class="claims"');
  });
  if (chromium === null) {
    return;
  }
  const browser = await playwright.launch({ executablePath: chromium, args: chromiumOptions });

  afterAll(async () => {
    await browser.close();
  });

  const claimsStayInTheWindow: Law<string, number> = {
    statement: 'nothing of the claims reaches beyond the window, on a phone as on a desk',
    cases: fc.constantFrom(360, 390, 600, 800, 1200),
    holds: (html) => async (width) => {
      const page = await browser.newPage({ viewport: { width, height: 800 } });
      try {
        await page.setContent(html);
        const last: unknown = await page.evaluate(`Math.max(...${rightEdges})`);
        return typeof last === 'number' && last <= width;
      } finally {
        await page.close();
      }
    },
    runs: 8,
  };

  verify(claimsStayInTheWindow, published, {
    'what stands behind a number is kept on one line': withRule('.claims td > .note { white-space: nowrap; }'),
    'the table is as wide on a phone as on a desk': withRule('.claims { min-width: 60rem; }'),
  });
});
