/** Residents on a device: state, data and the update are there; a step hands over places and scalars, and reads what is observed. */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import type { Arrays, BackendError, Resident, Samples, Step } from '../backend.ts';
import { batchOf, inArrays, type PlacedSamples } from '../schedule/gather.ts';
import type { CheckedResidency } from '../schedule/residency.ts';
import type { Device } from './device.ts';
import { execute, portionsOf, prepare, readBack, send, type Prepared, type Source } from './execute.ts';
import { gatherPlanOf } from './gather-plan.ts';
import type { Plan, Planning } from './plan.ts';
import { updatePlanOf } from './update-plan.ts';

const bytesPerNumber = Float32Array.BYTES_PER_ELEMENT;

/** Buffers of one owner, given back together. */
interface OwnBuffers {
  readonly make: (bytes: number) => GPUBuffer;
  readonly release: () => void;
}

const ownBuffers = (device: Device): OwnBuffers => {
  const made = new Array<GPUBuffer>();
  return {
    make: (bytes) => {
      const buffer = device.buffer(bytes);
      made.push(buffer);
      return buffer;
    },
    release: () => {
      made.forEach((buffer) => {
        buffer.destroy();
      });
    },
  };
};

/** The source of samples that are on the device, by their places there. */
type ResidentData = (places: readonly number[]) => Source;

/** Puts data on the device; null where they find no room in one buffer, and each step brings its samples. */
const residentData = async (
  device: Device,
  buffers: OwnBuffers,
  plan: Plan,
  data: Samples | null,
): Promise<ResidentData | null> => {
  if (data === null || plan.inputs.length === 0) {
    return null;
  }
  const gatherPlan = gatherPlanOf(plan, data);
  if (gatherPlan.dataLength * bytesPerNumber > device.limits.bytes) {
    return null;
  }
  const { gpu, dataLayout } = device;
  const gather = await prepare(device, { shader: gatherPlan.shader, stages: [{ grids: gatherPlan.grids }] }, true);
  const numbers = buffers.make(gatherPlan.dataLength * bytesPerNumber);
  send(
    gpu,
    numbers,
    gatherPlan.inputs.map((input) => ({ ...input, of: 'all', length: 0 })),
    (name) => data.inputs[name] ?? new Float64Array(0),
  );
  const bind = (places: GPUBuffer): { readonly places: GPUBuffer; readonly group: GPUBindGroup } => ({
    places,
    group: gpu.createBindGroup({
      layout: dataLayout,
      entries: [numbers, places].map((buffer, binding) => ({ binding, resource: { buffer } })),
    }),
  });
  let bound = bind(buffers.make(data.batch * Uint32Array.BYTES_PER_ELEMENT));
  return (places) => {
    const bytes = places.length * Uint32Array.BYTES_PER_ELEMENT;
    // Steps may name places more than once.
    if (bytes > bound.places.size) {
      bound.places.destroy();
      bound = bind(buffers.make(bytes));
    }
    gpu.queue.writeBuffer(bound.places, 0, Uint32Array.from(places));
    return { tag: 'resident', batch: places.length, gather, group: bound.group };
  };
};

const isPlaced = (samples: Step['samples']): samples is { readonly places: readonly number[] } => 'places' in samples;

/** Makes a program resident on a device; where that fails, no buffer of it stays. */
export const residentOn =
  (device: Device, plan: Plan, prepared: Prepared, planning: Planning) =>
  (residency: CheckedResidency): TaskEither<BackendError, Resident> =>
    pipe(
      TE.rightIO<BackendError, OwnBuffers>(() => ownBuffers(device)),
      TE.chain((buffers) =>
        pipe(
          residentIn(buffers, device, plan, prepared, planning)(residency),
          TE.orElseFirstIOK(() => buffers.release),
        ),
      ),
    );

const residentIn =
  (buffers: OwnBuffers, device: Device, plan: Plan, prepared: Prepared, planning: Planning) =>
  (residency: CheckedResidency): TaskEither<BackendError, Resident> =>
    device.doing(async (): Promise<Resident> => {
      const { observed, data } = residency;
      const update = updatePlanOf(residency, plan, planning);
      const updating = await prepare(device, update, false);
      const { gpu } = device;
      const state = buffers.make(update.stateLength * bytesPerNumber);
      const stored = await residentData(device, buffers, plan, data);
      const wanted = plan.results.filter(({ name }) => observed.includes(name));
      const write = (arrays: Arrays): void => {
        const places = update.state.filter(({ name }) => Object.hasOwn(arrays, name));
        send(gpu, state, places, (name) => arrays[name] ?? new Float64Array(0));
      };
      write(residency.state);

      const samplesOf = (samples: Step['samples']): Samples | PlacedSamples => {
        if (!isPlaced(samples)) {
          return samples;
        }
        if (data === null) {
          throw new RangeError('a step names places, and there is no data: check steps before they are taken');
        }
        return { data, places: samples.places };
      };
      const sourceOf = (samples: Step['samples']): Source =>
        isPlaced(samples) && stored !== null
          ? stored(samples.places)
          : { tag: 'arrays', samples: inArrays(samplesOf(samples)) };

      return {
        step: ({ samples, scalars }) =>
          pipe(
            TE.fromEither(portionsOf(plan, wanted, batchOf(samplesOf(samples)), device.limits.bytes)),
            TE.chain((portions) =>
              device.doing(async () => {
                send(gpu, state, update.scalars, (name) => Float64Array.of(scalars[name] ?? NaN));
                return execute(device, {
                  plan,
                  program: prepared,
                  source: sourceOf(samples),
                  wanted,
                  portions,
                  state,
                  update: { prepared: updating, memoryLength: update.memoryLength },
                });
              }),
            ),
          ),
        write: (arrays) =>
          device.doing(async () => {
            write(arrays);
            return Promise.resolve();
          }),
        read: device.doing(async () => readBack(device, state, update.state)),
        release: buffers.release,
      };
    });
