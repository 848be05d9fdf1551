/**
 * A small port of this specification, written from the guide beside the vectors: it answers them by other means than the code
 * that they come from. Its rules can be replaced one by one, which makes it every wrong port that `bugs.ts` lists.
 */
import type { Answer } from '../../src/conformance/comparison.ts';
import type { Vector } from '../../src/conformance/vector.ts';
import { continuedFractions } from '../vectors/families/continued-fractions.ts';
import { effectiveModel } from '../vectors/families/effective-model.ts';
import { errorMeasuresFamily } from '../vectors/families/error-measures.ts';
import { exactEnergies } from '../vectors/families/exact-energies.ts';
import { hamiltonians } from '../vectors/families/hamiltonians.ts';
import { lattice } from '../vectors/families/lattice.ts';
import { networks } from '../vectors/families/networks.ts';
import { operations } from '../vectors/families/operations.ts';
import { poles } from '../vectors/families/poles.ts';
import { samplers } from '../vectors/families/samplers.ts';
import { streams } from '../vectors/families/streams.ts';
import { symmetrization } from '../vectors/families/symmetrization.ts';
import * as continued from './continued.ts';
import { electronAnswers, electronRules, type ElectronCase, type ElectronRules } from './electrons.ts';
import { operationAnswer } from './operation.ts';
import { networkRules, runNetwork, symmetrizedSpins, type NetworkRules } from './network.ts';
import { poleAnswers } from './poles.ts';
import * as random from './random.ts';
import * as spins from './spins.ts';
import { onRing } from './lattice.ts';

/** All rules that ports get wrong. */
export interface Port extends NetworkRules, ElectronRules, spins.SpinRules, random.RandomRules {}

/** The port that is right. */
export const port: Port = { ...networkRules, ...electronRules, ...spins.spinRules, ...random.randomRules };

const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);

type Answering = (rules: Port, inputs: unknown) => Answer;

const summed = (lists: readonly (readonly number[])[]): readonly number[] =>
  lists.reduce((a, b) => a.map((x, i) => x + (b[i] ?? NaN)));

/** P v with P_i v = v - (v . s_i) s_i, [3, sites]. */
export const projected = (v: readonly number[], s: readonly number[]): readonly number[] => {
  const sites = s.length / 3;
  return v.map((x, n) => {
    const along = [0, 1, 2].reduce((sum, k) => {
      const at = k * sites + (n % sites);
      return sum + (v[at] ?? NaN) * (s[at] ?? NaN);
    }, 0);
    return x - along * (s[n] ?? NaN);
  });
};

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
