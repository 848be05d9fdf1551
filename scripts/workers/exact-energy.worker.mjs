// Starts a thread.
import { start } from '../start.mjs';

await start('workers/exact-energy.worker');
