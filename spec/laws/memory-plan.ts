/** Laws of memory plans. The oracle walks through the steps one by one, with the bytes that each buffer owns. */
import fc from 'fast-check';

import type { Buffer, Placement, Placing, PlacingInTime } from '../../src/backend/schedule/memory-plan.ts';
import { lower } from '../../src/backend/wasm/lowering.ts';
import type { Space, SpaceBuffer } from '../../src/backend/wasm/place.ts';
import type { spacePlan } from '../../src/backend/wasm/spaces.ts';
import { buffersOf } from '../../src/backend/wasm/steps.ts';
import { programCases, smooth, type ProgramCase } from '../arbitraries/program.ts';
import type { Law } from '../law.ts';

type PlanSpaces = typeof spacePlan;

interface Touches<B extends Buffer> {
  readonly buffers: readonly B[];
  /** The buffers that each step touches. */
  readonly touched: readonly (readonly B[])[];
}

/** Up to ten buffers, touched by up to twelve steps in any manner. */
const touchesOf = <B extends Buffer>(
  bufferOf: (id: number, bytes: number) => fc.Arbitrary<B>,
): fc.Arbitrary<Touches<B>> =>
  fc
    .array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 10 })
    .chain((sizes) => fc.tuple(...sizes.map((bytes, id) => bufferOf(id, bytes))))
    .chain((buffers) =>
      fc
        .array(fc.array(fc.constantFrom(...buffers), { maxLength: 4 }), { maxLength: 12 })
        .map((touched) => ({ buffers, touched })),
    );

/** Alignments of processors and of devices. */
const alignments = fc.constantFrom(4, 16, 64, 256);

interface Aligned extends Touches<Buffer> {
  readonly alignment: number;
}

const aligned: fc.Arbitrary<Aligned> = fc
  .tuple(
    touchesOf((id, bytes) => fc.constant({ id, bytes })),
    alignments,
  )
  .map(([touches, alignment]) => ({ ...touches, alignment }));

const inSpaces: fc.Arbitrary<Touches<SpaceBuffer>> = touchesOf((id, bytes) =>
  fc.constantFrom<Space>('shared', 'arena', 'arena', 'arena', 'group', 'sums').map((space) => ({ id, bytes, space })),
);

/** Whether a buffer is needed at a step: from its first touch to its last. */
const isNeeded =
  (touched: Touches<Buffer>['touched'], step: number) =>
  ({ id }: Buffer): boolean => {
    const touches = (buffers: readonly Buffer[]) => buffers.some((buffer) => buffer.id === id);
    return touched.slice(0, step + 1).some(touches) && touched.slice(step).some(touches);
  };

/** Whether all buffers lie within their memory and share no byte. */
const lieApart = (buffers: readonly Buffer[], { offsets, bytes }: Placement): boolean => {
  const from = ({ id }: Buffer): number => offsets.get(id) ?? NaN;
  const to = (buffer: Buffer): number => from(buffer) + buffer.bytes;
  return buffers.every(
    (a, index) =>
      from(a) >= 0 && to(a) <= bytes && buffers.slice(index + 1).every((b) => to(a) <= from(b) || to(b) <= from(a)),
  );
};

const beginAtMultiples = ({ offsets }: Placement, alignment: number): boolean =>
  [...offsets.values()].every((offset) => offset % alignment === 0);

export const buffersAreKeptApart: Law<PlacingInTime, Aligned> = {
  statement: 'buffers whose lifetimes overlap share no byte, all lie within their memory, aligned as is asked for',
  cases: aligned,
  holds:
    (place) =>
    ({ buffers, touched, alignment }) => {
      const placement = place(alignment)(buffers, touched);
      return (
        beginAtMultiples(placement, alignment) &&
        touched.every((_, step) => lieApart(buffers.filter(isNeeded(touched, step)), placement))
      );
    },
};

export const linesAreKeptApart: Law<Placing, Aligned> = {
  statement: 'buffers in line share no byte, all lie within their memory, aligned as is asked for',
  cases: aligned,
  holds:
    (place) =>
    ({ buffers, alignment }) => {
      const placement = place(alignment)(buffers);
      return beginAtMultiples(placement, alignment) && lieApart(buffers, placement);
    },
};

interface Chain {
  readonly length: number;
  readonly bytes: number;
}

export const chainsTakeTwoBuffers: Law<PlacingInTime, Chain> = {
  statement: 'a chain of values of one size, each computed from the one before it, takes the memory of two',
  cases: fc.record({
    length: fc.integer({ min: 3, max: 20 }),
    bytes: fc.integer({ min: 1, max: 8 }).map((n) => 64 * n),
  }),
  holds:
    (place) =>
    ({ length, bytes }) => {
      const buffers = Array.from({ length }, (_, id): Buffer => ({ id, bytes }));
      const touched = buffers.slice(1).map((to, index) => [...buffers.slice(index, index + 1), to]);
      return place(64)(buffers, touched).bytes === 2 * bytes;
    },
};

const spaces: readonly Space[] = ['shared', 'arena', 'group', 'sums'];

/** Whether the buffers of each space lie apart at each step: in the arena while they are needed, elsewhere always. */
const areKeptApart = (planOf: PlanSpaces, { buffers, touched }: Touches<SpaceBuffer>): boolean => {
  const { offsets, bytes } = planOf(buffers, touched);
  return touched.every((_, step) => {
    const needed = isNeeded(touched, step);
    const live = buffers.filter((buffer) => buffer.space !== 'arena' || needed(buffer));
    return spaces.every((space) =>
      lieApart(
        live.filter((buffer) => buffer.space === space),
        { offsets, bytes: bytes[space] },
      ),
    );
  });
};

export const spacesAreKeptApart: Law<PlanSpaces, Touches<SpaceBuffer>> = {
  statement: 'in shared memory and among sums all buffers lie apart, in the arena those whose lifetimes overlap',
  cases: inSpaces,
  holds: (planOf) => (example) => areKeptApart(planOf, example),
};

export const valuesOfProgramsAreKeptApart: Law<PlanSpaces, ProgramCase> = {
  statement: 'the values of every program that are needed at the same time lie apart in memory',
  cases: programCases({ ...smooth, operations: 14 }),
  holds:
    (planOf) =>
    ({ program, latticeSize }) =>
      (['direct', 'spectral'] as const).every((correlations) => {
        const grid = { size: latticeSize, samples: 5 };
        const { buffers, steps } = lower(program, grid, 'separate', 256, correlations).schedule;
        return areKeptApart(planOf, { buffers, touched: [...steps.sample, ...steps.group].map(buffersOf) });
      }),
  runs: 60,
};
