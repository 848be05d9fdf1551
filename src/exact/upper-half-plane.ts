/** The vocabulary of the pole expansion: points of the upper half plane, where all its z_k lie. */

/** A complex number with a positive imaginary part. */
export interface UpperPoint {
  readonly re: number;
  readonly im: number;
}
