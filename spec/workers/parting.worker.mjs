// A thread that leaves as it is told of its work.
import { parentPort } from 'node:worker_threads';

parentPort.onmessage = () => {
  parentPort.postMessage('left');
  parentPort.close();
};
