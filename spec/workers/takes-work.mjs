// What threads do that end with work that they have taken: they come, take work of the first round, and say so in its memory.
import { parentPort } from 'node:worker_threads';

export const takesWork = (end) => {
  parentPort.onmessage = ({ data: { rounds, modules } }) => {
    parentPort.postMessage('here');
    Atomics.wait(rounds.round, 0, 0);
    Atomics.add(rounds.busy, 0, 1);
    const said = new Int32Array(modules[0].imports.efnn.memory.buffer, 0, 1);
    Atomics.store(said, 0, 1);
    Atomics.notify(said, 0);
    end();
  };
};
