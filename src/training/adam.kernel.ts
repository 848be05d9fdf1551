/** The arithmetic of one Adam step on one array. */
import type { Reals } from '../number/reals.ts';
import { pow } from '../number/elementary/power.kernel.ts';

/** One array of weights with its two moments, all of the same length. */
export interface AdamArrays {
  readonly weights: Float64Array;
  readonly firstMoment: Float64Array;
  readonly secondMoment: Float64Array;
}

/** The numbers of one step, the same for all arrays. */
export interface AdamNumbers {
  readonly rate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
  /** The factor that clipping puts on the gradient. */
  readonly gradientScale: number;
  /** Which step this is, from 1. */
  readonly step: number;
}

/** New arrays after one step; the arguments stay as they are. */
export const adamArrays = (
  weights: Reals,
  gradient: Reals,
  firstMoment: Reals,
  secondMoment: Reals,
  { rate, beta1, beta2, epsilon, weightDecay, gradientScale, step }: AdamNumbers,
): AdamArrays => {
  const after = {
    weights: new Float64Array(weights.length),
    firstMoment: new Float64Array(weights.length),
    secondMoment: new Float64Array(weights.length),
  };
  const bias1 = 1 - pow(beta1, step);
  const bias2 = 1 - pow(beta2, step);
  for (let i = 0; i < weights.length; i++) {
    const w = weights[i]!;
    const g = gradientScale * gradient[i]! + weightDecay * w;
    const m = beta1 * firstMoment[i]! + (1 - beta1) * g;
    const v = beta2 * secondMoment[i]! + (1 - beta2) * g * g;
    after.firstMoment[i] = m;
    after.secondMoment[i] = v;
    after.weights[i] = w - (rate * (m / bias1)) / (Math.sqrt(v / bias2) + epsilon);
  }
  return after;
};
