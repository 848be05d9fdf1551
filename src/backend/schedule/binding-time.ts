/**
 * When a value is known: values that depend on parameters and constants alone are computed once a run; all others once
 * a sample. (`binding time` is the term of partial evaluation.)
 */
import { operandsOf } from '../../program/operation.ts';
import { foldEquations, type Program } from '../../program/program.ts';

/** `run`: the value is the same for all samples of a run, and computed before them. `sample`: each sample has its own. */
export type BindingTime = 'run' | 'sample';

/** The binding time of each value. */
export const bindingTimes: (program: Program) => readonly BindingTime[] = foldEquations((timeOf, equation) =>
  equation.tag === 'input' || operandsOf(equation).some((id) => timeOf(id) === 'sample') ? 'sample' : 'run',
);
