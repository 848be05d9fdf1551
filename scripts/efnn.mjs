#!/usr/bin/env node
// Runs the command line, compiled or not.
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

import { start } from './start.mjs';

const stop = (message) => {
  process.stderr.write(`efnn: ${message}\n`);
  process.exit(1);
};

// What engines say of what is too large for memory. A length that is negative or no number, and calls without end, are bugs.
const tooLarge =
  /out of memory|allocat|memory size exceeded|maximum size exceeded|above the upper bound|"size" is out of range.*Received \d|larger than 0x|length:? \d{9,}$|^Invalid (array|array buffer|string) length$/i;

const lacksMemory = (error) =>
  [
    ...['ERR_WORKER_OUT_OF_MEMORY', 'ERR_WORKER_INIT_FAILED', 'ENOMEM'],
    ...['ERR_STRING_TOO_LONG', 'ERR_BUFFER_TOO_LARGE'],
  ].includes(error?.code) ||
  (error instanceof RangeError && tooLarge.test(error.message));

// Threads and loaders fail where nobody waits for them: that too is told in one line. All else is a bug, with its stack.
process.on('uncaughtException', (error) => {
  if (lacksMemory(error)) {
    stop(
      `expected memory for Node and its threads, got too little (${error.message}): ` +
        'ask for smaller sizes, use fewer --threads, or lift what limits memory here (ulimit -v, a control group)',
    );
  }
  const [, missing] = /Cannot find package '([^']+)'/.exec(error?.message) ?? [];
  if (missing !== undefined) {
    stop(`expected the package ${missing}, which the command line needs, got none: install without --omit=optional`);
  }
  process.stderr.write(`${error?.stack ?? String(error)}\n`);
  process.exit(1);
});

try {
  process.cwd();
} catch {
  stop('expected a folder to work in, got one that was removed: change to another, and call again');
}

if (typeof WebAssembly === 'undefined') {
  stop('expected an engine with WebAssembly, got one without: start Node without --jitless');
}

// An engine that runs out of address space ends the process with words of its own, so the limit is looked at before. Each
// memory of WebAssembly takes 10 GiB of addresses, used or not: two in Node's loaders and one in a backend, beside 4 GB;
// each thread takes up to 2 GB for its heap and code.
const gigabyte = 1e9;
const threads = Number(/ --threads[ =](\d+)/.exec(process.argv.join(' '))?.[1] ?? availableParallelism());
const needed = (36 + 2 * threads) * gigabyte;
const limits = '/proc/self/limits';
const limit = existsSync(limits) ? Number(/^Max address space +(\d+)/m.exec(readFileSync(limits, 'utf8'))?.[1]) : NaN;
if (limit < needed) {
  stop(
    `expected ${needed / gigabyte} GB of address space for ${threads} threads, most of it reserved by WebAssembly and never ` +
      `used, got a limit of ${(limit / gigabyte).toPrecision(3)} GB: lift it by ulimit -v unlimited, or use fewer --threads`,
  );
}

await start('efnn');
