/** The eight networks on a tape: energies, forces, gradients and activations, with the rules that ports get wrong. */
import { correlation, latticeRules, type LatticeRules } from './lattice.ts';
import {
  added,
  bilinear,
  detached,
  gradientOf,
  leaf,
  linear,
  multiplied,
  tanhOf,
  type Bilinear,
  type Dual,
  type Tape,
  type Value,
} from './tape.ts';

/** A network as the vectors describe it. */
export interface Described {
  readonly architecture: 'efnn' | 'dnn' | 'resnet' | 'densenet';
  readonly shape:
    | { readonly tag: 'dense'; readonly sites: number; readonly neurons: number; readonly layers: number }
    | {
        readonly tag: 'lattice';
        readonly channels: number;
        readonly layers: number;
        readonly kernel: number;
        readonly pairHead: boolean;
      };
  readonly energyScale: number;
  readonly energyShift: number;
}

/** Numbers by name. */
export type Numbers = Readonly<Record<string, readonly number[]>>;

type Map = (x: Value) => Value;

/** What layers are made of. */
export interface Layers {
  readonly tape: Tape;
  readonly tanh: Map;
  readonly scaled: (factor: number) => Map;
  /** The sum of all entries. */
  readonly total: Map;
  /** x + b at every site, b one number a channel. */
  readonly biased: (x: Value, b: Value) => Value;
  readonly correlated: (weight: string, k: number, inputs: number, outputs: number, components?: number) => Map;
  readonly contracted: (x: Value, y: Value) => Value;
  /** Channels side by side. */
  readonly joined: (parts: readonly Value[]) => Value;
  readonly weight: (name: string) => Value;
  readonly architecture: Described['architecture'];
  readonly tag: Described['shape']['tag'];
}

/** What an energy is put together from. */
export interface Parts {
  readonly output: Value;
  readonly scale: number;
  readonly shift: number;
  readonly sites: number;
  readonly head: Value | null;
}

/** The rules of networks that ports get wrong. */
export interface NetworkRules extends LatticeRules {
  readonly store: (x: number) => number;
  readonly slopeFrom: 'value' | 'argument';
  /** The weights as a port reads them. */
  readonly readWeights: (weights: Numbers, description: Described) => Numbers;
  readonly readSpins: (spins: readonly number[], N: number) => readonly number[];
  readonly perceptron: (layers: Layers, before: Map, after: Map) => Map;
  /** T from a * s and b * s, kernels [C, 1, k, k]. */
  readonly symmetrized: (layers: Layers, a: Map, b: Map, s0: Value) => Value;
  /** Which T_j stands where the rule has T_j. */
  readonly symmetrization: (j: number, architecture: Described['architecture'], use: 'map' | 'skip') => number;
  /** Which g_i is used in layer i. */
  readonly spinMap: (i: number) => number;
  /** S_i from g_i(S_0) and F_i. */
  readonly quasiParticle: (layers: Layers, g: Value, F: Value) => Value;
  /** S_0 as g reads it. */
  readonly bareSpins: (layers: Layers, s0: Value) => Value;
  /** Channels of a DenseNet's concatenation: what stands for S_0, then the layers, oldest first. */
  readonly concatenation: (spins: Value, fields: readonly Value[]) => readonly Value[];
  /** S_1 of a ResNet from what is skipped and f_0. */
  readonly firstResidual: (layers: Layers, skip: Value, f: Value) => Value;
  /** What q sums, from the last layer and, in a DenseNet, its newest part. */
  readonly readout: (layers: Layers, last: Value, newest: Value) => Value;
  /** q on the lattice: sum over sites of the convolution, with its bias. */
  readonly readoutBias: (layers: Layers, convolved: Value, bias: Value) => Value;
  /** sum of s . (K * s), K * s given. */
  readonly pairHead: (layers: Layers, s0: Value, convolved: Value, centre: Value) => Value;
  readonly energy: (layers: Layers, parts: Parts) => Value;
  /** Forces as they are returned, from dE/ds. */
  readonly forces: (
    gradient: readonly number[],
    spins: readonly number[],
    network: Described,
    N: number,
  ) => readonly number[];
  /** dE/dw as it is returned. */
  readonly weightGradient: (gradient: readonly number[], name: string, network: Described) => readonly number[];
}

/** What the rules are. */
export const networkRules: NetworkRules = {
  ...latticeRules,
  store: (x) => x,
  slopeFrom: 'value',
  readWeights: (weights) => weights,
  readSpins: (spins) => spins,
  perceptron:
    ({ tanh }, before, after) =>
    (x) =>
      after(tanh(before(x))),
  symmetrized: ({ contracted }, a, b, s0) => contracted(a(s0), b(s0)),
  symmetrization: (j) => j,
  spinMap: (i) => i,
  quasiParticle: ({ tape }, g, F) => multiplied(tape, g, F),
  bareSpins: (_, s0) => s0,
  concatenation: (spins, fields) => [spins, ...fields],
  firstResidual: ({ tape }, skip, f) => added(tape, skip, f),
  readout: (_, last) => last,
  readoutBias: ({ biased, total }, convolved, bias) => total(biased(convolved, bias)),
  pairHead: ({ contracted, total }, s0, convolved) => total(contracted(s0, convolved)),
  energy: ({ tape, scaled }, { output, scale, shift, sites, head }) => {
    const own = added(tape, scaled(scale)(output), leaf(tape, [shift * sites]));
    return head === null ? own : added(tape, own, head);
  },
  forces: (gradient) => gradient,
  weightGradient: (gradient) => gradient,
};

const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);

const numberAt = (x: ArrayLike<number>, i: number): number => x[i] ?? NaN;

const contraction =
  (components: number): Bilinear =>
  (x, y) =>
    Float64Array.from(upTo(x.length / components), (_, i) =>
      upTo(components).reduce((sum, c) => {
        const at = (c * x.length) / components + i;
        return sum + numberAt(x, at) * numberAt(y, at);
      }, 0),
    );

const modulation: Bilinear = (a, v) => v.map((x, i) => numberAt(a, i % a.length) * x);

const layersOf = (
  rules: NetworkRules,
  tape: Tape,
  N: number,
  weights: Readonly<Record<string, Value>>,
  { architecture, shape: { tag } }: Described,
): Layers => {
  const weight = (name: string): Value => {
    const found = weights[name];
    if (found === undefined) {
      throw new RangeError(`expected a weight ${name}, got ${Object.keys(weights).join(', ')}`);
    }
    return found;
  };
  const sites = N * N;
  return {
    tape,
    weight,
    architecture,
    tag,
    tanh: (x) => tanhOf(tape, x, rules.slopeFrom),
    scaled: (factor) => (x) => {
      const by = (a: Float64Array): Float64Array => a.map((n) => factor * n);
      return linear(tape, by, by, x);
    },
    total: (x) =>
      linear(
        tape,
        (a) => Float64Array.of(a.reduce((sum, n) => sum + n, 0)),
        (y) => new Float64Array(x.x.length).fill(numberAt(y, 0)),
        x,
      ),
    biased: (x, b) =>
      added(
        tape,
        x,
        linear(
          tape,
          (a) => Float64Array.from(upTo(x.x.length), (_, i) => numberAt(a, Math.floor(i / sites) % a.length)),
          (y) =>
            Float64Array.from(upTo(b.x.length), (_, c) =>
              y.reduce((sum, n, i) => (Math.floor(i / sites) % b.x.length === c ? sum + n : sum), 0),
            ),
          b,
        ),
      ),
    correlated: (name, k, inputs, outputs, components = 1) => {
      const { forward, inKernel, inField } = correlation(rules, { N, k, inputs, outputs, components });
      return (x) => bilinear(tape, forward, inKernel, inField, weight(name), x);
    },
    contracted: (x, y) => {
      const components = 3;
      return bilinear(tape, contraction(components), modulation, (a, g) => modulation(g, a), x, y);
    },
    joined: (parts) =>
      parts.slice(1).reduce<Value>(
        (before, part) => {
          const [m, n] = [before.x.length, part.x.length];
          const first = linear(
            tape,
            (a) => Float64Array.from([...a, ...new Float64Array(n)]),
            (y) => y.slice(0, m),
            before,
          );
          const second = linear(
            tape,
            (a) => Float64Array.from([...new Float64Array(m), ...a]),
            (y) => y.slice(m),
            part,
          );
          return added(tape, first, second);
        },
        parts[0] ?? leaf(tape, []),
      ),
  };
};

/** What a network answers on one configuration. */
export interface Answered {
  readonly energy: Dual;
  /** dE/ds, and its derivative along the direction. */
  readonly forces: Dual;
  readonly gradient: Readonly<Record<string, Dual>>;
  readonly activations: Readonly<Record<string, readonly number[]>>;
}

/** A network's energy, gradients and activations, and the derivatives of all along a direction of the spins. */
export const runNetwork = (
  rules: NetworkRules,
  description: Described,
  N: number,
  given: Numbers,
  spins: readonly number[],
  direction?: readonly number[],
  wanted: 'all' | 'activations' = 'all',
): Answered => {
  const { architecture, shape, energyScale, energyShift } = description;
  const tape: Tape = { steps: [], store: rules.store };
  const read = rules.readWeights(given, description);
  const weights = Object.fromEntries(Object.entries(read).map(([name, values]) => [name, leaf(tape, values)]));
  const layers = layersOf(rules, tape, N, weights, description);
  const s0 = leaf(tape, rules.readSpins(spins, N), direction);
  const activations = new Map<string, readonly number[]>();
  const named = (name: string, value: Value): Value => {
    if (!activations.has(name)) {
      activations.set(name, [...value.x]);
    }
    return value;
  };
  const { layers: n } = shape;
  const C = shape.tag === 'lattice' ? shape.channels : shape.neurons;
  const k = shape.tag === 'lattice' ? shape.kernel : 1;
  const L = shape.tag === 'lattice' ? 1 : shape.sites;
  const affine =
    (name: string, inputs: number, outputs = C): Map =>
    (x) =>
      named(
        name,
        layers.biased(layers.correlated(`${name}.weight`, k, inputs, outputs)(x), layers.weight(`${name}.bias`)),
      );
  const perceptron = (name: string, inputs: number): Map =>
    rules.perceptron(layers, affine(`${name}.0`, inputs), affine(`${name}.1`, C));
  const T = (j: number, use: 'map' | 'skip', s: Value): Value => {
    const kernels = rules.symmetrization(j, architecture, use);
    const convolved = (part: string): Map => layers.correlated(`T.${kernels}.${part}`, k, 1, C, 3);
    return named(`T.${j}`, rules.symmetrized(layers, convolved('a'), convolved('b'), s));
  };
  const onLattice = shape.tag === 'lattice';
  const f = (i: number, x: Value, inputs: number): Value =>
    i === 0
      ? perceptron('f.0', onLattice ? C : L)(onLattice ? T(0, 'map', x) : x)
      : perceptron(`f.${i}`, inputs)(named(`S.${i}`, x));
  const bare = rules.bareSpins(layers, s0);
  const g = (i: number, F: Value): Value => {
    const used = rules.spinMap(i);
    return architecture === 'efnn'
      ? perceptron(`g.${used}`, onLattice ? C : L)(onLattice ? T(used, 'map', bare) : bare)
      : perceptron(`g.${used}`, C)(F);
  };

  /** The last layer, and its newest part. */
  const body = (): readonly [Value, Value] => {
    switch (architecture) {
      case 'efnn': {
        const last = upTo(n).reduce((S, i) => rules.quasiParticle(layers, g(i + 1, S), f(i, S, C)), s0);
        return [last, last];
      }
      case 'dnn': {
        const last = upTo(n).reduce((S, i) => g(i + 1, f(i, S, C)), s0);
        return [last, last];
      }
      case 'resnet': {
        const skip = onLattice ? T(1, 'skip', s0) : C === L ? s0 : affine('P', L)(s0);
        const last = upTo(n - 1).reduce<Value>(
          (S, i) => added(tape, S, f(i + 1, S, C)),
          rules.firstResidual(layers, skip, f(0, s0, C)),
        );
        return [last, last];
      }
      case 'densenet': {
        const features = onLattice ? T(1, 'skip', s0) : s0;
        const fields = upTo(n - 1).reduce<readonly Value[]>(
          (known, i) => [
            ...known,
            f(i + 1, layers.joined(rules.concatenation(features, known)), (onLattice ? C : L) + (i + 1) * C),
          ],
          [f(0, s0, C)],
        );
        return [layers.joined(rules.concatenation(features, fields)), fields.at(-1) ?? features];
      }
    }
  };
  const [last, newest] = body();
  const summed = rules.readout(layers, named(`S.${n}`, last), newest);
  /** The q of the lattice, of a field. */
  const readoutOf = (field: Value): Value => {
    const convolved = layers.correlated('q.weight', k, architecture === 'densenet' ? (n + 1) * C : C, 1)(field);
    named('q', layers.biased(convolved, layers.weight('q.bias')));
    return rules.readoutBias(layers, convolved, layers.weight('q.bias'));
  };
  const output = onLattice ? readoutOf(summed) : layers.total(summed);
  const head =
    shape.tag === 'lattice' && shape.pairHead
      ? rules.pairHead(layers, s0, layers.correlated('pair.weight', k, 1, 1, 3)(s0), layers.weight('pair.weight'))
      : null;
  const energy = rules.energy(layers, {
    output,
    scale: energyScale,
    shift: energyShift,
    sites: onLattice ? N * N : L,
    head,
  });
  const variables = wanted === 'all' ? [s0, ...Object.values(weights)] : [];
  const [inSpins = s0, ...inWeights] = variables.length === 0 ? [] : gradientOf(tape, energy, variables);
  const seen = (x: Float64Array): Float64Array => Float64Array.from(rules.forces([...x], spins, description, N));
  const returned = Object.fromEntries(
    Object.keys(weights).map((name, i) => {
      const { x, dx } = inWeights[i] ?? s0;
      const shown = (values: Float64Array): Float64Array =>
        Float64Array.from(rules.weightGradient([...values], name, description));
      return [name, { x: shown(x), dx: shown(dx) }];
    }),
  );
  const renamed = (values: Numbers): Numbers => rules.readWeights(values, description);
  const gradient = Object.fromEntries(
    Object.entries(renamed(Object.fromEntries(Object.entries(returned).map(([name, { x }]) => [name, [...x]])))).map(
      ([name, x]) => [name, x],
    ),
  );
  return {
    energy,
    forces: { x: seen(inSpins.x), dx: seen(inSpins.dx) },
    gradient: Object.fromEntries(
      Object.entries(returned).map(([name, { x, dx }]) => [name, { x: Float64Array.from(gradient[name] ?? x), dx }]),
    ),
    activations: Object.fromEntries(activations),
  };
};

/** The values of a map without the gradient that flows through it. */
export const withoutGradient = ({ tape }: Layers, value: Value): Value => detached(tape, value);

/** T of spins alone. */
export const symmetrizedSpins = (
  rules: NetworkRules,
  {
    latticeSize: N,
    channels,
    kernel,
    a,
    b,
    spins,
  }: {
    readonly latticeSize: number;
    readonly channels: number;
    readonly kernel: number;
    readonly a: readonly number[];
    readonly b: readonly number[];
    readonly spins: readonly number[];
  },
): readonly number[] => {
  const tape: Tape = { steps: [], store: rules.store };
  const weights = { 'T.0.a': leaf(tape, a), 'T.0.b': leaf(tape, b) };
  const shape = { tag: 'lattice', channels, layers: 1, kernel, pairHead: false } as const;
  const layers = layersOf(rules, tape, N, weights, { architecture: 'efnn', shape, energyScale: 1, energyShift: 0 });
  const convolved = (part: string): Map => layers.correlated(`T.0.${part}`, kernel, 1, channels, 3);
  return [...rules.symmetrized(layers, convolved('a'), convolved('b'), leaf(tape, rules.readSpins(spins, N))).x];
};
