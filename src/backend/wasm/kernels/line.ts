/** A linear network as straight-line code on vectors: what it reads is loaded when it is first needed, and stored when known. */
import type { Body } from '../../../assembler/expression.ts';
import { f32xN, type WideLocal, type WideVector } from '../../../assembler/wide-vector.ts';
import type { LinearNetwork, LinearNode } from '../../schedule/linear-network.ts';
import { multiplyAdd } from './arithmetic.ts';
import type { Writing } from './writing.ts';

/** Where a network finds its inputs, and puts its outputs. */
export interface Ends {
  readonly load: (index: number) => WideVector;
  readonly store: (index: number, value: WideLocal) => Body;
}

/** The nodes that a node reads. */
const operandsOf = (node: LinearNode): readonly number[] => {
  switch (node.tag) {
    case 'input':
      return [];
    case 'add':
    case 'subtract':
      return [node.left, node.right];
    case 'multiply':
      return [node.value];
    case 'multiplyAdd':
      return [node.value, node.addend];
  }
};

/** What is done, one after the other: nodes stand in the order in which outputs need them, and outputs are stored when known. */
type Act =
  | { readonly tag: 'compute'; readonly node: number; readonly reads: readonly number[] }
  | { readonly tag: 'store'; readonly index: number; readonly reads: readonly [number] };

const actsOf = ({ nodes, outputs }: LinearNetwork): readonly Act[] => {
  const computed = (from: number, to: number): readonly Act[] =>
    nodes.slice(from, to).map((node, i) => ({ tag: 'compute', node: from + i, reads: operandsOf(node) }));
  const known = outputs.map((_, index) => Math.max(-1, ...outputs.slice(0, index + 1).map(({ node }) => node)) + 1);
  return outputs.flatMap(({ node }, index): readonly Act[] => [
    ...computed(known[index - 1] ?? 0, known[index] ?? 0),
    { tag: 'store', index, reads: [node] },
  ]);
};

/** The code of a network. Outputs are stored in their order. */
export const line = (
  { width, variables: { take, give }, constants: { vector }, arithmetic }: Writing,
  network: LinearNetwork,
  { load, store }: Ends,
): Body => {
  const acts = actsOf(network);
  const lastRead = new Map(acts.flatMap(({ reads }, act) => reads.map((node) => [node, act] as const)));
  const values = new Map<number, WideLocal>();
  const valueOf = (node: number): WideLocal => {
    const value = values.get(node);
    if (value === undefined) {
      throw new RangeError(`node ${node} is used before it is computed: order nodes by use`);
    }
    return value;
  };
  const computed = (node: LinearNode): WideVector => {
    switch (node.tag) {
      case 'input':
        return load(node.index);
      case 'add':
        return f32xN.add(valueOf(node.left), valueOf(node.right));
      case 'subtract':
        return f32xN.subtract(valueOf(node.left), valueOf(node.right));
      case 'multiply':
        return f32xN.multiply(valueOf(node.value), vector(width, node.factor));
      case 'multiplyAdd':
        return multiplyAdd(arithmetic)(valueOf(node.value), vector(width, node.factor), valueOf(node.addend));
    }
  };
  const done = (act: Act): Body => {
    if (act.tag === 'compute') {
      const value = computed(network.nodes[act.node]!);
      retire(act);
      const local = take();
      values.set(act.node, local);
      return f32xN.assign(local, value);
    }
    const { sign, node } = network.outputs[act.index]!;
    const value = valueOf(node);
    if (sign > 0) {
      retire(act);
      return store(act.index, value);
    }
    const negated = take();
    const code = [f32xN.assign(negated, f32xN.multiply(value, vector(width, -1))), store(act.index, negated)];
    retire(act);
    give(negated);
    return code;
  };
  /** What an act reads last can be written over by its result. */
  const retire = (act: Act): void => {
    for (const node of new Set(act.reads)) {
      if (acts[lastRead.get(node) ?? -1] === act) {
        give(valueOf(node));
      }
    }
  };
  return acts.map(done);
};
