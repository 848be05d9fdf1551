/** The theorem of O(3) invariance, at work: on every lattice network, and on T_j with numbers that do not round. */
import * as E from 'fp-ts/lib/Either.js';
import fc from 'fast-check';

import type { FieldMap } from '../../src/network/maps.ts';
import { networkProgram, type Network } from '../../src/network/network.ts';
import { rational, type Rational } from '../../src/number/rational.ts';
import { evaluate } from '../../src/program/evaluate.ts';
import { inputField, record } from '../../src/program/expression.ts';
import { gradient, gradientName } from '../../src/program/gradient.ts';
import { symmetry } from '../../src/program/symmetry.ts';
import { declarations, type TypedProgram } from '../../src/program/typecheck.ts';
import { lengthOf } from '../../src/program/value-type.ts';
import { mapName, type MapName } from '../../src/program/weight.ts';
import { latticeNetworks } from '../arbitraries/networks.ts';
import { smallIntegers, typed } from '../arbitraries/program.ts';
import type { Law } from '../law.ts';
import { right } from '../right.ts';
import { rationalOrthogonal, turned } from './symmetry.ts';

/** How a description of a network becomes a program. */
export type Build = (network: Network) => TypedProgram;

export const latticeNetworksAreProven: Law<Build, Network> = {
  statement:
    'the check proves every lattice network: its energy is an invariant, its forces are vectors, for every weight ' +
    'and N',
  cases: latticeNetworks.chain((network) =>
    fc.integer({ min: 1, max: 4 }).map((layers) => ({ ...network, shape: { ...network.shape, layers } })),
  ),
  runs: 60,
  holds: (build) => (network) => {
    const proven = E.chain(symmetry)(gradient('energy', ['spins'])(build(network)));
    const forces = gradientName('energy', 'spins');
    return E.isRight(proven) && proven.right['energy'] === 'invariant' && proven.right[forces] === 'vector';
  },
};

export const builtByDefinition: Build = (network) => right(networkProgram(network));

/** T_j, given its name, channels and kernel size. */
export type Symmetrization = (map: MapName, channels: number, kernel: number) => FieldMap;

interface TurnedSpins {
  readonly latticeSize: number;
  readonly kernel: number;
  readonly channels: number;
  readonly seed: number;
  readonly matrix: readonly (readonly Rational[])[];
}

const spinType = { tag: 'field', components: 3, channels: 1 } as const;

export const symmetrizationIsInvariant: Law<Symmetrization, TurnedSpins> = {
  statement: 'T_j(O S_0) = T_j(S_0) for every O in O(3), exactly in rationals, and T_j is not constant',
  cases: fc.record({
    latticeSize: fc.integer({ min: 1, max: 3 }),
    kernel: fc.constantFrom(1, 3),
    channels: fc.integer({ min: 1, max: 2 }),
    seed: fc.nat(9999),
    matrix: rationalOrthogonal,
  }),
  runs: 60,
  holds:
    (symmetrization) =>
    ({ latticeSize, kernel, channels, seed, matrix }) => {
      const program = typed(
        record({ T: symmetrization(mapName('symmetrization', 0), channels, kernel)(inputField('spins', 3, 1)) }),
      );
      const weights = Object.fromEntries(
        Object.entries(declarations('parameter')(program)).map(([name, type], index) => [
          name,
          smallIntegers(seed + index, lengthOf(latticeSize)(type)).map((w) => rational.fromNumber(w + 3)),
        ]),
      );
      const spins = smallIntegers(seed + 7, 3 * latticeSize ** 2).map((s) => rational.fromNumber(s + 3));
      const T = (at: readonly Rational[]): readonly Rational[] =>
        right(evaluate(rational)(latticeSize)(weights, { spins: at })(program))['T'] ?? [];
      const [before, after] = [T(spins), T(turned(matrix, spinType)(spins))];
      // Weights and spin components lie between 1 and 5, so that T is positive.
      return before.length > 0 && before.every((x, i) => x.compare(0) > 0 && x.equals(after[i] ?? NaN));
    },
};
