/**
 * Discrete Fourier transforms of a line as networks: X(k) = sum over n of x(n) exp(2 pi i k n / N), for any N.
 *
 * Coprime factors of N separate without a product (Good-Thomas), powers of a prime p by p of them with factors of modulus 1
 * in between (Cooley-Tukey), and a prime transform is two matrices of half its size, of cosines and of sines. Real lines are
 * complex ones without imaginary parts: what vanishes is left out, and what is conjugate to another is alike but for its sign,
 * so nothing is computed twice. A prime N takes about N^2 / 2 operations.
 */
import { cos, sin } from '../../number/elementary/trigonometric.kernel.ts';
import { memoize } from '../../number/memoize.ts';
import {
  negative,
  networkWriter,
  transposed,
  type LinearNetwork,
  type NetworkWriter,
  type Sum,
} from './linear-network.ts';

/** Real and imaginary part. */
type Complex = readonly [re: Sum, im: Sum];

type Transform = (x: readonly Complex[]) => readonly Complex[];

const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);

/** The angle of exp(2 pi i turns / N), turns reduced modulo N so that equal factors are equal numbers. */
const angle = (turns: number, N: number): number => (2 * Math.PI * (turns % N)) / N;

const smallestFactor = (N: number): number => upTo(N + 1).find((p) => p > 1 && N % p === 0) ?? N;

/** The largest power of p that divides N. */
const powerIn = (N: number, p: number): number => (N % p === 0 ? p * powerIn(N / p, p) : 1);

const transformWith = ({ add, combination }: NetworkWriter): Transform => {
  const plus = (a: Complex, b: Complex): Complex => [add(a[0], b[0]), add(a[1], b[1])];
  const minus = (a: Complex, b: Complex): Complex => plus(a, [negative(b[0]), negative(b[1])]);

  /** exp(2 pi i turns / N) x. */
  const turned = ([re, im]: Complex, turns: number, N: number): Complex => {
    const [c, s] = [cos(angle(turns, N)), sin(angle(turns, N))];
    return [
      combination(null, [
        [c, re],
        [-s, im],
      ]),
      combination(null, [
        [c, im],
        [s, re],
      ]),
    ];
  };

  /** x(n) and x(p - n) come as sums, which cosines take, and as differences, which sines take: a pair gives X(k) and X(p - k). */
  const prime: Transform = (x) => {
    const p = x.length;
    const [first, ...rest] = x;
    if (first === undefined || rest.length === 0) {
      return x;
    }
    if (p === 2) {
      return rest.flatMap((second) => [plus(first, second), minus(first, second)]);
    }
    const half = rest.slice(0, (p - 1) / 2);
    const mirrored = rest.toReversed();
    const sums = half.map((a, n) => plus(a, mirrored[n]!));
    const differences = half.map((a, n) => minus(a, mirrored[n]!));
    const pairs = half.map((_, index) => {
      const k = index + 1;
      const even = [0, 1].map((part) =>
        combination(
          first[part]!,
          sums.map((sum, n) => [cos(angle(k * (n + 1), p)), sum[part]!]),
        ),
      );
      const odd = [0, 1].map((part) =>
        combination(
          null,
          differences.map((difference, n) => [sin(angle(k * (n + 1), p)), difference[part]!]),
        ),
      );
      const [a, b]: readonly Complex[] = [
        [even[0]!, even[1]!],
        [negative(odd[1]!), odd[0]!],
      ];
      return { k, forth: plus(a!, b!), back: minus(a!, b!) };
    });
    return [
      [first, ...sums].reduce(plus),
      ...pairs.map(({ forth }) => forth),
      ...pairs.toReversed().map(({ back }) => back),
    ];
  };

  /** n = n1 N2 + n2 N1 and k = k1 mod N1, k2 mod N2, so that exp(2 pi i k n / N) is a product of one factor for each. */
  const coprime = (x: readonly Complex[], N1: number): readonly Complex[] => {
    const N = x.length;
    const N2 = N / N1;
    const inner = upTo(N2).map((n2) => transform(upTo(N1).map((n1) => x[(n1 * N2 + n2 * N1) % N]!)));
    const outer = upTo(N1).map((k1) => transform(inner.map((line) => line[k1]!)));
    return upTo(N).map((k) => outer[k % N1]![k % N2]!);
  };

  /** n = N2 n1 + n2 and k = k1 + p k2: exp(2 pi i k n / N) = exp(2 pi i (k1 n1 / p + k1 n2 / N + k2 n2 / N2)). */
  const power = (x: readonly Complex[], p: number): readonly Complex[] => {
    const N = x.length;
    const N2 = N / p;
    const inner = upTo(N2).map((n2) => transform(upTo(p).map((n1) => x[N2 * n1 + n2]!)));
    const outer = upTo(p).map((k1) => transform(inner.map((line, n2) => turned(line[k1]!, k1 * n2, N))));
    return upTo(N).map((k) => outer[k % p]![Math.floor(k / p)]!);
  };

  const transform: Transform = (x) => {
    const N = x.length;
    const p = smallestFactor(N);
    if (N === p) {
      return prime(x);
    }
    const largest = powerIn(N, p);
    return largest < N ? coprime(x, largest) : power(x, p);
  };
  return transform;
};

/** The wave numbers whose X is real where x is: 0, and N/2 if N is even. */
export const realWaveNumbers = (N: number): readonly number[] => (N % 2 === 0 ? [0, N / 2] : [0]);

/** The wave numbers of a real line that say all: the real ones, then one of each pair k, N - k. */
export const wavesOfRealLine = (
  N: number,
): { readonly real: readonly number[]; readonly pairs: readonly number[] } => ({
  real: realWaveNumbers(N),
  pairs: upTo(Math.ceil(N / 2)).slice(1),
});

/** From N real numbers to X at the real wave numbers, then its real and imaginary part at one of each pair: N numbers. */
const realLine = (N: number): LinearNetwork => {
  const writer = networkWriter(N);
  const X = transformWith(writer)(upTo(N).map((n) => [writer.input(n), null]));
  const { real, pairs } = wavesOfRealLine(N);
  return writer.network([...real.map((k) => X[k]![0]), ...pairs.flatMap((k) => X[k]!)]);
};

/** From N complex numbers, real and imaginary part in turns, to X likewise. */
const complexLine = (N: number): LinearNetwork => {
  const writer = networkWriter(2 * N);
  return writer.network(
    transformWith(writer)(upTo(N).map((n) => [writer.input(2 * n), writer.input(2 * n + 1)])).flat(),
  );
};

/** The transforms of the lines of an N x N lattice, and their transposes, which the inverse is made of. */
export interface LineTransforms {
  readonly real: LinearNetwork;
  readonly complex: LinearNetwork;
  readonly realTransposed: LinearNetwork;
  readonly complexTransposed: LinearNetwork;
}

/** Lattice sizes whose lines are kept: more than a run meets. */
const mostSizes = 32;

/**
 * The line transforms of a length, which are made once.
 *
 * @example
 * lineTransforms(2).real.nodes.map(({ tag }) => tag) // ['input', 'input', 'add', 'subtract']
 */
export const lineTransforms: (N: number) => LineTransforms = memoize(mostSizes, String, (N: number) => {
  const [real, complex] = [realLine(N), complexLine(N)];
  return { real, complex, realTransposed: transposed(real), complexTransposed: transposed(complex) };
});
