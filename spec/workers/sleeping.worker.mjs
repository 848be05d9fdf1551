// A thread that comes, and never takes any work.
import { parentPort } from 'node:worker_threads';

parentPort.onmessage = () => {
  parentPort.postMessage('here');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
};
