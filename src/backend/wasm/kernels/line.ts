/** A linear network as straight-line code on vectors: what it reads is loaded when it is first needed, and stored when known. */
import { assign, f32x4, type Body, type Expression } from '../../../assembler/expression.ts';
import type { Scope } from '../../../assembler/module.ts';
import type { LinearNetwork, LinearNode } from '../../schedule/linear-network.ts';
import { multiplyAdd, type Arithmetic } from './arithmetic.ts';
import type { Constants } from './constants.ts';

/** Where a network finds its inputs, and puts its outputs. */
export interface Ends {
  readonly load: (index: number) => Expression<'v128'>;
  readonly store: (index: number, value: Expression<'v128'>) => Body;
}

/** The code of a network. Outputs are stored in their order. */
export const line = (
  scope: Scope,
  arithmetic: Arithmetic,
  { vector }: Constants,
  { nodes, outputs }: LinearNetwork,
  { load, store }: Ends,
): Body => {
  const body = new Array<Body>();
  const values = new Array<Expression<'v128'>>();
  const valueOf = (node: LinearNode): Expression<'v128'> => {
    switch (node.tag) {
      case 'input':
        return load(node.index);
      case 'add':
        return f32x4.add(values[node.left]!, values[node.right]!);
      case 'subtract':
        return f32x4.subtract(values[node.left]!, values[node.right]!);
      case 'multiply':
        return f32x4.multiply(values[node.value]!, vector(node.factor));
      case 'multiplyAdd':
        return multiplyAdd(arithmetic)(values[node.value]!, vector(node.factor), values[node.addend]!);
    }
  };
  outputs.forEach(({ sign, node }, index) => {
    // Nodes stand in the order in which outputs need them.
    while (values.length <= node) {
      const local = scope.local('v128');
      body.push(assign(local, valueOf(nodes[values.length]!)));
      values.push(local);
    }
    const value = values[node]!;
    body.push(store(index, sign > 0 ? value : f32x4.multiply(value, vector(-1))));
  });
  return body;
};
