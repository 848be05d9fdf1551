// A thread that ends before it has come.
import { parentPort } from 'node:worker_threads';

parentPort.onmessage = () => process.exit(3);
