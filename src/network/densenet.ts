/**
 * The densely connected network: F_1 = f_0(S_0), F_{i+1} = f_i([S_0, F_1, .., F_i]), E = q([S_0, F_1, .., F_n]).
 *
 * @eq DenseNet (Fig. 5d)
 */
import { concat, type Field, type Scalar } from '../program/expression.ts';
import type { FieldMap, Readout } from './maps.ts';

/** The maps of a DenseNet. */
export interface DenseNet {
  /** What stands for S_0 in the concatenations: the identity, or T_1 on lattices. */
  readonly features: FieldMap;
  /** f_0. */
  readonly first: FieldMap;
  /** f_1, .., f_{n-1}. */
  readonly rest: readonly FieldMap[];
  readonly q: Readout;
}

/** The energy of a DenseNet with these maps, from the spins S_0: a scalar. */
export const densenet =
  ({ features, first, rest, q }: DenseNet) =>
  (S0: Field): Scalar =>
    q(rest.reduce((known, f) => concat([known, f(known)]), concat([features(S0), first(S0)])));
