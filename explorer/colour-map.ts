/** Colours of numbers, legible on light and dark paper, and told apart by those who see no red or no green. */

/** Red, green and blue, 0 to 255. */
export type Colour = readonly [red: number, green: number, blue: number];

/** How numbers become colours: `signed` from -1 over 0 to 1, `size` from 0 to 1. */
export const colourMaps = {
  signed: [
    [33, 80, 160],
    [107, 160, 214],
    [232, 232, 228],
    [232, 150, 80],
    [178, 72, 12],
  ],
  size: [
    [30, 24, 66],
    [86, 52, 130],
    [170, 70, 110],
    [233, 128, 66],
    [252, 222, 140],
  ],
} as const satisfies Readonly<Record<string, readonly Colour[]>>;

/** The name of one of them. */
export type ColourMap = keyof typeof colourMaps;

export const isColourMap = (name: string): name is ColourMap => Object.hasOwn(colourMaps, name);

const clamped = (x: number, least: number, most: number): number => Math.min(most, Math.max(least, x));

/** The colour at a place between the first of a map, 0, and its last, 1. */
const between = (map: ColourMap, place: number): Colour => {
  const anchors: readonly Colour[] = colourMaps[map];
  const at = clamped(place, 0, 1) * (anchors.length - 1);
  const index = Math.min(Math.floor(at), anchors.length - 2);
  const [from, to] = [anchors[index] ?? [0, 0, 0], anchors[index + 1] ?? [0, 0, 0]];
  const part = (one: number, other: number): number => Math.round(one + (at - index) * (other - one));
  return [part(from[0], to[0]), part(from[1], to[1]), part(from[2], to[2])];
};

/** The colour of a number beside the largest there is; 0 is the middle of `signed` and the start of `size`. */
export const colourOf = (map: ColourMap, value: number, largest: number): Colour => {
  const relative = largest > 0 ? value / largest : 0;
  return between(map, map === 'signed' ? (relative + 1) / 2 : relative);
};

/** A colour as style sheets write it. */
export const cssColour = ([red, green, blue]: Colour): string => `rgb(${red} ${green} ${blue})`;

/** The map as a gradient from left to right, for legends. */
export const cssGradient = (map: ColourMap): string =>
  `linear-gradient(to right, ${colourMaps[map].map(cssColour).join(', ')})`;
