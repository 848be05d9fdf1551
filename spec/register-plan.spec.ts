/** Linear networks on a few registers. */
import { describe, expect, it } from 'vitest';

import { lineTransforms } from '../src/backend/schedule/line-transform.ts';
import { registerPlan, type RegisterAct } from '../src/backend/schedule/register-plan.ts';
import { verify } from './law.ts';
import { plansComputeNetworks, plansComputeOnce, plansKeepOrder, plansShareSlots } from './laws/register-plan.ts';

type Planner = typeof registerPlan;

const changed =
  (change: (acts: readonly RegisterAct[]) => readonly RegisterAct[]): Planner =>
  (network, given) => {
    const { acts, slots } = registerPlan(network, given);
    return { acts: change(acts), slots };
  };

verify(plansComputeNetworks, registerPlan, {
  'nothing is saved': changed((acts) => acts.filter(({ tag }) => tag !== 'save')),
  'one slot for all': changed((acts) => acts.map((act) => ('slot' in act ? { ...act, slot: 0 } : act))),
  'one register more': (network, given) => registerPlan(network, { ...given, registers: given.registers + 1 }),
  'outputs are the first': changed((acts) => acts.map((act) => (act.tag === 'output' ? { ...act, index: 0 } : act))),
  'slots are not counted': (network, given) => ({ ...registerPlan(network, given), slots: 0 }),
});
verify(plansComputeOnce, registerPlan, {
  'all is done twice': changed((acts) => [...acts, ...acts]),
  'what is restored is saved again': changed((acts) =>
    acts.flatMap((act): readonly RegisterAct[] => (act.tag === 'restore' ? [act, { ...act, tag: 'save' }] : [act])),
  ),
  'what is computed is saved': changed((acts) =>
    acts.flatMap((act): readonly RegisterAct[] =>
      act.tag === 'compute' ? [act, { tag: 'save', register: act.register, slot: 99 }] : [act],
    ),
  ),
});
verify(plansShareSlots, registerPlan, {
  'a slot for each value that is saved': (network, given) => {
    const plan = registerPlan(network, given);
    return { ...plan, slots: plan.acts.filter(({ tag }) => tag === 'save').length };
  },
  'one slot more': (network, given) => {
    const plan = registerPlan(network, given);
    return { ...plan, slots: plan.slots + 1 };
  },
});
verify(plansKeepOrder, registerPlan, {
  'that of which most is known comes first': (network, given) => registerPlan(network, { ...given, isOrdered: false }),
});

describe('a transform of ten numbers', () => {
  const { real, complex, realTransposed } = lineTransforms(10);
  const saves = (network: typeof real, isOrdered: boolean): number =>
    registerPlan(network, { registers: 11, isOrdered }).acts.filter(({ tag }) => tag === 'save').length;

  it.each([real, realTransposed])('saves nothing if it is real', (network) => {
    expect(saves(network, false)).toBe(0);
  });
  it('saves less than a third as often where outputs of which most is known come first', () => {
    expect(3 * saves(complex, false)).toBeLessThan(saves(complex, true));
  });
  it('is refused on one register', () => {
    expect(() => registerPlan(real, { registers: 1, isOrdered: false })).toThrow(RangeError);
  });
});
