/** What the WebAssembly engine of this machine can do, and how it is told to do it well. */
import { f32x4 } from '../../assembler/expression.ts';
import { assembleModule, defineFunction } from '../../assembler/module.ts';
import { engineVersion, settingsFor } from './engine-settings.ts';

/** Whether this is Node, whose engine takes settings. */
const isNode = (): boolean => typeof process !== 'undefined' && typeof process.versions.node === 'string';

/** Gives Node's engine its settings, for all modules of the process from now on; elsewhere does nothing. */
export const tuneEngine = async (): Promise<void> => {
  if (isNode()) {
    const v8 = await import('node:v8');
    for (const setting of settingsFor(engineVersion(process.versions.v8))) {
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
