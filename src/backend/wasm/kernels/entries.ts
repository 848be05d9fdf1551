/** Expressions in the entries of fields, a vector of each at a time. */
import type { Body, Local } from '../../../assembler/expression.ts';
import { f32xN, type WideLocal, type WideVector } from '../../../assembler/wide-vector.ts';
import type { EntryFunction } from '../../../program/operation.ts';
import type { EntryExpression, Node } from '../../schedule/entry-expression.ts';
import { multiplyAdd } from './arithmetic.ts';
import type { Evaluate } from './evaluated.ts';
import { hyperbolicTangent } from './hyperbolic-tangent.ts';
import type { Writing } from './writing.ts';

/** The entry of a field that is so many bytes from where the sweep is. */
export interface FieldEntry {
  /** Its place among the fields that the sweep reads. */
  readonly field: number;
  readonly offset: number;
}

/** The entries of the first field as they are. */
export const entryItself: EntryExpression<FieldEntry> = [{ tag: 'leaf', leaf: { field: 0, offset: 0 } }];

/** Whether an expression is the entry of the first field as it is. */
export const isEntryItself = ([node, ...others]: EntryExpression<FieldEntry>): boolean =>
  others.length === 0 && node?.tag === 'leaf' && node.leaf.field === 0 && node.leaf.offset === 0;

/** The statements that assign a function of the numbers of a vector to a variable. */
type AssignFunction = (result: WideLocal, x: WideVector, writing: Writing) => Body;

const functions: Readonly<Record<EntryFunction, AssignFunction>> = {
  tanh: hyperbolicTangent,
  reciprocal: (result, x, { width, constants }) => f32xN.assign(result, f32xN.divide(constants.vector(width, 1), x)),
  sqrt: (result, x) => f32xN.assign(result, f32xN.sqrt(x)),
};

/** What the nodes of an expression become at the entries that are `at` bytes after the addresses of the fields. */
export const entryOf =
  (writing: Writing, fields: readonly Local<'i32'>[], at = 0): Evaluate<Node<FieldEntry>> =>
  (node, value) => {
    const { width, constants, arithmetic } = writing;
    const assigned = (result: WideVector) => (to: WideLocal) => f32xN.assign(to, result);
    switch (node.tag) {
      case 'constant':
        return { lasting: constants.vector(width, node.value) };
      case 'leaf': {
        const { field, offset } = node.leaf;
        return assigned(width.load(fields[field]!, at + offset));
      }
      case 'add':
        return assigned(f32xN.add(value(node.left), value(node.right)));
      case 'multiply':
        return assigned(f32xN.multiply(value(node.left), value(node.right)));
      case 'multiplyAdd':
        return assigned(multiplyAdd(arithmetic)(value(node.left), value(node.right), value(node.addend)));
      case 'function': {
        const x = value(node.value);
        return (result) => functions[node.function](result, x, writing);
      }
    }
  };
