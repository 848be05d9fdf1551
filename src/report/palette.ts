/**
 * How families of points look: the same colour and marker in every figure, told apart also without colours, and legible on
 * white and on dark paper (a contrast of at least 3 with both).
 */

const markers = [
  'circle',
  'square',
  'triangle-up',
  'triangle-down',
  'diamond',
  'cross',
  'triangle-left',
  'triangle-right',
  'wedge',
  'arrow',
] as const;

/** A symbol in a legend. */
export type Marker = (typeof markers)[number];

/** How one family is drawn. */
export interface Style {
  readonly colour: string;
  readonly marker: Marker;
}

const styleOf = (colour: string, marker: Style['marker']): Style => ({ colour, marker });

/** The families that the paper and this project compare. */
export const named: ReadonlyMap<string, Style> = new Map([
  ['EFNN', styleOf('#d55e00', 'circle')],
  ['RKKY head + EFNN', styleOf('#c8102e', 'diamond')],
  ['DNN', styleOf('#0072b2', 'square')],
  ['ResNet', styleOf('#009e73', 'triangle-up')],
  ['DenseNet', styleOf('#8e5ea2', 'triangle-down')],
  ['RKKY head', styleOf('#9a7d0a', 'cross')],
  ['Eq. (3), four tiles', styleOf('#2a8fbd', 'triangle-right')],
  ['Eq. (3), symmetric', styleOf('#5b6ee1', 'square')],
  ['mean predictor', styleOf('#808080', 'triangle-left')],
  ['diagonalization', styleOf('#0072b2', 'square')],
  ['paper', styleOf('#808080', 'diamond')],
  ["authors' scripts", styleOf('#808080', 'triangle-down')],
  ['paper: EFNN', styleOf('#808080', 'diamond')],
  ['paper: diagonalization', styleOf('#808080', 'cross')],
]);

/** For families without a style of their own, in the order of their appearance. */
export const spare: readonly Style[] = [
  styleOf('#2a8fbd', 'diamond'),
  styleOf('#b0578d', 'square'),
  styleOf('#7a8b1f', 'triangle-up'),
  styleOf('#5b6ee1', 'triangle-down'),
  styleOf('#a0522d', 'circle'),
];

/** Dashes of the variants of a family: the last, deepest one is drawn through. */
export const dashes: readonly (readonly number[])[] = [[], [7, 3], [2, 2.5], [8, 2, 2, 2]];

/** How opaque markers are inside: those of the last, deepest variant wholly. */
export const fillings: readonly number[] = [1, 0, 0.5, 0.25];

const fallback: Style = styleOf('#808080', 'circle');

/** A family's own marker, or the next that no family before it has: in a figure of up to ten no two are alike. */
const withFreeMarker = (taken: readonly Style[], style: Style): Style => {
  const isTaken = (marker: Marker): boolean => taken.some((other) => other.marker === marker);
  return isTaken(style.marker)
    ? { ...style, marker: markers.find((marker) => !isTaken(marker)) ?? style.marker }
    : style;
};

/** The style of each family of one figure. */
export const stylesOf = (families: readonly string[]): ((family: string) => Style) => {
  const distinct = [...new Set(families)];
  const unnamed = distinct.filter((family) => !named.has(family));
  const wanted = distinct.map(
    (family) => named.get(family) ?? spare[unnamed.indexOf(family) % spare.length] ?? fallback,
  );
  const styles = wanted.reduce<readonly Style[]>((taken, style) => [...taken, withFreeMarker(taken, style)], []);
  return (family) => styles[distinct.indexOf(family)] ?? fallback;
};
