/** The comparison of networks shape by shape: what the others' best error is in units of the EFNN's, with its verdict. */
import type { Table } from '../report/report.ts';
import { verdictOf } from '../report/verdict.ts';
import type { DenseJob, LatticeJob } from './job.ts';
import { comparedSeeds, isAboveOne, ofEvery, rivalries } from './finding.ts';
import type { Measure } from './measure.ts';
import { byShape, contestants, widthOf, type Planned } from './outcome.ts';

/** What a table of advantages is of: its letter for the width of networks, and which networks are meant, where that is not all. */
export interface Contest {
  readonly id: string;
  readonly width: string;
  readonly which?: string;
}

/** Of networks of one figure, for each depth and width of which all architectures are planned, a row, done or not. */
export const advantageTable = <J extends DenseJob | LatticeJob>(
  { id, width, which }: Contest,
  planned: readonly Planned<J>[],
  measure: Measure,
): Table => ({
  id,
  caption: [
    ...(which === undefined ? [] : [`${which}. `]),
    'Error of the best other network over that of the EFNN, of the same width and depth: its mean over seeds with the interval of 95 percent, ',
    'and whether the EFNN is the better one (the whole interval of ',
    comparedSeeds,
    ' seeds above 1). Seeds: how many each of the others has at least; one has no interval.',
  ],
  columns: [
    { label: 'n' },
    { label: width },
    { label: 'best other / EFNN' },
    { label: 'from' },
    { label: 'to' },
    { label: 'seeds' },
    { label: 'the EFNN is better' },
  ],
  rows: byShape(contestants(planned))
    .flatMap((peers) =>
      peers.slice(0, 1).map(({ job }) => ({ layers: job.network.shape.layers, wide: widthOf(job), peers })),
    )
    .toSorted((a, b) => a.layers - b.layers || a.wide - b.wide)
    .map(({ layers, wide, peers }) => {
      const { obtained, spread, subject } = ofEvery('least', rivalries(peers, measure));
      // Of several seeds for every rival alone: what one seed says of one of them would pass for an end.
      const isOfSeveral = spread !== undefined && spread.seeds > 1;
      return [
        layers,
        wide,
        obtained,
        isOfSeveral ? spread.low : null,
        isOfSeveral ? spread.high : null,
        spread?.seeds ?? 0,
        verdictOf(isAboveOne)(obtained, spread, subject),
      ];
    }),
});
