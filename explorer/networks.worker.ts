/** Computes what the network shown makes of a configuration: energy, forces, layers, and whether turning all spins matters. */
import * as E from 'fp-ts/lib/Either.js';

import type { Backend, BackendError, Executable } from 'efnn/backends';
import { gradientName, type ProgramError, type TypedProgram, type Weights } from 'efnn/networks';
import { rotate, type SpinConfiguration } from 'efnn/physics';

import { trials } from './configuration.ts';
import { biasName, programsOf } from './layers.ts';
import type { BackendName, FromNetworks, LayerValues, NetworkAnswer, Question } from './messages.ts';
import { availability, started } from './started-backends.ts';

const say = (message: FromNetworks): void => {
  postMessage(message);
};

const right = <A>(result: E.Either<BackendError | ProgramError, A>): A => {
  if (E.isLeft(result)) {
    throw new RangeError(result.left.message);
  }
  return result.right;
};

const backends = new Map<BackendName, Promise<E.Either<string, Backend>>>();

const backendFor = async (name: BackendName): Promise<Backend> => {
  const starting = backends.get(name) ?? started(name, 1);
  backends.set(name, starting);
  const backend = await starting;
  if (E.isLeft(backend)) {
    throw new RangeError(backend.left);
  }
  return backend.right;
};

/** What was compiled last: the next question mostly asks for the same. */
const compiled = new Map<string, Promise<Compiled>>();

interface Compiled {
  readonly layers: Executable;
  readonly energy: Executable;
  readonly forces: Executable;
  /** The lattices on which forces were computed before: the first time on each compiles, and is not timed. */
  readonly sizes: Set<number>;
}

const compile = async ({ backend, model, biased }: Question): Promise<Compiled> => {
  const { network } = model;
  if (network.shape.tag !== 'lattice') {
    throw new RangeError('the page shows networks on lattices');
  }
  const programs = right(programsOf(network, network.shape, biased));
  const { compile: compiling } = await backendFor(backend);
  const one = async (program: TypedProgram): Promise<Executable> => right(await compiling(program)());
  const [layers, energy, forces] = await Promise.all([
    one(programs.layers),
    one(programs.energy),
    one(programs.forces),
  ]);
  return { layers, energy, forces, sizes: new Set() };
};

const compiledFor = async (question: Question): Promise<Compiled> => {
  const key = JSON.stringify([question.backend, question.model.network, question.biased]);
  const known = compiled.get(key) ?? compile(question);
  compiled.clear();
  compiled.set(key, known);
  return known;
};

/** Of the size of the entries that it is added to, where spins are drawn at random. */
const bias = 0.5;

const parametersOf = ({ model: { network, weights }, biased }: Question): Weights =>
  biased
    ? {
        ...weights,
        ...Object.fromEntries(
          Array.from({ length: network.shape.layers + 1 }, (_, j) => [
            biasName(j),
            new Float64Array(network.shape.tag === 'lattice' ? network.shape.channels : 0).fill(bias),
          ]),
        ),
      }
    : weights;

const channelsOf = (values: Float64Array, sites: number): readonly Float64Array[] =>
  Array.from({ length: values.length / sites }, (_, c) => values.slice(c * sites, (c + 1) * sites));

const answered = async (question: Question): Promise<NetworkAnswer> => {
  const { size, spins } = question;
  const { layers, energy, forces, sizes } = await compiledFor(question);
  const configuration: SpinConfiguration = { size, components: spins };
  const alike = { parameters: parametersOf(question), latticeSize: size };
  const one = { ...alike, inputs: { spins }, batch: 1 };
  if (!sizes.has(size)) {
    right(await forces.run(one)());
    sizes.add(size);
  }
  const start = performance.now();
  const measured = right(await forces.run(one)());
  const milliseconds = performance.now() - start;
  const fields = right(await layers.run(one)());
  const all = [configuration, ...trials.map((matrix) => rotate(matrix)(configuration))];
  const turned = Float64Array.from(all.flatMap(({ components }) => [...components]));
  const { energy: energies = new Float64Array(0) } = right(
    await energy.run({ ...alike, inputs: { spins: turned }, batch: all.length })(),
  );
  return {
    energy: measured['energy']?.[0] ?? NaN,
    forces: Float64Array.from(measured[gradientName('energy', 'spins')] ?? []),
    milliseconds,
    layers: Object.entries(fields).map(([name, values]): LayerValues => ({
      name,
      channels: channelsOf(Float64Array.from(values), size * size),
    })),
    change: Math.max(...Array.from(energies, (each) => Math.abs(each - (energies[0] ?? NaN)))),
  };
};

self.onmessage = ({ data }: MessageEvent<Question>): void => {
  answered(data).then(
    (value) => {
      say({ tag: 'answer', id: data.id, value });
    },
    (error: unknown) => {
      say({ tag: 'failure', id: data.id, message: error instanceof Error ? error.message : String(error) });
    },
  );
};

say({ tag: 'availability', availability: await availability() });
