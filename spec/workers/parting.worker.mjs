// A thread that comes, takes no work, and leaves.
import { parentPort } from 'node:worker_threads';

parentPort.onmessage = () => {
  parentPort.postMessage('here');
  parentPort.postMessage('left');
  parentPort.close();
};
