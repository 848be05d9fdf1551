// Starts a thread.
import { start } from '../start.mjs';

await start('workers/study.worker');
