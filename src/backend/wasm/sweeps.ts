/** The expressions that sweeps compute: a value, with all that fusion has put into its sweep. */
import { isEntryFunction, isPointwise } from '../../program/operation.ts';
import { meaningOf, type Equation, type ValueId } from '../../program/program.ts';
import { promisedField } from '../../program/promised-type.ts';
import type { TypedProgram } from '../../program/typecheck.ts';
import { lengthOf } from '../../program/value-type.ts';
import type { BindingTime } from '../schedule/binding-time.ts';
import type { Fusion } from '../schedule/fusion.ts';
import { noStrides } from './grid.ts';
import { range, type Arithmetic } from './kernels/arithmetic.ts';
import type { Node } from './kernels/pointwise.ts';
import type { View } from './steps.ts';
import { needed, nodeList, type NodeId } from './sweep-nodes.ts';
import type { Values } from './values.ts';

/** An expression in the entries of some fields; its last node is the result. */
export interface Sweep {
  /** What the nodes read. */
  readonly fields: readonly View[];
  readonly nodes: readonly Node[];
}

/** The component that is asked for, or each, as the sweep runs through them. */
type Component = number | 'each';

/**
 * The sweep that computes a value, and with it all values that fusion has inlined into it, read at a given binding
 * time.
 */
export const sweepOf =
  ({ equations, types }: TypedProgram, fusion: Fusion, values: Values, arithmetic: Arithmetic, latticeSize: number) =>
  (root: ValueId, time: BindingTime): Sweep => {
    const nodes = nodeList(arithmetic);
    const fields = new Array<View>();
    const fieldIds = new Map<string, number>();
    const typeOf = meaningOf(types);

    const entryOf = ({ place, extents, strides }: View, component: Component): NodeId => {
      const moving = component === 'each' ? strides : { ...strides, component: 0 };
      const key = JSON.stringify([place.buffer.id, place.offset, moving]);
      const field = fieldIds.get(key) ?? fields.push({ place, extents, strides: moving }) - 1;
      fieldIds.set(key, field);
      return nodes.entry(field, component === 'each' ? 0 : component * strides.component);
    };

    const constantOf = (id: ValueId): number | null => {
      const equation = meaningOf(equations)(id);
      if (equation.tag === 'constant') {
        return equation.value;
      }
      return equation.tag === 'fill' ? constantOf(equation.scalar) : null;
    };

    const read = (id: ValueId, component: Component): NodeId => {
      const constant = constantOf(id);
      return constant === null ? entryOf(values.view(id, time), component) : nodes.constant(constant);
    };

    /** The factor of a value: a number of each sample, alike at all entries. */
    const factorOf = (factor: ValueId, value: ValueId): NodeId => {
      const constant = constantOf(factor);
      const type = typeOf(value);
      const repeats = type.tag === 'field' ? latticeSize : lengthOf(latticeSize)(type);
      return constant === null
        ? entryOf({ ...values.row(factor, time, repeats), strides: noStrides }, 0)
        : nodes.constant(constant);
    };

    const computed = (equation: Equation, component: Component): NodeId => {
      if (!isPointwise(equation)) {
        throw new RangeError(`${equation.tag} is not defined entry by entry`);
      }
      if (isEntryFunction(equation)) {
        return nodes.apply(equation.tag, valueOf(equation.value, component));
      }
      switch (equation.tag) {
        case 'add':
          return nodes.add(valueOf(equation.left, component), valueOf(equation.right, component));
        case 'multiply':
          return nodes.multiply(valueOf(equation.left, component), valueOf(equation.right, component));
        case 'scale':
          return nodes.multiply(factorOf(equation.factor, equation.value), valueOf(equation.value, component));
        case 'contract': {
          const product = (k: number): NodeId => nodes.multiply(valueOf(equation.left, k), valueOf(equation.right, k));
          return range(promisedField(typeOf(equation.left)).components)
            .map(product)
            .reduce((sum, term) => nodes.add(sum, term));
        }
        case 'modulate':
          return nodes.multiply(valueOf(equation.amplitude, 0), valueOf(equation.vector, component));
      }
    };

    /** Of values with one component, each component is the first. */
    const componentFor = (id: ValueId, component: Component): Component => {
      const type = typeOf(id);
      return type.tag === 'field' && type.components > 1 ? component : 0;
    };

    const valueOf = (id: ValueId, component: Component): NodeId =>
      fusion.isInlined(id)
        ? computed(meaningOf(equations)(id), componentFor(id, component))
        : read(id, componentFor(id, component));

    const result = (outer: Equation): NodeId => {
      if (outer.tag === 'total') {
        return valueOf(outer.value, 'each');
      }
      return outer.tag === 'sumSites' ? valueOf(outer.field, 'each') : computed(outer, componentFor(root, 'each'));
    };
    return { fields, nodes: needed(nodes.listed(), result(meaningOf(equations)(root))) };
  };
