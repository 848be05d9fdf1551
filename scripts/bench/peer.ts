/** A peer: other software that runs beside us as a process of its own, and answers requests, one JSON a line. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';

import type { Peer, PeerKind } from '../../src/bench/peer.ts';
import { answerIn, helloSchema, peerOf, type Ask } from '../../src/bench/peer-protocol.ts';
import { benchError } from '../../src/bench/timing.ts';
import { reasonOf } from '../../src/command/thrown.ts';
import { shortestTiming, warmByItself } from '../timing.ts';

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
          return answerIn(schema, line.value);
        },
        (error) =>
          benchError({
            message: `the peer ${name} failed (${reasonOf(error)}): mend its installation, or leave it out with --no-peers`,
          }),
      ),
    );
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
    return peerOf(ask, hello.right.version, { seconds: shortestTiming, warm: warmByItself }, () => {
      child.kill();
    });
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
