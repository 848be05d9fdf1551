/** Laws of plans for registers: what a network is on some numbers, without registers, is the oracle. */
import fc from 'fast-check';

import { operandsOf, type LinearNetwork } from '../../src/backend/schedule/linear-network.ts';
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
  registers: fc.integer({ min: 2, max: 13 }),
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

/** What a plan does to values rather than numbers: each act with the values that it reads, and the one that it makes or moves. */
const traced = ({ acts }: RegisterPlan) => {
  const [registers, slots] = [new Map<number, string>(), new Map<number, string>()];
  const names = new Map<string, string>();
  /** One short name for each value: what it is made of. */
  const nameOf = (recipe: string): string => {
    const name = names.get(recipe) ?? `value ${names.size}`;
    names.set(recipe, name);
    return name;
  };
  const at = (register: number): string => registers.get(register) ?? 'nothing';
  return acts.map(
    (act): { readonly tag: RegisterAct['tag']; readonly reads: readonly string[]; readonly value: string } => {
      const { tag, register } = act;
      switch (act.tag) {
        case 'load':
          registers.set(register, nameOf(`input ${act.input}`));
          break;
        case 'save':
          slots.set(act.slot, at(register));
          break;
        case 'restore':
          registers.set(register, slots.get(act.slot) ?? 'nothing');
          break;
        case 'output':
          return { tag, reads: [at(register)], value: at(register) };
        case 'compute': {
          const { node } = act;
          const reads = operandsOf(node).map(at);
          registers.set(register, nameOf(JSON.stringify([node.tag, 'factor' in node ? node.factor : null, reads])));
          return { tag, reads, value: at(register) };
        }
      }
      return { tag, reads: [], value: at(register) };
    },
  );
};

export const plansComputeOnce: Law<Planner, PlannedLine> = {
  statement: 'a plan computes each node once, saves none twice, and none that it does not restore',
  cases: plannedLines,
  holds: (plan) => (example) => {
    const { network, made } = byPlan(plan, example);
    const acts = traced(made);
    const valuesOf = (tag: RegisterAct['tag']): readonly string[] =>
      acts.filter((act) => act.tag === tag).map(({ value }) => value);
    const isOnce = (values: readonly string[]): boolean => new Set(values).size === values.length;
    const [computed, saved, restored] = [valuesOf('compute'), valuesOf('save'), new Set(valuesOf('restore'))];
    return (
      isOnce(computed) &&
      computed.length === network.nodes.filter(({ tag }) => tag !== 'input').length &&
      isOnce(saved) &&
      saved.every((value) => restored.has(value))
    );
  },
};

export const plansShareSlots: Law<Planner, PlannedLine> = {
  statement: 'a plan has no more slots than values wait at once, from where they are saved to where they are read last',
  cases: plannedLines,
  holds: (plan) => (example) => {
    const { made } = byPlan(plan, example);
    const acts = traced(made);
    const waits = acts.flatMap(({ tag, value }, from) =>
      tag === 'save' ? [{ from, to: acts.findLastIndex(({ reads }) => reads.includes(value)) }] : [],
    );
    const most = Math.max(
      0,
      ...acts.map((_, time) => waits.filter(({ from, to }) => from <= time && time <= to).length),
    );
    return made.slots <= most;
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
