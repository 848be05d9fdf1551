/** The expression that a sweep computes, with alike parts once. */
import type { EntryFunction } from '../../program/operation.ts';
import type { Arithmetic } from './kernels/arithmetic.ts';
import type { Node } from './kernels/pointwise.ts';

/** A node by its place in the list. */
export type NodeId = number;

/** Builds the expression of a sweep node by node; to ask for a node again gives the one that is there. */
export interface Nodes {
  readonly add: (left: NodeId, right: NodeId) => NodeId;
  readonly multiply: (left: NodeId, right: NodeId) => NodeId;
  readonly apply: (f: EntryFunction, value: NodeId) => NodeId;
  readonly constant: (value: number) => NodeId;
  readonly entry: (field: number, offset: number) => NodeId;
  /** What has been asked for; operands come before what is made of them. */
  readonly listed: () => readonly Node[];
}

/** Collects nodes. Where products and sums round once, a product that is added is fused with its sum. */
export const nodeList = (arithmetic: Arithmetic): Nodes => {
  const nodes = new Array<Node>();
  const places = new Map<string, NodeId>();
  const append = (node: Node): NodeId => {
    const key = JSON.stringify(node);
    const place = places.get(key) ?? nodes.push(node) - 1;
    places.set(key, place);
    return place;
  };
  return {
    add: (left, right) => {
      const [l, r] = [nodes[left], nodes[right]];
      if (arithmetic === 'fused' && r?.tag === 'multiply') {
        return append({ tag: 'multiplyAdd', left: r.left, right: r.right, addend: left });
      }
      return arithmetic === 'fused' && l?.tag === 'multiply'
        ? append({ tag: 'multiplyAdd', left: l.left, right: l.right, addend: right })
        : append({ tag: 'add', left, right });
    },
    multiply: (left, right) => append({ tag: 'multiply', left, right }),
    apply: (f, value) => append({ tag: 'function', function: f, value }),
    constant: (value) => append({ tag: 'constant', value }),
    entry: (field, offset) => append({ tag: 'entry', field, offset }),
    listed: () => nodes,
  };
};

/** The nodes that a result needs, in order, the result last: products that were fused with their sums are gone. */
export const needed = (nodes: readonly Node[], result: NodeId): readonly Node[] => {
  const used = new Set<NodeId>();
  const visit = (place: NodeId): void => {
    const node = nodes[place];
    if (node === undefined || used.has(place)) return;
    used.add(place);
    operands(node).forEach(visit);
  };
  visit(result);
  const kept = [...used].toSorted((a, b) => a - b);
  const moved = new Map(kept.map((place, index) => [place, index]));
  const rename = (id: NodeId): NodeId => moved.get(id) ?? id;
  return kept.flatMap((place) => nodes.slice(place, place + 1).map((node) => renamed(node, rename)));
};

const operands = (node: Node): readonly NodeId[] => {
  switch (node.tag) {
    case 'entry':
    case 'constant':
      return [];
    case 'add':
    case 'multiply':
      return [node.left, node.right];
    case 'multiplyAdd':
      return [node.left, node.right, node.addend];
    case 'function':
      return [node.value];
  }
};

const renamed = (node: Node, name: (id: NodeId) => NodeId): Node => {
  switch (node.tag) {
    case 'entry':
    case 'constant':
      return node;
    case 'add':
    case 'multiply':
      return { ...node, left: name(node.left), right: name(node.right) };
    case 'multiplyAdd':
      return { ...node, left: name(node.left), right: name(node.right), addend: name(node.addend) };
    case 'function':
      return { ...node, value: name(node.value) };
  }
};
