/** The statements of a loop that compute an expression at the entries of a vector, with as few variables as are used at once. */
import type { Body } from '../../../assembler/expression.ts';
import { f32xN, type Temporaries, type WideLocal } from '../../../assembler/wide-vector.ts';
import { operandsOf, type Node, type NodeId } from '../../schedule/entry-expression.ts';

/** The variable of what is the same at all entries, which is assigned before the loop. */
interface Lasting {
  readonly lasting: WideLocal;
}

/** The statements that compute a value, and assign it to a variable. */
type Computed = (result: WideLocal) => Body;

/** What a kernel makes of a node, given the variables of those before it. */
export type Evaluate<Each> = (node: Each, value: (node: NodeId) => WideLocal) => Lasting | Computed;

/** The statements that compute the nodes in order, and assign the last to a variable. */
export const evaluated =
  <Each extends Node<unknown>>(expression: readonly Each[], variables: Temporaries, evaluate: Evaluate<Each>) =>
  (to: WideLocal): Body => {
    const lastRead = new Map(
      expression.flatMap((node, at) => operandsOf(node).map((operand) => [operand, at] as const)),
    );
    const lasts = new Set<NodeId>();
    const values = new Array<WideLocal>();
    const value = (node: NodeId): WideLocal => {
      const known = values[node];
      if (known === undefined) {
        throw new RangeError(`node ${node} is used before it is computed: order nodes by use`);
      }
      return known;
    };
    return expression.map((node, at): Body => {
      const isLast = at === expression.length - 1;
      const found = evaluate(node, value);
      if ('lasting' in found) {
        lasts.add(at);
        values.push(found.lasting);
        return isLast ? f32xN.assign(to, found.lasting) : [];
      }
      for (const operand of new Set(operandsOf(node))) {
        if (lastRead.get(operand) === at && !lasts.has(operand)) {
          variables.give(value(operand));
        }
      }
      const result = isLast ? to : variables.take();
      values.push(result);
      return found(result);
    });
  };
