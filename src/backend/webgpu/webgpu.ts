/**
 * The backend for GPUs: float32, by the standard WebGPU API alone, in browsers and in Node.
 *
 * `compile` checks the types. The first run on a lattice size writes and compiles the kernels, which later runs use again.
 * A batch that needs more memory than the device allows is run in portions. Sums are taken in an order that depends on the
 * portions alone. It asks for no more than the limits that every adapter has.
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import { typecheck, type TypedProgram } from '../../program/typecheck.ts';
import { checkArguments } from '../arguments.ts';
import { backendError, type Backend, type BackendError, type Executable } from '../backend.ts';
import { residentByRuns, residents } from '../schedule/resident.ts';
import { deviceFor, type Device } from './device.ts';
import { execute, portionOf, prepare, type Prepared } from './execute.ts';
import { knowsTheAnswer } from './known-answer.ts';
import { planOf, type Plan } from './plan.ts';
import { isReal32 } from './wgsl.ts';

/** Constants stand in the text of kernels, where a number that float32 does not have is an error. */
const checkConstants = (program: TypedProgram): E.Either<BackendError, TypedProgram> => {
  const beyond = program.equations.find((equation) => equation.tag === 'constant' && !isReal32(equation.value));
  return beyond?.tag === 'constant'
    ? E.left(backendError(`expected constants that float32 has, got ${beyond.value}: scale the program`))
    : E.right(program);
};

const executable = (device: Device, program: TypedProgram): Executable => {
  const plans = new Map<number, Plan>();
  const prepared = new Map<number, Prepared>();
  const planOn = (latticeSize: number): Plan => {
    const plan = plans.get(latticeSize) ?? planOf(program, latticeSize);
    plans.set(latticeSize, plan);
    return plan;
  };
  const preparedOn = async (latticeSize: number): Promise<Prepared> => {
    const ready = prepared.get(latticeSize) ?? (await prepare(device, planOn(latticeSize)));
    prepared.set(latticeSize, ready);
    return ready;
  };
  const checked = checkArguments(program);
  const run: Executable['run'] = (given) =>
    pipe(
      TE.fromIOEither(() => checked(given)),
      TE.bindTo('fit'),
      TE.bind('portion', ({ fit }) => TE.fromEither(portionOf(planOn(fit.latticeSize), fit.batch, device.mostBytes))),
      TE.chain(({ fit, portion }) =>
        device.doing(async () => execute(device, await preparedOn(fit.latticeSize), fit, portion)),
      ),
    );
  return { run, resident: residents(program, residentByRuns(run)) };
};

/** What adapters are asked of: `navigator.gpu`, or what the package `webgpu` makes. */
export type Adapters = Pick<GPU, 'requestAdapter'>;

/** The backend on a device, whose programs may take so many bytes of its memory. */
export const backendOn = (adapters: Adapters, gpu: GPUDevice, mostBytes: number): Backend => {
  const device = deviceFor(adapters, gpu, mostBytes);
  return {
    name: 'webgpu',
    compile: (program) =>
      TE.fromEither(
        pipe(
          typecheck(program),
          E.mapLeft(({ message }) => backendError(message)),
          E.chain(checkConstants),
          E.map((typed) => executable(device, typed)),
        ),
      ),
  };
};

const noAdapter = backendError(
  'expected a GPU, got no adapter: install the driver, in Node with its Vulkan loader, or use another backend',
);

const refused = (reason: unknown): BackendError =>
  backendError(`expected a GPU that can be used, got ${String(reason)}: update its driver, or use another backend`);

/** An adapter, if there is one. */
const adapterOf = (adapters: Adapters): TaskEither<BackendError, GPUAdapter> =>
  pipe(
    TE.tryCatch(async () => adapters.requestAdapter(), refused),
    TE.chain((adapter) => (adapter === null ? TE.left(noAdapter) : TE.right(adapter))),
  );

/**
 * Starts the backend on what `navigator.gpu`, or `create([])` of the package `webgpu`, gives; a device that does not know
 * a known answer is refused.
 *
 * @example
 * E.isLeft(await webgpuBackend({ requestAdapter: async () => Promise.resolve(null) })()) // true
 */
export const webgpuBackend = (adapters: Adapters): TaskEither<BackendError, Backend> =>
  pipe(
    adapterOf(adapters),
    TE.chain((adapter) => TE.tryCatch(async () => adapter.requestDevice(), refused)),
    TE.map((device) => backendOn(adapters, device, device.limits.maxStorageBufferBindingSize)),
    TE.chain(knowsTheAnswer),
  );
