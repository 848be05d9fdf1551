/** Which values fuse: what is computed inside sweeps, and which sums correlations start from. */
import { fusionOf, type Fusion } from '../src/backend/schedule/fusion.ts';
import { isPointwise } from '../src/program/operation.ts';
import { meaningOf, readersOf, valueId, type ValueId } from '../src/program/program.ts';
import type { TypedProgram } from '../src/program/typecheck.ts';
import { verify } from './law.ts';
import { sumsStartCorrelations, whatCanFuseFuses, type Fuse } from './laws/fusion.ts';

/** Other values are inside sweeps, too, or only some. */
const inside =
  (isInside: (id: ValueId, fusion: Fusion, program: TypedProgram) => boolean): Fuse =>
  (program, times, kept) => {
    const fusion = fusionOf(program, times, kept);
    return { ...fusion, isInlined: (id) => isInside(id, fusion, program) };
  };

const readerOf = (program: TypedProgram, id: ValueId) => {
  const [reader, ...others] = new Set(meaningOf(readersOf(program))(id));
  return reader === undefined || others.length > 0 ? undefined : meaningOf(program.equations)(reader);
};

const tagOf = (program: TypedProgram, id: ValueId) => meaningOf(program.equations)(id).tag;

verify(whatCanFuseFuses, fusionOf, {
  'nothing fuses': inside(() => false),
  'every pointwise value fuses': inside((id, _, program) => isPointwise(meaningOf(program.equations)(id))),
  'every second value is stored': inside((id, { isInlined }) => isInlined(id) && id % 2 === 0),
  'results fuse': (program, times) => fusionOf(program, times, new Set()),
  'what is known before all samples is computed for each': (program, times, kept) =>
    fusionOf(
      program,
      times.map(() => 'sample'),
      kept,
    ),
  'factors fuse': inside(
    (id, { isInlined }, program) =>
      isInlined(id) || (readerOf(program, id)?.tag === 'scale' && isPointwise(meaningOf(program.equations)(id))),
  ),
  'amplitudes of vectors fuse': inside((id, { isInlined }, program) => {
    const reader = readerOf(program, id);
    const isAmplitude = reader?.tag === 'modulate' && reader.amplitude === id;
    return isInlined(id) || (isAmplitude && isPointwise(meaningOf(program.equations)(id)));
  }),
  'sweeps have no end': inside(
    (id, { isInlined }, program) =>
      isInlined(id) || (tagOf(program, id) === 'tanh' && readerOf(program, id)?.tag === 'tanh'),
  ),
  'sums are not swept over': inside(
    (id, { isInlined }, program) => isInlined(id) && readerOf(program, id)?.tag !== 'total',
  ),
  'squares are stored': inside((id, { isInlined }, program) => {
    const reader = readerOf(program, id);
    return isInlined(id) && !(reader?.tag === 'multiply' && reader.left === reader.right);
  }),
  'summands of absorbed sums fuse': inside(
    (id, { isInlined, absorbed }, program) =>
      isInlined(id) ||
      (isPointwise(meaningOf(program.equations)(id)) && [...absorbed.values()].some(({ start }) => start === id)),
  ),
});

const absorbing =
  (change: (absorbed: Fusion['absorbed'], program: TypedProgram) => Fusion['absorbed']): Fuse =>
  (program, times, kept) => {
    const fusion = fusionOf(program, times, kept);
    return { ...fusion, absorbed: change(fusion.absorbed, program) };
  };

verify(sumsStartCorrelations, fusionOf, {
  'all start from zero': absorbing(() => new Map()),
  'a sum starts from its correlation': absorbing(
    (absorbed) => new Map([...absorbed].map(([id, pair]) => [id, { ...pair, start: pair.correlation }])),
  ),
  'the first of two correlations starts from the other': absorbing(
    (absorbed, program) =>
      new Map(
        [...absorbed].map(([id, pair]) =>
          tagOf(program, pair.start) === 'correlate' && readerOf(program, pair.start) !== undefined
            ? [id, { correlation: pair.start, start: pair.correlation }]
            : [id, pair],
        ),
      ),
  ),
  'results are absorbed': (program, times) => fusionOf(program, times, new Set()),
  'kernels of one sample are taken for kernels of all': (program, times, kept) =>
    fusionOf(
      program,
      times.map((time, index) => (meaningOf(program.types)(valueId(index)).tag === 'kernel' ? 'run' : time)),
      kept,
    ),
});
