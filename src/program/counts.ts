/** What a program costs: its parameters, its multiplications, the numbers it holds. */
import { sideOfLattice } from '../number/callers-mistake.ts';
import { alike, entryFunctions, interpret, mapOperands, type Algebra } from './operation.ts';
import { meaningOf, type Program } from './program.ts';
import { promisedField, promisedKernel } from './promised-type.ts';
import { declarations, type TypedProgram } from './typecheck.ts';
import { lengthOf, type ValueType } from './value-type.ts';

/** A count on an N x N lattice: fixed + perSite N^2. */
export interface Count {
  readonly fixed: number;
  readonly perSite: number;
}

/**
 * The count on one lattice.
 *
 * @throws RangeError unless N is a whole number of at least 1.
 */
export const onLattice = (latticeSize: number): ((count: Count) => number) => {
  const N = sideOfLattice(latticeSize);
  return ({ fixed, perSite }) => fixed + perSite * N * N;
};

const none: Count = { fixed: 0, perSite: 0 };

const sites = (perSite: number): Count => ({ fixed: 0, perSite });

const sum = (counts: readonly Count[]): Count =>
  counts.reduce((a, b) => ({ fixed: a.fixed + b.fixed, perSite: a.perSite + b.perSite }), none);

const entries = (type: ValueType): Count =>
  type.tag === 'field' ? sites(type.components * type.channels) : { fixed: lengthOf(1)(type), perSite: 0 };

/**
 * How many numbers each parameter of a program has, by name. Only parameters of field type grow with the lattice.
 *
 * @throws RangeError unless N is a whole number of at least 1.
 *
 * @example
 * parameterCounts(record({ y: correlate(parameterKernel('K', 2, 1, 5))(inputField('x', 1, 1)) })) // { K: 50 }
 */
export const parameterCounts = (program: Program, latticeSize = 1): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(declarations('parameter')(program)).map(([name, type]) => [name, lengthOf(latticeSize)(type)]),
  );

/**
 * The number of a program's parameters: 2,350 for the lattice EFNN with C = 3, n = 2.
 *
 * @eq parameters (Fig. 4b)
 */
export const parameterTotal = (program: Program, latticeSize = 1): number =>
  Object.values(parameterCounts(program, latticeSize)).reduce((total, count) => total + count, 0);

const taps = (kernel: ValueType): number => {
  const { outputs, inputs, size } = promisedKernel(kernel);
  return outputs * inputs * size * size;
};

/** How many products of two numbers an operation forms, by its definition. */
const products: Algebra<ValueType, Count> = {
  ...alike(entryFunctions)(() => none),
  input: () => none,
  parameter: () => none,
  constant: () => none,
  correlate: ({ kernel, field }) => sites(taps(kernel) * promisedField(field).components),
  correlateTransposed: ({ kernel, field }) => sites(taps(kernel) * promisedField(field).components),
  kernelGradient: ({ size, field, cotangent }) => {
    const { components, channels } = promisedField(field);
    return sites(components * channels * promisedField(cotangent).channels * size * size);
  },
  add: () => none,
  multiply: ({ left }) => entries(left),
  scale: ({ value }) => entries(value),
  contract: ({ left }) => entries(left),
  modulate: ({ vector }) => entries(vector),
  total: () => none,
  fill: () => none,
  sumSites: () => none,
  broadcast: () => none,
  concat: () => none,
  slice: () => none,
};

/**
 * The multiplications of a program for one sample, each with the addition that usually goes with it; sums of entries
 * and functions of entries (tanh, reciprocal, ..) are not counted.
 */
export const multiplyAdds = ({ equations, types }: TypedProgram): Count =>
  sum(equations.map((equation) => interpret(products)(mapOperands(meaningOf(types))(equation))));

/** The numbers of all values of a program for one sample: what an interpreter holds that throws none away. */
export const numbersHeld = ({ types }: TypedProgram): Count => sum(types.map(entries));
