/**
 * The two-body head: sum over sites of s_i . (K * s)_i, the RKKY interaction of Eq. (3) cut off at the size of K.
 *
 * It is linear in the kernel K, `pair.weight`, which is therefore fitted by linear least squares before a network
 * learns what pairs cannot express.
 *
 * @eq 3 (its two-body term, translation-invariant)
 */
import { contract, correlate, parameterKernel, total, type Field, type Scalar } from '../program/expression.ts';

export const pairHead =
  (kernel: number) =>
  (s0: Field): Scalar =>
    total(contract(s0, correlate(parameterKernel('pair.weight', 1, 1, kernel))(s0)));
