/**
 * A program with its weights as an ONNX model: weights become arrays of the file, inputs are read with the batch in front.
 *
 * Fields and scalars come back for each sample, kernels and biases as their sum over the batch, as from every backend. The
 * lattice is square and may have any size; where N is known it stands in the shapes.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';

import { encoded } from '../file/little-endian.kernel.ts';
import { quoted } from '../file/quoted.ts';
import { countOf, type Dtype } from '../file/tensor.ts';
import type { Reals } from '../number/reals.ts';
import { interpret, mapOperands } from '../program/operation.ts';
import { foldEquations, outputsOf } from '../program/program.ts';
import { declarations, type TypedProgram } from '../program/typecheck.ts';
import { shapeOf, type ValueType } from '../program/value-type.ts';
import { applied, integers, layOut, ownPrefix, type GraphOutput, type GraphValue } from './graph-value.ts';
import { forEachSample, lowering, type Lowered, type LoweringTable, type Surroundings } from './lowering.ts';
import type { Dimension, GraphProto, ValueInfo } from './model-proto.ts';

/** What an export is made of beside the program. */
export interface ExportSettings {
  /** Numbers for each parameter, by name. */
  readonly weights: Readonly<Record<string, Reals>>;
  /** How numbers are stored and computed. */
  readonly dtype: Dtype;
  /** N; null for a model that takes any. */
  readonly latticeSize: number | null;
  /** The axes of a field, of its components, channels, rows and columns, that inputs and outputs go without: of extent 1. */
  readonly omittedAxes: readonly (0 | 1 | 2 | 3)[];
  /** What inputs and outputs are, in words. */
  readonly meanings: Readonly<Record<string, string>>;
}

/** Why a program has no ONNX model. */
export interface ExportError {
  readonly tag: 'ExportError';
  /** What was expected, what was got, what to do. */
  readonly message: string;
}

const exportError = (message: string): ExportError => ({ tag: 'ExportError', message });

/** The opset whose meaning the operators have. */
export const opset = 17;

/** What stands for the number of samples, and for N where any is taken. */
const batchName = 'batch';
const latticeName = 'N';

type Checked = Either<ExportError, unknown>;

/** The shape of a weight; one on the lattice has N in it, which is then known. */
const weightShape = ({ latticeSize }: ExportSettings, type: ValueType): readonly number[] =>
  shapeOf(latticeSize ?? 1)(type);

const sized =
  (settings: ExportSettings) =>
  ([name, type]: readonly [string, ValueType]): Checked => {
    const { weights, dtype } = settings;
    const count = countOf(weightShape(settings, type));
    const expected = `${count} numbers for the weight ${quoted(name)}`;
    const numbers = Object.hasOwn(weights, name) ? weights[name] : undefined;
    if (numbers?.length !== count) {
      return E.left(exportError(`expected ${expected}, got ${numbers?.length ?? 'none'}: give its weights`));
    }
    const stored = dtype === 'float32' ? numbers.map(Math.fround) : numbers;
    const at = stored.findIndex((x) => !Number.isFinite(x));
    return at === -1
      ? E.right(undefined)
      : E.left(
          exportError(`expected ${expected}, finite in ${dtype}, got ${numbers[at]} at entry ${at}: export in float64`),
        );
  };

const sizedWeights = (program: TypedProgram, settings: ExportSettings): Checked =>
  pipe(Object.entries(declarations('parameter')(program)), E.traverseArray(sized(settings)));

const finiteConstants = ({ equations }: TypedProgram, { dtype }: ExportSettings): Checked => {
  const large = equations.find(
    (equation) => equation.tag === 'constant' && dtype === 'float32' && !Number.isFinite(Math.fround(equation.value)),
  );
  return large?.tag === 'constant'
    ? E.left(exportError(`expected constants that are finite in float32, got ${large.value}: export in float64`))
    : E.right(undefined);
};

/** Inputs, weights and outputs share one space of names in a graph. */
const distinctNames = (program: TypedProgram): Checked => {
  const names = [
    ...Object.keys(declarations('input')(program)),
    ...Object.keys(declarations('parameter')(program)),
    ...Object.keys(program.outputs),
  ];
  const clash = names.find((name, index) => name.startsWith(ownPrefix) || names.indexOf(name) !== index);
  return clash === undefined
    ? E.right(undefined)
    : E.left(
        exportError(
          `expected inputs, weights and outputs under names of their own that do not begin with ${ownPrefix}, ` +
            `got ${quoted(clash)}: give it another name`,
        ),
      );
};

const someInput = (program: TypedProgram): Checked =>
  Object.keys(declarations('input')(program)).length > 0
    ? E.right(undefined)
    : E.left(exportError('expected a program with an input, got one without: its outputs are constants'));

const hasField = (tag: 'input' | 'parameter', program: TypedProgram): boolean =>
  Object.values(declarations(tag)(program)).some((type) => type.tag === 'field');

const knownSize = (program: TypedProgram, { latticeSize }: ExportSettings): Checked =>
  latticeSize !== null || (hasField('input', program) && !hasField('parameter', program))
    ? E.right(undefined)
    : E.left(
        exportError(
          'expected an input on the lattice, which shows its size, and weights of no lattice, got a program of which ' +
            'the lattice size must be known: give it',
        ),
      );

const wholeSize = ({ latticeSize }: ExportSettings): Checked =>
  latticeSize === null || (Number.isSafeInteger(latticeSize) && latticeSize >= 1)
    ? E.right(undefined)
    : E.left(
        exportError(
          `expected a lattice size N that is a positive integer, got ${latticeSize}: give the number of sites along one side, or null for any`,
        ),
      );

const sideOf = ({ latticeSize }: ExportSettings): Dimension => latticeSize ?? latticeName;

const innerShape = (settings: ExportSettings, type: ValueType): readonly Dimension[] =>
  type.tag === 'field' ? [type.components, type.channels, sideOf(settings), sideOf(settings)] : shapeOf(1)(type);

/** The shape in which callers see a value of one sample. */
const outerShape = (settings: ExportSettings, type: ValueType): readonly Dimension[] =>
  innerShape(settings, type).filter(
    (_, index) => type.tag !== 'field' || !settings.omittedAxes.some((omitted) => omitted === index),
  );

const infoOf =
  (settings: ExportSettings) =>
  ([name, type]: readonly [string, ValueType]): ValueInfo => ({
    name,
    elementType: settings.dtype,
    shape: [batchName, ...outerShape(settings, type)],
    meaning: settings.meanings[name] ?? '',
  });

const initializer = (settings: ExportSettings, name: string, shape: readonly number[], values: Reals): GraphValue => ({
  tag: 'initializer',
  tensor: { name, shape, data: { elementType: settings.dtype, bytes: encoded(settings.dtype, values) } },
});

/** The extent of one axis of a value, as a list of one. */
const extentOf = (value: GraphValue, index: number): GraphValue =>
  applied('Shape', [value], index === -1 ? { start: -1 } : { start: index, end: index + 1 });

const surroundingsOf = (program: TypedProgram, settings: ExportSettings): Surroundings => {
  const inputs = Object.entries(declarations('input')(program)).map(([name, type]) => {
    const value: GraphValue = { tag: 'input', info: infoOf(settings)([name, type]) };
    return { value, type };
  });
  const [first] = inputs;
  const onLattice = inputs.find(({ type }) => type.tag === 'field');
  if (first === undefined) {
    throw new RangeError('expected a program with an input, got one without');
  }
  const batch = extentOf(first.value, 0);
  const latticeSize =
    settings.latticeSize === null ? extentOf((onLattice ?? first).value, -1) : integers([settings.latticeSize]);
  return {
    batch,
    latticeSize,
    hasConvolution: settings.dtype === 'float32',
    number: (value) => initializer(settings, `${ownPrefix}number(${value})`, [], Float64Array.of(value)),
    input: ({ name, type }) => {
      const value: GraphValue = { tag: 'input', info: infoOf(settings)([name, type]) };
      // With every extent named, a lattice that is not square, or not of the size, ends in an error.
      const shape =
        type.tag === 'field'
          ? applied('Concat', [batch, integers([type.components, type.channels]), latticeSize, latticeSize], {
              axis: 0,
            })
          : applied('Concat', [batch, integers(shapeOf(1)(type))], { axis: 0 });
      return { value: applied('Reshape', [value, shape]), type, holds: 'sample' };
    },
    parameter: ({ name, type }) => ({
      value: initializer(settings, name, weightShape(settings, type), settings.weights[name] ?? new Float64Array(0)),
      type,
      holds: 'shared',
    }),
  };
};

/** What is returned for a batch: each sample's value, or the sum over samples. */
const returned = (surroundings: Surroundings, { omittedAxes, dtype }: ExportSettings, lowered: Lowered): GraphValue => {
  const { value, type, holds } = lowered;
  switch (type.tag) {
    case 'field': {
      const axes = omittedAxes.map((index) => index - 4);
      const samples = forEachSample(surroundings)(lowered);
      return axes.length === 0 ? samples : applied('Squeeze', [samples, integers(axes)]);
    }
    case 'scalar':
      return forEachSample(surroundings)(lowered);
    case 'kernel':
    case 'bias':
      return holds === 'sample'
        ? applied('ReduceSum', [value, integers([0])], { keepdims: 0 })
        : applied('Mul', [value, applied('Cast', [surroundings.batch], { to: dtype === 'float32' ? 1 : 11 })]);
  }
};

const outputShape = (settings: ExportSettings, type: ValueType): readonly Dimension[] =>
  type.tag === 'field' || type.tag === 'scalar' ? [batchName, ...outerShape(settings, type)] : shapeOf(1)(type);

/** The export that goes by a table of operators. */
export const programGraphBy =
  (table: (surroundings: Surroundings) => LoweringTable) =>
  (settings: ExportSettings) =>
  (program: TypedProgram): Either<ExportError, GraphProto> =>
    pipe(
      someInput(program),
      E.chain(() => wholeSize(settings)),
      E.chain(() => knownSize(program, settings)),
      E.chain(() => distinctNames(program)),
      E.chain(() => sizedWeights(program, settings)),
      E.chain(() => finiteConstants(program, settings)),
      E.map(() => {
        const surroundings = surroundingsOf(program, settings);
        const meaning = interpret(table(surroundings));
        const lowered = foldEquations<Lowered>((known, equation) => meaning(mapOperands(known)(equation)))(program);
        const outputs = Object.entries(outputsOf(program)(lowered)).map(([name, output]): GraphOutput => ({
          name,
          value: returned(surroundings, settings, output),
          elementType: settings.dtype,
          shape: outputShape(settings, output.type),
          meaning: settings.meanings[name] ?? '',
        }));
        return layOut('efnn', Object.entries(declarations('input')(program)).map(infoOf(settings)), outputs);
      }),
    );

/**
 * The graph of a program with these weights.
 *
 * Errors: a weight that is missing, of the wrong length or not finite in the element type, a constant that float32 cannot
 * hold, a program without inputs, a lattice size that is no whole number or that nothing shows, a name that stands for two things.
 */
export const programGraph = programGraphBy(lowering);
