/** What the WebAssembly engine of this machine can do, and how it is told to do it well. */
import { f32x4 } from '../../assembler/expression.ts';
import { assembleModule, defineFunction } from '../../assembler/module.ts';

/** Whether this is Node, whose engine takes settings. */
const isNode = (): boolean => typeof process !== 'undefined' && typeof process.versions.node === 'string';

/**
 * Settings of V8, for all modules from now on: relaxed SIMD, which Node 20 keeps behind a flag, and the optimizing
 * compiler at once, because kernels run hot from their first call.
 */
const settings = ['--experimental-wasm-relaxed-simd', '--no-liftoff', '--no-wasm-lazy-compilation'];

export const tuneEngine = async (): Promise<void> => {
  if (isNode()) {
    const v8 = await import('node:v8');
    for (const setting of settings) {
      v8.setFlagsFromString(setting);
    }
  }
};

/** Whether modules may ask for fused multiply-add. */
export const hasFused = (): boolean => {
  const probe = defineFunction('probe', ({ parameter }) => {
    const address = parameter();
    const x = f32x4.load(address);
    return f32x4.store(address, f32x4.relaxedMultiplyAdd(x, x, x));
  });
  return WebAssembly.validate(assembleModule({ functions: [probe], exports: [], shared: false }));
};
