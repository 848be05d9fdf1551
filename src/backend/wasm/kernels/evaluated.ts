/** The statements of a loop that compute an expression at the entries of a vector, with as few variables as are used at once. */
import type { Body } from '../../../assembler/expression.ts';
import type { Temporaries, WideLocal } from '../../../assembler/wide-vector.ts';
import { operandsOf, type Node, type NodeId } from '../../schedule/entry-expression.ts';

/** The variable of a node that is computed before. */
export type ValueOf = (node: NodeId) => WideLocal;

/** What a kernel makes of the nodes of its expressions. */
export interface Evaluation<Each> {
  /** The variable of what is the same at all entries, assigned before the loop; null for all else. */
  readonly lasting: (node: Each) => WideLocal | null;
  /** The statements that compute all else, and assign it. */
  readonly computed: (node: Each, value: ValueOf, result: WideLocal) => Body;
}

/** The statements that compute the nodes in order, and the variable of the last. */
export const evaluated = <Each extends Node<unknown>>(
  expression: readonly Each[],
  variables: Temporaries,
  { lasting, computed }: Evaluation<Each>,
): { readonly statements: Body; readonly value: WideLocal } => {
  const lastRead = new Map(expression.flatMap((node, at) => operandsOf(node).map((operand) => [operand, at] as const)));
  const lasts = new Set<NodeId>();
  const values = new Array<WideLocal>();
  const value: ValueOf = (node) => {
    const known = values[node];
    if (known === undefined) {
      throw new RangeError(`node ${node} is used before it is computed: order nodes by use`);
    }
    return known;
  };
  const statements = expression.map((node, at): Body => {
    const kept = lasting(node);
    if (kept !== null) {
      lasts.add(at);
      values.push(kept);
      return [];
    }
    for (const operand of new Set(operandsOf(node))) {
      if (lastRead.get(operand) === at && !lasts.has(operand)) {
        variables.give(value(operand));
      }
    }
    const result = variables.take();
    values.push(result);
    return computed(node, value, result);
  });
  return { statements, value: value(expression.length - 1) };
};
