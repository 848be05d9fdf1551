/**
 * Models as `.safetensors` files of format `efnn/1`: every weight under its name, the network in the metadata.
 *
 * Kernels are [out, in, k, k] and cross-correlate, as PyTorch's Conv2d; dense weights are [out, in]. Which architecture,
 * how many layers and so on is text in the metadata; whether there is a pair head is seen from its kernel.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import { z } from 'zod';

import { dataError, type DataError } from '../file/data-error.ts';
import { readSafetensors, writeSafetensors, type TensorFile } from '../file/safetensors.ts';
import { showShape, type Dtype, type Tensor } from '../file/tensor.ts';
import type { TypedProgram } from '../program/typecheck.ts';
import type { ValueType } from '../program/value-type.ts';
import { weightName } from '../program/weight.ts';
import type { Model } from './model.ts';
import { architectures, networkProgram, type Network, type Shape } from './network.ts';
import { pairKernel } from './pair-head.ts';
import { fileShape, weightTypes } from './weights.ts';

export const modelFormat = 'efnn/1';

const wholeNumber = z.string().regex(/^\d+$/, 'a whole number').transform(Number);
const finiteNumber = z
  .string()
  .transform(Number)
  .refine((x) => Number.isFinite(x), 'a finite number');

const metadataSchema = z.object({
  format: z.literal(modelFormat),
  model: z.enum(architectures),
  layers: wholeNumber,
  channels: wholeNumber.optional(),
  kernel: wholeNumber.optional(),
  neurons: wholeNumber.optional(),
  sites: wholeNumber.optional(),
  energyShift: finiteNumber.default(0),
  energyScale: finiteNumber.default(1),
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

/** The bytes of a model's file. Float64 keeps every bit; float32 halves the size. */
export const writeModel =
  (dtype: Dtype) =>
  ({ network, weights }: Model): Either<DataError, Uint8Array> =>
    pipe(
      networkProgram(network),
      E.bimap(
        ({ message }) => dataError(message),
        (program) =>
          writeSafetensors({
            metadata: networkMetadata(network),
            tensors: weightTensors(network, program, dtype)(weights),
          }),
      ),
    );

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

const networkOf = ({ metadata, tensors }: TensorFile): Either<DataError, Network> => {
  const parsed = metadataSchema.safeParse(metadata);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return E.left(
      dataError(
        `expected the metadata of an ${modelFormat} model, but ${issue?.path.join('.')}: ${issue?.message}; ` +
          'write the model with efnn train',
      ),
    );
  }
  const { model, layers, channels, kernel, neurons, sites, energyShift, energyScale } = parsed.data;
  const described = (shape: Shape): Either<DataError, Network> =>
    E.right({ architecture: model, shape, energyShift, energyScale });
  if (channels !== undefined && kernel !== undefined) {
    return described({ tag: 'lattice', channels, layers, kernel, pairHead: weightName(pairKernel(kernel)) in tensors });
  }
  return neurons !== undefined && sites !== undefined
    ? described({ tag: 'dense', sites, neurons, layers })
    : E.left(
        dataError(
          'expected the metadata channels and kernel of a lattice network, or neurons and sites of a dense one, came neither; ' +
            'add them',
        ),
      );
};

const tensorNamed = (
  tensors: TensorFile['tensors'],
  shape: Shape,
  name: string,
  type: ValueType,
): Either<DataError, readonly [string, Tensor['values']]> => {
  const tensor = tensors[name];
  const expected = showShape(fileShape(shape)(type));
  if (tensor === undefined) {
    return E.left(dataError(`expected a weight ${name} of shape ${expected}, there is none; add it`));
  }
  return showShape(tensor.shape) === expected
    ? E.right([name, tensor.values])
    : E.left(
        dataError(`expected ${name} of shape ${expected}, came ${showShape(tensor.shape)}; write it in that shape`),
      );
};

const noStrangers =
  (types: Readonly<Record<string, ValueType>>) =>
  ({ tensors }: TensorFile): Either<DataError, unknown> => {
    const stranger = Object.keys(tensors).find((name) => !(name in types));
    return stranger === undefined
      ? E.right(undefined)
      : E.left(dataError(`the network of this file has no weight ${stranger}; check layers and model in the metadata`));
  };

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
    E.chainFirst(({ program }) => noStrangers(weightTypes(program))(file)),
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
