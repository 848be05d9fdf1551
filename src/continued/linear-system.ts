/** Systems of linear equations over any number field, by Gauss' elimination. */
import * as O from 'fp-ts/lib/Option.js';
import type { Option } from 'fp-ts/lib/Option.js';
import { pipe } from 'fp-ts/lib/function.js';

import type { NumberField } from '../number/number-field.ts';

/** One equation: the coefficients of the unknowns, and what they make. */
export interface LinearEquation<A> {
  readonly coefficients: readonly A[];
  readonly value: A;
}

/**
 * The unknowns of as many equations; none if the equations are dependent. The pivot is the coefficient of largest modulus,
 * which exact numbers need only to differ from 0.
 *
 * @example
 * solved(float64)([{ coefficients: [0, 2], value: 4 }, { coefficients: [1, 1], value: 3 }]) // some([1, 2])
 */
export const solved =
  <A>(field: NumberField<A>) =>
  (equations: readonly LinearEquation<A>[]): Option<readonly A[]> => {
    const { zero, sub, mul, div, equals, toNumber } = field;
    const first = ({ coefficients: [a = zero] }: LinearEquation<A>): A => a;
    const candidates = [...equations.entries()].filter(([, equation]) => !equals(first(equation), zero));
    const [candidate] = candidates;
    if (candidate === undefined) {
      return equations.length === 0 ? O.some([]) : O.none;
    }
    const [pivotIndex, pivot] = candidates.reduce(
      (best, other) => (Math.abs(toNumber(first(other[1]))) > Math.abs(toNumber(first(best[1]))) ? other : best),
      candidate,
    );
    const others = pivot.coefficients.slice(1);
    const eliminated = (equation: LinearEquation<A>): LinearEquation<A> => {
      const factor = div(first(equation), first(pivot));
      return {
        coefficients: equation.coefficients.slice(1).map((a, j) => sub(a, mul(factor, others[j] ?? zero))),
        value: sub(equation.value, mul(factor, pivot.value)),
      };
    };
    return pipe(
      equations.filter((_, index) => index !== pivotIndex).map(eliminated),
      solved(field),
      O.map((rest) => [
        div(
          rest.reduce((value, x, j) => sub(value, mul(others[j] ?? zero, x)), pivot.value),
          first(pivot),
        ),
        ...rest,
      ]),
    );
  };
