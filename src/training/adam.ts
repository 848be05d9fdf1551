/**
 * Adam with coupled weight decay: the decay is added to the gradient, before the moments, as the published training does
 * (PyTorch's `Adam(weight_decay=..)`, not `AdamW`).
 *
 *     g = gradient + decay w,   m = b1 m + (1 - b1) g,   v = b2 v + (1 - b2) g^2,
 *     w <- w - rate (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + epsilon)
 *
 * @source Kingma and Ba, arXiv:1412.6980
 */
import type { Weights } from '../network/weights.ts';
import type { Reals } from '../number/reals.ts';
import { adamArrays, type AdamArrays } from './adam.kernel.ts';

/** The constants of Adam, by the names of its paper, with the weight decay and the clipping of gradients. */
export interface Adam {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** The factor of the weights in the gradient (L2 regularization). */
  readonly weightDecay: number;
  /** The gradient's norm is scaled down to this where it is larger; null never clips. */
  readonly clip: number | null;
}

/** The defaults of the paper and of PyTorch: no decay, no clipping. */
export const adam: Adam = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, clip: null };

/** Weights and the running means m of the gradient and v of its square, by the names of the weights. */
export interface AdamState {
  /** Steps taken. */
  readonly step: number;
  readonly weights: Weights;
  readonly firstMoment: Weights;
  readonly secondMoment: Weights;
}

const zerosLike = (weights: Weights): Weights =>
  Object.fromEntries(Object.entries(weights).map(([name, values]) => [name, new Float64Array(values.length)]));

/** The state before the first step: the weights as they are, both moments zero. */
export const initialAdam = (weights: Weights): AdamState => ({
  step: 0,
  weights,
  firstMoment: zerosLike(weights),
  secondMoment: zerosLike(weights),
});

const sumOfSquares = (values: Reals): number => values.reduce((sum, value) => sum + value * value, 0);

/** The Euclidean norm of a gradient, all arrays together. */
export const normOf = (gradient: Weights): number =>
  Math.sqrt(Object.values(gradient).reduce((sum, values) => sum + sumOfSquares(values), 0));

const gradientScale = ({ clip }: Adam, gradient: Weights): number =>
  clip === null ? 1 : Math.min(1, clip / normOf(gradient));

/** One step. Weights for which there is no gradient are not trained, and stay. */
export const adamStep =
  (options: Adam, rate: number) =>
  (state: AdamState, gradient: Weights): AdamState => {
    const numbers = { ...options, rate, gradientScale: gradientScale(options, gradient), step: state.step + 1 };
    const none = new Float64Array(0);
    const updated: readonly (readonly [string, AdamArrays])[] = Object.entries(gradient).map(([name, values]) => [
      name,
      adamArrays(
        state.weights[name] ?? none,
        values,
        state.firstMoment[name] ?? none,
        state.secondMoment[name] ?? none,
        numbers,
      ),
    ]);
    const after = (before: Weights, part: keyof AdamArrays): Weights => ({
      ...before,
      ...Object.fromEntries(updated.map(([name, arrays]) => [name, arrays[part]])),
    });
    return {
      step: state.step + 1,
      weights: after(state.weights, 'weights'),
      firstMoment: after(state.firstMoment, 'firstMoment'),
      secondMoment: after(state.secondMoment, 'secondMoment'),
    };
  };
