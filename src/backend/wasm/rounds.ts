/**
 * Work that threads share, round after round, in memory that they share. A round is a list of calls, `left` of which nobody
 * has taken yet. To open one, its calls are listed, then `left` is set to their number, then `round` is another.
 *
 *     who takes:   k = left;  left <- k - 1;  call k - 1 is his if k > 0, and else there is none
 *
 * A thread adds itself to `busy` before it takes anything, and itself off when it finds no more. So once nothing is left and
 * nobody is busy, all is done; and a thread that has not come, because it has not started yet or got no processor, is not
 * waited for.
 */
import { cacheLineBytes } from '../schedule/memory-plan.ts';
import { mostGroups } from './groups.ts';
import type { Call, Operands, SharedModule } from './shared-module.ts';

/** Does a call as it is written down: the module by its place among those of the threads, its function among those of the module. */
export type TakeCall = (module: number, called: number, ...operands: Operands) => void;

/** The words that threads share, each in a cache line of its own, as views of one number; and the calls. */
export interface Rounds {
  /** Another number in each round, at least 0; below 0 when no more will come. */
  readonly round: Int32Array;
  /** Calls that nobody has taken; not above 0 when there are none. */
  readonly left: Int32Array;
  /** Threads that have come for work and not ended, the first one not counted. */
  readonly busy: Int32Array;
  /** 1 if the first thread wants to be told when nobody is busy any more. */
  readonly isAwaited: Int32Array;
  /** The calls of the round, the last one first. */
  readonly calls: Int32Array;
}

/** Numbers of a call. */
const wordsPerCall = 6;

/** Calls that there is room for: of the machines of two cuts, each in groups or in parts. */
const mostCalls = 2 * mostGroups;

/** Rounds that have not begun. */
export const newRounds = (): Rounds => {
  const words = ['round', 'left', 'busy', 'isAwaited'].length;
  const bytesPerWord = Int32Array.BYTES_PER_ELEMENT;
  const buffer = new SharedArrayBuffer(words * cacheLineBytes + mostCalls * wordsPerCall * bytesPerWord);
  const word = (index: number): Int32Array => new Int32Array(buffer, index * cacheLineBytes, 1);
  return {
    round: word(0),
    left: word(1),
    busy: word(2),
    isAwaited: word(3),
    calls: new Int32Array(buffer, words * cacheLineBytes),
  };
};

/** Rounds are counted up to here, and then from 0 again. */
const mostRounds = 2 ** 30;

/** Begins a round of some calls of these modules, and wakes as many threads that wait for it as there are calls, beside that of the first thread. */
export const openRound = (
  { round, left, isAwaited, calls }: Rounds,
  given: readonly Call[],
  modules: readonly SharedModule[],
): void => {
  if (given.length > mostCalls) {
    throw new RangeError(`expected at most ${mostCalls} calls in a round, got ${given.length}: cut the work in fewer`);
  }
  given.forEach(({ of, function: called, operands: [a, b, c, d] }, index) => {
    const at = (given.length - 1 - index) * wordsPerCall;
    // One by one: a list of them would be made for each call of each step.
    calls[at] = modules.indexOf(of);
    calls[at + 1] = called;
    calls[at + 2] = a;
    calls[at + 3] = b;
    calls[at + 4] = c;
    calls[at + 5] = d;
  });
  Atomics.store(isAwaited, 0, 0);
  Atomics.store(left, 0, given.length);
  Atomics.store(round, 0, (Atomics.load(round, 0) + 1) % mostRounds);
  Atomics.notify(round, 0, Math.max(0, given.length - 1));
};

/** Lets the threads go: no more rounds will come, and nobody takes what is left of this one. */
export const endRounds = ({ round, left }: Rounds): void => {
  Atomics.store(left, 0, 0);
  Atomics.store(round, 0, -1);
  Atomics.notify(round, 0);
};

/** Takes what is left of a round, call after call, until there is nothing. */
export const takeCalls = ({ left, calls }: Rounds, take: TakeCall): void => {
  for (let k = Atomics.sub(left, 0, 1); k > 0; k = Atomics.sub(left, 0, 1)) {
    const at = (k - 1) * wordsPerCall;
    take(calls[at]!, calls[at + 1]!, calls[at + 2]!, calls[at + 3]!, calls[at + 4]!, calls[at + 5]!);
  }
};

/**
 * Milliseconds that a thread looks for work, or for the end of work, before it sleeps: as long as what one thread does alone between
 * the rounds of a training, and several times what it costs to wake one, by a notification or by a message. So a step finds its threads
 * awake, and threads without work, or without a processor of their own, leave the processor to others soon.
 */
export const spinMilliseconds = 0.2;

/** Milliseconds without a round after which a thread leaves, and its memory with it. */
export const patienceMilliseconds = 30_000;

/** Looks for the end of the work that was taken, as long as it may spin, and says whether it has come. */
export const hasEndedSoon = ({ busy }: Rounds): boolean => {
  const until = performance.now() + spinMilliseconds;
  while (Atomics.load(busy, 0) !== 0) {
    if (performance.now() > until) {
      return false;
    }
  }
  return true;
};

/** Asks to be told of the end, and says whether it has come already. */
export const askForEnd = ({ busy, isAwaited }: Rounds): boolean => {
  Atomics.store(isAwaited, 0, 1);
  return Atomics.load(busy, 0) === 0;
};
