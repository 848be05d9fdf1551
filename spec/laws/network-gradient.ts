/** Derivatives of every network, dense and on lattices, and the two-body head that adds to its energy. */
import fc from 'fast-check';

import { architectures, network, networkProgram, type Network } from '../../src/network/network.ts';
import { dual } from '../../src/number/dual.ts';
import { float64 } from '../../src/number/float64.ts';
import { evaluate, type Values } from '../../src/program/evaluate.ts';
import { gradientName } from '../../src/program/gradient.ts';
import { declarations, type TypedProgram } from '../../src/program/typecheck.ts';
import { lengthOf, type ValueType } from '../../src/program/value-type.ts';
import { denseNetworks, latticeNetworks } from '../arbitraries/networks.ts';
import { smallIntegers } from '../arbitraries/program.ts';
import type { Law } from '../law.ts';
import { right } from '../right.ts';
import type { Gradient } from './gradient.ts';

/** A network at a point (weights and spins), and a direction in both. */
interface DirectedCase {
  readonly program: TypedProgram;
  readonly latticeSize: number;
  readonly at: Values<number>;
  readonly along: Values<number>;
}

/** Numbers n/4, |n| <= 2: of order one, so that every tanh is bent, and every factor counts. */
const quarters = (types: Readonly<Record<string, ValueType>>, latticeSize: number, seed: number): Values<number> =>
  Object.fromEntries(
    Object.entries(types).map(([name, type], index) => [
      name,
      smallIntegers(seed + index, lengthOf(latticeSize)(type)).map((n) => n / 4),
    ]),
  );

/** Weights and spins of a network together. */
const variables = (program: TypedProgram): Readonly<Record<string, ValueType>> => ({
  ...declarations('parameter')(program),
  ...declarations('input')(program),
});

const directedCases: fc.Arbitrary<DirectedCase> = fc
  .record({
    description: fc.oneof(denseNetworks, latticeNetworks),
    small: fc.constantFrom(2, 3),
    seed: fc.nat(1_000_000),
  })
  .map(({ description, small, seed }) => {
    const program = right(networkProgram(description));
    const latticeSize = description.shape.tag === 'dense' ? 1 : small;
    return {
      program,
      latticeSize,
      at: quarters(variables(program), latticeSize, seed),
      along: quarters(variables(program), latticeSize, seed + 1000),
    };
  });

const energyAt = ({ program, latticeSize }: DirectedCase, values: Values<number>): number =>
  right(evaluate(float64)(latticeSize)(values, values)(program))['energy']?.[0] ?? NaN;

/** dE along the direction by the gradient program: the sum, and the moduli of its terms. */
const byGradient = (gradient: Gradient, { program, latticeSize, at, along }: DirectedCase) => {
  const names = Object.keys(along);
  const outputs = right(evaluate(float64)(latticeSize)(at, at)(right(gradient('energy', names)(program))));
  const terms = names.flatMap((name) =>
    (outputs[gradientName('energy', name)] ?? [NaN]).map((g, i) => g * (along[name]?.[i] ?? NaN)),
  );
  return {
    sum: terms.reduce((sum, term) => sum + term, 0),
    moduli: terms.reduce((sum, term) => sum + Math.abs(term), 0),
  };
};

export const networkGradientIsTheDualPart: Law<Gradient, DirectedCase> = {
  statement: 'the gradient of every network, in all weights and spins at once, is its derivative by dual numbers',
  cases: directedCases,
  runs: 60,
  holds: (gradient) => (example) => {
    const { program, latticeSize, at, along } = example;
    const lifted = Object.fromEntries(
      Object.entries(at).map(([name, values]) => [
        name,
        values.map((value, i) => ({ value, derivative: along[name]?.[i] ?? NaN })),
      ]),
    );
    const expected = right(evaluate(dual(float64))(latticeSize)(lifted, lifted)(program))['energy']?.[0];
    const { sum, moduli } = byGradient(gradient, example);
    // Sums of at most a few hundred terms, a few thousand roundings in all: below 1e-11 of their moduli.
    return expected !== undefined && Math.abs(sum - expected.derivative) <= 1e-11 * (1 + moduli);
  },
};

export const networkGradientIsTheSlope: Law<Gradient, DirectedCase> = {
  statement: 'the gradient of every network matches central differences of its energy',
  cases: directedCases,
  runs: 40,
  holds: (gradient) => (example) => {
    const { at, along } = example;
    const moved = (h: number): number =>
      energyAt(
        example,
        Object.fromEntries(
          Object.entries(at).map(([name, values]) => [name, values.map((x, i) => x + h * (along[name]?.[i] ?? NaN))]),
        ),
      );
    const slope = (h: number): number => (moved(h) - moved(-h)) / (2 * h);
    // Extrapolated from steps h and h/2 (Richardson) the error is of order h^4 = 1e-12 times fifth derivatives;
    // rounding adds 1e-16/h of the energy.
    const h = 1e-3;
    const { sum, moduli } = byGradient(gradient, example);
    return Math.abs((4 * slope(h / 2) - slope(h)) / 3 - sum) <= 1e-6 * (1 + moduli + Math.abs(moved(0)));
  },
};

/** The energy of a network with given weights. */
export type NetworkEnergy = (
  network: Network,
) => (latticeSize: number, weights: Values<number>, spins: readonly number[]) => number;

interface HeadCase {
  readonly network: Network;
  readonly weights: Values<number>;
  readonly size: number;
  readonly spins: readonly number[];
}

const headCases: fc.Arbitrary<HeadCase> = fc
  .record({
    architecture: fc.constantFrom(...architectures),
    energyScale: fc.constantFrom(1, 2.5),
    kernel: fc.constantFrom(3, 5),
    size: fc.integer({ min: 3, max: 5 }),
    seed: fc.nat(1_000_000),
  })
  .map(({ architecture, energyScale, kernel, size, seed }) => {
    const shape = { tag: 'lattice', channels: 1, layers: 1, kernel, pairHead: true } as const;
    const description = { ...network(architecture, shape), energyScale, energyShift: -0.5 };
    const program = right(networkProgram(description));
    return {
      network: description,
      weights: quarters(declarations('parameter')(program), size, seed),
      size,
      spins: smallIntegers(seed + 1000, 3 * size * size).map((n) => n / 4),
    };
  });

const withoutHead = (description: Network): Network => {
  const { shape } = description;
  return shape.tag === 'lattice' ? { ...description, shape: { ...shape, pairHead: false } } : description;
};

/** sum over r and d of K(d) s_r . s_{r+d}, by the definition, with remainders for the torus. */
const pairSum = (size: number, K: readonly number[], spins: readonly number[]): number => {
  const k = Math.round(Math.sqrt(K.length));
  const half = (k - 1) / 2;
  const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);
  const around = (x: number): number => (x + 10 * size) % size;
  return upTo(3)
    .flatMap((axis) =>
      upTo(size * size).flatMap((r) =>
        upTo(k * k).map((tap) => {
          const row = around(Math.floor(r / size) + Math.floor(tap / k) - half);
          const column = around((r % size) + (tap % k) - half);
          const plane = axis * size * size;
          return (K[tap] ?? NaN) * (spins[plane + r] ?? NaN) * (spins[plane + row * size + column] ?? NaN);
        }),
      ),
    )
    .reduce((sum, term) => sum + term, 0);
};

export const pairHeadIsTheTwoBodySum: Law<NetworkEnergy, HeadCase> = {
  statement: 'the pair head adds the sum over sites of s_i . (K * s)_i, outside of scale and shift',
  cases: headCases,
  runs: 40,
  holds:
    (energy) =>
    ({ network: description, weights, size, spins }) => {
      const total = energy(description)(size, weights, spins);
      const difference = total - energy(withoutHead(description))(size, weights, spins);
      const expected = pairSum(size, weights['pair.weight'] ?? [], spins);
      // At most 25 * 25 * 3 terms of order one, subtracted from energies of the same order.
      return Math.abs(difference - expected) <= 1e-10 * (1 + Math.abs(total));
    },
};

export const energyByDefinition: NetworkEnergy = (description) => {
  const program: TypedProgram = right(networkProgram(description));
  return (latticeSize, weights, spins) =>
    right(evaluate(float64)(latticeSize)(weights, { spins })(program))['energy']?.[0] ?? NaN;
};
