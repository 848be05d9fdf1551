/**
 * Adam with coupled weight decay: the decay is added to the gradient, before the moments, as the published training does
 * (PyTorch's `Adam(weight_decay=..)`, not `AdamW`).
 *
 *     g = gradient + decay w,   m = b1 m + (1 - b1) g,   v = b2 v + (1 - b2) g^2,
 *     w <- w - rate (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + epsilon)
 *
 * It is a program: the update that a resident carries out where its state lives.
 *
 * @source Kingma and Ba, arXiv:1412.6980
 */
import type { Arrays } from '../backend/backend.ts';
import type { Weights } from '../network/weights.ts';
import { wholeNumberFrom } from '../number/callers-mistake.ts';
import type { Reals } from '../number/reals.ts';
import { pow } from '../number/elementary/power.kernel.ts';
import { memoize } from '../number/memoize.ts';
import {
  add,
  constant,
  fill,
  multiply,
  parameterScalar,
  record,
  reciprocal,
  scale,
  sqrt,
  total,
  type Expression,
  type Scalar,
} from '../program/expression.ts';
import { gradientName } from '../program/gradient.ts';
import type { Program } from '../program/program.ts';
import type { ValueType } from '../program/value-type.ts';

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

/** Names of weights whose moments' names are kept: more than any network of the paper has. */
const mostNames = 1024;

/** The names of the moments of a weight in the state, as in checkpoints; made once, since every epoch asks for all of them. */
export const momentNames = memoize(
  mostNames,
  (weight: string) => weight,
  (weight: string): { readonly first: string; readonly second: string } => ({
    first: `adam.m/${weight}`,
    second: `adam.v/${weight}`,
  }),
);

const renamed = (weights: Weights, name: (weight: string) => string): readonly (readonly [string, Reals])[] =>
  Object.entries(weights).map(([weight, values]) => [name(weight), values]);

/**
 * The state as a resident holds it: the weights under their names, the moments under those of `momentNames`. Spread one after the
 * other, objects of some dozens of names took V8 11.3 twenty times as long as all their entries at once.
 */
export const residentState = ({ weights, firstMoment, secondMoment }: AdamState): Arrays =>
  Object.fromEntries([
    ...Object.entries(weights),
    ...renamed(firstMoment, (weight) => momentNames(weight).first),
    ...renamed(secondMoment, (weight) => momentNames(weight).second),
  ]);

/**
 * The state with these arrays of a resident in the place of its own, so many steps later.
 *
 * @throws RangeError unless they are a whole number of at least 0.
 */
export const afterSteps = (steps: number, arrays: Arrays): ((before: AdamState) => AdamState) => {
  const done = wholeNumberFrom(0, 'a number of steps', 'count those that were taken')(steps);
  return (before) => {
    const read = (part: Weights, name: (weight: string) => string): Weights =>
      Object.fromEntries(Object.entries(part).map(([weight, values]) => [weight, arrays[name(weight)] ?? values]));
    return {
      step: before.step + done,
      weights: read(before.weights, (weight) => weight),
      firstMoment: read(before.firstMoment, (weight) => momentNames(weight).first),
      secondMoment: read(before.secondMoment, (weight) => momentNames(weight).second),
    };
  };
};

/** Where a step stands: its number from 1, its learning rate, and how many samples its gradient is summed over. */
export interface AdamMoment {
  readonly step: number;
  readonly rate: number;
  readonly batch: number;
}

const stepNumber = wholeNumberFrom(1, 'a step', 'count steps from 1');
const batchSize = wholeNumberFrom(1, 'a batch', 'give the number of samples in the step');

const names = { perSample: 'adam.perSample', step: 'adam.step', secondScale: 'adam.secondScale' };

/**
 * The scalars that `adamProgram` asks for with a step: 1 / batch, -rate / (1 - b1^t) and 1 / (1 - b2^t).
 *
 * @throws RangeError unless step and batch are whole numbers of at least 1.
 *
 * @example
 * adamScalars(adam, { step: 1, rate: 1, batch: 4 })['adam.perSample'] // 0.25
 */
export const adamScalars = (
  { beta1, beta2 }: Adam,
  { step, rate, batch }: AdamMoment,
): Readonly<Record<string, number>> => ({
  [names.perSample]: 1 / batchSize(batch),
  [names.step]: -rate / (1 - pow(beta1, stepNumber(step))),
  [names.secondScale]: 1 / (1 - pow(beta2, step)),
});

/** max(x, 0) = (x + |x|) / 2, which is x or 0 to the bit. */
const positivePart = (x: Scalar): Scalar => scale(constant(0.5))(add(x, sqrt(multiply(x, x))));

/** min(1, clip / n) = 1 / (1 + max(n - clip, 0) / clip), which is 1 to the bit where nothing is clipped. */
const clipScale = (clip: number, norm: Scalar): Scalar => {
  const excess = positivePart(add(norm, constant(-clip)));
  return reciprocal(add(constant(1), scale(constant(1 / clip))(excess)));
};

/** A parameter of any type. */
const parameter = (name: string, type: ValueType): Expression => ({ operation: { tag: 'parameter', name, type } });

/** The Euclidean norm of several values together. */
const normOf = (values: readonly Expression[]): Scalar =>
  sqrt(values.map((value) => total(multiply(value, value))).reduce((sum, square) => add(sum, square), constant(0)));

/**
 * One step of Adam on weights of these types, as the update of a `Residency`: of the weights and their moments (named by
 * `momentNames`), by the gradients d(loss)/d(NAME) summed over the batch, and the scalars of `adamScalars`. Weights that are
 * not named are not trained, and stay.
 */
export const adamProgram =
  ({ beta1, beta2, epsilon, weightDecay, clip }: Adam) =>
  (weights: Readonly<Record<string, ValueType>>): Program => {
    const perSample = parameterScalar(names.perSample);
    const sumOf = (name: string, type: ValueType): Expression => parameter(gradientName('loss', name), type);
    const sums = Object.entries(weights).map(([name, type]) => sumOf(name, type));
    // The mean over the batch, clipped: one factor of all sums.
    const factor = clip === null ? perSample : multiply(perSample, clipScale(clip, multiply(perSample, normOf(sums))));
    const updated = Object.entries(weights).flatMap(([name, type]): readonly (readonly [string, Expression])[] => {
      const { first, second } = momentNames(name);
      const weight = parameter(name, type);
      const clipped = scale(factor)(sumOf(name, type));
      const gradient = weightDecay === 0 ? clipped : add(clipped, scale(constant(weightDecay))(weight));
      const m = add(scale(constant(beta1))(parameter(first, type)), scale(constant(1 - beta1))(gradient));
      const square = multiply(gradient, gradient);
      const v = add(scale(constant(beta2))(parameter(second, type)), scale(constant(1 - beta2))(square));
      const root = sqrt(scale(parameterScalar(names.secondScale))(v));
      const divisor = add(root, fill(type)(constant(epsilon)));
      const change = multiply(scale(parameterScalar(names.step))(m), reciprocal(divisor));
      return [
        [name, add(weight, change)],
        [first, m],
        [second, v],
      ];
    });
    return record(Object.fromEntries(updated));
  };
