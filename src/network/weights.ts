/** The weights of a network: one array for each parameter of its program, by name, row-major. */
import type { Reals } from '../number/reals.ts';
import { declarations, type TypedProgram } from '../program/typecheck.ts';
import { shapeOf, type ValueType } from '../program/value-type.ts';
import type { Shape } from './network.ts';

export type Weights = Readonly<Record<string, Reals>>;

/** The declared types of a program's weights, by name, in order of first use. */
export const weightTypes: (program: TypedProgram) => Readonly<Record<string, ValueType>> = declarations('parameter');

/**
 * The shape that a weight has in a file: [out, in, k, k] on lattices, [out, in] for dense layers, [channels] for
 * biases.
 */
export const fileShape =
  ({ tag }: Shape) =>
  (type: ValueType): readonly number[] =>
    tag === 'dense' && type.tag === 'kernel' ? [type.outputs, type.inputs] : shapeOf(1)(type);
