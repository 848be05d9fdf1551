/**
 * The meaning of programs: every operation as its definition, over any number field, for one sample, N x N sites.
 *
 * This is the text to hold beside `operation.ts`, and what all backends are measured by: obvious, not fast. Over
 * `rational` it is exact, over `dual(field)` it differentiates. Offsets wrap modulo N, so a kernel may be larger than
 * the lattice: several of its taps then read one site.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import { isNone } from 'fp-ts/lib/Option.js';

import type { NumberField } from '../number/number-field.ts';
import { interpret, mapOperands, type Algebra } from './operation.ts';
import { foldEither, outputsOf } from './program.ts';
import { promisedBias, promisedField, promisedKernel } from './promised-type.ts';
import { programError, type ProgramError, type TypedProgram } from './typecheck.ts';
import { biasType, fieldType, kernelType, lengthOf, scalarType, shapeOf, type ValueType } from './value-type.ts';

/** Numbers by name, each array row-major in the shape of `shapeOf`. */
export type Values<A> = Readonly<Record<string, readonly A[]>>;

/** A value of a program: its numbers, in the shape of its type. */
export interface Tensor<A> {
  readonly type: ValueType;
  readonly entries: readonly A[];
}

/** A value, or why there is none. */
export type Evaluated<A> = Either<ProgramError, Tensor<A>>;

/** A place r on the lattice, or an offset d from one place to another. */
interface Site {
  readonly row: number;
  readonly column: number;
}

const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);

const square = (indices: readonly number[]): readonly Site[] =>
  indices.flatMap((row) => indices.map((column) => ({ row, column })));

/** The size x size offsets around 0. */
const offsets = (size: number): readonly Site[] => square(upTo(size).map((i) => i - (size - 1) / 2));

const plus = (r: Site, d: Site): Site => ({ row: r.row + d.row, column: r.column + d.column });

const minus = (r: Site, d: Site): Site => ({ row: r.row - d.row, column: r.column - d.column });

const wrapped = (n: number, N: number): number => ((n % N) + N) % N;

const entryOf = <A>(entries: readonly A[], index: number): A => {
  const entry = entries[index];
  if (entry === undefined) {
    throw new RangeError(`entry ${index} of ${entries.length}: the shape of a value does not fit its type`);
  }
  return entry;
};

/** What a program is evaluated at. */
export interface Arguments<A> {
  readonly inputs: Values<A>;
  readonly parameters: Values<A>;
}

const argument = <A>(
  kind: 'input' | 'parameter',
  entries: readonly A[] | undefined,
  N: number,
  { name, type }: { readonly name: string; readonly type: ValueType },
): Evaluated<A> => {
  const expected = `${kind} ${name} expects ${lengthOf(N)(type)} numbers, shape [${shapeOf(N)(type).join(', ')}]`;
  if (entries === undefined) {
    return E.left(programError(`${expected}, got none: pass them under its name`));
  }
  return entries.length === lengthOf(N)(type)
    ? E.right({ type, entries })
    : E.left(programError(`${expected}, got ${entries.length}: check the lattice size, ${N}, and the type`));
};

/** The meaning of each operation over a field of numbers, on an N x N lattice, at given arguments. */
export type Definitions = <A>(
  numbers: NumberField<A>,
  N: number,
  given: Arguments<A>,
) => Algebra<Tensor<A>, Evaluated<A>>;

/** K are kernels, x and y fields, a amplitudes, v vectors, s scalars, r sites, d offsets, as in `operation.ts`. */
export const definitions: Definitions = <A>(
  numbers: NumberField<A>,
  N: number,
  given: Arguments<A>,
): Algebra<Tensor<A>, Evaluated<A>> => {
  const { zero, one, add, mul, div } = numbers;
  const sites = square(upTo(N));
  const sum = (terms: readonly A[]): A => terms.reduce(add, zero);

  /** x_kc(r), around the torus. */
  const at = (x: Tensor<A>, k: number, c: number, { row, column }: Site): A =>
    entryOf(x.entries, ((k * promisedField(x.type).channels + c) * N + wrapped(row, N)) * N + wrapped(column, N));
  /** K_oi(d), d counted from the centre. */
  const tap = (K: Tensor<A>, o: number, i: number, { row, column }: Site): A => {
    const { inputs, size } = promisedKernel(K.type);
    const centre = (size - 1) / 2;
    return entryOf(K.entries, ((o * inputs + i) * size + centre + row) * size + centre + column);
  };
  const valueOf = (scalar: Tensor<A>): A => entryOf(scalar.entries, 0);

  const field = (components: number, channels: number, f: (k: number, c: number, r: Site) => A): Evaluated<A> =>
    E.right({
      type: fieldType(components, channels),
      entries: upTo(components).flatMap((k) => upTo(channels).flatMap((c) => sites.map((r) => f(k, c, r)))),
    });
  const kernel = (
    outputs: number,
    inputs: number,
    size: number,
    f: (o: number, i: number, d: Site) => A,
  ): Evaluated<A> =>
    E.right({
      type: kernelType(outputs, inputs, size),
      entries: upTo(outputs).flatMap((o) => upTo(inputs).flatMap((i) => offsets(size).map((d) => f(o, i, d)))),
    });
  const bias = (channels: number, f: (c: number) => A): Evaluated<A> =>
    E.right({ type: biasType(channels), entries: upTo(channels).map(f) });
  const scalar = (value: A): Evaluated<A> => E.right({ type: scalarType, entries: [value] });
  const entrywise = ({ type, entries }: Tensor<A>, f: (entry: A, index: number) => A): Evaluated<A> =>
    E.right({ type, entries: entries.map(f) });

  return {
    input: (declared) => argument('input', given.inputs[declared.name], N, declared),
    parameter: (declared) => argument('parameter', given.parameters[declared.name], N, declared),
    constant: ({ value }) => scalar(numbers.fromNumber(value)),
    correlate: ({ kernel: K, field: x }) => {
      const { outputs, inputs, size } = promisedKernel(K.type);
      return field(promisedField(x.type).components, outputs, (k, o, r) =>
        sum(upTo(inputs).flatMap((i) => offsets(size).map((d) => mul(tap(K, o, i, d), at(x, k, i, plus(r, d)))))),
      );
    },
    correlateTransposed: ({ kernel: K, field: y }) => {
      const { outputs, inputs, size } = promisedKernel(K.type);
      return field(promisedField(y.type).components, inputs, (k, i, r) =>
        sum(upTo(outputs).flatMap((o) => offsets(size).map((d) => mul(tap(K, o, i, d), at(y, k, o, minus(r, d)))))),
      );
    },
    kernelGradient: ({ size, field: x, cotangent: y }) => {
      const { components, channels: inputs } = promisedField(x.type);
      const { channels: outputs } = promisedField(y.type);
      return kernel(outputs, inputs, size, (o, i, d) =>
        sum(upTo(components).flatMap((k) => sites.map((r) => mul(at(y, k, o, r), at(x, k, i, plus(r, d)))))),
      );
    },
    add: ({ left, right }) => entrywise(left, (entry, index) => add(entry, entryOf(right.entries, index))),
    multiply: ({ left, right }) => entrywise(left, (entry, index) => mul(entry, entryOf(right.entries, index))),
    scale: ({ factor, value }) => entrywise(value, (entry) => mul(valueOf(factor), entry)),
    tanh: ({ value }) =>
      isNone(numbers.tanh)
        ? E.left(
            programError(`tanh expects float64 numbers, got ${numbers.name}, which have none: linearize the program`),
          )
        : entrywise(value, numbers.tanh.value),
    reciprocal: ({ value }) =>
      value.entries.some((entry) => numbers.toNumber(entry) === 0)
        ? E.left(
            programError('reciprocal expects no entry to be 0, got a field with one: keep its argument away from 0'),
          )
        : entrywise(value, (entry) => div(one, entry)),
    sqrt: ({ value }) =>
      pipe(
        value.entries,
        E.traverseArray((entry) =>
          E.fromOption(() =>
            programError(
              `sqrt expects entries with a root among ${numbers.name} numbers, got ${numbers.toNumber(entry)}: keep its argument positive, or evaluate over float64`,
            ),
          )(numbers.sqrt(entry)),
        ),
        E.map((entries) => ({ type: value.type, entries })),
      ),
    contract: ({ left: x, right: y }) => {
      const { components, channels } = promisedField(x.type);
      return field(1, channels, (_, c, r) => sum(upTo(components).map((k) => mul(at(x, k, c, r), at(y, k, c, r)))));
    },
    modulate: ({ amplitude: a, vector: v }) => {
      const { components, channels } = promisedField(v.type);
      return field(components, channels, (k, c, r) => mul(at(a, 0, c, r), at(v, k, c, r)));
    },
    total: ({ value }) => scalar(sum(value.entries)),
    fill: ({ type, scalar: s }) => E.right({ type, entries: upTo(lengthOf(N)(type)).map(() => valueOf(s)) }),
    sumSites: ({ field: x }) => {
      const { components, channels } = promisedField(x.type);
      return bias(channels, (c) => sum(upTo(components).flatMap((k) => sites.map((r) => at(x, k, c, r)))));
    },
    broadcast: ({ components, bias: b }) =>
      field(components, promisedBias(b.type).channels, (_, c) => entryOf(b.entries, c)),
    concat: ({ parts }) => {
      const { components } = promisedField(entryOf(parts, 0).type);
      const channels = parts.flatMap((x) => upTo(promisedField(x.type).channels).map((c) => ({ x, c })));
      return field(components, channels.length, (k, c, r) => at(entryOf(channels, c).x, k, entryOf(channels, c).c, r));
    },
    slice: ({ from, to, field: x }) =>
      field(promisedField(x.type).components, to - from, (k, c, r) => at(x, k, from + c, r)),
  };
};

/** The interpreter that goes by these definitions. */
export const evaluateBy =
  (meanings: Definitions) =>
  <A>(numbers: NumberField<A>) =>
  (latticeSize: number) =>
  (parameters: Values<A>, inputs: Values<A>) =>
  (program: TypedProgram): Either<ProgramError, Values<A>> => {
    if (!Number.isSafeInteger(latticeSize) || latticeSize < 1) {
      return E.left(
        programError(`expected a lattice size of 1 or more, got ${latticeSize}: pass N of the N x N lattice`),
      );
    }
    const meaning = interpret(meanings(numbers, latticeSize, { parameters, inputs }));
    return pipe(
      program,
      foldEither<ProgramError, Tensor<A>>((known, equation) => meaning(mapOperands(known)(equation))),
      E.map(outputsOf(program)),
      E.map((outputs) => Object.fromEntries(Object.entries(outputs).map(([name, { entries }]) => [name, entries]))),
    );
  };

/**
 * The outputs of a program for one sample, by name.
 *
 * Errors: an argument that is missing or has the wrong length, a lattice size that is no positive integer, `tanh` over
 * numbers that have none, the reciprocal of 0, the square root of what has none among the numbers.
 *
 * @example
 * pipe(
 *   typecheck(isingEfnn),
 *   E.chain(evaluate(float64)(2)(isingWeights(float64)(1), { spins: [1, 1, 1, 1] })),
 * ) // right({ energy: [-8] })
 */
export const evaluate = evaluateBy(definitions);
