/**
 * What is published of a reproduction: small enough to keep for good, and made from the records of its jobs alone, so that everybody
 * can make it again, and compare.
 */
import { pipe } from 'fp-ts/lib/function.js';
import { groupBy } from 'fp-ts/lib/NonEmptyArray.js';
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';

import { publishedDraws } from '../dataset/published.ts';
import { recipeOf } from '../dataset/recipe.ts';
import { generate } from '../dataset/source.ts';
import { publishedSites } from '../dataset/three-spin.ts';
import { threeSpinEnergies } from '../hamiltonian/three-spin.kernel.ts';
import { claimsMarkdown } from '../report/claims-markdown.ts';
import { judge, type Fact, type Report } from '../report/report.ts';
import { labelledSamples, type LabelledSamples } from '../training/batch.ts';
import {
  figures,
  isOfFigure4,
  jobsFor,
  jobText,
  labelsOf,
  trains,
  type DenseJob,
  type Job,
  type LatticeJob,
} from './job.ts';
import type { Preset } from './preset.ts';
import { runOf, type KeptJob } from './record.ts';
import { identityFacts } from './report-identity.ts';
import { studyReport } from './study-report.ts';

/** A job that trains a network whose weights are published. */
export type RepresentativeJob = DenseJob | LatticeJob;

/** The networks of which most is told: the EFNNs of Figs. 2b and 2c at two widths, all four networks of Fig. 4c, and the largest of all. */
const isRepresentative = ({ network: { shape, architecture }, plan }: RepresentativeJob): boolean =>
  plan.seed === 1 &&
  (shape.tag === 'dense'
    ? shape.layers === 3 && architecture === 'efnn' && [105, 150].includes(shape.neurons)
    : shape.layers > 3 || (shape.layers === 3 && shape.channels === 3 && shape.kernel === 3 && shape.pairHead));

/** The jobs whose networks are published, with the names of their files. */
export const representatives = (
  preset: Preset,
): readonly { readonly name: string; readonly job: RepresentativeJob }[] => {
  const isOfTheFigure = isOfFigure4(preset);
  return jobsFor(preset, figures)
    .filter(trains)
    .filter((job) => isRepresentative(job) && (job.tag === 'dense' || isOfTheFigure(job)))
    .map((job) => ({ name: `${preset.name}-${modelName(job)}`, job }));
};

/** `three-spin-binary-efnn-w-105-n-3`; the preset stands before it, since presets train the same networks differently. */
const modelName = ({ network: { architecture, shape }, ...job }: RepresentativeJob): string =>
  shape.tag === 'dense'
    ? `${job.tag === 'dense' ? job.system : 'dense'}-${architecture}-w-${shape.neurons}-n-${shape.layers}`
    : `double-exchange-${architecture}-c-${shape.channels}-n-${shape.layers}`;

/** How many configurations a published network is asked for when it is checked, and their seed, which no data set has. */
const fresh = { count: 4, seed: 3 };

/** New configurations with exact energies for a published network; its couplings, where it has any, are those of its training. */
export const freshSamples = (job: RepresentativeJob): Either<{ readonly message: string }, LabelledSamples> => {
  const range = { first: 0, count: fresh.count };
  return job.tag === 'lattice'
    ? pipe(
        generate({ ...job.train.recipe, seed: fresh.seed, forces: false })(range),
        E.map((data) => labelledSamples(data)),
      )
    : pipe(
        recipeOf({ system: job.system, size: publishedSites, seed: fresh.seed }),
        E.chainW((recipe) => generate(recipe)(range)),
        E.map((data) => {
          const samples = labelledSamples(data);
          const energies = threeSpinEnergies(publishedSites, publishedDraws(job.system).couplings)(samples.spins);
          return { ...samples, energies };
        }),
      );
};

/** Where the record of a job lies, beside the report. */
export const recordPath = (name: string): string => `records/${name}`;

/** Where a published network lies, beside the report. */
const modelPath = (name: string): string => `../models/${name}.safetensors`;

/**
 * What records of the same labels say of them where not all have the same bytes: exact energies of a later change of the program are
 * other sums of the same numbers.
 */
const labelsFacts = (kept: readonly KeptJob[]): readonly Fact[] => {
  const ofLabels = kept.filter(({ record }) => record.digests.labels.length > 0);
  return Object.values(groupBy((one: KeptJob) => JSON.stringify(labelsOf(one.job)))(ofLabels))
    .map((same) => Object.values(groupBy((one: KeptJob) => one.record.digests.labels.join())(same)))
    .filter((sets) => sets.length > 1)
    .map((sets) => ({
      label: 'labels',
      value: `${sets.map(({ length }) => length).join(' and ')} networks have the same labels but for rounding: the digests tell which`,
    }));
};

/** What made all of the records, and how long that took. */
const factsOf = (kept: readonly KeptJob[], version: string, backend: string): readonly Fact[] => {
  const machines = [...new Set(kept.flatMap(({ record }) => record.machine ?? []))].toSorted();
  const timed = kept.flatMap(({ record }) => record.seconds ?? []);
  const which =
    timed.length === kept.length ? 'all jobs' : `the ${timed.length} of ${kept.length} jobs that were timed`;
  return [
    ...identityFacts(version, backend),
    ...(machines.length === 0
      ? []
      : [{ label: machines.length === 1 ? 'machine' : 'machines', value: machines.join('; ') }]),
    ...labelsFacts(kept),
    { label: `time of ${which}, one core each`, value: timed.reduce((sum, one) => sum + one, 0) / 3600, unit: 'h' },
  ];
};

/**
 * The report on these records. `recordName` says how the file of a job's record is called, `isPublished` whether the network of this
 * name and SHA-256 lies beside.
 */
export const publishedReport =
  (
    preset: Preset,
    { version, backend }: { readonly version: string; readonly backend: string },
    recordName: (job: Job) => string,
    isPublished: (name: string, sha256: string | null) => boolean,
  ) =>
  (kept: readonly KeptJob[]): Report => {
    const names = new Map(representatives(preset).map(({ name, job }) => [jobText(job), name]));
    const runs = kept.map(({ job, record }) => {
      const name = names.get(jobText(job));
      const isThere = name !== undefined && isPublished(name, record.digests.model);
      const files = { result: recordPath(recordName(job)), model: isThere ? modelPath(name) : null };
      return [jobText(job), runOf(job, files, record)] as const;
    });
    return studyReport(
      preset.name,
      factsOf(kept, version, backend),
      kept.map(({ job, record: { result } }) => ({ job, result })),
      new Map(runs),
      jobsFor(preset, figures),
    );
  };

/** The page of the folder: what it holds, how to go on from it, and the claims. */
export const publishedPage = (report: Report): string =>
  [
    `# Results of the preset ${report.preset}`,
    '',
    'What the paper says beside what was obtained, from [`results.json`](results.json). [`report.html`](report.html) is the report with its',
    'figures, which lie in [`figures`](figures) as drawings and as numbers; [`records`](records) has what each job found, with seeds, times,',
    'machines and digests. All of it follows from the records.',
    '',
    '```sh',
    `npm run -s efnn -- reproduce --preset ${report.preset} --from results/${report.preset} --out work    # goes on from here`,
    `npm run -s efnn -- reproduce --preset ${report.preset} --out work --report-only --publish results    # writes this again`,
    '```',
    '',
    '<!-- claims -->',
    claimsMarkdown(judge(report)),
    '<!-- /claims -->',
    '',
  ].join('\n');
