/**
 * The Effective Field Neural Network: a continued function of the bare spins S_0.
 *
 * @eq F, S, E (Fig. 2a), continued function (Fig. 5a)
 */
import { multiply, type Field, type Scalar } from '../program/expression.ts';
import type { FieldMap, Readout } from './maps.ts';

/** One field-particle (FP) layer: f = f_{i-1} and g = g_i. */
export interface FieldParticleLayer {
  readonly f: FieldMap;
  readonly g: FieldMap;
}

/** The maps of an EFNN. */
export interface Efnn {
  /** The FP layers i = 1, .., n. */
  readonly layers: readonly FieldParticleLayer[];
  readonly q: Readout;
}

/** F_i = f_{i-1}(S_{i-1}), the effective field. */
const effectiveField = ({ f }: FieldParticleLayer, S: Field): Field => f(S);

/** S_i = g_i(S_0) * F_i, the quasi-particle: the field times the bare spin, which enters every layer again. */
const quasiParticle = ({ g }: FieldParticleLayer, S0: Field, F: Field): Field => multiply(g(S0), F);

/** E = q(S_n). */
export const efnn =
  ({ layers, q }: Efnn) =>
  (S0: Field): Scalar =>
    q(layers.reduce((S, layer) => quasiParticle(layer, S0, effectiveField(layer, S)), S0));
