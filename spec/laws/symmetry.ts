/** What the symmetry check promises: what it accepts is O(3)-invariant or covariant for every weight. */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import fc from 'fast-check';

import { ratio, rational, type Rational } from '../../src/number/rational.ts';
import { evaluate, type Values } from '../../src/program/evaluate.ts';
import type { Representation } from '../../src/program/symmetry.ts';
import { declarations, type ProgramError, type TypedProgram } from '../../src/program/typecheck.ts';
import type { ValueType } from '../../src/program/value-type.ts';
import { exact, outputTypes, programCases, sampleOf, type ProgramCase } from '../arbitraries/program.ts';
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

const small = fc.integer({ min: -2, max: 2 });

export const rationalOrthogonal: fc.Arbitrary<RationalMatrix> = fc
  .tuple(fc.tuple(fc.integer({ min: 1, max: 3 }), small, small, small), fc.constantFrom(1, -1))
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

interface TurnedCase {
  readonly example: ProgramCase;
  readonly matrix: RationalMatrix;
}

const lifted = (values: Values<number>): Values<Rational> =>
  Object.fromEntries(Object.entries(values).map(([name, entries]) => [name, entries.map(rational.fromNumber)]));

const equal = (a: readonly Rational[], b: readonly Rational[]): boolean =>
  a.length === b.length && a.every((x, i) => x.equals(b[i] ?? NaN));

export const acceptedProgramsAreSymmetric: Law<SymmetryCheck, TurnedCase> = {
  statement: 'outputs of an accepted program turn as the check says, under rotations and reflections, exactly',
  cases: fc.record({
    example: programCases({ ...exact, operations: 5, latticeSizes: [1, 2], batches: [1] }).filter(({ program }) =>
      Object.values(declarations('input')(program)).some((type) => type.tag === 'field' && type.components === 3),
    ),
    matrix: rationalOrthogonal,
  }),
  runs: 300,
  holds:
    (symmetry) =>
    ({ example, matrix }) => {
      const { program, latticeSize } = example;
      const judged = symmetry(program);
      if (E.isLeft(judged)) {
        return true;
      }
      const types = declarations('input')(program);
      const inputs = lifted(sampleOf(example, 0));
      const turnedInputs = Object.fromEntries(
        Object.entries(types).map(([name, type]) => [name, turned(matrix, type)(inputs[name] ?? [])]),
      );
      const run = (given: Values<Rational>) =>
        right(evaluate(rational)(latticeSize)(lifted(example.parameters), given)(program));
      const [before, after] = [run(inputs), run(turnedInputs)];
      return Object.entries(outputTypes(program)).every(([name, type]) => {
        const expected = before[name] ?? [];
        return equal(after[name] ?? [], judged.right[name] === 'vector' ? turned(matrix, type)(expected) : expected);
      });
    },
};
