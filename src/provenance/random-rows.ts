/** Rows drawn at random, to be made again. */
import { endOf, type Range } from '../dataset/shard.ts';
import { drawn, permutation, uniforms } from '../random/draw.ts';
import { streamOf } from '../random/stream.ts';

/** `count` of the rows in these ranges, or all of them, the same for the same seed: those of each range, in order. */
export const randomRows =
  (seed: number, count: number) =>
  (ranges: readonly Range[]): readonly (readonly number[])[] => {
    const total = ranges.reduce((sum, range) => sum + range.count, 0);
    const chosen = randomPlaces(seed, total, count);
    return ranges.map((range, i) => {
      const before = ranges.slice(0, i).reduce((sum, { count: rows }) => sum + rows, 0);
      return chosen
        .map((place) => range.first + place - before)
        .filter((row) => row >= range.first && row < endOf(range))
        .toSorted((a, b) => a - b);
    });
  };

/** Above this a permutation of all places is wasteful, and drawing one twice is rare. */
const many = 1e6;

/** Distinct numbers below `total`. */
const randomPlaces = (seed: number, total: number, count: number): readonly number[] => {
  const draw = drawn(streamOf(seed, 0, 'shuffle'));
  const places =
    total <= many ? draw(permutation(total)) : Array.from(draw(uniforms(2 * count)), (u) => Math.floor(u * total));
  return [...new Set(places)].slice(0, count);
};
