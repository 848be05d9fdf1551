/** Line transforms as straight-line code on vectors, which asks for no more registers than there are. */
import type { Body, Local } from '../../../assembler/expression.ts';
import { f32xN, type WideLocal, type WideVector } from '../../../assembler/wide-vector.ts';
import { memoize } from '../../../number/memoize.ts';
import { lineTransforms, type LineTransforms } from '../../schedule/line-transform.ts';
import { registerPlan, type RegisterAct, type RegisterPlan } from '../../schedule/register-plan.ts';
import { multiplyAdd, range } from './arithmetic.ts';
import type { Writing } from './writing.ts';

/** Where a line finds its inputs and puts its outputs, and whether they are stored in their order. */
export interface Ends {
  readonly load: (index: number) => WideVector;
  readonly store: (index: number, value: WideLocal) => Body;
  readonly isOrdered: boolean;
}

/** Where lines save values, a vector each: so many bytes after an address. */
export interface Slots {
  readonly address: Local<'i32'>;
  readonly offset: number;
}

/**
 * V8 hands out fifteen, some of which constants get. Measured: with fewer than these transforms of ten numbers wait for what they save,
 * with more they gain nothing.
 */
const registers = 11;

/** Plans that are kept: all of some lattice sizes. */
const mostPlans = 64;

const planOf = memoize(
  mostPlans,
  (N: number, transform: keyof LineTransforms, isOrdered: boolean) => `${N} ${transform} ${isOrdered}`,
  (N: number, transform: keyof LineTransforms, isOrdered: boolean): RegisterPlan =>
    registerPlan(lineTransforms(N)[transform], { registers, isOrdered }),
);

/** The slots that a line of N numbers needs at most. */
export const slotsFor = (N: number): number =>
  Math.max(
    ...(['real', 'complex', 'realTransposed', 'complexTransposed'] as const).flatMap((transform) =>
      [true, false].map((isOrdered) => planOf(N, transform, isOrdered).slots),
    ),
  );

/** The code of a transform of N numbers. */
export const lineOf =
  (
    { width, variables: { take, give }, constants: { vector }, arithmetic }: Writing,
    N: number,
    { address, offset }: Slots,
  ) =>
  (transform: keyof LineTransforms, { load, store, isOrdered }: Ends): Body => {
    const { outputs } = lineTransforms(N)[transform];
    const variables = range(registers).map(take);
    const negated = take();
    const at = (register: number): WideLocal => variables[register]!;
    const slotAt = (slot: number): number => offset + slot * width.bytes;
    const computed = ({ node }: Extract<RegisterAct, { readonly tag: 'compute' }>): WideVector => {
      switch (node.tag) {
        case 'add':
          return f32xN.add(at(node.left), at(node.right));
        case 'subtract':
          return f32xN.subtract(at(node.left), at(node.right));
        case 'multiply':
          return f32xN.multiply(at(node.value), vector(width, node.factor));
        case 'multiplyAdd':
          return multiplyAdd(arithmetic)(at(node.value), vector(width, node.factor), at(node.addend));
      }
    };
    const done = (act: RegisterAct): Body => {
      const variable = at(act.register);
      switch (act.tag) {
        case 'load':
          return f32xN.assign(variable, load(act.input));
        case 'save':
          return f32xN.store(address, variable, slotAt(act.slot));
        case 'restore':
          return f32xN.assign(variable, width.load(address, slotAt(act.slot)));
        case 'compute':
          return f32xN.assign(variable, computed(act));
        case 'output':
          return outputs[act.index]!.sign > 0
            ? store(act.index, variable)
            : [f32xN.assign(negated, f32xN.multiply(variable, vector(width, -1))), store(act.index, negated)];
      }
    };
    const code = planOf(N, transform, isOrdered).acts.map(done);
    [...variables, negated].forEach(give);
    return code;
  };
