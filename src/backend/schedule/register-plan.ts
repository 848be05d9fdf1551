/**
 * Register allocation for linear networks: what is loaded, computed and stored on a few registers, one after the other. Outputs of which
 * most is known come first, so that few values wait. Where registers run out, the value whose next read is furthest away gives up its own
 * (Belady's rule): an input is loaded again, any other is saved in a slot of memory before (spilled).
 *
 * An engine does so too, but its slots are on a stack that lies anywhere: a vector of 256 bits then may lie across two lines of a cache,
 * which takes twice as long. Measured on V8 14.6 for x86-64: a transform back of 10 x 10 took 0.2 or 0.5 microseconds, as the stack lay.
 */
import { operandsOf, renamed, type LinearNetwork, type LinearNode } from './linear-network.ts';

type Computed = Exclude<LinearNode, { readonly tag: 'input' }>;

/** What is done next; registers and slots are counted from 0. The operands of what is computed are registers. */
export type RegisterAct =
  | { readonly tag: 'load'; readonly register: number; readonly input: number }
  | { readonly tag: 'save' | 'restore'; readonly register: number; readonly slot: number }
  | { readonly tag: 'compute'; readonly register: number; readonly node: Computed }
  | { readonly tag: 'output'; readonly register: number; readonly index: number };

/** All that is done for a network, and in how many slots values are saved. */
export interface RegisterPlan {
  readonly acts: readonly RegisterAct[];
  readonly slots: number;
}

/** The nodes that are computed for a node, it among them, in an order in which they can be. */
const closureOf = (nodes: readonly LinearNode[], result: number): readonly number[] => {
  const closure = new Set<number>();
  const visit = (place: number): void => {
    if (nodes[place]!.tag !== 'input' && !closure.has(place)) {
      operandsOf(nodes[place]!).forEach(visit);
      closure.add(place);
    }
  };
  visit(result);
  return [...closure];
};

/** A node is computed, or the output of this index is stored. */
type Deed =
  | { readonly tag: 'compute'; readonly place: number; readonly node: Computed; readonly reads: readonly number[] }
  | { readonly tag: 'output'; readonly index: number; readonly reads: readonly [number] };

/** What is done where registers are no matter: output after output, in their order or that next of which the most is known. */
const deedsOf = ({ nodes, outputs }: LinearNetwork, isOrdered: boolean): readonly Deed[] => {
  const closures = outputs.map(({ node }) => closureOf(nodes, node));
  const missing = closures.map(({ length }) => length);
  const readers = nodes.map(() => new Array<number>());
  closures.forEach((closure, index) => {
    closure.forEach((place) => readers[place]!.push(index));
  });
  const known = new Set<number>();
  const computed = (place: number): readonly Deed[] => {
    const node = nodes[place]!;
    if (node.tag === 'input' || known.has(place)) {
      return [];
    }
    known.add(place);
    readers[place]!.forEach((index) => {
      missing[index]! -= 1;
    });
    return [{ tag: 'compute', place, node, reads: operandsOf(node) }];
  };
  const left = new Set(outputs.keys());
  return outputs.flatMap((): readonly Deed[] => {
    const index = [...left].reduce((a, b) => (!isOrdered && missing[b]! < missing[a]! ? b : a));
    left.delete(index);
    return [...closures[index]!.flatMap(computed), { tag: 'output', index, reads: [outputs[index]!.node] }];
  });
};

/** Numbers from 0 on that are taken and given back, the lowest first. */
const numbersTaken = () => {
  const taken = new Set<number>();
  return {
    take: (): number => {
      let number = 0;
      while (taken.has(number)) number += 1;
      taken.add(number);
      return number;
    },
    give: (number: number): void => {
      taken.delete(number);
    },
    count: (): number => taken.size,
  };
};

/**
 * The network on so many registers; outputs are stored in their order if that is asked for.
 *
 * @throws RangeError for fewer than two registers, which a sum takes.
 *
 * @example
 * registerPlan(lineTransforms(2).real, { registers: 3, isOrdered: false }).slots // 0
 */
export const registerPlan = (
  network: LinearNetwork,
  { registers, isOrdered }: { readonly registers: number; readonly isOrdered: boolean },
): RegisterPlan => {
  if (registers < 2) {
    throw new RangeError(`expected two registers or more, got ${registers}: a sum reads two values`);
  }
  const { nodes } = network;
  const deeds = deedsOf(network, isOrdered);
  const acts = new Array<RegisterAct>();
  const [inRegisters, inSlots] = [numbersTaken(), numbersTaken()];
  const registerOf = new Map<number, number>();
  const slotOf = new Map<number, number>();
  let slots = 0;
  /** The deeds that are still to read each node, the next one first. */
  const readsOf = nodes.map(() => new Array<number>());
  deeds.forEach(({ reads }, time) => {
    new Set(reads).forEach((node) => readsOf[node]!.push(time));
  });
  const nextRead = (node: number): number => readsOf[node]![0] ?? Infinity;

  const save = (node: number): void => {
    if (nodes[node]!.tag !== 'input' && !slotOf.has(node)) {
      const slot = inSlots.take();
      slots = Math.max(slots, inSlots.count());
      slotOf.set(node, slot);
      acts.push({ tag: 'save', register: registerOf.get(node)!, slot });
    }
  };
  const leave = (node: number): void => {
    inRegisters.give(registerOf.get(node)!);
    registerOf.delete(node);
  };
  /** Takes a register, if need be that of the value whose next read is furthest away, but of none that is read now. */
  const enter = (node: number, now: readonly number[]): number => {
    if (inRegisters.count() === registers) {
      const others = [...registerOf.keys()].filter((one) => !now.includes(one));
      const furthest = others.reduce((a, b) => (nextRead(b) > nextRead(a) ? b : a));
      save(furthest);
      leave(furthest);
    }
    const register = inRegisters.take();
    registerOf.set(node, register);
    return register;
  };
  const bring = (place: number, now: readonly number[]): void => {
    if (registerOf.has(place)) {
      return;
    }
    const node = nodes[place]!;
    const register = enter(place, now);
    acts.push(
      node.tag === 'input'
        ? { tag: 'load', register, input: node.index }
        : { tag: 'restore', register, slot: slotOf.get(place)! },
    );
  };
  /** Lets go of what is not read again. */
  const read = (node: number): void => {
    readsOf[node]!.shift();
    if (nextRead(node) === Infinity) {
      leave(node);
      const slot = slotOf.get(node);
      if (slot !== undefined) {
        inSlots.give(slot);
        slotOf.delete(node);
      }
    }
  };

  for (const deed of deeds) {
    const operands = [...new Set(deed.reads)];
    operands.forEach((node) => {
      bring(node, operands);
    });
    const at = (node: number): number => registerOf.get(node)!;
    if (deed.tag === 'output') {
      acts.push({ tag: 'output', register: at(deed.reads[0]), index: deed.index });
      operands.forEach(read);
    } else {
      const node = renamed(deed.node, at);
      operands.forEach(read);
      acts.push({ tag: 'compute', register: enter(deed.place, []), node });
    }
  }
  return { acts, slots };
};
