/**
 * The upper halves of vector registers. Code of 256 bits leaves them in use until one instruction clears them, VZEROUPPER, and as long
 * as they are, processors of x86-64 run older code of 128 bits slowly: interpreter, runtime and garbage collector of an engine, which
 * is all that is not compiled while it runs. V8 13.6 to 14.6 packs pairs of vectors, and does not clear. Workers of a team leave them as
 * they are: they do nothing but wait between kernels.
 *
 * Neither JavaScript nor WebAssembly has that instruction. But Node looks at texts by functions of wide vectors, whose compiler has
 * written it where they return.
 */
import { clearUpperHalves } from './engine.ts';

/** A function as it is, after which comes what clears, if there is that. */
export const clearingBy =
  (clear: (() => unknown) | null) =>
  <Operands extends readonly unknown[], Result>(
    f: (...operands: Operands) => Result,
  ): ((...operands: Operands) => Result) =>
    clear === null
      ? f
      : (...operands) => {
          const result = f(...operands);
          clear();
          return result;
        };

/** A function that calls kernels, and clears the upper halves after it where the engine packs: a tenth of a microsecond. */
export const clearingAfter = clearingBy(clearUpperHalves);
