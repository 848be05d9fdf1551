/**
 * The law of types by shapes: the rule of each operation as a line of dimensions, as `einsum` has them, beside all small
 * operands. The oracle matches letters with the written types.
 */
import * as E from 'fp-ts/lib/Either.js';
import fc from 'fast-check';

import { valueId, type Equation } from '../../src/program/program.ts';
import { biasType, fieldType, kernelType, scalarType, showType, type ValueType } from '../../src/program/value-type.ts';
import type { Law } from '../law.ts';
import type { Typecheck } from './typecheck.ts';

const [first, second, third] = [valueId(0), valueId(1), valueId(2)];

const counts = [1, 2, 3];

/** The types whose extents are small. */
const smallTypes: readonly ValueType[] = [
  ...counts.flatMap((components) => counts.map((channels) => fieldType(components, channels))),
  ...counts.flatMap((outputs) => counts.flatMap((inputs) => [1, 3].map((size) => kernelType(outputs, inputs, size)))),
  ...counts.map(biasType),
  scalarType,
];

/** An operation, and its types: a letter stands for one number wherever it is met, T for one type. */
interface Rule {
  readonly equation: Equation;
  readonly operands: readonly string[];
  readonly result: string;
}

const rule = (equation: Equation, operands: readonly string[], result: string): Rule => ({
  equation,
  operands,
  result,
});

const sliceRule = (from: number, to: number, operand: string): Rule =>
  rule({ tag: 'slice', from, to, field: first }, [operand], `field(c, ${to - from})`);

const rules: readonly Rule[] = [
  rule({ tag: 'correlate', kernel: first, field: second }, ['kernel(o, i, kxk)', 'field(c, i)'], 'field(c, o)'),
  rule(
    { tag: 'correlateTransposed', kernel: first, field: second },
    ['kernel(o, i, kxk)', 'field(c, o)'],
    'field(c, i)',
  ),
  rule(
    { tag: 'kernelGradient', size: 3, field: first, cotangent: second },
    ['field(c, i)', 'field(c, o)'],
    'kernel(o, i, 3x3)',
  ),
  rule({ tag: 'add', left: first, right: second }, ['T', 'T'], 'T'),
  rule({ tag: 'multiply', left: first, right: second }, ['T', 'T'], 'T'),
  rule({ tag: 'scale', factor: first, value: second }, ['scalar', 'T'], 'T'),
  rule({ tag: 'tanh', value: first }, ['T'], 'T'),
  rule({ tag: 'reciprocal', value: first }, ['T'], 'T'),
  rule({ tag: 'sqrt', value: first }, ['T'], 'T'),
  rule({ tag: 'contract', left: first, right: second }, ['field(c, i)', 'field(c, i)'], 'field(1, i)'),
  rule({ tag: 'modulate', amplitude: first, vector: second }, ['field(1, i)', 'field(c, i)'], 'field(c, i)'),
  rule({ tag: 'total', value: first }, ['T'], 'scalar'),
  rule({ tag: 'fill', type: kernelType(2, 1, 3), scalar: first }, ['scalar'], 'kernel(2, 1, 3x3)'),
  rule({ tag: 'sumSites', field: first }, ['field(c, i)'], 'bias(i)'),
  rule({ tag: 'broadcast', components: 3, bias: first }, ['bias(i)'], 'field(3, i)'),
  rule({ tag: 'concat', parts: [first] }, ['field(c, i)'], 'field(c, i)'),
  rule({ tag: 'concat', parts: [first, second] }, ['field(c, i)', 'field(c, j)'], 'field(c, i + j)'),
  sliceRule(0, 3, 'field(c, 3)'),
  sliceRule(2, 3, 'field(c, 3)'),
];

/** What the letters of a rule stand for, after its operands were read; nothing where they do not fit. */
type Letters = Readonly<Record<string, string>>;

/** A type and a pattern, word by word: `kernel`, `o`, `i`, `k`, `k` beside `kernel`, `2`, `1`, `3`, `3`. */
const wordsOf = (text: string): readonly string[] => text.split(/\(|, |x|\)/).filter((word) => word !== '');

const isLetter = (word: string): boolean => /^[a-z]$/.test(word);

const fitted = (pattern: string, type: string, letters: Letters): Letters | null => {
  if (pattern === 'T') {
    return (letters['T'] ?? type) === type ? { ...letters, T: type } : null;
  }
  const [wanted, got] = [wordsOf(pattern), wordsOf(type)];
  return wanted.length !== got.length
    ? null
    : wanted.reduce<Letters | null>((known, word, place) => {
        const value = got[place] ?? '';
        const expected = isLetter(word) ? (known?.[word] ?? value) : word;
        return known !== null && expected === value ? { ...known, [word]: value } : null;
      }, letters);
};

/** The result's type in words, from those of the operands; nothing where the rule has none. */
const byRule = ({ operands, result }: Rule, types: readonly ValueType[]): string | null => {
  const letters = operands.reduce<Letters | null>((known, pattern, place) => {
    const type = types[place];
    return known === null || type === undefined ? null : fitted(pattern, showType(type), known);
  }, {});
  return letters === null
    ? null
    : result
        .replaceAll(/\b[a-z]\b|T/g, (letter) => letters[letter] ?? letter)
        .replace(/(\d+) \+ (\d+)/, (_, left: string, right: string) => String(Number(left) + Number(right)));
};

const operandTypes = (count: number): readonly (readonly ValueType[])[] =>
  count === 1
    ? smallTypes.map((type) => [type])
    : smallTypes.flatMap((left) => smallTypes.map((right) => [left, right]));

/** What a checker says of one operation on operands of these types: the result's type, or nothing where it refuses. */
const checked = (typecheck: Typecheck, equation: Equation, types: readonly ValueType[]): string | null => {
  const sources = types.map((type, index): Equation => ({ tag: 'input', name: `x${index}`, type }));
  const typed = typecheck({ equations: [...sources, equation], outputs: { y: types.length === 1 ? second : third } });
  const type = E.isRight(typed) ? typed.right.types.at(-1) : undefined;
  return type === undefined ? null : showType(type);
};

const cases = rules.flatMap((one) => operandTypes(one.operands.length).map((types) => ({ one, types })));

/** A checker accepts exactly the shapes that each operation is defined for. */
export const operationsHaveTheirShapes: Law<Typecheck, null> = {
  statement: `each operation has a type on just the operands whose shapes fit, all ${cases.length} of small extents`,
  cases: fc.constant(null),
  runs: 1,
  holds: (typecheck) => () =>
    cases.every(({ one, types }) => checked(typecheck, one.equation, types) === byRule(one, types)),
};
