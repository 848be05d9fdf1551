/** The thread that generates samples. */
import { generation } from './generation.ts';
import { serve } from './serve.ts';

serve(generation.work);
