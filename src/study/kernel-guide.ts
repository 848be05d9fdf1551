/**
 * Which kernel to take, as the trained networks of one depth tell it: the one whose error is below that of every other kernel, with
 * the whole interval over the seeds. Where they do not decide it, one kernel alone was trained, some of them are not trained yet, or
 * have diverged, that is said instead.
 */
import { architectures, type Architecture } from '../network/network.ts';
import type { Prose, Table } from '../report/report.ts';
import { missingInWords, type ConfidenceInterval, type Subject } from '../report/verdict.ts';
import { layersOf, type PlannedLattice } from './double-exchange-findings.ts';
import { comparedSeeds, ofOne, ratio, subjectOfAll, type Finding } from './finding.ts';
import { architectureName } from './job.ts';
import { relativeError } from './measure.ts';
import { kernelOf } from './outcome.ts';
import { meant, testedSizes, trainedSizeOf } from './receptive-field.ts';

/** A kernel that was trained, with its error over that of the best one on average. */
interface Contender {
  readonly kernel: number;
  /** Over seeds: its interval. */
  readonly timesTheBest: ConfidenceInterval;
}

/** What the networks of one architecture and depth, trained on one size, say of their errors at another. */
export type Advice =
  | { readonly tag: 'one kernel' }
  | { readonly tag: 'missing'; readonly subject: Subject }
  | { readonly tag: 'open'; readonly best: number; readonly rivals: readonly Contender[] }
  | { readonly tag: 'decided'; readonly best: number; readonly others: readonly Contender[] };

const distinct = (values: readonly number[]): readonly number[] => [...new Set(values)].toSorted((a, b) => a - b);

const errorOver = (networks: readonly PlannedLattice[], size: number, kernel: number, other: number): Finding =>
  ofOne(ratio(meant(networks, { kernel }), meant(networks, { kernel: other }), relativeError(size)), size);

/** The kernel for lattices of a size, from networks that differ in their kernels and seeds alone. */
export const adviceOf = (group: readonly PlannedLattice[], size: number): Advice => {
  const kernels = distinct(group.map(({ job }) => kernelOf(job)));
  const [first, ...rest] = kernels;
  if (first === undefined || rest.length === 0) {
    return { tag: 'one kernel' };
  }
  const subject = subjectOfAll(group);
  if (subject.known === 'nothing') {
    return { tag: 'missing', subject };
  }
  const overFirst = (kernel: number): number =>
    errorOver(group, size, kernel, first).obtained ?? Number.POSITIVE_INFINITY;
  const best = rest.reduce((known, kernel) => (overFirst(kernel) < overFirst(known) ? kernel : known), first);
  const unknown: ConfidenceInterval = { low: 0, high: Number.POSITIVE_INFINITY, seeds: 0 };
  const others = kernels
    .filter((kernel) => kernel !== best)
    .map((kernel) => ({
      kernel,
      timesTheBest: errorOver(group, size, kernel, best).spread ?? unknown,
    }));
  const rivals = others.filter(({ timesTheBest: { low, seeds } }) => seeds < comparedSeeds || !(low > 1));
  return rivals.length > 0 ? { tag: 'open', best, rivals } : { tag: 'decided', best, others };
};

/** The networks of an architecture trained on one size, of the greatest depth that has several kernels, or of the greatest. */
const deepest = (
  networks: readonly PlannedLattice[],
  architecture: Architecture,
  trainedSize: number,
): readonly PlannedLattice[] => {
  const own = meant(networks, { architecture, trainedSize });
  const byDepth = distinct(own.map(layersOf))
    .toReversed()
    .map((layers) => meant(own, { layers }));
  return byDepth.find((group) => new Set(group.map(({ job }) => kernelOf(job))).size > 1) ?? byDepth[0] ?? [];
};

const times = (kernel: number): readonly (string | number)[] => [kernel, ' x ', kernel];

const sentenceOf = (advice: Advice, where: readonly (string | number)[]): readonly (string | number)[] => {
  switch (advice.tag) {
    case 'one kernel':
      return [...where, ' it is not yet decided which kernel to take: one at most was trained. '];
    case 'missing':
      return [...where, ' it is not yet decided which kernel to take: ', ...missingInWords(advice.subject), '. '];
    case 'open':
      return [
        ...where,
        ' it is not yet decided which kernel to take: ',
        ...times(advice.best),
        ' has the smallest mean error, but the seeds do not tell it from ',
        ...advice.rivals.flatMap(({ kernel }, i) => [...(i === 0 ? [] : [' and ']), ...times(kernel)]),
        '. ',
      ];
    case 'decided':
      return [
        ...where,
        ' take ',
        ...times(advice.best),
        ': over the seeds its error is the smallest, that of ',
        ...advice.others.flatMap(({ kernel, timesTheBest: { low } }, i) => [
          ...(i === 0 ? [] : [', of ']),
          ...times(kernel),
          ' at least ',
          low,
          ' times as large',
        ]),
        ' (95 percent). ',
      ];
  }
};

/** The guide for users in words: the kernel of the EFNN for the size of the training, and for larger lattices. */
export const kernelGuide = (networks: readonly PlannedLattice[]): Prose => {
  const { small, large } = testedSizes;
  const efnns = deepest(networks, 'efnn', small);
  const layers = efnns.map(layersOf)[0];
  return layers === undefined
    ? ['Which kernel to take is not yet decided: no EFNN was trained on N = ', small, '.']
    : [
        ...['Which kernel for an EFNN of ', layers, ' layers that is trained on N = ', small, '? '],
        ...sentenceOf(adviceOf(efnns, small), ['For lattices of that size']),
        ...sentenceOf(adviceOf(efnns, large), ['For larger ones (N = ', large, ')']),
      ];
};

const cellOf = (advice: Advice): string =>
  advice.tag === 'decided'
    ? `${advice.best} x ${advice.best}`
    : advice.tag === 'one kernel'
      ? 'one kernel trained'
      : 'not yet decided';

/** The guide for every network and training size. */
export const kernelTable = (networks: readonly PlannedLattice[]): Table => {
  const { small, large } = testedSizes;
  const rows = architectures.flatMap((architecture) =>
    distinct(meant(networks, { architecture }).map(trainedSizeOf)).flatMap((trainedSize) => {
      const group = deepest(networks, architecture, trainedSize);
      const layers = group.map(layersOf)[0] ?? null;
      return [
        [
          ...[architectureName(architecture), trainedSize, layers],
          ...[small, large].map((size) => cellOf(adviceOf(group, size))),
        ],
      ];
    }),
  );
  return {
    id: 'table-kernel-guide',
    caption:
      'Which kernel to take: the one whose error is below that of every other kernel with the whole interval over at least three seeds.',
    columns: [
      { label: 'network' },
      { label: 'trained on N' },
      { label: 'n' },
      { label: `kernel for N = ${small}` },
      { label: `kernel for N = ${large}` },
    ],
    rows,
  };
};
