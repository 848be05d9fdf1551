/** A command that was killed leaves the bytes of one that was not; `npm run kills -- --rounds 200` asks more often. */
import { describe, expect, it } from 'vitest';

import { killables, killed } from './kills.ts';

describe('SIGKILL at random moments', () => {
  // Six processes or more of seconds each, on a machine that may have much else to do.
  it.each(killables.filter(({ name }) => ['generate', 'reproduce-4b'].includes(name)))(
    'does not change what $name leaves in the end',
    async (one) => {
      expect((await killed(one, 2, 7)).faults).toEqual([]);
    },
    180_000,
  );
});
