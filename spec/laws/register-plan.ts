/** Laws of plans for registers: what a network is on some numbers, without registers, is the oracle. */
import fc from 'fast-check';

import type { LinearNetwork } from '../../src/backend/schedule/linear-network.ts';
import { lineTransforms, type LineTransforms } from '../../src/backend/schedule/line-transform.ts';
import type { RegisterAct, registerPlan, RegisterPlan } from '../../src/backend/schedule/register-plan.ts';
import { smallIntegers } from '../arbitraries/program.ts';
import type { Law } from '../law.ts';
import { valueOf } from './line-transform.ts';

type Numbers = readonly number[];

export interface PlannedLine {
  readonly N: number;
  readonly transform: keyof LineTransforms;
  readonly registers: number;
  readonly isOrdered: boolean;
  readonly seed: number;
}

const plannedLines: fc.Arbitrary<PlannedLine> = fc.record({
  N: fc.constantFrom(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 15, 16, 20),
  transform: fc.constantFrom('real', 'complex', 'realTransposed', 'complexTransposed'),
  registers: fc.integer({ min: 3, max: 13 }),
  isOrdered: fc.boolean(),
  seed: fc.nat(),
});

/** Registers and slots that have a number. */
interface State {
  readonly registers: Map<number, number>;
  readonly slots: Map<number, number>;
  readonly outputs: Map<number, number>;
}

const done = (
  { outputs: terms }: LinearNetwork,
  x: Numbers,
  { registers, slots, outputs }: State,
  act: RegisterAct,
) => {
  const at = (register: number): number => registers.get(register) ?? NaN;
  switch (act.tag) {
    case 'load':
      registers.set(act.register, x[act.input] ?? NaN);
      break;
    case 'save':
      slots.set(act.slot, at(act.register));
      break;
    case 'restore':
      registers.set(act.register, slots.get(act.slot) ?? NaN);
      break;
    case 'output':
      outputs.set(act.index, (terms[act.index]?.sign ?? NaN) * at(act.register));
      break;
    case 'compute': {
      const { node } = act;
      switch (node.tag) {
        case 'add':
          registers.set(act.register, at(node.left) + at(node.right));
          break;
        case 'subtract':
          registers.set(act.register, at(node.left) - at(node.right));
          break;
        case 'multiply':
          registers.set(act.register, node.factor * at(node.value));
          break;
        case 'multiplyAdd':
          registers.set(act.register, node.factor * at(node.value) + at(node.addend));
      }
    }
  }
};

/** The outputs of a network by its plan, in the order in which they are stored, and how much of everything it took. */
const carriedOut = (network: LinearNetwork, { acts }: RegisterPlan, x: Numbers) => {
  const state: State = { registers: new Map(), slots: new Map(), outputs: new Map() };
  acts.forEach((act) => {
    done(network, x, state, act);
  });
  return { outputs: state.outputs, registers: state.registers.size, slots: state.slots.size };
};

type Planner = typeof registerPlan;

const byPlan = (plan: Planner, { N, transform, registers, isOrdered, seed }: PlannedLine) => {
  const network = lineTransforms(N)[transform];
  const x = smallIntegers(seed, network.inputs);
  const made = plan(network, { registers, isOrdered });
  return { network, x, made, found: carriedOut(network, made, x) };
};

export const plansComputeNetworks: Law<Planner, PlannedLine> = {
  statement: 'a plan gives the outputs of its network, each once, on no more registers than there are and in its slots',
  cases: plannedLines,
  holds: (plan) => (example) => {
    const { network, x, made, found } = byPlan(plan, example);
    const stored = made.acts.filter(({ tag }) => tag === 'output').length;
    return (
      valueOf(network, x).every((value, index) => Object.is(value, found.outputs.get(index))) &&
      stored === network.outputs.length &&
      found.registers <= example.registers &&
      found.slots === made.slots
    );
  },
};

export const plansComputeOnce: Law<Planner, PlannedLine> = {
  statement: 'a plan computes each node once, and saves none twice',
  cases: plannedLines,
  holds: (plan) => (example) => {
    const { network, made } = byPlan(plan, example);
    const count = (tag: RegisterAct['tag']): number => made.acts.filter((act) => act.tag === tag).length;
    const computed = network.nodes.filter(({ tag }) => tag !== 'input').length;
    return count('compute') === computed && count('save') <= count('restore');
  },
};

export const plansKeepOrder: Law<Planner, PlannedLine> = {
  statement: 'outputs are stored in their order where that is asked for',
  cases: plannedLines.map((example) => ({ ...example, isOrdered: true })),
  holds: (plan) => (example) => {
    const { found } = byPlan(plan, example);
    return [...found.outputs.keys()].every((index, place) => index === place);
  },
};
