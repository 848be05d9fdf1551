/** Programs as ONNX files: what ONNX Runtime computes from them is what they mean. */
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';

import type { Model } from '../src/network/model.ts';
import { network, networkProgram } from '../src/network/network.ts';
import { weightTypes } from '../src/network/weights.ts';
import { networkOnnxBy, type NetworkExport } from '../src/onnx/network-model.ts';
import { lowering } from '../src/onnx/lowering.ts';
import { programGraph, type ExportSettings } from '../src/onnx/program-model.ts';
import {
  add,
  broadcast,
  constant,
  correlate,
  inputField,
  inputScalar,
  multiply,
  parameterBias,
  parameterKernel,
  parameterScalar,
  record,
  scale,
  total,
  type Expression,
} from '../src/program/expression.ts';
import { lengthOf } from '../src/program/value-type.ts';
import { typed } from './arbitraries/program.ts';
import { verify, type Law } from './law.ts';
import {
  adjointness,
  agreement,
  agreementToRounding,
  batching,
  float32Precision,
  float64Precision,
  translationEquivariance,
} from './laws/backend.ts';
import { filesAnswerAsNetworks, type ExportedNetwork, type RunFile, type ShapedArray } from './laws/onnx.ts';
import { averages, firstSampleOnly } from './mutants/backends.ts';
import {
  flippedKernel,
  forgetsToReflect,
  forgottenTanh,
  repeatedEdge,
  singleTurn,
  type Table,
} from './mutants/onnx.ts';
import { loadModel, onnxBackend, onnxBackendBy } from './onnx-runtime.ts';
import { messageOf, right } from './right.ts';

/** Each case is a file that is loaded anew, so there are fewer of them than backends get. */
const fewer = <Instance, Case>(law: Law<Instance, Case>, runs: number): Law<Instance, Case> => ({ ...law, runs });

const stencils = {
  'convolution, not cross-correlation': flippedKernel,
  'the edge is repeated, not wrapped': repeatedEdge,
};

const backendsBy = (dtype: 'float32' | 'float64', tables: Readonly<Record<string, Table>>) =>
  Object.fromEntries(Object.entries(tables).map(([name, table]) => [name, onnxBackendBy(table)(dtype)]));

describe.each([
  ['float32', float32Precision],
  ['float64', float64Precision],
] as const)('programs in %s', (dtype, precision) => {
  verify(fewer(agreement(precision), 60), onnxBackend(dtype), backendsBy(dtype, stencils));
  verify(
    fewer(agreementToRounding(precision), 40),
    onnxBackend(dtype),
    backendsBy(dtype, { 'no functions': forgottenTanh }),
  );
  verify(
    fewer(adjointness, 30),
    onnxBackend(dtype),
    backendsBy(dtype, { 'correlateTransposed does not reflect the kernel': forgetsToReflect }),
  );
});

verify(
  fewer(translationEquivariance, 30),
  onnxBackend('float32'),
  backendsBy('float32', { 'the edge is repeated, not wrapped': repeatedEdge }),
);
verify(fewer(batching(float64Precision), 30), onnxBackend('float64'), {
  'kernels and biases are averaged': averages,
  'every sample is the first': firstSampleOnly,
});

const settings: NetworkExport = { dtype: 'float64', forces: true, latticeSize: null, version: '0', metadata: {} };

const exportedBy =
  (table: Table): ExportedNetwork =>
  async (dtype, model) =>
    (await loadModel(dtype, right(networkOnnxBy(table)({ ...settings, dtype })(model)))).run;

const answering =
  (
    change: (outputs: Readonly<Record<string, ShapedArray>>) => Readonly<Record<string, ShapedArray>>,
  ): ExportedNetwork =>
  async (dtype, model): Promise<RunFile> => {
    const run = await exportedBy(lowering)(dtype, model);
    return async (inputs) => change(await run(inputs));
  };

verify(filesAnswerAsNetworks, exportedBy(lowering), {
  ...Object.fromEntries(Object.entries(stencils).map(([name, table]) => [name, exportedBy(table)])),
  'wrapped around once at most': exportedBy(singleTurn),
  'correlateTransposed does not reflect the kernel': exportedBy(forgetsToReflect),
  'no tanh': exportedBy(forgottenTanh),
  'forces are -dE/ds': answering(({ energy, forces }) => ({
    ...(energy === undefined ? {} : { energy }),
    ...(forces === undefined ? {} : { forces: { ...forces, numbers: forces.numbers.map((x) => -x) } }),
  })),
  'scale and shift are left out': async (dtype, { network: described, weights }) =>
    exportedBy(lowering)(dtype, { network: { ...described, energyScale: 1, energyShift: 0 }, weights }),
  'energies are per sample and site': answering(({ energy, ...others }) => ({
    ...others,
    ...(energy === undefined ? {} : { energy: { ...energy, shape: [...energy.shape, 1] } }),
  })),
});

const small = { tag: 'lattice', channels: 1, layers: 1, kernel: 3, pairHead: false } as const;
const model: Model = {
  network: network('efnn', small),
  weights: Object.fromEntries(
    Object.entries(weightTypes(right(networkProgram(network('efnn', small))))).map(([name, type]) => [
      name,
      new Float64Array(lengthOf(1)(type)).fill(0.1),
    ]),
  ),
};

const ones = (...shape: readonly number[]): ShapedArray => ({
  shape,
  numbers: shape.reduce<readonly number[]>((all, extent) => Array.from({ length: extent }, () => all).flat(), [1]),
});

describe('lattices that a file does not take', () => {
  const run = async (latticeSize: number | null, spins: ShapedArray) => {
    const file = await loadModel('float64', right(networkOnnxBy(lowering)({ ...settings, latticeSize })(model)));
    return file.run({ spins });
  };

  it('are those that are not square: they end in an error, not in numbers', async () => {
    await expect(run(null, ones(1, 3, 4, 5))).rejects.toThrow();
    await expect(run(null, ones(1, 3, 5, 4))).rejects.toThrow();
    await expect(run(null, ones(1, 2, 4, 4))).rejects.toThrow();
  });

  it('are those of another size than the one asked for', async () => {
    await expect(run(4, ones(1, 3, 3, 3))).rejects.toThrow();
    expect((await run(4, ones(2, 3, 4, 4)))['energy']?.shape).toEqual([2]);
  });

  it('leave out the forces where they are not asked for', async () => {
    const file = await loadModel('float64', right(networkOnnxBy(lowering)({ ...settings, forces: false })(model)));
    expect(Object.keys(await file.run({ spins: ones(1, 3, 2, 2) }))).toEqual(['energy']);
  });
});

const x = inputField('x', 1, 1);
const given: ExportSettings = {
  weights: { K: Float64Array.of(1), b: Float64Array.of(1), s: Float64Array.of(1) },
  dtype: 'float32',
  latticeSize: null,
  omittedAxes: [],
  meanings: {},
};

describe('programs that have no file', () => {
  const refused: readonly (readonly [string, Readonly<Record<string, Expression>>, Partial<ExportSettings>, RegExp])[] =
    [
      ['without inputs', { y: constant(1) }, {}, /expected a program with an input/],
      [
        'without a weight',
        { y: correlate(parameterKernel('W', 1, 1, 3))(x) },
        {},
        /9 numbers for the weight 'W', got none/,
      ],
      ['with a weight of another length', { y: correlate(parameterKernel('K', 1, 1, 3))(x) }, {}, /got 1:/],
      [
        'with weights that float32 cannot hold',
        { y: add(x, broadcast(1)(parameterBias('b', 1))) },
        { weights: { b: Float64Array.of(1e300) } },
        /finite in float32, got 1e\+300 at entry 0: export in float64/,
      ],
      [
        'with constants that float32 cannot hold',
        { y: scale(constant(-1e39))(x) },
        {},
        /got -1e\+39: export in float64/,
      ],
      [
        'on lattices whose size nothing shows',
        { y: multiply(inputScalar('z'), total(inputScalar('z'))) },
        {},
        /give it/,
      ],
      ['with an output named as an input', { x: total(x) }, {}, /got 'x': give it another name/],
      ['with names that begin as those of the graph', { '/y': total(x) }, {}, /got '\/y'/],
      ['with a name that objects have', { y: scale(parameterScalar('toString'))(x) }, {}, /'toString', got none/],
    ];

  it.each(refused)('%s', (_, outputs, changes, message) => {
    expect(messageOf(programGraph({ ...given, ...changes })(typed(record(outputs))))).toMatch(message);
  });

  it('have one where float64 can hold them', () => {
    const large = typed(record({ y: add(x, broadcast(1)(parameterBias('b', 1))) }));
    expect(E.isRight(programGraph({ ...given, dtype: 'float64', weights: { b: Float64Array.of(1e300) } })(large))).toBe(
      true,
    );
  });
});
