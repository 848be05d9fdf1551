/** Bugs that porters make, each as the rules that it replaces in a right port. */
import { onRing } from './lattice.ts';
import { withoutGradient, type Described, type Layers, type Numbers } from './network.ts';
import type { Port } from './port.ts';
import { projected } from './projected.ts';
import { added, leaf, multiplied, type Value } from './tape.ts';

/** What a bug is about, and which rules it replaces. */
export interface Bug {
  readonly kind: 'lattice' | 'network' | 'physics' | 'draws' | 'training' | 'files';
  readonly wrong: (right: Port) => Partial<Port>;
}

const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);

/** A tap that reads at an offset by a rule for each coordinate; null reads nothing. */
const reading =
  (place: (at: number, N: number) => number | null): Port['siteRead'] =>
  (N, k, row, column, i, j) => {
    const half = (k - 1) / 2;
    const [r, c] = [place(row + i - half, N), place(column + j - half, N)];
    return r === null || c === null ? null : r * N + c;
  };

const inside = (at: number, N: number): boolean => at >= 0 && at < N;

const clamp = (at: number, N: number): number => Math.min(N - 1, Math.max(0, at));

/** -1 -> 1, N -> N - 2, and on. */
const reflected = (at: number, N: number): number => {
  const period = Math.max(1, 2 * (N - 1));
  const n = onRing(at, period);
  return n < N ? n : period - n;
};

const lattice: Readonly<Record<string, (right: Port) => Partial<Port>>> = {
  'convolution instead of cross-correlation': ({ siteRead }) => ({
    siteRead: (N, k, row, column, i, j) => siteRead(N, k, row, column, k - 1 - i, k - 1 - j),
  }),
  'rows and columns transposed': ({ siteRead }) => ({
    siteRead: (N, k, row, column, i, j) => siteRead(N, k, row, column, j, i),
  }),
  'kernel not centred (starts at the site)': () => ({
    siteRead: (N, _, row, column, i, j) => onRing(row + i, N) * N + onRing(column + j, N),
  }),
  'kernel larger than the lattice: taps beyond it dropped': ({ siteRead }) => ({
    siteRead: (N, k, row, column, i, j) => {
      const half = (k - 1) / 2;
      const isBeyond = Math.max(Math.abs(i - half), Math.abs(j - half)) > Math.floor(N / 2);
      return isBeyond ? null : siteRead(N, k, row, column, i, j);
    },
  }),
  'zero padding instead of periodic': () => ({ siteRead: reading((at, N) => (inside(at, N) ? at : null)) }),
  'replicated edge instead of periodic': () => ({ siteRead: reading(clamp) }),
  'reflected edge instead of periodic': () => ({ siteRead: reading(reflected) }),
  'even N: wraps with period N - 1 on the right': () => ({
    siteRead: reading((at, N) => onRing(N % 2 === 0 && at >= N ? at - (N - 1) : at, N)),
  }),
  'odd N: wraps one site off on the left': () => ({
    siteRead: reading((at, N) => onRing(N % 2 === 1 && at < 0 ? at - 1 : at, N)),
  }),
  'wraps once only (wrong where k // 2 > N)': () => ({
    siteRead: reading((at, N) => {
      const once = at < 0 ? at + N : at >= N ? at - N : at;
      return inside(once, N) ? once : null;
    }),
  }),
  'kernels read as [in, out, k, k]': () => ({ kernelPlace: (o, i, outputs) => i * outputs + o }),
};

/** The weights with the names of some exchanged, where both have as many numbers. */
const exchanged =
  (partner: (name: string) => string) =>
  (weights: Numbers): Numbers =>
    Object.fromEntries(
      Object.entries(weights).map(([name, values]) => {
        const other = weights[partner(name)];
        return [name, other?.length === values.length ? other : values];
      }),
    );

const otherPart = (name: string): string =>
  name.replace(/^(f\.\d+)\.([01])/, (_, map: string, part: string) => `${map}.${part === '0' ? 1 : 0}`);

const otherMap = (name: string): string =>
  name.replace(/^([fg])\.(\d+)/, (_, map: string, layer: string) =>
    map === 'f' ? `g.${Number(layer) + 1}` : `f.${Number(layer) - 1}`,
  );

/** Not EFNNs alone: how a rule is kept for one of the architectures. */
const unlessEfnn = ({ architecture }: Pick<Described, 'architecture'>): boolean => architecture !== 'efnn';

const doubledHead = ({ tape, scaled }: Layers, head: Value, factor: number): Value =>
  added(tape, scaled(factor)(head), leaf(tape, [0]));

/** s . s at every site times the kernel's centre. */
const selfPairs = ({ tape, contracted, total, scaled }: Layers, s0: Value, centre: Value): Value => {
  const k2 = centre.x.length;
  const middle = centre.x[(k2 - 1) / 2] ?? NaN;
  return added(tape, scaled(-middle)(total(contracted(s0, s0))), leaf(tape, [0]));
};

const interleaved = (values: readonly number[]): readonly number[] => {
  const sites = values.length / 3;
  return upTo(values.length).map((n) => values[(n % 3) * sites + Math.floor(n / 3)] ?? NaN);
};

const asInterleaved = (values: readonly number[]): readonly number[] => {
  const sites = values.length / 3;
  return upTo(values.length).map((n) => values[3 * (n % sites) + Math.floor(n / sites)] ?? NaN);
};

const network: Readonly<Record<string, (right: Port) => Partial<Port>>> = {
  'tanh after the second map': () => ({
    perceptron:
      ({ tanh }, before, after) =>
      (x) =>
        tanh(after(before(x))),
  }),
  'tanh before the first map': () => ({
    perceptron:
      ({ tanh }, before, after) =>
      (x) =>
        after(before(tanh(x))),
  }),
  'tanh after both maps': () => ({
    perceptron:
      ({ tanh }, before, after) =>
      (x) =>
        tanh(after(tanh(before(x)))),
  }),
  'no tanh': () => ({ perceptron: (_, before, after) => (x) => after(before(x)) }),
  "tanh' = 1 - x^2 in the backward pass": () => ({ slopeFrom: 'argument' }),
  'f.j.0 and f.j.1 exchanged': () => ({ readWeights: exchanged(otherPart) }),
  'T with a bias': () => ({
    symmetrized: ({ contracted, tape }, a, b, s0) => {
      const biased = (x: Value): Value =>
        added(
          tape,
          x,
          leaf(
            tape,
            x.x.map(() => 0.25),
          ),
        );
      return contracted(biased(a(s0)), biased(b(s0)));
    },
  }),
  'T squares one convolution (b unused)': () => ({
    symmetrized: ({ contracted }, a, _, s0) => contracted(a(s0), a(s0)),
  }),
  'T multiplies sums over x, y, z': () => ({
    symmetrized: ({ contracted, tape }, a, b, s0) => {
      // (sum_k u_k)(sum_k v_k): contractions with the field of ones.
      const summed = (x: Value): Value =>
        contracted(
          x,
          leaf(
            tape,
            x.x.map(() => 1),
          ),
        );
      return multiplied(tape, summed(a(s0)), summed(b(s0)));
    },
  }),
  'every layer uses T_0': () => ({ symmetrization: () => 0 }),
  'T is the mean over x, y, z': () => ({
    symmetrized: ({ contracted, scaled }, a, b, s0) => scaled(1 / 3)(contracted(a(s0), b(s0))),
  }),
  'dT/dS_0 of one factor only': () => ({
    symmetrized: (layers, a, b, s0) => layers.contracted(a(s0), b(withoutGradient(layers, s0))),
  }),
  'EFNN: S_i = g_i + F_i': () => ({ quasiParticle: ({ tape }, g, F) => added(tape, g, F) }),
  'EFNN: g_1 in every layer': () => ({ spinMap: () => 1 }),
  'EFNN: forces through f alone, S_0 into g detached': () => ({ bareSpins: withoutGradient }),
  'energy per site': () => ({
    energy: ({ tape, scaled }, { output, scale, shift, sites, head }) => {
      const own = added(tape, scaled(scale)(output), leaf(tape, [shift * sites]));
      return scaled(1 / sites)(head === null ? own : added(tape, own, head));
    },
  }),
  'q without its bias': () => ({ readoutBias: ({ total }, convolved) => total(convolved) }),
  'bias of q added once, not on every site': () => ({
    readoutBias: ({ tape, total }, convolved, bias) => added(tape, total(convolved), bias),
  }),
  'energyShift added once': ({ energy }) => ({
    energy: (layers, parts) => energy(layers, { ...parts, sites: 1 }),
  }),
  'energyShift left out': ({ energy }) => ({ energy: (layers, parts) => energy(layers, { ...parts, shift: 0 }) }),
  'energyShift scaled too': ({ energy }) => ({
    energy: (layers, parts) => energy(layers, { ...parts, shift: parts.scale * parts.shift }),
  }),
  'energyScale missing in dE/dw': () => ({
    weightGradient: (gradient, name, { energyScale }) =>
      name === 'pair.weight' ? gradient : gradient.map((x) => x / energyScale),
  }),
  'pair head halved (each pair once)': ({ pairHead }) => ({
    pairHead: (layers, s0, convolved, kernel) => doubledHead(layers, pairHead(layers, s0, convolved, kernel), 0.5),
  }),
  'pair head inside energyScale': () => ({
    energy: ({ tape, scaled }, { output, scale, shift, sites, head }) =>
      added(tape, scaled(scale)(head === null ? output : added(tape, output, head)), leaf(tape, [shift * sites])),
  }),
  'pair head without the self pair': ({ pairHead }) => ({
    pairHead: (layers, s0, convolved, kernel) =>
      added(layers.tape, pairHead(layers, s0, convolved, kernel), selfPairs(layers, s0, kernel)),
  }),
  'pair head: dE/ds = 2 K s (kernel taken as symmetric)': () => ({
    // s . K s with s fixed in the first place has the derivative K^T .. of half: twice that of one factor.
    pairHead: (layers, s0, convolved) => {
      const fixed = withoutGradient(layers, convolved);
      const own = layers.total(layers.contracted(s0, fixed));
      const again = layers.total(layers.contracted(s0, fixed));
      const value = withoutGradient(layers, own);
      return added(layers.tape, added(layers.tape, own, again), layers.scaled(-1)(value));
    },
  }),
  'pair head forgotten for DNN, ResNet and DenseNet': ({ energy }) => ({
    energy: (layers, parts) => energy(layers, unlessEfnn(layers) ? { ...parts, head: null } : parts),
  }),
  'energyScale ignored by DNN, ResNet and DenseNet': ({ energy }) => ({
    energy: (layers, parts) => energy(layers, unlessEfnn(layers) ? { ...parts, scale: 1 } : parts),
  }),
  'lattice, layers beyond the second: reads T_2': () => ({ symmetrization: (j) => Math.min(j, 2) }),
  'forces of dense DNNs are 0': () => ({
    forces: (gradient, _, { architecture, shape }) =>
      architecture === 'dnn' && shape.tag === 'dense' ? gradient.map(() => 0) : gradient,
  }),
  'forces are -dE/ds': () => ({ forces: (gradient) => gradient.map((x) => -x) }),
  'forces projected onto the tangent plane': () => ({
    forces: (gradient, spins, { shape }) => (shape.tag === 'lattice' ? projected(gradient, spins) : gradient),
  }),
  'forces returned as [N, N, 3]': () => ({
    forces: (gradient, _, { shape }) => (shape.tag === 'lattice' ? interleaved(gradient) : gradient),
  }),
  'spins read as [N, N, 3]': () => ({
    readSpins: (spins, N) => (spins.length === 3 * N * N && N > 1 ? asInterleaved(spins) : spins),
  }),
  'weights by sorted name order, g before f (names ignored)': () => ({ readWeights: exchanged(otherMap) }),
  'float32 throughout': () => ({ store: Math.fround }),
  'DenseNet: newest first in the concatenation': () => ({
    concatenation: (spins, fields) => [spins, ...fields.toReversed()],
  }),
  'DenseNet: S_0 last in the concatenation': () => ({ concatenation: (spins, fields) => [...fields, spins] }),
  'DenseNet: newest first, S_0 last': () => ({
    concatenation: (spins, fields) => [...fields.toReversed(), spins],
  }),
  'DenseNet: T_0 for T_1': () => ({
    symmetrization: (j, architecture, use) => (architecture === 'densenet' && use === 'skip' ? 0 : j),
  }),
  'DenseNet on chains: q sums F_n alone': () => ({
    readout: ({ architecture, tag }, last, newest) => (architecture === 'densenet' && tag === 'dense' ? newest : last),
  }),
  'ResNet: skip of the first layer from T_0': () => ({
    symmetrization: (j, architecture, use) => (architecture === 'resnet' && use === 'skip' ? 0 : j),
  }),
  'ResNet: first layer without skip': () => ({ firstResidual: (_, __, f) => f }),
};

const conjugated: (right: Port) => Pick<Port, 'exchange'> = ({ exchange }) => ({
  exchange: (J, x, y, z) => exchange(J, x, -y, z),
});

const oppositeTwist: Pick<Port, 'twisted'> = { twisted: ({ x, y }) => ({ right: -x, down: -y }) };

const oppositeCoupling: (right: Port) => Pick<Port, 'exchange' | 'forceFactor'> = ({ exchange, forceFactor }) => ({
  exchange: (J, x, y, z) => exchange(-J, x, y, z),
  forceFactor: (J) => forceFactor(-J),
});

const physics: Readonly<Record<string, (right: Port) => Partial<Port>>> = {
  'no chemical potential': () => ({ potential: () => 0 }),
  '+ mu n': () => ({ potential: (mu) => mu }),
  'sign of J': oppositeCoupling,
  'J instead of J/2': ({ exchange, forceFactor }) => ({
    exchange: (J, x, y, z) => exchange(2 * J, x, y, z),
    forceFactor: (J) => forceFactor(2 * J),
  }),
  'sign of t': () => ({ hopping: (t) => t }),
  'conjugate of sigma_y': conjugated,
  'sigma_y without i (real)': () => ({
    exchange: (J, x, y, z) => [
      [(-J / 2) * z, 0],
      [(-J / 2) * (x + y), 0],
      [(-J / 2) * (x + y), 0],
      [(J / 2) * z, 0],
    ],
  }),
  'hopping doubled (h.c. twice)': () => ({ bondWeight: 2 }),
  'open boundaries': ({ bonds }) => ({
    periodic: false,
    bonds: (N) => bonds(N).filter(([i, j]) => j > i),
  }),
  'twist ignored': () => ({ twisted: () => ({ right: 0, down: 0 }) }),
  'twist conjugated': () => oppositeTwist,
  'twist conjugated, and the sign of J': (right) => ({ ...oppositeTwist, ...oppositeCoupling(right) }),
  'twist conjugated, and sigma_y too': (right) => ({ ...oppositeTwist, ...conjugated(right) }),
  'twists of x and y exchanged': () => ({ twisted: ({ x, y }) => ({ right: y, down: x }) }),
  'log(1 + exp(-E/T)) as it is written': () => ({ levelEnergy: (T, x) => -T * Math.log(1 + Math.exp(-x / T)) }),
  'E_MC: sum of f E instead of the free energy': ({ occupation }) => ({ levelEnergy: (T, x) => occupation(T, x) * x }),
  'E_MC per site': () => ({ electronEnergy: (sum, sites) => sum / sites }),
  'E_MC without -T': ({ levelEnergy }) => ({ levelEnergy: (T, x) => levelEnergy(T, x) / -T }),
  'dE_MC/ds weighted by 1 - f': ({ forceWeight }) => ({ forceWeight: (T, x) => 1 - forceWeight(T, x) }),
  'dE_MC/ds: sign': ({ forceFactor }) => ({ forceFactor: (J) => -forceFactor(J) }),
  'dE_MC/ds projected onto the tangent plane': () => ({
    electronForces: (forces, { spins }) => projected(forces, spins),
  }),
  'dE_MC/ds by differences, step 1e-4': () => ({
    electronForces: (forces, { spins, latticeSize }, energyOf) =>
      latticeSize > 3
        ? forces
        : spins.map((_, n) => {
            const moved = (by: number): number => energyOf(spins.map((s, m) => (m === n ? s + by : s)));
            return (moved(1e-4) - moved(0)) / 1e-4;
          }),
  }),
  'levels of the real part of H': () => ({ isComplex: false }),
  'Ising: each bond twice': ({ bonds }) => ({ bonds: (N) => [...bonds(N), ...bonds(N)] }),
  'three spins: sign': () => ({ threeSpinSign: 1 }),
  'three spins: couplings in colexicographic order': ({ triples }) => ({
    triples: (L) => triples(L).toSorted((a, b) => a[2] - b[2] || a[1] - b[1] || a[0] - b[0]),
  }),
  'Eq. (3): no self pairs': ({ pairs }) => ({
    pairs: (m) => pairs(m).map((pair) => (pair !== null && pair[0] === pair[1] ? null : pair)),
  }),
  'Eq. (3): no squares of pairs': ({ squares }) => ({
    squares: (n) => squares(n).map((pair) => (pair !== null && pair[0] === pair[1] ? null : pair)),
  }),
  'error measures: standard deviation with n - 1': () => ({ freedom: (count) => count - 1 }),
};

const draws: Readonly<Record<string, (right: Port) => Partial<Port>>> = {
  'published: phi drawn on (not seeded again)': () => ({ seededAgain: false }),
  'published: index ignored': () => ({ publishedSeed: (seed) => seed }),
  'streams: purpose in the last word of the counter': ({ counter }) => ({
    counter: (index, purpose) => {
      const [low, high, third, last] = counter(index, purpose);
      return [low, high, last, third];
    },
  }),
  'streams: index below 2^32 alone': ({ counter }) => ({
    counter: (index, purpose) => counter(index & 0xffffffffn, purpose),
  }),
  'Philox with seven rounds': () => ({ philoxRounds: 7 }),
  'normals: the first of a pair first': () => ({ firstNormal: 'first' }),
  'permutations from the first place up': () => ({ shuffled: 'from the start' }),
};

const training: Readonly<Record<string, (right: Port) => Partial<Port>>> = {
  'Adam without bias correction': () => ({ biasCorrection: false }),
  'weight decay decoupled (AdamW)': () => ({ decay: 'of the weights' }),
  'weight decay left out': () => ({ decay: 'none' }),
  'epsilon inside the root': () => ({ epsilon: 'inside' }),
  'learning rate schedule off by one': () => ({ laterStep: 1 }),
  "one cycle rises for 0.3 of the steps (PyTorch's default)": () => ({ rising: 0.3 }),
  'initial weights: bound of another gain (Xavier, sqrt(3))': () => ({ bound: (fanIn) => Math.sqrt(3 / fanIn) }),
  'initial weights: drawn in sorted order of their names': () => ({ drawnOrder: (order) => order.toSorted() }),
  'unit variance: T_j scaled as if of degree 1': () => ({ unitDegree: () => 1 }),
  'loss: sum for mean': () => ({ perSample: () => 1 }),
  'loss with forces: not projected': () => ({ projectedForces: false }),
  'loss with forces: mean over components': () => ({ perComponent: (components) => components }),
  'energyShift not divided by the sites': () => ({ shiftPer: () => 1 }),
  'energyScale: the deviation itself': () => ({ summed: () => 1 }),
  'energyScale: deviation with n - 1': () => ({ spread: (count) => count - 1 }),
  'pair fit: each pair of offsets once': () => ({ bothOffsets: false }),
  'pair fit: a constant a sample, not a site': () => ({ fitsConstant: false }),
  'shuffles: the same in every epoch': () => ({ shuffleOf: (seed) => [seed, 0] }),
  'shuffles: seed + epoch': () => ({ shuffleOf: (seed, epoch) => [seed + epoch, 0] }),
  'resumed without moments': () => ({ resumedMoments: false }),
  'resumed with steps counted anew': () => ({ resumedStep: () => 0 }),
};

const files: Readonly<Record<string, (right: Port) => Partial<Port>>> = {
  '.safetensors: data from the start of the header': () => ({ dataStart: (length) => length }),
  '.safetensors: tensors in the order of names, offsets ignored': () => ({ byOffsets: false }),
  'float32 and float64 read alike, as eight bytes': () => ({ widthOf: () => 8 }),
  'float32 and float64 read alike, as four bytes': () => ({ widthOf: () => 4 }),
  'numbers read with the high byte first': () => ({ littleEndian: false }),
  '.safetensors: scale and shift of the metadata ignored': () => ({ readsMetadata: false }),
  '.npz: spins read as [B, N, N, 3]': () => ({
    dataArray: (name, values, shape) =>
      name === 'spins' && shape.length === 4
        ? upTo(shape[0] ?? 0).flatMap((b) => {
            const size = values.length / (shape[0] ?? 1);
            return asInterleaved(values.slice(b * size, (b + 1) * size));
          })
        : values,
  }),
  '.npz: forces taken as -dE/ds': () => ({
    dataArray: (name, values) => (name === 'forces' ? values.map((x) => -x) : values),
  }),
  '.npz: energies taken per site': () => ({
    dataArray: (name, values) => (name === 'energies' ? values.map((x) => x / 9) : values),
  }),
};

const ofKind = (
  kind: Bug['kind'],
  table: Readonly<Record<string, Bug['wrong']>>,
): readonly (readonly [string, Bug])[] => Object.entries(table).map(([name, wrong]) => [name, { kind, wrong }]);

/** The bugs by name. */
export const bugs: Readonly<Record<string, Bug>> = Object.fromEntries([
  ...ofKind('lattice', lattice),
  ...ofKind('network', network),
  ...ofKind('physics', physics),
  ...ofKind('draws', draws),
  ...ofKind('training', training),
  ...ofKind('files', files),
]);
