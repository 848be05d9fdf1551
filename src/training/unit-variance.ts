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
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';

import { backendError, type Backend, type BackendError } from '../backend/backend.ts';
import type { Weights } from '../network/weights.ts';
import { expressionsOf, record } from '../program/expression.ts';
import { operandsOf } from '../program/operation.ts';
import { meaningOf, valueId, type Program, type ValueId } from '../program/program.ts';
import { declarations, typecheck, type TypedProgram } from '../program/typecheck.ts';
import { deviationOf } from './error-measures.ts';
import type { Configurations } from './prediction.ts';

/** A layer: the weights that scale its output, how many of them multiply, and the value that it computes. */
interface Layer {
  readonly weights: readonly string[];
  /** 1 where the output is linear in the weights together, 2 for a T_j. */
  readonly degree: number;
  readonly output: ValueId;
}

const readersOf = (program: Program, value: ValueId): readonly ValueId[] =>
  program.equations.flatMap((equation, index) => (operandsOf(equation).includes(value) ? [valueId(index)] : []));

const parameterId = (program: Program, name: string): ValueId =>
  valueId(program.equations.findIndex((equation) => equation.tag === 'parameter' && equation.name === name));

/**
 * The output of the layer that a parameter completes. A bias is broadcast and then added, a kernel of T_j correlated and
 * then contracted: in both cases the output is what reads the reader of the parameter.
 */
const outputOf = (program: Program, parameter: string): ValueId =>
  readersOf(program, parameterId(program, parameter))
    .flatMap((reader) => readersOf(program, reader))
    .slice(-1)
    .reduce((_, id) => id, valueId(-1));

const layersOf = (program: TypedProgram): readonly Layer[] =>
  Object.keys(declarations('parameter')(program))
    .flatMap((name): readonly Layer[] => {
      if (name.endsWith('.bias')) {
        const weight = name.replace(/bias$/, 'weight');
        return [{ weights: [weight, name], degree: 1, output: outputOf(program, name) }];
      }
      return name.endsWith('.b')
        ? [{ weights: [name.replace(/b$/, 'a'), name], degree: 2, output: outputOf(program, name) }]
        : [];
    })
    .toSorted((one, other) => one.output - other.output);

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
  const factor = deviation > 0 ? deviation ** (-1 / degree) : 1;
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
