/**
 * How families of points look: the same colour and marker in every figure, told apart also without colours, and legible on
 * white and on dark paper (a contrast of at least 3 with both).
 */

/** How one family is drawn. */
export interface Style {
  readonly colour: string;
  readonly marker: 'circle' | 'square' | 'triangle-up' | 'triangle-down' | 'diamond' | 'cross';
  /** What the figure is about: drawn on top, with heavier lines and larger markers. */
  readonly emphasis: boolean;
}

const quiet = (colour: string, marker: Style['marker']): Style => ({ colour, marker, emphasis: false });
const loud = (colour: string, marker: Style['marker']): Style => ({ colour, marker, emphasis: true });

/** The families that the paper and this project compare. */
export const named: ReadonlyMap<string, Style> = new Map([
  ['EFNN', loud('#d55e00', 'circle')],
  ['RKKY head + EFNN', loud('#c8102e', 'diamond')],
  ['DNN', quiet('#0072b2', 'square')],
  ['ResNet', quiet('#009e73', 'triangle-up')],
  ['DenseNet', quiet('#8e5ea2', 'triangle-down')],
  ['RKKY head', quiet('#9a7d0a', 'cross')],
  ['mean predictor', quiet('#808080', 'cross')],
  ['diagonalization', quiet('#0072b2', 'square')],
  ['paper', quiet('#808080', 'diamond')],
]);

/** For families without a style of their own, in the order of their appearance. */
export const spare: readonly Style[] = [
  quiet('#2a8fbd', 'diamond'),
  quiet('#b0578d', 'square'),
  quiet('#7a8b1f', 'triangle-up'),
  quiet('#5b6ee1', 'triangle-down'),
  quiet('#a0522d', 'circle'),
];

/** Dashes of the variants of a family: the last, deepest one is drawn through. */
export const dashes: readonly (readonly number[])[] = [[], [7, 3], [2, 2.5], [8, 2, 2, 2]];

const fallback: Style = quiet('#808080', 'circle');

/** The styles of the families of one figure. */
export const stylesOf = (families: readonly string[]): ReadonlyMap<string, Style> => {
  const distinct = [...new Set(families)];
  const strangers = distinct.filter((family) => !named.has(family));
  return new Map(
    distinct.map((family) => [
      family,
      named.get(family) ?? spare[strangers.indexOf(family) % spare.length] ?? fallback,
    ]),
  );
};
