/**
 * Losses as programs: they extend a network's program (input `spins`, output `energy`) by labels and an output `loss`,
 * one number for each sample, and end in its gradient with respect to the trained weights.
 *
 *     energies alone:         loss = w (E - E*)^2
 *     energies and forces:    loss = w ((E - E*)^2 + f sum over sites of |P_i (dE/ds_i - F*_i)|^2)
 *
 * P_i v = v - (v . s_i) s_i projects on the tangent plane of the unit sphere at s_i: only how E changes as spins turn is
 * physical, what it would do as they grow is not. Chains of numbers are no unit vectors: there P_i = 1.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { identity, pipe } from 'fp-ts/lib/function.js';

import { fieldOutput, scalarOutput } from '../program/embed.ts';
import {
  add,
  constant,
  contract,
  inputField,
  inputScalar,
  modulate,
  multiply,
  record,
  scale,
  total,
  type Field,
  type Scalar,
} from '../program/expression.ts';
import { gradient, gradientName } from '../program/gradient.ts';
import { simplify } from '../program/simplify.ts';
import { declarations, programError, typecheck, type ProgramError, type TypedProgram } from '../program/typecheck.ts';

/** What a network is trained on. */
export interface Loss {
  /** w: one over the variance of the labels makes a loss of 1 the mean predictor's. */
  readonly weight: number;
  /** f, or null where forces are no labels. */
  readonly forceWeight: number | null;
}

/** The name of the input E*: the exact energy of each sample, a scalar. */
export const energyLabel = 'energyLabel';

/** The name of the input F*: the derivative of the exact energy in the spins, shaped like them. */
export const forceLabel = 'forceLabel';

const negative = scale(constant(-1));

const square = (x: Scalar): Scalar => multiply(x, x);

/** P v = v - (v . s) s. */
const tangential =
  (s: Field) =>
  (v: Field): Field =>
    add(v, negative(modulate(contract(v, s))(s)));

const squaredNorm = (v: Field): Scalar => total(contract(v, v));

/** sum over sites of |P_i (dE/ds_i - F*_i)|^2. */
const forceTerm = (network: TypedProgram): Either<ProgramError, Scalar> =>
  pipe(
    network,
    gradient('energy', ['spins']),
    E.chain(fieldOutput(gradientName('energy', 'spins'))),
    E.chain((force) => {
      const spins = declarations('input')(network)['spins'];
      if (spins?.tag !== 'field') {
        return E.left(programError('a loss on forces needs a field as input spins; this program has none'));
      }
      const labelled = inputField(forceLabel, spins.components, spins.channels);
      const difference = add(force, negative(labelled));
      const tangent = spins.components === 3 ? tangential(inputField('spins', 3, spins.channels)) : identity<Field>;
      return E.right(squaredNorm(tangent(difference)));
    }),
  );

/** The program of a loss, simplified: output `loss`, and `gradientName('loss', w)` for each trained weight w. */
export const lossProgram =
  ({ weight, forceWeight }: Loss, trained: readonly string[]) =>
  (network: TypedProgram): Either<ProgramError, TypedProgram> =>
    pipe(
      network,
      scalarOutput('energy'),
      E.map((energy) => square(add(energy, negative(inputScalar(energyLabel))))),
      E.chain((energyTerm) =>
        forceWeight === null
          ? E.right(energyTerm)
          : E.Functor.map(forceTerm(network), (term) => add(energyTerm, scale(constant(forceWeight))(term))),
      ),
      E.map((sum) => record({ loss: scale(constant(weight))(sum) })),
      E.chain(typecheck),
      E.chain(gradient('loss', trained)),
      E.chain(simplify),
    );
