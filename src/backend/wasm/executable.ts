/** A program ready to run: on each lattice size and number of samples by a machine, which is kept for later runs. */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import type { VectorBits } from '../../assembler/wide-vector.ts';
import type { TypedProgram } from '../../program/typecheck.ts';
import { backendError, type Arrays, type BackendError, type Executable } from '../backend.ts';
import { checkArguments } from '../arguments.ts';
import { inTurn } from '../in-turn.ts';
import { batchOf } from '../schedule/gather.ts';
import { residentBy, residents, type MakeResident, type StepArguments } from '../schedule/resident.ts';
import { cutsOf } from './chunks.ts';
import { execute, keptArrays, newArrays, type Gathered, type MakeGathered } from './execute.ts';
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

const machinesFor = (program: TypedProgram, arithmetic: Arithmetic, bits: VectorBits, threads: number) => {
  const machines = new Map<string, Machine>();
  return (size: number, samples: number, correlations: Correlations): Machine => {
    const key = `${size} ${samples} ${correlations}`;
    const make = (): Machine => {
      const shared = threads > 1;
      const compiled = compile(program, { size, samples }, arithmetic, bits, { threads, shared, correlations });
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
  (team: Team, arithmetic: Arithmetic, bits: VectorBits, choice: CorrelationChoice) =>
  (program: TypedProgram): Executable => {
    const machineOn = machinesFor(program, arithmetic, bits, team.threads);
    const chosen = choice === 'fewer operations' ? fewerOperations(program) : () => choice;
    const checked = checkArguments(program);
    // Runs share the memory of machines.
    const turn = inTurn();
    const outputs = Object.entries(program.outputs);

    const computed = async (
      { parameters, latticeSize, samples }: StepArguments,
      arraysFor: MakeGathered,
    ): Promise<Either<BackendError, Gathered>> => {
      const batch = batchOf(samples);
      const correlations = chosen(latticeSize, batch);
      const cuts = cutsOf(latticeSize, batch, correlations);
      const machineCuts = cuts.map((cut, index) => ({
        machine: machineOn(latticeSize, cut.samples, correlations),
        first: cuts.slice(0, index).reduce((sum, before) => sum + before.samples * before.chunks, 0),
        chunks: cut.chunks,
      }));
      const gathered = arraysFor(machineCuts[0]!.machine.compiled.lowered.results, batch);
      const ended = await execute({ parameters, samples }, machineCuts, gathered, team);
      return pipe(
        ended,
        E.map(() => gathered),
      );
    };
    const inOrder = (given: StepArguments, arraysFor: MakeGathered): TaskEither<BackendError, Gathered> =>
      pipe(
        TE.tryCatch(
          turn(async () => computed(given, arraysFor)),
          failure,
        ),
        TE.chainEitherK((ended) => ended),
      );

    const named = (gathered: Gathered, isShared: boolean): Arrays =>
      Object.fromEntries(
        outputs.map(([name, id], index) => {
          const numbers = gathered.get(id) ?? new Float64Array(0);
          const isFirst = outputs.findIndex(([, other]) => other === id) === index;
          return [name, isShared || isFirst ? numbers : numbers.slice()];
        }),
      );
    const run: Executable['run'] = (given) =>
      pipe(
        TE.fromEither(checked(given)),
        TE.chain(({ parameters, latticeSize, inputs, batch }) =>
          inOrder({ parameters, latticeSize, samples: { inputs, batch } }, newArrays),
        ),
        // Two outputs of one value get separate arrays.
        TE.map((gathered) => named(gathered, false)),
      );
    const resident: MakeResident = (residency) => {
      const arraysFor = keptArrays();
      return residentBy((given) =>
        pipe(
          inOrder(given, arraysFor),
          TE.map((gathered) => named(gathered, true)),
        ),
      )(residency);
    };
    return { run, resident: residents(program, resident) };
  };
