import { describe } from 'vitest';

import { kernelsBy } from '../src/assembler/instance.ts';
import { verify } from './law.ts';
import { isClearedAfterEachCall } from './laws/instance.ts';

describe('instances', () => {
  verify(isClearedAfterEachCall, kernelsBy, {
    'registers are never cleared': () => kernelsBy(null),
    'registers are cleared before the call': (clear) => (module, memory) => {
      const kernel = kernelsBy(null)(module, memory);
      return (name) =>
        (...operands) => {
          clear?.();
          kernel(name)(...operands);
        };
    },
    'registers are cleared twice': (clear) => (module, memory) => {
      const kernel = kernelsBy(clear)(module, memory);
      return (name) => {
        const run = kernel(name);
        return (...operands) => {
          run(...operands);
          clear?.();
        };
      };
    },
    'a call goes to a memory of its own': (clear) => (module) =>
      kernelsBy(clear)(module, new WebAssembly.Memory({ initial: 1 })),
    'an unknown name is a function that does nothing': (clear) => (module, memory) => {
      const kernel = kernelsBy(clear)(module, memory);
      return (name) => {
        try {
          return kernel(name);
        } catch {
          return () => undefined;
        }
      };
    },
  });
});
