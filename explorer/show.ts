/** Shows a state on the page. */
import * as E from 'fp-ts/lib/Either.js';

import { spinAt } from 'efnn/physics';

import { curveSvg } from './curve.ts';
import { checked } from './layers.ts';
import type { Energy, LayerValues } from './messages.ts';
import { decimals, digits, largestOf, rootMeanSquare } from './numerals.ts';
import { legendOf, paintField, paintSpins } from './pictures.ts';
import { energiesOf, heldOut, isRunning, progressOf, shapeOf, type State, type Training } from './state.ts';

/** The element with an id, which is of this kind. */
export const elementOf = <A extends HTMLElement>(id: string, kind: new () => A): A => {
  const element = document.getElementById(id);
  if (!(element instanceof kind)) {
    throw new RangeError(`expected an element #${id} of the kind ${kind.name}`);
  }
  return element;
};

const setText = (id: string, text: string): void => {
  const element = elementOf(id, HTMLElement);
  // A live region is read again whenever it is written.
  if (element.textContent !== text) {
    element.textContent = text;
  }
};

/** Shows the spins, and where the keyboard is on them. */
export const showSpins = ({ spins, cursor }: State): void => {
  const canvas = elementOf('lattice', HTMLCanvasElement);
  const isFocused = document.activeElement === canvas;
  paintSpins(canvas, spins, isFocused ? cursor : null);
  const spin = spinAt(spins)(cursor).map((x) => digits(x, 2));
  const [row, column] = [Math.floor(cursor / spins.size) + 1, (cursor % spins.size) + 1];
  setText('cursor', isFocused ? `row ${row}, column ${column}: s = (${spin.join(', ')})` : '');
  setText('size-value', String(spins.size));
};

/** The part of the forces along the spheres that the spins move on, as a size at each site. */
const tangentialSizes = ({ spins }: State, forces: Float64Array): Float64Array => {
  const sites = spins.size ** 2;
  const at = spinAt(spins);
  return Float64Array.from({ length: sites }, (_, site) => {
    const s = at(site);
    const f = [0, 1, 2].map((axis) => forces[axis * sites + site] ?? NaN);
    const along = f.reduce((sum, x, axis) => sum + x * (s[axis] ?? NaN), 0);
    return Math.hypot(...f.map((x, axis) => x - along * (s[axis] ?? NaN)));
  });
};

const cellsOf = (row: string, texts: readonly string[]): void => {
  elementOf(row, HTMLTableRowElement)
    .querySelectorAll('td')
    .forEach((cell, index) => {
      cell.textContent = texts[index] ?? '';
    });
};

const energyCells = (state: State, energy: Energy | null): readonly string[] =>
  energy === null
    ? ['…', '…', '…', '…']
    : [
        decimals(energy.energy),
        decimals(energy.energy / state.spins.size ** 2),
        digits(rootMeanSquare(tangentialSizes(state, energy.forces))),
        `${digits(energy.milliseconds, 2)} ms`,
      ];

const showForces = (state: State, network: Energy, exact: Energy): void => {
  const parent = elementOf('forces', HTMLElement);
  const sizes = [network, exact].map(({ forces }) => tangentialSizes(state, forces));
  const largest = Math.max(...sizes.map(largestOf));
  const names = ['by the network', 'exact'];
  const figures = names.map((name, index) => {
    const canvas = document.createElement('canvas');
    paintField(canvas, { name: `Size of the force, ${name}`, map: 'size', largest, values: sizes[index] ?? [] });
    const caption = document.createElement('figcaption');
    caption.textContent = `|force|, ${name}`;
    const figure = document.createElement('figure');
    figure.append(canvas, caption);
    return figure;
  });
  parent.replaceChildren(...figures, legendOf('size', largest));
};

/** Shows energies and forces, by the network and exactly. */
export const showEnergies = (state: State): void => {
  const { network, exact } = energiesOf(state);
  cellsOf('by-network', energyCells(state, network));
  cellsOf('by-poles', energyCells(state, exact));
  const { channels, layers } = shapeOf(state.model);
  const learned = state.epochs === 0 ? 'untrained' : `after ${state.epochs} epochs`;
  setText(
    'energy-caption',
    `EFNN of C = ${channels}, n = ${layers}, ${learned}; energies in units of t, exact ones by poles`,
  );
  const failure = [state.network, state.exact].find((answer) => answer?.tag === 'failure');
  if (failure?.tag === 'failure') {
    setText('status', `No answer: ${failure.message}`);
    elementOf('forces', HTMLElement).replaceChildren();
  }
  if (network === null || exact === null) {
    cellsOf('differences', []);
    return;
  }
  const difference = network.energy - exact.energy;
  const apart = network.forces.map((f, index) => f - (exact.forces[index] ?? NaN));
  cellsOf('differences', [
    decimals(difference),
    decimals(difference / state.spins.size ** 2),
    digits(rootMeanSquare(tangentialSizes(state, apart))),
    '',
  ]);
  // Who listens hears of each epoch otherwise.
  if (failure === undefined && !isRunning(state)) {
    setText('status', `The network is off by ${digits(Math.abs(difference / exact.energy), 2)} of the exact energy.`);
  }
  showForces(state, network, exact);
};

const rowOf = ({ name, channels }: LayerValues): HTMLElement => {
  const title = document.createElement('h3');
  const [letter = '', index = ''] = name.split('_');
  const below = document.createElement('sub');
  below.textContent = index;
  title.append(letter, below);
  const pictures = document.createElement('div');
  pictures.className = 'channels';
  const largest = Math.max(...channels.map(largestOf));
  channels.forEach((values, c) => {
    const canvas = document.createElement('canvas');
    pictures.append(canvas);
    paintField(canvas, { name: `${name}, channel ${c + 1}`, map: 'signed', largest, values });
  });
  const row = document.createElement('div');
  row.className = 'layer';
  row.append(title, pictures, legendOf('signed', largest));
  return row;
};

/** Shows the layers as fields. */
export const showLayers = ({ network }: State): void => {
  if (network?.tag === 'answer') {
    elementOf('layer-rows', HTMLElement).replaceChildren(...network.value.layers.map(rowOf));
  }
};

const showVerdict = (id: string, isGood: boolean, text: string): void => {
  elementOf(id, HTMLElement).className = isGood ? 'good' : 'bad';
  setText(id, text);
};

/** What float32 leaves of a sum over all sites, beside its size. */
const rounding = 1e-5;

/** Shows what the checker says of the program, and what turned spins say of the law. */
export const showSymmetry = ({ network, model, biased }: State): void => {
  const verdict = checked(model.network, shapeOf(model), biased);
  showVerdict(
    'checker',
    E.isRight(verdict),
    E.isRight(verdict)
      ? `accepts: the energy is ${verdict.right} for every weight`
      : `refuses: ${verdict.left.message}`,
  );
  if (network?.tag === 'answer') {
    const { change, energy } = network.value;
    const holds = change <= rounding * (1 + Math.abs(energy));
    showVerdict(
      'law',
      holds,
      `${holds ? 'holds' : 'fails'}: four elements of O(3) change the energy by ${digits(change, 2)} at most`,
    );
  }
};

/** Shows which backends there are. */
export const showBackends = ({ availability, backend }: State): void => {
  document.querySelectorAll<HTMLInputElement>('input[name="backend"]').forEach((radio) => {
    radio.disabled =
      availability !== null && Object.entries(availability).some(([n, why]) => n === radio.value && why !== null);
    radio.checked = radio.value === backend;
  });
  const missing = Object.entries(availability ?? {}).flatMap(([name, why]) => (why === null ? [] : `${name}: ${why}`));
  const alone = crossOriginIsolated ? [] : ['one thread: this page is not cross-origin isolated'];
  setText('backend-note', [...missing, ...alone].join('; '));
};

const statusOf = ({ stage, order, labelled, reports, message }: Training): string => {
  const error = reports.at(-1)?.relative;
  const reached = error === undefined ? '' : `; relative error ${digits(error, 2)}`;
  switch (stage) {
    case 'labelling':
      return `labelling: ${labelled} of ${order.samples + heldOut} configurations`;
    case 'learning':
      return `epoch ${reports.length} of ${order.epochs}${reached}`;
    case 'done':
      return `done${reached}`;
    case 'stopped':
      return `stopped after ${reports.length} epochs${reached}`;
    case 'failed':
      return `failed: ${message}`;
  }
};

const curvesOf = ({ order: { epochs }, reports, meanPredictor }: Training): readonly HTMLElement[] =>
  [
    { title: 'Loss', values: reports.map(({ loss }) => loss), level: null },
    {
      title: `Relative error on ${heldOut} configurations that are held out`,
      values: reports.map(({ relative }) => relative),
      level: Number.isNaN(meanPredictor) ? null : { value: meanPredictor, name: 'always the mean' },
    },
  ].map(({ title, values, level }) => {
    const figure = document.createElement('figure');
    const caption = document.createElement('figcaption');
    caption.textContent = title;
    figure.innerHTML = curveSvg({ title, values, epochs, level });
    figure.append(caption);
    return figure;
  });

/** Shows a training. */
export const showTraining = (state: State): void => {
  const { training } = state;
  elementOf('train', HTMLButtonElement).disabled = isRunning(state);
  elementOf('stop', HTMLButtonElement).disabled = !isRunning(state);
  if (training === null) {
    return;
  }
  elementOf('progress', HTMLProgressElement).value = progressOf(training);
  setText('training-status', statusOf(training));
  setText('training-stage', `training: ${training.stage}`);
  elementOf('training-status', HTMLElement).dataset['relative'] = String(training.reports.at(-1)?.relative ?? NaN);
  elementOf('curves', HTMLElement).replaceChildren(...(training.reports.length === 0 ? [] : curvesOf(training)));
};
