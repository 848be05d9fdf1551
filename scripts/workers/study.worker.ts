/** The thread that does the jobs of a reproduction. */
import { serve } from './serve.ts';
import { study } from './study.ts';

serve(study.work);
