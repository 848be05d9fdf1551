/**
 * Conjugate gradients for (A + sigma) x = b, A symmetric and not negative, with many shifts sigma at once: their Krylov spaces
 * are the same, so that all solutions cost the products with A of one. The residual of each stays a multiple of that of the
 * smallest shift, which converges last.
 *
 * @source B. Jegerlehner, hep-lat/9612014
 */
import type { Reals } from '../number/reals.ts';

/** When to stop: at this relative residual of the smallest shift, or after so many products. */
export interface Patience {
  readonly tolerance: number;
  readonly most: number;
}

const dot = (a: Reals, b: Reals): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    sum += a[i]! * b[i]!;
  }
  return sum;
};

/** The solution for each shift, in their order; `product` is v -> A v, and the shifts are positive. */
export const shiftedSolutions = (
  product: (v: Reals) => Reals,
  b: Reals,
  shifts: readonly number[],
  { tolerance, most }: Patience,
): readonly Float64Array[] => {
  const least = Math.min(...shifts);
  const systems = shifts.map((shift) => ({
    excess: shift - least,
    x: new Float64Array(b.length),
    p: Float64Array.from(b),
    /** Its residual over that of the least shift, now and one step ago. */
    zeta: 1,
    before: 1,
  }));
  const p = Float64Array.from(b);
  const r = Float64Array.from(b);
  let squares = dot(r, r);
  const enough = tolerance * tolerance * squares;
  let alphaBefore = 1;
  let betaBefore = 0;
  for (let step = 0; step < most && squares > enough; step++) {
    const image = product(p);
    const alpha = squares / (dot(p, image) + least * dot(p, p));
    for (let i = 0; i < r.length; i++) {
      r[i]! -= alpha * (image[i]! + least * p[i]!);
    }
    const next = dot(r, r);
    const beta = next / squares;
    for (let i = 0; i < p.length; i++) {
      p[i] = r[i]! + beta * p[i]!;
    }
    for (const system of systems) {
      const { excess, zeta, before, x, p: direction } = system;
      const memory = (alpha * betaBefore) / alphaBefore;
      const after = (zeta * before) / (before * (1 + alpha * excess) + memory * (before - zeta));
      const ownAlpha = (alpha * after) / zeta;
      const ownBeta = (beta * after * after) / (zeta * zeta);
      for (let i = 0; i < x.length; i++) {
        x[i]! += ownAlpha * direction[i]!;
        direction[i] = after * r[i]! + ownBeta * direction[i]!;
      }
      system.before = zeta;
      system.zeta = after;
    }
    squares = next;
    alphaBefore = alpha;
    betaBefore = beta;
  }
  return systems.map(({ x }) => x);
};
