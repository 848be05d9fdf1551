/**
 * The two-body head: sum over sites of s_i . (K * s)_i, the RKKY interaction of Eq. (3) cut off at the size of K.
 *
 * It is linear in the kernel K, which is therefore fitted by linear least squares before a network learns what pairs
 * cannot express.
 *
 * @eq 3 (its two-body term, translation-invariant)
 */
import { contract, correlate, parameterWeight, total, type Field, type Scalar } from '../program/expression.ts';
import { kernelType } from '../program/value-type.ts';
import { mapName, type Weight } from '../program/weight.ts';

/** K, shape [1, 1, k, k], as the head declares it. */
export const pairKernel = (kernel: number): Weight<'pairKernel'> => ({
  map: mapName('pair'),
  role: 'pairKernel',
  type: kernelType(1, 1, kernel),
  fanIn: kernel * kernel,
  degree: 1,
});

/** The energy of the head, from vector spins field(3, 1), with a kernel of odd size k. */
export const pairHead =
  (kernel: number) =>
  (s0: Field): Scalar =>
    total(contract(s0, correlate(parameterWeight(pairKernel(kernel)))(s0)));
