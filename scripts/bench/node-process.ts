/** This program on a Node, in a process of its own; and what it does there. */
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import type { Entry } from '../../src/bench/experiment.ts';
import { entriesOf } from '../../src/bench/experiments.ts';
import type { BenchOptions, Laboratory } from '../../src/bench/laboratory.ts';
import { nodeProcessOf, offersOf, requestSchema, type NodeProcess } from '../../src/bench/node-process.ts';
import { benchError, type BenchError } from '../../src/bench/timing.ts';
import type { CommandError } from '../../src/command/command-error.ts';
import { reasonOf } from '../../src/command/thrown.ts';
import { startAnswering } from './conversation.ts';

/** Starts the program on a Node, given by its path, with the options of ours; null where it cannot start. */
export const startNodeProcess = async (
  program: string,
  { backend, threads, quick }: BenchOptions,
): Promise<NodeProcess | null> => {
  const answering = await startAnswering({
    name: `the Node ${program}`,
    program,
    args: [
      fileURLToPath(new URL('../efnn.mjs', import.meta.url)),
      ...['bench', '--answer', '--backend', backend, '--threads', String(threads), '--no-peers'],
      ...(quick ? ['--quick'] : []),
    ],
    environment: process.env,
  });
  return answering === null ? null : nodeProcessOf(answering.ask, answering.version, answering.stop);
};

/** Answers requests until there are no more. */
export const answer = (lab: Laboratory): TaskEither<CommandError, void> => {
  const prepared = new Map<'entries', readonly Entry[]>();
  const answerTo = (line: string): TaskEither<BenchError, unknown> => {
    const request = requestSchema.parse(JSON.parse(line));
    switch (request.do) {
      case 'hello':
        return TE.right({ version: process.versions.node });
      case 'prepare':
        return pipe(
          entriesOf(lab, request.rows),
          TE.map((entries) => {
            prepared.set('entries', entries);
            return offersOf(entries);
          }),
        );
      case 'time': {
        const entry = prepared.get('entries')?.[request.entry];
        const timing = request.who === 'ours' ? entry?.ours : entry?.peer?.timing;
        return timing ?? TE.left(benchError({ message: `expected the place of an entry, got ${request.entry}` }));
      }
    }
  };
  return TE.fromTask(async () => {
    for await (const line of createInterface({ input: process.stdin })) {
      const found = await pipe(
        TE.tryCatch(
          async () => answerTo(line)(),
          (error) => benchError({ message: reasonOf(error) }),
        ),
        TE.chainEitherK((either) => either),
      )();
      process.stdout.write(`${JSON.stringify(E.isRight(found) ? found.right : { error: found.left.message })}\n`);
    }
  });
};
