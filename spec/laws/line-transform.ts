/**
 * Laws of the transforms of lines, in float64. The sum over exponentials is the oracle; what an inverse and an adjoint are,
 * follows from it.
 */
import fc from 'fast-check';

import type { LinearNetwork, transposed } from '../../src/backend/schedule/linear-network.ts';
import { lineTransforms, type wavesOfRealLine } from '../../src/backend/schedule/line-transform.ts';
import { interval } from '../arbitraries/interval.ts';
import type { Law } from '../law.ts';

type Numbers = readonly number[];

const at = (numbers: Numbers, index: number): number => numbers[index] ?? NaN;

/** What a network is on some numbers. */
export const valueOf = ({ nodes, outputs }: LinearNetwork, x: Numbers): Numbers => {
  const known = new Array<number>();
  for (const node of nodes) {
    switch (node.tag) {
      case 'input':
        known.push(at(x, node.index));
        break;
      case 'add':
        known.push(at(known, node.left) + at(known, node.right));
        break;
      case 'subtract':
        known.push(at(known, node.left) - at(known, node.right));
        break;
      case 'multiply':
        known.push(node.factor * at(known, node.value));
        break;
      case 'multiplyAdd':
        known.push(node.factor * at(known, node.value) + at(known, node.addend));
    }
  }
  return outputs.map(({ sign, node }) => sign * at(known, node));
};

/** X(k) = sum over n of (re(n) + i im(n)) exp(2 pi i k n / N). */
const definition = (re: Numbers, im: Numbers, k: number): readonly [number, number] => {
  const N = re.length;
  return re.reduce<readonly [number, number]>(
    ([a, b], x, n) => {
      const angle = (2 * Math.PI * k * n) / N;
      const [c, s, y] = [Math.cos(angle), Math.sin(angle), at(im, n)];
      return [a + c * x - s * y, b + s * x + c * y];
    },
    [0, 0],
  );
};

const dot = (a: Numbers, b: Numbers): number => a.reduce((sum, x, i) => sum + x * at(b, i), 0);

/** Numbers of lines are of order 1: sums of at most 2 N of them round to this, a few times over. */
const close = (N: number) => (a: number, b: number) => Math.abs(a - b) <= 1e-13 * N * N;

const allClose = (N: number, a: Numbers, b: Numbers): boolean =>
  a.length === b.length && a.every((x, i) => close(N)(x, at(b, i)));

interface Line {
  readonly N: number;
  readonly re: Numbers;
  readonly im: Numbers;
  /** 2 N more numbers. */
  readonly other: Numbers;
}

/** Primes and their powers, products of them, and 1. */
const lengths = fc.oneof(fc.integer({ min: 1, max: 16 }), fc.constantFrom(17, 18, 20, 24, 25, 27, 30, 32, 36, 40));

const lines: fc.Arbitrary<Line> = lengths.chain((N) => {
  const numbers = (count: number) => fc.array(interval(-1, 1), { minLength: count, maxLength: count });
  return fc.record({ N: fc.constant(N), re: numbers(N), im: numbers(N), other: numbers(2 * N) });
});

const inTurns = ({ re, im }: Line): Numbers => re.flatMap((x, n) => [x, at(im, n)]);

/** The transforms of lines, and the wave numbers whose X they return of a real one. */
export interface Lines {
  readonly transforms: typeof lineTransforms;
  readonly waves: typeof wavesOfRealLine;
}

export const transformsAreTheirSums: Law<Lines, Line> = {
  statement: 'X(k) = sum over n of x(n) exp(2 pi i k n / N), for complex lines and for real ones, of any length',
  cases: lines,
  holds:
    ({ transforms, waves }) =>
    (line) => {
      const { N, re, im } = line;
      const { real, complex } = transforms(N);
      const none = re.map(() => 0);
      const all = re.map((_, k) => k);
      return (
        allClose(
          N,
          valueOf(complex, inTurns(line)),
          all.flatMap((k) => definition(re, im, k)),
        ) &&
        allClose(N, valueOf(real, re), [
          ...waves(N).real.map((k) => definition(re, none, k)[0]),
          ...waves(N).pairs.flatMap((k) => definition(re, none, k)),
        ])
      );
    },
};

export const realLinesKeepTheirSize: Law<Lines, Line> = {
  statement: 'Parseval: N times the sum of x^2 is that of |X|^2, in which each of a pair k, N - k counts',
  cases: lines,
  holds:
    ({ transforms, waves }) =>
    ({ N, re }) => {
      const singles = waves(N).real.length;
      const X = valueOf(transforms(N).real, re);
      const [once, twice] = [X.slice(0, singles), X.slice(singles)];
      return X.length === N && close(N * N)(N * dot(re, re), dot(once, once) + 2 * dot(twice, twice));
    },
};

export const transposesInvert: Law<Lines, Line> = {
  statement: 'x = 2/N F^T X, where X that are real count half',
  cases: lines,
  holds:
    ({ transforms, waves }) =>
    ({ N, re }) => {
      const { real, realTransposed } = transforms(N);
      const singles = waves(N).real.length;
      const halved = valueOf(real, re).map((X, slot) => (slot < singles ? X / 2 : X));
      const back = valueOf(realTransposed, halved).map((x) => (2 * x) / N);
      return allClose(N, back, re);
    },
};

export const transposesAreAdjoint: Law<typeof transposed, Line> = {
  statement: '<y, F x> = <F^T y, x>: a transform of a line, its transpose, and the transpose of that',
  cases: lines,
  holds: (transpose) => (line) => {
    const { N, re, other } = line;
    const { real, complex } = lineTransforms(N);
    const adjoint = (network: LinearNetwork, x: Numbers, y: Numbers): boolean => {
      const back = transpose(network);
      const product = dot(y, valueOf(network, x));
      return close(N)(product, dot(valueOf(back, y), x)) && close(N)(product, dot(valueOf(transpose(back), x), y));
    };
    return adjoint(real, re, other.slice(0, N)) && adjoint(complex, inTurns(line), other);
  },
};
