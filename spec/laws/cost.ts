/** The cost of a transformation of programs, counted in looks at their equations: it grows as the program, not as its square. */
import fc from 'fast-check';

import { network, networkProgram, type Architecture } from '../../src/network/network.ts';
import type { TypedProgram } from '../../src/program/typecheck.ts';
import type { Law } from '../law.ts';
import { right } from '../right.ts';

/** Whatever is made of a program. */
export type Transformation = (program: TypedProgram) => unknown;

/** How often the transformation reads an entry of an equation, for each equation of the program. */
const looks = (transformation: Transformation, program: TypedProgram): number => {
  const counts = new Map<'all', number>();
  const watched = program.equations.map(
    (equation) =>
      new Proxy(equation, {
        get: (target, key, receiver): unknown => {
          counts.set('all', 1 + (counts.get('all') ?? 0));
          return Reflect.get(target, key, receiver);
        },
      }),
  );
  transformation({ ...program, equations: watched });
  return (counts.get('all') ?? 0) / watched.length;
};

interface Deep {
  readonly architecture: Architecture;
  readonly layers: number;
}

const programOf = ({ architecture, layers }: Deep): TypedProgram =>
  right(networkProgram(network(architecture, { tag: 'lattice', channels: 2, layers, kernel: 3, pairHead: false })));

/** DenseNet is left out: its layers read all before them, so that its very text grows as the square. */
export const costsAsMuchAsItsLength: Law<Transformation, Deep> = {
  statement: 'an equation is looked at equally often in a short program and in a long one',
  cases: fc.record({
    architecture: fc.constantFrom<Architecture>('efnn', 'dnn', 'resnet'),
    layers: fc.integer({ min: 4, max: 8 }),
  }),
  holds: (transformation) => (deep) =>
    looks(transformation, programOf({ ...deep, layers: 5 * deep.layers })) <=
    1.5 * looks(transformation, programOf(deep)),
  runs: 10,
};
