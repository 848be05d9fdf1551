/** Figures as SVG, through Vega-Lite and Vega, without a browser. The same chart gives the same bytes. */
import * as TE from 'fp-ts/lib/TaskEither.js';
import { logger, parse, View, Warn, type Config } from 'vega';
import { compile } from 'vega-lite';

import { drawBars } from './bar-chart.ts';
import type { Chart } from './chart.ts';
import { halo, type Drawing } from './drawing.ts';
import { drawLines } from './line-chart.ts';
import { drawScatter } from './scatter-chart.ts';

/** A chart that cannot be drawn, and what to check. */
export interface FigureError {
  readonly tag: 'FigureError';
  readonly message: string;
}

/** The drawing of a chart, in the words of Vega-Lite. */
const drawingOfChart = (chart: Chart): Drawing => {
  switch (chart.tag) {
    case 'lines':
      return drawLines(chart);
    case 'bars':
      return drawBars(chart);
    case 'scatter':
      return drawScatter(chart);
  }
};

/** Where Vega would print a warning and draw something else, the chart is refused instead. */
const strict = logger(Warn, undefined, (_method, _level, messages) => {
  throw new RangeError(Array.from(messages, String).join(' '));
});

/** Legends stand one above the other. Vega-Lite has no word for it. */
const layout: Config = { legend: { layout: { top: { direction: 'vertical', anchor: 'start', margin: 4 } } } };

/** A halo is behind its letters. Vega, which draws outlines before them, has no word for it. */
const behindLetters = (svg: string): string =>
  svg.replaceAll(` stroke="${halo}"`, ` paint-order="stroke" stroke-linejoin="round" stroke="${halo}"`);

/** The SVG of a chart. It has no clip paths or gradients, hence no ids, so many fit into one page. */
export const svgOf = (chart: Chart): TE.TaskEither<FigureError, string> =>
  TE.tryCatch(
    async () => {
      const { spec } = compile(drawingOfChart(chart), { logger: strict });
      const view = new View(parse(spec, layout), { renderer: 'none', logger: strict });
      const svg = await view.toSVG();
      view.finalize();
      return behindLetters(svg);
    },
    (cause) => ({
      tag: 'FigureError',
      message: `expected a chart that Vega can draw, got ${chart.tag} on which it fails: ${String(cause)}; check its axes and points`,
    }),
  );
