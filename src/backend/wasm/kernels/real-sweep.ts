/**
 * One sweep in float64 through values that lie in one run each: an expression of their entries is computed, two entries at a
 * time, and stored, or added up entry after entry as the meaning of a sum has it. Products and sums round by themselves, so
 * results are those of the definitions to the bit.
 *
 * A step of Adam on 190,800 weights takes 1.3 ms, and 5.3 ms by loops of JavaScript that store each value.
 */
import {
  advance,
  assign,
  f64,
  f64x2,
  times,
  type Body,
  type Expression,
  type Local,
} from '../../../assembler/expression.ts';
import { defineFunction, type FunctionDefinition } from '../../../assembler/module.ts';
import type { EntryFunction } from '../../../program/operation.ts';
import type { Node } from '../../schedule/entry-expression.ts';
import { bytesPerReal, bytesPerVector } from '../grid.ts';
import { range } from './arithmetic.ts';

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
}

const numbersPerVector = bytesPerVector / bytesPerReal;

const functions: Readonly<Record<RealFunction, (x: Expression<'v128'>) => Expression<'v128'>>> = {
  reciprocal: (x) => f64x2.divide(f64x2.constant(1), x),
  sqrt: f64x2.sqrt,
};

/** Parameters: the operands, the result. Runs have room for a whole number of vectors. */
export const realSweep = (name: string, { length, operands, expression, of }: RealSweep): FunctionDefinition =>
  defineFunction(name, (scope) => {
    const pointers = operands.map(() => scope.parameter());
    const result = scope.parameter();
    const scalars = operands.map((tag) => (tag === 'scalar' ? scope.local('v128') : null));
    const values = expression.map(() => scope.local('v128'));
    const sum = scope.local('f64');
    const value = (node: number): Local<'v128'> => values[node]!;

    const computed = (node: RealNode): Expression<'v128'> => {
      switch (node.tag) {
        case 'leaf':
          return scalars[node.leaf.operand] ?? f64x2.load(pointers[node.leaf.operand]!);
        case 'constant':
          return f64x2.constant(node.value);
        case 'add':
          return f64x2.add(value(node.left), value(node.right));
        case 'multiply':
          return f64x2.multiply(value(node.left), value(node.right));
        case 'function':
          return functions[node.function](value(node.value));
      }
    };
    const last = value(expression.length - 1);
    const entries: Body = expression.map((node, index) => assign(values[index]!, computed(node)));
    const added = (count: number): Body =>
      range(count).map((lane) => assign(sum, f64.add(sum, f64x2.lane(lane)(last))));
    const onward: Body = pointers.map((pointer, index) =>
      scalars[index] === null ? advance(pointer, bytesPerVector) : [],
    );
    const start: Body = scalars.map((scalar, index) =>
      scalar === null ? [] : assign(scalar, f64x2.loadSplat(pointers[index]!)),
    );
    const [vectors, rest] = [Math.floor(length / numbersPerVector), length % numbersPerVector];
    const through = (count: number, body: Body): Body =>
      count === 0 ? [] : times(scope.local('i32'), count, [entries, body, onward]);
    return of === 'each'
      ? [start, through(vectors + rest, [f64x2.store(result, last), advance(result, bytesPerVector)])]
      : [
          start,
          assign(sum, f64.zero),
          through(vectors, added(numbersPerVector)),
          through(rest, added(rest)),
          f64.store(result, sum),
        ];
  });
