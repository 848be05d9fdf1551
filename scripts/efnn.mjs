#!/usr/bin/env node
// Runs the TypeScript command line without a build step, blind to any tsconfig.json of the caller's folder.
const stop = (message) => {
  process.stderr.write(`efnn: ${message}\n`);
  process.exit(1);
};

const lacksMemory = (error) =>
  ['ERR_WORKER_OUT_OF_MEMORY', 'ERR_WORKER_INIT_FAILED', 'ENOMEM'].includes(error?.code) ||
  (error instanceof RangeError && /out of memory|allocat/i.test(error.message));

// Threads and loaders fail where nobody waits for them: that too is told in one line. All else is a bug, with its stack.
process.on('uncaughtException', (error) => {
  if (lacksMemory(error)) {
    stop(
      `expected memory for Node and its threads, got too little (${error.message}): ` +
        'lift ulimit -v, which WebAssembly needs 10 GiB of for each thread, or use fewer --threads',
    );
  }
  process.stderr.write(`${error?.stack ?? String(error)}\n`);
  process.exit(1);
});

if (typeof WebAssembly === 'undefined') {
  stop('expected an engine with WebAssembly, got one without: start Node without --jitless');
}

// Memory that is not there is found here first, by the smallest piece of it.
new WebAssembly.Memory({ initial: 1 });

const { tsImport } = await import('tsx/esm/api');
await tsImport('./efnn.ts', { parentURL: import.meta.url, tsconfig: false });
