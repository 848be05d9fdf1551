/** The float64 numbers of JavaScript as a number field; its laws hold up to rounding. */
import * as N from 'fp-ts/lib/number.js';
import { identity } from 'fp-ts/lib/function.js';
import { none, some } from 'fp-ts/lib/Option.js';

import type { NumberField } from './number-field.ts';
import { tanh } from './elementary/hyperbolic.kernel.ts';

/** IEEE double precision as a field, up to rounding. */
export const float64: NumberField<number> = {
  ...N.Field,
  mod: () => 0,
  equals: N.Eq.equals,
  name: 'float64',
  fromNumber: identity,
  toNumber: identity,
  tanh: some(tanh),
  sqrt: (x) => (x >= 0 ? some(Math.sqrt(x)) : none),
};
