/**
 * How each operation is written in LaTeX:
 *
 *     K \star x       cross-correlation           x \cdot y     dot product over components
 *     K^\top \star x  its adjoint                a \odot x     product site by site
 *     y \star_k x     kernel gradient, k x k     \sum(x)       the sum of all entries, \sum_r over sites alone
 *     b               a bias in place of a field is the same at every site
 */
import type { Algebra } from './operation.ts';

/** How tightly an expression holds together; looser ones need parentheses inside tighter ones. */
const looseness = { sum: 0, correlation: 1, product: 2, atom: 3 } as const;

/** LaTeX text, and how tightly its outermost operation binds: a looser one needs parentheses inside a tighter. */
export interface Formula {
  readonly text: string;
  readonly binding: number;
}

/** The formula of each operation, from those of its operands. */
export type Notation = Algebra<Formula, Formula>;

/** The text, in parentheses unless it holds together at least so tightly. */
const within = (binding: number, formula: Formula): string =>
  formula.binding >= binding ? formula.text : `(${formula.text})`;

/** A formula that needs no parentheses anywhere. */
export const atom = (text: string): Formula => ({ text, binding: looseness.atom });

const product = (symbol: string, left: Formula, right: Formula): Formula =>
  left.text === right.text && symbol !== '\\cdot'
    ? atom(`${braced(left)}^{${symbol === '\\odot' ? '\\odot 2' : '2'}}`)
    : {
        text: `${within(looseness.product, left)} ${symbol} ${unsigned(looseness.product, right)}`,
        binding: looseness.product,
      };

/** An operand that stands after a sign: its own sign needs parentheses. */
const unsigned = (binding: number, formula: Formula): string =>
  formula.text.startsWith('-') ? `(${formula.text})` : within(binding, formula);

/** The base of an exponent or of an index. */
const braced = (formula: Formula): string => `{${within(looseness.atom, formula)}}`;

const correlation = (kernel: string, symbol: string, field: Formula): Formula => ({
  text: `${kernel} ${symbol} ${field.binding === looseness.correlation ? field.text : within(looseness.atom, field)}`,
  binding: looseness.correlation,
});

const number = (value: number): Formula => {
  const [significand = '', exponent] = String(value).split('e');
  const text = exponent === undefined ? significand : `${significand} \\cdot 10^{${Number(exponent)}}`;
  return { text, binding: value < 0 || exponent !== undefined ? looseness.product : looseness.atom };
};

const filled = (scalar: Formula): Formula =>
  scalar.text === '0' || scalar.text === '1'
    ? atom(`\\mathbf{${scalar.text}}`)
    : { text: `${within(looseness.product, scalar)}\\,\\mathbf{1}`, binding: looseness.product };

/** The notation of each operation; `symbol` gives names their symbols. */
export const notation = (symbol: (name: string) => string): Notation => ({
  input: ({ name }) => atom(symbol(name)),
  parameter: ({ name }) => atom(symbol(name)),
  constant: ({ value }) => number(value),
  correlate: ({ kernel, field }) => correlation(within(looseness.atom, kernel), '\\star', field),
  correlateTransposed: ({ kernel, field }) => correlation(`${braced(kernel)}^{\\top}`, '\\star', field),
  kernelGradient: ({ size, field, cotangent }) =>
    correlation(within(looseness.atom, cotangent), `\\star_{${size}}`, field),
  add: ({ left, right }) => ({
    text: right.text.startsWith('-') ? `${left.text} - ${right.text.slice(1)}` : `${left.text} + ${right.text}`,
    binding: looseness.sum,
  }),
  multiply: ({ left, right }) => product('\\odot', left, right),
  scale: ({ factor, value }) =>
    factor.text === '-1'
      ? { text: `-${unsigned(looseness.product, value)}`, binding: looseness.product }
      : product('\\,', factor, value),
  tanh: ({ value }) => atom(`\\tanh(${value.text})`),
  reciprocal: ({ value }) => atom(`\\frac{1}{${value.text}}`),
  sqrt: ({ value }) => atom(`\\sqrt{${value.text}}`),
  contract: ({ left, right }) => product('\\cdot', left, right),
  modulate: ({ amplitude, vector }) => product('\\odot', amplitude, vector),
  total: ({ value }) => atom(`\\sum(${value.text})`),
  fill: ({ scalar }) => filled(scalar),
  sumSites: ({ field }) => atom(`\\sum_{r}(${field.text})`),
  broadcast: ({ bias }) => bias,
  concat: ({ parts }) => atom(`[${parts.map(({ text }) => text).join(',\\, ')}]`),
  slice: ({ from, to, field }) => atom(`${braced(field)}_{[${from},${to})}`),
});
