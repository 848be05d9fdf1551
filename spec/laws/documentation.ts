/** Laws of the documentation: every equation of the paper's index can be shown, as MathML alone. */
import fc from 'fast-check';

import type { Law } from '../law.ts';
import type { Entry } from '../paper/entry.ts';

/** Equations by their keys, and how LaTeX is rendered. */
export interface Notation {
  readonly latex: Readonly<Record<string, string>>;
  readonly render: (latex: string) => string;
}

/** The markup that a browser shows without styles, fonts or a network. */
const isMathml = (text: string): boolean =>
  text.includes('<math') && !text.includes('<img') && !text.includes('style=') && !text.includes('\n');

/** The law, for these entries. */
export const equationsAreShown = (entries: readonly Entry[]): Law<Notation, null> => ({
  statement:
    'every equation of the index has its LaTeX, which renders as MathML on one line, and there is no other LaTeX',
  cases: fc.constant(null),
  runs: 1,
  holds:
    ({ latex, render }) =>
    () => {
      const keys = new Set(entries.filter(({ kind }) => kind === 'equation').map(({ key }) => key));
      return (
        Object.keys(latex).every((key) => keys.has(key)) &&
        [...keys].every((key) => {
          const text = latex[key];
          try {
            return text !== undefined && isMathml(render(text));
          } catch {
            return false;
          }
        })
      );
    },
});
