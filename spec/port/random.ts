/** Random streams and spins, in integers of any length, with the rules that ports get wrong. */

/** The rules that ports get wrong. */
export interface RandomRules {
  /** How often the key grows, and the order of its words in the rounds. */
  readonly philoxRounds: number;
  /** The counter of a stream. */
  readonly counter: (index: bigint, purpose: number) => readonly [bigint, bigint, bigint, bigint];
  /** Which normal of a pair comes first. */
  readonly firstNormal: 'second' | 'first';
  /** Whether azimuths of the published sampler come from a generator that is seeded again. */
  readonly seededAgain: boolean;
  /** The seed of the published sampler. */
  readonly publishedSeed: (seed: number, index: number) => number;
  /** The direction of a shuffle. */
  readonly shuffled: 'from the end' | 'from the start';
}

/** What the rules are. */
export const randomRules: RandomRules = {
  philoxRounds: 10,
  counter: (index, purpose) => [index & word, index >> 32n, BigInt(purpose), 0n],
  firstNormal: 'second',
  seededAgain: true,
  publishedSeed: (seed, index) => seed + index,
  shuffled: 'from the end',
};

const word = 0xffffffffn;

const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);

/** Philox4x32. */
export const philox = (
  rules: RandomRules,
  [k0, k1]: readonly [bigint, bigint],
  counter: readonly [bigint, bigint, bigint, bigint],
): readonly [bigint, bigint, bigint, bigint] =>
  upTo(rules.philoxRounds).reduce<readonly [bigint, bigint, bigint, bigint]>(([c0, c1, c2, c3], round) => {
    const r = BigInt(round);
    const [a, b] = [0xd2511f53n * c0, 0xcd9e8d57n * c2];
    return [
      (b >> 32n) ^ c1 ^ ((k0 + r * 0x9e3779b9n) & word),
      b & word,
      (a >> 32n) ^ c3 ^ ((k1 + r * 0xbb67ae85n) & word),
      a & word,
    ];
  }, counter);

/** A source of 32-bit words. */
export type Words = () => number;

const purposes = { samples: 0, couplings: 1, weights: 2, shuffle: 3 } as const;

/** What a stream is for. */
export type Purpose = keyof typeof purposes;

const twos = (n: number): bigint => BigInt.asUintN(64, BigInt(n));

/** xoroshiro128+ with shifts 24, 16, 37; each 64-bit sum gives its low word, the state moves on after it. */
export const stream = (rules: RandomRules, seed: number, index: number, purpose: Purpose): Words => {
  const [w0, w1, w2, w3] = philox(
    rules,
    [twos(seed) & word, twos(seed) >> 32n],
    rules.counter(twos(index), purposes[purpose]),
  );
  const state = [w1 | (w0 << 32n), w3 | (w2 << 32n)];
  const rotated = (x: bigint, k: bigint): bigint => BigInt.asUintN(64, (x << k) | (x >> (64n - k)));
  return () => {
    const [s0 = 0n, s1 = 0n] = state;
    const sum = BigInt.asUintN(64, s0 + s1);
    const mixed = s0 ^ s1;
    state[0] = rotated(s0, 24n) ^ mixed ^ BigInt.asUintN(64, mixed << 16n);
    state[1] = rotated(mixed, 37n);
    return Number(sum & word);
  };
};

/** MT19937 seeded by init_genrand, numpy's RandomState. */
export const mersenne = (seed: number): Words => {
  const state = new Uint32Array(624);
  state[0] = seed;
  upTo(623).forEach((i) => {
    const before = state[i] ?? 0;
    state[i + 1] = Math.imul(1812433253, before ^ (before >>> 30)) + i + 1;
  });
  const place = [624];
  const twist = (): void => {
    upTo(624).forEach((i) => {
      const y = ((state[i] ?? 0) & 0x80000000) | ((state[(i + 1) % 624] ?? 0) & 0x7fffffff);
      state[i] = (state[(i + 397) % 624] ?? 0) ^ (y >>> 1) ^ (y % 2 === 0 ? 0 : 0x9908b0df);
    });
    place[0] = 0;
  };
  return () => {
    if (place[0] === 624) {
      twist();
    }
    const y0 = state[place[0] ?? 0] ?? 0;
    place[0] = (place[0] ?? 0) + 1;
    const y1 = y0 ^ (y0 >>> 11);
    const y2 = y1 ^ ((y1 << 7) & 0x9d2c5680);
    const y3 = y2 ^ ((y2 << 15) & 0xefc60000);
    return (y3 ^ (y3 >>> 18)) >>> 0;
  };
};

/** A number in [0, 1). */
export const uniform = (next: Words): number => {
  const a = next() >>> 5;
  const b = next() >>> 6;
  return (a * 67108864 + b) / 9007199254740992;
};

/** So many of them. */
export const uniforms = (next: Words, count: number): readonly number[] => upTo(count).map(() => uniform(next));

/** An integer of 0, .., most. */
export const integer = (next: Words, most: number): number => {
  if (most === 0) {
    return 0;
  }
  const mask = 0xffffffff >>> Math.clz32(most);
  const drawn = (next() & mask) >>> 0;
  return drawn <= most ? drawn : integer(next, most);
};

/** So many integers below a bound. */
export const integers = (next: Words, bound: number, count: number): readonly number[] =>
  upTo(count).map(() => integer(next, bound - 1));

const inDisc = (next: Words): readonly [number, number, number] => {
  const x = 2 * uniform(next) - 1;
  const y = 2 * uniform(next) - 1;
  const q = x * x + y * y;
  return q < 1 && q > 0 ? [x, y, q] : inDisc(next);
};

/** Standard normals; the one that is left over is kept for the next call. */
export const normalsFrom = (rules: RandomRules, next: Words): ((count: number) => readonly number[]) => {
  const spare: number[] = [];
  return (count) =>
    upTo(count).map(() => {
      const kept = spare.pop();
      if (kept !== undefined) {
        return kept;
      }
      const [x, y, q] = inDisc(next);
      const f = Math.sqrt((-2 * Math.log(q)) / q);
      const [now, later] = rules.firstNormal === 'second' ? [f * y, f * x] : [f * x, f * y];
      spare.push(later);
      return now;
    });
};

/** A permutation of 0, .., n - 1. */
export const permutation = (rules: RandomRules, next: Words, n: number): readonly number[] => {
  const order = [...upTo(n)];
  const exchange = (i: number, j: number): void => {
    const [a = 0, b = 0] = [order[i], order[j]];
    order[i] = b;
    order[j] = a;
  };
  upTo(n - 1).forEach((step) => {
    if (rules.shuffled === 'from the end') {
      const i = n - 1 - step;
      exchange(i, integer(next, i));
    } else {
      exchange(step, step + integer(next, n - 1 - step));
    }
  });
  return order;
};

/** Points of the unit sphere, [3, count]. */
export const sphere = (next: Words, count: number): readonly number[] => {
  const points = upTo(count).map(() => {
    const [x, y, q] = inDisc(next);
    const f = 2 * Math.sqrt(1 - q);
    return [f * x, f * y, 1 - 2 * q] as const;
  });
  return [0, 1, 2].flatMap((k) => points.map((point) => point[k] ?? NaN));
};

const vectors = (theta: readonly number[], phi: readonly number[]): readonly number[] => [
  ...theta.map((t, i) => Math.sin(t) * Math.cos(phi[i] ?? NaN)),
  ...theta.map((t, i) => Math.sin(t) * Math.sin(phi[i] ?? NaN)),
  ...theta.map((t) => Math.cos(t)),
];

/** Spins of the lattice, [3, N, N]. */
export const latticeSpins = (
  rules: RandomRules,
  sampler: 'sphere' | 'angles' | 'published',
  N: number,
  seed: number,
  index: number,
): readonly number[] => {
  const sites = N * N;
  const angles = (first: Words, second: Words): readonly number[] => {
    const theta = uniforms(first, sites).map((u) => Math.PI * u);
    return vectors(
      theta,
      uniforms(second, sites).map((u) => 2 * Math.PI * u),
    );
  };
  const fresh = stream(rules, seed, index, 'samples');
  switch (sampler) {
    case 'sphere':
      return sphere(fresh, sites);
    case 'angles':
      return angles(fresh, fresh);
    case 'published': {
      const legacy = rules.publishedSeed(seed, index);
      const first = mersenne(legacy);
      return angles(first, rules.seededAgain ? mersenne(legacy) : first);
    }
  }
};

/** Couplings and the spins of one index, of the three-spin systems. */
export const chainSpins = (
  rules: RandomRules,
  system: 'three-spin-binary' | 'three-spin-continuous',
  sampler: 'uniform' | 'published',
  L: number,
  seed: number,
  index: number,
): { readonly couplings: readonly number[]; readonly spins: readonly number[] } => {
  const count = (L * (L - 1) * (L - 2)) / 6;
  const draw = (next: Words, n: number): readonly number[] =>
    system === 'three-spin-binary' ? integers(next, 2, n) : uniforms(next, n).map((u) => 2 * u - 1);
  const couplingsOf = (next: Words): readonly number[] => normalsFrom(rules, next)(count).map((z) => 1 + 2 * z);
  if (sampler === 'uniform') {
    return {
      couplings: couplingsOf(stream(rules, seed, 0, 'couplings')).slice(0, 5),
      spins: draw(stream(rules, seed, index, 'samples'), L),
    };
  }
  const next = mersenne(seed);
  const samples = 20_000;
  if (system === 'three-spin-continuous') {
    const couplings = couplingsOf(next);
    return { couplings: couplings.slice(0, 5), spins: draw(next, (index + 1) * L).slice(index * L) };
  }
  const order = permutation(rules, next, count);
  const spins = draw(next, samples * L);
  const drawn = couplingsOf(next);
  return {
    couplings: upTo(5).map((triple) => drawn[order.indexOf(triple)] ?? NaN),
    spins: spins.slice(index * L, (index + 1) * L),
  };
};
