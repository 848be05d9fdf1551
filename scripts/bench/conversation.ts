/** A conversation with a process that answers requests, one JSON a line. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';

import { answerIn, helloSchema, type Ask } from '../../src/bench/peer-protocol.ts';
import { benchError } from '../../src/bench/timing.ts';
import { reasonOf } from '../../src/command/thrown.ts';

/** What is started, and how it is called in messages. */
export interface Command {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
}

/** A process that has said who it is. */
export interface Answering {
  readonly ask: Ask;
  readonly version: string;
  readonly stop: () => void;
}

/** Starts a process, and asks who it is; null where it cannot start or says nothing. */
export const startAnswering = async ({ name, program, args, environment }: Command): Promise<Answering | null> => {
  const child = spawn(program, args, { env: environment });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const complaints = new Map<'last', string>();
  // A process that cannot start or has ended shows as the end of its lines; these events need not end us too.
  child.on('error', (error) => complaints.set('last', error.message));
  child.stdin.on('error', (error) => complaints.set('last', error.message));
  child.stderr.on('data', (text: Buffer) => {
    const line = text.toString().trim().split('\n').at(-1) ?? '';
    if (line !== '') {
      complaints.set('last', line);
    }
  });
  const ask: Ask = (schema, request) =>
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
            message: `expected answers of ${name}, got a failure (${reasonOf(error)}): mend its installation, or leave it out with --no-peers`,
          }),
      ),
    );
  const stop = (): void => {
    child.kill();
  };
  const hello = await ask(helloSchema, { do: 'hello' })();
  if (E.isLeft(hello)) {
    stop();
    return null;
  }
  return { ask, version: hello.right.version, stop };
};
