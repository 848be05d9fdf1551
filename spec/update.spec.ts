/** Updates in float64: the arithmetic of residents. */
import type { Arrays } from '../src/backend/backend.ts';
import { updateInFloat64 } from '../src/backend/schedule/update.ts';
import { float64 } from '../src/number/float64.ts';
import { definitions, evaluateBy, type Definitions } from '../src/program/evaluate.ts';
import { typed } from './arbitraries/program.ts';
import { verify } from './law.ts';
import {
  onItsArrays,
  parametersAreReadByName,
  updatesAreTheirMeaning,
  updatesGoOnWithoutValue,
  updatesOwnTwoSetsOfArrays,
  updatesReplaceAllAtOnce,
  type Update,
} from './laws/update.ts';
import { right } from './right.ts';

const inFloat64 = onItsArrays(updateInFloat64);

/** The update by other meanings of the operations. */
const by =
  (meanings: Definitions): Update =>
  (program, latticeSize) =>
  (parameters) => {
    const given = Object.fromEntries(Object.entries(parameters).map(([name, values]) => [name, [...values]]));
    const outputs = right(evaluateBy(meanings)(float64)(latticeSize)(given, {})(program));
    return Object.fromEntries(Object.entries(outputs).map(([name, values]) => [name, Float64Array.from(values)]));
  };

const changed =
  (change: (returned: Arrays, parameters: Arrays) => Arrays): Update =>
  (program, latticeSize) => {
    const update = inFloat64(program, latticeSize);
    return (parameters) => change(update(parameters), parameters);
  };

verify(updatesAreTheirMeaning, inFloat64, {
  'totals are added from the end': by((numbers, N, given) => ({
    ...definitions(numbers, N, given),
    total: ({ tag, value }) =>
      definitions(numbers, N, given).total({ tag, value: { ...value, entries: [...value.entries].reverse() } }),
  })),
  'results are rounded to float32': changed((returned) =>
    Object.fromEntries(Object.entries(returned).map(([name, values]) => [name, values.map(Math.fround)])),
  ),
  'the first answer is given ever after': (program, latticeSize) => {
    const update = inFloat64(program, latticeSize);
    const known = new Map<string, Arrays>();
    return (parameters) => {
      const answer = known.get('first') ?? update(parameters);
      known.set('first', answer);
      return answer;
    };
  },
});

verify(updatesReplaceAllAtOnce, inFloat64, {
  'one after the other': (program, latticeSize) => (parameters) =>
    Object.entries(program.outputs).reduce<Arrays>((state, [name, id]) => {
      const alone = typed({ equations: program.equations, outputs: { [name]: id } });
      return { ...state, ...inFloat64(alone, latticeSize)(state) };
    }, parameters),
});

verify(updatesOwnTwoSetsOfArrays, inFloat64, {
  'new arrays at each call': (program, latticeSize) => (parameters) => inFloat64(program, latticeSize)(parameters),
  'the same arrays at each call': (program, latticeSize) => {
    const update = inFloat64(program, latticeSize);
    const kept = new Map<string, Float64Array>();
    return (parameters) =>
      Object.fromEntries(
        Object.entries(update(parameters)).map(([name, values]) => {
          const array = kept.get(name) ?? new Float64Array(values.length);
          kept.set(name, array);
          array.set(values);
          return [name, array];
        }),
      );
  },
});

verify(updatesGoOnWithoutValue, inFloat64, {
  'no value is an error': by(definitions),
  'the root of the modulus': (program, latticeSize) => (parameters) =>
    inFloat64(
      program,
      latticeSize,
    )(Object.fromEntries(Object.entries(parameters).map(([name, values]) => [name, values.map(Math.abs)]))),
});

verify(parametersAreReadByName, inFloat64, {
  'the second is read as zeros': (program, latticeSize) => {
    const renamed = program.equations.map((equation, i) =>
      i === 1 && equation.tag === 'parameter' ? { ...equation, name: 'none' } : equation,
    );
    return inFloat64(typed({ equations: renamed, outputs: program.outputs }), latticeSize);
  },
});
