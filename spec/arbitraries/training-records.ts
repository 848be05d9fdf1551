/** Records of trainings: networks, plans and data of any kind. */
import fc from 'fast-check';

import { customMeta } from '../../src/dataset/meta.ts';
import { systemNames } from '../../src/dataset/systems.ts';
import { network } from '../../src/network/network.ts';
import { starts, type TrainingPlan } from '../../src/training/preparation.ts';
import type { Schedule } from '../../src/training/schedule.ts';
import type { DataRecord, TrainingRecord } from '../../src/training/training-record.ts';
import { metas } from './data-set.ts';
import { denseNetworks, latticeNetworks } from './networks.ts';
import { digest } from './runs.ts';

const notNegative = fc.double({ min: 0, noNaN: true, noDefaultInfinity: true });

const positive = notNegative.filter((x) => x > 0);

const schedules: fc.Arbitrary<Schedule> = fc.oneof(
  fc.record({ tag: fc.constant('decay'), rate: positive, factor: positive, every: positive }),
  fc.record({ tag: fc.constant('staircase'), first: positive, last: positive, every: positive }),
  fc.record({ tag: fc.constant('oneCycle'), peak: positive }),
);

const counts = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });

const plans: fc.Arbitrary<TrainingPlan> = fc.record(
  {
    start: fc.constantFrom(...starts),
    seed: fc.maxSafeNat(),
    epochs: counts,
    batch: counts,
    schedule: schedules,
    weightDecay: notNegative,
    clip: fc.option(positive),
    forceWeight: fc.option(fc.oneof(notNegative, fc.constant('balanced' as const))),
    units: fc.constant('raw' as const),
  },
  { requiredKeys: ['start', 'seed', 'epochs', 'batch', 'schedule', 'weightDecay', 'clip', 'forceWeight'] },
);

const fileRecords: fc.Arbitrary<DataRecord> = fc.record({
  meta: fc.oneof(fc.constant(customMeta), fc.constantFrom(...systemNames).chain(metas)),
  samples: counts,
  sha256: fc.uint8Array().map(digest),
});

/** With the prototypes that objects have which are read from JSON. */
const plain = <A>(records: fc.Arbitrary<A>): fc.Arbitrary<A> => records.map((record) => structuredClone(record));

/** What is recorded of a file of data. */
export const dataRecords: fc.Arbitrary<DataRecord> = plain(fileRecords);

/** What a training is started with: a network in no units of its own, as the options name it. */
export const trainingRecords: fc.Arbitrary<TrainingRecord> = plain(
  fc.record(
    {
      network: fc.oneof(denseNetworks, latticeNetworks).map(({ architecture, shape }) => network(architecture, shape)),
      plan: plans,
      data: fc.array(fileRecords, { minLength: 1, maxLength: 3 }),
      chosenOn: fileRecords,
      backend: fc.constantFrom('wasm', 'reference', 'webgpu'),
    },
    { requiredKeys: ['network', 'plan', 'data'] },
  ),
);
