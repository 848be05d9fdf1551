/**
 * The proven functions, extracted to OCaml, beside the TypeScript: types, representations, gradients and simplifications
 * of the same programs, which travel as lines of integers. `agree.ml` has the other end.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';

import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import fc from 'fast-check';

import { architectures, network, networkProgram, type Shape } from '../../src/network/network.ts';
import { contract, outputExpressions, record, total, type Expression } from '../../src/program/expression.ts';
import { gradient, gradientName } from '../../src/program/gradient.ts';
import { tags } from '../../src/program/operation.ts';
import { valueId, type Equation, type Program } from '../../src/program/program.ts';
import { identities, simplify, simplifyBy } from '../../src/program/simplify.ts';
import { symmetry, type Representation } from '../../src/program/symmetry.ts';
import { declarations, type ProgramError, type TypedProgram } from '../../src/program/typecheck.ts';
import { biasType, fieldType, kernelType, sameType, scalarType, type ValueType } from '../../src/program/value-type.ts';
import { programCases, smooth, typed } from '../../spec/arbitraries/program.ts';
import { lossOf } from '../../spec/laws/gradient.ts';
import {
  differentiated as withGradient,
  dressedCases,
  dressedProgram,
  type Dressed,
} from '../../spec/laws/simplify.ts';
import { right } from '../../spec/right.ts';

/** The functions that are held against the proven ones. */
export interface Checked {
  readonly gradient: (
    output: string,
    variables: readonly string[],
  ) => (program: TypedProgram) => Either<ProgramError, TypedProgram>;
  readonly symmetry: (program: TypedProgram) => Either<ProgramError, Readonly<Record<string, Representation>>>;
  readonly simplify: (program: TypedProgram) => Either<ProgramError, TypedProgram>;
}

/** What is asked of both: the gradient of one output by all variables, or no gradient. */
interface Question {
  readonly program: TypedProgram;
  readonly differentiated: string | null;
}

const numbersOfType = (type: ValueType): readonly number[] => {
  switch (type.tag) {
    case 'field':
      return [0, type.components, type.channels];
    case 'kernel':
      return [1, type.outputs, type.inputs, type.size];
    case 'bias':
      return [2, type.channels];
    case 'scalar':
      return [3];
  }
};

/** Mantissa and exponent of a finite number: value = mantissa * 2^exponent, the mantissa odd or 0. */
const binaryFraction = (value: number, exponent = 0): readonly [number, number] =>
  value === 0
    ? [0, 0]
    : !Number.isInteger(value)
      ? binaryFraction(value * 2, exponent - 1)
      : value % 2 === 0
        ? binaryFraction(value / 2, exponent + 1)
        : [value, exponent];

const numbersOf =
  (names: readonly string[]) =>
  (equation: Equation): readonly number[] => {
    const tag = tags.indexOf(equation.tag);
    switch (equation.tag) {
      case 'input':
      case 'parameter':
        return [tag, names.indexOf(equation.name), ...numbersOfType(equation.type)];
      case 'constant':
        return [tag, ...binaryFraction(equation.value)];
      case 'correlate':
      case 'correlateTransposed':
        return [tag, equation.kernel, equation.field];
      case 'kernelGradient':
        return [tag, equation.size, equation.field, equation.cotangent];
      case 'add':
      case 'multiply':
      case 'contract':
        return [tag, equation.left, equation.right];
      case 'scale':
        return [tag, equation.factor, equation.value];
      case 'tanh':
      case 'reciprocal':
      case 'sqrt':
      case 'total':
        return [tag, equation.value];
      case 'modulate':
        return [tag, equation.amplitude, equation.vector];
      case 'fill':
        return [tag, ...numbersOfType(equation.type), equation.scalar];
      case 'sumSites':
        return [tag, equation.field];
      case 'broadcast':
        return [tag, equation.components, equation.bias];
      case 'concat':
        return [tag, equation.parts.length, ...equation.parts];
      case 'slice':
        return [tag, equation.from, equation.to, equation.field];
    }
  };

type Next = () => number;

const take = <A>(n: number, next: () => A): readonly A[] => Array.from({ length: n }, next);

const readType = (next: Next): ValueType => {
  switch (next()) {
    case 0:
      return fieldType(next(), next());
    case 1:
      return kernelType(next(), next(), next());
    case 2:
      return biasType(next());
    default:
      return scalarType;
  }
};

/** An equation that came back; a declared name stands for its declaration in the program. */
const readEquation =
  (program: TypedProgram, names: readonly string[]) =>
  (next: Next): Equation => {
    const id = () => valueId(next());
    const tag = tags[next()];
    if (tag === undefined) {
      throw new RangeError('expected the number of an operation, got another');
    }
    switch (tag) {
      case 'input':
      case 'parameter': {
        const name = names[next()];
        const type = readType(next);
        const found = program.equations.find(
          (equation) => equation.tag === tag && equation.name === name && sameType(equation.type, type),
        );
        if (found === undefined) {
          throw new RangeError(`expected a declaration of the program, got ${tag} ${name}`);
        }
        return found;
      }
      case 'constant':
        return { tag, value: next() * 2 ** next() };
      case 'correlate':
      case 'correlateTransposed':
        return { tag, kernel: id(), field: id() };
      case 'kernelGradient':
        return { tag, size: next(), field: id(), cotangent: id() };
      case 'add':
      case 'multiply':
      case 'contract':
        return { tag, left: id(), right: id() };
      case 'scale':
        return { tag, factor: id(), value: id() };
      case 'tanh':
      case 'reciprocal':
      case 'sqrt':
      case 'total':
        return { tag, value: id() };
      case 'modulate':
        return { tag, amplitude: id(), vector: id() };
      case 'fill':
        return { tag, type: readType(next), scalar: id() };
      case 'sumSites':
        return { tag, field: id() };
      case 'broadcast':
        return { tag, components: next(), bias: id() };
      case 'concat':
        return { tag, parts: take(next(), id) };
      case 'slice':
        return { tag, from: next(), to: next(), field: id() };
    }
  };

const namesOf = (program: TypedProgram): readonly string[] => [
  ...Object.keys(declarations('input')(program)),
  ...Object.keys(declarations('parameter')(program)),
];

const numbersOfProgram =
  (names: readonly string[]) =>
  ({ equations, outputs }: Program): readonly number[] => {
    const ids = Object.values(outputs);
    return [equations.length, ...equations.flatMap(numbersOf(names)), ids.length, ...ids];
  };

const lineOf = ({ program, differentiated }: Question): string => {
  const names = namesOf(program);
  const types = { ...declarations('input')(program), ...declarations('parameter')(program) };
  return [
    ...numbersOfProgram(names)(program),
    differentiated === null ? -1 : (program.outputs[differentiated] ?? -1),
    ...(differentiated === null
      ? [0]
      : [names.length, ...names.flatMap((name, i) => [i, ...numbersOfType(types[name] ?? scalarType)])]),
  ].join(' ');
};

const representations: readonly Representation[] = ['invariant', 'vector', 'zero'];

/** Dead equations gone, equal ones bound once, in the order of the outputs: equal programs have equal texts. */
const normal = (program: Program): string => JSON.stringify(record(outputExpressions(program)));

/** What differs between the proven answer and that of the TypeScript; null where nothing does. */
const difference = (checked: Checked, { program, differentiated }: Question, answer: string): string | null => {
  const numbers = answer.split(' ').map(Number)[Symbol.iterator]();
  const next: Next = () => {
    const { value, done } = numbers.next();
    if (done === true) {
      throw new RangeError('expected another integer, got the end of the answer');
    }
    return value;
  };
  const typeCount = next();
  const types = take(Math.max(0, typeCount), () => readType(next));
  if (typeCount !== program.types.length || !types.every((type, i) => sameType(type, program.types[i] ?? scalarType))) {
    return 'types';
  }
  const judgedCount = next();
  const judged = take(Math.max(0, judgedCount), () => representations[next()]);
  const expected = checked.symmetry(program);
  const isSame =
    E.isLeft(expected) === judgedCount < 0 &&
    (E.isLeft(expected) ||
      Object.entries(expected.right).every(
        ([name, representation]) => judged[program.outputs[name] ?? -1] === representation,
      ));
  if (!isSame) {
    return 'symmetry';
  }
  const names = namesOf(program);
  const equations = take(next(), () => readEquation(program, names)(next));
  const places = take(next(), next);
  const derivatives = take(next(), next);
  const simple = checked.simplify(program);
  if (E.isLeft(simple) || [...numbers].join() !== numbersOfProgram(names)(simple.right).join()) {
    return 'simplification';
  }
  if (differentiated === null) {
    return null;
  }
  const proven: Program = {
    equations,
    outputs: {
      ...Object.fromEntries(Object.entries(program.outputs).map(([name, id]) => [name, valueId(places[id] ?? -1)])),
      ...Object.fromEntries(
        names.map((name, i) => [gradientName(differentiated, name), valueId(derivatives[i] ?? -1)]),
      ),
    },
  };
  const mine = checked.gradient(differentiated, names)(program);
  return E.isRight(mine) && normal(mine.right) === normal(proven) ? null : 'gradient';
};

const linesFrom = async (executable: string, lines: readonly string[]): Promise<readonly string[]> => {
  const child = spawn(executable, { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(`${lines.join('\n')}\n`);
  const chunks = await child.stdout.setEncoding('utf8').toArray();
  return chunks.join('').trimEnd().split('\n');
};

/** How many programs were compared, how many the check accepted, and what differs. */
export interface Agreement {
  readonly programs: number;
  readonly accepted: number;
  readonly differences: readonly string[];
}

const compare = async (folder: string, checked: Checked, questions: readonly Question[]): Promise<Agreement> => {
  const answers = await linesFrom(join(folder, 'agree'), questions.map(lineOf));
  return {
    programs: questions.length,
    accepted: questions.filter(({ program }) => E.isRight(checked.symmetry(program))).length,
    differences: questions.flatMap((question, index) => {
      const found = difference(checked, question, answers[index] ?? '');
      return found === null ? [] : [`${found} of ${lineOf(question)}`];
    }),
  };
};

/**
 * One program for each output of the first kind, the sum of all with its gradient, and two that leave room for
 * simplification: the outputs written in longer ways, and the gradient as a program.
 */
const questionsOf = (example: Dressed): readonly Question[] => [
  { program: lossOf(example.program), differentiated: 'loss' },
  ...[
    ...Object.entries(outputExpressions(example.program)).map(([name, expression]: readonly [string, Expression]) =>
      typed(record({ [name]: expression })),
    ),
    dressedProgram(example),
    withGradient(example.program),
  ].map((program) => ({ program, differentiated: null })),
];

/** How many random programs are drawn and sent at once. */
const batch = 500;

/** Random programs over all operations: `count` sums with their gradients, and their outputs one by one. */
export const randomAgreement = async (
  folder: string,
  checked: Checked,
  count: number,
  seed: number,
): Promise<Agreement> => {
  const found: Agreement[] = [];
  for (const from of Array.from({ length: Math.ceil(count / batch) }, (_, i) => i * batch)) {
    const cases = fc.sample(dressedCases(programCases({ ...smooth, latticeSizes: [1], batches: [1] })), {
      numRuns: Math.min(batch, count - from),
      seed: seed + from,
    });
    found.push(await compare(folder, checked, cases.flatMap(questionsOf)));
  }
  return {
    programs: found.reduce((sum, { programs }) => sum + programs, 0),
    accepted: found.reduce((sum, { accepted }) => sum + accepted, 0),
    differences: found.flatMap(({ differences }) => differences),
  };
};

const shapes: readonly Shape[] = [
  ...[1, 2, 3].map((layers): Shape => ({ tag: 'dense', sites: 4, neurons: 3, layers })),
  { tag: 'dense', sites: 3, neurons: 3, layers: 2 },
  ...[1, 2, 3].flatMap((layers): readonly Shape[] =>
    [false, true].map((pairHead) => ({ tag: 'lattice', channels: 2, layers, kernel: 3, pairHead })),
  ),
];

/** The sum of squares of the forces: its gradient is the gradient of a gradient. */
const forceLoss = (program: TypedProgram): TypedProgram => {
  const { 'd(energy)/d(spins)': force } = outputExpressions(right(gradient('energy', ['spins'])(program)));
  if (force === undefined) {
    throw new RangeError('expected forces among the outputs, got none');
  }
  const field = { operation: force.operation };
  return typed(record({ loss: total(contract(field, field)) }));
};

/** The program with the gradient that is asked for. */
const gradientOf = ({ program, differentiated }: { readonly program: TypedProgram; readonly differentiated: string }) =>
  right(gradient(differentiated, namesOf(program))(program));

/** All networks, dense and on lattices, with one to three layers; the loss on their forces; and the gradients of both. */
export const networkAgreement = (folder: string, checked: Checked): Promise<Agreement> =>
  compare(
    folder,
    checked,
    architectures.flatMap((architecture) =>
      shapes.flatMap((shape) => {
        const program = right(networkProgram(network(architecture, shape)));
        return [
          { program, differentiated: 'energy' },
          { program: forceLoss(program), differentiated: 'loss' },
        ].flatMap((question) => [question, { program: gradientOf(question), differentiated: null }]);
      }),
    ),
  );

/** The TypeScript as it stands. */
export const asItStands: Checked = { gradient, symmetry, simplify };

/** Wrong ones, which must be found to differ. */
export const wrong: Readonly<Record<string, Checked>> = {
  'a gradient of twice the output': {
    ...asItStands,
    gradient: (output, variables) => (program) => {
      const outputs = outputExpressions(program);
      const { [output]: value } = outputs;
      return value === undefined
        ? gradient(output, variables)(program)
        : gradient(
            output,
            variables,
          )(typed(record({ ...outputs, [output]: { operation: { tag: 'add', left: value, right: value } } })));
    },
  },
  'a check that accepts everything': {
    ...asItStands,
    symmetry: (program) =>
      E.right(Object.fromEntries(Object.keys(program.outputs).map((name) => [name, 'invariant' as const]))),
  },
  'a simplification that knows no identity of sums': {
    ...asItStands,
    simplify: simplifyBy({ ...identities, add: () => () => null }),
  },
  'a simplification that leaves dead equations': {
    ...asItStands,
    simplify: (program) => {
      const all = {
        ...program.outputs,
        ...Object.fromEntries(program.equations.map((_, id) => [`#${id}`, valueId(id)])),
      };
      return pipe(
        simplify({ ...program, outputs: all }),
        E.map((simple) => ({
          ...simple,
          outputs: Object.fromEntries(Object.entries(simple.outputs).filter(([name]) => name in program.outputs)),
        })),
      );
    },
  },
};
