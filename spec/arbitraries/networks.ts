/** Networks of every architecture, small enough to be evaluated by definition, with weights and spins. */
import fc from 'fast-check';

import {
  architectures,
  networkProgram,
  network,
  type DenseShape,
  type LatticeShape,
  type Network,
} from '../../src/network/network.ts';
import type { TypedProgram } from '../../src/program/typecheck.ts';
import { declarations } from '../../src/program/typecheck.ts';
import { lengthOf } from '../../src/program/value-type.ts';
import { right } from '../right.ts';
import { interval } from './interval.ts';

export const denseShapes: fc.Arbitrary<DenseShape> = fc.record({
  tag: fc.constant('dense'),
  sites: fc.integer({ min: 1, max: 4 }),
  neurons: fc.integer({ min: 1, max: 4 }),
  layers: fc.integer({ min: 1, max: 3 }),
});

export const latticeShapes: fc.Arbitrary<LatticeShape> = fc.record({
  tag: fc.constant('lattice'),
  channels: fc.integer({ min: 1, max: 2 }),
  layers: fc.integer({ min: 1, max: 2 }),
  kernel: fc.constantFrom(1, 3),
  pairHead: fc.boolean(),
});

const described = (shapes: fc.Arbitrary<DenseShape | LatticeShape>): fc.Arbitrary<Network> =>
  fc
    .record({
      architecture: fc.constantFrom(...architectures),
      shape: shapes,
      energyScale: fc.constantFrom(1, 2.5),
      energyShift: fc.constantFrom(0, -0.5),
    })
    .map(({ architecture, shape, energyScale, energyShift }) => ({
      ...network(architecture, shape),
      energyScale,
      energyShift,
    }));

export const denseNetworks = described(denseShapes);

export const latticeNetworks = described(latticeShapes);

/** A number of moderate size: sums and products of a few stay of order one. */
export const moderate: fc.Arbitrary<number> = interval(-1, 1);

export const numbers = (length: number): fc.Arbitrary<readonly number[]> =>
  fc.array(moderate, { minLength: length, maxLength: length });

/** Values for every declared input or parameter of a program. */
export const valuesFor = (
  tag: 'input' | 'parameter',
  program: TypedProgram,
  latticeSize: number,
): fc.Arbitrary<Readonly<Record<string, readonly number[]>>> =>
  fc.record(
    Object.fromEntries(
      Object.entries(declarations(tag)(program)).map(([name, type]) => [name, numbers(lengthOf(latticeSize)(type))]),
    ),
  );

/** A network with its program and weights. */
export interface WeightedNetwork {
  readonly network: Network;
  readonly program: TypedProgram;
  readonly weights: Readonly<Record<string, readonly number[]>>;
}

export const weighted = (networks: fc.Arbitrary<Network>): fc.Arbitrary<WeightedNetwork> =>
  networks.chain((description) => {
    const program = right(networkProgram(description));
    return valuesFor('parameter', program, 1).map((weights) => ({ network: description, program, weights }));
  });
