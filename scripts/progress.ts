/** How far long work has come: a bar on stderr with speed and time left, or a line now and then without a terminal. */
import { SingleBar } from 'cli-progress';

import { progressLine } from '../src/command/progress-line.ts';
import { atInterruption } from './interruption.ts';

export interface Progress {
  /** So much more is done. */
  readonly advance: (amount: number) => void;
  /** What is said beside the speed, until it is replaced. */
  readonly note: (text: string) => void;
  /** The work has ended; the bar is taken away. */
  readonly stop: () => void;
}

/** How long a log without a terminal stays silent. */
const lineInterval = 10_000;

/** Shows work of `total` units, such as samples, from now on; without a terminal by a line every so many milliseconds. */
export const startProgress = (label: string, unit: string, total: number, every = lineInterval): Progress => {
  const start = performance.now();
  const work = { done: 0, note: '' };
  const status = (): string =>
    [progressLine(unit, total, work.done, (performance.now() - start) / 1000), work.note].filter(Boolean).join('; ');
  const display = process.stderr.isTTY ? bar(label, total, status) : lines(label, status, every);
  return {
    advance: (amount) => {
      work.done += amount;
      display.show(work.done);
    },
    note: (text) => {
      work.note = text;
      display.show(work.done);
    },
    stop: display.stop,
  };
};

interface Display {
  readonly show: (done: number) => void;
  readonly stop: () => void;
}

const bar = (label: string, total: number, status: () => string): Display => {
  const single = new SingleBar({ format: `${label} {bar} {status}`, stream: process.stderr, clearOnComplete: true });
  single.start(total, 0, { status: status() });
  // The bar turns line wrap off.
  const forget = atInterruption(() => {
    single.stop();
  });
  return {
    show: (done) => {
      single.update(done, { status: status() });
    },
    stop: () => {
      forget();
      single.stop();
    },
  };
};

const lines = (label: string, status: () => string, every: number): Display => {
  const timer = setInterval(() => process.stderr.write(`${label} ${status()}\n`), every);
  timer.unref();
  return {
    show: () => undefined,
    stop: () => {
      clearInterval(timer);
    },
  };
};
