// A thread that leaves its work to others, and fails when it is told again.
import workerpool from 'workerpool';

let told = 0;

workerpool.worker({
  compute: () => {
    told += 1;
    if (told > 1) throw new RangeError('told twice');
  },
});
