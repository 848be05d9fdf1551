// A thread that comes, and never takes any work.
import workerpool from 'workerpool';

workerpool.worker({
  compute: () => {
    workerpool.workerEmit('here');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  },
});
