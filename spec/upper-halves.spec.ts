import { describe } from 'vitest';

import { clearingBy } from '../src/assembler/upper-halves.ts';
import { verify } from './law.ts';
import { clearsAfterwards } from './laws/upper-halves.ts';

describe('upper halves of registers', () => {
  verify(clearsAfterwards, clearingBy, {
    'they are never cleared': () => clearingBy(null),
    'a function is wrapped for nothing': (clear) => clearingBy(clear ?? (() => undefined)),
    'they are cleared before': (clear) => (f) => {
      clear?.();
      return f;
    },
    'they are cleared twice': (clear) => (f) => clearingBy(clear)(clearingBy(clear)(f)),
  });
});
