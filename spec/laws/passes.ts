/**
 * Laws of passes and of their sweeps. A plain interpreter takes the passes one after the other, and reads nothing that
 * none of them has stored; the definitions of the operations, evaluated one after the other by `evaluate`, are the oracle.
 */
import fc from 'fast-check';

import { batchSums } from '../../src/backend/schedule/batch-sum.ts';
import type { EntryExpression, withFusedProducts } from '../../src/backend/schedule/entry-expression.ts';
import { passesOf, type Pass, type Passes } from '../../src/backend/schedule/passes.ts';
import type { spectraOf } from '../../src/backend/schedule/spectra.ts';
import type { Leaf, Sweep } from '../../src/backend/schedule/sweep.ts';
import { float64 } from '../../src/number/float64.ts';
import { definitions, evaluate, type Tensor, type Values } from '../../src/program/evaluate.ts';
import {
  interpret,
  isPointwise,
  mapOperands,
  operandsOf,
  type EntryFunction,
  type Operation,
} from '../../src/program/operation.ts';
import { meaningOf, valueId, type ValueId } from '../../src/program/program.ts';
import type { TypedProgram } from '../../src/program/typecheck.ts';
import { lengthOf, scalarType, type ValueType } from '../../src/program/value-type.ts';
import { networkRuns, programOf, valuesOf } from '../arbitraries/network-runs.ts';
import { programCases, sampleOf, smooth, type ProgramCase } from '../arbitraries/program.ts';
import type { Law } from '../law.ts';
import { right } from '../right.ts';

type TakePasses = typeof passesOf;

type Meaning = (operation: Operation<Tensor<number>>) => Tensor<number>;

const meaningOn = (N: number, parameters: Values<number>, inputs: Values<number>): Meaning => {
  const meaning = interpret(definitions(float64, N, { parameters, inputs }));
  return (operation) => right(meaning(operation));
};

const numberOf = ({ entries }: Tensor<number>): number => entries[0] ?? NaN;

/** What a function of entries is at a number. */
type EntryMeaning = (name: EntryFunction, x: number) => number;

const entryMeaning =
  (meaning: Meaning): EntryMeaning =>
  (tag, x) =>
    numberOf(meaning({ tag, value: { type: scalarType, entries: [x] } }));

/** The number that an expression is where its leaves are these. */
const valueAt = <L>(functionOf: EntryMeaning, expression: EntryExpression<L>, leafOf: (leaf: L) => number): number => {
  return (
    expression
      .reduce<readonly number[]>((known, node) => {
        const at = meaningOf(known);
        switch (node.tag) {
          case 'leaf':
            return [...known, leafOf(node.leaf)];
          case 'constant':
            return [...known, node.value];
          case 'add':
            return [...known, at(valueId(node.left)) + at(valueId(node.right))];
          case 'multiply':
            return [...known, at(valueId(node.left)) * at(valueId(node.right))];
          case 'multiplyAdd':
            return [...known, at(valueId(node.left)) * at(valueId(node.right)) + at(valueId(node.addend))];
          case 'function':
            return [...known, functionOf(node.function, at(valueId(node.value)))];
        }
      }, [])
      .at(-1) ?? NaN
  );
};

type Reader = (id: ValueId) => Tensor<number>;

/** What a sweep stores, where its leaves are found by a reader. */
const sweptOver = (meaning: Meaning, N: number, { over, of, expression }: Sweep, read: Reader): Tensor<number> => {
  const entriesOfOne = (type: ValueType): number => (type.tag === 'field' ? type.channels * N * N : lengthOf(N)(type));
  const plane = entriesOfOne(over);
  const entries = Array.from({ length: lengthOf(N)(over) }, (_, index) => {
    const leafOf = (leaf: Leaf): number => {
      const value = read(leaf.value);
      if (leaf.tag === 'scalar') {
        return numberOf(value);
      }
      const component = leaf.component === 'each' ? Math.floor(index / plane) : leaf.component;
      return value.entries[component * plane + (index % plane)] ?? NaN;
    };
    return valueAt(entryMeaning(meaning), expression, leafOf);
  });
  const all: Tensor<number> = { type: over, entries };
  switch (of) {
    case 'each':
      return all;
    case 'total':
      return meaning({ tag: 'total', value: all });
    case 'sites':
      return meaning({ tag: 'sumSites', field: all });
  }
};

/** The outputs that passes leave for one sample. */
const taken = (
  { program, latticeSize: N, parameters }: ProgramCase,
  inputs: Values<number>,
  { passes, terms }: Passes,
): Values<number> => {
  const meaning = meaningOn(N, parameters, inputs);
  const stored = new Map<ValueId, Tensor<number>>();
  const read = (id: ValueId): Tensor<number> => {
    const known = stored.get(id);
    const equation = meaningOf(program.equations)(id);
    const isView = equation.tag === 'fill' || equation.tag === 'broadcast' || equation.tag === 'slice';
    if (known === undefined && !isView && equation.tag !== 'constant' && !(equation.tag === 'add' && terms.has(id))) {
      throw new RangeError(`value ${id} is read before a pass has stored it`);
    }
    return known ?? meaning(mapOperands(read)(equation));
  };
  const storedBy = (pass: Pass): Tensor<number> => {
    switch (pass.tag) {
      case 'sweep':
        return sweptOver(meaning, N, pass.sweep, read);
      case 'correlation': {
        const correlated = meaning(mapOperands(read)(pass.correlation));
        return pass.start === null ? correlated : meaning({ tag: 'add', left: read(pass.start), right: correlated });
      }
      case 'operation':
        return meaning(mapOperands(read)(pass.operation));
    }
  };
  passes.forEach((pass) => stored.set(pass.stores, storedBy(pass)));
  return Object.fromEntries(Object.entries(program.outputs).map(([name, id]) => [name, read(id).entries]));
};

const sameNumbers = (found: Values<number>, expected: Values<number>): boolean =>
  Object.entries(expected).every(
    ([name, values]) => found[name]?.length === values.length && values.every((x, i) => x === found[name]?.[i]),
  );

/** One sample of a network, its forces, or the gradient of a loss. */
const networks: fc.Arbitrary<ProgramCase> = networkRuns(2e4)
  .filter(({ batch }) => batch === 1)
  .map((run) => {
    const program = programOf(run);
    const numbers = (tag: 'input' | 'parameter'): Values<number> =>
      Object.fromEntries(
        Object.entries(valuesOf(tag, program, run, 1)).map(([name, values]) => [name, [...values]] as const),
      );
    const { latticeSize, batch } = run;
    return { program, latticeSize, batch, parameters: numbers('parameter'), inputs: numbers('input'), magnitudes: {} };
  });

/** Random programs hold what nobody thinks of, networks what all training is made of. */
const programs = fc.oneof(
  { weight: 4, arbitrary: programCases({ ...smooth, operations: 14, latticeSizes: [1, 2, 3] }) },
  { weight: 1, arbitrary: networks },
);

export const passesAreTheirProgram: Law<TakePasses, ProgramCase> = {
  statement:
    'the passes of a program, one after the other, compute in float64 what its operations compute one after the other',
  cases: programs,
  holds: (passesFor) => (example) => {
    const { program, latticeSize, parameters } = example;
    const inputs = sampleOf(example, 0);
    const expected = right(evaluate(float64)(latticeSize)(parameters, inputs)(program));
    return sameNumbers(taken(example, inputs, passesFor(program)), expected);
  },
  runs: 200,
};

const sweepsIn = ({ passes }: Passes): readonly Sweep[] =>
  passes.flatMap((pass) => (pass.tag === 'sweep' ? [pass.sweep] : []));

/** The values that passes compute, once for each time that one does. */
const computedBy = (program: TypedProgram, pass: Pass): readonly ValueId[] => {
  if (pass.tag !== 'sweep') {
    return [pass.stores];
  }
  const { stores, computes } = pass.sweep;
  return isPointwise(meaningOf(program.equations)(stores)) ? computes : [stores, ...computes];
};

export const pointwiseValuesAreComputedOnce: Law<TakePasses, ProgramCase> = {
  statement:
    'each pointwise value is computed by exactly one pass, unless it is the sum of terms that are added over the batch',
  cases: programs,
  holds:
    (passesFor) =>
    ({ program }) => {
      const { times, passes } = passesFor(program);
      const terms = batchSums(program, times);
      const computed = passes.flatMap((pass) => computedBy(program, pass));
      return program.equations.every((equation, index) => {
        const times = computed.filter((id) => id === valueId(index)).length;
        const isSumOfTerms = equation.tag === 'add' && terms.has(valueId(index));
        return isPointwise(equation) && !isSumOfTerms ? times === 1 : times <= 1;
      });
    },
  runs: 200,
};

/** An expression, and what becomes of it. */
type FuseProducts = typeof withFusedProducts;

/** A number for each leaf: an integer from -3 to 3. */
const someNumber = (leaf: Leaf): number =>
  Array.from(JSON.stringify(leaf), (letter) => letter.charCodeAt(0)).reduce((sum, code) => (3 * sum + code) % 7, 1) - 3;

/** In the place of any function: it has a value everywhere. */
const successor: EntryMeaning = (_, x) => x + 1;

export const fusedProductsAreProducts: Law<FuseProducts, ProgramCase> = {
  statement: 'products that join their sums leave the value of an expression as it is, and no product is added alone',
  cases: programs,
  holds:
    (fuse) =>
    ({ program }) =>
      sweepsIn(passesOf(program)).every(({ expression }) => {
        const fused = fuse(expression);
        const isProduct = (id: number): boolean => fused[id]?.tag === 'multiply';
        return (
          Object.is(valueAt(successor, fused, someNumber), valueAt(successor, expression, someNumber)) &&
          fused.every((node) => node.tag !== 'add' || !(isProduct(node.left) || isProduct(node.right)))
        );
      }),
  runs: 200,
};

/** The values that a pass reads, beside what a correlation starts from. */
const readBy = (pass: Pass): readonly ValueId[] => {
  switch (pass.tag) {
    case 'sweep':
      return pass.sweep.expression.flatMap((node) => (node.tag === 'leaf' ? [node.leaf.value] : []));
    case 'correlation':
      return operandsOf<ValueId>(pass.correlation);
    case 'operation':
      return operandsOf<ValueId>(pass.operation);
  }
};

/** A value, and what it is a view of. */
const withViews = (program: TypedProgram, id: ValueId): readonly ValueId[] => {
  const equation = meaningOf(program.equations)(id);
  return equation.tag === 'slice' ? [id, ...withViews(program, equation.field)] : [id];
};

export const spectraThatGoOnAreReadOnce: Law<typeof spectraOf, ProgramCase> = {
  statement:
    'a sum that goes on as a spectrum is read by the correlation that starts from it alone, and is no output; both are ' +
    'correlations of samples that share a kernel',
  cases: programs,
  holds:
    (spectraFor) =>
    ({ program }) => {
      const schedule = passesOf(program);
      const { goesOn, isSpectral } = spectraFor(program, schedule, 0);
      const { passes, times } = schedule;
      const read = passes.flatMap((pass) => readBy(pass)).flatMap((id) => withViews(program, id));
      const isShared = (pass: Pass): boolean =>
        pass.tag === 'correlation' && times[pass.correlation.kernel] === 'run' && times[pass.stores] === 'sample';
      return passes.every((pass) => {
        const starting = passes.filter((other) => other.tag === 'correlation' && other.start === pass.stores);
        return (
          (pass.tag !== 'correlation' || isSpectral(pass) === isShared(pass)) &&
          (!goesOn(pass.stores) ||
            (isShared(pass) &&
              starting.length === 1 &&
              starting.every(isShared) &&
              !read.includes(pass.stores) &&
              !Object.values(program.outputs).includes(pass.stores)))
        );
      });
    },
  runs: 200,
};

/** Values whose entries a pass reads, where passes that are taken in spectra read the spectra of their fields. */
const entriesReadBy = (pass: Pass, isSpectral: boolean): readonly ValueId[] => {
  if (pass.tag === 'correlation') {
    const starts = pass.start === null ? [] : [pass.start];
    return [...(isSpectral ? [] : readBy(pass)), ...starts];
  }
  return isSpectral && !(pass.tag === 'sweep' && pass.sweep.of === 'each') ? [] : readBy(pass);
};

/** Values whose spectra a pass reads, where it is taken in spectra. */
const spectraReadBy = (pass: Pass): readonly ValueId[] => {
  if (pass.tag === 'correlation') {
    return [pass.correlation.field];
  }
  return pass.tag === 'operation' ? readBy(pass) : [];
};

/** The sweeps whose numbers are left to a transform, each computed from so many entries at most. */
const leftToTransforms = (spectraFor: typeof spectraOf, program: TypedProgram, most: number): readonly ValueId[] => {
  const { isSpectral } = spectraFor(program, passesOf(program), most);
  return sweepsIn(passesOf(program)).flatMap((sweep) =>
    sweep.of === 'each' && isSpectral({ tag: 'sweep', stores: sweep.stores, sweep }) ? [sweep.stores] : [],
  );
};

/** What may be left to a transform: sums and products of a few entries that are read as a spectrum alone. */
const leftByDefinition = (spectraFor: typeof spectraOf, program: TypedProgram, most: number): readonly ValueId[] => {
  const schedule = passesOf(program);
  const { passes } = schedule;
  const { isSpectral } = spectraFor(program, schedule, most);
  // The spectrum of a view is made of the entries of what it is a view of.
  const spectra = passes.filter(isSpectral).flatMap(spectraReadBy);
  const entries = [
    ...passes.flatMap((pass) => entriesReadBy(pass, isSpectral(pass))).flatMap((id) => withViews(program, id)),
    ...spectra.flatMap((id) => withViews(program, id).slice(1)),
    ...Object.values(program.outputs).flatMap((id) => withViews(program, id)),
  ];
  return sweepsIn(schedule).flatMap(({ stores, of, expression }) => {
    const isShort =
      of === 'each' &&
      expression.filter(({ tag }) => tag === 'leaf').length <= most &&
      !expression.some(({ tag }) => tag === 'function');
    return isShort && spectra.includes(stores) && !entries.includes(stores) ? [stores] : [];
  });
};

export const transformsComputeWhatTheyAloneRead: Law<typeof spectraOf, ProgramCase> = {
  statement:
    'a sweep is left to a transform if and only if it computes numbers by sums and products of a few entries, is no output, and is read ' +
    'as a spectrum alone',
  cases: programs,
  holds:
    (spectraFor) =>
    ({ program }) =>
      [0, 2, 12].every((most) => {
        const left = leftToTransforms(spectraFor, program, most);
        const [shown] = left;
        const withIt = shown === undefined ? program : { ...program, outputs: { ...program.outputs, shown } };
        return [program, withIt].every(
          (each) =>
            JSON.stringify(leftToTransforms(spectraFor, each, most)) ===
            JSON.stringify(leftByDefinition(spectraFor, each, most)),
        );
      }),
  runs: 200,
};
