/** A peer: other software that runs beside us as a process of its own, and answers requests, one JSON a line. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { z } from 'zod';

import { benchError, type BenchError } from '../../src/bench/timing.ts';
import type { Peer, PeerArray, PeerArrays, PeerKind } from '../../src/bench/peer.ts';
import { reasonOf } from '../exit.ts';
import { shortestTiming, warmByItself } from '../timing.ts';

const arraySchema = z.object({ shape: z.array(z.number().int()), data: z.string() });
const helloSchema = z.object({ version: z.string() });
const preparedSchema = z.object({ setting: z.string(), arrays: z.record(z.string(), arraySchema) });
const timeSchema = z.object({ seconds: z.number().positive() });
const errorSchema = z.object({ error: z.string() });

const encoded = (arrays: PeerArrays): unknown =>
  Object.fromEntries(
    Object.entries(arrays).map(([name, { shape, values }]) => [
      name,
      { shape, data: Buffer.from(Float64Array.from(values).buffer).toString('base64') },
    ]),
  );

const decoded = ({ shape, data }: z.infer<typeof arraySchema>): PeerArray => {
  const bytes = Uint8Array.from(Buffer.from(data, 'base64'));
  return { shape, values: new Float64Array(bytes.buffer) };
};

/** Where Python may be, in order of preference. */
const pythons = (): readonly string[] => [
  ...(process.env['PYTHON'] === undefined ? [] : [process.env['PYTHON']]),
  '/usr/bin/python3',
  'python3',
];

/**
 * The peer's environment: its own choice of kernels for this processor, and so many threads. The C library keeps the memory that
 * is freed, which otherwise goes back to the system after each step and costs PyTorch up to four times the time of wide networks.
 */
const environmentOf = (threads: number): NodeJS.ProcessEnv => {
  const { OPENBLAS_CORETYPE: _core, OPENBLAS_L2_SIZE: _cache, ...rest } = process.env;
  const count = String(threads);
  return {
    ...rest,
    OPENBLAS_NUM_THREADS: count,
    OMP_NUM_THREADS: count,
    MALLOC_MMAP_MAX_: '0',
    MALLOC_TRIM_THRESHOLD_: '100000000000',
    PYTHONDONTWRITEBYTECODE: '1',
  };
};

/** A conversation with a process: ask, and wait for the answer. */
type Ask = <A>(schema: z.ZodType<A>, request: unknown) => TaskEither<BenchError, A>;

const conversation = (name: string, child: ChildProcessWithoutNullStreams): Ask => {
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const complaints = new Map<'last', string>();
  // A process that cannot start or has ended shows as the end of its lines; these events need not end us too.
  child.on('error', (error) => complaints.set('last', error.message));
  child.stdin.on('error', (error) => complaints.set('last', error.message));
  child.stderr.on('data', (text: Buffer) => complaints.set('last', text.toString().trim().split('\n').at(-1) ?? ''));
  return (schema, request) =>
    pipe(
      TE.tryCatch(
        async () => {
          child.stdin.write(`${JSON.stringify(request)}\n`);
          const line = await lines.next();
          if (line.done === true) {
            throw new RangeError(complaints.get('last') ?? 'its process ended');
          }
          const answer: unknown = JSON.parse(line.value);
          const failure = errorSchema.safeParse(answer);
          if (failure.success) {
            throw new RangeError(failure.data.error);
          }
          return schema.parse(answer);
        },
        (error) =>
          benchError({
            message: `the peer ${name} failed (${reasonOf(error)}): mend its installation, or leave it out with --no-peers`,
          }),
      ),
    );
};

const peerOf = (ask: Ask, version: string, child: ChildProcessWithoutNullStreams): Peer => {
  const work = { prepared: 0 };
  return {
    version,
    prepare: (description, arrays) => {
      const id = String((work.prepared += 1));
      return pipe(
        ask(preparedSchema, { do: 'prepare', id, work: description, arrays: encoded(arrays) }),
        TE.map(({ setting, arrays: numbers }) => ({
          peer: version,
          setting,
          arrays: Object.fromEntries(Object.entries(numbers).map(([name, array]) => [name, decoded(array)])),
          timing: pipe(
            ask(timeSchema, { do: 'time', id, seconds: shortestTiming, warm: warmByItself }),
            TE.map(({ seconds }) => seconds),
          ),
        })),
      );
    },
    stop: () => {
      child.kill();
    },
  };
};

const startWith =
  ({ script, threads }: PeerKind) =>
  async (python: string): Promise<Peer | null> => {
    const path = fileURLToPath(new URL(`peers/${script}_peer.py`, import.meta.url));
    const child = spawn(python, [path], { env: environmentOf(threads) });
    const ask = conversation(script, child);
    const hello = await ask(helloSchema, { do: 'hello' })();
    if (E.isLeft(hello)) {
      child.kill();
      return null;
    }
    return peerOf(ask, hello.right.version, child);
  };

/** Starts a peer with the first Python that has it; null where none has. */
export const startPeer = async (kind: PeerKind): Promise<Peer | null> => {
  for (const python of pythons()) {
    const peer = await startWith(kind)(python);
    if (peer !== null) {
      return peer;
    }
  }
  return null;
};
