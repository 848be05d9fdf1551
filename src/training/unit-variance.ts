/**
 * Layer-sequential unit variance: each affine map is scaled, in the order of the data flow, until its output has unit
 * variance on a sample of configurations; the two kernels of a T_j alike, since its output is their product.
 *
 * A deep EFNN multiplies n fields. With the published rule each factor is small, the product smaller, and the start of
 * training a saddle where the gradient is small in every direction; factors of unit variance start beside it.
 *
 * @source Mishkin and Matas, arXiv:1511.06422
 */
import * as E from 'fp-ts/lib/Either.js';
import { groupBy } from 'fp-ts/lib/NonEmptyArray.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';

import { backendError, type Backend, type BackendError } from '../backend/backend.ts';
import { declaredWeights, type Weights } from '../network/weights.ts';
import { expressionsOf, record } from '../program/expression.ts';
import { operandsOf, uniform } from '../program/operation.ts';
import { fold, meaningOf, valueId, type Program, type ValueId } from '../program/program.ts';
import { typecheck, type TypedProgram } from '../program/typecheck.ts';
import { mapKey, weightRoles } from '../program/weight.ts';
import { deviationOf } from './error-measures.ts';
import type { Configurations } from './prediction.ts';
import { pow } from '../number/elementary/power.kernel.ts';

/** A layer: the weights that scale its output, the degree in which they do, and the value that it computes. */
interface Layer {
  readonly weights: readonly string[];
  readonly degree: number;
  readonly output: ValueId;
}

/** Of every value, the parameters that it depends on, by name. */
const dependencies: (program: Program) => readonly ReadonlySet<string>[] = fold<ReadonlySet<string>>(
  uniform((operation) =>
    operation.tag === 'parameter'
      ? new Set([operation.name])
      : new Set(operandsOf(operation).flatMap((operand) => [...operand])),
  ),
);

/**
 * The layers of a network in the order of the data flow. The output of a map is the first value that depends on all its
 * weights. What is fitted keeps its size.
 */
const layersOf = (program: TypedProgram): readonly Layer[] => {
  const known = dependencies(program);
  const drawn = Object.entries(declaredWeights(program)).filter(([, { role }]) => weightRoles[role].start === 'drawn');
  const maps = groupBy<(typeof drawn)[number]>(([, { map }]) => mapKey(map))(drawn);
  return Object.values(maps)
    .map((weights): Layer => {
      const names = weights.map(([name]) => name);
      const output = program.equations.findIndex(
        ({ tag }, index) => tag !== 'parameter' && names.every((name) => known[index]?.has(name)),
      );
      return { weights: names, degree: weights[0][1].degree, output: valueId(output) };
    })
    .toSorted((one, other) => one.output - other.output);
};

/** The standard deviation of a layer's output over samples, sites and channels. */
const outputDeviation =
  (backend: Backend, program: TypedProgram, { count, latticeSize, spins }: Configurations) =>
  (weights: Weights, { output }: Layer): TaskEither<BackendError, number> =>
    pipe(
      typecheck(record({ output: meaningOf(expressionsOf(program))(output) })),
      E.mapLeft(({ message }) => backendError(message)),
      TE.fromEither,
      TE.chain(backend.compile),
      TE.chain((executable) => executable.run({ parameters: weights, inputs: { spins }, latticeSize, batch: count })),
      TE.map((outputs) => deviationOf(outputs['output'] ?? new Float64Array(0))),
    );

const scaled = (weights: Weights, { weights: names, degree }: Layer, deviation: number): Weights => {
  const factor = deviation > 0 ? pow(deviation, -1 / degree) : 1;
  return Object.fromEntries(
    Object.entries(weights).map(([name, values]) => [
      name,
      names.includes(name) ? values.map((value) => factor * value) : values,
    ]),
  );
};

/** Scales initial weights so that every layer's output has unit variance on these configurations. */
export const unitVariance =
  (backend: Backend) =>
  (program: TypedProgram, configurations: Configurations) =>
  (initial: Weights): TaskEither<BackendError, Weights> => {
    const deviation = outputDeviation(backend, program, configurations);
    return layersOf(program).reduce<TaskEither<BackendError, Weights>>(
      (before, layer) =>
        pipe(
          before,
          TE.chain((weights) =>
            pipe(
              deviation(weights, layer),
              TE.map((found) => scaled(weights, layer, found)),
            ),
          ),
        ),
      TE.right(initial),
    );
  };
