/**
 * Initial weights by the published rule: the weights and biases of a map uniform in [-1/sqrt(fan_in), 1/sqrt(fan_in)],
 * where fan_in numbers enter each of its outputs. What is fitted starts at 0 until then.
 */
import type { Reals } from '../number/reals.ts';
import type { TypedProgram } from '../program/typecheck.ts';
import { lengthOf } from '../program/value-type.ts';
import { weightRoles, type Weight, type WeightStart } from '../program/weight.ts';
import { drawn, uniformsBetween } from '../random/draw.ts';
import { streamOf } from '../random/stream.ts';
import { declaredWeights, type Weights } from './weights.ts';

/** How the weights of each kind of start begin; number i of a seed is stream i. */
const begin: Readonly<Record<WeightStart, (weight: Weight, seed: number, index: number) => Reals>> = {
  drawn: ({ type, fanIn }, seed, index) => {
    const bound = 1 / Math.sqrt(fanIn);
    return drawn(streamOf(seed, index, 'weights'))(uniformsBetween(-bound, bound)(lengthOf(1)(type)));
  },
  fitted: ({ type }) => new Float64Array(lengthOf(1)(type)),
};

/**
 * The weights of a network's program, from a seed; those of parameter number i depend on the seed, i and what its map
 * declares, not on its name.
 *
 * @throws RangeError for a seed that is no whole number.
 *
 * @source PyTorch's default for Linear and Conv2d
 */
export const initialWeights =
  (seed: number) =>
  (program: TypedProgram): Weights =>
    Object.fromEntries(
      Object.entries(declaredWeights(program)).map(([name, weight], index) => [
        name,
        begin[weightRoles[weight.role].start](weight, seed, index),
      ]),
    );
