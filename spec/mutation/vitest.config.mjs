/** The properties of one room, as `run.ts` names it, for Stryker. */
import { defineConfig } from 'vitest/config';

import { isRoom, rooms } from './rooms.ts';

const room = process.env['EFNN_MUTATED_ROOM'] ?? '';

const files = isRoom(room) ? rooms[room].map((name) => `${name.includes('/') ? '' : 'spec/'}${name}.spec.ts`) : [];

const placeOf = ({ moduleId }) => files.findIndex((file) => moduleId.endsWith(`/${file}`));

/** In the order of the list, where Vitest would take the slowest first: most mutants die by the quick ones. */
const listedOrder = function () {
  return {
    sort: async (specifications) => specifications.toSorted((a, b) => placeOf(a) - placeOf(b)),
    shard: async (specifications) => specifications,
  };
};

export default defineConfig({
  test: {
    include: files,
    sequence: { sequencer: listedOrder },
    setupFiles: ['spec/setup.ts'],
    provide: { seed: 250217665, share: 1, adapterIsDemanded: false },
    testTimeout: 60_000,
  },
});
