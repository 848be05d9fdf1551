/** What the symmetry check promises: what it accepts is O(3)-invariant or covariant for every weight. */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { some } from 'fp-ts/lib/Option.js';
import fc from 'fast-check';

import { float64 } from '../../src/number/float64.ts';
import type { NumberField } from '../../src/number/number-field.ts';
import { ratio, rational, type Rational } from '../../src/number/rational.ts';
import { evaluate, type Values } from '../../src/program/evaluate.ts';
import { outputExpressions, record, tanh, type Expression } from '../../src/program/expression.ts';
import { entryFunctions, type Algebra, type EntryFunction } from '../../src/program/operation.ts';
import { fold, outputsOf } from '../../src/program/program.ts';
import type { Representation } from '../../src/program/symmetry.ts';
import { declarations, type ProgramError, type TypedProgram } from '../../src/program/typecheck.ts';
import type { ValueType } from '../../src/program/value-type.ts';
import { largestEntry } from '../arbitraries/growth.ts';
import { magnitudes, type Magnitude } from '../arbitraries/magnitude.ts';
import { exact, outputTypes, programCases, sampleOf, smooth, typed, type ProgramCase } from '../arbitraries/program.ts';
import type { Law } from '../law.ts';
import { right } from '../right.ts';

export type SymmetryCheck = (program: TypedProgram) => Either<ProgramError, Readonly<Record<string, Representation>>>;

/** Rows of an orthogonal matrix of rational numbers. */
type RationalMatrix = readonly (readonly Rational[])[];

/** The rotation of an integer quaternion (Euler and Rodrigues), reflected or not: rational, and exactly orthogonal. */
const rotation = ([a, b, c, d]: readonly [number, number, number, number], sign: number): RationalMatrix => {
  const norm = a * a + b * b + c * c + d * d;
  return [
    [a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c)],
    [2 * (b * c + a * d), a * a - b * b + c * c - d * d, 2 * (c * d - a * b)],
    [2 * (b * d - a * c), 2 * (c * d + a * b), a * a - b * b - c * c + d * d],
  ].map((row) => row.map((entry) => ratio(BigInt(sign * entry), BigInt(norm))));
};

const component = fc.integer({ min: -2, max: 2 });

export const rationalOrthogonal: fc.Arbitrary<RationalMatrix> = fc
  .tuple(fc.tuple(fc.integer({ min: 1, max: 3 }), component, component, component), fc.constantFrom(1, -1))
  .map(([quaternion, sign]) => rotation(quaternion, sign));

/** Turns the components of a field, shape [3, ..]; leaves everything else. */
export const turned =
  (matrix: RationalMatrix, type: ValueType) =>
  (entries: readonly Rational[]): readonly Rational[] => {
    if (type.tag !== 'field' || type.components !== 3) {
      return entries;
    }
    const plane = entries.length / 3;
    return matrix.flatMap((row) =>
      Array.from({ length: plane }, (_, place) =>
        row.reduce((sum, m, k) => sum.add(m.mul(entries[k * plane + place] ?? 0)), rational.zero),
      ),
    );
  };

/** A program on one sample, and how its input vectors turn. */
interface TurnedCase {
  readonly example: ProgramCase;
  readonly matrix: RationalMatrix;
}

const turnedCases = (programs: fc.Arbitrary<ProgramCase>): fc.Arbitrary<TurnedCase> =>
  fc.record({
    example: programs.filter(({ program }) =>
      Object.values(declarations('input')(program)).some((type) => type.tag === 'field' && type.components === 3),
    ),
    matrix: rationalOrthogonal,
  });

const small = { operations: 6, latticeSizes: [1, 2], batches: [1] };

const lifted = (values: Values<number>): Values<Rational> =>
  Object.fromEntries(Object.entries(values).map(([name, entries]) => [name, entries.map(rational.fromNumber)]));

const equal = (a: readonly Rational[], b: readonly Rational[]): boolean =>
  a.length === b.length && a.every((x, i) => x.equals(b[i] ?? NaN));

const turnedInputs = ({ example, matrix }: TurnedCase): Values<Rational> => {
  const inputs = lifted(sampleOf(example, 0));
  return Object.fromEntries(
    Object.entries(declarations('input')(example.program)).map(([name, type]) => [
      name,
      turned(matrix, type)(inputs[name] ?? []),
    ]),
  );
};

/** One program for each output, which needs nothing else: what breaks the symmetry of one does not hide the others. */
const programsOf = (outputs: Readonly<Record<string, Expression>>): readonly TypedProgram[] =>
  Object.entries(outputs).map(([name, expression]) => typed(record({ [name]: expression })));

/** What a value that is so judged becomes when the inputs turn; null where its type has no such representation. */
const promised = (
  representation: Representation | undefined,
  type: ValueType,
  matrix: RationalMatrix,
  before: readonly Rational[],
): readonly Rational[] | null => {
  switch (representation) {
    case 'invariant':
      return before;
    case 'zero':
      return before.map(() => rational.zero);
    case 'vector':
      return type.tag === 'field' && type.components === 3 ? turned(matrix, type)(before) : null;
    case undefined:
      return null;
  }
};

/** A number field that has x -> 1 + x + x^2 in the place of tanh. */
const withSquares: NumberField<Rational> = { ...rational, tanh: some((x) => x.mul(x).add(x).add(1)) };

/** A program whose functions of entries are tanh, and the function that the check takes them for. */
export interface FunctionCase extends TurnedCase {
  readonly name: EntryFunction;
}

/** The program with each tanh called by another function's name. */
const renamed = (name: EntryFunction, program: TypedProgram): TypedProgram => ({
  ...program,
  equations: program.equations.map((equation) =>
    equation.tag === 'tanh' ? { tag: name, value: equation.value } : equation,
  ),
});

/** Each output, and its tanh, so that functions meet all that programs compute. */
const exactPrograms = ({ program }: ProgramCase): readonly TypedProgram[] =>
  programsOf(
    Object.fromEntries(
      Object.entries(outputExpressions(program)).flatMap(([name, x]) => [
        [name, x],
        [`tanh.${name}`, tanh(x)],
      ]),
    ),
  );

/** The programs that the check gets in one case. */
export const judgedPrograms = ({ example, name }: FunctionCase): readonly TypedProgram[] =>
  exactPrograms(example).map((program) => renamed(name, program));

/**
 * The check knows a function of entries by its name alone, so what it accepts has to be symmetric whatever the function
 * is: one that is exact over the rationals, and defined for all, stands in for each.
 */
export const acceptedProgramsAreSymmetric: Law<SymmetryCheck, FunctionCase> = {
  statement: 'outputs of an accepted program turn as the check says, under rotations and reflections, exactly',
  cases: fc
    .tuple(turnedCases(programCases({ ...exact, ...small, functions: ['tanh'] })), fc.constantFrom(...entryFunctions))
    .map(([example, name]) => ({ ...example, name })),
  runs: 400,
  acceptance: {
    isAccepted: (symmetry) => (example) => judgedPrograms(example).some((program) => E.isRight(symmetry(program))),
    least: 0.5,
  },
  holds: (symmetry) => (turnedCase) => {
    const { example, matrix, name: functionName } = turnedCase;
    const run = (program: TypedProgram, inputs: Values<Rational>) =>
      right(evaluate(withSquares)(example.latticeSize)(lifted(example.parameters), inputs)(program));
    return exactPrograms(example).every((program) => {
      const judged = symmetry(renamed(functionName, program));
      if (E.isLeft(judged)) {
        return true;
      }
      const before = run(program, lifted(sampleOf(example, 0)));
      const after = run(program, turnedInputs(turnedCase));
      return Object.entries(outputTypes(program)).every(([name, type]) => {
        const expected = promised(judged.right[name], type, matrix, before[name] ?? []);
        return expected !== null && equal(after[name] ?? [], expected);
      });
    });
  },
};

/**
 * Rounding errors of a program whose vectors may have turned: no component exceeds sqrt(3) times the largest, and each
 * was rounded once.
 */
const turnedMagnitudes = (N: number): Algebra<Magnitude, Magnitude> => {
  const largest = Math.sqrt(3) * largestEntry;
  return { ...magnitudes(N, largest), input: ({ type }) => ({ type, bound: largest, error: largest }) };
};

const nearly = (tolerance: number, a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((x, i) => Math.abs(x - (b[i] ?? NaN)) <= tolerance);

export const acceptedProgramsAreSymmetricInFloats: Law<SymmetryCheck, TurnedCase> = {
  statement: 'outputs of an accepted program turn as the check says, in float64 with tanh, 1/x and square roots',
  cases: turnedCases(programCases({ ...smooth, ...small })),
  runs: 300,
  acceptance: {
    isAccepted:
      (symmetry) =>
      ({ example: { program } }) =>
        programsOf(outputExpressions(program)).some((one) => E.isRight(symmetry(one))),
    least: 0.5,
  },
  holds: (symmetry) => (turnedCase) => {
    const { example, matrix } = turnedCase;
    const { latticeSize, parameters } = example;
    const rounded = (values: Values<Rational>): Values<number> =>
      Object.fromEntries(Object.entries(values).map(([name, entries]) => [name, entries.map(rational.toNumber)]));
    const run = (program: TypedProgram, inputs: Values<number>) =>
      right(evaluate(float64)(latticeSize)(parameters, inputs)(program));
    return programsOf(outputExpressions(example.program)).every((program) => {
      const judged = symmetry(program);
      if (E.isLeft(judged)) {
        return true;
      }
      const before = run(program, sampleOf(example, 0));
      const after = run(program, rounded(turnedInputs(turnedCase)));
      const errors = outputsOf(program)(fold(turnedMagnitudes(latticeSize))(program));
      return Object.entries(outputTypes(program)).every(([name, type]) => {
        const expected = promised(judged.right[name], type, matrix, (before[name] ?? []).map(rational.fromNumber));
        // The error of one run, and that of the other times sqrt(3), which no row of an orthogonal matrix exceeds in sum.
        const tolerance = (1 + Math.sqrt(3)) * (errors[name]?.error ?? 0) * 2 ** -53;
        return expected !== null && nearly(tolerance, after[name] ?? [], expected.map(rational.toNumber));
      });
    });
  },
};
