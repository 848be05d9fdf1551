/** The processors of this machine. */
import { availableParallelism } from 'node:os';

/** How many threads can run at once. */
export const allCores = availableParallelism();
