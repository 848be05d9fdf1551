// A thread that leaves in the middle of its work.
import workerpool from 'workerpool';

workerpool.worker({ compute: () => process.exit(3) });
