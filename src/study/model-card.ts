/** The card of a published network: what it is, how it was made, how wrong it is, and how it is used; from its file and its record. */
import { z } from 'zod';

import { decodeJson } from '../file/decode.ts';
import { markdownTable } from '../report/markdown-table.ts';
import { typographic } from '../report/notation.ts';
import { jobText, titleOf, usesLabels } from './job.ts';
import type { RepresentativeJob } from './published.ts';
import type { JobRecord } from './record.ts';

const checkSchema = z.strictObject({
  /** Exact energies. */
  exact: z.array(z.number()).readonly(),
  /** The network's. */
  predicted: z.array(z.number()).readonly(),
});

/** What a published network answers for a few new configurations. */
export type ModelCheck = Readonly<z.infer<typeof checkSchema>>;

/** The answers in the bytes of their file. */
export const readModelCheck = decodeJson<ModelCheck>('energies of new configurations', checkSchema);

/** The file of a published network, as it was read. */
export interface PublishedModel {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
  /** All that its metadata say, in their words. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly check: ModelCheck;
}

const words = (value: number | null): string => (value === null ? '-' : typographic(3)(value));

const code = (text: string): string => `\`${text}\``;

/** Whether errors relative to the mean energy say something: where the mean is near 0, they are large whatever the network. */
const isRatioOfUse = (meanPredictor: number | null): boolean => meanPredictor !== null && meanPredictor < 1;

/** What it was trained on, and on what it is tested. */
const dataOf = (job: RepresentativeJob): string =>
  usesLabels(job)
    ? `${job.train.range.count} configurations of the double exchange model, recipe ${code(JSON.stringify(job.train.recipe))}`
    : `the first 16,000 of the authors' 20,000 samples of ${job.system}, regenerated from their seed; tested on the others`;

const evaluation = (job: RepresentativeJob, name: string): readonly string[] =>
  job.tag === 'lattice'
    ? [
        `npm run -s efnn -- generate double-exchange --samples 100 --size 20 --seed 4 --method poles --out test.npz`,
        `npm run -s efnn -- evaluate --model results/models/${name}.safetensors --data test.npz`,
      ]
    : [
        `npm run -s efnn -- generate ${job.system} --sampler published --out published.npz`,
        `npm run -s efnn -- evaluate --model results/models/${name}.safetensors --data published.npz    # of which it was trained on four fifths`,
      ];

/** The card as Markdown. */
export const modelCard = (
  { name, bytes, sha256, metadata, check }: PublishedModel,
  job: RepresentativeJob,
  record: JobRecord,
): string => {
  const { result } = record;
  const errors = result.tag === 'network' ? result.errors : [];
  return [
    `# ${titleOf(job)}: ${job.tag === 'dense' ? job.system : 'double exchange'}`,
    '',
    markdownTable(
      ['of the network', ''],
      [
        ['file', `[${code(`${name}.safetensors`)}](${name}.safetensors), ${bytes} bytes`],
        ['SHA-256', code(sha256)],
        ['metadata', code(JSON.stringify(metadata))],
        ['parameters', result.tag === 'network' ? `${result.parameters}` : '-'],
        ['trained on', dataOf(job)],
        ['SHA-256 of its labels', record.digests.labels.map(code).join(', ') || 'not recorded'],
        ['seed', `${job.plan.seed}`],
        ['options', code(JSON.stringify(job.plan))],
        ['made by', `efnn ${record.computedBy}, ${record.machine ?? 'a machine that was not recorded'}`],
        ['time', record.seconds === null ? 'not recorded' : `${words(record.seconds)} s`],
        ['licence', 'MIT, as this repository'],
      ],
    ),
    '',
    `Made again by the job ${code(jobText(job))}. Where its labels then have another SHA-256, their last digits differ, and so do the weights'.`,
    '',
    '## Errors',
    '',
    markdownTable(
      ['N or L', 'samples', 'count', 'RMSE', 'RMSE / deviation', 'relative', 'mean predictor'],
      errors.map(({ size, samples, count, rmse, rmsePerDeviation, relative, meanPredictor }) => [
        `${size}`,
        samples,
        `${count}`,
        words(rmse),
        words(rmsePerDeviation),
        ...[relative, meanPredictor].map((ratio) => words(isRatioOfUse(meanPredictor) ? ratio : null)),
      ]),
    ),
    '',
    'The deviation is that of the exact energies; relative errors are told where their mean is further from 0 than that.',
    '',
    '## Configurations of another seed',
    '',
    `Binary ones may be among those of the training. Energies to the last digit, in [${code(`${name}.json`)}](${name}.json) too:`,
    '',
    markdownTable(
      ['exact', 'this network'],
      check.exact.map((exact, i) => [`${exact}`, `${check.predicted[i] ?? ''}`]),
    ),
    '',
    '## Use',
    '',
    '```sh',
    ...evaluation(job, name),
    '```',
    '',
  ].join('\n');
};
