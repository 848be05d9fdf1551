/** The page: what its controls do, and what its workers answer. */
import { ferromagnet, rotate, sample, type OrthogonalMatrix, type Sampler, type SpinConfiguration } from 'efnn/physics';

import { cssGradient, isColourMap } from './colour-map.ts';
import { inversion, isAxis, isDirection, rotation, sizes, withSpin } from './configuration.ts';
import ExactWorker from './exact.worker.ts?worker';
import {
  isBackendName,
  type ExactQuestion,
  type FromExact,
  type FromNetworks,
  type FromTraining,
  type Question,
  type TrainingOrder,
} from './messages.ts';
import NetworksWorker from './networks.worker.ts?worker';
import { elementOf, showBackends, showEnergies, showLayers, showSpins, showSymmetry, showTraining } from './show.ts';
import { begun, counted, informed, initialState, stopped, type State } from './state.ts';
import TrainingWorker from './training.worker.ts?worker';

const held = { state: initialState };

/** Asks a worker one question at a time; of those that come meanwhile the last one alone, when it is free again. */
const inquiry = (send: () => void) => {
  const asked = { isBusy: false, again: false };
  const ask = (): void => {
    if (asked.isBusy) {
      asked.again = true;
      return;
    }
    Object.assign(asked, { isBusy: true, again: false });
    send();
  };
  return {
    ask,
    answered: (): void => {
      asked.isBusy = false;
      if (asked.again) {
        ask();
      }
    },
    isIdle: (): boolean => !asked.isBusy,
  };
};

const networks = new NetworksWorker();
const exact = new ExactWorker();

const ofNetwork = inquiry(() => {
  const { asked, spins, backend, model, biased } = held.state;
  const components = Float64Array.from(spins.components);
  const question: Question = { id: asked.question, size: spins.size, spins: components, backend, model, biased };
  networks.postMessage(question);
});

const ofExact = inquiry(() => {
  const { asked, spins } = held.state;
  const components = Float64Array.from(spins.components);
  const question: ExactQuestion = { tag: 'energy', id: asked.configuration, size: spins.size, spins: components };
  exact.postMessage(question);
});

/** Whether all that was asked has been answered: for who looks at the page from outside. */
const showIdleness = (): void => {
  document.body.dataset['idle'] = String(ofNetwork.isIdle() && ofExact.isIdle());
};

type Part = keyof State;

/** What shows each part of the state. */
const shownBy: readonly (readonly [readonly Part[], (state: State) => void])[] = [
  [['spins', 'cursor'], showSpins],
  [['availability', 'backend'], showBackends],
  [['spins', 'backend', 'model', 'biased', 'network', 'exact', 'epochs'], showEnergies],
  [['network'], showLayers],
  [['network', 'model', 'biased'], showSymmetry],
  [['training'], showTraining],
];

/** Changes the state, shows what has changed, and asks what is no longer known. */
const update = (change: (state: State) => State): void => {
  const before = held.state;
  held.state = counted(before, change(before));
  const isNew = (part: Part): boolean => held.state[part] !== before[part];
  if (held.state.asked.question !== before.asked.question) {
    ofNetwork.ask();
  }
  if (held.state.asked.configuration !== before.asked.configuration) {
    ofExact.ask();
  }
  shownBy
    .filter(([parts]) => parts.some(isNew))
    .forEach(([, show]) => {
      show(held.state);
    });
  showIdleness();
};

networks.onmessage = ({ data }: MessageEvent<FromNetworks>): void => {
  if (data.tag === 'availability') {
    update((state) => ({ ...state, availability: data.availability }));
  } else {
    ofNetwork.answered();
    update((state) => ({ ...state, network: data }));
  }
};

/** What a worker that died is taken to have answered. */
const died = ({ message }: ErrorEvent) =>
  ({ tag: 'failure', message: `a worker ended: ${message}; load the page again` }) as const;

networks.onerror = (event) => {
  ofNetwork.answered();
  update((state) => ({ ...state, network: { ...died(event), id: state.asked.question } }));
};
exact.onerror = (event) => {
  ofExact.answered();
  update((state) => ({ ...state, exact: { ...died(event), id: state.asked.configuration } }));
};

exact.onmessage = ({ data }: MessageEvent<FromExact>): void => {
  if (data.tag === 'energy') {
    ofExact.answered();
    update((state) => ({ ...state, exact: data.answer }));
  }
};

// Spins.

const setSpins = (change: (spins: SpinConfiguration, state: State) => SpinConfiguration): void => {
  update((state) => ({ ...state, spins: change(state.spins, state) }));
};

const canvas = elementOf('lattice', HTMLCanvasElement);

const paint = (site: number): void => {
  setSpins((spins, { direction }) => withSpin(site, direction)(spins));
};

const siteUnder = ({ offsetX, offsetY }: PointerEvent): number => {
  const { size } = held.state.spins;
  const along = (offset: number, length: number): number =>
    Math.min(size - 1, Math.max(0, Math.floor((offset / length) * size)));
  return along(offsetY, canvas.clientHeight) * size + along(offsetX, canvas.clientWidth);
};

const painting = (event: PointerEvent): void => {
  if (event.buttons === 1) {
    const site = siteUnder(event);
    update((state) => ({ ...state, cursor: site }));
    paint(site);
  }
};
canvas.addEventListener('pointerdown', (event) => {
  canvas.setPointerCapture(event.pointerId);
  painting(event);
});
canvas.addEventListener('pointermove', painting);

/** Where each key leads, by rows and columns. */
const steps: Readonly<Record<string, readonly [rows: number, columns: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

canvas.addEventListener('keydown', (event) => {
  const step = steps[event.key];
  if (step !== undefined) {
    update((state) => {
      const { size } = state.spins;
      const around = (place: number): number => (place + size) % size;
      const row = around(Math.floor(state.cursor / size) + step[0]);
      return { ...state, cursor: row * size + around((state.cursor % size) + step[1]) };
    });
  } else if (event.key === ' ') {
    paint(held.state.cursor);
  } else {
    return;
  }
  event.preventDefault();
});
['focus', 'blur'].forEach((name) => {
  canvas.addEventListener(name, () => {
    showSpins(held.state);
  });
});

/** A number in a field, within its bounds; what was there before, where it holds none. */
const numberIn = (id: string, before: number): number => {
  const input = elementOf(id, HTMLInputElement);
  const value = Math.round(input.valueAsNumber);
  const bounded = Math.min(Number(input.max), Math.max(Number(input.min), value));
  return Number.isFinite(bounded) ? bounded : before;
};

const samplers: Readonly<Record<string, Sampler>> = { sphere: 'sphere', angles: 'angles', published: 'published' };

const onClick = (id: string, act: () => void): void => {
  elementOf(id, HTMLButtonElement).addEventListener('click', act);
};

const draw = (change: (state: State) => Partial<State>): void => {
  update((state) => {
    const next = { ...state, ...change(state) };
    return { ...next, cursor: 0, spins: sample(next.sampler)(next.spins.size, next.seed, 0) };
  });
};

const size = elementOf('size', HTMLInputElement);
size.min = String(sizes.least);
size.max = String(sizes.most);
size.value = String(initialState.spins.size);
size.addEventListener('input', () => {
  draw(({ spins }) => ({ spins: { ...spins, size: numberIn('size', spins.size) } }));
});

const direction = elementOf('direction', HTMLSelectElement);
direction.addEventListener('change', () => {
  const { value } = direction;
  if (isDirection(value)) {
    update((state) => ({ ...state, direction: value }));
  }
});

onClick('draw', () => {
  const seed = elementOf('seed', HTMLInputElement);
  const sampler = samplers[elementOf('sampler', HTMLSelectElement).value] ?? 'sphere';
  draw((state) => ({ seed: numberIn('seed', state.seed), sampler }));
  // The next draw is another one.
  seed.value = String(held.state.seed + 1);
});

onClick('align', () => {
  setSpins((spins) => ferromagnet(spins.size));
});

const turnAll = (matrix: OrthogonalMatrix): void => {
  setSpins(rotate(matrix));
};

document.querySelectorAll<HTMLButtonElement>('button[data-axis]').forEach((button) => {
  const axis = button.dataset['axis'] ?? '';
  if (isAxis(axis)) {
    button.addEventListener('click', () => {
      turnAll(rotation(axis, Math.PI / 6));
    });
  }
});
onClick('invert', () => {
  turnAll(inversion);
});

// Networks.

document.querySelectorAll<HTMLInputElement>('input[name="backend"]').forEach((radio) => {
  radio.addEventListener('change', () => {
    const { value } = radio;
    if (isBackendName(value)) {
      update((state) => ({ ...state, backend: value }));
    }
  });
});

const biased = elementOf('biased', HTMLInputElement);
biased.addEventListener('change', () => {
  update((state) => ({ ...state, biased: biased.checked }));
});

// Training.

const trainings = new Set<Worker>();

const end = (): void => {
  trainings.forEach((worker) => {
    worker.terminate();
  });
  trainings.clear();
};

/** As many as compute at once here, and memory can be shared between; more than four would only heat the room. */
const threads = (): number => (crossOriginIsolated ? Math.min(4, Math.max(1, navigator.hardwareConcurrency)) : 1);

elementOf('training', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault();
  const order: TrainingOrder = {
    backend: held.state.backend,
    channels: numberIn('channels', 3),
    layers: numberIn('layers', 2),
    samples: numberIn('samples', 1500),
    epochs: numberIn('epochs', 24),
    seed: 1,
    threads: threads(),
  };
  const worker = new TrainingWorker();
  trainings.add(worker);
  worker.onmessage = ({ data }: MessageEvent<FromTraining>): void => {
    update(informed(data));
    if (data.tag === 'done' || data.tag === 'failure') {
      end();
    }
  };
  worker.onerror = (event) => {
    end();
    update(informed(died(event)));
  };
  worker.postMessage(order);
  update(begun(order));
});
onClick('stop', () => {
  end();
  update(stopped);
});

// The beginning.

document.querySelectorAll<HTMLElement>('[data-map]').forEach((bar) => {
  const map = bar.dataset['map'] ?? '';
  if (isColourMap(map)) {
    bar.style.background = cssGradient(map);
  }
});
addEventListener('resize', () => {
  showSpins(held.state);
});
ofNetwork.ask();
ofExact.ask();
shownBy.forEach(([, show]) => {
  show(held.state);
});
showIdleness();
