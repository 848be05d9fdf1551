/** How wide the halo of each field must be: periodic copies of its edge, so that a tap is one offset everywhere. */
import { isStencil } from '../../program/operation.ts';
import { meaningOf, type ValueId } from '../../program/program.ts';
import { promisedKernel } from '../../program/promised-type.ts';
import type { TypedProgram } from '../../program/typecheck.ts';

/** From the centre of a window of `size` sites, which is odd, to its edge. */
export const radius = (size: number): number => (size - 1) / 2;

/** The widest halo that the readers of each value ask for, in sites. */
export const halosOf = ({ equations, types }: TypedProgram): readonly number[] => {
  const halos = equations.map(() => 0);
  const widen = (field: ValueId, size: number): void => {
    halos[field] = Math.max(halos[field] ?? 0, radius(size));
  };
  for (const equation of equations) {
    if (isStencil(equation)) {
      widen(
        equation.field,
        equation.tag === 'kernelGradient' ? equation.size : promisedKernel(meaningOf(types)(equation.kernel)).size,
      );
    }
  }
  return halos;
};
