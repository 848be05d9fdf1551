/** A program ready to run: on each lattice size and number of samples by a machine, which is kept for later runs. */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import type { Arithmetic } from '../../assembler/arithmetic.ts';
import type { VectorBits } from '../../assembler/wide-vector.ts';
import { memoizeObject } from '../../number/memoize.ts';
import type { TypedProgram } from '../../program/typecheck.ts';
import { backendError, type Arrays, type BackendError, type Executable, type Samples } from '../backend.ts';
import { checkArguments } from '../arguments.ts';
import { inTurn } from '../in-turn.ts';
import { batchOf } from '../schedule/gather.ts';
import {
  atOnce,
  residentBy,
  residents,
  type MakeResident,
  type ResidentUpdate,
  type StepArguments,
} from '../schedule/resident.ts';
import type { WritableArrays } from '../schedule/update-in-place.ts';
import { updateInFloat64 } from '../schedule/update.ts';
import { cutsOf } from './chunks.ts';
import { execute, keptArrays, newArrays, type Gathered, type MakeGathered } from './execute.ts';
import { bytesPerNumber } from './grid.ts';
import { latest } from './latest.ts';
import { fits, machineFor, writeData, type Machine } from './machine.ts';
import { compile, type CompiledProgram } from './compiled-program.ts';
import { fewerOperations, type CorrelationChoice } from './correlation-work.ts';
import { partsOf } from './parts.ts';
import { planOf, type Plan } from './portions.ts';
import type { Correlations } from './setting.ts';
import type { SharedModule } from './shared-module.ts';
import type { Team } from './team.ts';
import { updateHere, updateInWasm, type UpdateInWasm } from './update.ts';

/** Plans that a program keeps: an epoch has two, that of its last batch among them. */
const mostPlans = 4;

/** Machines that a program keeps beside those of its plans, which others may use. */
const mostMachines = 8;

/**
 * Data of more bytes are not copied to the memory of machines: a machine has a copy of its own, and steps on batches of two sizes,
 * both cut in chunks of two sizes, use four. Samples of theirs are staged with each step.
 */
const mostDataBytes = 2 ** 29;

/** Bytes of data as float32. */
const bytesOf = ({ inputs }: Samples): number =>
  bytesPerNumber * Object.values(inputs).reduce((sum, { length }) => sum + length, 0);

/** Machines of a program, by the batches that they compute. */
interface Machines {
  /** How a batch on a lattice size is computed. */
  readonly planFor: (latticeSize: number, batch: number) => Plan;
  /** Another module, which is dropped with them. */
  readonly withOther: (module: SharedModule) => void;
  /** Drops them all, wherever they are known. */
  readonly forget: () => void;
}

/** A way to compute correlations, for a lattice size and a batch. */
type Choose = (latticeSize: number, batch: number) => Correlations;

/** Machines of a program, which have the samples of `data` in memory unless it is null, or does not fit there beside the program. */
const machinesFor = (
  program: TypedProgram,
  arithmetic: Arithmetic,
  bits: VectorBits,
  { threads, forget }: Team,
  chosen: Choose,
  data: Samples | null,
): Machines => {
  let machines = latest<string, Machine>(mostMachines);
  let plans = latest<string, Plan>(mostPlans);
  const ids = new Set<number>();
  const machineOn = (size: number, samples: number, correlations: Correlations): Machine => {
    const shared = threads > 1;
    const compiledFor = (residentSamples: number | null): CompiledProgram =>
      compile(program, { size, samples }, arithmetic, bits, {
        threads,
        shared,
        correlations,
        residentSamples,
        partsFor: partsOf(threads),
      });
    const make = (): Machine => {
      const withData = compiledFor(data?.batch ?? null);
      const compiled = data === null || fits(withData) ? withData : compiledFor(null);
      const machine = machineFor(compiled, shared);
      ids.add(machine.module.id);
      if (data !== null) {
        writeData(machine, data);
      }
      return machine;
    };
    return machines(`${size} ${samples} ${correlations}`, make);
  };
  return {
    planFor: (latticeSize, batch) =>
      plans(`${latticeSize} ${batch}`, () => {
        const correlations = chosen(latticeSize, batch);
        const cuts = cutsOf(latticeSize, batch, correlations);
        return planOf(
          cuts.map(({ samples, chunks }, index) => ({
            machine: machineOn(latticeSize, samples, correlations),
            first: cuts.slice(0, index).reduce((sum, before) => sum + before.samples * before.chunks, 0),
            chunks,
          })),
        );
      }),
    withOther: ({ id }) => {
      ids.add(id);
    },
    forget: () => {
      machines = latest<string, Machine>(mostMachines);
      plans = latest<string, Plan>(mostPlans);
      forget(({ id }) => ids.has(id));
    },
  };
};

const failure = (reason: unknown): BackendError =>
  backendError(`the wasm backend failed: ${reason instanceof Error ? reason.message : String(reason)}`);

/** An update by a team where it has several parts, else in this thread. */
const updateBy = (team: Team, update: UpdateInWasm): ResidentUpdate => {
  const { read, returned, calls, copy } = update;
  const shared: ResidentUpdate['step'] = (to) =>
    pipe(
      TE.tryCatch(team.compute(calls(to)), failure),
      TE.chainEitherK((ended) => ended),
      TE.map(() => {
        copy(to);
      }),
    );
  return calls(0).length === 1 ? atOnce(updateHere(update)) : { read, returned, step: shared };
};

/**
 * The executable of a program on a team of threads. A run fails where arguments do not fit the program, or where memory
 * or a worker fails; runs go one after the other, because they share the memory of the machines.
 */
export const executable =
  (team: Team, arithmetic: Arithmetic, bits: VectorBits, choice: CorrelationChoice) =>
  (program: TypedProgram): Executable => {
    const chosen: Choose = choice === 'fewer operations' ? fewerOperations(program) : () => choice;
    const machinesWith = (data: Samples | null): Machines => machinesFor(program, arithmetic, bits, team, chosen, data);
    const machinesForRuns = machinesWith(null);
    const checked = checkArguments(program);
    // Runs share the memory of machines.
    const turn = inTurn();
    const outputs = Object.entries(program.outputs);

    const computed = async (
      { parameters, latticeSize, samples }: StepArguments,
      arraysFor: MakeGathered,
      { planFor }: Machines,
    ): Promise<Either<BackendError, Gathered>> => {
      const batch = batchOf(samples);
      const plan = planFor(latticeSize, batch);
      const gathered = arraysFor(plan.cuts[0]!.machine.compiled.lowered.results, batch);
      const ended = await execute({ parameters, samples }, plan, gathered, team);
      return pipe(
        ended,
        E.map(() => gathered),
      );
    };
    const inOrder = (
      given: StepArguments,
      arraysFor: MakeGathered,
      machines = machinesForRuns,
    ): TaskEither<BackendError, Gathered> => {
      const run = turn(async () => computed(given, arraysFor, machines));
      return async () => {
        try {
          return await run();
        } catch (reason) {
          return E.left(failure(reason));
        }
      };
    };

    const named = (gathered: Gathered, isShared: boolean): Arrays =>
      Object.fromEntries(
        outputs.map(([name, id], index) => {
          const numbers = gathered.get(id) ?? new Float64Array(0);
          const isCopied = !isShared && outputs.findIndex(([, other]) => other === id) < index;
          return [name, isCopied ? numbers.slice() : numbers];
        }),
      );
    /** Where the sums of these names are to be put, each value once. */
    const gatheredIn = (arrays: WritableArrays, names: readonly string[]): Gathered =>
      new Map(
        names.flatMap((name) => {
          const [id, array] = [program.outputs[name], arrays[name]];
          return id === undefined || array === undefined ? [] : [[id, array] as const];
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
      const { data, sums } = residency;
      // A step that names places needs no more than these where the data are in memory.
      const machinesForPlaces = machinesWith(data === null || bytesOf(data) > mostDataBytes ? null : data);
      return pipe(
        residency,
        residentBy(
          ({ read }) => {
            const arraysFor = keptArrays(gatheredIn(read, sums));
            const shown = memoizeObject((gathered: Gathered) => named(gathered, true));
            return (given) =>
              pipe(
                inOrder(given, arraysFor, 'places' in given.samples ? machinesForPlaces : machinesForRuns),
                TE.map(shown),
              );
          },
          (update, latticeSize) => {
            const inWasm = updateInWasm(update, latticeSize, bits, partsOf(team.threads));
            if (inWasm === null) {
              return atOnce(updateInFloat64(update, latticeSize));
            }
            machinesForPlaces.withOther(inWasm.module);
            return updateBy(team, inWasm);
          },
        ),
        TE.map((made) => ({
          ...made,
          release: () => {
            made.release();
            machinesForPlaces.forget();
          },
        })),
      );
    };
    return { run, resident: residents(program, resident) };
  };
