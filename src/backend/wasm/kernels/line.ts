/** Line transforms as straight-line code on vectors, which asks for no more registers than there are. */
import type { Body, Local } from '../../../assembler/expression.ts';
import { f32xN, type WideLocal, type WideVector } from '../../../assembler/wide-vector.ts';
import { memoize } from '../../../number/memoize.ts';
import { lineTransforms, type LineTransforms } from '../../schedule/line-transform.ts';
import { registerPlan, type RegisterAct, type RegisterPlan } from '../../schedule/register-plan.ts';
import { multiplyAdd, range } from './arithmetic.ts';
import type { Writing } from './writing.ts';

/** Where a line finds its inputs and puts its outputs. */
export interface Ends {
  /** The statements that assign an input to a variable. */
  readonly load: (index: number, to: WideLocal) => Body;
  readonly store: (index: number, value: WideLocal) => Body;
}

/** Where lines save values, a vector each: so many bytes after an address. */
export interface Slots {
  readonly address: Local<'i32'>;
  readonly offset: number;
}

/** The lines that there are: transforms, and whether their outputs are stored in their order. */
const lines = {
  real: { transform: 'real', isOrdered: false },
  complex: { transform: 'complex', isOrdered: false },
  realTransposed: { transform: 'realTransposed', isOrdered: false },
  realTransposedInOrder: { transform: 'realTransposed', isOrdered: true },
  complexTransposed: { transform: 'complexTransposed', isOrdered: false },
} as const satisfies Readonly<
  Record<string, { readonly transform: keyof LineTransforms; readonly isOrdered: boolean }>
>;

type Line = keyof typeof lines;

/**
 * V8 hands out fifteen on x86-64, some of which constants get. Measured there: with fewer than these, transforms of ten numbers wait for
 * what they save, with more they gain nothing.
 */
const registers = 11;

/** Plans that are kept, of some thirty lattice sizes. */
const mostPlans = 150;

const planOf = memoize(
  mostPlans,
  (N: number, line: Line) => `${N} ${line}`,
  (N: number, line: Line): RegisterPlan => {
    const { transform, isOrdered } = lines[line];
    return registerPlan(lineTransforms(N)[transform], { registers, isOrdered });
  },
);

const allLines: readonly Line[] = ['real', 'complex', 'realTransposed', 'realTransposedInOrder', 'complexTransposed'];

/** The slots that a line of N numbers needs at most. */
export const slotsFor = (N: number): number => Math.max(...allLines.map((line) => planOf(N, line).slots));

/** The code of a transform of N numbers. */
export const lineOf =
  (
    { width, variables: { take, give }, constants: { vector }, arithmetic }: Writing,
    N: number,
    { address, offset }: Slots,
  ) =>
  (line: Line, { load, store }: Ends): Body => {
    const { outputs } = lineTransforms(N)[lines[line].transform];
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
          return load(act.input, variable);
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
    const code = planOf(N, line).acts.map(done);
    [...variables, negated].forEach(give);
    return code;
  };
