/** ONNX Runtime, which runs exported files: foreign software that knows nothing of this code. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import * as ort from 'onnxruntime-web';

import { backendError, type Arrays, type Backend, type Executable } from '../src/backend/backend.ts';
import type { Dtype } from '../src/file/tensor.ts';
import { lowering } from '../src/onnx/lowering.ts';
import { encodeModel } from '../src/onnx/model-proto.ts';
import { opset, programGraphBy } from '../src/onnx/program-model.ts';
import { declarations, typecheck, type TypedProgram } from '../src/program/typecheck.ts';
import { shapeOf } from '../src/program/value-type.ts';
import type { RunFile, ShapedArray } from './laws/onnx.ts';
import type { Table } from './mutants/onnx.ts';

// One thread: what is computed must not depend on the machine, and workers would outlive the run.
ort.env.wasm.numThreads = 1;
ort.env.logLevel = 'error';

const tensorOf = (dtype: Dtype, { shape, numbers }: ShapedArray): ort.Tensor =>
  dtype === 'float32'
    ? new ort.Tensor('float32', Float32Array.from(numbers), shape)
    : new ort.Tensor('float64', Float64Array.from(numbers), shape);

const arrayOf = ({ data, dims }: ort.Tensor): ShapedArray => {
  if (!(data instanceof Float32Array) && !(data instanceof Float64Array)) {
    throw new RangeError('expected float32 or float64 numbers of ONNX Runtime, got others');
  }
  return { shape: dims, numbers: [...data] };
};

/** A file that ONNX Runtime has loaded. */
export interface LoadedModel {
  readonly run: RunFile;
  readonly release: () => Promise<void>;
}

/** Loads a file; throws for one that ONNX Runtime refuses. */
export const loadModel = async (dtype: Dtype, bytes: Uint8Array): Promise<LoadedModel> => {
  const session = await ort.InferenceSession.create(bytes);
  return {
    run: async (inputs) => {
      const results = await session.run(
        Object.fromEntries(Object.entries(inputs).map(([name, array]) => [name, tensorOf(dtype, array)])),
      );
      return Object.fromEntries(Object.entries(results).map(([name, tensor]) => [name, arrayOf(tensor)]));
    },
    release: () => session.release(),
  };
};

/** Whether a file can leave N open: an input shows it, and no weight depends on it. */
const takesAnySize = (program: TypedProgram): boolean =>
  Object.values(declarations('input')(program)).some(({ tag }) => tag === 'field') &&
  Object.values(declarations('parameter')(program)).every(({ tag }) => tag !== 'field');

const runOnce =
  (table: Table, dtype: Dtype, program: TypedProgram): Executable['run'] =>
  ({ parameters, inputs, latticeSize, batch }) =>
    pipe(
      program,
      programGraphBy(table)({
        weights: parameters,
        dtype,
        latticeSize: takesAnySize(program) ? null : latticeSize,
        omittedAxes: [],
        meanings: {},
      }),
      E.mapLeft(({ message }) => backendError(message)),
      TE.fromEither,
      TE.chain((graph) =>
        TE.tryCatch(
          async (): Promise<Arrays> => {
            const producer = { name: 'efnn', version: '' };
            const model = await loadModel(dtype, encodeModel({ producer, opset, graph, metadata: {} }));
            const results = await model.run(
              Object.fromEntries(
                Object.entries(declarations('input')(program)).map(([name, type]) => [
                  name,
                  { shape: [batch, ...shapeOf(latticeSize)(type)], numbers: [...(inputs[name] ?? [])] },
                ]),
              ),
            );
            await model.release();
            return Object.fromEntries(
              Object.entries(results).map(([name, { numbers }]) => [name, Float64Array.from(numbers)]),
            );
          },
          (error) => backendError(String(error)),
        ),
      ),
    );

/** Programs by way of their ONNX files, so that the laws of backends can be asked of the export. */
export const onnxBackendBy =
  (table: Table) =>
  (dtype: Dtype): Backend => ({
    name: `ONNX Runtime, ${dtype}`,
    compile: (program) =>
      TE.fromEither(
        pipe(
          typecheck(program),
          E.bimap(
            ({ message }) => backendError(message),
            (checked): Executable => ({
              run: runOnce(table, dtype, checked),
              resident: () => TE.left(backendError('expected a backend that trains, got files that only run')),
            }),
          ),
        ),
      ),
  });

/** The export itself. */
export const onnxBackend = onnxBackendBy(lowering);
