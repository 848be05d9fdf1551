/**
 * The law of LaTeX: whoever computes by the printed equations gets the program's numbers.
 *
 * The oracle is a reader: it knows the notation and the symbols of the weights, nothing of how equations are printed,
 * and turns the lines into a program again.
 */
import fc from 'fast-check';

import { float64 } from '../../src/number/float64.ts';
import { evaluate } from '../../src/program/evaluate.ts';
import { constant, fillField, record, type Expression } from '../../src/program/expression.ts';
import type { Operation } from '../../src/program/operation.ts';
import { declarations, type TypedProgram } from '../../src/program/typecheck.ts';
import { denseNetworks, latticeNetworks, valuesFor, weighted, type WeightedNetwork } from '../arbitraries/networks.ts';
import { typed } from '../arbitraries/program.ts';
import type { Law } from '../law.ts';
import { right } from '../right.ts';

export type Latex = (program: TypedProgram) => readonly string[];

/** An expression that was read, and what it is. */
interface Read {
  readonly kind: 'field' | 'kernel' | 'bias' | 'scalar';
  readonly expression: Expression;
}

/** What is read, and the tokens behind it. */
type Parsed = readonly [read: Read, rest: readonly string[]];

interface Known {
  readonly values: Readonly<Record<string, Read>>;
  readonly maps: Readonly<Record<string, readonly string[]>>;
}

const script = String.raw`(?:\^\{(?:[^{}]|\{[^{}]*\})*\})?(?:_\{[\d,]*\})?`;

const token = new RegExp(
  String.raw`,\\, |\\mathbf\{\d\}|\\mathrm\{\w+\}${script}|\\[a-z]+|\\,|\d+(?:\.\d+)?|[A-Za-z]${script}|[()[\]+=-]`,
  'g',
);

const tokens = (text: string): readonly string[] => text.match(token) ?? [];

const unreadable = (rest: readonly string[]): never => {
  throw new RangeError(`cannot read on at ${rest.slice(0, 5).join(' ')}`);
};

const node = (kind: Read['kind'], operation: Operation<Expression>): Read => ({ kind, expression: { operation } });

const scaled = (factor: Expression, { kind, expression }: Read): Read =>
  node(kind, { tag: 'scale', factor, value: expression });

/** A bias beside a field is the same at every site. */
const sum = (left: Read, right: Read): Read => {
  const field: Read =
    left.kind === 'field' && right.kind === 'bias'
      ? node('field', { tag: 'broadcast', components: 1, bias: right.expression })
      : right;
  return node(left.kind, { tag: 'add', left: left.expression, right: field.expression });
};

const negative = (value: Read): Read => scaled(constant(-1), value);

const between = (known: Known, rest: readonly string[], close: string): Parsed => {
  const [inner, [end, ...after]] = readSum(known, rest);
  return end === close ? [inner, after] : unreadable(after);
};

const readList = (known: Known, rest: readonly string[]): readonly [readonly Read[], readonly string[]] => {
  const [first, [separator, ...after]] = readSum(known, rest);
  if (separator !== ',\\, ') {
    return separator === ']' ? [[first], after] : unreadable(after);
  }
  const [others, end] = readList(known, after);
  return [[first, ...others], end];
};

const readAtom = (known: Known, [first = '', ...rest]: readonly string[]): Parsed => {
  const map = known.maps[first];
  if (map !== undefined && rest[0] === '(') {
    const [x, after] = between(known, rest.slice(1), ')');
    return [readSum({ ...known, values: { ...known.values, x } }, map)[0], after];
  }
  if (first === '(') {
    return between(known, rest, ')');
  }
  if (first === '[') {
    const [parts, after] = readList(known, rest);
    return [node('field', { tag: 'concat', parts: parts.map(({ expression }) => expression) }), after];
  }
  if (first === '\\tanh' || first === '\\sum') {
    const [inner, after] = between(known, rest.slice(1), ')');
    const value = inner.expression;
    return [
      first === '\\tanh' ? node('field', { tag: 'tanh', value }) : node('scalar', { tag: 'total', value }),
      after,
    ];
  }
  if (first === '\\mathbf{1}') {
    return [{ kind: 'field', expression: fillField(1, 1)(constant(1)) }, rest];
  }
  const value: Read | undefined = /^\d/.test(first)
    ? { kind: 'scalar', expression: constant(Number(first)) }
    : known.values[first];
  return value === undefined ? unreadable([first, ...rest]) : [value, rest];
};

/** Operators between two operands; one reads K * x, and what follows a * is what K acts on. */
const readProduct = (known: Known, text: readonly string[]): Parsed => {
  const [left, [operator, ...rest]] = readAtom(known, text);
  if (operator === '\\star') {
    const [right, after] = readProduct(known, rest);
    return [node('field', { tag: 'correlate', kernel: left.expression, field: right.expression }), after];
  }
  if (operator === '\\odot' || operator === '\\cdot' || operator === '\\,') {
    const [right, after] = readProduct(known, rest);
    if (operator === '\\,') {
      return [scaled(left.expression, right), after];
    }
    const tag = operator === '\\odot' ? 'multiply' : 'contract';
    return [node('field', { tag, left: left.expression, right: right.expression }), after];
  }
  return [left, operator === undefined ? [] : [operator, ...rest]];
};

const readTerms = (known: Known, left: Read, text: readonly string[]): Parsed => {
  const [sign, ...rest] = text;
  if (sign !== '+' && sign !== '-') {
    return [left, text];
  }
  const [right, after] = readProduct(known, rest);
  return readTerms(known, sum(left, sign === '+' ? right : negative(right)), after);
};

const readSum = (known: Known, text: readonly string[]): Parsed => {
  const [first, rest] = text[0] === '-' ? readProduct(known, text.slice(1)) : readProduct(known, text);
  return readTerms(known, text[0] === '-' ? negative(first) : first, rest);
};

/** The symbols of weights, from their names as the interface lists them. */
const weightSymbol = (name: string): string => {
  const [map = '', ...more] = name.split('.');
  const letter = { weight: 'W', bias: 'b' }[more.at(-1) ?? ''] ?? more.at(-1) ?? '';
  const numbers = more.slice(0, -1);
  return `${letter}^{${map.length > 1 ? `\\mathrm{${map}}` : map}}${numbers.length > 0 ? `_{${numbers.join()}}` : ''}`;
};

/** Reads the equations of a network: spins are S_0, the energy is E. */
export const readLatex = (program: TypedProgram, lines: readonly string[]): TypedProgram => {
  const sides = lines.map((line) => line.split(' = '));
  const maps = sides.flatMap(([left = '', right = '']) =>
    left.endsWith('(x)') ? [[left.slice(0, -3), tokens(right)] as const] : [],
  );
  const weights = program.equations.flatMap((equation): readonly (readonly [string, Read])[] => {
    if (equation.tag === 'input') {
      return [['S_{0}', node('field', equation)]];
    }
    return equation.tag === 'parameter' && equation.type.tag !== 'scalar'
      ? [[weightSymbol(equation.name), node(equation.type.tag, equation)]]
      : [];
  });
  const start: Known = { values: Object.fromEntries(weights), maps: Object.fromEntries(maps) };
  const { values } = sides.reduce<Known>((known, [left = '', right = '']) => {
    if (left.endsWith('(x)')) {
      return known;
    }
    const [value, rest] = readSum(known, tokens(right));
    return rest.length === 0 ? { ...known, values: { ...known.values, [left]: value } } : unreadable(rest);
  }, start);
  const energy = values['E'] ?? unreadable(['E']);
  return typed(record({ energy: energy.expression }));
};

interface Sample extends WeightedNetwork {
  readonly latticeSize: number;
  readonly spins: readonly number[];
}

const samples: fc.Arbitrary<Sample> = fc
  .oneof(weighted(denseNetworks), weighted(latticeNetworks))
  .chain((example) =>
    fc
      .constantFrom(...(example.network.shape.tag === 'dense' ? [1] : [3, 4]))
      .chain((latticeSize) =>
        valuesFor('input', example.program, latticeSize).map(({ spins = [] }) => ({ ...example, latticeSize, spins })),
      ),
  );

const readOr = (program: TypedProgram, lines: readonly string[]): TypedProgram | null => {
  try {
    return readLatex(program, lines);
  } catch (error) {
    if (error instanceof RangeError) {
      return null;
    }
    throw error;
  }
};

export const latexIsFaithful: Law<Latex, Sample> = {
  statement:
    'whoever computes by the printed equations of a network gets its energy, to the last bit, with all its weights',
  cases: samples,
  holds:
    (latex) =>
    ({ program, weights, latticeSize, spins }) => {
      const read = readOr(program, latex(program));
      if (read === null) {
        return false;
      }
      const energy = (p: TypedProgram): number | undefined =>
        right(evaluate(float64)(latticeSize)(weights, { spins })(p))['energy']?.[0];
      return (
        Object.is(energy(read), energy(program)) &&
        Object.keys(declarations('parameter')(read)).length === Object.keys(weights).length
      );
    },
};

export const latexBindsBeforeUse: Law<Latex, TypedProgram> = {
  statement: 'one equation a line: each name is bound once, braces and parentheses close, and nothing is undefined',
  cases: fc.oneof(weighted(denseNetworks), weighted(latticeNetworks)).map(({ program }) => program),
  holds: (latex) => (program) => {
    const lines = latex(program);
    const names = lines.map((line) => line.split(' = ')[0] ?? '');
    const depth = (line: string, open: string, close: string): number =>
      line.split(open).length - line.split(close).length;
    return (
      new Set(names).size === lines.length &&
      lines.every(
        (line) => line.split(' = ').length === 2 && depth(line, '{', '}') === 0 && depth(line, '(', ')') === 0,
      ) &&
      !lines.some((line) => /undefined|null|NaN/.test(line))
    );
  },
};

export type AlignedLatex = (equations: readonly string[]) => string;

/** A long equation as it is built: its left side, and its terms, each but the first with the sign before it. */
interface LongEquation {
  readonly left: string;
  readonly terms: readonly string[];
}

/** Terms with signs inside brackets, at which no line may end. */
const longEquations: fc.Arbitrary<LongEquation> = fc
  .array(
    fc.tuple(
      fc.constantFrom('+', '-'),
      fc.constantFrom('x', 'f_{0}(S_{0} - S_{1})', '[a,\\, b + c]', `(${'y + '.repeat(12)}y)`, 'w'.repeat(130)),
    ),
    { minLength: 1, maxLength: 24 },
  )
  .map((terms) => ({ left: 'E', terms: terms.map(([sign, term], i) => (i === 0 ? term : `${sign} ${term}`)) }));

/** The lines of one aligned equation without their marks, or null where a mark is missing. */
const unaligned = (text: string): readonly string[] | null => {
  const lines = text.split('\n').slice(1, -1);
  const bare = lines.map((line, i) => {
    const ended = i === lines.length - 1 ? line : line.replace(/ \\\\$/, '');
    return i === 0 ? ended.replace(' &= ', ' = ') : ended.replace(/^&\\quad /, '');
  });
  return lines.every((line, i) => line.includes(i === 0 ? ' &= ' : '&\\quad ')) ? bare : null;
};

/** Lines of at most this many characters hold more than one term. */
const longestLine = 120;

export const longEquationsAreBroken: Law<AlignedLatex, LongEquation> = {
  statement:
    'a long equation is broken before signs outside brackets alone; no line of several terms is too long, and none ends early',
  cases: longEquations,
  holds:
    (aligned) =>
    ({ left, terms: [first = '', ...others] }) => {
      const equation = `${left} = ${[first, ...others].join(' ')}`;
      const lines = unaligned(aligned([equation]));
      if (lines?.join(' ') !== equation) {
        return false;
      }
      const terms = [`${left} = ${first}`, ...others];
      // How many terms the first i lines hold: whole numbers of terms, or a line ends inside brackets.
      const ends = lines.map((_, i) => {
        const length = lines.slice(0, i + 1).join(' ').length;
        return terms.findIndex((__, j) => terms.slice(0, j + 1).join(' ').length === length) + 1;
      });
      return ends.every((end, i) => {
        const next = terms[end];
        const [line = '', severalTerms] = [lines[i], end - (ends[i - 1] ?? 0) > 1];
        return (
          end > 0 &&
          (!severalTerms || line.length <= longestLine) &&
          (next === undefined || equation.length <= longestLine || line.length + next.length >= longestLine)
        );
      });
    },
};
