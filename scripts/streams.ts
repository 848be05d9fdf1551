/** Streams whose reader may go away, or whose disk may be full: that ends no work with a stack trace. */
import { hasCode } from '../src/command/thrown.ts';
import { tidyUp } from './interruption.ts';

/**
 * A closed stdout ends the process in silence, for nobody reads on; one that cannot be written ends it with a line. A closed
 * stderr only ends what would have been said: the work goes on.
 */
export const guardStreams = (): void => {
  process.stderr.on('error', () => undefined);
  process.stdout.on('error', (error: Error) => {
    tidyUp();
    if (!hasCode(error, 'EPIPE')) {
      process.stderr.write(`efnn: could not write to stdout (${error.message}): free space or choose another place\n`);
      process.exit(1);
    }
    process.exit();
  });
};
