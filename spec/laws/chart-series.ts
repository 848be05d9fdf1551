/** Laws of the series of a chart: none looks like another, and legends tell which is which. */
import fc from 'fast-check';

import type { Law } from '../law.ts';
import { group, lineChart, type Draftsman } from './chart.ts';

/** What series of a chart are called. */
export interface Called {
  readonly families: readonly string[];
  readonly variants: readonly string[];
}

const called: fc.Arbitrary<Called> = fc.record({
  families: fc.subarray(['EFNN', 'DNN', 'RKKY head'], { minLength: 1 }),
  variants: fc.oneof(
    fc.subarray(['n = 1', 'n = 2', 'n = 3', 'n = 4', 'n = 5', 'n = 6'], { minLength: 1 }),
    fc.subarray(
      ['3 x 3', '5 x 5', '7 x 7'].flatMap((kernel) =>
        ['n = 1', 'n = 2', 'n = 3'].map((depth) => `${depth}, ${kernel}`),
      ),
      { minLength: 1, maxLength: 6 },
    ),
    fc.constantFrom(
      ['published, in small', 'ours'],
      ['n = 1, 3 x 3', 'n = 2, 3 x 3', 'n = 3, 3 x 3', 'n = 1, 5 x 5', 'n = 2, 5 x 5', 'n = 3, 5 x 5'],
    ),
  ),
});

const attribute = (name: string, mark: string): string => new RegExp(` ${name}="([^"]*)"`).exec(mark)?.[1] ?? '';

interface Look {
  readonly dash: string;
  readonly filling: string;
}

/** The symbols of the legends by their names. */
const legendOf = (svg: string): ReadonlyMap<string, Look> => {
  const symbols = group(svg, 'legend-symbol').match(/<path [^>]*>/g) ?? [];
  return new Map(
    [...group(svg, 'legend-label').matchAll(/>([^<>]+)<\/text>/g)].map(([, name = ''], i) => [
      name,
      {
        dash: attribute('stroke-dasharray', symbols[i] ?? ''),
        filling: attribute('fill-opacity', symbols[i] ?? ''),
      },
    ]),
  );
};

/** A value of its own for each series, the same at every x: a level of the chart. */
const xs = [1, 2, 3];

export const seriesAreToldApart: Law<Draftsman, Called> = {
  statement:
    'each series is a line through its own points alone, none looks like another, and legends tell it: by the dashes of its variant, or, where ' +
    'variants have two traits that both vary, by the dashes of the one and the filling of the other; the last of variants is drawn through and filled',
  cases: called,
  holds:
    (draw) =>
    async ({ families, variants }) => {
      const names = families.flatMap((family) => variants.map((variant) => ({ family, variant })));
      const svg = await draw({
        ...lineChart([]),
        series: names.map((name, i) => ({ ...name, points: xs.map((x) => ({ x, y: 10 ** (-i / 4) })) })),
      });
      const marks = group(svg, 'mark layer_\\d+_marks');
      const markers = (marks.match(/<path transform="[^>]*>/g) ?? []).map((mark) => ({
        level: Number(/translate\([-\d.]+,([-\d.]+)\)/.exec(mark)?.[1]),
        mark: mark.replace(/ transform="[^"]*"/, ''),
        filling: attribute('fill-opacity', mark),
      }));
      const lines = (marks.match(/<path d="M[^>]*>/g) ?? []).map((mark) => ({
        levels: [...attribute('d', mark).matchAll(/,([-\d.]+)/g)].map(([, y]) => Number(y)),
        mark: mark.replace(/ d="[^"]*"/, ''),
        dash: attribute('stroke-dasharray', mark),
      }));
      // From the first series, which is the highest, to the last.
      const drawn = lines
        .toSorted((one, other) => (one.levels[0] ?? NaN) - (other.levels[0] ?? NaN))
        .map((line) => {
          const own = markers.filter(({ level }) => Math.abs(level - (line.levels[0] ?? NaN)) < 0.01);
          return { ...line, own, filling: own[0]?.filling ?? '', look: [line.mark, own[0]?.mark].join() };
        });
      const legend = legendOf(svg);
      const isTold = (variant: string, { dash, filling }: Look): boolean => {
        const [first = '', second = ''] = variant.split(', ');
        const whole = legend.get(variant);
        return whole === undefined
          ? legend.get(first)?.dash === dash && legend.get(second)?.filling === filling
          : whole.dash === dash;
      };
      const last = drawn.at(-1);
      return (
        drawn.length === names.length &&
        drawn.every(({ levels, own }) => levels.length === xs.length && own.length === xs.length) &&
        drawn.every(({ levels: [level = NaN, ...others] }) => others.every((one) => Math.abs(one - level) < 0.01)) &&
        new Set(drawn.map(({ look }) => look)).size === names.length &&
        drawn.every((look, i) => isTold(names[i]?.variant ?? '', look)) &&
        (!legend.has(variants.at(-1) ?? '') || (last?.dash === '' && last.filling === '1'))
      );
    },
  runs: 25,
};
