/** From values to positions: the domain of an axis, its ticks, and where a value lies on a length of pixels. */
import type { Axis } from './chart.ts';
import { pow } from '../number/elementary/power.kernel.ts';

/** An axis that knows its range: the domain holds all ticks. */
export interface Scale {
  readonly type: 'linear' | 'log';
  readonly domain: readonly [number, number];
  readonly ticks: readonly number[];
}

/** 1, 2 or 5 times a power of ten: a 1-2-5 number. */
const powerOfTen = (exponent: number): number => Number(`1e${exponent}`);

const rounds = (low: number, high: number): readonly number[] => {
  const from = Math.floor(Math.log10(low)) - 1;
  const decades = Math.ceil(Math.log10(high)) - from + 2;
  return Array.from({ length: decades }, (_, i) => powerOfTen(from + i)).flatMap((decade) => [
    decade,
    2 * decade,
    5 * decade,
  ]);
};

const isDecade = (x: number): boolean => x === powerOfTen(Math.round(Math.log10(x)));

/** The smallest 1-2-5 interval around positive values; ticks at the powers of ten, or at 1-2-5 numbers of short intervals. */
const logarithmic = (low: number, high: number): Scale => {
  const candidates = rounds(low, high);
  const bottom = candidates.filter((x) => x <= low).at(-1) ?? low;
  const above = candidates.find((x) => x >= high) ?? high;
  const top = above > bottom ? above : 10 * bottom;
  const inside = candidates.filter((x) => x >= bottom && x <= top);
  const decades = inside.filter(isDecade);
  return { type: 'log', domain: [bottom, top], ticks: decades.length > 2 ? decades : inside };
};

/** The smallest interval of whole steps around the values, with about five of them; steps are 1-2-5 numbers. */
const linear = (low: number, high: number): Scale => {
  const span = high > low ? high - low : Math.max(Math.abs(low), 1);
  const step = rounds(span / 6, span).find((x) => x >= span / 6) ?? span;
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9));
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
  return { type: 'linear', domain: [ticks[0] ?? low, ticks.at(-1) ?? high], ticks };
};

/** Where a value lies, 0 at the start of the domain and 1 at its end. */
export const fraction =
  ({ type, domain: [low, high] }: Scale) =>
  (x: number): number =>
    type === 'log' ? Math.log(x / low) / Math.log(high / low) : (x - low) / (high - low);

/** Whether an axis can show a value: finite, and positive where the axis is logarithmic. */
export const isShown =
  ({ scale }: Axis) =>
  (x: number): boolean =>
    Number.isFinite(x) && (scale === 'linear' || x > 0);

/** The part of a scale that named ticks ask for: their range, with a little room beyond, and themselves. */
const withTicks = (scale: Scale, ticks: readonly number[], low: number, high: number): Scale => {
  const from = Math.min(low, ...ticks);
  const to = Math.max(high, ...ticks);
  if (from === to) {
    return { ...scale, ticks };
  }
  const room = 0.04;
  const domain: readonly [number, number] =
    scale.type === 'log'
      ? [from * pow(from / to, room), to * pow(to / from, room)]
      : [from - room * (to - from), to + room * (to - from)];
  return { ...scale, domain, ticks };
};

/** The scale of an axis that shows these values. Values that the axis cannot show are left out. */
export const scaleOf =
  (axis: Axis) =>
  (values: readonly number[]): Scale => {
    const shown = values.filter(isShown(axis));
    const low = shown.length === 0 ? 1 : Math.min(...shown);
    const high = shown.length === 0 ? 1 : Math.max(...shown);
    const scale = axis.scale === 'log' ? logarithmic(low, high) : linear(low, high);
    return axis.ticks === undefined || axis.ticks.length === 0 ? scale : withTicks(scale, axis.ticks, low, high);
  };
