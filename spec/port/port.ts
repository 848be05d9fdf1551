/**
 * A small port of this specification, written from the guide beside the vectors: it answers them by other means than the code
 * that they come from. Its rules can be replaced one by one, which makes it every wrong port that `bugs.ts` lists.
 */
import type { Answer } from '../../src/conformance/comparison.ts';
import type { Vector } from '../../src/conformance/vector.ts';
import { adamFamily } from '../vectors/families/adam.ts';
import { continuedFractions } from '../vectors/families/continued-fractions.ts';
import { effectiveModel } from '../vectors/families/effective-model.ts';
import { energyUnitsFamily, pairFit } from '../vectors/families/energy-units.ts';
import { errorMeasuresFamily } from '../vectors/families/error-measures.ts';
import { exactEnergies } from '../vectors/families/exact-energies.ts';
import { checkpoints, dataFiles, training, weightsFiles } from '../vectors/families/files.ts';
import { hamiltonians } from '../vectors/families/hamiltonians.ts';
import { initialWeightsFamily } from '../vectors/families/initial-weights.ts';
import { lattice } from '../vectors/families/lattice.ts';
import { losses } from '../vectors/families/losses.ts';
import { networks } from '../vectors/families/networks.ts';
import { operations } from '../vectors/families/operations.ts';
import { poles } from '../vectors/families/poles.ts';
import { samplers } from '../vectors/families/samplers.ts';
import { schedules } from '../vectors/families/schedules.ts';
import { shuffles } from '../vectors/families/shuffles.ts';
import { streams } from '../vectors/families/streams.ts';
import { symmetrization } from '../vectors/families/symmetrization.ts';
import * as continued from './continued.ts';
import { electronAnswers, electronRules, type ElectronCase, type ElectronRules } from './electrons.ts';
import { operationAnswer } from './operation.ts';
import { networkRules, runNetwork, symmetrizedSpins, type NetworkRules } from './network.ts';
import { poleAnswers } from './poles.ts';
import * as random from './random.ts';
import { fileRules, npyOf, npz, safetensors, type FileRules } from './files.ts';
import { projected } from './projected.ts';
import * as spins from './spins.ts';
import * as train from './training.ts';
import { onRing } from './lattice.ts';

/** All rules that ports get wrong. */
export interface Port
  extends NetworkRules, ElectronRules, spins.SpinRules, random.RandomRules, train.TrainingRules, FileRules {}

/** The port that is right. */
export const port: Port = {
  ...networkRules,
  ...electronRules,
  ...spins.spinRules,
  ...random.randomRules,
  ...train.trainingRules,
  ...fileRules,
};

const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);

type Answering = (rules: Port, inputs: unknown) => Answer;

const summed = (lists: readonly (readonly number[])[]): readonly number[] =>
  lists.reduce((a, b) => a.map((x, i) => x + (b[i] ?? NaN)));

const answerNetworks: Answering = (rules, inputs) => {
  const { network, latticeSize, weights, batch, spins: all } = networks.inputs.parse(inputs);
  const size = all.length / batch;
  const samples = upTo(batch).map((b) => all.slice(b * size, (b + 1) * size));
  const found = samples.map((s) => runNetwork(rules, network, latticeSize, weights, s));
  return {
    ...(batch === 1 ? found[0]?.activations : {}),
    energy: found.flatMap(({ energy }) => [...energy.x]),
    forces: found.flatMap(({ forces }) => [...forces.x]),
    tangential: found.flatMap(({ forces }, b) => projected([...forces.x], samples[b] ?? [])),
    ...Object.fromEntries(
      Object.keys(weights).map((name) => [
        `dE/d(${name})`,
        summed(found.map(({ gradient }) => [...(gradient[name]?.x ?? [])])),
      ]),
    ),
  };
};

const electronOutputs = (
  rules: Port,
  given: ElectronCase,
  outputs: readonly (keyof ReturnType<typeof electronAnswers>)[],
): Answer => {
  const answers = electronAnswers(rules, given);
  return Object.fromEntries(outputs.map((output) => [output, answers[output]()]));
};

const answerHamiltonians: Answering = (rules, inputs) => {
  const given = hamiltonians.inputs.parse(inputs);
  switch (given.system) {
    case 'ising':
      return spins.ising(rules, given.latticeSize, given.J, given.spins);
    case 'heisenberg':
      return spins.heisenberg(rules, given.latticeSize, given.J, given.spins);
    case 'three-spin':
      return spins.threeSpin(rules, given.sites, given.couplings, given.spins);
    case 'double-exchange':
      return electronOutputs(rules, given, ['re', 'im', 'levels']);
  }
};

const answerStreams: Answering = (rules, inputs) => {
  const given = streams.inputs.parse(inputs);
  switch (given.generator) {
    case 'philox': {
      const [k0 = 0n, k1 = 0n] = given.key.map(BigInt);
      const [c0 = 0n, c1 = 0n, c2 = 0n, c3 = 0n] = given.counter.map(BigInt);
      return { words: random.philox(rules, [k0, k1], [c0, c1, c2, c3]).map(Number) };
    }
    case 'stream':
    case 'numpy': {
      const fresh = (): random.Words =>
        given.generator === 'numpy'
          ? random.mersenne(given.seed)
          : random.stream(rules, given.seed, given.index, given.purpose);
      const isNumpy = given.generator === 'numpy';
      const one = fresh();
      const normals = random.normalsFrom(rules, one);
      const order = isNumpy
        ? [random.uniforms(one, 1), normals(1), normals(2).map((z) => 1 + 2 * z), random.uniforms(one, 1)].flat()
        : [];
      const next = fresh();
      return {
        words: upTo(8).map(next),
        uniforms: random.uniforms(fresh(), 4),
        integers: random.integers(fresh(), 10, 12),
        permutation: random.permutation(rules, fresh(), 10),
        normals: random.normalsFrom(rules, fresh())(isNumpy ? 4 : 5),
        sphere: random.sphere(fresh(), 3),
        order,
      };
    }
  }
};

const gradientNames = (prefix: string, values: Readonly<Record<string, readonly number[]>>): Answer =>
  Object.fromEntries(
    Object.entries(values).map(([name, list]) => [`${prefix}${name}${prefix === '' ? '' : ')'}`, list]),
  );

const answerTraining: Answering = (rules, inputs) => {
  const { network, plan, ...samples } = training.inputs.parse(inputs);
  const { network: scaled, units, start } = train.prepared(rules, network, plan, samples);
  const { state, losses: means } = train.epochs(rules, scaled, units.deviation, plan, samples, 0, start);
  return {
    energyShift: [units.energyShift],
    energyScale: [units.energyScale],
    losses: means,
    ...state.weights,
  };
};

const prefixed = (prefix: string, values: Readonly<Record<string, readonly number[]>>): Answer =>
  Object.fromEntries(Object.entries(values).map(([name, list]) => [prefix + name, list]));

const answerCheckpoints: Answering = (rules, inputs) => {
  const given = checkpoints.inputs.parse(inputs);
  const { network, plan, ...samples } = given.training;
  const { tensors, metadata } = safetensors(rules, given.base64);
  const part = (prefix: string) =>
    Object.fromEntries(
      Object.entries(tensors).flatMap(([name, values]) =>
        name.startsWith(prefix) ? [[name.slice(prefix.length), values]] : [],
      ),
    );
  const weights = Object.fromEntries(Object.entries(tensors).filter(([name]) => !name.startsWith('adam.')));
  const [first, second] = [part('adam.m/'), part('adam.v/')];
  const [epoch, step, loss] = ['epoch', 'step', 'loss'].map((name) => Number(metadata[name]));
  const { network: scaled, units, start } = train.prepared(rules, network, plan, samples);
  const resumed = train.epochs(rules, scaled, units.deviation, plan, samples, epoch ?? NaN, {
    step: rules.resumedStep(step ?? NaN),
    weights,
    first: rules.resumedMoments ? first : start.first,
    second: rules.resumedMoments ? second : start.second,
  });
  return {
    epoch: [epoch ?? NaN],
    step: [step ?? NaN],
    loss: [loss ?? NaN],
    ...weights,
    ...prefixed('adam.m/', first),
    ...prefixed('adam.v/', second),
    ...prefixed('resumed/', resumed.state.weights),
  };
};

const answerWeightsFiles: Answering = (rules, inputs) => {
  const { base64, latticeSize, spins: s } = weightsFiles.inputs.parse(inputs);
  const { tensors, metadata } = safetensors(rules, base64);
  const number = (name: string, otherwise: number): number => Number(metadata[name] ?? otherwise);
  const [scale, shift] = [number('energyScale', 1), number('energyShift', 0)];
  // A port that does not read the metadata has been told which network it is.
  const told = safetensors({ ...rules, readsMetadata: true }, base64).metadata;
  const extent = (name: string): number => Number(told[name]);
  const shape =
    told['channels'] === undefined
      ? ({ tag: 'dense', sites: extent('sites'), neurons: extent('neurons'), layers: extent('layers') } as const)
      : ({
          tag: 'lattice',
          channels: extent('channels'),
          layers: extent('layers'),
          kernel: extent('kernel'),
          pairHead: Object.hasOwn(tensors, 'pair.weight'),
        } as const);
  const network = networks.inputs.shape.network.parse({
    architecture: told['model'],
    shape,
    energyScale: scale,
    energyShift: shift,
  });
  return {
    energyScale: [scale],
    energyShift: [shift],
    ...tensors,
    energy: [...runNetwork(rules, network, latticeSize, tensors, s).energy.x],
  };
};

const answerAdam: Answering = (rules, inputs) => {
  const { rates, batch, weights, sums, ...options } = adamFamily.inputs.parse(inputs);
  const zeros = weights.map(() => 0);
  const states = sums.reduce<readonly train.Adam[]>(
    (done, w, t) => {
      const last = done.at(-1);
      return last === undefined ? done : [...done, train.adamStep(rules, options, rates[t] ?? NaN, batch, { w }, last)];
    },
    [{ step: 0, weights: { w: weights }, first: { w: zeros }, second: { w: zeros } }],
  );
  const each = (part: 'weights' | 'first' | 'second'): readonly number[] =>
    states.slice(1).flatMap((state) => state[part]['w'] ?? []);
  return { weights: each('weights'), first: each('first'), second: each('second') };
};

/** How each family is answered; what must be refused is not asked of this port. */
const answering: Readonly<Record<string, Answering>> = {
  lattice: (_, inputs) => {
    const { latticeSize: N, offsets } = lattice.inputs.parse(inputs);
    const moved = (site: number, [rows = NaN, columns = NaN]: readonly number[]): number =>
      onRing(Math.floor(site / N) + rows, N) * N + onRing((site % N) + columns, N);
    const sites = upTo(N * N);
    const around = [
      [0, 1],
      [1, 0],
      [0, -1],
      [-1, 0],
    ];
    return {
      neighbours: sites.flatMap((site) => around.map((d) => moved(site, d))),
      bonds: sites.flatMap((site) => [
        ...[site, moved(site, [0, 1]), site % N === N - 1 ? 1 : 0],
        ...[site, moved(site, [1, 0]), site >= N * (N - 1) ? 1 : 0],
      ]),
      displaced: offsets.flatMap((d) => sites.map((site) => moved(site, d))),
    };
  },
  streams: answerStreams,
  samplers: (rules, inputs) => {
    const given = samplers.inputs.parse(inputs);
    if (given.system === 'lattice') {
      const found = random.latticeSpins(rules, given.sampler, given.latticeSize, given.seed, given.index);
      return { spins: found, first: [0, 1, 2].map((k) => found[k * given.latticeSize ** 2] ?? NaN) };
    }
    return random.chainSpins(rules, given.system, given.sampler, given.sites, given.seed, given.index);
  },
  hamiltonians: answerHamiltonians,
  'exact-energies': (rules, inputs) =>
    electronOutputs(rules, exactEnergies.inputs.parse(inputs), ['occupations', 'electrons', 'energy', 'forces']),
  poles: (rules, inputs) => poleAnswers(rules, poles.inputs.parse(inputs)),
  'effective-model': (rules, inputs) => {
    const { latticeSize, clusters, coefficients, spins: s } = effectiveModel.inputs.parse(inputs);
    return spins.effectiveModel(rules, latticeSize, clusters, coefficients, s);
  },
  operations: (rules, inputs) => ({ result: operationAnswer(rules, operations.inputs.parse(inputs)) }),
  symmetrization: (rules, inputs) => ({ T: symmetrizedSpins(rules, symmetrization.inputs.parse(inputs)) }),
  networks: answerNetworks,
  'weights-files': answerWeightsFiles,
  'data-files': (rules, inputs) => {
    const { format, base64 } = dataFiles.inputs.parse(inputs);
    return format === 'npz' ? npz(rules, base64) : { values: npyOf(rules, base64) };
  },
  'pair-fit': (rules, inputs) => {
    const { kernel, sets } = pairFit.inputs.parse(inputs);
    const { energyPerSite, couplings, kernel: fitted } = train.pairFit(rules, kernel, sets);
    return { energyPerSite: [energyPerSite], couplings, kernel: fitted };
  },
  'energy-units': (rules, inputs) => {
    const { network, sets } = energyUnitsFamily.inputs.parse(inputs);
    const { energyShift, energyScale, deviation, kernel } = train.energyUnits(rules, network, sets);
    return { energyShift: [energyShift], energyScale: [energyScale], deviation: [deviation], kernel: kernel ?? [] };
  },
  'initial-weights': (rules, inputs) => {
    const { network, seed, start, ...configurations } = initialWeightsFamily.inputs.parse(inputs);
    const drawn = train.published(rules, network, seed);
    return start === 'published' ? drawn : train.unitVariance(rules, network, configurations, drawn);
  },
  losses: (rules, inputs) => {
    const { network, weights, weight, forceWeight, batch, shapes: _, ...samples } = losses.inputs.parse(inputs);
    const found = train.lossOf(rules, network, weights, { ...samples, count: batch }, { weight, forceWeight });
    return {
      loss: found.losses,
      ...gradientNames(
        'dL/d(',
        Object.fromEntries(
          Object.entries(found.sums).map(([name, values]) => [name, values.map((x) => x / rules.perSample(batch))]),
        ),
      ),
    };
  },
  adam: answerAdam,
  schedules: (rules, inputs) => {
    const { schedule, steps, stepsPerEpoch } = schedules.inputs.parse(inputs);
    return { rates: upTo(steps).map((step) => train.rateOf(rules, schedule, step, steps, stepsPerEpoch)) };
  },
  shuffles: (rules, inputs) => {
    const { seed, epoch, counts, batch } = shuffles.inputs.parse(inputs);
    const { order, batches } = train.shuffled(rules, seed, epoch, counts, batch);
    return {
      order,
      sizes: batches.map(({ places }) => places.length),
      sets: batches.map(({ set }) => set),
      places: batches.flatMap(({ places }) => places),
    };
  },
  training: answerTraining,
  checkpoints: answerCheckpoints,
  'continued-fractions': (_, inputs) => continued.answers(continuedFractions.inputs.parse(inputs)),
  'error-measures': (rules, inputs) => {
    const { exact, predicted, reference } = errorMeasuresFamily.inputs.parse(inputs);
    return spins.errorMeasures(rules, exact, predicted, reference);
  },
};

/** What a port with these rules answers to a vector: the outputs that are asked for. */
export const answersOf =
  (rules: Port) =>
  ({ id, inputs, expected }: Vector): Answer => {
    const all = answering[id.replace(/\/.*$/, '')]?.(rules, inputs) ?? {};
    return Object.fromEntries(Object.entries(all).filter(([output]) => Object.hasOwn(expected, output)));
  };
