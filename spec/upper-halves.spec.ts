import { describe } from 'vitest';

import { clearingBy } from '../src/assembler/upper-halves.ts';
import { verify } from './law.ts';
import { clearsAfterwards } from './laws/upper-halves.ts';

describe('upper halves of registers', () => {
  verify(clearsAfterwards, clearingBy, {
    'they are never cleared': (_isNeeded, clear) => clearingBy(false, clear),
    'they are always cleared': (_isNeeded, clear) => clearingBy(true, clear),
    'they are cleared before': (isNeeded, clear) => (f) => {
      if (isNeeded) {
        clear();
      }
      return f;
    },
    'they are cleared twice': (isNeeded, clear) => (f) => clearingBy(isNeeded, clear)(clearingBy(isNeeded, clear)(f)),
  });
});
