/** Losses as programs, whose gradients contain gradients. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';

import { typecheck } from '../src/program/typecheck.ts';
import { lossProgram } from '../src/training/loss.ts';
import { verify } from './law.ts';
import { lossGradientIsItsDerivative, lossIsTheFormula } from './laws/loss.ts';
import type { LossProgram } from './laws/training.ts';

/** The constants of the loss and its gradient, rewritten. */
const withConstants =
  (change: (value: number) => number): LossProgram =>
  (loss, trained) =>
  (program) =>
    pipe(
      lossProgram(loss, trained)(program),
      E.chain((found) =>
        typecheck({
          ...found,
          equations: found.equations.map((equation) =>
            equation.tag === 'constant' ? { ...equation, value: change(equation.value) } : equation,
          ),
        }),
      ),
    );

const implementation: LossProgram = lossProgram;

verify(lossIsTheFormula, implementation, {
  'labels are added': withConstants((value) => (value === -1 ? 1 : value)),
  'forces do not count': (loss, trained) => lossProgram({ ...loss, forceWeight: null }, trained),
  'the weight of forces is taken for that of all': (loss, trained) =>
    lossProgram({ ...loss, weight: loss.forceWeight ?? loss.weight }, trained),
  'the mean of the squares': (loss, trained) => lossProgram({ ...loss, weight: loss.weight / 2 }, trained),
});

verify(lossGradientIsItsDerivative, implementation, {
  'forces are differentiated as if they were constant': (loss, trained) =>
    lossProgram({ ...loss, forceWeight: trained.length === 0 ? loss.forceWeight : null }, trained),
  'half the gradient': (loss, trained) =>
    lossProgram({ ...loss, weight: trained.length === 0 ? loss.weight : loss.weight / 2 }, trained),
});
