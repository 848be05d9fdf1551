// Starts a thread.
import { start } from '../start.mjs';

await start('workers/generation.worker');
