/** Pictures of fields and spins on canvases, each with its text. */
import { spinAt, type SpinConfiguration } from 'efnn/physics';

import { colourOf, cssColour, cssGradient, type ColourMap } from './colour-map.ts';
import { digits, summaryOf } from './numerals.ts';

/** A field on N x N sites. */
export interface Picture {
  /** What the field is, in words. */
  readonly name: string;
  readonly map: ColourMap;
  /** The number that has the last colour. */
  readonly largest: number;
  readonly values: ArrayLike<number>;
}

/** Paints one pixel a site, and says in words what is to be seen. */
export const paintField = (canvas: HTMLCanvasElement, { name, map, largest, values }: Picture): void => {
  const size = Math.round(Math.sqrt(values.length));
  canvas.width = size;
  canvas.height = size;
  const pixels = new Uint8ClampedArray(4 * values.length);
  Array.from(values).forEach((value, site) => {
    pixels.set([...colourOf(map, value, largest), 255], 4 * site);
  });
  canvas.getContext('2d')?.putImageData(new ImageData(pixels, size, size), 0, 0);
  canvas.role = 'img';
  canvas.ariaLabel = `${name}: ${summaryOf(values)}`;
};

/** A bar of a map's colours between two numbers. */
export const legendOf = (map: ColourMap, largest: number): HTMLElement => {
  const bar = document.createElement('span');
  bar.className = 'bar';
  bar.style.background = cssGradient(map);
  const legend = document.createElement('div');
  legend.className = 'legend';
  legend.append(map === 'signed' ? digits(-largest) : '0', bar, digits(largest));
  return legend;
};

/** Below so many pixels a site arrows would only be dirt. */
const smallestArrow = 12;

const arrow = (context: CanvasRenderingContext2D, length: number, dark: boolean): void => {
  context.strokeStyle = context.fillStyle = dark ? '#101216' : '#ffffff';
  context.beginPath();
  context.moveTo(-length / 2, 0);
  context.lineTo(length / 2, 0);
  context.stroke();
  context.beginPath();
  context.moveTo(length / 2 + 1, 0);
  context.lineTo(length / 2 - 4, -3);
  context.lineTo(length / 2 - 4, 3);
  context.fill();
};

/** Paints spins: the colour is s_z, the arrow (s_x, s_y), y up the page; `cursor` is framed. */
export const paintSpins = (canvas: HTMLCanvasElement, spins: SpinConfiguration, cursor: number | null): void => {
  const { size } = spins;
  const side = Math.max(1, Math.floor((canvas.clientWidth * devicePixelRatio) / size));
  canvas.width = canvas.height = side * size;
  const context = canvas.getContext('2d');
  if (context === null) {
    return;
  }
  context.lineWidth = Math.max(1, side / 16);
  Array.from({ length: size * size }, (_, site) => {
    const [row, column] = [Math.floor(site / size), site % size];
    const [x, y, z] = spinAt(spins)(site);
    context.fillStyle = cssColour(colourOf('signed', z, 1));
    context.fillRect(column * side, row * side, side, side);
    const length = Math.hypot(x, y);
    if (side >= smallestArrow && length > 0.1) {
      context.save();
      context.translate((column + 0.5) * side, (row + 0.5) * side);
      context.rotate(Math.atan2(-y, x));
      arrow(context, 0.8 * side * length, Math.abs(z) < 0.62);
      context.restore();
    }
  });
  if (cursor !== null) {
    const [row, column] = [Math.floor(cursor / size), cursor % size];
    context.lineWidth = Math.max(4, side / 8);
    context.strokeStyle = '#ffffff';
    context.strokeRect(column * side, row * side, side, side);
    context.lineWidth /= 2;
    context.strokeStyle = '#000000';
    context.strokeRect(column * side, row * side, side, side);
  }
  const mean = (axis: number): number =>
    spins.components.slice(axis * size * size, (axis + 1) * size * size).reduce((sum, s) => sum + s, 0) / size ** 2;
  canvas.ariaLabel = `Spins on ${size} by ${size} sites; mean spin ${[0, 1, 2].map((axis) => digits(mean(axis))).join(', ')}`;
};
