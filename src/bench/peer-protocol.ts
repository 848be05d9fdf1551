/** What is said between a benchmark and a peer: one JSON a line, arrays as the base64 of their float64 numbers. */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { z } from 'zod';

import type { Peer, PeerArray, PeerArrays } from './peer.ts';
import type { BenchError } from './timing.ts';

/** An array on the way. */
export const arraySchema = z.object({ shape: z.array(z.number().int()), data: z.string() });

/** The first answer: who speaks. */
export const helloSchema = z.object({ version: z.string() });

const preparedSchema = z.object({
  setting: z.string(),
  choice: z.string(),
  arrays: z.record(z.string(), arraySchema),
});

/** What a run took, as it is sent. */
export const spentSchema = z.object({ wall: z.number().nonnegative(), cpu: z.number().nonnegative() });

const errorSchema = z.object({ error: z.string() });

/** Asks a peer, and waits for the answer. */
export type Ask = <A>(schema: z.ZodType<A>, request: unknown) => TaskEither<BenchError, A>;

/** The answer in a line. Throws what the peer complains of, and at a line that is no such answer. */
export const answerIn = <A>(schema: z.ZodType<A>, line: string): A => {
  const answer: unknown = JSON.parse(line);
  const failure = errorSchema.safeParse(answer);
  if (failure.success) {
    throw new RangeError(failure.data.error);
  }
  return schema.parse(answer);
};

/** So many bytes become characters at once: a call takes no more arguments than fit on the stack. */
const chunk = 8192;

const base64 = (bytes: Uint8Array): string =>
  btoa(
    Array.from({ length: Math.ceil(bytes.length / chunk) }, (_, i) =>
      String.fromCharCode(...bytes.subarray(i * chunk, (i + 1) * chunk)),
    ).join(''),
  );

/** An array as it is sent. */
export const encodedArray = ({ shape, values }: PeerArray): z.infer<typeof arraySchema> => ({
  shape: [...shape],
  data: base64(new Uint8Array(Float64Array.from(values).buffer)),
});

/** The array that was sent. */
export const decodedArray = ({ shape, data }: z.infer<typeof arraySchema>): PeerArray => ({
  shape,
  values: new Float64Array(Uint8Array.from(atob(data), (character) => character.charCodeAt(0)).buffer),
});

const encoded = (arrays: PeerArrays): unknown =>
  Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, encodedArray(array)]));

/** How long a peer repeats what it times, and from how many seconds on a run needs none before it that warms up. */
export interface PeerTiming {
  readonly seconds: number;
  readonly warm: number;
}

/** The peer that answers these questions; `stop` ends it. */
export const peerOf = (ask: Ask, version: string, timing: PeerTiming, stop: () => void): Peer => {
  const prepared = new Set<string>();
  return {
    version,
    prepare: (description, arrays) => {
      const id = String(prepared.size);
      prepared.add(id);
      return pipe(
        ask(preparedSchema, { do: 'prepare', id, work: description, arrays: encoded(arrays) }),
        TE.map(({ setting, choice, arrays: numbers }) => ({
          peer: version,
          setting,
          choice,
          arrays: Object.fromEntries(Object.entries(numbers).map(([name, array]) => [name, decodedArray(array)])),
          timing: ask(spentSchema, { do: 'time', id, ...timing }),
        })),
      );
    },
    stop,
  };
};
