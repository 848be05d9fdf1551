/**
 * The plain deep network: an EFNN whose spins do not re-enter, S_i = g_i(f_{i-1}(S_{i-1})), E = q(S_n).
 *
 * @eq DNN (Fig. 5c)
 */
import type { Field, Scalar } from '../program/expression.ts';
import type { Efnn } from './efnn.ts';

/** The energy of a DNN with an EFNN's maps, from the spins S_0: a scalar. */
export const dnn =
  ({ layers, q }: Efnn) =>
  (S0: Field): Scalar =>
    q(layers.reduce((S, { f, g }) => g(f(S)), S0));
