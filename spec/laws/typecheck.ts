/** What a type promises. */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import fc from 'fast-check';

import { float64 } from '../../src/number/float64.ts';
import { evaluate } from '../../src/program/evaluate.ts';
import { mapOperands, operandsOf } from '../../src/program/operation.ts';
import { valueId, type Equation, type Program } from '../../src/program/program.ts';
import type { ProgramError, TypedProgram } from '../../src/program/typecheck.ts';
import { lengthOf } from '../../src/program/value-type.ts';
import { exact, outputTypes, programCases, sampleOf, type ProgramCase } from '../arbitraries/program.ts';
import type { Law } from '../law.ts';

/** A checker of programs. */
export type Typecheck = (program: Program) => Either<ProgramError, TypedProgram>;

interface Miswired {
  readonly example: ProgramCase;
  /** The program with one operand of one equation replaced by another value. */
  readonly program: Program;
}

const rewire = (program: Program, equation: number, operand: number, by: number): Program => {
  const replaced = (old: Equation): Equation => {
    const target = operandsOf(old)[operand % Math.max(1, operandsOf(old).length)];
    return mapOperands((id: typeof target) =>
      id === target ? valueId(by % program.equations.length) : (id ?? valueId(0)),
    )(old);
  };
  const place = equation % program.equations.length;
  return { ...program, equations: program.equations.map((old, index) => (index === place ? replaced(old) : old)) };
};

const miswired: fc.Arbitrary<Miswired> = fc
  .tuple(programCases({ ...exact, latticeSizes: [1, 3], batches: [1] }), fc.nat(50), fc.nat(3), fc.nat(50))
  .map(([example, equation, operand, by]) => ({ example, program: rewire(example.program, equation, operand, by) }));

/** Whether a program evaluates, and each output is as long as its type says. */
const evaluatesAsTyped = (program: TypedProgram, example: ProgramCase): boolean => {
  const run = E.tryCatch(
    () => evaluate(float64)(example.latticeSize)(example.parameters, sampleOf(example, 0))(program),
    () => undefined,
  );
  return (
    E.isRight(run) &&
    E.isRight(run.right) &&
    Object.entries(outputTypes(program)).every(
      ([name, type]) =>
        E.isRight(run.right) &&
        run.right.right[name]?.length === lengthOf(example.latticeSize)(type) &&
        run.right.right[name].every(Number.isFinite),
    )
  );
};

/** A checker is sound: it accepts no program that goes wrong. */
export const typedProgramsEvaluate: Law<Typecheck, Miswired> = {
  statement: 'a program that typechecks evaluates, and each value has the shape of its type, however it was wired',
  cases: miswired,
  runs: 300,
  holds:
    (typecheck) =>
    ({ example, program }) => {
      const checked = typecheck(program);
      return E.isLeft(checked) || (isTyped(program, checked.right) && evaluatesAsTyped(checked.right, example));
    },
  acceptance: {
    isAccepted:
      (typecheck) =>
      ({ program }) =>
        E.isRight(typecheck(program)),
    least: 0.5,
  },
};

/** Whether a typed program is this one, with a type for each of its values. */
const isTyped = ({ equations, outputs }: Program, typed: TypedProgram): boolean =>
  typed.equations.length === equations.length &&
  typed.equations.every((equation, index) => equation === equations[index]) &&
  Object.keys(typed.outputs).join() === Object.keys(outputs).join() &&
  typed.types.length === equations.length;

/** A checker is complete for what the constructors build. */
export const recordedProgramsTypecheck: Law<Typecheck, ProgramCase> = {
  statement: 'a program that was built right typechecks',
  cases: programCases(exact),
  holds:
    (typecheck) =>
    ({ program }) => {
      const checked = typecheck(program);
      return E.isRight(checked) && isTyped(program, checked.right);
    },
};
