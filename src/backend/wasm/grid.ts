/**
 * How numbers lie in memory: float32, with the samples of a chunk side by side at each site.
 *
 * A row of a field is `size` columns of `samples` numbers each, one contiguous run that four-number vectors sweep
 * whether a chunk holds many samples or one. Rows begin at a multiple of 16 bytes; what lies between a row's last number
 * and the next row is written and read as vectors go, and means nothing. A field that correlations read carries a halo
 * of periodic copies, so that a tap is one offset everywhere.
 */

/** An N x N lattice and the samples that are computed on it together. */
export interface Grid {
  /** N. */
  readonly size: number;
  readonly samples: number;
}

export const bytesPerNumber = 4;

export const bytesPerVector = 16;

export const numbersPerVector = 4;

const roundedUp = (n: number, unit: number): number => Math.ceil(n / unit) * unit;

/** The vectors that hold so many numbers. */
export const vectorsFor = (numbers: number): number => Math.ceil(numbers / numbersPerVector);

/** Bytes for a line of numbers, whole vectors. */
export const lineBytes = (numbers: number): number => vectorsFor(numbers) * bytesPerVector;

/** The numbers in one row of a field, halo excluded. */
export const rowNumbers = ({ size, samples }: Grid): number => size * samples;

/** The distance in bytes between neighbouring components, channels and rows. */
export interface Strides {
  readonly component: number;
  readonly channel: number;
  readonly row: number;
}

/** One value for all components, channels and rows. */
export const noStrides: Strides = { component: 0, channel: 0, row: 0 };

/** The planes of a field, `halo` sites wider on each side. */
export interface PlanesShape {
  readonly components: number;
  readonly channels: number;
  readonly halo: number;
}

export interface PlanesLayout {
  readonly strides: Strides;
  /** Where row 0, column 0 of the first plane is. */
  readonly origin: number;
  readonly bytes: number;
}

/** The bytes of a row with its halo: vectors that start at column 0 and cover the row stay inside. */
const haloedRowBytes = ({ size, samples }: Grid, halo: number): number => {
  const before = halo * samples;
  const fromOrigin = Math.max((size + halo) * samples, roundedUp(size * samples, numbersPerVector));
  return lineBytes(before + fromOrigin);
};

/** Vectors that read a tap of the last row may reach past it by less than one vector. */
export const planesLayout = (grid: Grid, { components, channels, halo }: PlanesShape): PlanesLayout => {
  const row = haloedRowBytes(grid, halo);
  const channel = (grid.size + 2 * halo) * row;
  const component = channels * channel;
  return {
    strides: { component, channel, row },
    origin: halo * row + halo * grid.samples * bytesPerNumber,
    bytes: components * component + bytesPerVector,
  };
};
