/**
 * How numbers lie in memory: float32, with the samples of a chunk side by side at each site.
 *
 * A row of a field is `size` columns of `samples` numbers each, one contiguous run that four-number vectors sweep
 * whether a chunk holds many samples or one. Rows of neighbouring sites are whole vectors apart; what lies between a
 * row's last number and the next row is written and read as vectors go, and means nothing. A field that correlations
 * read carries a halo of periodic copies, so that a tap is one offset everywhere.
 *
 * Kernels, biases and scalars are one run: for each entry, the numbers of the samples.
 */
import { cacheLineBytes } from '../schedule/memory-plan.ts';
import { lengthOf, type FieldType, type ValueType } from '../../program/value-type.ts';

/** An N x N lattice and the samples that are computed on it together. */
export interface Grid {
  /** N. */
  readonly size: number;
  readonly samples: number;
}

/** Bytes of a float32, which values are computed and stored in. */
export const bytesPerNumber = 4;

/** Sums over the batch, and the arrays that come and go, are float64. */
export const bytesPerReal = 8;

/** Bytes of a WebAssembly vector, 128 bits. */
export const bytesPerVector = 16;

/** Float32 numbers in a vector. */
export const numbersPerVector = 4;

const roundedUp = (n: number, unit: number): number => Math.ceil(n / unit) * unit;

/** The vectors that hold so many numbers. */
export const vectorsFor = (numbers: number): number => Math.ceil(numbers / numbersPerVector);

/** Bytes for a line of numbers, whole vectors. */
export const lineBytes = (numbers: number): number => vectorsFor(numbers) * bytesPerVector;

/** The distance in bytes between neighbouring components, channels and rows. */
export interface Strides {
  readonly component: number;
  readonly channel: number;
  readonly row: number;
}

/** The distances between neighbours in a field, outermost first: components, channels, rows, columns, samples. */
export const fieldSteps = ({ samples }: Grid, { component, channel, row }: Strides): readonly number[] => [
  component,
  channel,
  row,
  samples * bytesPerNumber,
  bytesPerNumber,
];

/** One value for all components, channels and rows. */
export const noStrides: Strides = { component: 0, channel: 0, row: 0 };

/** What a sweep over a value runs through. */
export interface Extents {
  readonly components: number;
  readonly channels: number;
  readonly rows: number;
  /** The numbers in one row, halo excluded. */
  readonly rowNumbers: number;
}

/** How a value lies in memory: what a sweep runs through, the distances between neighbours, and the bytes it takes. */
export interface Layout {
  readonly extents: Extents;
  readonly strides: Strides;
  /** Where the first number is: row 0, column 0 of the first plane. */
  readonly origin: number;
  readonly bytes: number;
}

/** Vectors that start at a row's last number, or read a tap of the last row, reach past the end by less than this. */
const overhang = bytesPerVector;

/** The bytes of a row with its halo: vectors that start at column 0 and cover the row stay inside. */
const haloedRowBytes = ({ size, samples }: Grid, halo: number): number => {
  const before = halo * samples;
  const fromOrigin = Math.max((size + halo) * samples, roundedUp(size * samples, numbersPerVector));
  return lineBytes(before + fromOrigin);
};

/**
 * From plane to plane so many bytes and a cache line more: a first cache has 64 sets of lines by their addresses, so that
 * planes 512 bytes apart share 8 of them, and 1024 apart 4. A product of 150 channels reads a few vectors of every plane again and again.
 */
const crowded = 512;

const planeBytes = (bytes: number): number => (bytes % crowded === 0 ? bytes + cacheLineBytes : bytes);

/** The planes of a field, `halo` sites wider on each side. */
export const fieldLayout = (grid: Grid, { components, channels }: FieldType, halo: number): Layout => {
  const row = haloedRowBytes(grid, halo);
  const channel = planeBytes((grid.size + 2 * halo) * row);
  const component = channels * channel;
  return {
    extents: { components, channels, rows: grid.size, rowNumbers: grid.size * grid.samples },
    strides: { component, channel, row },
    origin: halo * row + halo * grid.samples * bytesPerNumber,
    bytes: components * component + overhang,
  };
};

/** The layout of so many numbers in one run without a halo: of kernels, biases and scalars. */
export const runLayout = (numbers: number): Layout => ({
  extents: { components: 1, channels: 1, rows: 1, rowNumbers: numbers },
  strides: noStrides,
  origin: 0,
  bytes: lineBytes(numbers) + overhang,
});

/** The layout of a value of any type, with a halo if it is a field. */
export const layoutOf = (grid: Grid, type: ValueType, halo: number): Layout =>
  type.tag === 'field' ? fieldLayout(grid, type, halo) : runLayout(lengthOf(grid.size)(type) * grid.samples);
