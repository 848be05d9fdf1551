// A thread that ends before it has come.
import workerpool from 'workerpool';

workerpool.worker({ compute: () => process.exit(3) });
