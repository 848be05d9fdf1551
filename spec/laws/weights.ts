/** Laws of what maps declare of their weights, and of those who read it. */
import { isDeepStrictEqual } from 'node:util';

import * as E from 'fp-ts/lib/Either.js';
import fc from 'fast-check';

import { reference } from '../../src/backend/reference/reference.ts';
import type { DataError } from '../../src/file/data-error.ts';
import { writeSafetensors, type TensorFile } from '../../src/file/safetensors.ts';
import type { Dtype } from '../../src/file/tensor.ts';
import type { Width } from '../../src/network/maps.ts';
import type { EnergyUnit } from '../../src/network/model-file.ts';
import type { Model } from '../../src/network/model.ts';
import { networkProgram, type Network } from '../../src/network/network.ts';
import { declaredWeights, weightTypes, type Weights } from '../../src/network/weights.ts';
import { rational, type Rational } from '../../src/number/rational.ts';
import { evaluate } from '../../src/program/evaluate.ts';
import { expressionsOf, inputField, record, type Expression, type Field } from '../../src/program/expression.ts';
import { declarations, type TypedProgram } from '../../src/program/typecheck.ts';
import { lengthOf } from '../../src/program/value-type.ts';
import type { Weight } from '../../src/program/weight.ts';
import { drawn, uniformsBetween } from '../../src/random/draw.ts';
import { streamOf } from '../../src/random/stream.ts';
import { deviationOf } from '../../src/training/error-measures.ts';
import type { Configurations } from '../../src/training/prediction.ts';
import type { KnownModel } from '../../src/training/trained-model.ts';
import { denseNetworks, latticeNetworks, weighted, type WeightedNetwork } from '../arbitraries/networks.ts';
import { smallIntegers, typed } from '../arbitraries/program.ts';
import type { Law } from '../law.ts';
import { right } from '../right.ts';

const networks = fc.oneof(denseNetworks, latticeNetworks);

// Names.

/** The names of a network's weights, as the interface of its files lists them. */
const namesOf = ({ architecture, shape }: Network): readonly string[] => {
  const numbers = (from: number, to: number): readonly number[] =>
    Array.from({ length: to - from }, (_, i) => from + i);
  const n = shape.layers;
  const affine = (map: string): readonly string[] => [`${map}.weight`, `${map}.bias`];
  const perceptrons = (letter: string, from: number, to: number): readonly string[] =>
    numbers(from, to).flatMap((i) => [0, 1].flatMap((part) => affine(`${letter}.${i}.${part}`)));
  const T = (to: number): readonly string[] => numbers(0, to).flatMap((j) => [`T.${j}.a`, `T.${j}.b`]);
  const twoFactors = architecture === 'efnn' || architecture === 'dnn';
  return [
    ...perceptrons('f', 0, n),
    ...(twoFactors ? perceptrons('g', 1, n + 1) : []),
    ...(shape.tag === 'lattice'
      ? [
          ...T(architecture === 'efnn' ? n + 1 : architecture === 'dnn' ? 1 : 2),
          ...affine('q'),
          ...(shape.pairHead ? ['pair.weight'] : []),
        ]
      : architecture === 'resnet' && shape.neurons !== shape.sites
        ? affine('P')
        : []),
  ];
};

/** The names of a network's weights. */
export type Names = (network: Network) => readonly string[];

export const weightsAreCalledAsInFiles: Law<Names, Network> = {
  statement: 'every weight of every network has the name that the file format fixes, and there are no others',
  cases: networks,
  holds: (names) => (network) => names(network).toSorted().join() === namesOf(network).toSorted().join(),
};

// Degree and fan-in.

/** Any map of networks, of given channels and kernel, from a vector field of so many channels. */
export interface DeclaredMap {
  readonly inputs: number;
  readonly build: (x: Field) => Expression;
}

interface MapCase {
  readonly inputs: number;
  readonly outputs: number;
  readonly kernel: number;
  readonly factor: number;
  readonly seed: number;
}

export type BuildMap = (width: Width) => DeclaredMap;

/** One component, on a lattice that no kernel wraps around. */
const latticeSize = 5;

const mapCases: fc.Arbitrary<MapCase> = fc.record({
  inputs: fc.integer({ min: 1, max: 2 }),
  outputs: fc.integer({ min: 1, max: 2 }),
  kernel: fc.constantFrom(1, 3),
  factor: fc.integer({ min: 2, max: 4 }),
  seed: fc.nat(999),
});

const positive = (seed: number, length: number): readonly Rational[] =>
  smallIntegers(seed, length).map((x) => rational.fromNumber(Math.abs(x) + 1));

export const mapsAreAsDeclared: Law<BuildMap, MapCase> = {
  statement:
    'all weights of a map times c make its output times c^degree, and fan-in many inputs enter each output, exactly',
  cases: mapCases,
  runs: 30,
  holds:
    (buildMap) =>
    ({ factor, seed, ...width }) => {
      const { inputs, build } = buildMap(width);
      const program = typed(record({ y: build(inputField('x', 1, inputs)) }));
      const declared = Object.values(declaredWeights(program));
      const [degree = NaN] = declared.map((weight) => weight.degree);
      const weights = Object.fromEntries(
        Object.entries(weightTypes(program)).map(([name, type], i) => [name, positive(seed + i, lengthOf(1)(type))]),
      );
      const y = (parameters: typeof weights, x: readonly Rational[]): readonly Rational[] =>
        right(evaluate(rational)(latticeSize)(parameters, { x })(program))['y'] ?? [];
      const length = inputs * latticeSize ** 2;
      const x = positive(seed + 99, length);
      const c = rational.fromNumber(factor);
      const scaled = Object.fromEntries(
        Object.entries(weights).map(([name, values]) => [name, values.map((w) => rational.mul(c, w))]),
      );
      const power = rational.fromNumber(factor ** degree);
      const [before, after] = [y(weights, x), y(scaled, x)];
      // Which inputs the first output sees: kernels are positive, so each moves it.
      const zero = rational.fromNumber(0);
      const at = (input: number): Rational =>
        y(
          weights,
          Array.from({ length }, (_, i) => rational.fromNumber(i === input ? 1 : 0)),
        )[0] ?? zero;
      const rest =
        y(
          weights,
          Array.from({ length }, () => zero),
        )[0] ?? zero;
      const entering = Array.from({ length }, (_, input) => at(input)).filter((moved) => !moved.equals(rest)).length;
      return (
        before.length > 0 &&
        declared.every((weight) => weight.degree === degree && weight.fanIn === entering) &&
        before.every((value, i) => rational.mul(power, value).equals(after[i] ?? zero))
      );
    },
};

// Names mean nothing.

/** Everything that reads what weights are. */
export interface Readers {
  readonly initialWeights: (seed: number) => (program: TypedProgram) => Weights;
  readonly unitVariance: (program: TypedProgram, configurations: Configurations, initial: Weights) => Promise<Weights>;
  readonly weightsByRole: (
    program: TypedProgram,
  ) => (values: Readonly<Partial<Record<Weight['role'], Float64Array>>>) => Weights;
  readonly latex: (program: TypedProgram) => readonly string[];
}

/** The parameters of a program under other names. */
const renamed = (name: (before: string) => string, program: TypedProgram): TypedProgram => ({
  ...program,
  equations: program.equations.map((equation) =>
    equation.tag === 'parameter' ? { ...equation, name: name(equation.name) } : equation,
  ),
});

const sampleFor = ({ shape }: Network, seed: number): Configurations => {
  const size = shape.tag === 'dense' ? 1 : 3;
  const length = shape.tag === 'dense' ? shape.sites : 27;
  return { count: 16, latticeSize: size, spins: drawn(streamOf(seed, 0))(uniformsBetween(-1, 1)(16 * length)) };
};

const bits = (weights: Weights): string =>
  JSON.stringify(Object.entries(weights).map(([name, values]) => [name, ...values]));

interface RenamedCase {
  readonly network: Network;
  readonly seed: number;
  /** How far the names are turned. */
  readonly turn: number;
}

export const namesMeanNothing: Law<Readers, RenamedCase> = {
  statement: 'with the names of all weights permuted, initial weights, unit variance, fits and symbols are the same',
  cases: fc.record({ network: networks, seed: fc.nat(999), turn: fc.integer({ min: 1, max: 5 }) }),
  runs: 12,
  holds:
    ({ initialWeights, unitVariance, weightsByRole, latex }) =>
    async ({ network, seed, turn }) => {
      const program = right(networkProgram(network));
      const names = Object.keys(declarations('parameter')(program));
      const other = (name: string): string => names[(names.indexOf(name) + turn) % names.length] ?? name;
      const permuted = renamed(other, program);
      const underOther = (weights: Weights): Weights =>
        Object.fromEntries(Object.entries(weights).map(([name, values]) => [other(name), values]));
      const initial = initialWeights(seed)(program);
      const sample = sampleFor(network, seed);
      const kernel = { pairKernel: Float64Array.of(1, 2) };
      return (
        bits(initialWeights(seed)(permuted)) === bits(underOther(initial)) &&
        bits(await unitVariance(permuted, sample, underOther(initial))) ===
          bits(underOther(await unitVariance(program, sample, initial))) &&
        bits(weightsByRole(permuted)(kernel)) === bits(underOther(weightsByRole(program)(kernel))) &&
        latex(permuted).join() === latex(program).join()
      );
    },
};

// Unit variance.

/** The outputs of all layers: sums with a bias, and the products of T_j. */
const layerOutputs = (program: TypedProgram): TypedProgram => {
  const biases = program.equations.map((equation) => equation.tag === 'broadcast');
  const outputs = expressionsOf(program).flatMap((expression, id) => {
    const equation = program.equations[id];
    const isLayer =
      (equation?.tag === 'add' && biases[equation.right] === true) ||
      (equation?.tag === 'contract' &&
        [equation.left, equation.right].every((factor) => program.equations[factor]?.tag === 'correlate'));
    return isLayer ? [[`y.${id}`, expression] as const] : [];
  });
  return typed(record(Object.fromEntries(outputs)));
};

export const everyLayerHasUnitVariance: Law<Readers['unitVariance'], RenamedCase> = {
  statement:
    'after the start every affine map and every T_j of every network has an output of unit variance; the kernels of a ' +
    'T_j are scaled alike, and the pair head keeps its size',
  cases: fc.record({ network: networks, seed: fc.nat(999), turn: fc.constant(0) }),
  runs: 30,
  holds:
    (unitVariance) =>
    async ({ network, seed }) => {
      const program = right(networkProgram(network));
      const sample = sampleFor(network, seed);
      const initial = Object.fromEntries(
        Object.entries(weightTypes(program)).map(([name, type], i) => [
          name,
          // Small biases and no small weights, so that few networks are saturated.
          drawn(streamOf(seed, i + 1))(uniformsBetween(-1, 1)(lengthOf(1)(type))).map((w) =>
            type.tag === 'bias' ? 0.05 * w : w + 0.2 * Math.sign(w),
          ),
        ]),
      );
      const weights = await unitVariance(program, sample, initial);
      const factor = (name: string): number => (weights[name]?.[0] ?? NaN) / (initial[name]?.[0] ?? NaN);
      const executable = right(await reference.compile(layerOutputs(program))());
      const outputs = right(
        await executable.run({
          parameters: weights,
          inputs: { spins: sample.spins },
          latticeSize: sample.latticeSize,
          batch: sample.count,
        })(),
      );
      // Far beyond its bend tanh varies by roundings alone, and no scale makes a variance of them.
      const saturated = Object.values(outputs).some((values) => values.some((x) => Math.abs(x) > 12));
      return (
        (saturated || Object.values(outputs).every((values) => Math.abs(deviationOf(values) - 1) < 1e-6)) &&
        Object.keys(weights).every(
          (name) => !/^T\.\d+\.a$/.test(name) || Math.abs(factor(name) / factor(name.replace(/a$/, 'b')) - 1) < 1e-12,
        ) &&
        (!('pair.weight' in weights) || factor('pair.weight') === 1)
      );
    },
};

interface BareMapCase {
  readonly width: Width;
  readonly seed: number;
}

export const bareMapHasUnitVariance = (
  linear: (width: Width) => (x: Field) => Expression,
): Law<Readers['unitVariance'], BareMapCase> => ({
  statement: 'after the start a linear map, whose kernel is its one weight, has an output of unit variance',
  cases: fc.record({
    width: fc.record({
      inputs: fc.constant(1),
      outputs: fc.integer({ min: 1, max: 3 }),
      kernel: fc.constantFrom(1, 3),
    }),
    seed: fc.nat(999),
  }),
  runs: 20,
  holds:
    (unitVariance) =>
    async ({ width, seed }) => {
      const program = typed(record({ y: linear(width)(inputField('spins', 1, 1)) }));
      const sample = { count: 8, latticeSize: 3, spins: drawn(streamOf(seed, 0))(uniformsBetween(-1, 1)(8 * 9)) };
      const initial = Object.fromEntries(
        Object.entries(weightTypes(program)).map(([name, type], i) => [
          name,
          drawn(streamOf(seed, i + 1))(uniformsBetween(-1, 1)(lengthOf(1)(type))).map((w) => w + 0.2 * Math.sign(w)),
        ]),
      );
      const executable = right(await reference.compile(program)());
      const { y = new Float64Array(0) } = right(
        await executable.run({
          parameters: await unitVariance(program, sample, initial),
          inputs: { spins: sample.spins },
          latticeSize: sample.latticeSize,
          batch: sample.count,
        })(),
      );
      return Math.abs(deviationOf(y) - 1) < 1e-9;
    },
});

// Files.

/** Writes and reads a model. */
export interface ModelFile {
  readonly write: (dtype: Dtype) => (model: Model) => E.Either<DataError, Uint8Array>;
  readonly read: (bytes: Uint8Array) => E.Either<DataError, Model>;
}

/** A model's file of which some entries of the metadata were left out. */
interface LeftOpen extends WeightedNetwork {
  readonly open: readonly EnergyUnit[];
}

/** Reads a model, and says which units its file leaves open. */
export interface OpenFile {
  readonly write: (model: Model) => Pick<TensorFile, 'metadata' | 'tensors'>;
  readonly read: (bytes: Uint8Array) => E.Either<DataError, Pick<KnownModel, 'network' | 'metadata'>>;
  readonly assumed: (metadata: TensorFile['metadata']) => readonly EnergyUnit[];
}

export const whatIsAssumedIsTold: Law<OpenFile, LeftOpen> = {
  statement:
    'a file that states no scale has scale 1, one that states no shift has shift 0; just these are told, and what it states is read',
  cases: fc
    .tuple(weighted(networks), fc.subarray<EnergyUnit>(['energyScale', 'energyShift']))
    .map(([example, open]) => ({ ...example, open })),
  runs: 60,
  holds:
    ({ write, read, assumed }) =>
    ({ network, weights, open }) => {
      const stated: Network = { ...network, energyScale: 2.5, energyShift: -0.5 };
      const { metadata, tensors } = write({
        network: stated,
        weights: Object.fromEntries(Object.entries(weights).map(([name, values]) => [name, Float64Array.from(values)])),
      });
      const kept = Object.fromEntries(Object.entries(metadata).filter(([name]) => !open.some((unit) => unit === name)));
      const found = right(read(right(writeSafetensors({ metadata: kept, tensors }))));
      return (
        found.network.energyScale === (open.includes('energyScale') ? 1 : stated.energyScale) &&
        found.network.energyShift === (open.includes('energyShift') ? 0 : stated.energyShift) &&
        isDeepStrictEqual(assumed(found.metadata), open)
      );
    },
};

/** One change to a model: of its network, or of its weights. */
const modelChanges: readonly ((model: Model) => Partial<Model>)[] = [
  () => ({}),
  ({ network }) => ({ network: { ...network, energyScale: 0 } }),
  ({ network }) => ({ network: { ...network, energyShift: NaN } }),
  ({ network }) => ({ network: { ...network, shape: { ...network.shape, layers: 0.5 } } }),
  ({ weights }) => ({ weights: { ...weights, 'h.0.weight': Float64Array.of(1) } }),
  ({ weights }) => ({ weights: { ...weights, constructor: Float64Array.of(1) } }),
  ({ weights }) => ({ weights: Object.fromEntries(Object.entries(weights).slice(1)) }),
  ({ weights }) => ({
    weights: Object.fromEntries(Object.entries(weights).map(([name, values]) => [name, values.slice(1)])),
  }),
  ({ weights }) => ({
    weights: Object.fromEntries(
      Object.entries(weights).map(([name, values]) => [name, Float64Array.of(...Array.from(values), 0)]),
    ),
  }),
  ({ weights }) => ({
    weights: Object.fromEntries(Object.entries(weights).map(([name, values]) => [name, values.map(() => Infinity)])),
  }),
];

/** Models of which many are none. */
export const wildModels: fc.Arbitrary<Model> = fc
  .tuple(weighted(networks), fc.oneof(fc.constant(modelChanges[0]), fc.constantFrom(...modelChanges)))
  .map(([{ network, weights }, change]) => {
    const model = {
      network,
      weights: Object.fromEntries(Object.entries(weights).map(([name, values]) => [name, Float64Array.from(values)])),
    };
    return { ...model, ...change?.(model) };
  });

export const modelFilesRoundTrip: Law<ModelFile, WeightedNetwork & { readonly dtype: Dtype }> = {
  statement:
    'a model of any architecture and shape that is written and read again is the same network with the same weights, to ' +
    'the bit of the file',
  cases: fc
    .tuple(weighted(networks), fc.constantFrom<Dtype>('float64', 'float32'))
    .map(([example, dtype]) => ({ ...example, dtype })),
  holds:
    ({ write, read }) =>
    ({ network, weights, dtype }) => {
      const model = {
        network,
        weights: Object.fromEntries(Object.entries(weights).map(([name, values]) => [name, Float64Array.from(values)])),
      };
      const found = E.chain(read)(write(dtype)(model));
      const stored = (values: Float64Array): readonly number[] =>
        Array.from(values, dtype === 'float64' ? (x) => x : Math.fround);
      return (
        E.isRight(found) &&
        isDeepStrictEqual(found.right.network, structuredClone(network)) &&
        Object.keys(found.right.weights).toSorted().join() === Object.keys(weights).toSorted().join() &&
        Object.entries(model.weights).every(([name, values]) =>
          stored(values).every((x, i) => Object.is(x, found.right.weights[name]?.[i])),
        )
      );
    },
};
