/** Energies that an EFNN represents exactly, and networks that cannot, checked in rationals. */
import fc from 'fast-check';
import { identity } from 'fp-ts/lib/function.js';

import { infiniteRangeEnergy } from '../../src/hamiltonian/infinite-range.ts';
import { isingEnergy } from '../../src/hamiltonian/ising.ts';
import { densenet } from '../../src/network/densenet.ts';
import { dnn } from '../../src/network/dnn.ts';
import { efnn } from '../../src/network/efnn.ts';
import type { InfiniteRange } from '../../src/network/infinite-range-efnn.ts';
import { affine, sumOfEntries, type FieldMap } from '../../src/network/maps.ts';
import { architectures, type Architecture } from '../../src/network/network.ts';
import { resnet } from '../../src/network/resnet.ts';
import type { NumberField } from '../../src/number/number-field.ts';
import { ratio, rational, type Rational } from '../../src/number/rational.ts';
import { binomial } from '../../src/number/subsets.ts';
import { evaluate, type Values } from '../../src/program/evaluate.ts';
import { inputField, record, type Field, type Scalar } from '../../src/program/expression.ts';
import type { Program } from '../../src/program/program.ts';
import { declarations, typecheck } from '../../src/program/typecheck.ts';
import { lengthOf } from '../../src/program/value-type.ts';
import { mapName, type MapKind } from '../../src/program/weight.ts';
import { smallIntegers } from '../arbitraries/program.ts';
import type { Law } from '../law.ts';
import { right } from '../right.ts';

/** Small rationals, zero and negative ones included. */
export const rationals: fc.Arbitrary<Rational> = fc
  .tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: 1, max: 5 }))
  .map(([p, q]) => ratio(BigInt(p), BigInt(q)));

const many = <A>(values: fc.Arbitrary<A>, length: number): fc.Arbitrary<readonly A[]> =>
  fc.array(values, { minLength: length, maxLength: length });

const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);

interface IsingCase {
  readonly size: number;
  readonly J: Rational;
  readonly spins: readonly Rational[];
}

/** -J times the sum over all pairs of sites that are one step apart on the torus: no lattice code takes part. */
const pairSum = ({ size, J, spins }: IsingCase): Rational => {
  const around = (steps: number): number => Math.min(Math.abs(steps), size - Math.abs(steps));
  const adjacent = (a: number, b: number): boolean =>
    around(Math.floor(a / size) - Math.floor(b / size)) + around((a % size) - (b % size)) === 1;
  return upTo(size * size)
    .flatMap((a) => upTo(a).flatMap((b) => (adjacent(a, b) ? [[a, b] as const] : [])))
    .reduce((sum, [a, b]) => sum.sub(J.mul(spins[a] ?? 0).mul(spins[b] ?? 0)), rational.zero);
};

/** The Ising EFNN, and its fixed weights for a coupling J. */
export interface IsingNetwork {
  readonly program: Program;
  readonly weights: <A>(field: NumberField<A>) => (J: A) => Values<A>;
}

export const isingIsExact: Law<IsingNetwork, IsingCase> = {
  statement: 'the EFNN of Fig. 1, -J/2 on neighbours, is the Ising energy, by formula and by brute force, exactly',
  cases: fc.integer({ min: 3, max: 6 }).chain((size) =>
    fc.record({
      size: fc.constant(size),
      J: rationals,
      spins: many(fc.constantFrom(ratio(1n, 1n), ratio(-1n, 1n)), size * size),
    }),
  ),
  runs: 40,
  holds:
    ({ program, weights }) =>
    (example) => {
      const { size, J, spins } = example;
      const outputs = right(evaluate(rational)(size)(weights(rational)(J), { spins })(right(typecheck(program))));
      const energy = outputs['energy']?.[0];
      return (
        energy !== undefined &&
        energy.equals(pairSum(example)) &&
        energy.equals(isingEnergy(rational)({ size }, J)(spins))
      );
    },
};

interface InfiniteRangeCase {
  readonly model: InfiniteRange;
  readonly couplings: readonly Rational[];
  readonly spins: readonly Rational[];
}

const infiniteRangeCases: fc.Arbitrary<InfiniteRangeCase> = fc
  .tuple(fc.integer({ min: 2, max: 4 }), fc.integer({ min: 0, max: 3 }))
  .chain(([r, more]) => {
    const model = { sites: r + more, spins: r };
    return fc.record({
      model: fc.constant(model),
      couplings: many(rationals, binomial(model.sites, r)),
      spins: many(rationals, model.sites),
    });
  });

/** The network of each infinite-range model, and its weights for the couplings of that model. */
export interface InfiniteRangeNetwork {
  readonly program: (model: InfiniteRange) => Program;
  readonly weights: <A>(field: NumberField<A>) => (model: InfiniteRange) => (couplings: readonly A[]) => Values<A>;
}

export const infiniteRangeIsExact: Law<InfiniteRangeNetwork, InfiniteRangeCase> = {
  statement: 'a linear EFNN of r - 1 layers is the r-spin infinite-range energy, exactly',
  cases: infiniteRangeCases,
  runs: 60,
  holds:
    ({ program, weights }) =>
    ({ model, couplings, spins }) => {
      const outputs = right(
        evaluate(rational)(1)(weights(rational)(model)(couplings), { spins })(right(typecheck(program(model)))),
      );
      const exact = infiniteRangeEnergy(rational)({ ...model, couplings })(spins);
      return outputs['energy']?.[0]?.equals(exact) ?? false;
    },
};

/** W = 3 neurons on L = 3 spins. */
const width = 3;

const map = (kind: MapKind, layer: number | null, inputs = width): FieldMap =>
  affine(mapName(kind, layer), { inputs, outputs: width, kernel: 1 });

const fieldParticleLayers = (n: number) => upTo(n).map((i) => ({ f: map('field', i), g: map('spin', i + 1) }));

/** The paper's dense networks with affine maps, of n layers. */
export const linearNetworks: Readonly<Record<Architecture, (n: number) => (S0: Field) => Scalar>> = {
  efnn: (n) => efnn({ layers: fieldParticleLayers(n), q: sumOfEntries }),
  dnn: (n) => dnn({ layers: fieldParticleLayers(n), q: sumOfEntries }),
  resnet: (n) =>
    resnet({
      projection: map('projection', null),
      first: map('field', 0),
      rest: upTo(n - 1).map((i) => map('field', i + 1)),
      q: sumOfEntries,
    }),
  densenet: (n) =>
    densenet({
      features: identity,
      first: map('field', 0),
      rest: upTo(n - 1).map((i) => map('field', i + 1, (i + 2) * width)),
      q: sumOfEntries,
    }),
};

interface AffineCase {
  readonly architecture: Exclude<Architecture, 'efnn'>;
  readonly n: number;
  readonly seed: number;
  readonly s: readonly number[];
  readonly t: readonly number[];
}

const integers = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: width, maxLength: width });

export const affineNetworksStayAffine: Law<typeof linearNetworks, AffineCase> = {
  statement:
    'DNN, ResNet and DenseNet with affine maps stay affine at any depth: E(s + t) - E(s) - E(t) + E(0) = 0, ' +
    'exactly, for all weights',
  cases: fc.record({
    architecture: fc.constantFrom(...architectures.filter((name) => name !== 'efnn')),
    n: fc.integer({ min: 1, max: 4 }),
    seed: fc.nat(9999),
    s: integers,
    t: integers,
  }),
  holds:
    (networks) =>
    ({ architecture, n, seed, s, t }) => {
      const program = right(typecheck(record({ energy: networks[architecture](n)(inputField('spins', 1, width)) })));
      const weights = Object.fromEntries(
        Object.entries(declarations('parameter')(program)).map(([name, type], index) => [
          name,
          smallIntegers(seed + index, lengthOf(1)(type)).map(rational.fromNumber),
        ]),
      );
      const energy = (spins: readonly number[]): Rational =>
        right(evaluate(rational)(1)(weights, { spins: spins.map(rational.fromNumber) })(program))['energy']?.[0] ??
        rational.zero;
      const together = s.map((x, i) => x + (t[i] ?? 0));
      return energy(together)
        .sub(energy(s))
        .sub(energy(t))
        .add(energy(s.map(() => 0)))
        .equals(0);
    },
};
