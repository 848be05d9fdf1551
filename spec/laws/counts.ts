/** Laws of what programs cost: against an arithmetic that counts. (Parameters by formula are a law of networks.) */
import { float64 } from '../../src/number/float64.ts';
import type { NumberField } from '../../src/number/number-field.ts';
import { onLattice, type Count } from '../../src/program/counts.ts';
import { evaluate } from '../../src/program/evaluate.ts';
import { valueId } from '../../src/program/program.ts';
import type { TypedProgram } from '../../src/program/typecheck.ts';
import { exact, programCases, sampleOf, type ProgramCase } from '../arbitraries/program.ts';
import type { Law } from '../law.ts';
import { right } from '../right.ts';

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
    const everything = {
      ...program,
      outputs: Object.fromEntries(program.equations.map((_, i) => [`v${i}`, valueId(i)])),
    };
    const values = right(evaluate(float64)(latticeSize)(parameters, sampleOf(example, 0))(everything));
    return (
      onLattice(latticeSize)(numbersHeld(program)) ===
      Object.values(values).reduce((count, entries) => count + entries.length, 0)
    );
  },
};
