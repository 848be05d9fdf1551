/** The backends, started in a worker. */
import * as E from 'fp-ts/lib/Either.js';

import { alone, backendOn, hasFused, reference, teamOf, webgpuBackend, type Backend } from 'efnn/backends';
import teamScript from 'efnn/worker?worker&url';

import { backendNames, type Availability, type BackendName } from './messages.ts';

/** A backend, or why it is not to be had. */
type Started = E.Either<string, Backend>;

const onGpu = async (): Promise<Started> => {
  if (!('gpu' in navigator)) {
    return E.left('this browser has no WebGPU');
  }
  return E.mapLeft(({ message }: { readonly message: string }) => message)(await webgpuBackend(navigator.gpu)());
};

const onThreads = (threads: number): Backend => {
  const team = threads > 1 ? teamOf(threads, new URL(teamScript, location.href)) : alone;
  return backendOn(team, hasFused() ? 'fused' : 'separate', 'fewer operations');
};

/** Starts a backend; threads are for wasm alone. */
export const started = async (name: BackendName, threads: number): Promise<Started> =>
  ({
    reference: async () => Promise.resolve(E.right(reference)),
    wasm: async () => Promise.resolve(E.right(onThreads(threads))),
    webgpu: onGpu,
  })[name]();

/** Which backends are to be had here. */
export const availability = async (): Promise<Availability> => {
  const reasons = await Promise.all(
    backendNames.map(async (name) => {
      const backend = await started(name, 1);
      return [name, E.isLeft(backend) ? backend.left : null] as const;
    }),
  );
  return { reference: null, wasm: null, webgpu: null, ...Object.fromEntries(reasons) };
};
