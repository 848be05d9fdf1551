/**
 * The EFNN's backward pass, written out by hand as a reader would derive it. A bar is a derivative of the energy:
 * Sbar_i = dE/dS_i, with the shape of S_i. From the last layer down,
 *
 *     Sbar_n     = q'(S_n)
 *     gbar_i     = F_i * Sbar_i                      product rule on S_i = g_i(S_0) * F_i
 *     Fbar_i     = g_i(S_0) * Sbar_i
 *     Sbar_{i-1} = (df_{i-1}/dS_{i-1})^T Fbar_i      the field passes the cotangent down one layer,
 *     Sbar_0     = sum over i of (dg_i/dS_0)^T gbar_i + (df_0/dS_0)^T Fbar_1      the spins collect from all layers.
 *
 * It is proven equal to `gradient(efnn)`, which knows nothing of EFNNs.
 */
import { add, multiply, type Field, type Scalar } from '../program/expression.ts';
import type { LinearizedMap, LinearizedReadout, WeightCotangents } from './linearized-maps.ts';

/** One FP layer, each of its maps with its transposed derivative. */
export interface LinearizedLayer {
  readonly f: LinearizedMap;
  readonly g: LinearizedMap;
}

interface State {
  /** S_{i-1} of the layers still to come. */
  readonly S: Field;
  /** From layer 1 to here: what each does to a cotangent, last layer first. */
  readonly downward: readonly ((above: Descent) => Descent)[];
}

interface Descent {
  /** Sbar_i of the layer reached. */
  readonly Sbar: Field;
  /** What the layers above have handed to S_0 so far. */
  readonly S0bar: readonly Field[];
  readonly weights: WeightCotangents;
}

/** One FP layer up, S_i = g_i(S_0) * f_{i-1}(S_{i-1}), remembering the way down. */
const ascend =
  (S0: Field) =>
  ({ S, downward }: State, { f, g }: LinearizedLayer): State => {
    const F = f(S);
    const G = g(S0);
    const descend = ({ Sbar, S0bar, weights }: Descent): Descent => {
      const gbar = multiply(F.value, Sbar);
      const Fbar = multiply(G.value, Sbar);
      const fromG = G.transposed(gbar);
      const fromF = F.transposed(Fbar);
      return {
        Sbar: fromF.argument,
        S0bar: [...S0bar, fromG.argument],
        weights: { ...weights, ...fromG.weights, ...fromF.weights },
      };
    };
    return { S: multiply(G.value, F.value), downward: [descend, ...downward] };
  };

/** What the backward pass computes. */
export interface EfnnBackward {
  readonly energy: Scalar;
  /** dE/dS_0: the force on every bare spin. */
  readonly spins: Field;
  readonly weights: WeightCotangents;
}

/** Energy and all its derivatives: up through the layers, then down again. */
export const efnnBackward =
  ({ layers, q }: { readonly layers: readonly LinearizedLayer[]; readonly q: (S: Field) => LinearizedReadout }) =>
  (S0: Field): EfnnBackward => {
    const { S, downward } = layers.reduce<State>(ascend(S0), { S: S0, downward: [] });
    const { energy, cotangents } = q(S);
    const bottom = downward.reduce<Descent>((above, descend) => descend(above), {
      Sbar: cotangents.argument,
      S0bar: [],
      weights: cotangents.weights,
    });
    return { energy, spins: bottom.S0bar.reduce(add<'field'>, bottom.Sbar), weights: bottom.weights };
  };
