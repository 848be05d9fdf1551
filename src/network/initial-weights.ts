/**
 * Initial weights by the published rule: weights and biases of a map uniform in [-1/sqrt(fan_in), 1/sqrt(fan_in)],
 * where fan_in = inputs * kernel^2 numbers enter each output. The pair head starts at 0, until it is fitted.
 */
import type { Reals } from '../number/reals.ts';
import { declarations, type TypedProgram } from '../program/typecheck.ts';
import { lengthOf, type ValueType } from '../program/value-type.ts';
import { drawn, uniformsBetween } from '../random/draw.ts';
import { streamOf } from '../random/stream.ts';
import type { Weights } from './weights.ts';

const fanIn = (type: ValueType | undefined): number =>
  type?.tag === 'kernel' ? type.inputs * type.size * type.size : 1;

/** The parameter whose fan_in rules: a bias follows the weight of its own map. */
const ruling = (name: string): string => name.replace(/\.bias$/, '.weight');

/**
 * The weights of a program, from a seed; those of parameter number i depend on the seed and i alone.
 *
 * @source PyTorch's default for Linear and Conv2d
 */
export const initialWeights =
  (seed: number) =>
  (program: TypedProgram): Weights => {
    const types = declarations('parameter')(program);
    const draw = (name: string, type: ValueType, index: number): Reals => {
      const bound = 1 / Math.sqrt(fanIn(types[ruling(name)]));
      return drawn(streamOf(seed, index, 'weights'))(uniformsBetween(-bound, bound)(lengthOf(1)(type)));
    };
    return Object.fromEntries(
      Object.entries(types).map(([name, type], index) => [
        name,
        name === 'pair.weight' ? new Float64Array(lengthOf(1)(type)) : draw(name, type, index),
      ]),
    );
  };
