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

/** Dashes of the lines of variants: the last, deepest one is drawn through. */
export const dashes: readonly (readonly number[])[] = [[], [7, 3], [2, 2.5], [8, 2, 2, 2], [14, 4], [8, 2, 2, 2, 2, 2]];

/** How opaque markers are inside: those of the last, deepest variant wholly. */
export const fillings: readonly number[] = [1, 0, 0.5, 0.25];

/** The two traits of a variant that is named by two: `n = 3` and `5 x 5` of `n = 3, 5 x 5`; of another, itself and nothing. */
export const traitsOf = (variant: string): readonly [string, string] => {
  const traits = variant.split(', ');
  const [first = '', second = ''] = traits;
  return traits.length === 2 ? [first, second] : [variant, ''];
};

/** What is drawn of variants by one property: the field of theirs that it tells, the values of that, and how each looks. */
export interface Telling<A> {
  readonly field: 'variant' | 'first' | 'second';
  readonly values: readonly string[];
  readonly looks: readonly A[];
}

/** What the dashes of lines and the fillings of markers tell. */
export interface Code {
  readonly dash: Telling<readonly number[]>;
  readonly filling: Telling<number>;
}

const distinct = <A>(values: readonly A[]): readonly A[] => [...new Set(values)];

/** Values with their looks, the last with that of place 0. */
const telling = <A>(
  field: Telling<A>['field'],
  values: readonly string[],
  lookAt: (place: number) => A,
): Telling<A> => ({
  field,
  values,
  looks: values.map((_, i) => lookAt(values.length - 1 - i)),
});

const cyclic =
  <A>(looks: readonly A[], otherwise: A) =>
  (place: number): A =>
    looks[place % looks.length] ?? otherwise;

const [dashAt, fillingAt] = [cyclic<readonly number[]>(dashes, []), cyclic(fillings, 1)];

/**
 * The rule by which variants of one figure look. Where each is named by two traits of which both vary, a depth and a kernel, dashes tell
 * the first and fillings the second. Otherwise both tell the variant, and no two of 24 look alike.
 */
export const codeOf = (variants: readonly string[]): Code => {
  const names = distinct(variants);
  const traits = names.map(traitsOf);
  const [first, second] = [distinct(traits.map(([one]) => one)), distinct(traits.map(([, other]) => other))];
  const isOfTwo =
    !second.includes('') &&
    [first, second].every(({ length }) => length > 1) &&
    first.length <= dashes.length &&
    second.length <= fillings.length;
  return isOfTwo
    ? { dash: telling('first', first, dashAt), filling: telling('second', second, fillingAt) }
    : {
        dash: telling('variant', names, dashAt),
        // After each round of dashes fillings are one further.
        filling: telling('variant', names, (place) => fillingAt(place + Math.floor(place / dashes.length))),
      };
};

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
  const names = distinct(families);
  const unnamed = names.filter((family) => !named.has(family));
  const wanted = names.map((family) => named.get(family) ?? spare[unnamed.indexOf(family) % spare.length] ?? fallback);
  const styles = wanted.reduce<readonly Style[]>((taken, style) => [...taken, withFreeMarker(taken, style)], []);
  return (family) => styles[names.indexOf(family)] ?? fallback;
};
