/** A program ready to run: on each lattice size and number of samples by a machine, which is kept for later runs. */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';

import type { ValueId } from '../../program/program.ts';
import type { TypedProgram } from '../../program/typecheck.ts';
import { backendError, type Arrays, type BackendError, type Executable, type Arguments } from '../backend.ts';
import { checkArguments } from '../arguments.ts';
import { inTurn } from '../in-turn.ts';
import { residentByRuns, residents } from '../schedule/resident.ts';
import { cutsOf } from './chunks.ts';
import { emptyResult, execute } from './execute.ts';
import type { Arithmetic } from './kernels/arithmetic.ts';
import { machineFor, type Machine } from './machine.ts';
import { compile } from './compiled-program.ts';
import { fewerOperations, type CorrelationChoice } from './correlation-work.ts';
import type { Correlations } from './setting.ts';
import type { Team } from './team.ts';

/** Most machines that a program keeps. */
const mostMachines = 8;

/** Counts machines, so that workers can tell them apart. */
const counter = { machines: 0 };

const machinesFor = (program: TypedProgram, arithmetic: Arithmetic, threads: number) => {
  const machines = new Map<string, Machine>();
  return (size: number, samples: number, correlations: Correlations): Machine => {
    const key = `${size} ${samples} ${correlations}`;
    const make = (): Machine => {
      const shared = threads > 1;
      const compiled = compile(program, { size, samples }, arithmetic, { threads, shared, correlations });
      counter.machines += 1;
      return machineFor(counter.machines, compiled, shared);
    };
    const machine = machines.get(key) ?? make();
    machines.delete(key);
    machines.set(key, machine);
    [...machines.keys()].slice(0, -mostMachines).forEach((oldest) => machines.delete(oldest));
    return machine;
  };
};

const failure = (reason: unknown): BackendError =>
  backendError(`the wasm backend failed: ${reason instanceof Error ? reason.message : String(reason)}`);

/**
 * The executable of a program on a team of threads. A run fails where arguments do not fit the program, or where memory
 * or a worker fails; runs go one after the other, because they share the memory of the machines.
 */
export const executable =
  (team: Team, arithmetic: Arithmetic, choice: CorrelationChoice) =>
  (program: TypedProgram): Executable => {
    const machineOn = machinesFor(program, arithmetic, team.threads);
    const chosen = choice === 'fewer operations' ? fewerOperations(program) : () => choice;
    const checked = checkArguments(program);
    // Runs share the memory of machines.
    const turn = inTurn();
    const computed = async (run: Arguments): Promise<Either<BackendError, Arrays>> => {
      const { latticeSize, batch } = run;
      const correlations = chosen(latticeSize, batch);
      const cuts = cutsOf(latticeSize, batch, correlations).map((cut) => ({
        ...cut,
        machine: machineOn(latticeSize, cut.samples, correlations),
      }));
      const gathered = new Map(
        cuts
          .slice(0, 1)
          .flatMap(({ machine }) => [...machine.compiled.lowered.results])
          .map(([id, result]) => [id, emptyResult(result, batch)]),
      );
      let first = 0;
      for (const { machine, samples, chunks } of cuts) {
        const ended = await execute(machine, run, { first, chunks }, gathered, team);
        if (E.isLeft(ended)) {
          return ended;
        }
        first += chunks * samples;
      }
      const entries = Object.entries(program.outputs);
      // Two outputs of one value get separate arrays.
      const isFirst = (index: number, id: ValueId): boolean => entries.findIndex(([, other]) => other === id) === index;
      return E.right(
        Object.fromEntries(
          entries.map(([name, id], index) => {
            const numbers = gathered.get(id) ?? new Float64Array(0);
            return [name, isFirst(index, id) ? numbers : numbers.slice()];
          }),
        ),
      );
    };
    const run: Executable['run'] = (given) =>
      pipe(
        TE.fromEither(checked(given)),
        TE.chain((fit) =>
          TE.tryCatch(
            turn(() => computed(fit)),
            failure,
          ),
        ),
        TE.chainEitherK((ended) => ended),
      );
    return { run, resident: residents(program, residentByRuns(run)) };
  };
