/** The law of journals under power cuts. */
import fc from 'fast-check';

import type { DiskOperation } from '../../src/provenance/journal.ts';
import type { Law } from '../law.ts';
import { after, afterPart, crashed, emptyDisk, type Chance, type Disk } from '../simulated-disk.ts';

/** How a journal opens, keeps and is read. */
export interface JournalProgram {
  readonly opening: (wholeBytes: number, start: Uint8Array) => readonly DiskOperation[];
  readonly keeping: (wholeBytes: number, entries: Uint8Array) => readonly DiskOperation[];
  readonly entry: (content: Uint8Array) => Uint8Array;
  readonly contents: (journal: Uint8Array) => readonly Uint8Array[];
  readonly wholeLength: (contents: readonly Uint8Array[]) => number;
}

/** The generator mulberry32: from a seed, the same chances each time. */
export const chanceOf = (seed: number): Chance => {
  const state = { word: seed };
  return () => {
    state.word = (state.word + 0x6d2b79f5) | 0;
    const a = Math.imul(state.word ^ (state.word >>> 15), 1 | state.word);
    const b = (a + Math.imul(a ^ (a >>> 7), 61 | a)) ^ a;
    return ((b ^ (b >>> 14)) >>> 0) / 2 ** 32;
  };
};

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

/** Content that is different for every number, and of some length. */
const pieceOf = (number: number, chance: Chance): Uint8Array =>
  Uint8Array.from({ length: 8 + Math.floor(chance() * 200) }, (_, i) => (i < 4 ? number >>> (8 * i) : chance() * 256));

interface Performed {
  readonly disk: Disk;
  readonly end: 'done' | 'full' | 'power cut';
}

/** Performs operations one after the other, until one fails or the power goes. */
const perform = (disk: Disk, operations: readonly DiskOperation[], chance: Chance): Performed =>
  operations.reduce<Performed>(
    (reached, operation) => {
      if (reached.end !== 'done') {
        return reached;
      }
      const fate = chance();
      if (fate < 0.06) {
        const cut = operation.tag === 'write' && chance() < 0.5 ? after(reached.disk, operation) : reached.disk;
        return { disk: crashed(cut, chance), end: 'power cut' };
      }
      return fate < 0.1
        ? { disk: afterPart(reached.disk, operation, chance), end: 'full' }
        : { disk: after(reached.disk, operation), end: 'done' };
    },
    { disk, end: 'done' },
  );

/** One life after the other on one disk, until so many power cuts; the number of the first cut that broke the law, or null. */
export const firstLoss = (program: JournalProgram, cuts: number, chance: Chance): number | null => {
  const start = program.entry(Uint8Array.of(1, 2, 3));
  const made = new Set<string>();
  const acknowledged = new Set<string>();
  const state = { disk: emptyDisk, number: 0 };
  for (const cut of Array.from({ length: cuts }, (_, i) => i)) {
    // A journal ends with its run; a new one begins on an empty disk.
    if (cut % 8 === 0) {
      state.disk = emptyDisk;
      made.clear();
      acknowledged.clear();
    }
    const [, ...found] = program.contents(state.disk.seen ?? new Uint8Array());
    const texts = new Set(found.map(textOf));
    if ([...acknowledged].some((text) => !texts.has(text)) || [...texts].some((text) => !made.has(text))) {
      return cut;
    }
    const contents = program.contents(state.disk.seen ?? new Uint8Array());
    const wholeBytes = program.wholeLength(contents);
    const life = { whole: wholeBytes === 0 ? start.length : wholeBytes, opened: false, on: true };
    const waiting = new Array<Uint8Array>();
    while (life.on) {
      const operations = life.opened
        ? program.keeping(life.whole, Buffer.concat(waiting.map(program.entry)))
        : program.opening(wholeBytes, start);
      const { disk, end } = perform(state.disk, operations, chance);
      state.disk = disk;
      life.on = end !== 'power cut';
      if (end === 'done' && life.opened) {
        waiting.forEach((piece) => acknowledged.add(textOf(piece)));
        life.whole += program.wholeLength(waiting);
        waiting.length = 0;
      }
      life.opened ||= end === 'done';
      if (life.opened) {
        const piece = pieceOf(state.number++, chance);
        made.add(textOf(piece));
        waiting.push(piece);
      }
    }
  }
  return null;
};

export const nothingAcknowledgedIsLost: Law<JournalProgram, number> = {
  statement:
    'whatever a power cut or a full disk leaves of writes, torn, lost, reordered or flipped, every piece that was kept is found ' +
    'again, and no piece that was not made',
  cases: fc.integer({ min: 0, max: 2 ** 31 }),
  holds: (program) => (seed) => firstLoss(program, 40, chanceOf(seed)) === null,
  runs: 100,
};
