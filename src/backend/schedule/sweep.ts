/**
 * Sweeps: entry by entry through a value, an expression of what lies there is computed, and stored or summed.
 *
 * Which operations make one sweep is for `fusion.ts` to say. Here they become one expression, in the entries of values
 * that are stored elsewhere. Nothing is said of memory: a leaf is a value and a component.
 */
import { isEntryFunction, isPointwise } from '../../program/operation.ts';
import { meaningOf, type Equation, type ValueId } from '../../program/program.ts';
import { promisedField } from '../../program/promised-type.ts';
import type { TypedProgram } from '../../program/typecheck.ts';
import type { ValueType } from '../../program/value-type.ts';
import { nodeList, type EntryExpression, type NodeId } from './entry-expression.ts';
import type { Fusion } from './fusion.ts';

/** A component of a field, or each, as the sweep runs through them. Of values with one it is the first. */
export type Component = number | 'each';

/** What is read at an entry. */
export type Leaf =
  /** The entry of a value where the sweep is, of the component that is asked for. */
  | { readonly tag: 'entry'; readonly value: ValueId; readonly component: Component }
  /** A scalar, which is the same at all entries. */
  | { readonly tag: 'scalar'; readonly value: ValueId };

/** One sweep through the entries of a value. */
export interface Sweep {
  /** The value that is stored. */
  readonly stores: ValueId;
  /** What is stored of the results: `each`, their `total`, or their sums over `sites` and components, one a channel. */
  readonly of: 'each' | 'total' | 'sites';
  /** The type of what the sweep runs through: its components, channels and sites. */
  readonly over: ValueType;
  /** The pointwise values that are computed on the way; the one that is stored is the first, if it is one. */
  readonly computes: readonly ValueId[];
  readonly expression: EntryExpression<Leaf>;
}

/** The number that a value is at all of its entries, if the program says it. */
const constantOf = (program: TypedProgram, id: ValueId): number | null => {
  const equation = meaningOf(program.equations)(id);
  if (equation.tag === 'constant') {
    return equation.value;
  }
  return equation.tag === 'fill' ? constantOf(program, equation.scalar) : null;
};

/** What the outermost operation of a sweep stores, and the value whose entries it takes. */
const outermost = (root: ValueId, equation: Equation): { readonly of: Sweep['of']; readonly entries: ValueId } => {
  if (equation.tag === 'total') {
    return { of: 'total', entries: equation.value };
  }
  return equation.tag === 'sumSites' ? { of: 'sites', entries: equation.field } : { of: 'each', entries: root };
};

/** The sweep that stores a value, and computes with it all values that fusion has put inside. */
export const sweepOf =
  (program: TypedProgram, { isInlined }: Fusion) =>
  (root: ValueId): Sweep => {
    const equationOf = meaningOf(program.equations);
    const typeOf = meaningOf(program.types);
    const { placeOf, expressionOf } = nodeList<Leaf>();
    const computes = new Set<ValueId>();

    const constantOr = (id: ValueId, leaf: Leaf): NodeId => {
      const value = constantOf(program, id);
      return placeOf(value === null ? { tag: 'leaf', leaf } : { tag: 'constant', value });
    };
    const read = (id: ValueId, component: Component): NodeId => {
      const equation = equationOf(id);
      return constantOr(
        id,
        equation.tag === 'fill' ? { tag: 'scalar', value: equation.scalar } : { tag: 'entry', value: id, component },
      );
    };
    const add = (left: NodeId, right: NodeId): NodeId => placeOf({ tag: 'add', left, right });
    const multiply = (left: NodeId, right: NodeId): NodeId => placeOf({ tag: 'multiply', left, right });

    const computed = (id: ValueId, component: Component): NodeId => {
      const equation = equationOf(id);
      if (!isPointwise(equation)) {
        throw new RangeError(`value ${id}, ${equation.tag}, is not defined entry by entry`);
      }
      computes.add(id);
      if (isEntryFunction(equation)) {
        return placeOf({ tag: 'function', function: equation.tag, value: entryOf(equation.value, component) });
      }
      switch (equation.tag) {
        case 'add':
          return add(entryOf(equation.left, component), entryOf(equation.right, component));
        case 'multiply':
          return multiply(entryOf(equation.left, component), entryOf(equation.right, component));
        case 'scale': {
          const factor = constantOr(equation.factor, { tag: 'scalar', value: equation.factor });
          return multiply(factor, entryOf(equation.value, component));
        }
        case 'contract': {
          const { components } = promisedField(typeOf(equation.left));
          return Array.from({ length: components }, (_, k) =>
            multiply(entryOf(equation.left, k), entryOf(equation.right, k)),
          ).reduce(add);
        }
        case 'modulate':
          return multiply(entryOf(equation.amplitude, 0), entryOf(equation.vector, component));
      }
    };

    const entryOf = (id: ValueId, asked: Component): NodeId => {
      const type = typeOf(id);
      const component = type.tag === 'field' && type.components > 1 ? asked : 0;
      return id === root || isInlined(id) ? computed(id, component) : read(id, component);
    };

    const { of, entries } = outermost(root, equationOf(root));
    const expression = expressionOf(entryOf(entries, 'each'));
    return { stores: root, of, over: typeOf(entries), computes: [...computes], expression };
  };
