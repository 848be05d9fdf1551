/**
 * Programs as LaTeX equations, one line a binding, in the letters of the paper.
 *
 * A line binds an output, a value that is used again, or a product of fields: the quasi-particles S_1, S_2, .. All else
 * stands where it is used. Maps that declare weights, f_i, g_i, T_j, q, are written as functions, defined below.
 */

import { atom, notation, type Formula } from './latex-notation.ts';
import { namedMaps } from './named-map.ts';
import { interpret, isSource, mapOperands } from './operation.ts';
import { meaningOf, readersOf, valueId, type Program, type ValueId } from './program.ts';
import { mapSymbol, paperSymbols, symbolOf, weightSymbol } from './symbol.ts';
import type { TypedProgram } from './typecheck.ts';
import type { ValueType } from './value-type.ts';
import { mapKey } from './weight.ts';

/** What bound values are called: scalar fields as the paper's layers, S, what comes out of a tanh as a hidden layer, h. */
const letterOf = (type: ValueType, tag: string): string => {
  switch (type.tag) {
    case 'field':
      return type.components === 1 ? (tag === 'tanh' ? 'h' : 'S') : 'V';
    case 'kernel':
      return 'K';
    case 'bias':
      return 'B';
    case 'scalar':
      return 'c';
  }
};

/** The values that get a line of their own, in the order of their equations. */
const boundValues = (program: TypedProgram, within: ReadonlySet<ValueId>): readonly ValueId[] => {
  const readers = readersOf(program);
  const outputs = new Set(Object.values(program.outputs));
  return program.equations.flatMap((equation, index) => {
    const id = valueId(index);
    const isProductOfFields = equation.tag === 'multiply' && meaningOf(program.types)(id).tag === 'field';
    const isBound = outputs.has(id) || (readers[index]?.length ?? 0) > 1 || isProductOfFields;
    return isBound && !isSource(equation) && !within.has(id) ? [id] : [];
  });
};

/** The symbols of bound values: the output's, or the letter of the type with the number of such values so far. */
const symbolsOf = (
  program: TypedProgram,
  bound: readonly ValueId[],
  symbol: (name: string) => string,
): ReadonlyMap<ValueId, string> => {
  const outputs = new Map(
    Object.entries(program.outputs)
      .map(([name, id]) => [id, name] as const)
      .toReversed(),
  );
  const counts = new Map<string, number>();
  return new Map(
    bound.map((id) => {
      const output = outputs.get(id);
      if (output !== undefined) {
        return [id, symbol(output)];
      }
      const letter = letterOf(meaningOf(program.types)(id), meaningOf(program.equations)(id).tag);
      const number = 1 + (counts.get(letter) ?? 0);
      counts.set(letter, number);
      return [id, `${letter}_{${number}}`];
    }),
  );
};

/** The symbols of a program's weights, by the names of their parameters. */
const weightSymbols = ({ equations }: Program): Readonly<Record<string, string>> =>
  Object.fromEntries(
    equations.flatMap((equation) =>
      equation.tag === 'parameter' && equation.weight !== undefined
        ? [[equation.name, weightSymbol(equation.weight)] as const]
        : [],
    ),
  );

/**
 * The equations of a program, then the definitions of its maps, each a line of LaTeX.
 *
 * @example
 * pipe(typecheck(isingEfnn), E.map(latex), E.map(([first]) => first)) // right('S_{1} = S_{0} \\odot f_{0}(S_{0})')
 */
export const latexWith =
  (known: Readonly<Record<string, string>>) =>
  (program: TypedProgram): readonly string[] => {
    const symbol = symbolOf({ ...weightSymbols(program), ...known });
    const { results, within } = namedMaps(program);
    const bound = boundValues(program, within);
    const symbols = symbolsOf(program, bound, symbol);

    const written = (id: ValueId, show: (operand: ValueId) => Formula): Formula =>
      interpret(notation(symbol))(mapOperands(show)(meaningOf(program.equations)(id)));
    const applied = (id: ValueId): Formula => {
      const map = results.get(id);
      return map === undefined ? written(id, used) : atom(`${mapSymbol(map.map)}(${used(map.argument).text})`);
    };
    const used = (id: ValueId): Formula => {
      const name = symbols.get(id);
      return name === undefined ? applied(id) : atom(name);
    };
    const definition = (argument: ValueId) => {
      const body = (id: ValueId): Formula => (id === argument ? atom('x') : written(id, body));
      return body;
    };

    const lines = bound.map((id) => `${symbols.get(id) ?? ''} = ${applied(id).text}`);
    const outputs = Object.entries(program.outputs).flatMap(([name, id]) =>
      used(id).text === symbol(name) ? [] : [`${symbol(name)} = ${used(id).text}`],
    );
    const byName = [...results].toSorted(([, one], [, other]) => (mapKey(one.map) < mapKey(other.map) ? -1 : 1));
    const maps = byName.map(([id, { map, argument }]) => `${mapSymbol(map)}(x) = ${definition(argument)(id).text}`);
    return [...lines, ...outputs, ...maps];
  };

/** The equations with the paper's symbols: S_0 for the spins, E for the energy. */
export const latex = latexWith(paperSymbols);
