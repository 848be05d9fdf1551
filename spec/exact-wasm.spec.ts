/** The arithmetic behind exact energies, in WebAssembly and plain: the same laws for both, and the same digits. */
import fc from 'fast-check';
import { describe } from 'vitest';

import { productSums, type ProductSums } from '../src/assembler/arithmetic.ts';
import { hasFused } from '../src/assembler/engine.ts';
import { energyByPolesWith, unitLength } from '../src/exact/energy-by-poles.ts';
import { energyMethod, type EnergyMethod } from '../src/exact/energy-method.ts';
import { plainDiagonalLines } from '../src/exact/plain-diagonal-lines.kernel.ts';
import { arithmeticBy, plainArithmetic } from '../src/exact/plain-pole-arithmetic.ts';
import type { AtPole, PoleArithmetic, PoleArithmeticOf } from '../src/exact/pole-arithmetic.ts';
import { defaultTolerance, poleExpansion } from '../src/exact/pole-expansion.ts';
import { energyAndForceSums, energySum } from '../src/exact/sum-over-poles.kernel.ts';
import { wasmArithmetic } from '../src/exact/wasm/pole-arithmetic.kernel.ts';
import type { EnergyAndForces } from '../src/exact/energy-and-forces.ts';
import { publishedDoubleExchange, type DoubleExchange, type Twist } from '../src/hamiltonian/double-exchange.ts';
import type { SpinConfiguration } from '../src/lattice/spins.ts';
import { blockCyclicElimination } from '../src/linear/block-cyclic-elimination.kernel.ts';
import { addLogarithms, noLogarithm } from '../src/linear/definite-inverse.kernel.ts';
import type { ComplexGemm, ComplexGemmOf } from '../src/linear/complex-gemm.ts';
import { lower, upper, type LineMatrices, type LineMatricesOf } from '../src/linear/line-matrices.ts';
import { plainComplexGemm } from '../src/linear/plain-complex-gemm.kernel.ts';
import { plainLineMatrices } from '../src/linear/plain-line-matrices.kernel.ts';
import { wasmComplexGemm } from '../src/linear/wasm/complex-product.kernel.ts';
import { wasmLineMatrices } from '../src/linear/wasm/line-matrices.kernel.ts';
import { polesModels, twists } from './arbitraries/double-exchange.ts';
import { configurations } from './arbitraries/spins.ts';
import { verify, type Law } from './law.ts';
import {
  inverseBy,
  inverseSolves,
  logarithmsAdd,
  logarithmsOfProducts,
  productsAreSums,
  transposeExchanges,
  type InverseOf,
  type SumOfLogarithms,
} from './laws/complex-gemm.ts';
import { closeLineMatrices, sameLineMatrices } from './laws/line-matrices.ts';
import { right } from './right.ts';

const { separate, fused } = productSums;

const implementations: Readonly<Record<string, ComplexGemmOf>> = {
  plain: plainComplexGemm,
  wasm: wasmComplexGemm(separate),
  ...(hasFused() ? { 'wasm, fused': wasmComplexGemm(fused) } : {}),
};

const changed =
  (productsOf: ComplexGemmOf, change: (products: ComplexGemm) => Partial<ComplexGemm>): ComplexGemmOf =>
  (width, numbers) => {
    const products = productsOf(width, numbers);
    return { ...products, ...change(products) };
  };

describe.each(Object.keys(implementations))('%s', (name) => {
  const productsOf = implementations[name] ?? plainComplexGemm;

  verify(productsAreSums, productsOf, {
    'a sum is started anew': changed(productsOf, ({ set }) => ({ add: set })),
    'a difference is a sum': changed(productsOf, ({ add }) => ({ subtract: add })),
    'two columns too many': changed(productsOf, ({ set }) => ({
      set: (rows, inner, columns, ...places) => set(rows, inner, columns === 2 ? 4 : columns, ...places),
    })),
    'the last term is left out': changed(productsOf, ({ set }) => ({
      set: (rows, inner, ...rest) => set(rows, inner > 1 ? inner - 1 : 1, ...rest),
    })),
  });

  verify(transposeExchanges, productsOf, {
    'nothing happens': changed(productsOf, () => ({ transpose: () => undefined })),
    'a copy': changed(productsOf, ({ memory }) => ({
      transpose: (a, c) => {
        memory.copyWithin(c, a, c);
      },
    })),
  });

  const inverseOf = inverseBy(productsOf);

  const changedInverse =
    (change: (found: ReturnType<InverseOf>) => Partial<ReturnType<InverseOf>>): InverseOf =>
    (width, entries) => {
      const found = inverseOf(width, entries);
      return { ...found, ...change(found) };
    };

  verify(inverseSolves, inverseOf, {
    'the conjugate': changedInverse(({ inverse }) => ({ inverse: inverse.map(([re, im]) => [re, -im]) })),
    'elimination below the pivots alone': inverseBy(
      changed(productsOf, ({ subtract }) => ({
        // What lies above the pivots starts with the first row, at place 0.
        subtract: (...operands) => {
          if (operands[6] > 0) {
            subtract(...operands);
          }
        },
      })),
    ),
    'what was eliminated stays': inverseBy(changed(productsOf, () => ({ subtract: () => undefined }))),
  });

  verify(logarithmsAdd, inverseOf, {
    'the principal value': changedInverse(({ logDeterminant: [modulus, argument] }) => ({
      logDeterminant: [modulus, Math.atan2(Math.sin(argument), Math.cos(argument))],
    })),
    'log |det|^2': changedInverse(({ logDeterminant: [modulus, argument] }) => ({
      logDeterminant: [2 * modulus, argument],
    })),
  });
});

const sumOfLogarithms: SumOfLogarithms = (numbers) => {
  const logarithm = noLogarithm();
  addLogarithms(logarithm, Float64Array.from(numbers.flat()), 0, numbers.length);
  const [modulus = NaN, argument = NaN] = logarithm.parts;
  return [modulus, argument];
};

/** The product of all numbers, and the logarithm of its value alone. */
const logarithmOfProduct: SumOfLogarithms = (numbers) => {
  const [re, im] = numbers.reduce(([a, b], [x, y]) => [a * x - b * y, a * y + b * x], [1, 0]);
  return [Math.log(Math.hypot(re, im)), Math.atan2(im, re)];
};

verify(logarithmsOfProducts, sumOfLogarithms, {
  'the principal value of the product': (numbers) => [sumOfLogarithms(numbers)[0], logarithmOfProduct(numbers)[1]],
  'a product that leaves float64': (numbers) => [logarithmOfProduct(numbers)[0], sumOfLogarithms(numbers)[1]],
  'the last factor is left out': (numbers) => sumOfLogarithms(numbers.slice(1)),
  'log |z|^2': (numbers) => {
    const [modulus, argument] = sumOfLogarithms(numbers);
    return [2 * modulus, argument];
  },
});

interface ConfigurationCase {
  readonly model: DoubleExchange;
  readonly twist: Twist;
  readonly spins: SpinConfiguration;
}

interface Found extends EnergyAndForces {
  /** The energy without its forces, which is computed otherwise. */
  readonly alone: number;
}

type Exact = (model: DoubleExchange, twist: Twist) => (spins: SpinConfiguration) => Found;

const exactBy = (arithmeticOf: PoleArithmeticOf): Exact => {
  const { energy, energyAndForces } = energyByPolesWith(arithmeticOf);
  return (...model) => {
    const [both, alone] = [energyAndForces(...model), energy(...model)];
    return (spins) => ({ ...right(both(spins)), alone: right(alone(spins)) });
  };
};

const sameFound = (a: Found, b: Found): boolean =>
  a.energy === b.energy && a.alone === b.alone && a.forces.every((force, index) => force === b.forces[index]);

const sameDigits: Law<Exact, ConfigurationCase> = {
  statement: 'energies and forces by poles have the same digits in WebAssembly as in plain TypeScript',
  cases: fc.record({ model: polesModels, twist: twists, spins: configurations(3, 9) }),
  holds: (exact) => {
    const plain = exactBy(plainArithmetic);
    return ({ model, twist, spins }) => {
      return sameFound(exact(model, twist)(spins), plain(model, twist)(spins));
    };
  },
  runs: 20,
};

const changedArithmetic = (change: (arithmetic: PoleArithmetic) => Partial<PoleArithmetic>): Exact =>
  exactBy((size) => {
    const arithmetic = wasmArithmetic(separate)(size);
    return { ...arithmetic, ...change(arithmetic) };
  });

const changedMatrices =
  (change: (matrices: LineMatrices) => Partial<LineMatrices>): LineMatricesOf =>
  (...layout) => {
    const matrices = wasmLineMatrices(separate)(...layout);
    return { ...matrices, ...change(matrices) };
  };

verify(sameDigits, exactBy(wasmArithmetic(separate)), {
  'c += a b instead of c -= a b': exactBy((size) =>
    arithmeticBy(
      plainDiagonalLines(size),
      blockCyclicElimination(
        size,
        changedMatrices(({ multiply }) => ({
          multiply: (how, ...places) => {
            multiply(how === 'subtract' ? 'add' : how, ...places);
          },
        })),
      ),
    ),
  ),
  'the twist runs the other way': changedArithmetic(({ resolvent }) => ({
    resolvent: (model, { x, y }) => resolvent(model, { x: -x, y: -y }),
  })),
  'the twist runs the other way without forces': changedArithmetic(({ logDeterminant }) => ({
    logDeterminant: (model, { x, y }) => logDeterminant(model, { x: -x, y: -y }),
  })),
  'blocks of the last pole': changedArithmetic(({ resolvent }) => ({
    resolvent:
      (...model) =>
      (spins) => {
        const at = resolvent(...model)(spins);
        const last = at(0, 1).diagonalBlocks.slice();
        return (zRe, zIm) => ({ ...at(zRe, zIm), diagonalBlocks: last });
      },
  })),
  'logarithms of all poles add up': changedArithmetic(({ logDeterminant }) => ({
    logDeterminant:
      (...model) =>
      (spins) => {
        const at = logDeterminant(...model)(spins);
        const { parts } = noLogarithm();
        return (zRe, zIm) => {
          parts.set(at(zRe, zIm).parts.map((part, i) => part + (parts[i] ?? NaN)));
          return { parts: parts.slice() };
        };
      },
  })),
});

const maximum = (numbers: Iterable<number>): number => Math.max(0, ...numbers);

const differenceOf = (a: Found, b: Found): number =>
  maximum([
    Math.abs(a.energy - b.energy),
    Math.abs(a.alone - b.alone),
    ...a.forces.map((force, i) => Math.abs(force - (b.forces[i] ?? NaN))),
  ]);

const sameButForRounding: Law<Exact, ConfigurationCase> = {
  statement: 'energies and forces by fused products are those of plain TypeScript, but for rounding',
  cases: fc.record({ model: polesModels, twist: twists, spins: configurations(3, 9) }),
  holds: (exact) => {
    const plain = exactBy(plainArithmetic);
    return ({ model, twist, spins }) => {
      // Up to 162 levels of order ten, and forces of order one.
      return differenceOf(exact(model, twist)(spins), plain(model, twist)(spins)) <= 1e-11;
    };
  },
  runs: 20,
};

const fusedBy = (change: Partial<ProductSums>): Exact => exactBy(wasmArithmetic({ ...fused, ...change }));

/** Forces by an arithmetic, which show it in their last digits. */
const methodsHaveTheirArithmetic: Law<typeof energyMethod, ConfigurationCase> = {
  statement: 'a method by poles has the arithmetic that is asked for, whichever was asked for before',
  cases: fc.record({
    model: fc.constant(publishedDoubleExchange),
    twist: twists,
    spins: configurations(7, 9),
  }),
  holds:
    (method) =>
    ({ model, twist, spins }) =>
      (['separate', 'fused', 'separate'] as const).every((arithmetic) => {
        const asked = method('poles', defaultTolerance, arithmetic);
        const by = energyByPolesWith(wasmArithmetic(productSums[arithmetic]));
        const [found, expected] = [asked, by].map(({ energyAndForces }) => right(energyAndForces(model, twist)(spins)));
        return (
          asked.arithmetic === arithmetic &&
          expected !== undefined &&
          found?.energy === expected.energy &&
          found.forces.every((force, i) => force === expected.forces[i])
        );
      }),
  runs: 10,
};

/** Gives whoever asks for poles what was asked for first. */
const firstAsked = (): typeof energyMethod => {
  const first: EnergyMethod[] = [];
  return (...asked) => {
    first.push(energyMethod(...asked));
    return { ...(first[0] ?? energyMethod(...asked)), arithmetic: asked[2] ?? 'separate' };
  };
};

interface Turns {
  readonly models: readonly Omit<ConfigurationCase, 'spins'>[];
  readonly configurations: readonly SpinConfiguration[];
}

const longer =
  (length: number) =>
  (spins: SpinConfiguration): SpinConfiguration => ({ ...spins, components: spins.components.map((x) => length * x) });

const turnsOfModels: Law<Exact, Turns> = {
  statement: 'what is made once for a model serves configurations of any size and length, in turns with another model',
  cases: fc.record({
    models: fc.array(fc.record({ model: polesModels, twist: twists }), { minLength: 2, maxLength: 2 }),
    configurations: fc.array(
      fc.tuple(fc.constantFrom(1, 1.3), configurations(3, 5)).map(([length, spins]) => longer(length)(spins)),
      { minLength: 1, maxLength: 3 },
    ),
  }),
  holds: (exact) => {
    const plain = exactBy(plainArithmetic);
    return ({ models, configurations: all }) => {
      const prepared = models.map(({ model, twist }) => ({ model, twist, of: exact(model, twist) }));
      return all.every((spins) =>
        [...prepared, ...prepared].every(({ model, twist, of }) => sameFound(of(spins), plain(model, twist)(spins))),
      );
    };
  },
  runs: 8,
};

/** Takes the model that was prepared last for all. */
const ofLastModel = <A>(prepare: AtPole<A>): AtPole<A> => {
  const prepared: ReturnType<AtPole<A>>[] = [];
  return (...model) => {
    const made = prepare(...model);
    prepared.unshift(made);
    return (spins) => (prepared[0] ?? made)(spins);
  };
};

verify(turnsOfModels, exactBy(wasmArithmetic(separate)), {
  'the model that was prepared last': changedArithmetic(({ logDeterminant, resolvent }) => ({
    logDeterminant: ofLastModel(logDeterminant),
    resolvent: ofLastModel(resolvent),
  })),
  'the expansion of unit spins for all lengths': (model, twist) => {
    const expansion = right(poleExpansion(model, defaultTolerance, unitLength));
    return (spins) => {
      const arithmetic = wasmArithmetic(separate)(spins.size);
      return {
        ...energyAndForceSums(arithmetic, expansion, model, twist)(spins),
        alone: energySum(arithmetic, expansion, model, twist)(spins),
      };
    };
  },
});

verify(sameLineMatrices(plainLineMatrices), wasmLineMatrices(separate), {
  'a band is not transposed': changedMatrices(({ multiplyBand }) => ({
    multiplyBand: (how, { side }, ...places) => {
      multiplyBand(how, { side, isTransposed: false }, ...places);
    },
  })),
  'a band is on the other side': changedMatrices(({ multiplyBand }) => ({
    multiplyBand: (how, { side, isTransposed }, ...places) => {
      multiplyBand(how, { side: side === 'left' ? 'right' : 'left', isTransposed }, ...places);
    },
  })),
  'a band is added on the other side': changedMatrices(({ addBand }) => ({
    addBand: ({ side }, ...places) => {
      addBand(side === 'left' ? upper : lower, ...places);
    },
  })),
  'blocks of rows for those of columns': changedMatrices(({ copyBlocks }) => ({
    copyBlocks: (side, ...places) => {
      copyBlocks(side === 'left' ? 'right' : side, ...places);
    },
  })),
  'the first rows are not repeated': changedMatrices(() => ({ wrap: () => undefined })),
  'the factors of a product are exchanged': changedMatrices(({ multiply }) => ({
    multiply: (how, a, b, c) => {
      multiply(how, b, a, c);
    },
  })),
  'pivots alone': changedMatrices(({ invert }) => ({
    invert: (a, pivots) => {
      invert(a, pivots, true);
    },
  })),
  'pivots at the wrong place': changedMatrices(({ invert }) => ({
    invert: (a, pivots, determinantOnly) => {
      invert(a, pivots + 2, determinantOnly);
    },
  })),
  'blocks of a product are written, not added': changedMatrices(({ productBlocks }) => ({
    productBlocks: (_, ...operands) => {
      productBlocks('set', ...operands);
    },
  })),
  'blocks of a product on the other side': changedMatrices(({ productBlocks }) => ({
    productBlocks: (how, side, ...places) => {
      productBlocks(how, side === 'left' ? 'right' : 'left', ...places);
    },
  })),
  'the factors of two products are exchanged': changedMatrices(({ productBlocks }) => ({
    productBlocks: (how, side, a, b, c, d, blocks) => {
      productBlocks(how, side, a, d, c, b, blocks);
    },
  })),
});

describe.skipIf(!hasFused())('fused products', () => {
  verify(sameButForRounding, fusedBy({}), {
    'c += a b instead of c -= a b': fusedBy({ minus: fused.plus }),
    'one of two products': fusedBy({ plusBoth: fused.plus }),
    'the factors of the second product are squared': fusedBy({
      plusBoth: (sum, x, y, u) => fused.plusBoth(sum, x, y, u, u),
    }),
  });

  verify(closeLineMatrices(plainLineMatrices), wasmLineMatrices(fused), {
    'a difference is a sum': wasmLineMatrices({ ...fused, minus: fused.plus }),
    'the first factor is squared': wasmLineMatrices({ ...fused, plus: (sum, x) => fused.plus(sum, x, x) }),
  });

  verify(methodsHaveTheirArithmetic, energyMethod, {
    'products are separate': (name, tolerance) => energyMethod(name, tolerance),
    'the arithmetic that was asked for first': firstAsked(),
  });
});
