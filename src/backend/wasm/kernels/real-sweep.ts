/**
 * One sweep in float64 through values that lie in one run each: an expression of their entries is computed, two or four
 * entries at a time, and stored, or added up, two at a time and entry after entry, as the meaning of a sum has it. Products and sums round by themselves,
 * so results are those of the definitions to the bit.
 *
 * `profile-dense-W150-adam` of `efnn bench` measures those of a step of Adam on 190,800 weights.
 */
import { assign, f64, f64x2, type Body } from '../../../assembler/expression.ts';
import { nestOfVectors } from '../../../assembler/loops.ts';
import { defineFunction, type FunctionDefinition } from '../../../assembler/module.ts';
import {
  f32xN,
  f64xN,
  temporaries,
  type VectorBits,
  type VectorWidth,
  type WideLocal,
  type WideVector,
} from '../../../assembler/wide-vector.ts';
import type { EntryFunction } from '../../../program/operation.ts';
import type { Node } from '../../schedule/entry-expression.ts';
import { bytesPerReal, bytesPerVector } from '../grid.ts';
import { range } from './arithmetic.ts';
import { constantsOf } from './constants.ts';
import { evaluated, type Evaluate } from './evaluated.ts';

/** Functions that processors compute as the definitions say; a tangent is not among them. */
export type RealFunction = Exclude<EntryFunction, 'tanh'>;

/** A number that the sweep reads: the entry of a value, or a scalar, by its place among the operands. */
export interface RealLeaf {
  readonly tag: 'entry' | 'scalar';
  readonly operand: number;
}

/** A node of an expression whose functions are those above. */
export type RealNode = Exclude<Node<RealLeaf>, { readonly tag: 'function' | 'multiplyAdd' }> | RealFunctionNode;

interface RealFunctionNode {
  readonly tag: 'function';
  readonly function: RealFunction;
  readonly value: number;
}

/** What a sweep computes, of how many entries, and whether it stores each or their total. */
export interface RealSweep {
  readonly length: number;
  readonly operands: readonly RealLeaf['tag'][];
  readonly expression: readonly RealNode[];
  readonly of: 'each' | 'total';
  /** Of the vectors that are stored; what is added up takes those of 128. */
  readonly bits: VectorBits;
}

const numbersPerVector = bytesPerVector / bytesPerReal;

const functions: Readonly<Record<RealFunction, (x: WideVector, one: WideVector) => WideVector>> = {
  reciprocal: (x, one) => f64xN.divide(one, x),
  sqrt: f64xN.sqrt,
};

/** Parameters: the operands, the result. Runs have room for a whole number of vectors. */
export const realSweep = (name: string, { length, operands, expression, of, bits }: RealSweep): FunctionDefinition =>
  defineFunction(name, (scope) => {
    const places = operands.map(() => scope.parameter());
    const result = scope.parameter();
    const scalars = operands.map((tag) => (tag === 'scalar' ? scope.local('v128') : null));
    const constants = constantsOf(scope, f64x2.constant);
    const sum = scope.local('f64');

    const entryOf =
      (width: VectorWidth): Evaluate<RealNode> =>
      (node, value) => {
        const assigned = (result: WideVector) => (to: WideLocal) => f32xN.assign(to, result);
        switch (node.tag) {
          case 'constant':
            return { lasting: constants.vector(width, node.value) };
          case 'leaf': {
            const { operand } = node.leaf;
            const scalar = scalars[operand] ?? null;
            return scalar === null ? assigned(width.load(places[operand]!)) : { lasting: width.alike(scalar) };
          }
          case 'add':
            return assigned(f64xN.add(value(node.left), value(node.right)));
          case 'multiply':
            return assigned(f64xN.multiply(value(node.left), value(node.right)));
          case 'function':
            return assigned(functions[node.function](value(node.value), constants.vector(width, 1)));
        }
      };
    const entries = (width: VectorWidth): { readonly statements: Body; readonly value: WideLocal } => {
      const variables = temporaries(scope, width);
      const value = variables.take();
      return { statements: evaluated(expression, variables, entryOf(width))(value), value };
    };

    const pointers = [
      ...places.filter((_, operand) => operands[operand] === 'entry'),
      ...(of === 'each' ? [result] : []),
    ];
    const through = (vectors: number, most: VectorBits, body: (width: VectorWidth) => Body): Body =>
      vectors === 0
        ? []
        : nestOfVectors(
            scope,
            [vectors],
            pointers.map((local) => ({ local, strides: [bytesPerVector] })),
            most,
            body,
          );
    const [vectors, rest] = [Math.floor(length / numbersPerVector), length % numbersPerVector];
    const added =
      (count: number) =>
      (width: VectorWidth): Body => {
        const { statements, value } = entries(width);
        return [statements, range(count).map((lane) => assign(sum, f64.add(sum, f64x2.lane(lane)(value[0]!))))];
      };
    const sweep =
      of === 'each'
        ? through(vectors + rest, bits, (width) => {
            const { statements, value } = entries(width);
            return [statements, f32xN.store(result, value)];
          })
        : [
            assign(sum, f64.zero),
            through(vectors, 128, added(numbersPerVector)),
            through(rest, 128, added(rest)),
            f64.store(result, sum),
          ];
    return [
      constants.assigned(),
      scalars.map((scalar, operand) => (scalar === null ? [] : assign(scalar, f64x2.loadSplat(places[operand]!)))),
      sweep,
    ];
  });
