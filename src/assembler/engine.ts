/** The WebAssembly engine of this machine: it compiles whatever is assembled here, and is told once how to do it well. */
import { engineVersion, packsPairs, settingsFor } from './engine-settings.ts';
import { f32x4 } from './expression.ts';
import { assembleModule, defineFunction } from './module.ts';

/** Whether this is Node, whose engine takes settings; Bun has another engine, and says that it is a Node. */
const isNode = (): boolean =>
  typeof process !== 'undefined' && typeof process.versions.node === 'string' && process.versions['bun'] === undefined;

let tuned = false;

/** Gives Node's engine its settings, for all modules of the process from now on; elsewhere, and later, does nothing. */
const tune = (): void => {
  if (!tuned && isNode()) {
    const v8 = process.getBuiltinModule('node:v8');
    for (const setting of settingsFor(engineVersion(process.versions.v8))) {
      v8.setFlagsFromString(setting);
    }
  }
  tuned = true;
};

/**
 * The module of these bytes. Every module is compiled here, so that none was compiled before the engine had its settings: its
 * kernels would stay slow, and with other settings than those of its first instance an engine may end the process at the next.
 */
export const compiledModule = (bytes: Uint8Array<ArrayBuffer>): WebAssembly.Module => {
  tune();
  return new WebAssembly.Module(bytes);
};

/** Whether this engine is told to pack pairs of vectors of 128 bits. */
export const packsVectors: boolean = isNode() && packsPairs(engineVersion(process.versions.v8));

/** Long enough for vectors. */
const text = new Uint8Array(64);

/** Clears the upper halves of registers, which `instance.ts` tells of; null where no engine that packs pairs leaves them in use. */
export const clearUpperHalves = ((): (() => unknown) | null => {
  if (!packsVectors) {
    return null;
  }
  const { isAscii } = process.getBuiltinModule('node:buffer');
  return () => isAscii(text);
})();

/** Whether modules may ask for fused multiply-add. */
export const hasFused = (): boolean => {
  const probe = defineFunction('probe', ({ parameter }) => {
    const address = parameter();
    const x = f32x4.load(address);
    return f32x4.store(address, f32x4.relaxedMultiplyAdd(x, x, x));
  });
  tune();
  return WebAssembly.validate(assembleModule({ functions: [probe], exports: [], shared: false }));
};
