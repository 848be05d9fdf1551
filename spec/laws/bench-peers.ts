/** Laws of the peers of a benchmark: how numbers reach them, who is timed, and beside which of our rows. */
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as R from 'fp-ts/lib/Record.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import type { Backend } from '../../src/backend/backend.ts';
import { reference } from '../../src/backend/reference/reference.ts';
import type { Admitted, Contest } from '../../src/bench/contest.ts';
import type { Entry } from '../../src/bench/experiment.ts';
import type { Laboratory } from '../../src/bench/laboratory.ts';
import type { PeerArray } from '../../src/bench/peer.ts';
import type { BenchError } from '../../src/bench/timing.ts';
import type { arithmeticEntries } from '../../src/bench/roofline.ts';
import { stepNumbers, type trainingExperiment } from '../../src/bench/training.ts';
import type { Reals } from '../../src/number/reals.ts';
import { laboratory, same, smallStep, spent } from '../arbitraries/bench.ts';
import type { Law } from '../law.ts';
import { right } from '../right.ts';
import { withResidents } from '../with-residents.ts';

/** Whether there is a GPU, whether its row is asked for, and whether there may be peers. */
export interface GpuCase {
  readonly isThere: boolean;
  readonly isWanted: boolean;
  readonly peers: boolean;
}

/** Its losses are twice what they are. */
const observedTwice = withResidents(reference, (resident) => ({
  ...resident,
  step: (step) => pipe(resident.step(step), TE.map(R.map((values: Reals) => values.map((x) => 2 * x)))),
}));

export const gpuRowsAreBesideTheProcessor: Law<typeof trainingExperiment, GpuCase> = {
  statement:
    'a step has a row on a GPU where there is one and the row is asked for, beside the backend of the processor, which gives ' +
    'the same numbers first; a GPU that computes others is not timed; without peers it stands alone',
  cases: fc.record({ isThere: fc.boolean(), isWanted: fc.boolean(), peers: fc.boolean() }),
  runs: 16,
  holds:
    (experiment) =>
    async ({ isThere, isWanted, peers }) => {
      const entriesWith = (backend: Backend) =>
        experiment(smallStep).entries(
          laboratory(isThere ? { ...backend, adapter: 'a card' } : null, peers),
          (row) => isWanted || row !== 'training-C1-webgpu',
          [],
        )();
      const found = right(await entriesWith(reference)).filter(({ name }) => name === 'training-C1-webgpu');
      const [entry] = found;
      const wrong = await entriesWith(observedTwice);
      return (
        found.length === (isThere && isWanted ? 1 : 0) &&
        (entry === undefined ||
          (peers
            ? entry.peer?.name === 'reference on the processor' &&
              entry.peer.setting === '2 threads, beside a card' &&
              entry.peer.deviation === 0
            : entry.peer === null)) &&
        E.isLeft(wrong) === (isThere && isWanted && peers)
      );
    },
};

/** How arrays go to a peer and come back. */
export interface ArrayMessages {
  readonly encode: (array: PeerArray) => { readonly shape: readonly number[]; readonly data: string };
  readonly decode: (message: { readonly shape: number[]; readonly data: string }) => PeerArray;
}

export const arraysSurviveTheWay: Law<ArrayMessages, readonly number[]> = {
  statement: 'an array is sent as the base64 of its float64 numbers, and comes back to the bit',
  // The second kind is longer than what is turned into characters at once.
  cases: fc.oneof(
    fc.array(fc.double()),
    fc.double().map((x) => Array.from({ length: 2000 }, (_, i) => x * i)),
  ),
  holds:
    ({ encode, decode }) =>
    (numbers) => {
      const values = Float64Array.from(numbers);
      const { shape, data } = encode({ shape: [1, values.length], values });
      const back = decode({ shape: [1, values.length], data: Buffer.from(values.buffer).toString('base64') });
      return (
        data === Buffer.from(values.buffer).toString('base64') &&
        shape.join() === `1,${values.length}` &&
        back.shape.join() === shape.join() &&
        back.values.length === values.length &&
        back.values.every((x, i) => Object.is(x, values[i]))
      );
    },
};

/** The backend, which says how many steps it has taken. */
const counting = () => {
  const taken = new Array<number>();
  const backend = withResidents(reference, (resident) => ({
    ...resident,
    step: (step) =>
      pipe(
        resident.step(step),
        TE.chainFirstIOK(() => () => taken.push('places' in step.samples ? step.samples.places.length : NaN)),
      ),
  }));
  return { backend, taken };
};

export const allAreTimedByTheEpoch: Law<typeof trainingExperiment, { readonly steps: number; readonly batch: number }> =
  {
    statement:
      'a time is that of an epoch over its steps, each of a whole batch: for a step, for one by a network that does nothing, and for a ' +
      'peer, which is told how many they are, and computes our numbers first',
    cases: fc.record({ steps: fc.integer({ min: 2, max: 5 }), batch: fc.integer({ min: 1, max: 3 }) }),
    runs: 8,
    holds:
      (experiment) =>
      async ({ steps, batch }) => {
        const { backend, taken } = counting();
        const step = { ...smallStep, steps, batch };
        const numbers = right(await stepNumbers(laboratory(null, true), step)());
        const lab: Laboratory = {
          ...laboratory(null, true),
          backend: () => TE.right(backend),
          timingOf: (run) =>
            pipe(
              TE.fromIO(() => taken.splice(0)),
              TE.chain(() => run),
              // A second for each sample.
              TE.map(() => spent(taken.reduce((sum, samples) => sum + samples, 0))),
            ),
          peer: () =>
            TE.right({
              version: 'peer',
              stop: () => undefined,
              prepare: (work) =>
                TE.right({
                  peer: 'peer',
                  setting: '',
                  choice: '',
                  arrays: numbers,
                  timing: TE.right(spent(7 * Number(work['steps']))),
                }),
            }),
        };
        const entries = right(await experiment(step).entries(lab, (row) => !row.endsWith('-webgpu'), [])());
        const times = right(await TE.sequenceSeqArray(entries.map((entry) => entry.ours))());
        const theirs = entries.flatMap(({ peer }) => (peer?.name === 'peer' ? [peer.timing] : []));
        return (
          entries.some(({ name }) => name === 'training-C1-idle') &&
          times.every((time) => same(time.wall, batch) && same(time.cpu, 3 * batch)) &&
          taken.length === steps &&
          // Three kinds of peers, with one thread and two.
          theirs.length === 6 &&
          right(await TE.sequenceSeqArray(theirs)()).every(({ wall }) => same(wall, 7))
        );
      },
  };

/** The operations of a run of so many seconds, on a machine that does so many in a second; beside so many peers. */
export interface ArithmeticCase {
  readonly operations: number;
  readonly perSecond: number;
  readonly peers: number;
}

export const arithmeticIsBesideThePeers: Law<typeof arithmeticEntries, ArithmeticCase> = {
  statement:
    'a run of one thread has a row of the time of its operations at the peak, beside each of its peers by their very timings, which are not ' +
    'checked twice; alone where it has none',
  cases: fc.record({
    operations: fc.double({ min: 1, max: 1e12, noNaN: true }),
    perSecond: fc.double({ min: 1, max: 1e12, noNaN: true }),
    peers: fc.nat(3),
  }),
  holds:
    (entries) =>
    async ({ operations, perSecond, peers }) => {
      const lab: Laboratory = {
        ...laboratory(null, true),
        peak: async () => Promise.resolve({ operations: perSecond / 2, timing: TE.right(spent(0.5)) }),
      };
      const beside = (threads: number) =>
        peers === 0
          ? [entryOf(0, threads, null)]
          : Array.from({ length: peers }, (_, i) => entryOf(0, threads, `peer ${i}`));
      const [ones, twos] = [beside(1), beside(2)];
      const found = right(await entries(lab, operations, [...twos, ...ones])());
      const times = right(await TE.sequenceSeqArray(found.map(({ ours }) => ours))());
      return (
        found.length === ones.length &&
        times.every(({ wall }) => same(wall, operations / perSecond)) &&
        found.every(
          ({ name, threads, peer }, i) =>
            name === 'row-0-arithmetic' &&
            threads === 1 &&
            peer?.name === ones[i]?.peer?.name &&
            peer?.timing === ones[i]?.peer?.timing &&
            (peer?.deviation ?? null) === null,
        )
      );
    },
};

/** Some of our rows and some of a process on another Node, by name and threads; with a peer or two, or a peak of its own. */
export interface TwoNodes {
  readonly ours: readonly { readonly place: number; readonly threads: number; readonly peer: boolean }[];
  readonly theirs: readonly { readonly place: number; readonly threads: number; readonly peak: boolean }[];
}

export type Beside = (ours: readonly Entry[], theirs: readonly Entry[]) => readonly Entry[];

const entryOf = (place: number, threads: number, peer: string | null): Entry => ({
  name: `row-${place}`,
  threads,
  quantity: { tag: 'time' },
  ours: TE.right(spent(1)),
  peer: peer === null ? null : { name: peer, setting: '', timing: TE.right(spent(2)), deviation: 0.1 },
});

export const peersAreBesideBothNodes: Law<Beside, TwoNodes> = {
  statement:
    'a row of another process stands beside each of our peers of the same row with as many threads, by the very timing of ours; they ' +
    'are not checked twice; one with a peak of its own keeps it; none is lost',
  cases: fc.record({
    ours: fc.array(fc.record({ place: fc.nat(2), threads: fc.integer({ min: 1, max: 2 }), peer: fc.boolean() }), {
      maxLength: 6,
    }),
    theirs: fc.uniqueArray(
      fc.record({ place: fc.nat(2), threads: fc.integer({ min: 1, max: 2 }), peak: fc.boolean() }),
      { selector: ({ place, threads }) => `${place} ${threads}`, maxLength: 6 },
    ),
  }),
  holds: (beside) => (nodes) => {
    const ours = nodes.ours.map(({ place, threads, peer }, i) => entryOf(place, threads, peer ? `peer ${i}` : null));
    const theirs = nodes.theirs.map(({ place, threads, peak }) => entryOf(place, threads, peak ? 'peak' : null));
    const found = beside(ours, theirs);
    return theirs.every((entry) => {
      const rows = found.filter(({ ours: timing }) => timing === entry.ours);
      const peers = ours.filter(
        ({ name, threads, peer }) => name === entry.name && threads === entry.threads && peer !== null,
      );
      if (entry.peer !== null || peers.length === 0) {
        return rows.length === 1 && rows[0]?.peer?.timing === entry.peer?.timing;
      }
      return (
        rows.length === peers.length &&
        rows.every(({ peer }, i) => peer?.timing === peers[i]?.peer?.timing && peer?.deviation === null)
      );
    });
  },
};

/** Peers, and what their numbers are beside ours. */
export interface Applicants {
  readonly peers: readonly ('the same' | 'others' | 'none')[];
}

export type Admission = (lab: Laboratory, contest: Contest) => TaskEither<BenchError, readonly Admitted[]>;

const scripts = ['torch', 'jax', 'onnx', 'numpy'] as const;

export const whoDeviatesIsRefused: Law<Admission, Applicants> = {
  statement:
    'a peer is timed where it gave our numbers; of one that gave others, or none, it is told that it is not, and the others go ' +
    'on; with more threads it is given what it chose with fewer',
  cases: fc.record({
    peers: fc.array(fc.constantFrom('the same', 'others', 'none'), { minLength: 1, maxLength: scripts.length }),
  }),
  holds:
    (peersOf) =>
    async ({ peers }) => {
      const refused = new Array<string>();
      const asked = new Array<string>();
      const numbers = { energies: { shape: [2], values: Float64Array.of(1, 2) } };
      const lab: Laboratory = {
        ...laboratory(null, true),
        peer: ({ script, threads }) =>
          TE.right({
            version: script,
            stop: () => undefined,
            prepare: (work) => {
              asked.push(`${script} ${threads} ${JSON.stringify(work['choice'])}`);
              const gives = peers[scripts.indexOf(script)];
              return gives === 'none'
                ? TE.left({ tag: 'BenchError', message: `${script} ${threads}` })
                : TE.right({
                    peer: script,
                    setting: '',
                    choice: `of ${script}`,
                    arrays:
                      gives === 'others' ? { energies: { shape: [2], values: Float64Array.of(1, 2.1) } } : numbers,
                    timing: TE.right(spent(1)),
                  });
            },
          }),
        refuse:
          ({ threads, reason }, instead) =>
          () => {
            refused.push(`${scripts.find((script) => reason.includes(script)) ?? ''} ${threads}`);
            return instead;
          },
      };
      const found = right(
        await peersOf(lab, {
          name: 'row',
          kinds: scripts.slice(0, peers.length).map((script) => ({ script, copy: 'either' })),
          threadCounts: [1, 2],
          work: {},
          arrays: {},
          numbers: TE.right(numbers),
          tolerance: 1e-3,
        })(),
      );
      const each = peers.flatMap((gives, i) =>
        [1, 2].map((threads) => ({ gives, who: `${scripts[i] ?? ''} ${threads}` })),
      );
      const those = (isOne: (gives: string) => boolean): string =>
        each
          .filter(({ gives }) => isOne(gives))
          .map(({ who }) => who)
          .join();
      return (
        found.map(({ threads, peer }) => `${peer.name} ${threads}`).join() === those((gives) => gives === 'the same') &&
        found.every(({ peer }) => peer.deviation === 0) &&
        refused.join() === those((gives) => gives !== 'the same') &&
        asked.join() ===
          peers
            .flatMap((gives, i) => {
              const script = scripts[i] ?? '';
              return [`${script} 1 null`, `${script} 2 ${gives === 'none' ? 'null' : `"of ${script}"`}`];
            })
            .join()
      );
    },
};
