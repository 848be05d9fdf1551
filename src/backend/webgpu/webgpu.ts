/**
 * The backend for GPUs: float32, by the standard WebGPU API alone, in browsers and in Node.
 *
 * `compile` checks the types. The first run on a lattice size writes and compiles the kernels, which later runs use again.
 * Work that does not wait for each other is dispatched together. A batch that needs more memory than the device allows is run
 * in portions. Sums are taken in an order that depends on the portions alone, so that one adapter returns the same bits again.
 * Residents keep state, samples and their update on the device. But for the size of buffers it asks for no more than the limits
 * that every adapter has.
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import { typecheck, type TypedProgram } from '../../program/typecheck.ts';
import { checkArguments } from '../arguments.ts';
import { startDevice, type Adapters } from './adapter.ts';
import { backendError, type Backend, type BackendError, type Executable } from '../backend.ts';
import { residents } from '../schedule/resident.ts';
import { deviceFor, type Device, type DeviceLimits } from './device.ts';
import { execute, portionsOf, prepare, send, type Prepared } from './execute.ts';
import { knowsTheAnswer } from './known-answer.ts';
import { planOf, usualPlanning, type Plan, type Planning } from './plan.ts';
import { residentOn } from './resident.ts';
import { isReal32 } from './wgsl.ts';

/** Constants stand in the text of kernels, where a number that float32 does not have is an error. */
const checkConstants = (program: TypedProgram): E.Either<BackendError, TypedProgram> => {
  const beyond = program.equations.find((equation) => equation.tag === 'constant' && !isReal32(equation.value));
  return beyond?.tag === 'constant'
    ? E.left(backendError(`expected constants that float32 has, got ${beyond.value}: scale the program`))
    : E.right(program);
};

/** What a device has compiled of a program on a lattice. */
interface OnLattice {
  readonly plan: Plan;
  readonly prepared: Prepared;
}

/** The plan that leaves room for samples: parts of sums take half of the memory at most, if they can. */
const planWithin = (program: TypedProgram, latticeSize: number, mostBytes: number, planning: Planning): Plan => {
  const plan = planOf(program, latticeSize, planning);
  return planning.mostCuts === 1 || 2 * plan.sharedLength * Float32Array.BYTES_PER_ELEMENT <= mostBytes
    ? plan
    : planWithin(program, latticeSize, mostBytes, { ...planning, mostCuts: Math.ceil(planning.mostCuts / 4) });
};

const executable = (device: Device, program: TypedProgram, planning: Planning): Executable => {
  const plans = new Map<number, Plan>();
  const known = new Map<number, OnLattice>();
  const planOn = (latticeSize: number): Plan => {
    const plan = plans.get(latticeSize) ?? planWithin(program, latticeSize, device.limits.bytes, planning);
    plans.set(latticeSize, plan);
    return plan;
  };
  const preparedOn = async (latticeSize: number): Promise<OnLattice> => {
    const plan = planOn(latticeSize);
    const ready = known.get(latticeSize) ?? { plan, prepared: await prepare(device, plan, false) };
    known.set(latticeSize, ready);
    return ready;
  };
  const checked = checkArguments(program);
  const run: Executable['run'] = (given) =>
    pipe(
      TE.fromIOEither(() => checked(given)),
      TE.bindTo('fit'),
      TE.bind('portions', ({ fit }) => {
        const plan = planOn(fit.latticeSize);
        return TE.fromEither(portionsOf(plan, plan.results, fit.batch, device.limits.bytes));
      }),
      TE.chain(({ fit, portions }) =>
        device.doing(async () => {
          const { plan, prepared } = await preparedOn(fit.latticeSize);
          const state = device.stateOfRuns(plan.parameterLength * Float32Array.BYTES_PER_ELEMENT);
          send(device.gpu, state, plan.parameters, (name) => fit.parameters[name] ?? new Float64Array(0));
          const source = { tag: 'arrays', samples: fit } as const;
          return execute(device, {
            plan,
            program: prepared,
            source,
            wanted: plan.results,
            portions,
            state,
            update: null,
          });
        }),
      ),
    );
  return {
    run,
    resident: residents(program, (residency) =>
      pipe(
        TE.fromEither(checkConstants(residency.update)),
        TE.chain(() => device.doing(async () => preparedOn(residency.latticeSize))),
        TE.chain(({ plan, prepared }) => residentOn(device, plan, prepared, planning)(residency)),
      ),
    ),
  };
};

/** All that a device allows. */
const limitsOf = ({ limits }: GPUDevice): DeviceLimits => ({
  bytes: Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize),
  workgroups: limits.maxComputeWorkgroupsPerDimension,
});

/** The backend on a device, whose programs keep within limits that may be tighter than its own. */
export const backendOn = (
  adapters: Adapters,
  gpu: GPUDevice,
  limits: DeviceLimits = limitsOf(gpu),
  planning: Planning = usualPlanning,
): Backend => {
  const device = deviceFor(adapters, gpu, limits);
  return {
    name: 'webgpu',
    compile: (program) =>
      TE.fromEither(
        pipe(
          typecheck(program),
          E.mapLeft(({ message }) => backendError(message)),
          E.chain(checkConstants),
          E.map((typed) => executable(device, typed, planning)),
        ),
      ),
  };
};

/** The backend on a GPU, with the name of its adapter. */
export interface GpuBackend extends Backend {
  readonly adapter: string;
}

/**
 * Starts the backend on what `navigator.gpu`, or `create([])` of the package `webgpu`, gives; a device that does not know
 * a known answer is refused.
 *
 * @example
 * E.isLeft(await webgpuBackend({ requestAdapter: async () => Promise.resolve(null) })()) // true
 */
export const webgpuBackend = (adapters: Adapters): TaskEither<BackendError, GpuBackend> =>
  pipe(
    startDevice(adapters),
    TE.chain(({ device, adapter }) =>
      pipe(
        knowsTheAnswer(backendOn(adapters, device)),
        TE.orElseFirstIOK(() => () => {
          device.destroy();
        }),
        TE.map((backend) => ({ ...backend, adapter })),
      ),
    ),
  );
