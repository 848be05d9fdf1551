/** Programs as LaTeX. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import { describe, expect, it } from 'vitest';

import { isingEfnn } from '../src/network/ising-efnn.ts';
import { network, networkProgram } from '../src/network/network.ts';
import {
  add,
  broadcast,
  concat,
  constant,
  contract,
  correlate,
  fillField,
  inputField,
  inputScalar,
  modulate,
  multiply,
  parameterKernel,
  reciprocal,
  record,
  scale,
  slice,
  sqrt,
  sumSites,
  tanh,
  total,
} from '../src/program/expression.ts';
import { gradient } from '../src/program/gradient.ts';
import { alignedLatex } from '../src/program/latex-lines.ts';
import { latex } from '../src/program/latex.ts';
import { simplify } from '../src/program/simplify.ts';
import { mapName } from '../src/program/weight.ts';
import { operandsOf } from '../src/program/operation.ts';
import { paperSymbols, symbolOf, weightSymbol } from '../src/program/symbol.ts';
import { typed } from './arbitraries/program.ts';
import { verify } from './law.ts';
import { costsAsMuchAsItsLength, type Transformation } from './laws/cost.ts';
import {
  latexBindsBeforeUse,
  latexIsFaithful,
  longEquationsAreBroken,
  type AlignedLatex,
  type Latex,
} from './laws/latex.ts';
import { right } from './right.ts';

const edited =
  (edit: (line: string) => string): Latex =>
  (program) =>
    latex(program).map(edit);

verify(latexIsFaithful, latex, {
  'products are printed as sums': edited((line) => line.replaceAll('\\odot', '+')),
  'parentheses are left out': edited((line) =>
    line.replace(/^(S.*|E) = (.*)/, (_, left: string, text: string) => `${left} = ${text.replaceAll(/[()]/g, '')}`),
  ),
  'signs are lost': edited((line) => line.replaceAll(' - ', ' + ')),
  'biases are forgotten': edited((line) => line.replaceAll(/ \+ b\^\{[^}]*\}(_\{[^}]*\})?/g, '')),
  'the layers share one name': edited((line) => line.replaceAll('S_{2}', 'S_{1}').replaceAll('f_{1}', 'f_{0}')),
  'the last map is not defined': (program) => latex(program).slice(0, -1),
});

verify(latexBindsBeforeUse, latex, {
  'a map is defined twice': (program) => [...latex(program), ...latex(program).slice(-1)],
  'a brace is left open': edited((line) => line.replace(/\}$|\)$/, '')),
});

/** One line for each of these pieces of the first equation. */
const brokenInto =
  (pieces: (equation: string) => readonly string[]): AlignedLatex =>
  ([equation = '']) =>
    [
      '\\begin{align*}',
      pieces(equation)
        .map((piece, i) => (i === 0 ? piece.replace(' = ', ' &= ') : `&\\quad ${piece}`))
        .join(' \\\\\n'),
      '\\end{align*}',
    ].join('\n');

verify(longEquationsAreBroken, alignedLatex, {
  'no line is broken': brokenInto((equation) => [equation]),
  'each term has a line': brokenInto((equation) => equation.split(/ (?=[+-] )(?![^([]*[)\]])/)),
  'lines end inside brackets': brokenInto((equation) => equation.split(/(?<=.{110}) (?=[+-] )/)),
  'the last line is lost': brokenInto((equation) => equation.split(/(?<=.{110}) (?=[+-] )/).slice(0, -1)),
});

/** A program's every value, sought in every equation. */
const readersSought: Transformation = ({ equations }) =>
  equations.map((_, id) => equations.filter((equation) => operandsOf(equation).some((operand) => operand === id)));

const bySearch: Readonly<Record<string, Transformation>> = { 'readers are sought in all equations': readersSought };

verify(costsAsMuchAsItsLength, latex, bySearch);

describe("the paper's equations", () => {
  it('of the lattice EFNN: F_i = f_{i-1}(S_{i-1}), S_i = g_i(T_i(S_0)) * F_i, E = q(S_n)', () => {
    const efnn = right(
      networkProgram(network('efnn', { tag: 'lattice', channels: 3, layers: 3, kernel: 5, pairHead: false })),
    );
    expect(latex(efnn).slice(0, 5)).toEqual([
      String.raw`S_{1} = g_{1}(T_{1}(S_{0})) \odot f_{0}(T_{0}(S_{0}))`,
      String.raw`S_{2} = g_{2}(T_{2}(S_{0})) \odot f_{1}(S_{1})`,
      String.raw`S_{3} = g_{3}(T_{3}(S_{0})) \odot f_{2}(S_{2})`,
      String.raw`E = q(S_{3})`,
      String.raw`T_{0}(x) = (a^{T}_{0} \star x) \cdot (b^{T}_{0} \star x)`,
    ]);
    expect(latex(efnn)).toContain(
      String.raw`f_{2}(x) = W^{f}_{2,1} \star \tanh(W^{f}_{2,0} \star x + b^{f}_{2,0}) + b^{f}_{2,1}`,
    );
    expect(latex(efnn).at(-1)).toBe(String.raw`q(x) = \sum(W^{q} \star x + b^{q})`);
  });

  it('of Fig. 1: the energy is the sum of spins times their fields', () => {
    expect(latex(typed(isingEfnn))).toEqual([
      String.raw`S_{1} = S_{0} \odot f_{0}(S_{0})`,
      String.raw`E = \sum(S_{1})`,
      String.raw`f_{0}(x) = W^{f}_{0} \star x`,
    ]);
  });

  it('of forces: what a gradient reads inside the maps gets a line each', () => {
    const forces = pipe(typed(isingEfnn), gradient('energy', ['spins']), E.chain(simplify), E.map(latex), right);
    expect(forces).toEqual([
      String.raw`S_{1} = W^{f}_{0} \star S_{0}`,
      String.raw`S_{2} = S_{0} \odot S_{1}`,
      String.raw`E = \sum(S_{2})`,
      String.raw`\frac{\partial E}{\partial S_{0}} = S_{1} + {W^{f}_{0}}^{\top} \star S_{0}`,
    ]);
  });
});

describe('the notation', () => {
  const x = inputField('x', 1, 2);
  const v = inputField('v', 3, 2);
  const K = parameterKernel('K', 2, 2, 3);

  it.each([
    ['a reciprocal', reciprocal(x), String.raw`z = \frac{1}{x}`],
    ['a square root', sqrt(x), String.raw`z = \sqrt{x}`],
    ['a square', multiply(x, x), String.raw`z = {x}^{\odot 2}`],
    ['a small number', scale(constant(1e-9))(x), String.raw`z = 1 \cdot 10^{-9} \, x`],
    ['a difference', add(x, scale(constant(-1))(add(x, x))), 'z = x - (x + x)'],
    ['a product with a negative', multiply(tanh(x), scale(constant(-1))(x)), String.raw`z = \tanh(x) \odot (-x)`],
    ['a product of a negative', multiply(scale(constant(-1))(x), tanh(x)), String.raw`z = -x \odot \tanh(x)`],
    ['a sum under a kernel', correlate(K)(add(x, x)), String.raw`z = K \star (x + x)`],
    ['a modulated vector', modulate(x)(v), String.raw`z = x \odot v`],
    ['channels', slice(0, 1)(concat([x, x])), String.raw`z = {[x,\, x]}_{[0,1)}`],
    ['sums over sites', sumSites(x), String.raw`z = \sum_{r}(x)`],
    ['a filled field', fillField(1, 2)(inputScalar('s')), String.raw`z = s\,\mathbf{1}`],
    ['a field of ones', fillField(1, 2)(constant(1)), String.raw`z = \mathbf{1}`],
    ['a field of zeros', fillField(1, 2)(constant(0)), String.raw`z = \mathbf{0}`],
    ['a field of twos', fillField(1, 2)(constant(2)), String.raw`z = 2\,\mathbf{1}`],
    ['a contraction of a field with itself', contract(v, v), String.raw`z = v \cdot v`],
    ['the square of a number', multiply(constant(2), constant(2)), String.raw`z = {2}^{\odot 2}`],
    ['the square of a negative number', multiply(constant(-2), constant(-2)), String.raw`z = {(-2)}^{\odot 2}`],
    [
      'the square of a small number',
      multiply(constant(1e-9), constant(1e-9)),
      String.raw`z = {(1 \cdot 10^{-9})}^{\odot 2}`,
    ],
  ])('of %s', (_, z, expected) => {
    expect(latex(typed(record({ z })))).toEqual([expected]);
  });

  it('of outputs that are sources, and of a value with two names', () => {
    const twice = tanh(x);
    expect(latex(typed(record({ x, y: x, t: twice, u: twice })))).toEqual([String.raw`t = \tanh(x)`, 'y = x', 'u = t']);
  });

  it('of what is read twice: a line for each, with the letter of its type', () => {
    const [kernel, bias, scalar, hidden, vector] = [add(K, K), sumSites(x), total(x), tanh(x), add(v, v)];
    const lines = latex(
      typed(
        record({
          p: correlate(kernel)(x),
          q: correlate(kernel)(add(x, x)),
          r: broadcast(1)(bias),
          s: broadcast(3)(bias),
          t: scale(scalar)(x),
          u: scale(scalar)(v),
          a: concat([hidden, hidden]),
          b: concat([vector, vector]),
        }),
      ),
    );
    expect(lines.map((line) => line.split(' = ')[0]?.[0]).join('')).toBe('KpqBrsctuhaVb');
  });

  it.each([
    ['field', 0, 1, 'weight', 'W^{f}_{0,1}'],
    ['symmetrization', 2, null, 'leftKernel', 'a^{T}_{2}'],
    ['readout', null, null, 'bias', 'b^{q}'],
    ['pair', null, null, 'pairKernel', String.raw`W^{\mathrm{pair}}`],
  ] as const)('of the weight of %s, layer %s, part %s: %s', (kind, layer, part, role, expected) => {
    expect(weightSymbol({ map: mapName(kind, layer, part), role })).toBe(expected);
  });

  it.each([
    ['spins', 'S_{0}'],
    ['strength', String.raw`\mathrm{strength}`],
    ['d(energy)/d(x)', String.raw`\frac{\partial E}{\partial x}`],
    ['add(a)/d(x)', String.raw`\mathrm{addadx}`],
    ['d(a)/d(x)2', String.raw`\mathrm{dadx2}`],
  ])('of the name %s', (name, expected) => {
    expect(symbolOf(paperSymbols)(name)).toBe(expected);
  });
});
