/**
 * A module with its memory, ready to be called: every one is started here, so that none leaves the upper halves of vector registers in
 * use. Code of 256 bits does, until one instruction clears them, VZEROUPPER; and as long as they are, processors of x86-64 run older
 * code of 128 bits slowly: interpreter, runtime and garbage collector of an engine, which is all that is not compiled while it runs.
 * V8 13.6 to 14.6 packs pairs of vectors, and does not clear. Workers of a team start their instances themselves (`team.worker.mjs`),
 * and leave them as they are: they do nothing but wait between kernels.
 *
 * Neither JavaScript nor WebAssembly has that instruction. But Node looks at texts by functions of wide vectors, whose compiler has
 * written it where they return.
 */
import { clearUpperHalves } from './engine.ts';
import { memoryImport } from './module.ts';

/** A function of an instance; its operands are addresses in bytes, and counts. */
export type Kernel = (...operands: readonly number[]) => void;

/** What an instance imports. */
export type Imports = Readonly<Record<string, Readonly<Record<string, WebAssembly.Memory>>>>;

/** The imports of a module that is to work in this memory. */
export const importsOf = (memory: WebAssembly.Memory): Imports => ({
  [memoryImport.module]: { [memoryImport.name]: memory },
});

/** Starts modules whose every call is followed by what clears, if there is that; see {@link kernelsOf}. */
export const kernelsBy =
  (clear: (() => unknown) | null) =>
  (module: WebAssembly.Module, memory: WebAssembly.Memory): ((name: string) => Kernel) => {
    const { exports } = new WebAssembly.Instance(module, importsOf(memory));
    return (name) => {
      const kernel = exports[name];
      if (kernel === undefined) {
        throw new RangeError(`expected one of the kernels ${Object.keys(exports).join(', ')}, got ${name}`);
      }
      return clear === null
        ? kernel
        : (...operands) => {
            kernel(...operands);
            clear();
          };
    };
  };

/**
 * Starts a module in a memory, and gives what it exports, by name. Where the engine packs pairs, a call takes a tenth of a microsecond
 * longer, in which registers are cleared.
 *
 * @throws RangeError for a name that the module does not export.
 */
export const kernelsOf = kernelsBy(clearUpperHalves);
