/**
 * Linear maps as data: networks of sums and of products with constants, in which alike parts are there once.
 *
 * A sum is a node or the negative of one, so that a sum and its negative are one node. What no output needs is no part of
 * a network, and its nodes stand in the order in which its outputs need them: few wait to be used.
 */

/** A number of a network: an input, or what is made of nodes before it. */
export type LinearNode =
  | { readonly tag: 'input'; readonly index: number }
  | { readonly tag: 'add' | 'subtract'; readonly left: number; readonly right: number }
  | { readonly tag: 'multiply'; readonly factor: number; readonly value: number }
  /** factor * value + addend, which processors compute in one instruction. */
  | { readonly tag: 'multiplyAdd'; readonly factor: number; readonly value: number; readonly addend: number };

/** A node by its place, or its negative. */
export interface Term {
  readonly sign: 1 | -1;
  readonly node: number;
}

/** A linear map from `inputs` numbers to as many as it has outputs. */
export interface LinearNetwork {
  readonly inputs: number;
  readonly nodes: readonly LinearNode[];
  readonly outputs: readonly Term[];
}

/** A term, or zero. */
export type Sum = Term | null;

/** The nodes that a node reads. */
export const operandsOf = (node: LinearNode): readonly number[] => {
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

/** A node that reads others in the place of its own. */
export const renamed = <Node extends LinearNode>(node: Node, name: (node: number) => number): Node => {
  switch (node.tag) {
    case 'input':
      return node;
    case 'add':
    case 'subtract':
      return { ...node, left: name(node.left), right: name(node.right) };
    case 'multiply':
      return { ...node, value: name(node.value) };
    case 'multiplyAdd':
      return { ...node, value: name(node.value), addend: name(node.addend) };
  }
};

/** How many operations a network takes: each sum, product, or product with its sum is one, and so is a change of sign. */
export const operationsOf = ({ nodes, outputs }: LinearNetwork): number =>
  nodes.filter(({ tag }) => tag !== 'input').length + outputs.filter(({ sign }) => sign < 0).length;

/** The negative of a sum: no operation. */
export const negative = (sum: Sum): Sum => (sum === null ? null : { ...sum, sign: sum.sign > 0 ? -1 : 1 });

/** Digits that factors keep, so that those which are equal but for rounding are one; float32 has 7. */
const digits = 15;

/** Factors this close to 0 or to 1 are: cosines of multiples of a quarter turn. */
const closeness = 1e-14;

/** The negative of a node, where that is a node that takes no change of sign: of a difference, of a product. */
const oppositeOf = (node: LinearNode): LinearNode | null => {
  switch (node.tag) {
    case 'input':
    case 'add':
    case 'multiplyAdd':
      return null;
    case 'subtract':
      return { ...node, left: node.right, right: node.left };
    case 'multiply':
      return { ...node, factor: -node.factor };
  }
};

/** What writes a network: sums of sums, and the network of those that are asked for. */
export interface NetworkWriter {
  readonly input: (index: number) => Sum;
  readonly add: (left: Sum, right: Sum) => Sum;
  /** start + sum of factor * sum over the terms, in their order. */
  readonly combination: (start: Sum, terms: readonly (readonly [factor: number, sum: Sum])[]) => Sum;
  /** The network of these outputs, none of which is zero. */
  readonly network: (outputs: readonly Sum[]) => LinearNetwork;
}

/** A network without nodes, to be written. */
export const networkWriter = (inputs: number): NetworkWriter => {
  const nodes = new Array<LinearNode>();
  const places = new Map<string, number>();
  const placeOf = (node: LinearNode): number => {
    const key = JSON.stringify(node);
    const place = places.get(key) ?? nodes.push(node) - 1;
    places.set(key, place);
    return place;
  };
  const add: NetworkWriter['add'] = (left, right) => {
    if (left === null || right === null) {
      return left ?? right;
    }
    const [first, second] = left.node <= right.node ? [left, right] : [right, left];
    const tag = first.sign === second.sign ? 'add' : 'subtract';
    return { sign: first.sign, node: placeOf({ tag, left: first.node, right: second.node }) };
  };
  const plusProduct = (start: Sum, factor: number, sum: Term): Sum => {
    const signed = factor * sum.sign;
    if (Math.abs(Math.abs(factor) - 1) < closeness) {
      return add(start, { sign: signed > 0 ? 1 : -1, node: sum.node });
    }
    return start === null
      ? { sign: signed > 0 ? 1 : -1, node: placeOf({ tag: 'multiply', factor: Math.abs(factor), value: sum.node }) }
      : {
          sign: start.sign,
          node: placeOf({ tag: 'multiplyAdd', factor: signed * start.sign, value: sum.node, addend: start.node }),
        };
  };
  const withoutSign = (term: Term): Term => {
    const opposite = term.sign > 0 ? null : oppositeOf(nodes[term.node]!);
    return opposite === null ? term : { sign: 1, node: placeOf(opposite) };
  };
  return {
    input: (index) => ({ sign: 1, node: placeOf({ tag: 'input', index }) }),
    add,
    combination: (start, terms) =>
      terms.reduce<Sum>((sum, [factor, term]) => {
        const rounded = Number(factor.toPrecision(digits));
        return term === null || Math.abs(rounded) < closeness ? sum : plusProduct(sum, rounded, term);
      }, start),
    network: (outputs) => {
      const ordered = new Array<LinearNode>();
      const names = new Map<number, number>();
      const nameOf = (place: number): number => {
        const known = names.get(place);
        if (known !== undefined) {
          return known;
        }
        const node = nodes[place]!;
        operandsOf(node).forEach(nameOf);
        const name = ordered.push(renamed(node, nameOf)) - 1;
        names.set(place, name);
        return name;
      };
      return {
        inputs,
        nodes: ordered,
        outputs: outputs.map((output) => {
          if (output === null) {
            throw new RangeError('an output of a network is zero: leave it out');
          }
          const { sign, node } = withoutSign(output);
          return { sign, node: nameOf(node) };
        }),
      };
    },
  };
};

/** What the adjoint of a node hands to those of its operands, each with a factor. */
const handed = (node: LinearNode): readonly (readonly [operand: number, factor: number])[] => {
  switch (node.tag) {
    case 'input':
      return [];
    case 'add':
    case 'subtract':
      return [
        [node.left, 1],
        [node.right, node.tag === 'add' ? 1 : -1],
      ];
    case 'multiply':
      return [[node.value, node.factor]];
    case 'multiplyAdd':
      return [
        [node.value, node.factor],
        [node.addend, 1],
      ];
  }
};

/**
 * The transposed map: outputs become inputs, and inputs outputs. It is the derivative of the network in reverse mode, and takes
 * about as many operations.
 */
export const transposed = ({ inputs, nodes, outputs }: LinearNetwork): LinearNetwork => {
  const { input, combination, network } = networkWriter(outputs.length);
  const received = nodes.map(() => new Array<readonly [number, Sum]>());
  outputs.forEach(({ sign, node }, index) => {
    received[node]!.push([sign, input(index)]);
  });
  const adjoints = new Array<Sum>(inputs).fill(null);
  for (let place = nodes.length - 1; place >= 0; place -= 1) {
    const node = nodes[place]!;
    // Sums without factors come first, so that each product has a sum to be added to.
    const isPlain = ([factor]: readonly [number, Sum]): number => (Math.abs(factor) === 1 ? 0 : 1);
    const adjoint = combination(
      null,
      received[place]!.toSorted((a, b) => isPlain(a) - isPlain(b)),
    );
    handed(node).forEach(([operand, factor]) => {
      received[operand]!.push([factor, adjoint]);
    });
    if (node.tag === 'input') {
      adjoints[node.index] = adjoint;
    }
  }
  return network(adjoints);
};
