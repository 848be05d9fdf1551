/** What `efnn reproduce` says of the files that it wrote. */
import { visible } from '../file/quoted.ts';

/**
 * Where the report and its numbers lie.
 *
 * @example
 * reportLine('r/report.html', 'r/results.json') // 'report: r/report.html, every number: r/results.json\n'
 */
export const reportLine = (page: string, results: string): string =>
  `report: ${visible(page)}, every number: ${visible(results)}\n`;

/**
 * Where records, so many, and networks are published.
 *
 * @example
 * publishedLine('results/quick', 12, 'results/models') // 'published: results/quick, 12 records; results/models\n'
 */
export const publishedLine = (out: string, records: number, models: string): string =>
  `published: ${visible(out)}, ${records} records; ${visible(models)}\n`;
