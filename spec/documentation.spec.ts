/** The equations that the documentation shows; `npm run docs` writes it, and checks what it wrote. */
import katex from 'katex';

import { equationLatex, mathml } from './documentation/equations.ts';
import { verify } from './law.ts';
import { equationsAreShown } from './laws/documentation.ts';
import { entries } from './paper/entries.ts';

const notation = { latex: equationLatex, render: mathml };

const withoutTheFirst = Object.fromEntries(Object.entries(equationLatex).slice(1));

verify(equationsAreShown(entries), notation, {
  'an equation has no LaTeX': { ...notation, latex: withoutTheFirst },
  'LaTeX of no equation': { ...notation, latex: { ...equationLatex, '4': 'x' } },
  'what is no LaTeX': { ...notation, latex: { ...equationLatex, F: String.raw`\frac{1` } },
  'markup that needs styles and fonts': { ...notation, render: (latex) => katex.renderToString(latex) },
});
