/**
 * Work between the groups of a step that is cut into parts, one for each thread: numbers that are converted, sums that are added, weights
 * that are updated. No part touches what another writes, so the result depends neither on the cut nor on who does what.
 */
import { mostGroups } from './groups.ts';

/** Bytes that one thread works on faster alone: about what the second cache of a core holds, from where another would have to fetch them. */
const leastBytes = 2 ** 20;

/** How many parts work on so many bytes has. */
export type PartsFor = (bytes: number) => number;

/** One for each thread, where that is worth it. */
export const partsOf =
  (threads: number): PartsFor =>
  (bytes) =>
    bytes < leastBytes ? 1 : Math.min(threads, mostGroups);

/** Neighbouring items, from a first one on. */
export interface Part {
  readonly first: number;
  readonly count: number;
}

/** So many items in as many parts, as even as can be; some may have none. */
export const evenParts = (items: number, parts: number): readonly Part[] => {
  const start = (part: number): number => Math.floor((part * items) / parts);
  return Array.from({ length: parts }, (_, part) => ({ first: start(part), count: start(part + 1) - start(part) }));
};

/** What touches some things, in a time that is about proportional to its weight. */
interface Weighed {
  readonly touches: readonly number[];
  readonly weight: number;
}

/** Items that touch no common thing stand in different sets, in their order in each. */
const independent = <Item extends Weighed>(items: readonly Item[]): readonly (readonly Item[])[] =>
  items.reduce<readonly (readonly Item[])[]>((sets, item) => {
    const meets = (set: readonly Item[]): boolean =>
      set.some(({ touches }) => touches.some((thing) => item.touches.includes(thing)));
    return [...sets.filter((set) => !meets(set)), [...sets.filter(meets).flat(), item]];
  }, []);

const weightOf = (items: readonly Weighed[]): number => items.reduce((sum, { weight }) => sum + weight, 0);

/** Items in so many parts of about the same weight, none of which touches what another does; in each they keep the order that matters. */
export const independentParts = <Item extends Weighed>(
  items: readonly Item[],
  parts: number,
): readonly (readonly Item[])[] =>
  independent(items)
    .toSorted((a, b) => weightOf(b) - weightOf(a))
    .reduce<readonly (readonly Item[])[]>(
      (filled, set) => {
        const weights = filled.map(weightOf);
        const lightest = weights.indexOf(Math.min(...weights));
        return filled.map((part, index) => (index === lightest ? [...part, ...set] : part));
      },
      Array.from({ length: parts }, () => []),
    );
