// A thread that comes, takes work, says so, and fails at it.
import { takesWork } from './takes-work.mjs';

takesWork(() => {
  throw new RangeError('out of luck');
});
