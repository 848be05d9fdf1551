/**
 * The residual network: S_1 = P(S_0) + f_0(S_0), S_{i+1} = S_i + f_i(S_i), E = q(S_n).
 *
 * @eq ResNet (Fig. 5b)
 */
import { add, type Field, type Scalar } from '../program/expression.ts';
import type { FieldMap, Readout } from './maps.ts';

/** The maps of a ResNet. */
export interface ResNet {
  /** P: an affine projection to the layers' width, the identity where the widths agree, T_1 on lattices. */
  readonly projection: FieldMap;
  /** f_0. */
  readonly first: FieldMap;
  /** f_1, .., f_{n-1}. */
  readonly rest: readonly FieldMap[];
  readonly q: Readout;
}

/** The energy of a ResNet with these maps, from the spins S_0: a scalar. */
export const resnet =
  ({ projection, first, rest, q }: ResNet) =>
  (S0: Field): Scalar =>
    q(rest.reduce((S, f) => add(S, f(S)), add(projection(S0), first(S0))));
