/** A reproduction that is not whole: what it says of itself, what is kept of it, and how another goes on from there. */
import { mkdtemp, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { afterAll, describe, expect, it } from 'vitest';

import { withLock } from '../scripts/lock.ts';
import { programVersion } from '../scripts/program-version.ts';
import { openFolder } from '../scripts/reproduction/folder.ts';
import { finished, save } from '../scripts/reproduction/jobs.ts';
import { recordsIn, writeRecord } from '../scripts/reproduction/runs.ts';
import { takeOver } from '../scripts/reproduction/takeover.ts';
import { sha256 } from '../scripts/sha256.ts';
import type { Claim } from '../src/report/report.ts';
import { readResults } from '../src/report/results-schema.ts';
import { figures, jobsFor, jobText, trains, type Job } from '../src/study/job.ts';
import type { Outcomes } from '../src/study/outcome.ts';
import { presets } from '../src/study/preset.ts';
import { readRecord, recordName, showRecord } from '../src/study/record.ts';
import { studyReport } from '../src/study/study-report.ts';
import { captured } from './captured.ts';
import {
  partsDecideNothingElse,
  partsSayWhatTheyAre,
  recordsAreRead,
  sectionsCountTheirOwn,
} from './laws/partial-report.ts';
import { verify } from './law.ts';
import { foundBy, modelOf } from './finished-jobs.ts';
import { right } from './right.ts';

const reporting = (outcomes: Outcomes, planned: readonly Job[]) =>
  studyReport('quick', [], outcomes, new Map(), planned);

const jobs = jobsFor(presets.quick, figures);

verify(partsSayWhatTheyAre(jobs), reporting, {
  'what was not run is left out': (outcomes) =>
    reporting(
      outcomes,
      outcomes.map(({ job }) => job),
    ),
  'nothing is said of its share': (outcomes, planned) => {
    const { partial: _, ...report } = reporting(outcomes, planned);
    return report;
  },
  'what was not run says nothing': (outcomes, planned) => {
    const report = reporting(outcomes, planned);
    const silent = ({ comment: _, ...claim }: Claim): Claim => claim;
    const sections = report.sections.map((section) => ({
      ...section,
      claims: section.claims.map((claim) => (claim.subject === undefined ? silent(claim) : claim)),
    }));
    return { ...report, sections };
  },
  'what is not there holds': (outcomes, planned) => {
    const report = reporting(outcomes, planned);
    const sections = report.sections.map((section) => ({
      ...section,
      claims: section.claims.map((claim) => ({ ...claim, obtained: claim.obtained ?? 1 })),
    }));
    return { ...report, sections };
  },
});

/** A report of these jobs, each of which is a run. */
const attributed = (outcomes: Outcomes, planned: readonly Job[]) =>
  studyReport(
    'quick',
    [],
    outcomes,
    new Map(
      outcomes.map(({ job }) => {
        const id = jobText(job);
        return [
          id,
          { ...{ id, title: id, result: id }, seed: null, seconds: null, machine: null, model: null, data: [] },
        ];
      }),
    ),
    planned,
  );

verify(sectionsCountTheirOwn(jobs), attributed, {
  'every section counts all': (outcomes, planned) => {
    const { runs = [], partial, ...report } = attributed(outcomes, planned);
    const counted = { runs: runs.map(({ id }) => id), ...(partial === undefined ? {} : { partial }) };
    return { ...report, sections: report.sections.map((section) => ({ ...section, ...counted })) };
  },
  'the effective model counts the networks that it is compared with': (outcomes, planned) => {
    const report = attributed(outcomes, planned);
    const of = (words: string) => report.sections.find(({ title }) => title.includes(words));
    const [own, networks] = [of('Effective'), of('Double exchange')];
    return {
      ...report,
      sections: report.sections.map((section) =>
        section === own ? { ...section, runs: [...(own.runs ?? []), ...(networks?.runs ?? [])] } : section,
      ),
    };
  },
  'nobody counts the pair head': (outcomes, planned) => {
    const report = attributed(outcomes, planned);
    return {
      ...report,
      sections: report.sections.map(({ runs = [], ...section }) => ({
        ...section,
        runs: runs.filter((id) => !id.includes('pair-head')),
      })),
    };
  },
  'of what is missing nothing is said': (outcomes, planned) => {
    const report = attributed(outcomes, planned);
    return { ...report, sections: report.sections.map(({ partial: _, ...section }) => section) };
  },
});

const withClaims = (change: (claim: Claim) => Claim) => (outcomes: Outcomes, planned: readonly Job[]) => {
  const report = reporting(outcomes, planned);
  const sections = report.sections.map((section) => ({ ...section, claims: section.claims.map(change) }));
  return { ...report, sections };
};

verify(partsDecideNothingElse(jobs.filter((job) => !('plan' in job) || job.plan.seed === 1)), reporting, {
  'what was not run is left out': (outcomes) =>
    reporting(
      outcomes,
      outcomes.map(({ job }) => job),
    ),
  'seeds that are whole decide': withClaims(({ subject: _, ...claim }) => claim),
  'what is there is the best with every seed': withClaims(({ subject, ...claim }) => ({
    ...claim,
    ...(subject === undefined ? {} : { subject: { ...subject, known: 'an upper bound' } }),
  })),
  'what is not tested has no network': withClaims((claim) =>
    claim.obtained === null ? { ...claim, comment: 'not tested: no such network was trained' } : claim,
  ),
  'the first job of a seed speaks for it': (outcomes, planned) =>
    reporting(
      outcomes,
      planned.filter(
        (job) =>
          outcomes.some((one) => JSON.stringify(one.job) === JSON.stringify(job)) ||
          (trains(job) && job.network.architecture !== 'efnn'),
      ),
    ),
});

verify(
  recordsAreRead(jobs),
  { show: showRecord(sha256), read: readRecord(sha256) },
  {
    'its digest is not looked at': {
      show: showRecord(sha256),
      read: (bytes) => {
        const text = new TextDecoder().decode(bytes);
        const body = text.slice(0, text.lastIndexOf('"sha256"'));
        const again = readRecord((some) => sha256(some))(bytes);
        return E.isRight(again) ? again : E.right(JSON.parse(`${body.replace(/,$/, '')}}`));
      },
    },
    'numbers are rounded': {
      show: (record) => showRecord(sha256)({ ...record, seconds: Math.round(record.seconds ?? 0) }),
      read: readRecord(sha256),
    },
  },
);

// The very folders.

const place = await mkdtemp(join(tmpdir(), 'efnn-partial-'));

afterAll(() => rm(place, { recursive: true }));

const quick = presets.quick;

const some = jobsFor(quick, ['ising', '2b']).slice(0, 4);

const folderOf = async (name: string) => right(await openFolder(join(place, name), '1.2.3 wasm')());

/** A folder in which these jobs are finished. */
const whole = async (name: string) => {
  const folder = await folderOf(name);
  await mkdir(join(folder.path, 'results'), { recursive: true });
  for (const job of some) {
    for (const model of modelOf(job)) {
      right(await folder.write('models', job)(model)());
    }
    right(await writeRecord(folder, job, { seconds: 1, machine: 'one' })());
    right(await save(folder, job, foundBy(job))());
  }
  return folder;
};

/** The records of these jobs, as they are published. */
const published = async (name: string) => {
  const folder = await whole(`${name}-source`);
  const records = await recordsIn(
    folder,
    some.map((job) => ({ job, result: foundBy(job) })),
  )();
  await mkdir(join(place, name, 'records'), { recursive: true });
  for (const { job, record } of records) {
    await writeFile(join(place, name, 'records', recordName(sha256)(job, '1.2.3 wasm')), showRecord(sha256)(record));
  }
  return { path: join(place, name), records };
};

const filesIn = async (path: string, kind: string) =>
  (await readdir(join(path, kind))).filter((name) => !name.endsWith('.manifest.json')).toSorted();

describe('reproduce --from', () => {
  it('takes over all that another call has finished, and leaves what is there', async () => {
    const [from, into] = [await whole('from'), await folderOf('into')];
    right(await takeOver(quick, [from.path], into)());
    right(await takeOver(quick, [from.path], into)());
    for (const kind of ['results', 'models', 'runs']) {
      expect(await filesIn(into.path, kind)).toEqual(await filesIn(from.path, kind));
    }
  });

  it('takes published results without their models, which count as done and keep their digests', async () => {
    const [{ path, records }, into] = [await published('shipped'), await folderOf('going-on')];
    right(await takeOver(quick, [path], into)());
    expect(await filesIn(into.path, 'models')).toEqual([]);
    for (const job of some) {
      expect(await finished(into, job)()).toEqual(E.right(foundBy(job)));
    }
    const again = await recordsIn(
      into,
      some.map((job) => ({ job, result: foundBy(job) })),
    )();
    expect(again).toEqual(records);
    expect(records.filter(({ record }) => record.digests.model !== null).length).toBe(2);
    expect(records.filter(({ record }) => record.result.tag === 'diverged').length).toBe(1);
  });

  it('leaves a damaged record aside, by name, and those of other programs without a word', async () => {
    const { path } = await published('damaged');
    const [first = ''] = await filesIn(path, 'records');
    await writeFile(join(path, 'records', first), '{}');
    const into = await folderOf('from-damaged');
    right(await takeOver(quick, [path], into)());
    expect((await filesIn(into.path, 'results')).length).toBe(some.length - 1);
    const other = right(await openFolder(join(place, 'other-version'), '1.2.4 wasm')());
    right(await takeOver(quick, [path], other)());
    expect(await filesIn(other.path, 'results')).toEqual([]);
  });

  it.each([
    [['--from', join(place, 'nowhere'), '--out', join(place, 'x')], '--from: expected a folder of reproduce'],
    [['--merge', place, '--from', place], '--from: expected none'],
    [['--report-only', '--out', join(place, 'mistyped')], '--out: expected with --report-only a folder that is there'],
    [['--merge', place, '--report-only'], '--report-only: expected none'],
    [['--merge', place, '--publish', place], '--publish: expected none'],
    [['--list', '--from', place], '--from: expected none'],
    [['--list', '--report-only'], '--report-only: expected none'],
    [['--list', '--publish', place], '--publish: expected none'],
    [['--list', '--markdown', join(place, 'page.md')], '--markdown: expected none'],
    [['9z'], 'efnn: expected ising, 2b, '],
  ])('%j is refused', async (args, reason) => {
    const { code, stderr } = await captured(['reproduce', ...args]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(reason)]);
    expect(stderr.trimEnd().split('\n').length).toBe(1);
    expect(await readdir(place)).not.toContain('x');
  });
});

describe('the report of some figures', () => {
  /** The sections of a report, by their first words: how many of how many jobs are done, where some are not. */
  const sharesIn = async (args: readonly string[]): Promise<Readonly<Record<string, unknown>>> => {
    const { code, stdout } = await captured(['reproduce', ...args, '--report-only', '--json']);
    expect(code).toBe(0);
    const { sections } = right(readResults(new TextEncoder().encode(stdout)));
    return Object.fromEntries(
      sections.map(({ title, partial = 'whole' }) => [title.split(' (')[0] ?? title, partial] as const),
    );
  };

  it('tells of others too of which a job is finished, and of how many it is: as much as the report of all', async () => {
    const out = join(place, 'some-figures');
    const folder = right(await openFolder(out, `${programVersion} wasm`)());
    const [fields, networks] = [jobsFor(quick, ['receptive-field']), jobsFor(quick, ['4b', '4c'])];
    const ofField = new Set(fields.map(jobText));
    const own = networks.filter((job) => !ofField.has(jobText(job)));
    for (const job of [...fields, ...own.slice(0, 2), ...jobsFor(quick, ['resummation'])]) {
      for (const model of modelOf(job)) {
        right(await folder.write('models', job)(model)());
      }
      right(await save(folder, job, foundBy(job))());
    }
    const found = await sharesIn(['resummation', '--out', out]);
    const all = await sharesIn(['--out', out]);
    expect(found['Continued functions where series diverge']).toBe('whole');
    expect(found['Double exchange']).not.toBe('whole');
    expect(all).toMatchObject(found);
    // A damaged result of another figure is named once.
    const [result = ''] = (await filesIn(out, 'results')).filter((name) => name.startsWith('rkky-head'));
    await writeFile(join(out, 'results', result), '{}');
    const { stderr } = await captured(['reproduce', 'resummation', '--out', out, '--report-only']);
    expect(stderr.match(/to be made again/g)?.length).toBe(1);
    expect(found).not.toHaveProperty('Three spins, binary');
  });
});

describe('reproduce --report-only', () => {
  it('does nothing, and says how far a folder is', async () => {
    const out = join(place, 'report-only');
    await mkdir(out);
    const { code, stdout, stderr } = await captured(['reproduce', '2b', '--out', out, '--report-only']);
    expect([code, stderr]).toEqual([0, expect.stringContaining('report.html')]);
    expect(stdout).toMatch(/^not all is done: 0 of 16 jobs$/m);
    expect(stdout).toMatch(/^0 hold, 0 do not hold, 0 undecided, 5 not tested$/m);
    expect(await filesIn(out, 'models')).toEqual([]);
  });

  it('refuses a folder that another backend has begun', async () => {
    const out = join(place, 'of-wasm');
    await mkdir(out);
    await captured(['reproduce', '2b', '--out', out, '--report-only']);
    const args = ['reproduce', '2b', '--out', out, '--report-only', '--backend', 'reference'];
    const { code, stderr } = await captured(args);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/expected what efnn \S+ reference has made/)]);
  });
});

describe('reproduce --publish', () => {
  it('refuses a place that cannot be written before it does any job', async () => {
    const [file, out] = [join(place, 'no-folder'), join(place, 'never')];
    await writeFile(file, 'a file');
    const { code, stderr } = await captured(['reproduce', 'ising', '--out', out, '--publish', file]);
    expect([code, stderr]).toEqual([2, expect.stringContaining('--publish: ')]);
    expect(await readdir(place)).not.toContain('never');
  });

  it('refuses a place to which another process publishes, from the beginning to the end of its work', async () => {
    const [root, out] = [join(place, 'taken'), join(place, 'waiting')];
    await mkdir(join(root, 'quick'), { recursive: true });
    const args = ['reproduce', 'ising', '--out', out, '--report-only', '--publish', root];
    const { code, stderr } = right(
      await withLock(join(root, 'quick', 'results.json'))(TE.fromTask(() => captured(args)))(),
    );
    expect([code, stderr]).toEqual([2, expect.stringContaining('expected to be alone at work on')]);
    expect((await captured(args)).code).toBe(0);
  });

  it('leaves records that it does not know, of other versions and backends', async () => {
    const [root, out] = [join(place, 'root'), join(place, 'publishing')];
    const records = join(root, 'quick', 'records');
    await mkdir(records, { recursive: true });
    await writeFile(join(records, 'of-another-version.json'), '{}');
    const { code } = await captured(['reproduce', 'ising', '--out', out, '--report-only', '--publish', root]);
    expect([code, await readdir(records)]).toEqual([0, ['of-another-version.json']]);
  });
});
