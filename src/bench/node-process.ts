/**
 * This program on some version of Node, as a process of its own, as each peer is: it makes rows ready, and takes turns with the others.
 */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { z } from 'zod';

import type { Entry } from './experiment.ts';
import { spentSchema, type Ask } from './peer-protocol.ts';
import type { Quantity } from './row.ts';
import type { BenchError, Timing } from './timing.ts';

const quantitySchema: z.ZodType<Quantity> = z.discriminatedUnion('tag', [
  z.object({ tag: z.literal('time') }),
  z.object({ tag: z.literal('part') }),
  z.object({ tag: z.literal('rate'), operations: z.number().positive() }),
]);

const offerSchema = z.object({
  name: z.string(),
  threads: z.number().int().positive(),
  quantity: quantitySchema,
  /** What it is measured beside on that very Node: a peak. */
  peer: z.object({ name: z.string(), setting: z.string() }).nullable(),
});

/** Entries as they are sent: without their timings, which are asked for by place. */
export const offersSchema = z.object({ entries: z.array(offerSchema) });

/** Who takes a timing: the program, or what stands beside it on the same Node. */
export const contenderSchema = z.enum(['ours', 'peer']);

/** What it is asked. */
export const requestSchema = z.discriminatedUnion('do', [
  z.object({ do: z.literal('hello') }),
  z.object({ do: z.literal('prepare'), rows: z.array(z.string()) }),
  z.object({ do: z.literal('time'), entry: z.number().int().nonnegative(), who: contenderSchema }),
]);

/** The entries as they are sent. */
export const offersOf = (entries: readonly Entry[]): z.infer<typeof offersSchema> => ({
  entries: entries.map(({ name, threads, quantity, peer }) => ({
    name,
    threads,
    quantity,
    peer: peer === null ? null : { name: peer.name, setting: peer.setting },
  })),
});

/** The program on a Node. */
export interface NodeProcess {
  /** Of Node. */
  readonly version: string;
  /** Makes rows ready there. */
  readonly entries: (rows: readonly string[]) => TaskEither<BenchError, readonly Entry[]>;
  readonly stop: () => void;
}

/** The process that answers these questions; `stop` ends it. */
export const nodeProcessOf = (ask: Ask, version: string, stop: () => void): NodeProcess => {
  const timingOf = (entry: number, who: z.infer<typeof contenderSchema>): Timing =>
    ask(spentSchema, { do: 'time', entry, who });
  return {
    version,
    entries: (rows) =>
      pipe(
        ask(offersSchema, { do: 'prepare', rows }),
        TE.map(({ entries }) =>
          entries.map(({ peer, ...entry }, place) => ({
            ...entry,
            ours: timingOf(place, 'ours'),
            peer: peer === null ? null : { ...peer, timing: timingOf(place, 'peer'), deviation: null },
          })),
        ),
      ),
    stop,
  };
};

/** The entries of a process, each beside our peers of the same row with as many threads, unless it has one of its own. */
export const besideOurPeers = (ours: readonly Entry[], theirs: readonly Entry[]): readonly Entry[] =>
  theirs.flatMap((entry) => {
    const peers = ours.flatMap(({ name, threads, peer }) =>
      name === entry.name && threads === entry.threads && peer !== null ? [{ ...peer, deviation: null }] : [],
    );
    return entry.peer !== null || peers.length === 0 ? [entry] : peers.map((peer) => ({ ...entry, peer }));
  });

/** Whether two versions of Node have the same engine, as far as their first number tells. */
export const isOfOneMajor = (one: string, other: string): boolean => one.split('.')[0] === other.split('.')[0];
