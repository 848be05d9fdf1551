/**
 * Adam as a program: the update that a resident carries out where its state lives. It is the arithmetic of `adamStep`,
 * in another order of rounding.
 */
import { gradientName } from '../program/gradient.ts';
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
import type { Program } from '../program/program.ts';
import type { ValueType } from '../program/value-type.ts';
import { pow } from '../number/elementary/power.kernel.ts';
import type { Adam } from './adam.ts';

/** Where a step stands: its number from 1, its learning rate, and how many samples its gradient is summed over. */
export interface AdamMoment {
  readonly step: number;
  readonly rate: number;
  readonly batch: number;
}

/** The names of the moments of a weight in the state, as in checkpoints. */
export const momentNames = (weight: string): { readonly first: string; readonly second: string } => ({
  first: `adam.m/${weight}`,
  second: `adam.v/${weight}`,
});

const names = { perSample: 'adam.perSample', step: 'adam.step', secondScale: 'adam.secondScale' };

/**
 * The scalars that `adamProgram` asks for with a step: 1 / batch, -rate / (1 - b1^t) and 1 / (1 - b2^t).
 *
 * @example
 * adamScalars(adam, { step: 1, rate: 1, batch: 4 })['adam.perSample'] // 0.25
 */
export const adamScalars = (
  { beta1, beta2 }: Adam,
  { step, rate, batch }: AdamMoment,
): Readonly<Record<string, number>> => ({
  [names.perSample]: 1 / batch,
  [names.step]: -rate / (1 - pow(beta1, step)),
  [names.secondScale]: 1 / (1 - pow(beta2, step)),
});

/** min(1, c / n) = c / max(c, n), where max(c, n) = (c + n + |c - n|) / 2 has no cancellation. */
const clipScale = (clip: number, norm: Scalar): Scalar => {
  const difference = add(constant(clip), scale(constant(-1))(norm));
  const twiceLarger = add(add(constant(clip), norm), sqrt(multiply(difference, difference)));
  return multiply(constant(2 * clip), reciprocal(twiceLarger));
};

/** A parameter of any type. */
const parameter = (name: string, type: ValueType): Expression => ({ operation: { tag: 'parameter', name, type } });

/**
 * One step of Adam on weights of these types, as the update of a `Residency`: of the weights and their moments (named by
 * `momentNames`), by the gradients d(loss)/d(NAME) summed over the batch, and the scalars of `adamScalars`. It is offered
 * to whoever makes a training resident; `adamStep` is what `compileEpoch` uses.
 *
 * @source Kingma and Ba, arXiv:1412.6980
 */
export const adamProgram =
  ({ beta1, beta2, epsilon, weightDecay, clip }: Adam) =>
  (weights: Readonly<Record<string, ValueType>>): Program => {
    const means = Object.entries(weights).map(([name, type]) => ({
      name,
      type,
      mean: scale(parameterScalar(names.perSample))(parameter(gradientName('loss', name), type)),
    }));
    const norm = sqrt(
      means.map(({ mean }) => total(multiply(mean, mean))).reduce((sum, square) => add(sum, square), constant(0)),
    );
    const clipped = (mean: Expression): Expression => (clip === null ? mean : scale(clipScale(clip, norm))(mean));
    const updated = means.flatMap(({ name, type, mean }): readonly (readonly [string, Expression])[] => {
      const { first, second } = momentNames(name);
      const weight = parameter(name, type);
      const gradient = add(clipped(mean), scale(constant(weightDecay))(weight));
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
