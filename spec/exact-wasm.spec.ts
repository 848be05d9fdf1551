/** The arithmetic behind exact energies, in WebAssembly and plain: the same laws for both, and the same digits. */
import fc from 'fast-check';
import { describe } from 'vitest';

import { energyByPolesWith } from '../src/exact/energy-by-poles.ts';
import type { EnergyAndForces } from '../src/exact/energy-and-forces.ts';
import type { DoubleExchange, Twist } from '../src/hamiltonian/double-exchange.ts';
import type { SpinConfiguration } from '../src/lattice/spins.ts';
import type { ComplexGemm, ComplexGemmOf } from '../src/linear/complex-gemm.ts';
import { plainComplexGemm } from '../src/linear/plain-complex-gemm.kernel.ts';
import { wasmComplexGemm } from '../src/linear/wasm/complex-gemm.kernel.ts';
import { polesModels, twists } from './arbitraries/double-exchange.ts';
import { configurations } from './arbitraries/spins.ts';
import { verify, type Law } from './law.ts';
import {
  inverseBy,
  inverseSolves,
  logarithmsAdd,
  productsAreSums,
  transposeExchanges,
  type InverseOf,
} from './laws/complex-gemm.ts';
import { right } from './right.ts';

const implementations: Readonly<Record<string, ComplexGemmOf>> = {
  plain: plainComplexGemm,
  wasm: wasmComplexGemm,
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

interface ConfigurationCase {
  readonly model: DoubleExchange;
  readonly twist: Twist;
  readonly spins: SpinConfiguration;
}

type Exact = (model: DoubleExchange, twist: Twist) => (spins: SpinConfiguration) => EnergyAndForces;

const exactBy =
  (productsOf: ComplexGemmOf): Exact =>
  (model, twist) =>
  (spins) =>
    right(energyByPolesWith(productsOf).energyAndForces(model, twist)(spins));

const sameDigits: Law<Exact, ConfigurationCase> = {
  statement: 'energies and forces by poles have the same digits in WebAssembly as in plain TypeScript',
  cases: fc.record({ model: polesModels, twist: twists, spins: configurations(3, 9) }),
  holds: (exact) => {
    const plain = exactBy(plainComplexGemm);
    return ({ model, twist, spins }) => {
      const [found, expected] = [exact(model, twist)(spins), plain(model, twist)(spins)];
      return found.energy === expected.energy && found.forces.every((force, index) => force === expected.forces[index]);
    };
  },
  runs: 20,
};

verify(sameDigits, exactBy(wasmComplexGemm), {
  'c += a b instead of c -= a b': exactBy(changed(wasmComplexGemm, ({ add }) => ({ subtract: add }))),
});
