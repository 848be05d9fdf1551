/** Runs before each spec file: every property draws its cases from the seed that `vitest.config.ts` pinned and printed. */
import fc from 'fast-check';
import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    readonly seed: number;
    /** The share of its cases that a law is verified on. */
    readonly share: number;
    /** Whether a machine without an adapter fails the laws of GPUs, where it else skips them. */
    readonly adapterIsDemanded: boolean;
  }
}

fc.configureGlobal({ seed: inject('seed') });
