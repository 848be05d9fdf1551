/** A curve over epochs, on a logarithmic axis, as SVG. */
import { digits } from './numerals.ts';

/** Numbers by epoch, from the first on. */
export interface Curve {
  readonly title: string;
  readonly values: readonly number[];
  /** How many epochs there will be. */
  readonly epochs: number;
  /** A number to compare with, and what it is. */
  readonly level: { readonly value: number; readonly name: string } | null;
}

const [width, height] = [300, 150];

const margin = { left: 46, right: 8, top: 18, bottom: 24 };

const decade = (x: number): number => Math.log10(x);

/** Powers of ten between two numbers; where these are few, twice and five times as much as well. */
const ticksOf = (least: number, most: number): readonly number[] => {
  const powers = Array.from({ length: 15 }, (_, i) => 10 ** (i - 8));
  const [few, many] = [powers, powers.flatMap((x) => [x, 2 * x, 5 * x])].map((ticks) =>
    ticks.filter((x) => least <= x && x <= most),
  );
  return (few?.length ?? 0) > 1 ? (few ?? []) : (many ?? []);
};

/** The curve; its text alternative is the latest number. */
export const curveSvg = ({ title, values, epochs, level }: Curve): string => {
  const shown = [...values, ...(level === null ? [] : [level.value])].filter((x) => x > 0);
  const [least, most] = [Math.min(...shown) * 0.9, Math.max(...shown) * 1.1];
  const span = Math.max(decade(most) - decade(least), 1e-9);
  const x = (epoch: number): number =>
    margin.left + ((width - margin.left - margin.right) * (epoch - 1)) / Math.max(1, epochs - 1);
  const y = (value: number): number =>
    margin.top + ((height - margin.top - margin.bottom) * (decade(most) - decade(value))) / span;
  const points = values.map((value, index) => `${x(index + 1).toFixed(1)},${y(value).toFixed(1)}`).join(' ');
  const end = width - margin.right;
  const last = values.at(-1);
  const label =
    last === undefined
      ? `${title}: no epoch yet`
      : `${title}: ${digits(last)} after epoch ${values.length} of ${epochs}`;
  const ticks = ticksOf(least, most)
    .map(
      (tick) =>
        `<path class="axis" d="M${margin.left} ${y(tick).toFixed(1)}H${end}"/>` +
        `<text x="${margin.left - 6}" y="${(y(tick) + 4).toFixed(1)}" text-anchor="end">${digits(tick, 2)}</text>`,
    )
    .join('');
  const line =
    level === null
      ? ''
      : `<path class="level" d="M${margin.left} ${y(level.value).toFixed(1)}H${end}"/>` +
        `<text x="${end}" y="${(y(level.value) - 5).toFixed(1)}" text-anchor="end">${level.name}</text>`;
  return (
    `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">${ticks}${line}` +
    `<text x="${margin.left}" y="${height - 6}">1</text><text x="${end}" y="${height - 6}" text-anchor="end">epoch ${epochs}</text>` +
    `<polyline class="curve" points="${points}"/></svg>`
  );
};
