/** Float64 numbers that nobody may change: a `Float64Array` seen through its reading half. */
export interface Reals
  extends
    Iterable<number>,
    Pick<
      Float64Array,
      'length' | 'every' | 'filter' | 'map' | 'reduce' | 'slice' | 'some' | 'subarray' | 'entries' | 'findIndex'
    > {
  readonly [index: number]: number;
}
