// A thread whose work fails.
import workerpool from 'workerpool';

workerpool.worker({
  compute: () => {
    throw new RangeError('out of luck');
  },
});
