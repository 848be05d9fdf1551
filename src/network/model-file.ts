/**
 * Models as `.safetensors` files of format `efnn/1`: every weight under its name, the network in the metadata.
 *
 * Kernels are [out, in, k, k] and cross-correlate, as PyTorch's Conv2d; dense weights are [out, in]. Which architecture,
 * how many layers and so on is text in the metadata; whether there is a pair head is seen from its kernel.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as O from 'fp-ts/lib/Option.js';
import { z } from 'zod';

import { dataError, type DataError } from '../file/data-error.ts';
import { decode } from '../file/decode.ts';
import { decimal, wholeNumber } from '../file/numeral.ts';
import { quoted } from '../file/quoted.ts';
import { readSafetensors, writeSafetensors, type TensorFile } from '../file/safetensors.ts';
import { sameShape, showShape, type Dtype, type Tensor } from '../file/tensor.ts';
import type { TypedProgram } from '../program/typecheck.ts';
import type { ValueType } from '../program/value-type.ts';
import { weightName } from '../program/weight.ts';
import type { Model } from './model.ts';
import { architectures, networkProgram, type Network, type Shape } from './network.ts';
import { pairKernel } from './pair-head.ts';
import { fileShape, weightTypes } from './weights.ts';

/** What the metadata of a model say their format is. */
export const modelFormat = 'efnn/1';

const wholeNumberText = z.string().transform((text, context) => orIssue(wholeNumber(text), 'a whole number', context));

const finiteNumberText = z.string().transform((text, context) => orIssue(decimal(text), 'a finite number', context));

/** The number, or an issue that says what was expected in its place. */
const orIssue = (number: O.Option<number>, expected: string, context: z.RefinementCtx): number =>
  pipe(
    number,
    O.getOrElse<number>(() => {
      context.addIssue(`expected ${expected}`);
      return z.NEVER;
    }),
  );

/** The units of a model's energy, E = energyScale * output + energyShift * sites, where its file states none. */
export const unitsWhereNoneAreStated = { energyScale: 1, energyShift: 0 } as const satisfies Partial<Network>;

/** The name of a unit, in a network and in the metadata of its file. */
export type EnergyUnit = keyof typeof unitsWhereNoneAreStated;

/** Which units the metadata of a model leave open; reading takes 1 and 0 for them, and whoever reads should tell. */
export const assumedUnits = (metadata: TensorFile['metadata']): readonly EnergyUnit[] =>
  (['energyScale', 'energyShift'] as const).filter((unit) => !Object.hasOwn(metadata, unit));

const metadataSchema = z.object({
  format: z.literal(modelFormat),
  model: z.enum(architectures),
  layers: wholeNumberText,
  channels: wholeNumberText.optional(),
  kernel: wholeNumberText.optional(),
  neurons: wholeNumberText.optional(),
  sites: wholeNumberText.optional(),
  energyShift: finiteNumberText.default(unitsWhereNoneAreStated.energyShift),
  energyScale: finiteNumberText.default(unitsWhereNoneAreStated.energyScale),
});

/** The metadata of a network, all of it text, as the format wants. */
export const networkMetadata = ({
  architecture,
  shape,
  energyShift,
  energyScale,
}: Network): TensorFile['metadata'] => ({
  format: modelFormat,
  model: architecture,
  layers: `${shape.layers}`,
  ...(shape.tag === 'lattice'
    ? { channels: `${shape.channels}`, kernel: `${shape.kernel}` }
    : { neurons: `${shape.neurons}`, sites: `${shape.sites}` }),
  energyShift: `${energyShift}`,
  energyScale: `${energyScale}`,
});

/** What a model's file holds. Fails for a network that there is none of, and for weights that it has not. Float64 keeps every bit; float32 halves the size. */
export const modelFile =
  (dtype: Dtype) =>
  ({ network, weights }: Model): Either<DataError, TensorFile> =>
    pipe(
      networkProgram(network),
      E.mapLeft(({ message }) => dataError(message)),
      E.chainFirst((program) => noStrangers(weightTypes(program), strangerInModel)(weights)),
      E.map((program) => ({
        metadata: networkMetadata(network),
        tensors: weightTensors(network, program, dtype)(weights),
      })),
    );

/** The bytes of a model's file. Fails where a weight is missing, of another size, not finite, or none of the network's. */
export const writeModel =
  (dtype: Dtype) =>
  (model: Model): Either<DataError, Uint8Array> =>
    pipe(modelFile(dtype)(model), E.chain(writeSafetensors));

/** The weights as tensors in the shapes of their files. */
export const weightTensors =
  ({ shape }: Network, program: TypedProgram, dtype: Dtype) =>
  (weights: Model['weights']): Readonly<Record<string, Tensor>> =>
    Object.fromEntries(
      Object.entries(weightTypes(program)).map(([name, type]) => [
        name,
        { dtype, shape: fileShape(shape)(type), values: weights[name] ?? new Float64Array(0) },
      ]),
    );

const networkOf = ({ metadata, tensors }: TensorFile): Either<DataError, Network> =>
  pipe(
    metadata,
    decode(
      metadataSchema,
      (issue) => `expected the metadata of an ${modelFormat} model, but ${issue}; write the model with efnn train`,
    ),
    E.chain(({ model, layers, channels, kernel, neurons, sites, energyShift, energyScale }) => {
      const described = (shape: Shape): Either<DataError, Network> =>
        E.right({ architecture: model, shape, energyShift, energyScale });
      if (channels !== undefined && kernel !== undefined) {
        const pairHead = Object.hasOwn(tensors, weightName(pairKernel(kernel)));
        return described({ tag: 'lattice', channels, layers, kernel, pairHead });
      }
      return neurons !== undefined && sites !== undefined
        ? described({ tag: 'dense', sites, neurons, layers })
        : E.left(
            dataError(
              'expected the metadata channels and kernel of a lattice network, or neurons and sites of a dense one, ' +
                'got neither; add them',
            ),
          );
    }),
    E.chainFirst(noLargerThan(tensors)),
  );

/**
 * Refuses a network of which the file cannot hold the weights, before it is built: every layer has a tensor of its own, and
 * every other extent is one of a tensor that is there.
 */
const noLargerThan =
  (tensors: TensorFile['tensors']) =>
  ({ shape }: Network): Either<DataError, unknown> => {
    const tensorCount = Object.keys(tensors).length;
    const largest = Object.values(tensors).reduce((most, { values }) => Math.max(most, values.length), 0);
    const { tag: _, layers, ...extents } = shape;
    const strange = Object.entries(extents).find(([, extent]) => typeof extent === 'number' && extent > largest);
    if (layers > tensorCount) {
      return E.left(dataError(`expected weights of ${layers} layers, got ${tensorCount} tensors; check the metadata`));
    }
    return strange === undefined
      ? E.right(undefined)
      : E.left(
          dataError(
            `expected weights of ${strange[0]} ${strange[1]}, got tensors of at most ${largest} numbers; ` +
              'check the metadata',
          ),
        );
  };

const tensorNamed = (
  tensors: TensorFile['tensors'],
  shape: Shape,
  name: string,
  type: ValueType,
): Either<DataError, readonly [string, Tensor['values']]> => {
  const tensor = Object.hasOwn(tensors, name) ? tensors[name] : undefined;
  const expected = fileShape(shape)(type);
  if (tensor === undefined) {
    return E.left(dataError(`expected a weight ${name} of shape ${showShape(expected)}, there is none; add it`));
  }
  return sameShape(tensor.shape, expected)
    ? E.right([name, tensor.values])
    : E.left(
        dataError(
          `expected ${name} of shape ${showShape(expected)}, got ${showShape(tensor.shape)}; write it in that shape`,
        ),
      );
};

/** Refuses names of which the network has no weight, in these words. */
const noStrangers =
  (types: Readonly<Record<string, ValueType>>, said: (name: string) => string) =>
  (named: Readonly<Record<string, unknown>>): Either<DataError, unknown> => {
    const stranger = Object.keys(named).find((name) => !Object.hasOwn(types, name));
    return stranger === undefined ? E.right(undefined) : E.left(dataError(said(quoted(stranger))));
  };

const strangerInFile = (name: string): string =>
  `the network of this file has no weight ${name}; check layers and model in the metadata`;

const strangerInModel = (name: string): string =>
  `expected weights that the network has, got ${name}, which it has not: leave it out, or give the network that has it`;

/** The model in tensors that were read from a file. */
export const modelOf = (file: TensorFile): Either<DataError, Model> =>
  pipe(
    E.Do,
    E.apS('network', networkOf(file)),
    E.bindW('program', ({ network }) =>
      pipe(
        networkProgram(network),
        E.mapLeft(({ message }) => dataError(message)),
      ),
    ),
    E.chainFirst(({ program }) => noStrangers(weightTypes(program), strangerInFile)(file.tensors)),
    E.chain(({ network, program }) =>
      pipe(
        Object.entries(weightTypes(program)),
        E.traverseArray(([name, type]) => tensorNamed(file.tensors, network.shape, name, type)),
        E.map((weights) => ({ network, weights: Object.fromEntries(weights) })),
      ),
    ),
  );

/** The model in the bytes of a file. */
export const readModel = (bytes: Uint8Array): Either<DataError, Model> =>
  pipe(readSafetensors(bytes), E.chain(modelOf));
