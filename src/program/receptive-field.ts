/**
 * Receptive fields: which sites of the lattice a value depends on, read off its program. A site's value sees the spins within a
 * distance, its reach, along rows and along columns: a window of 2 reach + 1 sites each way. A sum over sites has the reach of
 * its terms. On a torus smaller than the window a site sees the same spin more than once, by ways around the torus.
 */
import { alike, entryFunctions, interpret, mapOperands, type Algebra } from './operation.ts';
import { foldEquations, meaningOf, outputsOf } from './program.ts';
import { promisedKernel } from './promised-type.ts';
import type { TypedProgram } from './typecheck.ts';
import type { ValueType } from './value-type.ts';

/** What is known of an operand: its type, and how far it sees. */
interface Seeing {
  readonly type: ValueType;
  readonly reach: number;
}

/** The reach of what no input changes. */
const blind = Number.NEGATIVE_INFINITY;

const everywhere = Number.POSITIVE_INFINITY;

const farthest = (...seeing: readonly Seeing[]): number => Math.max(blind, ...seeing.map(({ reach }) => reach));

/** Of a value that each site reads in whole: a sum over sites that it reads has told it of all of them. */
const shared = ({ reach }: Seeing): number => (reach === blind ? blind : everywhere);

/** Of a function of a value, entry by entry: no sum over sites is left where it is not linear. */
const ofEntries = (value: Seeing): number => (value.type.tag === 'field' ? value.reach : shared(value));

/** Of a product: linear in a sum over sites where no input changes the other factor. */
const ofProduct = (left: Seeing, right: Seeing): number =>
  left.reach === blind || right.reach === blind ? farthest(left, right) : Math.max(ofEntries(left), ofEntries(right));

const halfOf = (kernel: Seeing): number => Math.floor(promisedKernel(kernel.type).size / 2);

const throughKernel = ({ kernel, field }: { readonly kernel: Seeing; readonly field: Seeing }): number =>
  Math.max(shared(kernel), field.reach + halfOf(kernel));

/** How the reach of each operation follows from those of its operands; it may be too large, and is never too small. */
const reachOf: Algebra<Seeing, number> = {
  ...alike(entryFunctions)(({ value }: { readonly value: Seeing }) => ofEntries(value)),
  input: () => 0,
  parameter: () => blind,
  constant: () => blind,
  correlate: throughKernel,
  correlateTransposed: throughKernel,
  kernelGradient: ({ size, field, cotangent }) => Math.max(field.reach + Math.floor(size / 2), cotangent.reach),
  add: ({ left, right }) => farthest(left, right),
  multiply: ({ left, right }) => ofProduct(left, right),
  scale: ({ factor, value }) => Math.max(shared(factor), value.reach),
  contract: ({ left, right }) => ofProduct(left, right),
  modulate: ({ amplitude, vector }) => ofProduct(amplitude, vector),
  total: ({ value }) => value.reach,
  fill: ({ scalar }) => shared(scalar),
  sumSites: ({ field }) => field.reach,
  broadcast: ({ bias }) => shared(bias),
  concat: ({ parts }) => farthest(...parts),
  slice: ({ field }) => field.reach,
};

/** The reach of every value of a program, in the order of its equations: -Infinity where no input changes it. */
export const reaches = (program: TypedProgram): readonly number[] => {
  const typeOf = meaningOf(program.types);
  return foldEquations<number>((known, equation) =>
    interpret(reachOf)(
      mapOperands((id: Parameters<typeof known>[0]) => ({ type: typeOf(id), reach: known(id) }))(equation),
    ),
  )(program);
};

/**
 * How many sites wide the window is that each output sees, or each term of an output that is a sum over sites; 0 where it sees
 * none, Infinity where it may see all.
 *
 * @example
 * pipe(
 *   typecheck(record({ y: total(tanh(correlate(parameterKernel('K', 1, 1, 5))(inputField('x', 1, 1)))) })),
 *   E.map(receptiveField),
 * ) // right({ y: 5 })
 */
export const receptiveField = (program: TypedProgram): Readonly<Record<string, number>> =>
  outputsOf(program)(reaches(program).map((reach) => (reach === blind ? 0 : 2 * reach + 1)));
