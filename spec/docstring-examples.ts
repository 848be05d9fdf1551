/**
 * The `@example`s of docstrings, found and run. An example is a line `expression // expected value`; an expression may
 * begin on the lines above. Names are the exports of its module, else the one export of that name in all of src; `pipe`,
 * `E` and `O` are those of fp-ts.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { compileFunction } from 'node:vm';

import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as O from 'fp-ts/lib/Option.js';
import ts from 'typescript';

/** Where an example stands, what it computes, and the value that it shows; null where it shows none. */
export interface Example {
  readonly file: string;
  /** Counts from 1. */
  readonly line: number;
  readonly expression: string;
  readonly expected: string | null;
}

/** The lines of one `@example` tag as examples. */
const examplesIn = (file: string, firstLine: number, text: string): readonly Example[] => {
  const { done, open } = text
    .split('\n')
    .reduce<{ readonly done: readonly Example[]; readonly open: readonly string[] }>(
      ({ done: before, open: lines }, written, index) => {
        const [, code = written, expected] = /^(.*?) \/\/ (.*)$/.exec(written) ?? [];
        const expression = [...lines, code].join('\n').trim();
        return expected === undefined
          ? { done: before, open: [...lines, code] }
          : { done: [...before, { file, line: firstLine + index, expression, expected: expected.trim() }], open: [] };
      },
      { done: [], open: [] },
    );
  const rest = open.join('\n').trim();
  return rest === '' && done.length > 0 ? done : [...done, { file, line: firstLine, expression: rest, expected: null }];
};

/** The examples of a module, from its text. */
export const examplesOf = (file: string, text: string): readonly Example[] => {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  return source.statements
    .flatMap((statement) => ts.getJSDocTags(statement))
    .filter(({ tagName }) => tagName.text === 'example')
    .flatMap((tag) => {
      const comment = ts.getTextOfJSDocComment(tag.comment) ?? '';
      const offset = tag.getText(source).indexOf(comment.split('\n')[0] ?? '');
      const { line } = source.getLineAndCharacterOfPosition(tag.getStart(source) + Math.max(0, offset));
      return examplesIn(file, line + 1, comment);
    });
};

/** The names that a module exports itself. */
const exportsOf = (file: string, text: string): readonly string[] =>
  ts
    .createSourceFile(file, text, ts.ScriptTarget.Latest, true)
    .statements.flatMap((statement) =>
      ts.isVariableStatement(statement) &&
      statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true
        ? statement.declarationList.declarations.map(({ name }) => name.getText())
        : [],
    );

/** The texts of src by their paths from the root. */
export type Sources = ReadonlyMap<string, string>;

export const readSources = async (root: string): Promise<Sources> => {
  const paths = (await readdir(join(root, 'src'), { recursive: true }))
    .filter((path) => path.endsWith('.ts'))
    .map((path) => `src/${path}`)
    .sort();
  return new Map(
    await Promise.all(paths.map(async (path) => [path, await readFile(join(root, path), 'utf8')] as const)),
  );
};

const parsed = (expression: string): ts.SourceFile =>
  ts.createSourceFile('example.ts', `(${expression})`, ts.ScriptTarget.Latest, true);

/** The identifiers of an expression that name a value: no properties, no keys. */
const namesIn = (expression: string): ReadonlySet<string> => {
  const visit = (node: ts.Node): readonly string[] => {
    if (ts.isIdentifier(node)) {
      const { parent } = node;
      const isLabel =
        (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
        (ts.isPropertyAssignment(parent) && parent.name === node);
      return isLabel ? [] : [node.text];
    }
    return node.getChildren().flatMap(visit);
  };
  return new Set(visit(parsed(expression)));
};

const given: Readonly<Record<string, unknown>> = {
  pipe,
  E,
  O,
  right: E.right,
  left: E.left,
  some: O.some,
  none: O.none,
};

/** A module by its path from the root. */
export type Load = (file: string) => Promise<unknown>;

const member = (module: unknown, name: string): unknown =>
  Object.entries(module ?? {}).find(([exported]) => exported === name)?.[1];

/**
 * The values of the names in an expression. A name that src exports twice must be the module's own; kernels and backends,
 * which repeat the names of what they compute, lend such a name to nobody.
 */
const scopeOf = async (
  { file, expression }: Example,
  exported: ReadonlyMap<string, readonly string[]>,
  load: Load,
): Promise<Readonly<Record<string, unknown>>> => {
  const found = await Promise.all(
    [...namesIn(expression)].map(async (name): Promise<readonly (readonly [string, unknown])[]> => {
      const homes = exported.get(name) ?? [];
      const lent = homes.filter((path) => !path.endsWith('.kernel.ts') && !path.startsWith('src/backend/'));
      const [home, ...others] = homes.includes(file) ? [file] : homes.length > 1 ? lent : homes;
      if (home !== undefined && others.length === 0) {
        return [[name, member(await load(home), name)]];
      }
      return name in given ? [[name, given[name]]] : [];
    }),
  );
  return Object.fromEntries(found.flat());
};

const evaluated = async (expression: string, scope: Readonly<Record<string, unknown>>): Promise<unknown> => {
  const run = compileFunction(`return (async () => (${expression}))()`, Object.keys(scope));
  const result: unknown = await Reflect.apply(run, undefined, Object.values(scope));
  return result;
};

/** A number as it is written, and half a unit of its last digit: what rounding it to these digits can change. */
const agrees = (written: string, value: unknown): boolean => {
  const expected = Number(written.replaceAll('_', ''));
  const [mantissa = '', exponent = '0'] = written.toLowerCase().split('e');
  const decimals = mantissa.startsWith('0x') ? 0 : (mantissa.split('.')[1]?.length ?? 0);
  const isWhole = decimals === 0 && exponent === '0';
  return (
    typeof value === 'number' &&
    (isWhole ? value === expected : Math.abs(value - expected) <= 0.5000001 * 10 ** (Number(exponent) - decimals))
  );
};

const listOf = (value: unknown): readonly unknown[] | null => {
  if (Array.isArray(value)) {
    return value.map((entry: unknown) => entry);
  }
  return ArrayBuffer.isView(value) && Symbol.iterator in value ? Array.from(Object.values(value)) : null;
};

const constants: Readonly<Record<string, unknown>> = { true: true, false: false, null: null, undefined, NaN, Infinity };

/** Whether a value is what an expected expression shows: a literal, a list or record of such, right(..), some(..), none. */
const matches = (expected: ts.Expression, value: unknown): boolean => {
  if (ts.isParenthesizedExpression(expected)) {
    return matches(expected.expression, value);
  }
  if (ts.isNumericLiteral(expected)) {
    return agrees(expected.getText(), value);
  }
  if (ts.isPrefixUnaryExpression(expected) && expected.operator === ts.SyntaxKind.MinusToken) {
    return typeof value === 'number' && matches(expected.operand, -value);
  }
  if (ts.isStringLiteralLike(expected)) {
    return value === expected.text;
  }
  if (ts.isArrayLiteralExpression(expected)) {
    const entries = listOf(value);
    return (
      entries?.length === expected.elements.length &&
      expected.elements.every((element, index) => matches(element, entries[index]))
    );
  }
  if (ts.isObjectLiteralExpression(expected)) {
    const properties = expected.properties.filter(ts.isPropertyAssignment);
    return (
      typeof value === 'object' &&
      value !== null &&
      properties.length === Object.keys(value).length &&
      properties.every(({ name, initializer }) =>
        matches(initializer, member(value, ts.isStringLiteral(name) ? name.text : name.getText())),
      )
    );
  }
  if (ts.isCallExpression(expected)) {
    const wrapper = { right: 'Right', left: 'Left', some: 'Some' }[expected.expression.getText().replace(/^E\./, '')];
    const [content] = expected.arguments;
    const inside = member(value, wrapper === 'Right' ? 'right' : wrapper === 'Left' ? 'left' : 'value');
    return (
      wrapper !== undefined && content !== undefined && member(value, '_tag') === wrapper && matches(content, inside)
    );
  }
  const text = expected.getText();
  return text === 'none' ? member(value, '_tag') === 'None' : text in constants && Object.is(constants[text], value);
};

const expectedExpression = (expected: string): ts.Expression | null => {
  const [statement] = parsed(expected).statements;
  return statement !== undefined && ts.isExpressionStatement(statement) ? statement.expression : null;
};

const shown = (value: unknown): string =>
  inspect(value, { breakLength: Infinity, depth: 4, maxStringLength: 200 }).slice(0, 400);

/** Which modules of src export a name. */
const homesOf = (sources: Sources): ReadonlyMap<string, readonly string[]> =>
  [...sources].reduce<ReadonlyMap<string, readonly string[]>>((known, [path, text]) => {
    const entries = exportsOf(path, text).map((name) => [name, [...(known.get(name) ?? []), path]] as const);
    return new Map([...known, ...entries]);
  }, new Map());

/** Runs an example: null if it is right, else its place and what is wrong with it. */
export const faultOf = (sources: Sources, load: Load): ((example: Example) => Promise<string | null>) => {
  const homes = homesOf(sources);
  return async (example) => {
    const { file, line, expression, expected } = example;
    const place = `${file}:${line}`;
    if (expected === null) {
      return `${place}: expected "expression // expected value", got "${expression}" without a value`;
    }
    try {
      const value = await evaluated(expression, await scopeOf(example, homes, load));
      const shape = expectedExpression(expected);
      return shape !== null && matches(shape, value)
        ? null
        : `${place}: expected ${expected}, got ${shown(value)} from ${expression}`;
    } catch (reason) {
      return `${place}: ${expression} does not run: ${String(reason)}`;
    }
  };
};
