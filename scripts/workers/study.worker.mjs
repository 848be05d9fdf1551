// Starts the TypeScript of a thread without a build step.
import { tsImport } from 'tsx/esm/api';

await tsImport('./study.worker.ts', { parentURL: import.meta.url, tsconfig: false });
