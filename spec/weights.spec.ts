/** What maps declare of their weights, and those who read it: starts, fits, symbols, files. */
import * as E from 'fp-ts/lib/Either.js';
import { flow, pipe } from 'fp-ts/lib/function.js';
import { describe, expect, it } from 'vitest';

import { reference } from '../src/backend/reference/reference.ts';
import { assumedUnitsLine } from '../src/command/assumed-units.ts';
import { readSafetensors, writeSafetensors } from '../src/file/safetensors.ts';
import { initialWeights } from '../src/network/initial-weights.ts';
import { affine, linear, symmetrize, type Width } from '../src/network/maps.ts';
import { assumedUnits, modelFile, readModel, writeModel, type EnergyUnit } from '../src/network/model-file.ts';
import type { Model } from '../src/network/model.ts';
import { networkProgram, type Network } from '../src/network/network.ts';
import { weightsByRole, weightTypes, type Weights } from '../src/network/weights.ts';
import { correlate, inputField, parameterKernel, record, total, type Expression } from '../src/program/expression.ts';
import { latex } from '../src/program/latex.ts';
import { mapOperands, type Operation } from '../src/program/operation.ts';
import { lengthOf } from '../src/program/value-type.ts';
import { mapName, type Weight } from '../src/program/weight.ts';
import { deviationOf } from '../src/training/error-measures.ts';
import { readAnyModel } from '../src/training/trained-model.ts';
import { unitVariance } from '../src/training/unit-variance.ts';
import { digest } from './arbitraries/runs.ts';
import { verify } from './law.ts';
import { writesWhatIsRead, type Writer } from './laws/file-format.ts';
import {
  bareMapHasUnitVariance,
  everyLayerHasUnitVariance,
  mapsAreAsDeclared,
  modelFilesRoundTrip,
  namesMeanNothing,
  weightsAreCalledAsInFiles,
  whatIsAssumedIsTold,
  wildModels,
  type BuildMap,
  type ModelFile,
  type OpenFile,
  type Readers,
} from './laws/weights.ts';
import { messageOf, right } from './right.ts';

const namesOf = (network: Network): readonly string[] => Object.keys(weightTypes(right(networkProgram(network))));

verify(weightsAreCalledAsInFiles, namesOf, {
  'layers count from 1': (network) => namesOf(network).map((name) => name.replace(/\.0\./, '.1.')),
  'the kernels of T_j are weights': (network) => namesOf(network).map((name) => name.replace(/\.a$/, '.weight')),
});

const field = mapName('field', 0);

const affineMap: BuildMap = (width) => ({ inputs: width.inputs, build: affine(field, width) });
const linearMap: BuildMap = (width: Width) => ({ inputs: width.inputs, build: linear(field, width) });
const symmetrization: BuildMap = ({ outputs, kernel }) => ({
  inputs: 1,
  build: symmetrize(mapName('symmetrization', 0), outputs, kernel),
});

/** The same map with another declaration. */
const declaring =
  (change: (weight: Weight) => Weight) =>
  (map: BuildMap): BuildMap =>
  (width) => {
    const { inputs, build } = map(width);
    const changed = (expression: Expression): Expression => {
      const operation: Operation<Expression> = mapOperands(changed)(expression.operation);
      return {
        operation:
          operation.tag === 'parameter' && operation.weight !== undefined
            ? { ...operation, weight: change(operation.weight) }
            : operation,
      };
    };
    return { inputs, build: (x) => changed(build(x)) };
  };

const degreeOff = declaring((weight) => ({ ...weight, degree: 3 - weight.degree }));
const fanInOfTheKernelAlone = declaring((weight) => ({ ...weight, fanIn: weight.role === 'bias' ? 1 : weight.fanIn }));
const fanInDoubled = declaring((weight) => ({ ...weight, fanIn: 2 * weight.fanIn }));

verify(mapsAreAsDeclared, affineMap, {
  'quadratic in its weights': degreeOff(affineMap),
  'one number enters a bias': fanInOfTheKernelAlone(affineMap),
});
verify(mapsAreAsDeclared, linearMap, { 'twice as many inputs': fanInDoubled(linearMap) });
verify(mapsAreAsDeclared, symmetrization, { 'linear in its two kernels': degreeOff(symmetrization) });

const start: Readers['unitVariance'] = async (program, configurations, initial) =>
  right(await unitVariance(reference)(program, configurations)(initial)());

const readers: Readers = { initialWeights, unitVariance: start, weightsByRole, latex };

const changedWhere =
  (matches: (name: string) => boolean, factor: number) =>
  (weights: Weights): Weights =>
    Object.fromEntries(
      Object.entries(weights).map(([name, values]) => [name, matches(name) ? values.map((w) => factor * w) : values]),
    );

verify(namesMeanNothing, readers, {
  'what ends in .bias starts smaller': {
    ...readers,
    initialWeights: (seed) => (program) =>
      changedWhere((name) => name.endsWith('.bias'), 0.5)(initialWeights(seed)(program)),
  },
  'what ends in .weight is scaled again': {
    ...readers,
    unitVariance: async (...args) => changedWhere((name) => name.endsWith('.weight'), 2)(await start(...args)),
  },
  'the fit goes to pair.weight': {
    ...readers,
    weightsByRole: (program) => (values) =>
      pipe(weightsByRole(program)(values), (fitted) =>
        Object.fromEntries(Object.values(fitted).map((kernel) => ['pair.weight', kernel])),
      ),
  },
  'symbols are read off names': {
    ...readers,
    latex: (program) => [...latex(program), ...Object.keys(weightTypes(program))],
  },
});

verify(
  bareMapHasUnitVariance((width) => linear(field, width)),
  start,
  {
    'the kernel has unit variance itself': async (_, __, initial) =>
      Promise.resolve(
        Object.fromEntries(
          Object.entries(initial).map(([name, values]) => [name, values.map((w) => w / deviationOf(values))]),
        ),
      ),
  },
);

verify(everyLayerHasUnitVariance, start, {
  'one kernel of T_j takes all of the scale': async (program, configurations, initial) => {
    const weights = await start(program, configurations, initial);
    const factor = (name: string): number => (weights[name]?.[0] ?? 1) / (initial[name]?.[0] ?? 1);
    return Object.fromEntries(
      Object.entries(weights).map(([name, values]) => [
        name,
        /^T\.\d+\.a$/.test(name)
          ? values.map((w) => w * factor(name))
          : /^T\.\d+\.b$/.test(name)
            ? values.map((w) => w / factor(name))
            : values,
      ]),
    );
  },
  'biases keep their size': async (program, configurations, initial) => {
    const weights = await start(program, configurations, initial);
    return Object.fromEntries(
      Object.entries(weights).map(([name, values]) => [
        name,
        name.endsWith('.bias') ? (initial[name] ?? values) : values,
      ]),
    );
  },
  'the pair head is scaled too': async (program, configurations, initial) =>
    changedWhere((name) => name === 'pair.weight', 2)(await start(program, configurations, initial)),
  'the last affine map is left out': async (program, configurations, initial) => {
    const weights = await start(program, configurations, initial);
    const last = namesOfLast(weights);
    return Object.fromEntries(
      Object.entries(weights).map(([name, values]) => [name, last.includes(name) ? (initial[name] ?? values) : values]),
    );
  },
});

/** Weight and bias of the map that is declared last. */
const namesOfLast = (weights: Weights): readonly string[] =>
  Object.keys(weights)
    .filter((name) => /\.(weight|bias)$/.test(name) && name !== 'pair.weight')
    .slice(-2);

const modelFiles: ModelFile = { write: writeModel, read: readModel };

const forgetting = (network: (network: Network) => Network): ModelFile => ({
  ...modelFiles,
  read: (bytes) =>
    pipe(
      readModel(bytes),
      E.map((model) => ({ ...model, network: network(model.network) })),
    ),
});

verify(modelFilesRoundTrip, modelFiles, {
  'the shift is forgotten': forgetting((network) => ({ ...network, energyShift: 0 })),
  'every network is an EFNN': forgetting((network) => ({ ...network, architecture: 'efnn' })),
  'neurons and sites change places': forgetting((network) => ({
    ...network,
    shape:
      network.shape.tag === 'dense'
        ? { ...network.shape, sites: network.shape.neurons, neurons: network.shape.sites }
        : network.shape,
  })),
  'the head is forgotten': forgetting((network) => ({
    ...network,
    shape: network.shape.tag === 'lattice' ? { ...network.shape, pairHead: false } : network.shape,
  })),
  'always float32': { ...modelFiles, write: () => writeModel('float32') },
});

/** The weights of a network with these changed or left out. */
const weightsBy =
  (change: (name: string, values: Weights[string] | undefined, length: number) => Weights[string] | undefined) =>
  (model: Model): Model =>
    pipe(
      networkProgram(model.network),
      E.match(
        () => model,
        (program) => ({
          ...model,
          weights: Object.fromEntries(
            Object.entries(weightTypes(program)).flatMap(([name, type]) => {
              const values = change(name, model.weights[name], lengthOf(1)(type));
              return values === undefined ? [] : [[name, values] as const];
            }),
          ),
        }),
      ),
    );

const wholeModels: Writer<Model> = { write: writeModel('float64'), read: readModel };

verify(writesWhatIsRead('a model', wildModels, 0.3), wholeModels, {
  'a weight that the network has not is dropped': {
    ...wholeModels,
    write: flow(
      weightsBy((_, values) => values),
      writeModel('float64'),
    ),
  },
  'a weight that is missing is zero': {
    ...wholeModels,
    write: flow(
      weightsBy((_, values, length) => values ?? new Float64Array(length)),
      writeModel('float64'),
    ),
  },
  'numbers beyond the last are dropped': {
    ...wholeModels,
    write: flow(
      weightsBy((_, values, length) => values?.slice(0, length)),
      writeModel('float64'),
    ),
  },
});

const openFile: OpenFile = {
  write: (model) => right(modelFile('float64')(model)),
  read: readAnyModel(digest),
  assumed: assumedUnits,
};

verify(whatIsAssumedIsTold, openFile, {
  'nothing is told': { ...openFile, assumed: () => [] },
  'both are told where one is open': {
    ...openFile,
    assumed: (metadata) => (assumedUnits(metadata).length === 0 ? [] : ['energyScale', 'energyShift']),
  },
  'a scale of 0': {
    ...openFile,
    read: (bytes) =>
      pipe(
        openFile.read(bytes),
        E.map(({ network, metadata }) => ({
          metadata,
          network: Object.hasOwn(metadata, 'energyScale') ? network : { ...network, energyScale: 0 },
        })),
      ),
  },
  'a shift that is stated is not read': {
    ...openFile,
    read: (bytes) =>
      pipe(
        openFile.read(bytes),
        E.map((model) => ({ ...model, network: { ...model.network, energyShift: 0 } })),
      ),
  },
});

describe('what is said of open units', () => {
  it.each([
    [[], null],
    [['energyScale'], 'expected energyScale in the metadata, got none: taken as 1; write it there'],
    [['energyShift'], 'expected energyShift in the metadata, got none: taken as 0; write it there'],
    [
      ['energyScale', 'energyShift'],
      'expected energyScale and energyShift in the metadata, got none: taken as 1 and 0; write them there',
    ],
  ] satisfies readonly (readonly [readonly EnergyUnit[], string | null])[])('of %j', (units, said) => {
    expect(assumedUnitsLine(units)).toBe(said);
  });
});

it('the metadata of half a shape are refused, and say what belongs together', () => {
  const network: Network = {
    ...{ architecture: 'efnn', energyShift: 0, energyScale: 1 },
    shape: { tag: 'dense', sites: 3, neurons: 2, layers: 1 },
  };
  const model = { network, weights: initialWeights(1)(right(networkProgram(network))) };
  const { metadata, tensors } = right(readSafetensors(right(writeModel('float64')(model))));
  for (const half of ['neurons', 'sites']) {
    const { [half]: _, ...others } = metadata;
    const bytes = right(writeSafetensors({ metadata: others, tensors }));
    expect(messageOf(readModel(bytes))).toContain('neurons and sites of a dense one, got neither');
  }
});

it('a network of weights that no map declares has none by role, and says which', () => {
  const bare = record({ energy: total(correlate(parameterKernel('K', 1, 1, 1))(inputField('spins', 1, 1))) });
  expect(() => weightsByRole(bare)({})).toThrow(
    new RangeError('expected weights that a map declares, got the bare parameter K: build networks of maps'),
  );
});
