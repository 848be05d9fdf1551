/** What the code of a vector's numbers is written with, whatever it computes. */
import type { Arithmetic } from '../../../assembler/arithmetic.ts';
import type { Temporaries, VectorWidth } from '../../../assembler/wide-vector.ts';
import type { Constants } from './constants.ts';

/** The width of the vectors, variables that are used again, constants, and how products are added. */
export interface Writing {
  readonly width: VectorWidth;
  readonly variables: Temporaries;
  readonly constants: Constants;
  readonly arithmetic: Arithmetic;
}
