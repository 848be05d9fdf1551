/** The properties of one room, as `run.ts` names it, for Stryker. */
import { defineConfig } from 'vitest/config';

import { isRoom, rooms } from './rooms.ts';

const room = process.env['EFNN_MUTATED_ROOM'] ?? '';

export default defineConfig({
  test: {
    include: isRoom(room) ? rooms[room].map((name) => `spec/${name}.spec.ts`) : [],
    setupFiles: ['spec/setup.ts'],
    env: { EFNN_SEED: '250217665' },
    testTimeout: 60_000,
  },
});
