/** Updates that stay where they are: step after step on the same arrays, so that nothing is made, named or handed over on the way. */
import { valueId, type ValueId } from '../../program/program.ts';
import type { TypedProgram } from '../../program/typecheck.ts';

/** Arrays by name that are written where they are. */
export type WritableArrays = Readonly<Record<string, Float64Array>>;

/**
 * The arrays of an update. What it returns it has twice, and steps take both in turns, so that all is replaced at once: a step reads what
 * the step before has returned, and returns the other set. Each name has arrays of its own.
 */
export interface UpdateArrays {
  /** Where it reads the parameters that no output replaces: sums over a batch, scalars, what stays as it is. */
  readonly read: WritableArrays;
  /** Where its outputs are, and where it reads the parameters of their names. */
  readonly returned: readonly [WritableArrays, WritableArrays];
}

/** An update in arrays of its own. */
export interface UpdateInPlace extends UpdateArrays {
  /** Computes one of the sets from the other and from what is read. */
  readonly step: (to: Turn) => void;
}

/** One of the two sets. */
export type Turn = 0 | 1;

/** Both. */
export const turns: readonly Turn[] = [0, 1];

/** The set that a step computes from this one. */
export const otherTurn = (turn: Turn): Turn => (turn === 0 ? 1 : 0);

/** What the values of an update are to it, by its names. */
export interface UpdateNames {
  /** Parameters that no output replaces. */
  readonly read: readonly NamedValue[];
  /** Parameters that outputs replace, by as many numbers. */
  readonly replaced: readonly NamedValue[];
  /** Outputs that are computed in their arrays. */
  readonly computed: readonly NamedValue[];
  /** Outputs that are parameters as they are, or have been returned by another name: they are copied. */
  readonly copied: readonly NamedValue[];
}

/** A value and its name. */
export interface NamedValue {
  readonly name: string;
  readonly id: ValueId;
}

/** The names of an update. */
export const updateNames = ({ equations, outputs }: TypedProgram): UpdateNames => {
  const parameters = equations.flatMap((equation, index) =>
    equation.tag === 'parameter' ? [{ name: equation.name, id: valueId(index) }] : [],
  );
  const isReplaced = ({ name }: NamedValue): boolean => Object.hasOwn(outputs, name);
  const returned = Object.entries(outputs).map(([name, id]): NamedValue => ({ name, id }));
  const isComputed = ({ id }: NamedValue, index: number): boolean =>
    equations[id]?.tag !== 'parameter' && returned.findIndex((other) => other.id === id) === index;
  return {
    read: parameters.filter((parameter) => !isReplaced(parameter)),
    replaced: parameters.filter(isReplaced),
    computed: returned.filter(isComputed),
    copied: returned.filter((output, index) => !isComputed(output, index)),
  };
};
