/** The folder of a reproduction: whatever a kill or a damage leaves there, a second call ends with the same bytes. */
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { afterAll, describe, expect, it, vi } from 'vitest';

import { backendOption } from '../scripts/backends.ts';
import { programVersion } from '../scripts/program-version.ts';
import { openFolder, type ReproductionFolder } from '../scripts/reproduction/folder.ts';
import { finished, outcomesOf, save } from '../scripts/reproduction/jobs.ts';
import { labelsIn } from '../scripts/reproduction/labels.ts';
import { sha256 } from '../scripts/sha256.ts';
import { study, type StudyOrder, type StudyProgress } from '../scripts/workers/study.ts';
import { temporaryBeside } from '../scripts/write-file.ts';
import { recipeOf } from '../src/dataset/recipe.ts';
import { generate } from '../src/dataset/source.ts';
import { sample } from '../src/lattice/sampler.ts';
import { manifestOf, readManifest, showManifest, type DataSetManifest } from '../src/provenance/manifest.ts';
import { manifestSuffix, journalSuffix } from '../src/provenance/verification.ts';
import { jobsFor, type DenseJob, type ExactReductionJob, type LabelsJob, type PooledJob } from '../src/study/job.ts';
import { presets } from '../src/study/preset.ts';
import { readResults } from '../src/report/results-schema.ts';
import { readReportIdentity } from '../src/study/report-identity.ts';
import type { Result } from '../src/study/result.ts';
import { writeCheckpoint } from '../src/training/checkpoint.ts';
import { initialTraining } from '../src/training/train.ts';
import { networkWith } from './arbitraries/results.ts';
import { labelledBy, shortPlan, smallNetwork, smallWeights } from './arbitraries/trainings.ts';
import { captured } from './captured.ts';
import { startOf } from './finished-jobs.ts';
import { npzOf } from './written.ts';
import { right } from './right.ts';

const place = await mkdtemp(join(tmpdir(), 'efnn-reproduction-'));

afterAll(() => rm(place, { recursive: true }));

const folder = right(await openFolder(place, 'this program')());

const job: ExactReductionJob = { tag: 'exact-reduction', cases: 3, seed: 1 };

const result: Result = {
  ...{ tag: 'exact-reduction', isingCases: 3, isingMismatches: 0 },
  ...{ threeSpinCases: 3, threeSpinMismatches: 0, threeSpinWidth: 2 },
};

const labelsJob: LabelsJob = {
  tag: 'labels',
  recipe: right(recipeOf({ system: 'double-exchange', size: 3, seed: 3, forces: true })),
  range: { first: 0, count: 2 },
};

const labels = folder.labelsPath(labelsJob);

/** What an effect says on stderr. */
const heard = async (effect: () => Promise<unknown>): Promise<string> => {
  const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  await effect();
  const text = stderr.mock.calls.map(([said]) => String(said)).join('');
  stderr.mockRestore();
  return text;
};

const remake = async (): Promise<void> => {
  right(await labelsIn(folder, 1)([labelsJob])());
};

/** The ways in which a file can stand there without being what a call wrote. */
const damages = [
  ['without its manifest', (path: string) => rm(path + manifestSuffix)],
  ['with a damaged manifest', (path: string) => flipLastByte(path + manifestSuffix)],
  ['with other bytes than its manifest says', (path: string) => flipLastByte(path)],
] as const;

const flipLastByte = async (path: string): Promise<void> => {
  const bytes = await readFile(path);
  await writeFile(
    path,
    bytes.map((byte, i) => (i === bytes.length - 1 ? byte ^ 1 : byte)),
  );
};

describe('a result', () => {
  const pathOf = async (): Promise<string> => {
    const names = await readdir(join(place, 'results'));
    return join(place, 'results', names.find((name) => !name.endsWith(manifestSuffix)) ?? '');
  };

  it('is read where it is whole, and the checkpoint that a kill left goes', async () => {
    right(await save(folder, job, result)());
    right(await folder.write('checkpoints', job)(Uint8Array.of(1))());
    const said = await heard(async () => {
      expect(await finished(folder, job)()).toEqual(E.right(result));
    });
    expect([said, await readdir(join(place, 'checkpoints'))]).toEqual(['', []]);
  });

  it.each(damages)('is named and counts as none: %s', async (_, damage) => {
    right(await save(folder, job, result)());
    const path = await pathOf();
    await damage(path);
    const said = await heard(async () => {
      expect(await finished(folder, job)()).toEqual(E.right(null));
    });
    expect(said).toMatch(/^efnn: '[^\n]*results[^\n]*' is to be made again: expected [^\n]+\n$/);
  });

  it('of another job is none, with a right digest or not', async () => {
    right(await save(folder, job, result)());
    const [path, other] = [await pathOf(), right(await openFolder(join(place, 'other'), 'another program')())];
    right(await save(other, job, { ...result, isingMismatches: 1 })());
    for (const name of await readdir(join(place, 'other', 'results'))) {
      const suffix = name.endsWith(manifestSuffix) ? manifestSuffix : '';
      await writeFile(path + suffix, await readFile(join(place, 'other', 'results', name)));
    }
    expect(await heard(() => finished(folder, job)())).toContain('that of another');
  });
});

const standIn = networkWith([]);

/** Leaves what a finished training leaves. */
const leave = async (into: ReproductionFolder, one: DenseJob): Promise<void> => {
  right(await into.write('models', one)(startOf(one.network))());
  right(await save(into, one, standIn)());
};

describe('a model', () => {
  const training = jobsFor(presets.quick, ['2b']).find((one) => one.tag === 'dense');
  const models = join(place, 'models');

  const leaveOne = async (): Promise<void> => {
    if (training !== undefined) {
      await leave(folder, training);
    }
  };

  const found = async (): Promise<unknown> =>
    training === undefined ? null : right(await finished(folder, training)());

  const pathOf = async (): Promise<string> => {
    const names = await readdir(models);
    return join(models, names.find((name) => !name.endsWith(manifestSuffix)) ?? '');
  };

  it('that stands whole lets its job be finished', async () => {
    await leaveOne();
    const said = await heard(async () => {
      expect(await found()).toEqual(standIn);
    });
    expect(said).toBe('');
  });

  it.each([...damages, ['lost', (path: string) => rm(path)] as const])(
    'is named, and its job counts as not done: %s',
    async (_, damage) => {
      await leaveOne();
      await damage(await pathOf());
      const said = await heard(async () => {
        expect(await found()).toBeNull();
      });
      expect(said).toMatch(/^efnn: '[^\n]*models[^\n]*' is to be made again: expected [^\n]+\n$/);
    },
  );
});

/** The manifest of labels; one of anything else is a mistake of the test. */
const labelsManifest = (bytes: Uint8Array): DataSetManifest => {
  const manifest = right(readManifest(sha256)(bytes));
  if (manifest.kind !== 'data-set') {
    throw new RangeError('expected the manifest of a data set');
  }
  return manifest;
};

const few = labelledBy(Array.from({ length: 12 }, (_, i) => sample('sphere')(3, 1, i)));

/** A training of an instant, from no checkpoint or from one. */
const orderWith = (checkpoint: StudyOrder['checkpoint']): StudyOrder => ({
  job: {
    ...{ tag: 'lattice', network: { ...smallNetwork, energyShift: 0 }, plan: shortPlan },
    ...{ train: labelsJob, tests: [labelsJob] },
  },
  samples: { train: few, tests: [few] },
  backend: { name: 'reference', threads: 1 },
  checkpoint,
});

const otherCheckpoint = right(
  writeCheckpoint(sha256)({
    network: smallNetwork,
    run: 'another',
    state: { ...initialTraining(smallWeights), loss: 1 },
  }),
);

describe('a checkpoint', () => {
  it.each([
    ['that is damaged', Uint8Array.of(1, 2, 3), 'at least 8 bytes'],
    ['of another run, whole as it is', otherCheckpoint, 'that of another'],
  ])('%s is named by its path, and the training starts again', async (_, content, reason) => {
    const said = await heard(async () => {
      const { seconds: _, ...fresh } = right(await study.work(orderWith(null), () => undefined)());
      expect(
        right(await study.work(orderWith({ path: 'some/where.safetensors', content }), () => undefined)()),
      ).toMatchObject(fresh);
    });
    expect(said).toContain("efnn: 'some/where.safetensors' is left aside, the training starts again: expected");
    expect(said).toContain(reason);
  });
});

describe('a job that diverges', () => {
  const wild: StudyOrder = {
    ...orderWith(null),
    job: {
      ...{ tag: 'lattice', network: { ...smallNetwork, energyShift: 0 }, train: labelsJob, tests: [labelsJob] },
      plan: { ...shortPlan, schedule: { tag: 'decay', rate: 2.8, factor: 1, every: 1 } },
    },
  };
  const whatIsFound = async (order: StudyOrder, epochs = Infinity) => {
    const last = new Array<StudyProgress>();
    const said = await heard(async () => {
      const { seconds: _, ...done } = right(
        await study.work(order, (progress) => {
          if (last.length < epochs) {
            last.push(progress);
          }
        })(),
      );
      expect(done.result).toMatchObject({ tag: 'network', rateFactor: 0.5 });
      last.push({ epoch: NaN, checkpoint: done.model ?? new Uint8Array() });
    });
    return { said, model: last.at(-1)?.checkpoint, checkpoint: last.at(-2)?.checkpoint };
  };

  it('is done at half the rate, which its result tells, and goes on from its checkpoint', async () => {
    const whole = await whatIsFound(wild, 2);
    expect(whole.said).toMatch(/^efnn: RKKY head \+ EFNN, [^\n]*, seed 1: expected [^\n]+ begins again [^\n]+\n$/);
    const content = whole.checkpoint ?? new Uint8Array();
    const resumed = await whatIsFound({ ...wild, checkpoint: { path: 'left.safetensors', content } });
    expect([resumed.said, resumed.model]).toEqual(['', whole.model]);
  });
});

describe('a job that diverges at half the rate too', () => {
  const lost: StudyOrder = {
    ...orderWith(null),
    job: {
      ...{ tag: 'lattice', network: { ...smallNetwork, energyShift: 0 }, train: labelsJob, tests: [labelsJob] },
      plan: { ...shortPlan, schedule: { tag: 'decay', rate: 1e200, factor: 1, every: 1 } },
    },
  };
  const means = { backend: lost.backend, threads: 1, order: 'most telling first', checkpointSeconds: 100 } as const;
  const labelling = () => TE.right(() => few);

  it('has a result that says so, without a model, and the jobs after it are done', async () => {
    const into = right(await openFolder(join(place, 'lost'), 'this program')());
    const all: readonly PooledJob[] = [lost.job, job];
    const said = await heard(async () => {
      const outcomes = right(await outcomesOf(into, means, labelling)(all)());
      expect(outcomes.map(({ result: { tag } }) => tag)).toEqual(['diverged', 'exact-reduction']);
      expect(JSON.stringify(outcomes[0]?.result)).toContain('half of what it was at first');
    });
    expect(said.match(/^efnn: [^\n]*seed 1: expected/gm)?.length).toBe(2);
    expect(said).toMatch(/it is reported as diverged, without an error\n$/);
    expect(await readdir(join(into.path, 'models'))).toEqual([]);
    // It is finished: a second call does nothing.
    const again = await heard(async () => {
      expect(right(await outcomesOf(into, means, labelling)(all)()).length).toBe(2);
    });
    expect(again).toBe('');
  });
});

describe('labels', () => {
  it.each(damages)('are named and made again, to the same bytes: %s', async (_, damage) => {
    await heard(remake);
    const [content, manifest] = [await readFile(labels), await readFile(labels + manifestSuffix)];
    await damage(labels);
    expect(await heard(remake)).toMatch(/efnn: '[^\n]*labels[^\n]*' is to be made again: expected [^\n]+\n/);
    expect([await readFile(labels), await readFile(labels + manifestSuffix)]).toEqual([content, manifest]);
  });

  it.each([
    ['fewer rows', labelsJob.recipe, 1],
    ['the rows of another seed', { ...labelsJob.recipe, seed: 4 }, 2],
  ] as const)('that are %s than their manifest says are made again, whatever its digest', async (_, recipe, count) => {
    await heard(remake);
    const honest = await readFile(labels);
    const forged = npzOf(right(generate(recipe)({ first: 0, count })));
    const { origin, part } = labelsManifest(await readFile(labels + manifestSuffix));
    await writeFile(labels, forged);
    await writeFile(
      labels + manifestSuffix,
      showManifest(sha256)(manifestOf(sha256, programVersion)({ kind: 'data-set', origin, part }, forged)),
    );
    expect(await heard(remake)).toMatch(
      /labels[^\n]*' is to be made again: expected rows 0 to 1 of its recipe, got others/,
    );
    expect(await readFile(labels)).toEqual(honest);
  });

  it('that are whole take the journal away which a kill left', async () => {
    await heard(remake);
    await writeFile(labels + journalSuffix, 'of a call that was killed');
    expect(await heard(remake)).toBe('');
    expect((await readdir(join(place, 'labels'))).filter((name) => name.endsWith(journalSuffix))).toEqual([]);
  });
});

it('clears what a killed call left unfinished, and nothing that is finished', async () => {
  await remake();
  const left = temporaryBeside(labels);
  await writeFile(left, 'half');
  right(await folder.clear());
  expect([existsSync(left), existsSync(labels)]).toEqual([false, true]);
});

describe('efnn reproduce', () => {
  const runsIn = (bytes: Uint8Array) => right(readResults(bytes)).runs ?? [];
  const out = join(place, 'report');
  const args = ['reproduce', '2b', '--threads', '1', '--out', out];
  const jobs = jobsFor(presets.quick, ['2b']);

  const finish = async (): Promise<void> => {
    const { name } = right(backendOption.read({}));
    const into = right(await openFolder(out, `${programVersion} ${name}`)());
    for (const one of jobs) {
      if (one.tag === 'dense') {
        await leave(into, one);
      }
    }
  };

  const smallest = async (): Promise<string> => {
    const names = await readdir(join(out, 'models'));
    const name = names.find((one) => one.startsWith('dnn-w-30-n-2') && !one.endsWith(manifestSuffix));
    return join(out, 'models', name ?? '');
  };

  it('names the damaged model of a finished job, and does that job again', async () => {
    await finish();
    expect((await captured(args)).stderr).not.toContain('to be made again');
    // Finished jobs need no labels, and none are made for them.
    expect(await readdir(join(out, 'labels'))).toEqual([]);
    const model = await smallest();
    const before = await readFile(model);
    await flipLastByte(model);
    const { code, stderr } = await captured(args);
    expect(stderr.match(/^.*to be made again.*$/gm)).toEqual([
      expect.stringMatching(/^efnn: '[^']*models\/dnn-w-30-n-2-\w+\.safetensors' is to be made again: expected .+$/),
    ]);
    const [made] = (await readdir(join(out, 'labels'))).filter((name) => name.endsWith('.npz'));
    const digest = sha256(await readFile(join(out, 'labels', made ?? '')));
    expect(runsIn(await readFile(join(out, 'results.json'))).map(({ data }) => data)).toEqual(jobs.map(() => [digest]));
    const after = await readFile(model);
    expect([code, after.equals(before)]).toEqual([0, false]);
    expect(right(readManifest(sha256)(await readFile(model + manifestSuffix))).sha256).toBe(sha256(after));
    const again = await captured(args);
    expect([again.code, again.stderr.includes('to be made again')]).toEqual([0, false]);
  }, 300_000);

  it('refuses a folder whose report is damaged, by name, and makes it again where that is asked for', async () => {
    await finish();
    await captured(args);
    const results = join(out, 'results.json');
    const whole = await readFile(results);
    await writeFile(results, whole.subarray(0, 100));
    const refused = await captured(args);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('results.json that is damaged')]);
    expect((await captured([...args, '--overwrite'])).code).toBe(0);
    expect(right(readReportIdentity(await readFile(results)))).toEqual({ preset: 'quick', version: programVersion });
  });
});
