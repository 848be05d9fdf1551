// Reads mutated files in a thread of its own, by the targets of a module that it is given.
import { workerData } from 'node:worker_threads';
import { tsImport } from 'tsx/esm/api';

const options = { parentURL: import.meta.url, tsconfig: false };
const { readAll } = await tsImport('../fuzz-reading.ts', options);
const { targets } = await tsImport(workerData.module, options);
readAll(targets, workerData.reading);
