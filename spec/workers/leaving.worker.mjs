// A thread that comes, takes work, says so, and leaves in the middle of it.
import { takesWork } from './takes-work.mjs';

takesWork(() => process.exit(3));
