/** Laws of work that is cut into parts, which threads do at once. */
import fc from 'fast-check';

import { compile, exported } from '../../src/backend/wasm/compiled-program.ts';
import { machineFor } from '../../src/backend/wasm/machine.ts';
import type { evenParts, independentParts } from '../../src/backend/wasm/parts.ts';
import { callHere, callsOf, type Call } from '../../src/backend/wasm/shared-module.ts';
import type { TypedProgram } from '../../src/program/typecheck.ts';
import { networkRuns, programOf, type NetworkRun } from '../arbitraries/network-runs.ts';
import type { Law } from '../law.ts';

export const partsCoverItems: Law<typeof evenParts, { readonly items: number; readonly parts: number }> = {
  statement: 'even parts follow each other through all items, and their sizes differ by one at most',
  cases: fc.record({ items: fc.nat({ max: 200 }), parts: fc.integer({ min: 1, max: 9 }) }),
  holds:
    (cut) =>
    ({ items, parts }) => {
      const found = cut(items, parts);
      const sizes = found.map(({ count }) => count);
      return (
        found.length === parts &&
        found.every(({ first }, part) => first === sizes.slice(0, part).reduce((sum, size) => sum + size, 0)) &&
        sizes.reduce((sum, size) => sum + size, 0) === items &&
        Math.max(...sizes) - Math.min(...sizes) <= 1
      );
    },
};

/** Items that touch some things; each has a place of its own. */
interface Items {
  readonly touched: readonly (readonly number[])[];
  readonly parts: number;
}

export const partsAreIndependent: Law<typeof independentParts, Items> = {
  statement: 'each item is in one part, what touches a common thing is in the same, in its order',
  cases: fc.record({
    touched: fc.array(fc.uniqueArray(fc.nat({ max: 12 }), { minLength: 1, maxLength: 3 }), { maxLength: 12 }),
    parts: fc.integer({ min: 1, max: 4 }),
  }),
  holds:
    (cut) =>
    ({ touched, parts }) => {
      const items = touched.map((touches, place) => ({ touches, weight: touches.length, place }));
      const found = cut(items, parts);
      const partOf = (place: number): number => found.findIndex((part) => part.some((item) => item.place === place));
      const position = (place: number): number => found.flat().findIndex((item) => item.place === place);
      const meet = (a: number, b: number): boolean => touched[a]?.some((thing) => touched[b]?.includes(thing)) === true;
      return (
        found.length === parts &&
        found.flat().length === items.length &&
        items.every(({ place }) => partOf(place) >= 0) &&
        items.every(({ place: a }) =>
          items
            .slice(a + 1)
            .every(({ place: b }) => !meet(a, b) || (partOf(a) === partOf(b) && position(a) < position(b))),
        )
      );
    },
};

export const independentItemsFillAllParts: Law<typeof independentParts, number> = {
  statement: 'items of one weight that touch nothing in common are spread evenly',
  cases: fc.integer({ min: 1, max: 5 }),
  holds: (cut) => (count) =>
    cut(
      Array.from({ length: 3 * count }, (_, place) => ({ touches: [place], weight: 1 })),
      3,
    ).every((part) => part.length === count),
};

/** Does the calls that prepare a machine. */
export type Preparing = (calls: readonly Call[]) => void;

interface Preparation extends NetworkRun {
  readonly correlations: 'direct' | 'spectral';
}

/** The bits of what a machine has in memory once it is prepared in so many parts, before there is any sample. */
const preparedIn = (
  program: TypedProgram,
  { latticeSize, correlations, seed }: Preparation,
  parts: number,
  prepare: Preparing,
): readonly number[] => {
  const compiled = compile(program, { size: latticeSize, samples: 4 }, 'separate', 128, {
    threads: 1,
    shared: false,
    correlations,
    residentSamples: null,
    partsFor: () => parts,
  });
  const machine = machineFor(compiled, false);
  machine.views().parameters.forEach(({ numbers }, index) => {
    numbers.set(Float64Array.from(numbers, (_, i) => 1 / (1 + ((7 * i + 3 * index + seed) % 101))));
  });
  const call = callsOf(machine.module, exported.prepare);
  prepare(Array.from({ length: compiled.prepareParts }, (_, part) => call(part)));
  return [...new Uint32Array(machine.memory.buffer, 0, compiled.sumsAt(0) / Uint32Array.BYTES_PER_ELEMENT)];
};

export const preparationsDoNotMeet: Law<Preparing, Preparation> = {
  statement: 'what depends on parameters alone has the same bits in one part and in many, whichever is done first',
  cases: fc
    .tuple(networkRuns(2e5), fc.constantFrom('direct', 'spectral'))
    .map(([run, correlations]) => ({ ...run, correlations })),
  runs: 30,
  holds: (prepare) => (example) => {
    const program = programOf(example);
    const inOrder: Preparing = (calls) => {
      calls.forEach(callHere);
    };
    const expected = preparedIn(program, example, 1, inOrder);
    const found = preparedIn(program, example, 3, prepare);
    return found.every((bits, index) => bits === expected[index]);
  },
};
