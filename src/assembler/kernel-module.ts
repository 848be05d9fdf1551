/** A module of kernels with a memory of its own: compiled once, started as often as memories are asked for. */
import { compiledModule } from './engine.ts';
import { kernelsOf, type Kernel } from './instance.ts';
import { assembleModule, reachedFrom, type FunctionDefinition, pageBytes } from './module.ts';

/** Bytes of a number of such a memory. */
export const numberBytes = Float64Array.BYTES_PER_ELEMENT;

/** Bytes of a vector of two numbers. */
export const vectorBytes = 2 * numberBytes;

/** Kernels over one memory. */
export interface Kernels {
  readonly memory: Float64Array;
  /** The kernel of this name. */
  readonly kernel: (name: string) => Kernel;
}

/**
 * Starts the functions in a new memory of so many bytes, as often as it is called; they are compiled the first time. Where it is
 * said which are kernels, those that no kernel calls are not.
 */
export const kernelModule = (
  functions: () => readonly FunctionDefinition[],
  kernels?: readonly string[],
): ((bytes: number) => Kernels) => {
  let module: WebAssembly.Module | undefined;
  const compiled = (): WebAssembly.Module => {
    const all = functions();
    const exports = kernels ?? all.map(({ name }) => name);
    return compiledModule(assembleModule({ functions: reachedFrom(exports, all), exports, shared: false }));
  };
  return (bytes) => {
    module ??= compiled();
    const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / pageBytes) });
    return { memory: new Float64Array(memory.buffer), kernel: kernelsOf(module, memory) };
  };
};
