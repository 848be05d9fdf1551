/** Products of complex matrices in TypeScript: the reference, whose order of operations others keep to. */
import type { ComplexGemmOf, Product } from './complex-gemm.ts';

/** The products as loops: what any faster implementation must equal. */
export const plainComplexGemm: ComplexGemmOf = (width, numbers) => {
  const memory = new Float64Array(numbers);
  const clear = (rows: number, columns: number, c: number): void => {
    for (let row = 0; row < rows; row++) {
      const at = c + row * 2 * width;
      memory.fill(0, at, at + columns);
      memory.fill(0, at + width, at + width + columns);
    }
  };
  const accumulate =
    (sign: 1 | -1): Product =>
    (rows, inner, columns, a, aWidth, b, c) => {
      for (let row = 0; row < rows; row++) {
        const at = c + row * 2 * width;
        for (let k = 0; k < inner; k++) {
          const entry = a + row * 2 * aWidth + k;
          const ar = sign * memory[entry]!;
          const ai = sign * memory[entry + aWidth]!;
          const from = b + k * 2 * width;
          for (let j = 0; j < columns; j++) {
            const br = memory[from + j]!;
            const bi = memory[from + width + j]!;
            memory[at + j] = memory[at + j]! + ar * br - ai * bi;
            memory[at + width + j] = memory[at + width + j]! + ar * bi + ai * br;
          }
        }
      }
    };
  return {
    width,
    memory,
    set: (rows, inner, columns, a, aWidth, b, c) => {
      clear(rows, columns, c);
      accumulate(1)(rows, inner, columns, a, aWidth, b, c);
    },
    add: accumulate(1),
    subtract: accumulate(-1),
    transpose: (a, c) => {
      for (let row = 0; row < width; row++) {
        for (let column = 0; column < width; column++) {
          const from = a + row * 2 * width + column;
          const to = c + column * 2 * width + row;
          memory[to] = memory[from]!;
          memory[to + width] = memory[from + width]!;
        }
      }
    },
  };
};
