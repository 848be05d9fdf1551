/**
 * The expression that is computed at each entry of a value, as a list: operands stand before what is made of them, alike
 * parts stand there once, and the last node is the result. What its leaves are, and how they are read, is for others to say.
 */
import type { EntryFunction } from '../../program/operation.ts';

/** A node by its place in the list. */
export type NodeId = number;

/** A number of the expression: a leaf, which is read, or what is made of nodes before it. */
export type Node<Leaf> =
  | { readonly tag: 'leaf'; readonly leaf: Leaf }
  | { readonly tag: 'constant'; readonly value: number }
  | { readonly tag: 'add'; readonly left: NodeId; readonly right: NodeId }
  | { readonly tag: 'multiply'; readonly left: NodeId; readonly right: NodeId }
  /** left * right + addend, where that is one instruction: see `withFusedProducts`. */
  | { readonly tag: 'multiplyAdd'; readonly left: NodeId; readonly right: NodeId; readonly addend: NodeId }
  | { readonly tag: 'function'; readonly function: EntryFunction; readonly value: NodeId };

/** Nodes in an order of computation; the last is the result. */
export type EntryExpression<Leaf> = readonly Node<Leaf>[];

/** An expression that is being written. */
export interface NodeList<Leaf> {
  /** The place of a node, whose operands have places: that of the one that is there already, if it is alike. */
  readonly placeOf: (node: Node<Leaf>) => NodeId;
  /** The expression whose result is the node at a place: the nodes that it needs, and no others. */
  readonly expressionOf: (result: NodeId) => EntryExpression<Leaf>;
}

/** The nodes that a node is made of. */
export const operandsOf = <Leaf>(node: Node<Leaf>): readonly NodeId[] => {
  switch (node.tag) {
    case 'leaf':
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

const renamed = <Leaf>(node: Node<Leaf>, name: (id: NodeId) => NodeId): Node<Leaf> => {
  switch (node.tag) {
    case 'leaf':
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

const at = <A>(places: ReadonlyMap<NodeId, A> | readonly A[], id: NodeId): A => {
  const found = 'get' in places ? places.get(id) : places[id];
  if (found === undefined) {
    throw new RangeError(`node ${id} is used before it is there: order nodes by use`);
  }
  return found;
};

/** The nodes that a result needs, in their order, the result last. */
const needed = <Leaf>(nodes: readonly Node<Leaf>[], result: NodeId): EntryExpression<Leaf> => {
  const used = new Set<NodeId>();
  const visit = (id: NodeId): void => {
    if (!used.has(id)) {
      used.add(id);
      operandsOf(at(nodes, id)).forEach(visit);
    }
  };
  visit(result);
  const kept = [...used].toSorted((a, b) => a - b);
  const places = new Map(kept.map((id, place) => [id, place]));
  return kept.map((id) => renamed(at(nodes, id), (operand) => at(places, operand)));
};

/** An expression without nodes. Leaves are alike where they are written alike in JSON. */
export const nodeList = <Leaf>(): NodeList<Leaf> => {
  const nodes = new Array<Node<Leaf>>();
  const places = new Map<string, NodeId>();
  return {
    placeOf: (node) => {
      const key = JSON.stringify(node);
      const place = places.get(key) ?? nodes.push(node) - 1;
      places.set(key, place);
      return place;
    },
    expressionOf: (result) => needed(nodes, result),
  };
};

/** Writes an expression anew, node by node: `rule` gets each with its operands in the new list, and what they are there. */
const rewritten = <A, B>(
  expression: EntryExpression<A>,
  rule: (node: Node<A>, written: (id: NodeId) => Node<B>) => Node<B>,
): EntryExpression<B> => {
  const list = nodeList<B>();
  const nodes = new Map<NodeId, Node<B>>();
  const places = new Array<NodeId>();
  for (const node of expression) {
    const changed = rule(
      renamed(node, (id) => at(places, id)),
      (id) => at(nodes, id),
    );
    const place = list.placeOf(changed);
    nodes.set(place, changed);
    places.push(place);
  }
  return list.expressionOf(at(places, places.length - 1));
};

/** The same expression of other leaves; `f` is called in the order of the nodes. What becomes alike is there once. */
export const mapLeaves = <A, B>(expression: EntryExpression<A>, f: (leaf: A) => B): EntryExpression<B> =>
  rewritten<A, B>(expression, (node) => (node.tag === 'leaf' ? { tag: 'leaf', leaf: f(node.leaf) } : node));

/** Each product that is added joins its sum, to be rounded once with it. Of two products the right one does. */
export const withFusedProducts = <Leaf>(expression: EntryExpression<Leaf>): EntryExpression<Leaf> =>
  rewritten<Leaf, Leaf>(expression, (node, written) => {
    if (node.tag !== 'add') {
      return node;
    }
    const [left, right] = [written(node.left), written(node.right)];
    if (right.tag === 'multiply') {
      return { ...right, tag: 'multiplyAdd', addend: node.left };
    }
    return left.tag === 'multiply' ? { ...left, tag: 'multiplyAdd', addend: node.right } : node;
  });
