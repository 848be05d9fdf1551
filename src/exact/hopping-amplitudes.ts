/**
 * Amplitudes of hopping on the diagonal lines of the lattice, and what two hops over an eliminated site multiply its inverse by
 * (`diagonal-lines.ts`): t a to the right and t b down.
 */
import type { DoubleExchange, Twist } from '../hamiltonian/double-exchange.ts';
import { cos, sin } from '../number/elementary/trigonometric.kernel.ts';

/** A complex number. */
export type Complex = readonly [re: number, im: number];

const times = ([a, b]: Complex, [x, y]: Complex): Complex => [a * x - b * y, a * y + b * x];

const conjugate = ([re, im]: Complex): Complex => [re, -im];

const negated = ([re, im]: Complex): Complex => [-1 * re, -1 * im];

/** Minus the amplitudes of hops to an eliminated line and back. */
export interface Loops {
  /** To the same site by b, and by a. */
  readonly squareB: Complex;
  readonly squareA: Complex;
  /** Along the line, and against it. */
  readonly forward: Complex;
  readonly backward: Complex;
}

/** Amplitudes of two hops over an eliminated line, by how many sites they go on. */
export interface Steps {
  readonly none: Complex;
  readonly one: Complex;
  readonly two: Complex;
}

/** What the lines of a lattice are coupled by. */
export interface HoppingAmplitudes {
  /** Minus a hop to the right, and down; minus a hop back. */
  readonly bare: { readonly right: Complex; readonly down: Complex };
  readonly bareBack: { readonly right: Complex; readonly down: Complex };
  /** Loops over the line after, and over the line before. */
  readonly after: Loops;
  readonly before: Loops;
  /** Steps over a line, and back. */
  readonly steps: Steps;
  readonly stepsBack: Steps;
  /** What an eliminated site sees of its neighbours: a a*, b b*, a b*, a* b. */
  readonly squareA: Complex;
  readonly squareB: Complex;
  readonly aOverB: Complex;
  readonly bOverA: Complex;
}

const loops = (a: Complex, b: Complex): Loops => {
  const forward = negated(times(a, conjugate(b)));
  return {
    squareB: negated(times(b, conjugate(b))),
    squareA: negated(times(a, conjugate(a))),
    forward,
    backward: conjugate(forward),
  };
};

const steps = (a: Complex, b: Complex): Steps => ({ none: times(b, b), one: times(a, b), two: times(a, a) });

/** The amplitudes on an N x N lattice, where a change of phases has spread the twist evenly. */
export const hoppingAmplitudes = (size: number, { t }: DoubleExchange, { x, y }: Twist): HoppingAmplitudes => {
  const a: Complex = [t * cos(x / size), t * sin(x / size)];
  const b: Complex = [t * cos(y / size), t * sin(y / size)];
  return {
    bare: { right: negated(a), down: negated(b) },
    bareBack: { right: negated(conjugate(a)), down: negated(conjugate(b)) },
    after: loops(a, b),
    before: loops(conjugate(a), conjugate(b)),
    steps: steps(a, b),
    stepsBack: steps(conjugate(a), conjugate(b)),
    squareA: times(a, conjugate(a)),
    squareB: times(b, conjugate(b)),
    aOverB: times(a, conjugate(b)),
    bOverA: times(conjugate(a), b),
  };
};
