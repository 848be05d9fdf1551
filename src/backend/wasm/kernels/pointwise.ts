/**
 * One sweep over fields that computes an expression at every entry, and stores it or adds it to a line of sums.
 *
 * Chains of sums, products and functions of entries, and the sums over their results, become one loop each: what is used once is
 * never written to memory.
 */
import { assign, f32x4, type Body, type Expression, type Local } from '../../../assembler/expression.ts';
import { nest } from '../../../assembler/loops.ts';
import { defineFunction, type FunctionDefinition, type Scope } from '../../../assembler/module.ts';
import type { EntryFunction } from '../../../program/operation.ts';
import type { EntryExpression, Node } from '../../schedule/entry-expression.ts';
import { bytesPerVector, vectorsFor, type Extents, type Strides } from '../grid.ts';
import { multiplyAdd, range, zipped, type Arithmetic } from './arithmetic.ts';
import { constantsOf, type Constants } from './constants.ts';
import { hyperbolicTangent } from './hyperbolic-tangent.ts';

/** The entry of a field that is so many bytes from where the sweep is. */
export interface FieldEntry {
  /** Its place among the fields that the sweep reads. */
  readonly field: number;
  readonly offset: number;
}

/** What a sweep runs through, the fields that it reads, the expression of their entries, and where the results go. */
export interface Pointwise {
  readonly extents: Extents;
  readonly fields: readonly Strides[];
  readonly expression: EntryExpression<FieldEntry>;
  readonly result: Strides;
  /** Whether the result is stored, or added to what is there. */
  readonly adds: boolean;
  readonly arithmetic: Arithmetic;
}

/** The statements that assign a function of four numbers to a local. */
type AssignFunction = (
  result: Local<'v128'>,
  x: Expression<'v128'>,
  scope: Scope,
  arithmetic: Arithmetic,
  constants: Constants,
) => Body;

const functions: Readonly<Record<EntryFunction, AssignFunction>> = {
  tanh: (result, x, scope, arithmetic, constants) => hyperbolicTangent(scope, arithmetic, constants, result, x),
  reciprocal: (result, x, _, __, { vector }) => assign(result, f32x4.divide(vector(1), x)),
  sqrt: (result, x) => assign(result, f32x4.sqrt(x)),
};

/** The expressions of the nodes; what takes an operation is kept in a local, which the statements compute in order. */
const evaluated = (
  scope: Scope,
  constants: Constants,
  { expression, arithmetic }: Pointwise,
  fields: readonly Local<'i32'>[],
): { readonly statements: Body; readonly values: readonly Expression<'v128'>[] } => {
  const statements = new Array<Body>();
  const values = new Array<Expression<'v128'>>();
  const value = (node: number): Expression<'v128'> => {
    const known = values[node];
    if (known === undefined) {
      throw new RangeError(`node ${node} is used before it is computed: order nodes by use`);
    }
    return known;
  };
  const kept = (compute: (local: Local<'v128'>) => Body): Expression<'v128'> => {
    const local = scope.local('v128');
    statements.push(compute(local));
    return local;
  };
  const valueOf = (node: Node<FieldEntry>): Expression<'v128'> => {
    switch (node.tag) {
      case 'leaf': {
        const { field, offset } = node.leaf;
        return kept((local) =>
          fields.slice(field, field + 1).map((pointer) => assign(local, f32x4.load(pointer, offset))),
        );
      }
      case 'constant':
        return constants.vector(node.value);
      case 'add':
        return kept((local) => assign(local, f32x4.add(value(node.left), value(node.right))));
      case 'multiply':
        return kept((local) => assign(local, f32x4.multiply(value(node.left), value(node.right))));
      case 'multiplyAdd':
        return kept((local) =>
          assign(local, multiplyAdd(arithmetic)(value(node.left), value(node.right), value(node.addend))),
        );
      case 'function':
        return kept((local) => functions[node.function](local, value(node.value), scope, arithmetic, constants));
    }
  };
  expression.forEach((node) => values.push(valueOf(node)));
  return { statements, values };
};

/** Parameters: the fields, the result. */
export const pointwise = (name: string, shape: Pointwise): FunctionDefinition =>
  defineFunction(name, (scope) => {
    const fields = range(shape.fields.length).map(() => scope.parameter());
    const result = scope.parameter();
    const { components, channels, rows, rowNumbers } = shape.extents;
    const pointers = zipped(
      [...fields, result],
      [...shape.fields, shape.result],
      (local, { component, channel, row }) => ({
        local,
        strides: [component, channel, row, bytesPerVector],
      }),
    );
    const constants = constantsOf(scope);
    const { statements, values } = evaluated(scope, constants, shape, fields);
    const sweep = nest(scope, [components, channels, rows, vectorsFor(rowNumbers)], pointers, [
      statements,
      values.slice(-1).map((value) => f32x4.store(result, shape.adds ? f32x4.add(f32x4.load(result), value) : value)),
    ]);
    return [constants.assigned(), sweep];
  });
