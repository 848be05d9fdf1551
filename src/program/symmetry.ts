/**
 * The symmetry check: an abstract interpretation of a program over representations of O(3).
 *
 * Each value is `invariant` (a rotation or reflection of all input vectors leaves it unchanged), `vector` (its three
 * components turn with them), or `zero` (both at once). The rules are sound: an accepted program is O(3)-invariant or
 * covariant for every weight and on every lattice, because vectors meet only correlate (which acts on sites and
 * channels, alike for each component), add, scale, concat, slice, contract and modulate.
 *
 * The proof for all programs is `proofs/coq/Symmetry.v`, and the check that is extracted from it agrees with this one.
 *
 * @eq O(3) (below Eq. 3)
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';

import { alike, entryFunctions, interpret, mapOperands, type Algebra } from './operation.ts';
import { foldEither, outputsOf } from './program.ts';
import { programError, type ProgramError, type TypedProgram } from './typecheck.ts';
import type { ValueType } from './value-type.ts';

/** How a value turns under O(3). */
export type Representation = 'invariant' | 'vector' | 'zero';

type Judgement = Either<string, Representation>;

const declared = (type: ValueType): Judgement => {
  if (type.tag !== 'field' || type.components === 1) {
    return E.right('invariant');
  }
  return type.components === 3
    ? E.right('vector')
    : E.left(`a field of ${type.components} components is neither scalar nor spin vector`);
};

/** The one representation of several values that are added or set side by side. */
const common = (values: readonly Representation[]): Judgement => {
  const [first, ...others] = [...new Set(values)].filter((value) => value !== 'zero');
  return others.length === 0 ? E.right(first ?? 'zero') : E.left('a vector and an invariant cannot be added');
};

/** The rule for whatever is defined entry by entry: it keeps invariants and zero, and has no meaning for vectors. */
const scalarOnly =
  (what: string) =>
  (...values: readonly Representation[]): Judgement =>
    values.includes('vector')
      ? E.left(`${what} acts on the components of a vector one by one, which depends on the axes; contract it first`)
      : E.right('invariant');

const ofEntries = ({ tag, value }: { readonly tag: string; readonly value: Representation }): Judgement =>
  scalarOnly(tag)(value);

/** The bilinear rules: zero times anything is zero. */
const bilinear = (left: Representation, right: Representation, otherwise: () => Judgement): Judgement =>
  left === 'zero' || right === 'zero' ? E.right('zero') : otherwise();

/** Two vectors contract to an invariant, and so do two scalar fields. */
const contracted = (left: Representation, right: Representation): Judgement =>
  bilinear(left, right, () =>
    left === right ? E.right('invariant') : E.left('a vector can only be contracted with a vector'),
  );

/** The rule of each operation: from the representations of its operands that of its value, or why it has none. */
export type Judge = Algebra<Representation, Either<string, Representation>>;

/** One sound rule an operation. */
export const judge: Judge = {
  ...alike(entryFunctions)(ofEntries),
  input: ({ type }) => declared(type),
  parameter: ({ type }) =>
    type.tag === 'field' ? E.left('a field that is a parameter singles out sites and axes') : E.right('invariant'),
  constant: ({ value }) => E.right(value === 0 ? 'zero' : 'invariant'),
  correlate: ({ field }) => E.right(field),
  correlateTransposed: ({ field }) => E.right(field),
  kernelGradient: ({ field, cotangent }) => contracted(field, cotangent),
  add: ({ left, right }) => common([left, right]),
  multiply: ({ tag, left, right }) => bilinear(left, right, () => scalarOnly(tag)(left, right)),
  scale: ({ factor, value }) => bilinear(factor, value, () => E.right(value)),
  contract: ({ left, right }) => contracted(left, right),
  modulate: ({ amplitude, vector }) => bilinear(amplitude, vector, () => E.right(vector)),
  total: ofEntries,
  fill: ({ type, scalar }) =>
    scalar === 'zero' || type.tag !== 'field' || type.components === 1
      ? E.right(scalar)
      : E.left('a vector field filled with one number points along (1, 1, 1) everywhere'),
  sumSites: ({ tag, field }) => scalarOnly(tag)(field),
  broadcast: ({ components, bias }) =>
    components === 1
      ? E.right(bias)
      : E.left(
          'a bias added to the components of a vector points along (1, 1, 1); leave it out, or add it after contract',
        ),
  concat: ({ parts }) => common(parts),
  slice: ({ field }) => E.right(field),
};

/** The symmetry check that goes by these rules. */
export const symmetryBy =
  (rules: Judge) =>
  (program: TypedProgram): Either<ProgramError, Readonly<Record<string, Representation>>> =>
    pipe(
      program,
      foldEither<ProgramError, Representation>((known, equation, id) =>
        pipe(
          interpret(rules)(mapOperands(known)(equation)),
          E.mapLeft((problem) => programError(`equation ${id}, ${equation.tag}, breaks O(3) symmetry: ${problem}`)),
        ),
      ),
      E.map(outputsOf(program)),
    );

/**
 * The representation of every output, or the first equation that breaks O(3) for some weight.
 *
 * @example
 * pipe(
 *   typecheck(record({ energy: total(contract(inputField('spins', 3, 1), inputField('spins', 3, 1))) })),
 *   E.chain(symmetry),
 * ) // right({ energy: 'invariant' })
 */
export const symmetry = symmetryBy(judge);
