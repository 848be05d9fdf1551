/** The report: numbers that can be checked, text that stays text, verdicts that follow, charts that are true. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';

import results from '../results/quick.json' with { type: 'json' };
import schema from '../results/results.schema.json' with { type: 'json' };
import type { Chart, Point, Reference } from '../src/report/chart.ts';
import { decadesAround } from '../src/report/drawing.ts';
import { svgOf } from '../src/report/figure-svg.ts';
import { countOf } from '../src/report/claims-markdown.ts';
import { csvOf } from '../src/report/figure-csv.ts';
import { reportFiles } from '../src/report/html-page.ts';
import { readResults, resultsJsonSchema } from '../src/report/results-schema.ts';
import { plain, tabular, typographic } from '../src/report/notation.ts';
import { named, spare, stylesOf, type Style } from '../src/report/palette.ts';
import { judge, numbersOf, resultsOf, type Report } from '../src/report/report.ts';
import { terminalTable } from '../src/report/terminal-table.ts';
import { verdictOf } from '../src/report/verdict.ts';
import { illustratedReport } from './arbitraries/report.ts';
import { verify, type Law } from './law.ts';
import {
  axesHaveTitles,
  crowdsStandSideBySide,
  decadesHoldTheirValues,
  drawingsRepeat,
  everySeriesIsInTheLegend,
  intervalsAreDrawn,
  lineChart,
  linesAcrossAreInPlace,
  ordinaryNumbersHaveNoPower,
  pointsAreInPlace,
  roundingIsNearest,
  uprights,
} from './laws/chart.ts';
import { seriesAreToldApart } from './laws/chart-series.ts';
import {
  everyMeasurementIsOnThePage,
  everyNumberIsInTheResults,
  tableFits,
  textStaysText,
  verdictsFollow,
} from './laws/report.ts';
import { agreements } from './laws/results-types.ts';
import { csvHasEveryPoint, resultsAreTheReport } from './laws/results.ts';
import { right } from './right.ts';

const page = async (report: Report): Promise<string> => right(await reportFiles(report)()).page;

const draw = async (chart: Chart): Promise<string> => right(await svgOf(chart)());

// Mutants that render first and then spoil the page.
const spoiled = (spoil: (html: string) => string) => async (report: Report) => spoil(await page(report));

const publication = { page, results: resultsOf };

verify(everyNumberIsInTheResults, publication, {
  'the results drop what was obtained': {
    page,
    results: (report) => JSON.stringify(judge(report), (key, value: unknown) => (key === 'obtained' ? null : value)),
  },
  'the results are rounded': {
    page,
    results: (report) =>
      JSON.stringify(judge(report), (_key, value: unknown) =>
        typeof value === 'number' ? Number(value.toPrecision(3)) : value,
      ),
  },
  'the page counts for itself': {
    page: spoiled((html) => html.replace('</main>', '<p>412 of 600</p></main>')),
    results: resultsOf,
  },
});

verify(everyMeasurementIsOnThePage, publication, {
  'claims that were not met are left out': {
    page: async (report) =>
      page({
        ...report,
        sections: report.sections.map((section) => ({
          ...section,
          claims: section.claims.filter(({ rule, obtained }) => verdictOf(rule)(obtained) !== 'does not hold'),
        })),
      }),
    results: resultsOf,
  },
  'values are rounded before they are kept': {
    page: spoiled((html) =>
      html.replace(/<data value="([^"]*)">/g, (_, x) => `<data value="${Number(x).toPrecision(3)}">`),
    ),
    results: resultsOf,
  },
});

verify(textStaysText, page, {
  'less-than signs are let through': spoiled((html) => html.replaceAll('&lt;', '<')),
  'text is escaped twice': spoiled((html) => html.replaceAll('&lt;', '&amp;lt;')),
  'tags are stripped from text': spoiled((html) => html.replace(/&lt;.*?&gt;/g, '')),
  'remarks are left out': async (report) =>
    page({
      ...report,
      sections: report.sections.map((section) => ({
        ...section,
        claims: section.claims.map(({ remark: _, ...claim }) => claim),
      })),
    }),
});

// With figures, whose titles stand in attributes too: fewer runs, since each is drawn.
verify({ ...textStaysText, cases: illustratedReport, runs: 6 }, page, {
  'quotes are let through': spoiled((html) => html.replaceAll('&quot;', '"')),
});

verify(verdictsFollow, verdictOf, {
  'comparisons are turned round': (rule) => (obtained, spread) => {
    const verdict = verdictOf(rule)(obtained, spread);
    return verdict === 'not tested' || verdict === 'undecided'
      ? verdict
      : verdict === 'holds'
        ? 'does not hold'
        : 'holds';
  },
  'the bound itself is enough': (rule) => (obtained) =>
    'bound' in rule && obtained === rule.bound ? 'holds' : verdictOf(rule)(obtained),
  'what is not greater counts as smaller, NaN too': (rule) => (obtained) =>
    rule.tag === 'below' && obtained !== null && !(obtained >= rule.bound) ? 'holds' : verdictOf(rule)(obtained),
  'nothing measured is nothing wrong': (rule) => (obtained) =>
    obtained === null ? 'holds' : verdictOf(rule)(obtained),
  'a paper is reached within a factor of two': (rule) => (obtained, spread) =>
    verdictOf(rule.tag === 'at-most' ? { ...rule, bound: 2 * rule.bound } : rule)(obtained, spread),
  'an interval around the value is outside of it': (rule) => (obtained, spread) =>
    rule.tag === 'equals' &&
    spread !== undefined &&
    [spread.low, spread.high].every((end) => Math.abs(end - rule.value) > rule.tolerance)
      ? 'does not hold'
      : verdictOf(rule)(obtained, spread),
  'every rule holds': () => (obtained) => (obtained === null ? 'not tested' : 'holds'),
  'one seed decides': (rule) => (obtained, spread) =>
    verdictOf(rule)(obtained, spread === undefined ? undefined : { ...spread, seeds: 99 }),
  'the spread is not looked at': (rule) => (obtained, spread) =>
    verdictOf(rule)(
      obtained,
      spread === undefined ? undefined : { ...spread, low: obtained ?? 0, high: obtained ?? 0 },
    ),
});

verify(tableFits, terminalTable, {
  'the width is not kept': (width) => terminalTable(width + 20),
  'control characters pass': (width) => (report) => terminalTable(width)(report).replace('claim', 'claim\u001b[1m'),
  'cells are not padded': (width) => (report) => terminalTable(width)(report).replace(/ {3,}/g, '  '),
});

verify(roundingIsNearest, typographic, {
  truncates: (digits) => (x) => {
    const power = 10 ** (digits - 1 - Math.floor(Math.log10(Math.abs(x === 0 ? 1 : x))));
    return typographic(digits)(Math.trunc(x * power) / power);
  },
  'one digit too few': (digits) => typographic(digits - 1),
  'powers of ten lose their sign': (digits) => (x) => typographic(digits)(x).replace('⁻', ''),
});

verify(ordinaryNumbersHaveNoPower, tabular, {
  'as the smallest number of the column': (digits) => (x) => x.toExponential(digits - 1),
  'a hundred is large': (digits) => (x) => tabular(digits)(x < 100 ? x : 1e7 * x),
});

it.each([
  [1, 1, '1 claim holds, 1 does not, 0 undecided, 2 not tested'],
  [14, 0, '14 claims hold, 0 do not, 0 undecided, 2 not tested'],
])('%d claims that hold and %d that do not are counted in words', (holds, fails, words) => {
  expect(countOf({ holds, 'does not hold': fails, undecided: 0, 'not tested': 2 })).toBe(words);
});

verify(decadesHoldTheirValues, decadesAround, {
  'the axis ends at the last value': (values) => [decadesAround(values)[0], Math.max(...values)],
  'a decade too many': (values) => [decadesAround(values)[0], 10 * decadesAround(values)[1]],
  'the axis starts above the smallest value': (values) => [
    10 * decadesAround(values)[0],
    100 * decadesAround(values)[1],
  ],
});

verify(everySeriesIsInTheLegend, draw, {
  'the variants are one series': async (chart) =>
    draw(
      chart.tag === 'lines'
        ? { ...chart, series: chart.series.map(({ family, points }) => ({ family, points })) }
        : chart,
    ),
  'all families have one marker': async (chart) =>
    (await draw(chart)).replace(/ d="[^"]*"/g, '').replace(/#[0-9a-f]{6}/g, ''),
  'lines of all variants are drawn through': async (chart) =>
    (await draw(chart)).replace(/ stroke-dasharray="[^"]*"/g, ''),
  'the last name is cut': async (chart) => (await draw(chart)).replace(/ResNet/g, '…'),
});

verify(seriesAreToldApart, draw, {
  'four dashes go round': async (chart) =>
    (await draw(chart)).replaceAll('"14,4"', '""').replaceAll('"8,2,2,2,2,2"', '"7,3"'),
  'kernels are not told': async (chart) => (await draw(chart)).replaceAll(/ fill-opacity="[^"]*"/g, ''),
  'the first is drawn through': async (chart) =>
    (await draw(chart))
      .replaceAll('"7,3"', '"swap"')
      .replaceAll('-dasharray=""', '-dasharray="7,3"')
      .replaceAll('"swap"', '""'),
  'lines of one colour and dash are joined': async (chart) =>
    (await draw(chart)).replaceAll(/(<path d="M[^"]*)"/g, '$1L0,0"'),
  'the legend of fillings is left out': async (chart) =>
    (await draw(chart)).replaceAll(
      /(<path transform="[^"]*" d="[^"]*" fill="currentColor") fill-opacity="[^"]*"/g,
      '$1',
    ),
});

verify(pointsAreInPlace, draw, {
  'the axis is linear': async (chart) =>
    draw(chart.tag === 'lines' ? { ...chart, y: { ...chart.y, scale: 'linear' } } : chart),
  'the last point is lost': async (chart) =>
    draw(
      chart.tag === 'lines'
        ? { ...chart, series: chart.series.map((s) => ({ ...s, points: s.points.slice(0, -1) })) }
        : chart,
    ),
  'the axis is upside down': async (chart) =>
    draw(
      chart.tag === 'lines'
        ? {
            ...chart,
            series: chart.series.map((s) => ({ ...s, points: s.points.map(({ x, y }) => ({ x, y: 1 / y })) })),
          }
        : chart,
    ),
});

/** A chart whose points and bars are changed before they are drawn. */
const withValues = (change: (point: Point) => Point) => (chart: Chart) =>
  draw(
    chart.tag === 'bars'
      ? {
          ...chart,
          categories: chart.categories.map(({ label, bars }) => ({
            label,
            bars: bars.map((bar) => {
              const { y, interval } = change({ ...bar, x: 0, y: bar.value ?? NaN });
              return { family: bar.family, value: y, ...(interval === undefined ? {} : { interval }) };
            }),
          })),
        }
      : { ...chart, series: chart.series.map((one) => ({ ...one, points: one.points.map(change) })) },
  );

verify(intervalsAreDrawn, draw, {
  'none is drawn': withValues(({ x, y }) => ({ x, y })),
  'both ends are equally far': withValues(({ x, y, interval }) =>
    interval === undefined ? { x, y } : { x, y, interval: { low: interval.low, high: 2 * y - interval.low } },
  ),
  'the upper half alone': withValues(({ x, y, interval }) =>
    interval === undefined ? { x, y } : { x, y, interval: { ...interval, low: y } },
  ),
  'whatever has none gets one': withValues((point) => ({
    interval: { low: point.y / 2, high: 2 * point.y },
    ...point,
  })),
  'long ones leave the frame': async (chart) => {
    const svg = await draw(chart);
    return svg.replace(
      /(class="background" aria-hidden="true" d="M0,0h)([\d.]+)v([\d.]+)/g,
      (_, start, width, height) => `${start}${Number(width) / 2}v${Number(height) / 2}`,
    );
  },
  'what leaves the frame stops there without a word': async (chart) => (await draw(chart)).replaceAll('an arrow', ''),
  'it has no head': async (chart) => (await draw(chart)).replaceAll(/<path [^>]*stroke-width="1.5"[^>]*>/g, ''),
  'a bar stretches the axis': async (chart) =>
    draw(
      chart.tag === 'lines'
        ? {
            ...chart,
            references: chart.series.flatMap(({ points }) =>
              points.flatMap(({ interval }) =>
                interval === undefined ? [] : [{ label: '', axis: 'y' as const, at: interval.high }],
              ),
            ),
          }
        : chart,
    ),
  'in the colour of words': async (chart) =>
    (await draw(chart)).replaceAll(/(y2="[-\d.]+" stroke=)"#d55e00"/g, '$1"currentColor"'),
});

/** A drawing in which all that has the colour of a series is moved to the right or the left. */
const shifted =
  (change: (x: number, tick: number) => number) =>
  async (chart: Chart): Promise<string> => {
    const svg = await draw(chart);
    const { ticks } = uprights(svg);
    const nearest = (x: number): number =>
      ticks.reduce((best, tick) => (Math.abs(tick - x) < Math.abs(best - x) ? tick : best), -1e9);
    return svg.replaceAll(
      /(<(?:path|line)[^>]* ?transform="translate\()([-\d.]+)(,[-\d.]+\)"[^>]*(?:fill|stroke)="#)/g,
      (_, before: string, x: string, after: string) => `${before}${change(Number(x), nearest(Number(x)))}${after}`,
    );
  };

verify(crowdsStandSideBySide, draw, {
  'all stand at their x': shifted((_, tick) => tick),
  'what is alone is moved too': shifted((x) => x + 3),
  'each point by itself': shifted((x, tick) => (Math.abs(x - tick) > 1 && x > 200 ? tick - (x - tick) : x)),
  'out of the frame': shifted((x, tick) => (tick < 20 ? x - 12 : x)),
  'half of the way to the next': shifted((x, tick) => tick + 8 * (x - tick)),
  'a line is passed': async (chart) => {
    const svg = await draw(chart);
    const beside = (uprights(svg).ticks[2] ?? NaN) + 1;
    return svg.replace(
      /(translate\()[-\d.]+(,[-\d.]+\)" x2="0" y2="[-\d.]+" stroke="currentColor" stroke-dasharray)/,
      `$1${beside}$2`,
    );
  },
  'nothing is said of it': async (chart) => (await draw(chart)).replaceAll('stand side by side', ''),
});

const withLines = (change: (line: Reference) => readonly Reference[]) => (chart: Chart) =>
  draw(chart.tag === 'lines' ? { ...chart, references: chart.references.flatMap(change) } : chart);

verify(linesAcrossAreInPlace, draw, {
  'it is at another value': withLines((line) => [{ ...line, at: 1.5 * line.at }]),
  'it is left out': withLines(() => []),
  'it has another name': withLines((line) => [{ ...line, label: 'theory' }]),
  'its label has no halo': async (chart) => (await draw(chart)).replaceAll(' paint-order="stroke"', ''),
  'its label stands always at one end': async (chart) =>
    (await draw(chart)).replace(/(<text [^>]*translate\()[-\d.]+(,[-\d.]+\)"[^>]*>paper)/, '$12$2'),
  'its label stands always above': async (chart) => {
    const svg = await draw(chart);
    const [, y = ''] =
      /translate\([-\d.]+,([-\d.]+)\)" x2="[-\d.]+" y2="0" stroke="currentColor" stroke-dasharray/.exec(svg) ?? [];
    return svg.replace(/(<text [^>]*translate\([-\d.]+,)[-\d.]+(\)"[^>]*>paper)/, `$1${Number(y) - 4}$2`);
  },
});

const counter = new Map<string, number>();

verify(axesHaveTitles, draw, {
  'values that are compared take the titles away': async (chart) => {
    const svg = await draw(chart);
    return chart.tag === 'lines' && chart.references.length > 0
      ? svg.replaceAll('role-axis-title', 'role-nothing')
      : svg;
  },
  'one axis has the titles of both': (chart) =>
    draw(chart.tag === 'lines' ? { ...chart, x: { ...chart.x, label: chart.y.label } } : chart),
});

verify(drawingsRepeat, draw, {
  'drawings are numbered': async (chart) => {
    const drawn = (counter.get('drawn') ?? 0) + 1;
    counter.set('drawn', drawn);
    return (await draw(chart)).replace('<svg', `<svg data-drawing="${drawn}"`);
  },
});

const sample: Report = {
  title: 'A report',
  preset: 'quick',
  abstract: ['Seed ', 17, '.'],
  facts: [{ label: 'time', value: 12.5, unit: 's' }],
  sections: [
    {
      title: 'One section',
      paragraphs: [],
      claims: [
        {
          id: '4c',
          statement: 'EFNN reaches 4e-4 at N = 40',
          expected: 4e-4,
          obtained: 7.1234e-4,
          sample: '1 seed',
          rule: { tag: 'at-most', bound: 8e-4 },
        },
        {
          id: 't',
          statement: 'speed-up',
          expected: 1000,
          obtained: null,
          unit: '×',
          sample: 'none',
          rule: { tag: 'above', bound: 300 },
        },
      ],
      tables: [],
      figures: [
        {
          id: 'f',
          title: 'Error',
          caption: 'against N',
          chart: lineChart([
            { x: 10, y: 1e-3 },
            { x: 40, y: 4e-4 },
          ]),
        },
      ],
    },
  ],
};

describe('a report', () => {
  it('has its verdicts and their counts in results.json', () => {
    const results: unknown = JSON.parse(resultsOf(sample));
    expect(results).toMatchObject({
      verdicts: { holds: 1, 'does not hold': 0, undecided: 0, 'not tested': 1 },
      sections: [
        {
          claims: [
            { obtained: 7.1234e-4, verdict: 'holds' },
            { obtained: null, verdict: 'not tested' },
          ],
        },
      ],
    });
    expect([...numbersOf(sample)].sort((a, b) => a - b)).toEqual([
      0, 4e-4, 7.1234e-4, 8e-4, 1e-3, 1, 10, 12.5, 17, 40, 300, 1000,
    ]);
  });

  it('overrules a verdict that somebody typed in', () => {
    const typedIn = { ...sample, verdicts: { holds: 2, 'does not hold': 0, 'not tested': 0 } };
    expect(judge(typedIn).verdicts).toEqual({ holds: 1, 'does not hold': 0, undecided: 0, 'not tested': 1 });
  });

  it('is one page that asks for nothing else, with distinct ids', async () => {
    const html = await page(sample);
    expect(html).not.toMatch(/<script|<link|@import|url\(|\ssrc=/);
    expect([...html.matchAll(/href="([^"]*)"/g)].filter(([, target]) => target?.startsWith('#') !== true)).toEqual([
      expect.arrayContaining(['figures/f.svg']),
      expect.arrayContaining(['figures/f.csv']),
      expect.arrayContaining(['results.json']),
    ]);
    const ids = [...html.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('reads in a terminal as a table', () => {
    expect(terminalTable(80)(sample).split('\n')).toEqual([
      'A report (preset: quick)',
      '─'.repeat(80),
      `claim${' '.repeat(47)}paper   obtained  verdict`,
      '─'.repeat(80),
      'One section',
      `EFNN reaches 4e-4 at N = 40${' '.repeat(25)}4e-4    7.123e-4  holds`,
      `speed-up${' '.repeat(44)}1000 ×  -         not tested`,
      '─'.repeat(80),
      '1 holds, 0 do not hold, 0 undecided, 1 not tested',
      '',
    ]);
  });
});

describe('numbers', () => {
  it.each([
    [0.004126, '4.13e-3', '4.13 × 10⁻³'],
    [0.04, '0.04', '0.04'],
    [-67.7117736785, '-67.7', '−67.7'],
    [9.9996, '10.0', '10.0'],
    [12758826, '12758826', '12\u202f758\u202f826'],
    [1.5e12, '1.5e12', '1.5 × 10¹²'],
    [-0, '0', '0'],
    [NaN, 'not a number', 'not a number'],
  ])('%d reads %s', (x, inTerminals, onPages) => {
    expect(plain(3)(x)).toBe(inTerminals);
    expect(typographic(3)(x)).toBe(onPages);
  });
});

const quietDot: Style = { colour: '#808080', marker: 'circle' };

const legendsAreDistinct: Law<typeof stylesOf, readonly string[]> = {
  statement: 'no two families of a figure have one symbol, and a family whose symbol is free keeps it',
  cases: fc.uniqueArray(
    fc.constantFrom(...named.keys(), 'RKKY head + DNN', 'RKKY head + ResNet', 'RKKY head + DenseNet', 'Eq. (3)'),
    { maxLength: 10 },
  ),
  holds: (styles) => (families) => {
    const markers = families.map((family) => styles(families)(family).marker);
    const [first = ''] = families;
    return (
      markers.length === families.length &&
      new Set(markers).size === markers.length &&
      (named.get(first)?.marker ?? markers[0]) === markers[0]
    );
  },
};

verify(legendsAreDistinct, stylesOf, {
  'each family has its own whatever the others have': (families) => (family) =>
    named.get(family) ?? spare[families.indexOf(family) % spare.length] ?? quietDot,
});

describe('the palette', () => {
  /** Relative luminance, WCAG 2.2. */
  const luminance = (colour: string): number =>
    [0.2126, 0.7152, 0.0722].reduce((sum, weight, i) => {
      const c = parseInt(colour.slice(1 + 2 * i, 3 + 2 * i), 16) / 255;
      return sum + weight * (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    }, 0);
  const contrast = (a: string, b: string): number => {
    const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (light + 0.05) / (dark + 0.05);
  };

  it.each([...named, ...spare.map((style, i) => [`spare ${i}`, style] as const)])(
    '%s stands out on white and on dark paper',
    (_name, { colour }) => {
      expect(contrast(colour, '#ffffff')).toBeGreaterThan(3);
      expect(contrast(colour, '#16181c')).toBeGreaterThan(3);
    },
  );
});

verify(
  resultsAreTheReport,
  { write: resultsOf, read: readResults },
  {
    'comments are lost': {
      write: (report) =>
        JSON.stringify(judge(report), (key, value: unknown) => (key === 'comment' ? undefined : value)),
      read: readResults,
    },
    'numbers are rounded': {
      write: (report) =>
        JSON.stringify(judge(report), (_key, value: unknown) =>
          typeof value === 'number' ? Number(value.toPrecision(6)) : value,
        ),
      read: readResults,
    },
    'nothing is read': { write: resultsOf, read: () => E.left({ tag: 'DataError', message: 'unreadable' }) },
  },
);

verify(csvHasEveryPoint, csvOf, {
  'an interval has one end': (chart) => csvOf(chart).replaceAll(/,[^,"\r]+(?=\r\n)/g, ','),
  'nothing is quoted': (chart) => csvOf(chart).replaceAll('"', ''),
  'the last line is lost': (chart) => csvOf(chart).replace(/[^\n]*\n$/, ''),
  'values are rounded': (chart) => csvOf(chart).replace(/(\d\.\d{3})\d+/g, '$1'),
});

describe('the JSON Schema of results.json', () => {
  const committed: unknown = schema;
  const isValid = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);
  const good: unknown = results;

  it('is the one that is committed', () => {
    expect(committed).toEqual(JSON.parse(JSON.stringify(resultsJsonSchema())));
  });

  it('has the type of a judged report, property by property, which the compiler tells from its mutants', () => {
    expect(Object.entries(agreements).flatMap(([name, agree]) => (agree ? [name] : []))).toEqual(['the schema']);
  });

  it('accepts the committed results, by a validator of draft 2020-12', () => {
    expect([isValid(good), isValid.errors]).toEqual([true, null]);
  });

  it.each([
    [
      'a verdict of nobody',
      {
        ...results,
        sections: results.sections.map((one) => ({
          ...one,
          claims: one.claims.map((claim) => ({ ...claim, verdict: 'proven' })),
        })),
      },
    ],
    ['a number as text', { ...results, verdicts: { ...results.verdicts, holds: '13' } }],
    ['no sections', { ...results, sections: undefined }],
    ['a fact without its value', { ...results, facts: [{ label: 'Node' }] }],
    ['a word that no report has', { ...results, remark: 'fine' }],
    ['a text', 'results'],
  ])('refuses %s', (_, broken) => {
    expect(isValid(JSON.parse(JSON.stringify(broken)))).toBe(false);
  });
});
