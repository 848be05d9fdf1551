/** Updates in WebAssembly, in vectors of either width: the same bits as updates in float64, whose meaning is the definitions'. */
import { describe } from 'vitest';

import { otherTurn, type UpdateInPlace } from '../src/backend/schedule/update-in-place.ts';
import { updateInFloat64 } from '../src/backend/schedule/update.ts';
import { updateHere, updateInWasm } from '../src/backend/wasm/update.ts';
import type { VectorBits } from '../src/assembler/wide-vector.ts';
import type { TypedProgram } from '../src/program/typecheck.ts';
import { typed } from './arbitraries/program.ts';
import { verify } from './law.ts';
import {
  adamIsItsMeaning,
  onItsArrays,
  parametersAreReadByName,
  scalarsAreComputedFirst,
  updatesAreTheirMeaning,
  updatesGoOnWithoutValue,
  updatesOwnTwoSetsOfArrays,
  updatesReplaceAllAtOnce,
  type Update,
} from './laws/update.ts';

type Make = (program: TypedProgram, latticeSize: number) => UpdateInPlace;

/** An update in WebAssembly, whose parts are done one after the other, the first one first or last, by turns. */
const inWasm =
  (bits: VectorBits, parts: number, orElse: (...of: Parameters<Make>) => UpdateInPlace | null = () => null): Make =>
  (program, latticeSize) => {
    const update = updateInWasm(program, latticeSize, bits, () => parts);
    const made =
      update === null
        ? orElse(program, latticeSize)
        : updateHere({ ...update, calls: (to) => (to === 0 ? update.calls(to) : update.calls(to).toReversed()) });
    if (made === null) {
      throw new RangeError('expected an update in WebAssembly, got none');
    }
    return made;
  };

describe.each([
  { bits: 128, parts: 1 },
  { bits: 256, parts: 1 },
  { bits: 256, parts: 3 },
] as const)('in vectors of $bits bits, parts: $parts', ({ bits, parts }) => {
  const orElse: Update = onItsArrays(inWasm(bits, parts, updateInFloat64));
  const only: Update = onItsArrays(inWasm(bits, parts));

  const rounded: Update = (program, latticeSize) => {
    const update = orElse(program, latticeSize);
    return (parameters) =>
      Object.fromEntries(Object.entries(update(parameters)).map(([name, values]) => [name, values.map(Math.fround)]));
  };

  const halved: Update = (program, latticeSize) => {
    const update = orElse(program, latticeSize);
    return (parameters) =>
      Object.fromEntries(
        Object.entries(update(parameters)).map(([name, values]) => [
          name,
          values.map((value, i) => (i % 4 < 2 ? value : (values[i - 2] ?? value))),
        ]),
      );
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
    'the upper half of four numbers is the lower one': halved,
    'the first answer is given ever after': stale,
  });
  verify(updatesAreTheirMeaning, orElse, {
    'results are rounded to float32': rounded,
    'the upper half of four numbers is the lower one': halved,
    'the first answer is given ever after': stale,
  });
  verify(updatesReplaceAllAtOnce, only, {
    'steps go to the other set': onItsArrays((program, latticeSize) => {
      const update = inWasm(bits, parts)(program, latticeSize);
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
  verify(scalarsAreComputedFirst, only, {
    'those of the call before': (program, latticeSize) => {
      const update = only(program, latticeSize);
      return (parameters) => {
        const before = Float64Array.from(update({})['factor'] ?? []);
        return { ...update(parameters), factor: before };
      };
    },
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
});
