/** A command that was killed leaves the bytes of one that was not; `npm run kills -- --rounds 200` asks more often. */
import { describe, expect, it } from 'vitest';

import { killables, killed } from './kills.ts';

// Six processes or more of seconds each, on a machine that may have much else to do.
const patience = 180_000;

describe('SIGKILL at random moments', () => {
  it.each(killables.filter(({ name }) => ['generate', 'reproduce-4b'].includes(name)))(
    'does not change what $name leaves in the end',
    async (one) => {
      expect((await killed(one, 2, 7)).faults).toEqual([]);
    },
    patience,
  );
});

describe('SIGTERM at random moments', () => {
  it.each(killables.filter(({ name }) => ['train', 'reproduce-4b'].includes(name)))(
    'does not change what $name leaves in the end',
    async (one) => {
      expect((await killed(one, 2, 11, 'SIGTERM')).faults).toEqual([]);
    },
    patience,
  );
});
