/**
 * The passes that a program takes, one after the other: what each reads, computes and stores. It is the schedule of a
 * program before anything is said of memory, threads or a device, and all that a backend has to carry out.
 */
import { alike, interpret, pointwise, type Algebra, type Operation } from '../../program/operation.ts';
import { meaningOf, valueId, type ValueId } from '../../program/program.ts';
import type { TypedProgram } from '../../program/typecheck.ts';
import { batchSums } from './batch-sum.ts';
import { bindingTimes, type BindingTime } from './binding-time.ts';
import { fusionOf } from './fusion.ts';
import { sweepOf, type Sweep } from './sweep.ts';

/** A correlation, forwards or transposed. */
export type Correlation = Operation<ValueId, 'correlate' | 'correlateTransposed'>;

/** Operations that are passes of their own: arguments that arrive, gradients of kernels, channels put side by side. */
export type PassOfItsOwn = Operation<ValueId, 'input' | 'parameter' | 'kernelGradient' | 'concat'>;

/** One pass, which stores one value. */
export type Pass =
  | { readonly tag: 'sweep'; readonly stores: ValueId; readonly sweep: Sweep }
  /** A correlation that starts from another value, which it is added to, or from zero. */
  | {
      readonly tag: 'correlation';
      readonly stores: ValueId;
      readonly correlation: Correlation;
      readonly start: ValueId | null;
    }
  | { readonly tag: 'operation'; readonly stores: ValueId; readonly operation: PassOfItsOwn };

/**
 * The schedule of a program. Values that no pass stores are constants, views (`fill`, `broadcast`, `slice`), parts of the
 * pass that reads them, or sums of terms.
 */
export interface Passes {
  /** When each value is known. */
  readonly times: readonly BindingTime[];
  readonly passes: readonly Pass[];
  /** Values that are to be added to an output's sum over the batch, each with that output. */
  readonly terms: ReadonlyMap<ValueId, ValueId>;
}

/**
 * The passes of a program in an order in which they can be taken.
 *
 * @example
 * pipe(
 *   typecheck(record({ y: add(inputField('x', 1, 1), multiply(inputField('x', 1, 1), inputField('x', 1, 1))) })),
 *   E.map((program) => passesOf(program).passes.map(({ tag }) => tag)),
 * ) // right(['operation', 'sweep'])
 */
export const passesOf = (program: TypedProgram): Passes => {
  const times = bindingTimes(program);
  const terms = batchSums(program, times);
  const fusion = fusionOf(program, times, new Set(Object.values(program.outputs)));
  const sweepFor = sweepOf(program, fusion);
  const equationOf = meaningOf(program.equations);

  const swept = (stores: ValueId): readonly Pass[] => [{ tag: 'sweep', stores, sweep: sweepFor(stores) }];
  const correlated = (stores: ValueId, at: ValueId, start: ValueId | null): readonly Pass[] => {
    const correlation = equationOf(at);
    return correlation.tag === 'correlate' || correlation.tag === 'correlateTransposed'
      ? [{ tag: 'correlation', stores, correlation, start }]
      : [];
  };

  const passesAt = (id: ValueId): Algebra<ValueId, readonly Pass[]> => {
    const ofItsOwn = (operation: PassOfItsOwn): readonly Pass[] => [{ tag: 'operation', stores: id, operation }];
    const sweep = (): readonly Pass[] => swept(id);
    const correlate = (): readonly Pass[] => correlated(id, id, null);
    const none = (): readonly Pass[] => [];
    return {
      ...alike(pointwise)(sweep),
      add: () => {
        const absorbed = fusion.absorbed.get(id);
        if (absorbed !== undefined) {
          return correlated(id, absorbed.correlation, absorbed.start);
        }
        return terms.has(id) ? none() : sweep();
      },
      total: sweep,
      sumSites: sweep,
      correlate,
      correlateTransposed: correlate,
      input: ofItsOwn,
      parameter: ofItsOwn,
      kernelGradient: ofItsOwn,
      concat: ofItsOwn,
      constant: none,
      fill: none,
      broadcast: none,
      slice: none,
    };
  };

  const inside = new Set([...fusion.absorbed.values()].map(({ correlation }) => correlation));
  const passes = program.equations.flatMap((equation, index) => {
    const id = valueId(index);
    return fusion.isInlined(id) || inside.has(id) ? [] : interpret(passesAt(id))(equation);
  });
  return { times, passes, terms };
};
