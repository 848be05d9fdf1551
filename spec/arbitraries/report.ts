/** Reports, with text that tries to break out of its place, and the charts in them. */
import fc from 'fast-check';

import type {
  Axis,
  Bar,
  BarChart,
  Category,
  Chart,
  LineChart,
  Point,
  ScatterChart,
  Series,
} from '../../src/report/chart.ts';
import type { Interval } from '../../src/report/interval.ts';
import type { Claim, Fact, Figure, Prose, Report, DoneJob, Section, Table } from '../../src/report/report.ts';
import { knowledge, needs, type Rule, type Subject } from '../../src/report/verdict.ts';

/** Text from outside, friendly or not. */
export const text: fc.Arbitrary<string> = fc.oneof(
  fc.string({ maxLength: 24 }),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom(
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    '" onclick="alert(1)',
    '</style></title></section>',
    '<!-- comment',
    '&lt;b&gt; &amp;amp;',
    "it's 5 > 3 & 2 < 4",
    '\u001b[31mred\u001b[0m\u0007',
    '{{7*7}} ${1+1}',
    'relative error 4.2e-3',
    'toString',
    '__proto__',
  ),
);

/** Measured values: any finite magnitude, whole numbers among them. */
export const value: fc.Arbitrary<number> = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.double({ min: 1e-6, max: 1e3, noNaN: true }),
  fc.integer(),
);

const prose: fc.Arbitrary<Prose> = fc.oneof(text, fc.array(fc.oneof(text, value), { maxLength: 4 }));

const positive = fc.double({ min: 1e-6, max: 1e6, noNaN: true });

export const rule: fc.Arbitrary<Rule> = fc.oneof(
  fc.record({ tag: fc.constant('below' as const), bound: positive }),
  fc.record({ tag: fc.constant('above' as const), bound: positive }),
  fc.record({ tag: fc.constant('equals' as const), value: positive, tolerance: positive }),
  fc.record({ tag: fc.constant('at-most' as const), bound: positive }),
  fc.record({ tag: fc.constant('alike' as const), factor: fc.double({ min: 1.01, max: 10, noNaN: true }) }),
);

/** What a claim knows of its networks: some are missing, or none. */
export const subject: fc.Arbitrary<Subject> = fc.record({
  needs: fc.constantFrom(...needs),
  ...{ planned: fc.integer({ min: 3, max: 9 }), done: fc.nat(3) },
  diverged: fc.array(fc.record({ network: fc.constantFrom('EFNN', 'DNN'), seed: fc.nat(9) }), { maxLength: 3 }),
  known: fc.constantFrom(...knowledge),
});

const withOptional = <A extends object, B extends object>(
  required: fc.Arbitrary<A>,
  optional: fc.Arbitrary<B>,
): fc.Arbitrary<A & Partial<B>> =>
  fc.tuple(required, fc.option(optional, { nil: {} })).map(([a, b]) => ({ ...a, ...b }));

const claim: fc.Arbitrary<Claim> = withOptional(
  fc.record({
    id: text,
    statement: text,
    expected: fc.oneof(text, value),
    obtained: fc.option(value, { nil: null }),
    sample: text,
    rule,
  }),
  fc.record({ unit: text, remark: prose, comment: prose, subject }),
);

const fact: fc.Arbitrary<Fact> = fc.record({ label: text, value: fc.oneof(text, value), unit: text });

const table: fc.Arbitrary<Table> = fc.integer({ min: 1, max: 3 }).chain((width) =>
  fc.record({
    id: text,
    caption: prose,
    columns: fc.array(withOptional(fc.record({ label: text }), fc.record({ unit: text })), {
      minLength: width,
      maxLength: width,
    }),
    rows: fc.array(fc.array(fc.oneof(text, value, fc.constant(null)), { minLength: width, maxLength: width }), {
      maxLength: 3,
    }),
  }),
);

const sectionWith = (figures: fc.Arbitrary<readonly Figure[]>): fc.Arbitrary<Section> =>
  fc.record({
    title: text,
    paragraphs: fc.array(prose, { maxLength: 2 }),
    claims: fc.array(claim, { maxLength: 3 }),
    tables: fc.array(table, { maxLength: 2 }),
    figures,
  });

const run: fc.Arbitrary<DoneJob> = fc.record({
  id: fc.constantFrom('one', 'two', 'three'),
  title: text,
  seed: fc.option(fc.nat(), { nil: null }),
  seconds: fc.option(value, { nil: null }),
  machine: fc.option(text, { nil: null }),
  result: text,
  model: fc.option(text, { nil: null }),
  data: fc.array(text, { maxLength: 2 }),
});

const reportWith = (section: fc.Arbitrary<Section>): fc.Arbitrary<Report> =>
  withOptional(
    fc.record({
      title: text,
      preset: text,
      abstract: prose,
      facts: fc.array(fact, { maxLength: 3 }),
      sections: fc.array(
        withOptional(
          section,
          fc.record({ guide: prose, runs: fc.uniqueArray(fc.constantFrom('one', 'two', 'three', 'four')) }),
        ),
        { minLength: 1, maxLength: 3 },
      ),
    }),
    fc.record({ runs: fc.array(run, { maxLength: 3 }) }),
  );

/** Reports of text, claims and tables, which cost no drawing. */
export const plainReport: fc.Arbitrary<Report> = reportWith(sectionWith(fc.constant([])));

const logAxis: Axis = { label: 'relative error', scale: 'log' };

/** Points whose y spans decades, at x of their own. */
export const decades: fc.Arbitrary<readonly Point[]> = fc
  .uniqueArray(fc.integer({ min: 1, max: 400 }), { minLength: 2, maxLength: 6 })
  .chain((xs) =>
    fc
      .uniqueArray(fc.integer({ min: -60, max: 20 }), { minLength: xs.length, maxLength: xs.length })
      .map((exponents) => xs.map((x, i) => ({ x, y: 10 ** ((exponents[i] ?? 0) / 10) }))),
  );

/** Between which numbers a value lies: around it, of some width or of none; or nothing is known of it. */
const between: fc.Arbitrary<(value: number) => { readonly interval?: Interval }> = fc
  .option(fc.tuple(fc.constantFrom(1, 1.3, 4, 70, 3e4), fc.constantFrom(1, 1.3, 4, 70, 3e4)), { nil: null })
  .map(
    (factors) => (value) =>
      factors === null ? {} : { interval: { low: value / factors[0], high: value * factors[1] } },
  );

/** Such points of which some have intervals. */
export const measuredPoints: fc.Arbitrary<readonly Point[]> = decades.chain((points) =>
  fc
    .array(between, { minLength: points.length, maxLength: points.length })
    .map((intervals) => points.map((point, i) => ({ ...point, ...intervals[i]?.(point.y) }))),
);

const series: fc.Arbitrary<readonly Series[]> = fc
  .array(fc.record({ family: fc.oneof(text, fc.constantFrom('EFNN', 'DNN')), variant: text, points: measuredPoints }), {
    minLength: 1,
    maxLength: 3,
  })
  .map((drawn) => drawn.map((one, i) => ({ ...one, family: `${one.family}${i}` })));

const lines: fc.Arbitrary<LineChart> = fc.record({
  tag: fc.constant('lines' as const),
  x: fc.record({ label: text, unit: text, scale: fc.constant('linear' as const) }),
  y: fc.constant(logAxis),
  series,
  references: fc.array(
    fc.record({ label: text, axis: fc.constantFrom('x' as const, 'y' as const), at: fc.constantFrom(1e-3, 20) }),
    { maxLength: 2 },
  ),
});

const bar: fc.Arbitrary<Bar> = fc
  .record({ family: text, value: fc.option(positive, { nil: null }), intervalOf: between })
  .map(({ intervalOf, value: height, ...named }) => ({
    ...named,
    value: height,
    ...(height === null ? {} : intervalOf(height)),
  }));

const category: fc.Arbitrary<Category> = fc.record({
  label: text,
  bars: fc.array(bar, { minLength: 1, maxLength: 3 }),
});

const bars: fc.Arbitrary<BarChart> = fc.record({
  tag: fc.constant('bars' as const),
  value: fc.constantFrom(logAxis, { label: 'RMSE', unit: 't', scale: 'linear' as const }),
  categories: fc.array(category, { minLength: 1, maxLength: 4 }),
});

const scatter: fc.Arbitrary<ScatterChart> = fc.record({
  tag: fc.constant('scatter' as const),
  exact: fc.record({ label: text, scale: fc.constant('linear' as const) }),
  predicted: fc.record({ label: text, scale: fc.constant('linear' as const) }),
  series,
});

export const chart: fc.Arbitrary<Chart> = fc.oneof(lines, bars, scatter);

/** The title of a figure stands in an attribute as well, so quotes are the ones to try. */
const quoted = fc.constantFrom('" onclick="alert(1)', '"><img src="x', 'the "error"', '" autofocus x="');

const figure: fc.Arbitrary<Figure> = fc.record({ id: text, title: quoted, caption: prose, chart });

/** Reports with a figure in each section. */
export const illustratedReport: fc.Arbitrary<Report> = reportWith(sectionWith(fc.tuple(figure)));
