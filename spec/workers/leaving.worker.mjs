// A thread that comes, takes work, says so, and leaves in the middle of it.
import { parentPort } from 'node:worker_threads';

parentPort.onmessage = ({ data: { rounds, machines } }) => {
  parentPort.postMessage('here');
  Atomics.wait(rounds.round, 0, 0);
  Atomics.add(rounds.busy, 0, 1);
  const said = new Int32Array(machines[0].imports.efnn.memory.buffer, 0, 1);
  Atomics.store(said, 0, 1);
  Atomics.notify(said, 0);
  process.exit(3);
};
