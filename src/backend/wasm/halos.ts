/** How wide the halo of each field must be: periodic copies of its edge, so that a tap is one offset everywhere. */
import { meaningOf, type ValueId } from '../../program/program.ts';
import type { Setting } from './setting.ts';
import { promisedKernel } from '../../program/promised-type.ts';

/** From the centre of a window of `size` sites, which is odd, to its edge. */
export const radius = (size: number): number => (size - 1) / 2;

/** The widest halo that the passes which read each value tap by tap ask for, in sites. */
export const halosOf = ({
  program: { equations, types },
  passes,
  spectra,
}: Pick<Setting, 'program' | 'passes' | 'spectra'>): readonly number[] => {
  const halos = equations.map(() => 0);
  const widen = (field: ValueId, size: number): void => {
    halos[field] = Math.max(halos[field] ?? 0, radius(size));
  };
  for (const pass of passes.filter((each) => !spectra.isSpectral(each))) {
    if (pass.tag === 'correlation') {
      widen(pass.correlation.field, promisedKernel(meaningOf(types)(pass.correlation.kernel)).size);
    } else if (pass.tag === 'operation' && pass.operation.tag === 'kernelGradient') {
      widen(pass.operation.field, pass.operation.size);
    }
  }
  return halos;
};
