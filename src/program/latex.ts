/**
 * Programs as LaTeX equations, one line a binding.
 *
 * A line binds an output, a value that is used again, or a product of fields (the quasi-particles S_i and the invariants
 * T_j are such); all else stands where it is used. Notation:
 *
 *     K \star x      cross-correlation           x \cdot y     dot product over components
 *     K^\top \star x  its adjoint                a \odot x     product site by site
 *     y \star_k x     kernel gradient, k x k     \sum(x)       the sum of all entries, \sum_r over sites alone
 *     b               a bias in place of a field is the same at every site
 */
import { mapOperands, interpret, operandsOf, type Algebra, type Operation } from './operation.ts';
import { meaningOf, valueId, type Program, type ValueId } from './program.ts';
import { paperSymbols, symbolOf } from './symbol.ts';
import type { TypedProgram } from './typecheck.ts';
import type { ValueType } from './value-type.ts';

/** How tightly an expression holds together; looser ones need parentheses inside tighter ones. */
const looseness = { sum: 0, product: 1, correlation: 2, atom: 3 } as const;

export interface Formula {
  readonly text: string;
  readonly binding: number;
  /** How many operations it shows. */
  readonly weight: number;
}

export type Notation = Algebra<Formula, Formula>;

const weightOf = (...parts: readonly Formula[]): number => parts.reduce((sum, { weight }) => sum + weight, 1);

/** The text, in parentheses unless it holds together at least so tightly. */
const within = (binding: number, formula: Formula): string =>
  formula.binding >= binding ? formula.text : `(${formula.text})`;

const atom = (text: string, ...parts: readonly Formula[]): Formula => ({
  text,
  binding: looseness.atom,
  weight: parts.length === 0 ? 0 : weightOf(...parts),
});

const product = (symbol: string, left: Formula, right: Formula): Formula =>
  left.text === right.text && symbol !== '\\cdot'
    ? atom(`${braced(left)}^{${symbol === '\\odot' ? '\\odot 2' : '2'}}`, left)
    : {
        text: `${within(looseness.product, left)} ${symbol} ${unsigned(looseness.product, right)}`,
        binding: looseness.product,
        weight: weightOf(left, right),
      };

/** An operand that stands after a sign: its own sign needs parentheses. */
const unsigned = (binding: number, formula: Formula): string =>
  formula.text.startsWith('-') ? `(${formula.text})` : within(binding, formula);

/** The base of an exponent or of an index. */
const braced = (formula: Formula): string => `{${within(looseness.atom, formula)}}`;

const correlation = (kernel: string, symbol: string, field: Formula, weight: number): Formula => ({
  text: `${kernel} ${symbol} ${unsigned(looseness.correlation, field)}`,
  binding: looseness.correlation,
  weight,
});

const number = (value: number): Formula => {
  const [significand = '', exponent] = String(value).split('e');
  const text = exponent === undefined ? significand : `${significand} \\cdot 10^{${Number(exponent)}}`;
  return { text, binding: value < 0 || exponent !== undefined ? looseness.product : looseness.atom, weight: 0 };
};

const filled = (scalar: Formula): Formula =>
  scalar.text === '0' || scalar.text === '1'
    ? atom(`\\mathbf{${scalar.text}}`)
    : { text: `${within(looseness.product, scalar)}\\,\\mathbf{1}`, binding: looseness.product, weight: scalar.weight };

/** The notation of each operation; `symbol` gives names their symbols. */
export const notation = (symbol: (name: string) => string): Notation => ({
  input: ({ name }) => atom(symbol(name)),
  parameter: ({ name }) => atom(symbol(name)),
  constant: ({ value }) => number(value),
  correlate: ({ kernel, field }) =>
    correlation(within(looseness.atom, kernel), '\\star', field, weightOf(kernel, field)),
  correlateTransposed: ({ kernel, field }) =>
    correlation(`${braced(kernel)}^{\\top}`, '\\star', field, weightOf(kernel, field)),
  kernelGradient: ({ size, field, cotangent }) =>
    correlation(within(looseness.atom, cotangent), `\\star_{${size}}`, field, weightOf(cotangent, field)),
  add: ({ left, right }) => ({
    text: right.text.startsWith('-') ? `${left.text} - ${right.text.slice(1)}` : `${left.text} + ${right.text}`,
    binding: looseness.sum,
    weight: weightOf(left, right),
  }),
  multiply: ({ left, right }) => product('\\odot', left, right),
  scale: ({ factor, value }) =>
    factor.text === '-1'
      ? { text: `-${unsigned(looseness.product, value)}`, binding: looseness.product, weight: weightOf(value) }
      : product('\\,', factor, value),
  tanh: ({ value }) => atom(`\\tanh(${value.text})`, value),
  reciprocal: ({ value }) => atom(`\\frac{1}{${value.text}}`, value),
  contract: ({ left, right }) => product('\\cdot', left, right),
  modulate: ({ amplitude, vector }) => product('\\odot', amplitude, vector),
  total: ({ value }) => atom(`\\sum(${value.text})`, value),
  fill: ({ scalar }) => filled(scalar),
  sumSites: ({ field }) => atom(`\\sum_{r}(${field.text})`, field),
  broadcast: ({ bias }) => bias,
  concat: ({ parts }) => atom(`[${parts.map(({ text }) => text).join(',\\, ')}]`, ...parts),
  slice: ({ from, to, field }) => atom(`${braced(field)}_{[${from},${to})}`, field),
});
