/** Equations as LaTeX that can be pasted into a document: aligned at their signs, long ones broken before a sum goes on. */

import { scanLeft } from 'fp-ts/lib/ReadonlyArray.js';

/** Characters of LaTeX, which are about twice as many as are printed. */
const longest = 120;

/** The terms of a sum that stand in no brackets, each with the sign before it. */
const terms = (text: string): readonly string[] => {
  const [, ...depths] = scanLeft(
    0,
    (depth, character: string) => depth + ('{(['.includes(character) ? 1 : '})]'.includes(character) ? -1 : 0),
  )(Array.from(text));
  const starts = depths.flatMap((depth, i) =>
    depth === 0 && [' + ', ' - '].includes(text.slice(i, i + 3)) ? [i] : [],
  );
  return [0, ...starts].map((start, i) => text.slice(start, starts[i]).trim());
};

const broken = (equation: string): readonly string[] => {
  if (equation.length <= longest) {
    return [equation];
  }
  return terms(equation).reduce<readonly string[]>((lines, term) => {
    const last = lines.at(-1);
    return last !== undefined && last.length + term.length < longest
      ? [...lines.slice(0, -1), `${last} ${term}`]
      : [...lines, term];
  }, []);
};

/**
 * The environment `align*` with these equations.
 *
 * @example
 * alignedLatex(['a = b', 'c = d']) // '\\begin{align*}\na &= b \\\\\nc &= d\n\\end{align*}'
 */
export const alignedLatex = (equations: readonly string[]): string => {
  const lines = equations.flatMap((equation) =>
    broken(equation).map((part, i) => (i === 0 ? part.replace(' = ', ' &= ') : `&\\quad ${part}`)),
  );
  return ['\\begin{align*}', lines.join(' \\\\\n'), '\\end{align*}'].join('\n');
};
