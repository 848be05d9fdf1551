/** The kernels that a step spends its time in, many in a row, so that what goes in and out weighs little. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';

import { initialWeights } from '../network/initial-weights.ts';
import { linear } from '../network/maps.ts';
import { multiplyAdds, onLattice } from '../program/counts.ts';
import { contract, inputField, record, total, type Field } from '../program/expression.ts';
import { gradient } from '../program/gradient.ts';
import { simplify } from '../program/simplify.ts';
import { typecheck, type ProgramError, type TypedProgram } from '../program/typecheck.ts';
import { mapName, weightName, type MapName } from '../program/weight.ts';
import { drawn, standardNormals } from '../random/draw.ts';
import { streamOf } from '../random/stream.ts';
import type { Entry, Experiment } from './experiment.ts';
import type { Laboratory } from './laboratory.ts';
import { benchError } from './timing.ts';
import { rateEntry } from './roofline.ts';

interface Chain {
  readonly name: string;
  readonly channels: number;
  /** Of the kernels. */
  readonly kernel: number;
  /** N of the lattice. */
  readonly size: number;
  /** Whether the gradients in all kernels are computed too: transposed correlations, and kernel gradients. */
  readonly gradients: boolean;
}

const lattice = (channels: number) => ({ channels, kernel: 5, size: 10 });

const dense = { channels: 150, kernel: 1, size: 1 };

const chains: readonly Chain[] = [
  ...[1, 3, 9].map((C) => ({ name: `kernels-correlate-C${C}`, ...lattice(C), gradients: false })),
  ...[1, 3, 9].map((C) => ({ name: `kernels-gradients-C${C}`, ...lattice(C), gradients: true })),
  { name: 'kernels-dense-W150', ...dense, gradients: false },
  { name: 'kernels-dense-gradients-W150', ...dense, gradients: true },
];

/** Correlations in a row. */
const length = 8;

const batch = 1000;

const maps: readonly MapName[] = Array.from({ length }, (_, i) => mapName('field', i));

const names: readonly string[] = maps.map((map) => weightName({ map, role: 'weight' }));

/** |K_7 * .. * K_0 * x|^2, or its gradient in every K. A square, so that no cotangent is the same for all samples. */
const programOf = ({ channels: C, kernel, gradients }: Chain): E.Either<ProgramError, TypedProgram> => {
  const start = inputField('x', 1, C);
  const end = maps.reduce<Field>((x, map) => linear(map, { inputs: C, outputs: C, kernel })(x), start);
  return pipe(
    typecheck(record({ sum: total(contract(end, end)) })),
    E.chain((chain) => (gradients ? pipe(chain, gradient('sum', names), E.chain(simplify)) : E.right(chain))),
  );
};

const entriesOf = (lab: Laboratory, chain: Chain) => {
  const { name, channels, size } = chain;
  return pipe(
    TE.Do,
    TE.bind('program', () => TE.fromEither(programOf(chain))),
    TE.bindW('backend', () => lab.backend(1)),
    TE.bindW('executable', ({ backend, program }) => backend.compile(program)),
    TE.mapLeft(benchError),
    TE.chain(({ program, executable }) => {
      const run = executable.run({
        parameters: initialWeights(1)(program),
        inputs: { x: drawn(streamOf(1, 0))(standardNormals(batch * channels * size * size)) },
        latticeSize: size,
        batch,
      });
      const operations = 2 * batch * onLattice(size)(multiplyAdds(program));
      return rateEntry(lab, name, operations)({ ours: lab.timingOf(pipe(run, TE.mapLeft(benchError))) });
    }),
    TE.map((entry): readonly Entry[] => [entry]),
  );
};

/** One experiment a chain of correlations. */
export const kernelExperiments: readonly Experiment[] = chains.map((chain) => ({
  rows: [chain.name],
  entries: (lab) => entriesOf(lab, chain),
}));
