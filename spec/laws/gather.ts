/** The law of gathering samples in memory: a loop over numbers is the oracle. */
import fc from 'fast-check';

import { compiledModule } from '../../src/assembler/engine.ts';
import { call, i32 } from '../../src/assembler/expression.ts';
import { kernelsOf } from '../../src/assembler/instance.ts';
import { assembleModule, defineFunction } from '../../src/assembler/module.ts';
import { fieldLayout, fieldSteps } from '../../src/backend/wasm/grid.ts';
import type { gather } from '../../src/backend/wasm/kernels/gather.ts';
import { fieldType } from '../../src/program/value-type.ts';
import type { Law } from '../law.ts';

interface GatherCase {
  readonly components: number;
  readonly channels: number;
  readonly size: number;
  readonly halo: number;
  readonly places: readonly number[];
}

/** Samples that there are to choose from. */
const samplesOfData = 6;

const cases: fc.Arbitrary<GatherCase> = fc.record({
  components: fc.integer({ min: 1, max: 3 }),
  channels: fc.integer({ min: 1, max: 3 }),
  size: fc.integer({ min: 1, max: 6 }),
  halo: fc.integer({ min: 0, max: 2 }),
  places: fc.array(fc.nat({ max: samplesOfData - 1 }), { minLength: 1, maxLength: 15 }),
});

const [placesAt, dataAt, targetAt] = [64, 1024, 32768] as const;

export const samplesAreGathered: Law<typeof gather, GatherCase> = {
  statement: 'a chunk is the samples of the places that are named, side by side, and nothing beside them is touched',
  cases,
  runs: 60,
  holds:
    (define) =>
    ({ components, channels, size, halo, places }) => {
      const grid = { size, samples: places.length };
      const { strides } = fieldLayout(grid, fieldType(components, channels), halo);
      const counts = [components, channels, size, size];
      const length = counts.reduce((product, count) => product * count, 1);
      const steps = fieldSteps(grid, strides);
      const memory = new WebAssembly.Memory({ initial: 4 });
      const numbers = new Float32Array(memory.buffer);
      const data = Array.from({ length: samplesOfData * length }, (_, i) => i + 1);
      new Float64Array(memory.buffer).set(places, placesAt / 8);
      numbers.set(data, dataAt / 4);
      const expected = numbers.slice();
      places.forEach((place, sample) => {
        Array.from({ length }).forEach((_, entry) => {
          const [, to] = counts.reduceRight(
            ([rest, at], count, d) => [Math.floor(rest / count), at + (rest % count) * (steps[d] ?? 0)] as const,
            [entry, targetAt + 4 * sample] as const,
          );
          expected[to / 4] = data[place * length + entry] ?? NaN;
        });
      });
      const kernel = define('gather', { samples: places.length, counts, to: steps.slice(0, -1) });
      const run = defineFunction('run', () =>
        call('gather', ...[placesAt, dataAt, targetAt].map((operand) => i32.constant(operand))),
      );
      const module = compiledModule(assembleModule({ functions: [kernel, run], exports: ['run'], shared: false }));
      kernelsOf(module, memory)(run.name)();
      return numbers.every((number, index) => Object.is(number, expected[index]));
    },
};
