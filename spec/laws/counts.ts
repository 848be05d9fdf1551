/** Laws of counts: against the formulas of the paper's networks, and against an arithmetic that counts. */
import fc from 'fast-check';

import { float64 } from '../../src/number/float64.ts';
import type { NumberField } from '../../src/number/number-field.ts';
import { network, networkProgram } from '../../src/network/network.ts';
import { onLattice, type Count } from '../../src/program/counts.ts';
import { evaluate } from '../../src/program/evaluate.ts';
import { valueId } from '../../src/program/program.ts';
import type { TypedProgram } from '../../src/program/typecheck.ts';
import { exact, programCases, sampleOf, type ProgramCase } from '../arbitraries/program.ts';
import type { Law } from '../law.ts';
import { right } from '../right.ts';

export type Total = (program: TypedProgram) => number;

/** C channels, n layers, kernels of k x k. */
interface LatticeCase {
  readonly C: number;
  readonly n: number;
  readonly k: number;
}

export const latticeParametersFollowTheFormula: Law<Total, LatticeCase> = {
  statement: 'a lattice EFNN has (n+1) 2 C k^2 + 2 n (2 C^2 k^2 + 2 C) + C k^2 + 1 parameters',
  cases: fc.record({
    C: fc.integer({ min: 1, max: 9 }),
    n: fc.integer({ min: 1, max: 4 }),
    k: fc.constantFrom(1, 3, 5, 7),
  }),
  runs: 40,
  holds:
    (parameterTotal) =>
    ({ C, n, k }) =>
      parameterTotal(
        right(networkProgram(network('efnn', { tag: 'lattice', channels: C, layers: n, kernel: k, pairHead: false }))),
      ) ===
      (n + 1) * 2 * C * k ** 2 + 2 * n * (2 * C ** 2 * k ** 2 + 2 * C) + C * k ** 2 + 1,
};

/** L spins, W neurons, n layers. */
interface DenseCase {
  readonly L: number;
  readonly W: number;
  readonly n: number;
}

export const denseParametersFollowTheFormula: Law<Total, DenseCase> = {
  statement: 'a dense EFNN has (n + 1) (L + 1) W + (n - 1) (W + 1) W + 2 n (W + 1) W parameters',
  cases: fc.record({
    L: fc.integer({ min: 1, max: 20 }),
    W: fc.integer({ min: 1, max: 30 }),
    n: fc.integer({ min: 1, max: 4 }),
  }),
  runs: 40,
  holds:
    (parameterTotal) =>
    ({ L, W, n }) =>
      parameterTotal(right(networkProgram(network('efnn', { tag: 'dense', sites: L, neurons: W, layers: n })))) ===
      (n + 1) * (L + 1) * W + (n - 1) * (W + 1) * W + 2 * n * (W + 1) * W,
};

/** float64 that counts its products. */
const counting = (): { readonly field: NumberField<number>; readonly products: () => number } => {
  const seen = new Map([['products', 0]]);
  return {
    field: {
      ...float64,
      mul: (a, b) => {
        seen.set('products', (seen.get('products') ?? 0) + 1);
        return a * b;
      },
    },
    products: () => seen.get('products') ?? 0,
  };
};

export type Products = (program: TypedProgram) => Count;

export const productsAreThoseOfTheDefinition: Law<Products, ProgramCase> = {
  statement: 'multiply-adds are the products that the definitions form, counted while they are formed',
  cases: programCases({ ...exact, batches: [1] }),
  holds: (multiplyAdds) => (example) => {
    const { field, products } = counting();
    const { program, latticeSize, parameters } = example;
    right(evaluate(field)(latticeSize)(parameters, sampleOf(example, 0))(program));
    return onLattice(latticeSize)(multiplyAdds(program)) === products();
  },
};

export const numbersAreThoseOfTheValues: Law<Products, ProgramCase> = {
  statement: 'the numbers held are the entries of all values together',
  cases: programCases({ ...exact, batches: [1] }),
  holds: (numbersHeld) => (example) => {
    const { program, latticeSize, parameters } = example;
    const everything = { ...program, outputs: Object.fromEntries(program.equations.map((_, i) => [`v${i}`, valueId(i)])) };
    const values = right(evaluate(float64)(latticeSize)(parameters, sampleOf(example, 0))(everything));
    return (
      onLattice(latticeSize)(numbersHeld(program)) ===
      Object.values(values).reduce((count, entries) => count + entries.length, 0)
    );
  },
};
