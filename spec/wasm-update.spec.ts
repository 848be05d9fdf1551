/** Updates in WebAssembly: the same bits as updates in float64, whose meaning is the definitions'. */
import { otherTurn, type UpdateInPlace } from '../src/backend/schedule/update-in-place.ts';
import { updateInFloat64 } from '../src/backend/schedule/update.ts';
import { updateInWasm } from '../src/backend/wasm/update.ts';
import type { TypedProgram } from '../src/program/typecheck.ts';
import { typed } from './arbitraries/program.ts';
import { verify } from './law.ts';
import {
  adamIsItsMeaning,
  onItsArrays,
  parametersAreReadByName,
  updatesAreTheirMeaning,
  updatesGoOnWithoutValue,
  updatesOwnTwoSetsOfArrays,
  updatesReplaceAllAtOnce,
  type Update,
} from './laws/update.ts';

const orElse: Update = onItsArrays(
  (program, latticeSize) => updateInWasm(program, latticeSize) ?? updateInFloat64(program, latticeSize),
);

const inWasm = (program: TypedProgram, latticeSize: number): UpdateInPlace => {
  const update = updateInWasm(program, latticeSize);
  if (update === null) {
    throw new RangeError('expected an update in WebAssembly, got none');
  }
  return update;
};

const only: Update = onItsArrays(inWasm);

const rounded: Update = (program, latticeSize) => {
  const update = orElse(program, latticeSize);
  return (parameters) =>
    Object.fromEntries(Object.entries(update(parameters)).map(([name, values]) => [name, values.map(Math.fround)]));
};

const stale: Update = (program, latticeSize) => {
  const update = orElse(program, latticeSize);
  const known = new Map<string, ReturnType<typeof update>>();
  return (parameters) => {
    const answer = known.get('first') ?? update(parameters);
    known.set('first', answer);
    return answer;
  };
};

verify(adamIsItsMeaning, only, {
  'results are rounded to float32': rounded,
  'the first answer is given ever after': stale,
});
verify(updatesAreTheirMeaning, orElse, {
  'results are rounded to float32': rounded,
  'the first answer is given ever after': stale,
});
verify(updatesReplaceAllAtOnce, only, {
  'steps go to the other set': onItsArrays((program, latticeSize) => {
    const update = inWasm(program, latticeSize);
    return {
      ...update,
      step: (to) => {
        update.step(otherTurn(to));
      },
    };
  }),
  'one after the other': (program, latticeSize) => (parameters) =>
    Object.entries(program.outputs).reduce(
      (state, [name, id]) => ({
        ...state,
        ...orElse(typed({ equations: program.equations, outputs: { [name]: id } }), latticeSize)(state),
      }),
      parameters,
    ),
});
verify(updatesOwnTwoSetsOfArrays, only, {
  'new arrays at each call': (program, latticeSize) => (parameters) => only(program, latticeSize)(parameters),
});
verify(updatesGoOnWithoutValue, only, {
  'the root of the modulus': (program, latticeSize) => (parameters) =>
    only(
      program,
      latticeSize,
    )(Object.fromEntries(Object.entries(parameters).map(([name, values]) => [name, values.map(Math.abs)]))),
});

verify(parametersAreReadByName, only, {
  'the second is read as zeros': (program, latticeSize) => {
    const renamed = program.equations.map((equation, i) =>
      i === 1 && equation.tag === 'parameter' ? { ...equation, name: 'none' } : equation,
    );
    return only(typed({ equations: renamed, outputs: program.outputs }), latticeSize);
  },
});
