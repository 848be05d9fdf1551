/** The event loop, which timers, the progress bar and signals wait for. */

/** Resolves after the event loop went round once: long work awaits it now and then. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
