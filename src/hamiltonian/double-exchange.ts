/**
 * The double exchange model: electrons that hop on a periodic N x N lattice and feel a classical unit spin at each
 * site,
 *
 *   H - mu n = -t sum over bonds <ij> and alpha of (c_{i alpha}^dagger c_{j alpha} + h.c.)
 *              - (J / 2) sum over i of c_i^dagger (s_i . sigma) c_i - mu sum over i of c_i^dagger c_i.
 *
 * The one-particle basis is site-major with the two electron spins of a site side by side: index 2 i + alpha, alpha 0
 * up, 1 down. Energies, J, mu and the temperature T are in the units of t (Boltzmann's constant is 1).
 *
 * @eq 2
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { Either } from 'fp-ts/lib/Either.js';

import { latticeOf, spinAt, type SpinConfiguration } from '../lattice/spins.ts';
import { bonds, siteCount, sites, type LatticeError, type SquareLattice } from '../lattice/square-lattice.ts';
import type { HermitianMatrix, Term } from '../linear/hermitian-matrix.ts';
import { sumOfTerms } from '../linear/sum-of-terms.kernel.ts';
import { cos, sin } from '../number/elementary/trigonometric.kernel.ts';

/** The parameters of the model: energies in one unit, by convention t = 1, and the temperature in the same. */
export interface DoubleExchange {
  /** The hopping amplitude. */
  readonly t: number;
  /** The coupling of electron and classical spin. */
  readonly J: number;
  /** The chemical potential. */
  readonly mu: number;
  /** The temperature, T > 0. */
  readonly T: number;
}

/** Parameters that no model has: the message says which, and what is expected. */
export interface ParameterError {
  readonly tag: 'ParameterError';
  /** Its symbol. */
  readonly parameter: keyof DoubleExchange;
  readonly message: string;
}

/** Phases by which a wave function grows along one lattice period to the right (x) and down (y). */
export interface Twist {
  readonly x: number;
  readonly y: number;
}

/** The paper's parameters. */
export const publishedDoubleExchange: DoubleExchange = { t: 1, J: 16, mu: -8.3, T: 0.1 };

/** Periodic boundary conditions. */
export const untwisted: Twist = { x: 0, y: 0 };

/** The model with these parameters. Fails unless all are finite and T > 0; t, J and mu may have either sign. */
export const doubleExchange = (parameters: DoubleExchange): Either<ParameterError, DoubleExchange> => {
  const { t, J, mu, T } = parameters;
  const infinite = (['t', 'J', 'mu', 'T'] as const).find((symbol) => !Number.isFinite(parameters[symbol]));
  if (infinite !== undefined) {
    return parameterError(
      infinite,
      `expected finite t, J, mu and T, got ${infinite} = ${parameters[infinite]}: give each a number`,
    );
  }
  return T > 0
    ? E.right({ t, J, mu, T })
    : parameterError(
        'T',
        `expected a temperature T > 0, got ${T}: for the ground state take T far below every level spacing`,
      );
};

const parameterError = (parameter: ParameterError['parameter'], message: string): Either<ParameterError, never> =>
  E.left({ tag: 'ParameterError', parameter, message });

/**
 * The matrix of H - mu n, 2 N^2 x 2 N^2. Fails for N < 3, a wrong count of components, and spins that are not finite.
 *
 * With a twist, <last column|H|first column> = -t e^{i twist.x} and <last row|H|first row> = -t e^{i twist.y}: an electron
 * that hops across the boundary to the left or up picks up the phase, to the right or down its conjugate. It is the matrix
 * of the Bloch states with psi(r + N e) = e^{i twist} psi(r), e to the right or down, of the configuration repeated without
 * end.
 *
 * @example
 * pipe(doubleExchangeMatrix(publishedDoubleExchange)(ferromagnet(3)), E.map(({ dimension }) => dimension)) // right(18)
 */
export const doubleExchangeMatrix =
  (model: DoubleExchange, twist: Twist = untwisted) =>
  (spins: SpinConfiguration): Either<LatticeError, HermitianMatrix> =>
    pipe(
      latticeOf(spins),
      E.map((lattice) =>
        sumOfTerms(2 * siteCount(lattice))([...hopping(model, twist)(lattice), ...exchange(model)(spins)]),
      ),
    );

/** -t (c_i^dagger c_j + h.c.) for each bond and electron spin. */
const hopping =
  ({ t }: DoubleExchange, twist: Twist) =>
  (lattice: SquareLattice): readonly Term[] =>
    bonds(lattice).flatMap(({ from, to, direction, wraps }) => {
      const angle = wraps ? { right: twist.x, down: twist.y }[direction] : 0;
      const amplitude = { re: -t * cos(angle), im: -t * sin(angle) };
      return [0, 1].map((alpha) => ({ row: 2 * from + alpha, column: 2 * to + alpha, ...amplitude }));
    });

/** -(J / 2) s_i . sigma - mu at each site; s . sigma = [[z, x - i y], [x + i y, -z]]. */
const exchange =
  ({ J, mu }: DoubleExchange) =>
  (spins: SpinConfiguration): readonly Term[] => {
    const at = spinAt(spins);
    return sites(spins).flatMap((site) => {
      const [x, y, z] = at(site);
      const up = 2 * site;
      const down = up + 1;
      return [
        { row: up, column: up, re: (-J / 2) * z - mu, im: 0 },
        { row: down, column: down, re: (J / 2) * z - mu, im: 0 },
        { row: down, column: up, re: (-J / 2) * x, im: (-J / 2) * y },
      ];
    });
  };
