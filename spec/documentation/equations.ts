/** The equations of the paper as LaTeX, by their keys in its index: the documentation shows each where its symbol is. */
import katex from 'katex';

/** LaTeX, by the key of an entry that is an equation. */
export const equationLatex: Readonly<Record<string, string>> = {
  H: String.raw`H(S) = -J \sum_{\langle i,j \rangle} s_i s_j`,
  phi: String.raw`\phi_i(S) = -\frac{J}{2} \sum_{j \sim i} s_j, \qquad H(S) = \sum_i s_i \phi_i(S)`,
  '1': String.raw`H(S) = -\sum_{i<j<k} J_{ijk}\, s_i s_j s_k`,
  F: String.raw`F_i = f_{i-1}(S_{i-1})`,
  S: String.raw`S_i = g_i(S_0) \odot F_i`,
  E: String.raw`E = q(S_n)`,
  '2': String.raw`H(S) = -t \sum_{\langle i,j \rangle, \alpha} \left( \hat c^\dagger_{i\alpha} \hat c_{j\alpha} + \text{h.c.} \right) - \frac{J}{2} \sum_{i,\alpha,\beta} \vec s_i \cdot \hat c^\dagger_{i\alpha} \vec\sigma_{\alpha\beta} \hat c_{i\beta}`,
  E_MC: String.raw`E_{\text{MC}}(S) = -T \sum_n \log\left( 1 + e^{-E_n(S)/T} \right)`,
  '3': String.raw`E_{\text{eff}}(S) = J_0 + \sum_{ij} g_{ij}\, \vec s_i \cdot \vec s_j + \sum_{ijkl} g_{ijkl}\, (\vec s_i \cdot \vec s_j)(\vec s_k \cdot \vec s_l)`,
  'O(3)': String.raw`E(O S) = E(S), \qquad O \in \mathrm{O}(3)`,
  T: String.raw`T_j(S_0) = \sum_{k=x,y,z} \operatorname{conv}(S_{0,k}) \odot \operatorname{conv}(S_{0,k})`,
  f: String.raw`f(x) = A_1 \tanh(A_0 x + b_0) + b_1`,
  F_j: String.raw`F_1 = f_0(T_0(S_0)), \qquad S_j = g_j(T_j(S_0)) \odot F_j, \qquad F_{j+1} = f_j(S_j)`,
  q: String.raw`q(S_n) = \sum_r \left( \operatorname{conv}(S_n)(r) + b \right)`,
  'continued function': String.raw`a_1 \varphi_1(a_2 \varphi_2(a_3 \varphi_3(\cdots)))`,
  ResNet: String.raw`S_{i+1} = S_i + f_i(S_i)`,
  DNN: String.raw`S_i = g_i(f_{i-1}(S_{i-1}))`,
  DenseNet: String.raw`F_{i+1} = f_i([S_0, F_1, \ldots, F_i])`,
};

/**
 * LaTeX as MathML, which browsers show without fonts, styles or a network.
 *
 * @throws katex.ParseError for what is no LaTeX.
 */
export const mathml = (latex: string): string =>
  katex.renderToString(latex, { output: 'mathml', displayMode: true, throwOnError: true, strict: 'error' });
