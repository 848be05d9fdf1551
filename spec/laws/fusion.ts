/**
 * Laws of fusion, from its definition: a value is part of its reader's sweep wherever that computes each of its entries
 * once. Sweeps are run through entry by entry, and what they compute on the way is counted.
 */
import fc from 'fast-check';

import { bindingTimes, type BindingTime } from '../../src/backend/schedule/binding-time.ts';
import type { Fusion, fusionOf } from '../../src/backend/schedule/fusion.ts';
import {
  add,
  correlate,
  correlateTransposed,
  inputField,
  kernelGradient,
  multiply,
  parameterKernel,
  record,
  tanh,
  total,
  type Field,
} from '../../src/program/expression.ts';
import { isPointwise, operandsOf } from '../../src/program/operation.ts';
import { meaningOf, readersOf, valueId, type Equation, type ValueId } from '../../src/program/program.ts';
import type { TypedProgram } from '../../src/program/typecheck.ts';
import { lengthOf } from '../../src/program/value-type.ts';
import { programOf, networkRuns } from '../arbitraries/network-runs.ts';
import { programCases, smooth, typed } from '../arbitraries/program.ts';
import type { Law } from '../law.ts';

/** Decides what fuses in a program. */
export type Fuse = typeof fusionOf;

/** Functions of functions: longer than any sweep. */
const chains: fc.Arbitrary<TypedProgram> = fc
  .record({ length: fc.integer({ min: 10, max: 30 }), summed: fc.boolean(), branch: fc.nat(9) })
  .map(({ length, summed, branch }) => {
    const x = inputField('x', 1, 1);
    const links = Array.from({ length }, (_, i) => i).reduce<Field>(
      (inner, i) => (i === branch ? add(inner, multiply(inner, inner)) : tanh(inner)),
      x,
    );
    return typed(record({ y: summed ? total(links) : links }));
  });

/** Sums of two correlations or one, with kernels for all samples or one a sample, which others may read as well. */
const sums: fc.Arbitrary<TypedProgram> = fc
  .record({
    summands: fc.tuple(fc.nat(4), fc.nat(4)),
    isResult: fc.boolean(),
    isReadAgain: fc.boolean(),
  })
  .map(({ summands, isResult, isReadAgain }) => {
    const x = inputField('x', 1, 1);
    const [shared, own] = [parameterKernel('K', 1, 1, 3), kernelGradient(3, x, x)];
    const choices = [
      correlate(shared)(x),
      correlateTransposed(shared)(x),
      correlate(shared)(tanh(x)),
      correlate(own)(x),
      tanh(x),
    ];
    const [left = x, right = x] = summands.map((index) => choices[index] ?? x);
    const results = { y: add(left, right), ...(isResult ? { left } : {}), ...(isReadAgain ? { z: tanh(right) } : {}) };
    return typed(record(results));
  });

/** Random programs hold what nobody thinks of, networks what all training is made of. */
const programs: fc.Arbitrary<TypedProgram> = fc.oneof(
  { weight: 12, arbitrary: programCases({ ...smooth, operations: 14 }).map(({ program }) => program) },
  { weight: 1, arbitrary: chains },
  { weight: 3, arbitrary: sums },
  { weight: 1, arbitrary: networkRuns(1e4).map(programOf) },
);

/** Values that are read alone, in which order they are known, and which are results. */
interface Facts {
  readonly program: TypedProgram;
  readonly equationOf: (id: ValueId) => Equation;
  readonly timeOf: (id: ValueId) => BindingTime;
  readonly ids: readonly ValueId[];
  /** Whether one equation alone reads a value, entry by entry and not as a factor for all, and it is no result. */
  readonly isReadOnce: (id: ValueId) => boolean;
}

const factsOf = (program: TypedProgram): Facts => {
  const [readers, results] = [meaningOf(readersOf(program)), new Set(Object.values(program.outputs))];
  return {
    program,
    equationOf: meaningOf(program.equations),
    timeOf: meaningOf(bindingTimes(program)),
    ids: program.equations.map((_, index) => valueId(index)),
    isReadOnce: (id) => {
      const [reader, ...others] = new Set(readers(id));
      const equation = reader === undefined ? null : meaningOf(program.equations)(reader);
      return others.length === 0 && !results.has(id) && !(equation?.tag === 'scale' && equation.factor === id);
    },
  };
};

/** An entry of a value: of which component, and where in it. On a lattice of one site there is one place a channel. */
interface Entry {
  readonly id: ValueId;
  readonly component: number;
  readonly place: number;
}

const componentsOf = ({ program }: Facts, id: ValueId): number => {
  const type = meaningOf(program.types)(id);
  return type.tag === 'field' ? type.components : 1;
};

const entriesOf = (facts: Facts, id: ValueId): readonly Entry[] => {
  const components = componentsOf(facts, id);
  const places = lengthOf(1)(meaningOf(facts.program.types)(id)) / components;
  return Array.from({ length: components }, (_, component) =>
    Array.from({ length: places }, (__, place) => ({ id, component, place })),
  ).flat();
};

/** The entries that the definition of a pointwise operation reads, to compute one. */
const readBy = (facts: Facts, { id, component, place }: Entry): readonly Entry[] => {
  const equation = facts.equationOf(id);
  const at = (operand: ValueId, ofComponent: number): Entry => ({ id: operand, component: ofComponent, place });
  if (equation.tag === 'scale') {
    return [{ id: equation.factor, component: 0, place: 0 }, at(equation.value, component)];
  }
  if (equation.tag === 'contract') {
    return Array.from({ length: componentsOf(facts, equation.left) }, (_, k) => [
      at(equation.left, k),
      at(equation.right, k),
    ]).flat();
  }
  return equation.tag === 'modulate'
    ? [at(equation.amplitude, 0), at(equation.vector, component)]
    : operandsOf(equation).map((operand) => at(operand, component));
};

const nameOf = ({ id, component, place }: Entry): string => `${id} ${component} ${place}`;

/** What is computed for an entry, where these values are computed on the way; a square is computed from one number. */
const computedFor = (facts: Facts, inside: ReadonlySet<ValueId>, entry: Entry): ReadonlySet<string> =>
  new Set([
    nameOf(entry),
    ...readBy(facts, entry)
      .filter(({ id }) => inside.has(id))
      .flatMap((operand) => [...computedFor(facts, inside, operand)]),
  ]);

/** A sweep: the entries that it runs through. */
const sweptBy = (facts: Facts, root: ValueId): readonly Entry[] => {
  const equation = facts.equationOf(root);
  if (isPointwise(equation)) {
    return entriesOf(facts, root);
  }
  if (equation.tag === 'total') {
    return entriesOf(facts, equation.value);
  }
  return equation.tag === 'sumSites' ? entriesOf(facts, equation.field) : [];
};

/** Most values that one sweep computes, the one that it stores among them. */
const mostInSweep = 12;

/** Whether these values can be computed inside sweeps: each entry once, when it is known, and few in one sweep. */
const isPossible = (facts: Facts, absorbed: Fusion['absorbed'], inside: ReadonlySet<ValueId>): boolean => {
  const { ids, equationOf, timeOf, isReadOnce } = facts;
  const roots = ids.filter((id) => !inside.has(id) && !absorbed.has(id));
  const sweeps = roots.map((root) => {
    const isSum = !isPointwise(equationOf(root));
    const computed = sweptBy(facts, root).map((entry) =>
      isSum && !inside.has(entry.id) ? new Set<string>() : computedFor(facts, inside, entry),
    );
    return { root, computed };
  });
  const counts = new Map<string, number>();
  sweeps.forEach(({ computed }) => {
    computed.forEach((names) => {
      names.forEach((name) => counts.set(name, (counts.get(name) ?? 0) + 1));
    });
  });
  const valuesIn = (computed: readonly ReadonlySet<string>[]): readonly ValueId[] => [
    ...new Set(computed.flatMap((names) => [...names].map((name) => valueId(Number(name.split(' ')[0]))))),
  ];
  return (
    [...inside].every(
      (id) =>
        isReadOnce(id) &&
        isPointwise(equationOf(id)) &&
        !absorbed.has(id) &&
        entriesOf(facts, id).every((entry) => counts.get(nameOf(entry)) === 1),
    ) &&
    sweeps.every(({ root, computed }) => {
      const values = new Set([root, ...valuesIn(computed)]);
      return values.size <= mostInSweep && [...values].every((id) => timeOf(id) === timeOf(root));
    })
  );
};

const fused = (fuse: Fuse, program: TypedProgram): Fusion =>
  fuse(program, bindingTimes(program), new Set(Object.values(program.outputs)));

export const whatCanFuseFuses: Law<Fuse, TypedProgram> = {
  statement:
    'the values inside sweeps are computed once an entry, when they are known, twelve at most in one sweep; and no other ' +
    'value could join them',
  cases: programs,
  runs: 300,
  holds: (fuse) => (program) => {
    const facts = factsOf(program);
    const { isInlined, absorbed } = fused(fuse, program);
    const inside = new Set(facts.ids.filter(isInlined));
    const others = facts.ids.filter(
      (id) => !inside.has(id) && facts.isReadOnce(id) && isPointwise(facts.equationOf(id)),
    );
    return (
      isPossible(facts, absorbed, inside) &&
      others.every((id) => !isPossible(facts, absorbed, new Set([...inside, id])))
    );
  },
};

export const sumsStartCorrelations: Law<Fuse, TypedProgram> = {
  statement:
    'a correlation starts from the other summand exactly where nothing but that sum reads it, when the sum is known, and ' +
    'its kernel is one for all samples; of two such correlations the later one does',
  cases: programs,
  runs: 300,
  holds: (fuse) => (program) => {
    const { ids, equationOf, timeOf, isReadOnce } = factsOf(program);
    const { absorbed } = fused(fuse, program);
    return ids.every((id) => {
      const sum = equationOf(id);
      const summands = sum.tag === 'add' ? [...new Set([sum.left, sum.right])] : [];
      const able = summands.filter((summand) => {
        const inner = equationOf(summand);
        return (
          summands.length === 2 &&
          (inner.tag === 'correlate' || inner.tag === 'correlateTransposed') &&
          isReadOnce(summand) &&
          timeOf(summand) === timeOf(id) &&
          timeOf(inner.kernel) === 'run'
        );
      });
      const found = absorbed.get(id);
      return able.length === 0
        ? found === undefined
        : found?.correlation === Math.max(...able) &&
            summands.includes(found.start) &&
            found.start !== found.correlation;
    });
  },
};
