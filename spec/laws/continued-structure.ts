/**
 * What is a continued function and what is not, by the degree and the bodies of exact polynomials: the networks of the paper
 * with affine maps, evaluated over polynomials in their spins, and in their weights too.
 */
import fc from 'fast-check';

import { effectiveEnergy, pairCount, wholeLattice } from '../../src/hamiltonian/effective-model.ts';
import { densenet } from '../../src/network/densenet.ts';
import { dnn } from '../../src/network/dnn.ts';
import { efnn, type Efnn } from '../../src/network/efnn.ts';
import { affine, andThen, convolvedSum, symmetrize, type FieldMap } from '../../src/network/maps.ts';
import { architectures, type Architecture } from '../../src/network/network.ts';
import { resnet } from '../../src/network/resnet.ts';
import { float64 } from '../../src/number/float64.ts';
import type { NumberField } from '../../src/number/number-field.ts';
import { degreeIn, mostBodies, polynomials, variable, type Polynomial } from '../../src/number/polynomial.ts';
import { evaluate, type Values } from '../../src/program/evaluate.ts';
import { inputField, record, type Field, type Scalar } from '../../src/program/expression.ts';
import { declarations, typecheck, type TypedProgram } from '../../src/program/typecheck.ts';
import { lengthOf } from '../../src/program/value-type.ts';
import { mapName, type MapKind } from '../../src/program/weight.ts';
import { smallIntegers } from '../arbitraries/program.ts';
import type { Law } from '../law.ts';
import { right } from '../right.ts';

/** Energies of networks of n layers with affine maps, as functions of the spins. */
export type AffineNetworks = Readonly<Record<Architecture, (n: number) => (S0: Field) => Scalar>>;

/** Integers, which float64 adds and multiplies exactly as long as they stay below 2^53. */
type IntegerPolynomial = Polynomial<number>;

const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);

/** What fills the entries of weights, by their position among all weights. */
type Entries<A> = (position: number) => A;

const weightsOf = <A>(program: TypedProgram, N: number, entry: Entries<A>): Values<A> =>
  Object.entries(declarations('parameter')(program)).reduce<{ readonly known: Values<A>; readonly next: number }>(
    ({ known, next }, [name, type]) => {
      const length = lengthOf(N)(type);
      return { known: { ...known, [name]: upTo(length).map((i) => entry(next + i)) }, next: next + length };
    },
    { known: {}, next: 0 },
  ).known;

const weightCount = (program: TypedProgram, N: number): number =>
  Object.values(declarations('parameter')(program)).reduce((count, type) => count + lengthOf(N)(type), 0);

const energyOf = <A>(
  field: NumberField<A>,
  program: TypedProgram,
  N: number,
  entry: Entries<A>,
  spins: readonly A[],
): A => {
  const outputs = right(evaluate(field)(N)(weightsOf(program, N, entry), { spins })(program));
  return outputs['energy']?.[0] ?? field.zero;
};

const typed = (energy: Scalar): TypedProgram => right(typecheck(record({ energy })));

const denseSites = 3;

/** The energy as a polynomial in the spins, which come first, and in all weights. */
const inSpinsAndWeights = (energy: (S0: Field) => Scalar): IntegerPolynomial => {
  const program = typed(energy(inputField('spins', 1, denseSites)));
  const variables = denseSites + weightCount(program, 1);
  const unknown = variable(float64, variables);
  return energyOf(
    polynomials(float64, variables),
    program,
    1,
    (position) => unknown(denseSites + position),
    upTo(denseSites).map(unknown),
  );
};

export const degreesForAllWeights: Law<AffineNetworks, null> = {
  statement:
    'with affine maps an EFNN of n layers is of degree n + 1 in the spins, and DNN, ResNet and DenseNet are of degree 1, ' +
    'as polynomials in the spins and all weights',
  cases: fc.constant(null),
  runs: 1,
  holds: (networks) => () =>
    architectures.every((architecture) =>
      [1, 2, 3].every((n) => {
        const energy = inSpinsAndWeights(networks[architecture](n));
        const degree = architecture === 'efnn' ? n + 1 : 1;
        return (
          degreeIn(denseSites)(energy) === degree && mostBodies(denseSites)(energy) === Math.min(degree, denseSites)
        );
      }),
    ),
};

const kernel = 3;

const map = (kind: MapKind, layer: number, inputs: number, outputs = inputs): FieldMap =>
  affine(mapName(kind, layer), { inputs, outputs, kernel });

/** The paper's lattice networks with C channels, each perceptron without its tanh. */
export const affineLatticeNetworks = (C: number): AffineNetworks => {
  const T = (j: number): FieldMap => symmetrize(mapName('symmetrization', j), C, kernel);
  const f = (i: number): FieldMap => (i === 0 ? andThen(T(0))(map('field', 0, C)) : map('field', i, C));
  const layers = (n: number, g: (i: number) => FieldMap): Efnn => ({
    layers: upTo(n).map((i) => ({ f: f(i), g: g(i + 1) })),
    q: convolvedSum(C, kernel),
  });
  const rest = (n: number): readonly number[] => upTo(n - 1).map((i) => i + 1);
  return {
    efnn: (n) => efnn(layers(n, (i) => andThen(T(i))(map('spin', i, C)))),
    dnn: (n) => dnn(layers(n, (i) => map('spin', i, C))),
    resnet: (n) => resnet({ projection: T(1), first: f(0), rest: rest(n).map(f), q: convolvedSum(C, kernel) }),
    densenet: (n) =>
      densenet({
        features: T(1),
        first: f(0),
        rest: rest(n).map((i) => map('field', i, (i + 1) * C, C)),
        q: convolvedSum((n + 1) * C, kernel),
      }),
  };
};

/** 3 x 3 sites: nine spins, enough for the six bodies of two layers. */
const size = 3;

const sites = upTo(size * size);

const vectorSpins = inputField('spins', 3, 1);

/** The site that is so far from r around the torus. */
const moved = (r: number, { row, column }: { readonly row: number; readonly column: number }): number =>
  ((Math.floor(r / size) + row + size) % size) * size + (((r % size) + column + size) % size);

/** The sites after the lattice was shifted. */
const shifted = (row: number, column: number): readonly number[] => sites.map((r) => moved(r, { row, column }));

const relabelled = (polynomial: IntegerPolynomial, to: readonly number[]): IntegerPolynomial =>
  polynomial.map(({ powers, coefficient }) => ({ powers: to.map((site) => powers[site] ?? 0), coefficient }));

/**
 * All spins along z, s_r = (0, 0, x_r): their dot products are x_i x_j. Positive weights let no term cancel.
 */
const alongZ = (energy: (S0: Field) => Scalar, seed: number): IntegerPolynomial => {
  const field = polynomials(float64, sites.length);
  const unknown = variable(float64, sites.length);
  return energyOf(
    field,
    typed(energy(vectorSpins)),
    size,
    (position) => field.fromNumber(1 + Math.abs(smallIntegers(seed + position, 1)[0] ?? 0)),
    [...sites, ...sites].map(() => field.zero).concat(sites.map(unknown)),
  );
};

export const bodiesOnTheLattice: Law<AffineNetworks, number> = {
  statement:
    'on a lattice with affine maps an EFNN of n layers has terms of 2 (n + 1) bodies and no more, DNN, ResNet and DenseNet ' +
    'of two; all are translation-invariant, exactly',
  cases: fc.nat(9999),
  runs: 2,
  holds: (networks) => (seed) => {
    const { equals } = polynomials(float64, sites.length);
    return architectures.every((architecture) =>
      [1, 2].every((n) => {
        const energy = alongZ(networks[architecture](n), seed);
        const bodies = architecture === 'efnn' ? 2 * (n + 1) : 2;
        return (
          mostBodies(sites.length)(energy) === bodies &&
          degreeIn(sites.length)(energy) === bodies &&
          equals(relabelled(energy, shifted(1, 0)), energy) &&
          equals(relabelled(energy, shifted(0, 1)), energy)
        );
      }),
    );
  },
};

/** A sum of dot products: constant + sum over pairs p of pairs[p] x_p. */
interface PairSum {
  readonly constant: number;
  readonly pairs: readonly number[];
}

/** The position of s_i . s_j, i <= j, in the order (0, 0), (0, 1), .., (1, 1), .. */
const pairIndex = (a: number, b: number): number => {
  const [i, j] = [Math.min(a, b), Math.max(a, b)];
  return i * sites.length - (i * (i - 1)) / 2 + (j - i);
};

const offsets = [-1, 0, 1].flatMap((row) => [-1, 0, 1].map((column) => ({ row, column })));

/** The affine map `name` of the invariants T_j, at every site for every output channel, as sums of dot products. */
const pairSums = (weights: Values<number>, C: number, j: number, name: string): readonly (readonly PairSum[])[] => {
  const at = (weight: string, index: number): number => weights[weight]?.[index] ?? 0;
  const invariant = (c: number, r: number): readonly (readonly [pair: number, coefficient: number])[] =>
    offsets.flatMap((d, i) =>
      offsets.map(
        (e, k) => [pairIndex(moved(r, d), moved(r, e)), at(`T.${j}.a`, c * 9 + i) * at(`T.${j}.b`, c * 9 + k)] as const,
      ),
    );
  return upTo(C).map((o) =>
    sites.map((r) => {
      const pairs = new Float64Array(pairCount(sites.length));
      upTo(C).forEach((c) => {
        offsets.forEach((e, i) => {
          invariant(c, moved(r, e)).forEach(([pair, coefficient]) => {
            pairs[pair] = (pairs[pair] ?? 0) + at(`${name}.weight`, (o * C + c) * 9 + i) * coefficient;
          });
        });
      });
      return { constant: at(`${name}.bias`, o), pairs: Array.from(pairs) };
    }),
  );
};

/** The coefficients of Eq. (3) of a one-layer EFNN with affine maps: F and G multiplied out, site by site. */
const coefficientsOf = (weights: Values<number>, C: number): Float64Array => {
  const [F, G] = [pairSums(weights, C, 0, 'f.0'), pairSums(weights, C, 1, 'g.1')];
  const P = pairCount(sites.length);
  const coefficients = new Float64Array(1 + P + pairCount(P));
  const readout = (o: number): number =>
    (weights['q.weight'] ?? []).slice(9 * o, 9 * (o + 1)).reduce((sum, w) => sum + w, 0);
  coefficients[0] = sites.length * (weights['q.bias']?.[0] ?? 0);
  const accumulate = (index: number, value: number): void => {
    coefficients[index] = (coefficients[index] ?? 0) + value;
  };
  upTo(C).forEach((o) => {
    sites.forEach((r) => {
      const none = { constant: 0, pairs: [] };
      const [f, g] = [F[o]?.[r] ?? none, G[o]?.[r] ?? none];
      const w = readout(o);
      accumulate(0, w * f.constant * g.constant);
      f.pairs.forEach((fp, p) => {
        const gp = g.pairs[p] ?? 0;
        accumulate(1 + p, w * (f.constant * gp + g.constant * fp));
        f.pairs.slice(p).forEach((fq, beyond) => {
          const gq = g.pairs[p + beyond] ?? 0;
          const index = 1 + P + p * P - (p * (p - 1)) / 2 + beyond;
          accumulate(index, w * (beyond === 0 ? fp * gp : fp * gq + fq * gp));
        });
      });
    });
  });
  return coefficients;
};

/** g_p and g_pq after a translation of the pairs. */
const translated = (coefficients: Float64Array, to: readonly number[]): Float64Array => {
  const P = pairCount(sites.length);
  const pairs = sites.flatMap((i) => sites.slice(i).map((j) => pairIndex(to[i] ?? 0, to[j] ?? 0)));
  const indexOf = (a: number, b: number): number => {
    const [p, q] = [Math.min(a, b), Math.max(a, b)];
    return 1 + P + p * P - (p * (p - 1)) / 2 + (q - p);
  };
  const read = (index: number): number => coefficients[index] ?? NaN;
  return Float64Array.of(
    read(0),
    ...pairs.map((p) => read(1 + p)),
    ...pairs.flatMap((p, k) => pairs.slice(k).map((q) => read(indexOf(p, q)))),
  );
};

const channels = 2;

/** Weights and spins of -2, .., 2: all sums stay below 1e13, which float64 holds exactly. */
const entriesFrom = (seed: number, length: number): readonly number[] =>
  smallIntegers(seed, length).map((entry) => entry % 3);

export const oneLayerIsTheEffectiveModel: Law<(channels: number) => AffineNetworks, readonly [number, number]> = {
  statement:
    'the lattice EFNN of one layer with affine maps is the four-body model of Eq. (3) with translation-invariant g_ij and ' +
    'g_ijkl, exactly',
  cases: fc.tuple(fc.nat(9999), fc.nat(9999)),
  runs: 10,
  holds:
    (networks) =>
    ([seed, another]) => {
      const program = typed(networks(channels).efnn(1)(vectorSpins));
      const entries = entriesFrom(seed, weightCount(program, size));
      const spins = entriesFrom(another, 3 * sites.length);
      const entry = (position: number): number => entries[position] ?? 0;
      const coefficients = coefficientsOf(weightsOf(program, size, entry), channels);
      const model = right(
        effectiveEnergy(wholeLattice({ size }), coefficients)({ size, components: Float64Array.from(spins) }),
      );
      return (
        energyOf(float64, program, size, entry, spins) === model &&
        [shifted(1, 0), shifted(0, 1)].every((to) =>
          translated(coefficients, to).every((value, index) => value === coefficients[index]),
        )
      );
    },
};
