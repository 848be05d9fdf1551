/** Tables in Markdown. */

/** A vertical bar inside a cell would end it. */
const cell = (text: string): string => text.replaceAll(/(?<!\\)\|/g, '\\|');

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/**
 * A table with its header; each row has as many cells as the header.
 *
 * @example
 * markdownTable(['x', 'x^2'], [['2', '4']]) // '| x | x^2 |\n| --- | --- |\n| 2 | 4 |'
 */
export const markdownTable = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
  [header.map(cell), header.map(() => '---'), ...rows.map((cells) => cells.map(cell))].map(line).join('\n');
