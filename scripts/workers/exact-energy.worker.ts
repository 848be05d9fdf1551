/** The thread that computes exact energies. */
import { exactEnergies } from './exact-energy.ts';
import { serve } from './serve.ts';

serve(exactEnergies.work);
