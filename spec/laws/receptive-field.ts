/** Laws of receptive fields: by brute force, one spin is moved, and it is seen what moves with it. */
import fc from 'fast-check';

import { architectures, network, networkProgram, type Network } from '../../src/network/network.ts';
import { dual, type Dual } from '../../src/number/dual.ts';
import { float64 } from '../../src/number/float64.ts';
import { evaluate } from '../../src/program/evaluate.ts';
import { valueId } from '../../src/program/program.ts';
import { declarations, type TypedProgram } from '../../src/program/typecheck.ts';
import { lengthOf, type ValueType } from '../../src/program/value-type.ts';
import { exact, programCases, sampleOf, type ProgramCase } from '../arbitraries/program.ts';
import type { Law } from '../law.ts';
import { right } from '../right.ts';

const numbers = dual(float64);

const constants = (values: readonly number[]): readonly Dual<number>[] => values.map(numbers.fromNumber);

/** The values with the derivative along one of them. */
const moved = (values: readonly number[], index: number): readonly Dual<number>[] =>
  values.map((value, i) => ({ value, derivative: i === index ? 1 : 0 }));

const mapped = <A, B>(
  record: Readonly<Record<string, A>>,
  f: (value: A, name: string) => B,
): Readonly<Record<string, B>> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, f(value, name)]));

/** The program with the named values as its outputs. */
const showing = (program: TypedProgram, ids: readonly number[]): TypedProgram => ({
  ...program,
  outputs: Object.fromEntries(ids.map((id) => [`v${id}`, valueId(id)])),
});

/** Between two places on a ring. */
const apart = (N: number, a: number, b: number): number => Math.min((a - b + N) % N, (b - a + N) % N);

const distance = (N: number, a: number, b: number): number =>
  Math.max(apart(N, Math.floor(a / N), Math.floor(b / N)), apart(N, a % N, b % N));

/** The sites at which a field depends on what was moved. */
const movedSites = (N: number, entries: readonly Dual<number>[]): ReadonlySet<number> =>
  new Set(entries.flatMap(({ derivative }, i) => (derivative === 0 ? [] : [i % (N * N)])));

export type ReceptiveField = (program: TypedProgram) => Readonly<Record<string, number>>;

interface Place {
  readonly network: Network;
  readonly N: number;
  readonly site: number;
}

/** Sites each way, by counting the convolutions on the longest way from a spin to the energy, two on each side of a tanh. */
export const widthByHand = ({ architecture, shape }: Network): number => {
  const kernel = shape.tag === 'lattice' ? shape.kernel : 1;
  // Symmetrization and readout; a field and, in the DNN alone, a g that reads what the field gives.
  const convolutions = 2 + (architecture === 'dnn' ? 4 : 2) * shape.layers;
  return convolutions * (kernel - 1) + 1;
};

const places: fc.Arbitrary<Place> = fc
  .record({
    architecture: fc.constantFrom(...architectures),
    shape: fc
      .oneof(
        fc.record({ kernel: fc.constantFrom(1, 3), layers: fc.integer({ min: 1, max: 3 }) }),
        fc.record({ kernel: fc.constant(5), layers: fc.constant(1) }),
      )
      .map((shape) => ({ tag: 'lattice' as const, channels: 1, ...shape })),
    pairHead: fc.boolean(),
    wraps: fc.boolean(),
    place: fc.nat(999),
  })
  .map(({ architecture, shape, pairHead, wraps, place }) => {
    const described = network(architecture, { ...shape, pairHead });
    const N = wraps ? 1 + (place % 12) : widthByHand(described) + 2;
    return { network: described, N, site: place % (N * N) };
  });

/** Positive and small: nothing cancels, and no tanh is so far out that its slope is 0. */
const smallWeights = (types: Readonly<Record<string, ValueType>>): Readonly<Record<string, readonly number[]>> =>
  mapped(types, (type) =>
    Array.from({ length: lengthOf(1)(type) }, (_, i) => (0.5 + ((i * 7) % 11) / 22) / lengthOf(1)(type)),
  );

/** The terms of the energy at each site: what the program sums. */
const termsOf = ({ equations, types }: TypedProgram): readonly number[] =>
  equations.flatMap((equation) =>
    equation.tag === 'total' && types[equation.value]?.tag === 'field' ? [Number(equation.value)] : [],
  );

export const spinsMoveTheirWindow: Law<ReceptiveField, Place> = {
  statement:
    'a spin that is moved moves the terms of the energy in a window around it as wide as the receptive field, or on all sites of a torus that is no ' +
    'wider; (2n + 2)(k - 1) + 1 sites each way for EFNN, ResNet and DenseNet, (4n + 2)(k - 1) + 1 for the DNN',
  cases: places,
  holds:
    (receptiveField) =>
    ({ network: described, N, site }) => {
      const program = right(networkProgram(described));
      const spins = Array.from({ length: 3 * N * N }, (_, i) => 0.2 + ((i * 5) % 13) / 20);
      const values = right(
        evaluate(numbers)(N)(mapped(smallWeights(declarations('parameter')(program)), constants), {
          spins: moved(spins, site),
        })(showing(program, termsOf(program))),
      );
      const sites = new Set(Object.values(values).flatMap((entries) => [...movedSites(N, entries)]));
      const width = receptiveField(program).energy ?? NaN;
      const seen = Math.min(width, N);
      return (
        width === widthByHand(described) &&
        sites.size === seen * seen &&
        [...sites].every((other) => distance(N, site, other) <= (width - 1) / 2)
      );
    },
  runs: 30,
};

export type Reaches = (program: TypedProgram) => readonly number[];

export const nothingReachesFarther: Law<Reaches, ProgramCase> = {
  statement:
    'whatever the program: an entry that is moved moves no field farther away than its reach, and no value that sees nothing',
  cases: programCases({ ...exact, batches: [1], latticeSizes: [5, 7] }),
  holds: (reaches) => (example) => {
    const { program, latticeSize: N, parameters } = example;
    const reached = reaches(program);
    const shown = showing(
      program,
      program.equations.map((_, id) => id),
    );
    const inputs = sampleOf(example, 0);
    const types = declarations('input')(program);
    return Object.keys(inputs)
      .filter((name) => types[name]?.tag === 'field')
      .every((name) => {
        const site = (inputs[name]?.length ?? 0) % (N * N - 1);
        const values = right(
          evaluate(numbers)(N)(
            mapped(parameters, constants),
            mapped(inputs, (entries, other) => (other === name ? moved(entries, site) : constants(entries))),
          )(shown),
        );
        return program.types.every(({ tag }, id) => {
          const entries = values[`v${id}`] ?? [];
          const reach = reached[id] ?? NaN;
          return tag === 'field'
            ? [...movedSites(N, entries)].every((other) => distance(N, site, other) <= reach)
            : reach >= 0 || entries.every(({ derivative }) => derivative === 0);
        });
      });
  },
};
