/** Training, as the port has it: weights to begin with, units, losses, Adam, schedules, shuffles. */
import { Matrix, pseudoInverse } from 'ml-matrix';

// Engines round x ** y differently, and which number of a wrong port parts first is told to the digit.
import { pow } from '../../src/number/elementary/power.kernel.ts';
import { runNetwork, type Described, type NetworkRules, type Numbers } from './network.ts';
import { projected } from './projected.ts';
import { permutation, stream, uniforms, type RandomRules } from './random.ts';

/** The rules of training that ports get wrong. */
export interface TrainingRules {
  readonly biasCorrection: boolean;
  readonly decay: 'in the gradient' | 'of the weights' | 'none';
  readonly epsilon: 'outside of the root' | 'inside';
  /** What is added to the number of a step before its rate is looked up. */
  readonly laterStep: number;
  /** Part of the steps of one cycle that rise. */
  readonly rising: number;
  /** What gradients summed over a batch are divided by. */
  readonly perSample: (batch: number) => number;
  readonly projectedForces: boolean;
  /** What the sum over force components is divided by. */
  readonly perComponent: (components: number) => number;
  /** The bound of initial weights. */
  readonly bound: (fanIn: number) => number;
  /** The order in which weights are drawn. */
  readonly drawnOrder: (recorded: readonly string[]) => readonly string[];
  /** The part of a layer's degree that its scale is the root of. */
  readonly unitDegree: (degree: number) => number;
  /** sqrt of this many entries is between deviation and scale. */
  readonly summed: (sites: number, neurons: number, isLattice: boolean) => number;
  /** What a mean energy is divided by to give the shift. */
  readonly shiftPer: (sites: number) => number;
  readonly spread: (count: number) => number;
  /** Whether an offset counts in the fit beside its opposite. */
  readonly bothOffsets: boolean;
  readonly fitsConstant: boolean;
  /** The stream of an epoch's shuffle: its seed and its index. */
  readonly shuffleOf: (seed: number, epoch: number) => readonly [number, number];
  /** What is believed of a checkpoint. */
  readonly resumedMoments: boolean;
  readonly resumedStep: (step: number) => number;
}

/** What the rules are. */
export const trainingRules: TrainingRules = {
  biasCorrection: true,
  decay: 'in the gradient',
  epsilon: 'outside of the root',
  laterStep: 0,
  rising: 0.2,
  perSample: (batch) => batch,
  projectedForces: true,
  perComponent: () => 1,
  bound: (fanIn) => 1 / Math.sqrt(fanIn),
  drawnOrder: (recorded) => recorded,
  unitDegree: (degree) => degree,
  summed: (sites, neurons, isLattice) => (isLattice ? sites : neurons),
  shiftPer: (sites) => sites,
  spread: (count) => count,
  bothOffsets: true,
  fitsConstant: true,
  shuffleOf: (seed, epoch) => [seed, epoch],
  resumedMoments: true,
  resumedStep: (step) => step,
};

/** All that a training depends on. */
export type Rules = TrainingRules & NetworkRules & RandomRules;

const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);

const at = (x: ArrayLike<number>, i: number): number => x[i] ?? NaN;

const sum = (values: readonly number[]): number => values.reduce((total, x) => total + x, 0);

/** Weights with their moments. */
export interface Adam {
  readonly step: number;
  readonly weights: Numbers;
  readonly first: Numbers;
  readonly second: Numbers;
}

/** The constants of Adam. */
export interface AdamOptions {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
  readonly clip: number | null;
}

const mapped = (values: Numbers, f: (x: number, name: string, i: number) => number): Numbers =>
  Object.fromEntries(Object.entries(values).map(([name, list]) => [name, list.map((x, i) => f(x, name, i))]));

/** The state after a step, from the gradients summed over a batch. */
export const adamStep = (
  rules: TrainingRules,
  { beta1, beta2, epsilon, weightDecay, clip }: AdamOptions,
  rate: number,
  batch: number,
  sums: Numbers,
  { step, weights, first, second }: Adam,
): Adam => {
  const means = mapped(sums, (x) => x / rules.perSample(batch));
  const norm = Math.sqrt(sum(Object.values(means).flatMap((values) => values.map((x) => x * x))));
  const factor = clip !== null && norm > clip ? clip / norm : 1;
  const of = (values: Numbers, name: string, i: number): number => at(values[name] ?? [], i);
  const gradient = mapped(
    means,
    (x, name, i) => factor * x + (rules.decay === 'in the gradient' ? weightDecay * of(weights, name, i) : 0),
  );
  const t = step + 1;
  const m = mapped(gradient, (g, name, i) => beta1 * of(first, name, i) + (1 - beta1) * g);
  const v = mapped(gradient, (g, name, i) => beta2 * of(second, name, i) + (1 - beta2) * g * g);
  const [c1, c2] = rules.biasCorrection ? [1 - pow(beta1, t), 1 - pow(beta2, t)] : [1, 1];
  const moved = mapped(m, (mi, name, i) => {
    const vi = of(v, name, i) / c2;
    const divisor = rules.epsilon === 'inside' ? Math.sqrt(vi + epsilon) : Math.sqrt(vi) + epsilon;
    const w = of(weights, name, i);
    const kept = rules.decay === 'of the weights' ? w - rate * weightDecay * w : w;
    return kept - (rate * (mi / c1)) / divisor;
  });
  return { step: t, weights: { ...weights, ...moved }, first: { ...first, ...m }, second: { ...second, ...v } };
};

/** A schedule as the vectors write it. */
export type Schedule =
  | { readonly tag: 'decay'; readonly rate: number; readonly factor: number; readonly every: number }
  | { readonly tag: 'staircase'; readonly first: number; readonly last: number; readonly every: number }
  | { readonly tag: 'oneCycle'; readonly peak: number };

/** The learning rate of a step. */
export const rateOf = (
  rules: TrainingRules,
  schedule: Schedule,
  number: number,
  steps: number,
  perEpoch: number,
): number => {
  const step = number + rules.laterStep;
  const stair = (every: number): number => Math.floor(Math.floor(step / perEpoch) / every);
  switch (schedule.tag) {
    case 'decay':
      return schedule.rate * pow(schedule.factor, stair(schedule.every));
    case 'staircase': {
      const stairs = Math.max(1, Math.ceil(steps / perEpoch / schedule.every) - 1);
      return schedule.first * pow(schedule.last / schedule.first, stair(schedule.every) / stairs);
    }
    case 'oneCycle': {
      const { peak } = schedule;
      const top = Math.max(1, rules.rising * steps - 1);
      const between = (from: number, to: number, part: number): number =>
        to + ((from - to) * (1 + Math.cos(Math.PI * part))) / 2;
      return step <= top
        ? between(peak / 25, peak, step / top)
        : between(peak, peak / 250_000, (step - top) / Math.max(1, steps - 1 - top));
    }
  }
};

/** Labelled samples of one lattice size. */
export interface Samples {
  readonly latticeSize: number;
  readonly count: number;
  readonly spins: readonly number[];
  readonly energies: readonly number[];
  readonly forces?: readonly number[] | null;
}

/** Loss and summed gradient of some samples. */
export const lossOf = (
  rules: Rules,
  network: Described,
  weights: Numbers,
  { latticeSize, count, spins, energies, forces }: Samples,
  { weight, forceWeight }: { readonly weight: number; readonly forceWeight: number | null },
  places: readonly number[] = upTo(count),
): { readonly losses: readonly number[]; readonly sums: Numbers } => {
  const length = spins.length / count;
  const tangent = (v: readonly number[], s: readonly number[]): readonly number[] =>
    network.shape.tag === 'lattice' && rules.projectedForces ? projected(v, s) : v;
  const each = places.map((b) => {
    const s = spins.slice(b * length, (b + 1) * length);
    const { energy, forces: found, gradient } = runNetwork(rules, network, latticeSize, weights, s);
    const error = at(energy.x, 0) - at(energies, b);
    if (forceWeight === null || forces === null || forces === undefined) {
      return { loss: weight * error * error, gradient: mapped(listed(gradient), (g) => 2 * weight * error * g) };
    }
    const wrong = tangent(
      [...found.x].map((F, i) => F - at(forces, b * length + i)),
      s,
    );
    const f = forceWeight / rules.perComponent(length);
    // The derivative of dE/dw along the wrong forces: that of half their square.
    const along = runNetwork(rules, network, latticeSize, weights, s, wrong);
    const second = Object.fromEntries(Object.entries(along.gradient).map(([name, { dx }]) => [name, [...dx]]));
    return {
      loss: weight * (error * error + f * sum(wrong.map((x) => x * x))),
      gradient: mapped(listed(gradient), (g, name, i) => 2 * weight * (error * g + f * at(second[name] ?? [], i))),
    };
  });
  return {
    losses: each.map(({ loss }) => loss),
    sums: each.map(({ gradient }) => gradient).reduce((a, b) => mapped(a, (x, name, i) => x + at(b[name] ?? [], i))),
  };
};

const listed = (values: Readonly<Record<string, { readonly x: Float64Array }>>): Numbers =>
  Object.fromEntries(Object.entries(values).map(([name, { x }]) => [name, [...x]]));

/** A weight: how many numbers, how many enter each output of its map, and its map's degree in its weights. */
interface Declared {
  readonly length: number;
  readonly fanIn: number;
}

/** The weights of a network in the order in which they are recorded: W before what its map reads, b after it. */
export const recorded = ({ architecture, shape }: Described): ReadonlyMap<string, Declared> => {
  const isLattice = shape.tag === 'lattice';
  const C = isLattice ? shape.channels : shape.neurons;
  const k = isLattice ? shape.kernel : 1;
  const L = isLattice ? 1 : shape.sites;
  const { layers: n } = shape;
  type Entry = readonly [string, Declared];
  const affine = (name: string, inputs: number, outputs: number, read: readonly Entry[]): readonly Entry[] => [
    [`${name}.weight`, { length: outputs * inputs * k * k, fanIn: inputs * k * k }],
    ...read,
    [`${name}.bias`, { length: outputs, fanIn: inputs * k * k }],
  ];
  const T = (j: number): readonly Entry[] =>
    isLattice ? ['a', 'b'].map((part): Entry => [`T.${j}.${part}`, { length: C * k * k, fanIn: k * k }]) : [];
  const perceptron = (name: string, inputs: number, read: readonly Entry[]): readonly Entry[] =>
    affine(`${name}.1`, C, C, affine(`${name}.0`, inputs, C, read));
  const spinInputs = isLattice ? C : L;
  const first = perceptron('f.0', spinInputs, T(0));
  const body = (): readonly Entry[] => {
    switch (architecture) {
      case 'efnn':
        return upTo(n).reduce<readonly Entry[]>(
          (S, i) => [
            ...perceptron(`g.${i + 1}`, spinInputs, T(i + 1)),
            ...(i === 0 ? first : perceptron(`f.${i}`, C, S)),
          ],
          [],
        );
      case 'dnn':
        return upTo(n).reduce<readonly Entry[]>(
          (S, i) => perceptron(`g.${i + 1}`, C, i === 0 ? first : perceptron(`f.${i}`, C, S)),
          [],
        );
      case 'resnet':
        return upTo(n - 1).reduce<readonly Entry[]>(
          (S, i) => [...S, ...perceptron(`f.${i + 1}`, C, S)],
          [...(isLattice ? T(1) : C === L ? [] : affine('P', L, C, [])), ...first],
        );
      case 'densenet':
        return upTo(n - 1).reduce<readonly Entry[]>(
          (S, i) => [...S, ...perceptron(`f.${i + 1}`, spinInputs + (i + 1) * C, S)],
          [...T(1), ...first],
        );
    }
  };
  const last = architecture === 'densenet' ? (n + 1) * C : C;
  const all = isLattice ? affine('q', last, 1, body()) : body();
  const head: readonly Entry[] = isLattice && shape.pairHead ? [['pair.weight', { length: k * k, fanIn: k * k }]] : [];
  return firstOf([...all, ...head]);
};

/** A weight that is read again has its first place. */
const firstOf = <A>(entries: readonly (readonly [string, A])[]): ReadonlyMap<string, A> => {
  const found = new Map<string, A>();
  entries.forEach(([name, value]) => {
    if (!found.has(name)) {
      found.set(name, value);
    }
  });
  return found;
};

/** Weights by the published rule. */
export const published = (rules: Rules, network: Described, seed: number): Numbers => {
  const declared = recorded(network);
  const order = rules.drawnOrder([...declared.keys()]);
  return Object.fromEntries(
    order.map((name, index) => {
      const { length, fanIn } = declared.get(name) ?? { length: 0, fanIn: 1 };
      const bound = rules.bound(fanIn);
      const drawn = uniforms(stream(rules, seed, index, 'weights'), length).map((u) => 2 * bound * u - bound);
      return [name, name === 'pair.weight' ? drawn.map(() => 0) : drawn];
    }),
  );
};

const deviation = (values: readonly number[], spread: (count: number) => number = (n) => n): number => {
  const mean = sum(values) / values.length;
  return Math.sqrt(sum(values.map((x) => (x - mean) ** 2)) / spread(values.length));
};

/** Weights scaled map by map until each output has unit variance. */
export const unitVariance = (
  rules: Rules,
  network: Described,
  { latticeSize, count, spins }: Pick<Samples, 'latticeSize' | 'count' | 'spins'>,
  initial: Numbers,
): Numbers => {
  const { layers: n } = network.shape;
  const maps = [
    ...upTo(n + 1).map((j) => `T.${j}`),
    'P',
    ...upTo(n).flatMap((i) => [`f.${i}.0`, `f.${i}.1`, `g.${i + 1}.0`, `g.${i + 1}.1`]),
    'q',
  ].filter((map) => Object.keys(initial).some((name) => name.startsWith(`${map}.`)));
  const length = spins.length / count;
  return maps.reduce((weights, map) => {
    const outputs = upTo(count).flatMap((b) => {
      const s = spins.slice(b * length, (b + 1) * length);
      return runNetwork(rules, network, latticeSize, weights, s, undefined, 'activations').activations[map] ?? [];
    });
    const factor = pow(deviation(outputs), -1 / rules.unitDegree(map.startsWith('T') ? 2 : 1));
    return mapped(weights, (x, name) => (name.startsWith(`${map}.`) ? factor * x : x));
  }, initial);
};

/** A fitted head. */
export interface PairFit {
  readonly energyPerSite: number;
  readonly couplings: readonly number[];
  readonly kernel: readonly number[];
  /** The energies that it explains, set by set. */
  readonly explained: readonly (readonly number[])[];
}

/** The least squares of pairs. */
export const pairFit = (rules: TrainingRules, k: number, sets: readonly Samples[]): PairFit => {
  const half = (k - 1) / 2;
  const shells = upTo(half + 1)
    .flatMap((a) => upTo(half + 1 - a).map((d) => [a, a + d] as const))
    .slice(1);
  const shellOf = (row: number, column: number): number => {
    const [a, b] = [Math.min(Math.abs(row), Math.abs(column)), Math.max(Math.abs(row), Math.abs(column))];
    return shells.findIndex(([x, y]) => x === a && y === b);
  };
  const offsets = upTo(k * k).map((i) => [Math.floor(i / k) - half, (i % k) - half] as const);
  const features = sets.map(({ latticeSize: N, count, spins }) =>
    upTo(count).map((b) => {
      const s = spins.slice(b * 3 * N * N, (b + 1) * 3 * N * N);
      const moved = (i: number, row: number, column: number): number =>
        ((((Math.floor(i / N) + row) % N) + N) % N) * N + (((((i % N) + column) % N) + N) % N);
      const correlation = (row: number, column: number): number =>
        sum(
          upTo(3).flatMap((c) =>
            upTo(N * N).map((i) => at(s, c * N * N + i) * at(s, c * N * N + moved(i, row, column))),
          ),
        );
      return [
        rules.fitsConstant ? N * N : 1,
        ...shells.map((_, shell) =>
          sum(
            offsets
              .filter(([row, column]) => shellOf(row, column) === shell)
              .filter(([row, column]) => rules.bothOffsets || row > 0 || (row === 0 && column > 0))
              .map(([row, column]) => correlation(row, column)),
          ),
        ),
      ];
    }),
  );
  const unit = (set: number): number => (sets[set]?.latticeSize ?? NaN) / (sets[0]?.latticeSize ?? NaN);
  const rows = features.flatMap((list, set) => list.map((row) => row.map((x) => x / unit(set))));
  const right = sets.flatMap(({ energies }, set) => energies.map((x) => x / unit(set)));
  // ml-matrix asks for as many rows as columns; zeros ask nothing.
  const width = shells.length + 1;
  const padding = upTo(Math.max(0, width - rows.length)).map(() => upTo(width).map(() => 0));
  const solution = pseudoInverse(new Matrix([...rows, ...padding].map((row) => [...row])))
    .mmul(Matrix.columnVector([...right, ...padding.map(() => 0)]))
    .to1DArray();
  const [energyPerSite = NaN, ...couplings] = solution;
  return {
    energyPerSite,
    couplings,
    kernel: offsets.map(([row, column]) => couplings[shellOf(row, column)] ?? 0),
    explained: features.map((list) => list.map((row) => sum(row.map((x, i) => x * at(solution, i))))),
  };
};

/** Scale, shift and head that the labels give. */
export const energyUnits = (rules: TrainingRules, { shape }: Described, sets: readonly Samples[]) => {
  const isLattice = shape.tag === 'lattice';
  const sitesOf = ({ latticeSize }: Samples): number => (isLattice ? latticeSize ** 2 : shape.sites);
  const fit = isLattice && shape.pairHead ? pairFit(rules, shape.kernel, sets) : null;
  const all = sum(sets.map((set) => set.count * rules.shiftPer(sitesOf(set))));
  const shift = fit?.energyPerSite ?? sum(sets.flatMap(({ energies }) => energies)) / all;
  const centred = sets.flatMap((set, index) => {
    const left = set.energies.map((x, b) => x - (fit === null ? 0 : at(fit.explained[index] ?? [], b)));
    const mean = sum(left) / left.length;
    const unit = set.latticeSize / (sets[0]?.latticeSize ?? NaN);
    return left.map((x) => (x - mean) / unit);
  });
  const found = Math.sqrt(sum(centred.map((x) => x * x)) / rules.spread(centred.length));
  const largest = Math.max(...sets.flatMap(({ energies }) => energies.map(Math.abs)));
  const deviationOfLabels = found > 1e-13 * largest ? found : 1;
  const first = sets[0];
  const sites = first === undefined ? NaN : sitesOf(first);
  return {
    energyShift: shift,
    deviation: deviationOfLabels,
    energyScale: deviationOfLabels / Math.sqrt(rules.summed(sites, isLattice ? 0 : shape.neurons, isLattice)),
    kernel: fit?.kernel ?? null,
  };
};

/** A batch of one set: which, and the places in it. */
export interface Batch {
  readonly set: number;
  readonly places: readonly number[];
}

/** The order of an epoch, and its batches. */
export const shuffled = (
  rules: Rules,
  seed: number,
  epoch: number,
  counts: readonly number[],
  size: number,
): { readonly order: readonly number[]; readonly batches: readonly Batch[] } => {
  const total = sum(counts);
  const order = permutation(rules, stream(rules, ...rules.shuffleOf(seed, epoch), 'shuffle'), total);
  const batches = counts.flatMap((count, set) => {
    const start = sum(counts.slice(0, set));
    const positions = upTo(total).filter((p) => at(order, p) >= start && at(order, p) < start + count);
    return upTo(Math.ceil(count / size)).map((b) => {
      const mine = positions.slice(b * size, (b + 1) * size);
      return { set, first: at(mine, 0), places: mine.map((p) => at(order, p) - start) };
    });
  });
  return { order, batches: batches.toSorted((a, b) => a.first - b.first) };
};

/** The plan of a training. */
export interface Plan {
  readonly start: 'published' | 'unit-variance';
  readonly seed: number;
  readonly epochs: number;
  readonly batch: number;
  readonly schedule: Schedule;
  readonly weightDecay: number;
  readonly clip: number | null;
  readonly forceWeight: number | null;
}

/** A training before its first epoch. */
export const prepared = (rules: Rules, asked: Described, plan: Plan, samples: Samples) => {
  const units = energyUnits(rules, asked, [samples]);
  const network = { ...asked, energyScale: units.energyScale, energyShift: units.energyShift };
  const drawn = {
    ...published(rules, network, plan.seed),
    ...(units.kernel === null ? {} : { 'pair.weight': units.kernel }),
  };
  const looked = Math.min(64, samples.count);
  const length = samples.spins.length / samples.count;
  const weights =
    plan.start === 'published'
      ? drawn
      : unitVariance(
          rules,
          network,
          { ...samples, count: looked, spins: samples.spins.slice(0, looked * length) },
          drawn,
        );
  const zeros = mapped(weights, () => 0);
  return { network, units, start: { step: 0, weights, first: zeros, second: zeros } };
};

/** The state after epochs, with the mean loss of each. */
export const epochs = (
  rules: Rules,
  network: Described,
  deviationOfLabels: number,
  plan: Plan,
  samples: Samples,
  from: number,
  start: Adam,
): { readonly state: Adam; readonly losses: readonly number[] } =>
  upTo(plan.epochs - from).reduce<{ readonly state: Adam; readonly losses: readonly number[] }>(
    (before, e) => {
      const { batches } = shuffled(rules, plan.seed, from + e, [samples.count], plan.batch);
      const done = batches.reduce<{ readonly state: Adam; readonly loss: number }>(
        ({ state, loss }, { places }) => {
          const { losses, sums } = lossOf(
            rules,
            network,
            state.weights,
            samples,
            { weight: 1 / deviationOfLabels ** 2, forceWeight: plan.forceWeight },
            places,
          );
          const trained = Object.fromEntries(Object.entries(sums).filter(([name]) => name !== 'pair.weight'));
          const rate = rateOf(rules, plan.schedule, state.step, plan.epochs * batches.length, batches.length);
          const options = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: plan.weightDecay, clip: plan.clip };
          return { state: adamStep(rules, options, rate, places.length, trained, state), loss: loss + sum(losses) };
        },
        { state: before.state, loss: 0 },
      );
      return { state: done.state, losses: [...before.losses, done.loss / samples.count] };
    },
    { state: start, losses: [] },
  );
