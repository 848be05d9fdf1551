// A run on two threads, after which there is nothing left to do; says what the run gave.
import { tsImport } from 'tsx/esm/api';

await tsImport('../two-threads.ts', { parentURL: import.meta.url, tsconfig: false });
