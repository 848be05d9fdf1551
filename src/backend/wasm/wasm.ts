/**
 * The fast backend: float32 in WebAssembly, four numbers at a time.
 *
 * `compile` checks the types. The first run on a lattice size, and on a number of samples, emits and instantiates the kernels
 * and plans their memory, which later runs use again.
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import { outputsOf } from '../../program/program.ts';
import { typecheck, type TypedProgram } from '../../program/typecheck.ts';
import { backendError, type Arrays, type Backend, type BackendError, type Executable, type Run } from '../backend.ts';
import { checkArguments } from '../run-arguments.ts';
import { cutsOf } from './chunks.ts';
import { emptyResult, execute, runHere } from './execute.ts';
import type { Arithmetic } from './kernels/arithmetic.ts';
import { machineFor, type Machine } from './machine.ts';
import { planFor } from './plan.ts';

/** Most machines that a program keeps for later runs. */
const mostMachines = 8;

const executable = (program: TypedProgram, arithmetic: Arithmetic): Executable => {
  const machines = new Map<string, Machine>();
  const machineOn = (size: number, samples: number): Machine => {
    const key = `${size} ${samples}`;
    const machine =
      machines.get(key) ??
      machineFor(planFor(program, { size, samples }, arithmetic, { threads: 1, shared: false }), false);
    machines.delete(key);
    machines.set(key, machine);
    [...machines.keys()].slice(0, -mostMachines).forEach((old) => machines.delete(old));
    return machine;
  };
  const computed = async (run: Run): Promise<Arrays> => {
    const { latticeSize, batch } = run;
    const cuts = cutsOf(latticeSize, batch).map((cut) => ({ ...cut, machine: machineOn(latticeSize, cut.samples) }));
    const gathered = new Map(
      cuts
        .slice(0, 1)
        .flatMap(({ machine }) => [...machine.plan.lowered.results])
        .map(([id, result]) => [id, emptyResult(result, batch)]),
    );
    let first = 0;
    for (const { machine, samples, chunks } of cuts) {
      await execute(machine, run, { first, chunks }, gathered, runHere);
      first += chunks * samples;
    }
    return outputsOf(program)(program.equations.map((_, index) => [...gathered].find(([id]) => id === index)?.[1] ?? new Float64Array(0)));
  };
  return {
    run: (run) =>
      pipe(
        TE.fromEither(checkArguments(program)(run)),
        TE.chain((checked) => TE.tryCatch(() => computed(checked), failure)),
      ),
  };
};

const failure = (reason: unknown): BackendError =>
  backendError(`the wasm backend failed: ${reason instanceof Error ? reason.message : String(reason)}`);

export interface WasmOptions {
  readonly fused: boolean;
}

export const wasmBackend = ({ fused }: WasmOptions): TaskEither<BackendError, Backend> =>
  TE.right({
    name: 'wasm',
    compile: (program) =>
      TE.fromEither(
        pipe(
          typecheck(program),
          E.bimap(
            ({ message }) => backendError(message),
            (typed) => executable(typed, fused ? 'fused' : 'separate'),
          ),
        ),
      ),
  });
