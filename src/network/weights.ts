/** The weights of a network: one array for each parameter of its program, by name, row-major. */
import type { Reals } from '../number/reals.ts';
import { declarations, type TypedProgram } from '../program/typecheck.ts';
import type { Program } from '../program/program.ts';
import { shapeOf, type ValueType } from '../program/value-type.ts';
import type { Weight, WeightRole } from '../program/weight.ts';
import type { Shape } from './network.ts';

/** Numbers for each weight, by name. */
export type Weights = Readonly<Record<string, Reals>>;

/** The declared types of a program's weights, by name, in order of first use. */
export const weightTypes: (program: TypedProgram) => Readonly<Record<string, ValueType>> = declarations('parameter');

/**
 * What the maps of a network declare of its weights, by name, in order of first use.
 *
 * @throws RangeError for a parameter that no map declares: networks are built from declared maps alone.
 */
export const declaredWeights = ({ equations }: Program): Readonly<Record<string, Weight>> =>
  Object.fromEntries(
    equations.flatMap((equation) => {
      if (equation.tag !== 'parameter') {
        return [];
      }
      if (equation.weight === undefined) {
        throw new RangeError(
          `expected weights that a map declares, got the bare parameter ${equation.name}: build networks of maps`,
        );
      }
      return [[equation.name, equation.weight] as const];
    }),
  );

/**
 * Numbers that are given by role, under the names of a network's weights.
 *
 * @throws RangeError where a map has not declared its weights.
 */
export const weightsByRole =
  (program: Program) =>
  (values: Readonly<Partial<Record<WeightRole, Reals>>>): Weights =>
    Object.fromEntries(
      Object.entries(declaredWeights(program)).flatMap(([name, { role }]) => {
        const found = values[role];
        return found === undefined ? [] : [[name, found] as const];
      }),
    );

/**
 * The shape that a weight has in a file: [out, in, k, k] on lattices, [out, in] for dense layers, [channels] for
 * biases.
 */
export const fileShape =
  ({ tag }: Shape) =>
  (type: ValueType): readonly number[] =>
    tag === 'dense' && type.tag === 'kernel' ? [type.outputs, type.inputs] : shapeOf(1)(type);
