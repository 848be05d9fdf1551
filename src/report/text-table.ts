/** Columns of text for terminals: no colours, no escape codes. */

/** One line of text: no control characters, which a terminal would obey, and no runs of spaces. */
export const oneLine = (text: string): string => text.replace(/[\p{C}\s]+/gu, ' ').trim();

/** How many columns of a terminal a text takes. */
export const widthOf = (text: string): number => Array.from(text).length;

const chunks = (width: number, word: string): readonly string[] => {
  const characters = Array.from(word);
  return characters.length <= width
    ? [word]
    : [characters.slice(0, width).join(''), ...chunks(width, characters.slice(width).join(''))];
};

/** Breaks text at spaces into lines of at most `width` characters; longer words are cut. */
export const wrap =
  (width: number) =>
  (text: string): readonly string[] =>
    oneLine(text)
      .split(' ')
      .flatMap((word) => chunks(width, word))
      .reduce<readonly string[]>((lines, word) => {
        const last = lines.at(-1);
        return last !== undefined && widthOf(last) + 1 + widthOf(word) <= width
          ? [...lines.slice(0, -1), `${last} ${word}`]
          : [...lines, word];
      }, []);

const pad =
  (width: number) =>
  (text: string): string =>
    text + ' '.repeat(Math.max(0, width - widthOf(text)));

/** The width that each column needs for its widest cell. */
export const widthsOf = (rows: readonly (readonly string[])[]): readonly number[] =>
  (rows[0] ?? []).map((_, column) => Math.max(...rows.map((cells) => widthOf(cells[column] ?? ''))));

/** A row in columns of these widths, on as many lines as its longest cell takes. */
export const linesOf =
  (widths: readonly number[]) =>
  (row: readonly string[]): readonly string[] => {
    const cells = row.map((text, column) => wrap(Math.max(1, widths[column] ?? 1))(text));
    const height = Math.max(...cells.map((lines) => lines.length));
    return Array.from({ length: height }, (_, line) =>
      cells
        .map((lines, column) => pad(widths[column] ?? 0)(lines[line] ?? ''))
        .join('  ')
        .trimEnd(),
    );
  };
