/**
 * The plain backend: float64, one core, one table of operations, loops that can be read.
 *
 * `compile` checks the types; the first run on a lattice size lays the program out and allocates its buffers, which later runs
 * use again. A run computes what depends on parameters alone once, and all else sample by sample (in the dense case, a few
 * samples at a time). It is the measure of the faster backends, and itself measured by `evaluate`.
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';

import { typecheck, type TypedProgram } from '../../program/typecheck.ts';
import { backendError, type Backend, type Executable } from '../backend.ts';
import { checkArguments } from '../arguments.ts';
import { residentByRuns, residents } from '../schedule/resident.ts';
import { execute } from './execute.ts';
import { operations, type OperationTable } from './operations.ts';
import { laidOutFor, type LaidOutProgram } from './laid-out-program.ts';

const executable = (table: OperationTable, program: TypedProgram): Executable => {
  const known = new Map<number, LaidOutProgram>();
  const laidOutOn = (latticeSize: number): LaidOutProgram => {
    const laidOut = known.get(latticeSize) ?? laidOutFor(table, program)(latticeSize);
    known.set(latticeSize, laidOut);
    return laidOut;
  };
  const checked = checkArguments(program);
  const run: Executable['run'] = (given) =>
    TE.fromIOEither(() =>
      pipe(
        checked(given),
        E.map((fit) => execute(program, laidOutOn(fit.latticeSize), fit)),
      ),
    );
  return { run, resident: residents(program, residentByRuns(run)) };
};

/** The backend that goes by a table of operations. */
export const backendBy = (table: OperationTable): Backend => ({
  name: 'reference',
  compile: (program) =>
    TE.fromEither(
      pipe(
        typecheck(program),
        E.bimap(
          ({ message }) => backendError(message),
          (typed) => executable(table, typed),
        ),
      ),
    ),
});

/** The plain backend itself: float64, with the table of operations in which every step is a loop that can be read. */
export const reference: Backend = backendBy(operations);
