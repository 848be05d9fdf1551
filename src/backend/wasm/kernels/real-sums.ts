/** Sums of float32 numbers that go on in float64. */
import { f32x4, f64, f64x2, type Body, type Local } from '../../../assembler/expression.ts';
import { bytesPerReal } from '../grid.ts';
import { range } from './arithmetic.ts';

/** Adds the first `count` numbers of a vector to as many float64 numbers, which lie side by side, `offset` bytes after an address. */
export const addedToReals = (four: Local<'v128'>, count: number, to: Local<'i32'>, offset: number): Body => {
  const upper = f32x4.shuffle([2, 3, 2, 3])(four, four);
  const pairs = [four, upper].slice(0, Math.floor(count / 2));
  const last = offset + (count - 1) * bytesPerReal;
  return [
    pairs.map((pair, index) => {
      const at = offset + 2 * index * bytesPerReal;
      return f64x2.store(to, f64x2.add(f64x2.load(to, at), f64x2.promote(pair)), at);
    }),
    range(count % 2).map(() =>
      f64.store(to, f64.add(f64.load(to, last), f64.promote(f32x4.lane(count - 1)(four))), last),
    ),
  ];
};
