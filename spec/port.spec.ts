/** The independent port, its bugs, and the command that names them. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { compared } from '../src/conformance/comparison.ts';
import { alikeInPlace, diagnosed, type Diagnosis } from '../src/conformance/diagnosis.ts';
import { readAnswers } from '../src/conformance/answers.ts';
import { readIndex, readVector, type Vector } from '../src/conformance/vector.ts';
import { verdictLines, verdictOn } from '../src/conformance/verdict.ts';
import { captured } from './captured.ts';
import { verify } from './law.ts';
import { bugsAreCaughtTwice, bugsAreNamed, countsNameNoBug, portsAgree, verdictsNameTheFirst } from './laws/port.ts';
import { rightAnswers } from './laws/vectors.ts';
import { bugs } from './port/bugs.ts';
import { answersOf, port } from './port/port.ts';
import { allCaught, signaturesOf } from './port/signatures.ts';
import { messageOf, right } from './right.ts';
import { bugFiles } from './vectors/files.ts';

const folder = join(import.meta.dirname, 'vectors');

const { families } = right(readIndex(await readFile(join(folder, 'index.json'))));

const vectors: readonly Vector[] = await Promise.all(
  families
    .flatMap(({ cases }) => cases)
    .map(async (id) => right(readVector(await readFile(join(folder, `${id}.json`))))),
);

const mutant = (bug: string) => answersOf({ ...port, ...bugs[bug]?.wrong(port) });

verify(
  portsAgree(vectors),
  answersOf(port),
  Object.fromEntries(
    ['convolution instead of cross-correlation', 'sign of J', 'three spins: sign', 'published: index ignored'].map(
      (bug) => [bug, mutant(bug)],
    ),
  ),
);

const caught = allCaught(vectors);

const signatures = signaturesOf(caught);

const without = (gone: (id: string) => boolean) =>
  caught.map((each) => ({ ...each, by: each.by.filter((id) => !gone(id)) }));

verify(bugsAreCaughtTwice, caught, {
  'no lattice is twisted but one': without((id) => /twisted-|cold-warm/.test(id)),
  'no network has three layers': without((id) => /-3$|-batch$/.test(id)),
  'no kernel is wider than twice the lattice': without((id) => /-9-on-3|-7-on-2|wide-kernel/.test(id)),
});

/** The first of the bugs that a port makes. */
const guessed =
  (choose: (bugNames: readonly string[]) => string | undefined): Diagnosis =>
  (known) =>
  (outcomes) => {
    const bug = choose(known.bugs.map((signature) => signature.bug));
    const explained = [...new Set(outcomes.filter(({ agrees }) => !agrees).map(({ id }) => id))];
    return bug === undefined ? [] : [{ bug, or: [], explained, contradicted: 0 }];
  };

verify(bugsAreNamed(vectors, caught, signatures), diagnosed, {
  'always the first of the list': guessed(([first]) => first),
  nobody: guessed(() => undefined),
  'by where it is wrong, whatever the numbers': (known, precision) => (outcomes) =>
    diagnosed(
      {
        ...known,
        bugs: known.bugs.map((each) => ({ ...each, signs: each.signs.map((sign) => ({ ...sign, value: 0 })) })),
      },
      precision,
    )(outcomes.map((outcome) => ({ ...outcome, answered: outcome.answered.map(() => 0) }))),
});

const judge = verdictOn(vectors, signatures);

verify(verdictsNameTheFirst(vectors), judge, {
  'the last is named': (answers) => verdictOn(vectors.toReversed(), signatures)(answers),
  'nothing ever parts': (answers) => ({ ...judge(answers), parting: [], first: null }),
  'float32 will do': verdictOn(vectors, signatures, 10),
});

const linesOn = (answers: Parameters<typeof judge>[0]) => verdictLines(judge(answers));

verify(countsNameNoBug(vectors), linesOn, {
  'places are compared, whatever the count': (answers) =>
    verdictLines({ ...judge(answers), alike: alikeInPlace(signatures)(compared(vectors)(answers)) }).concat(
      alikeInPlace(signatures)(compared(vectors)(answers)).map((bug) => `wrong in the same places are: ${bug}`),
    ),
  'some bug is always the likeliest': (answers) =>
    verdictLines({ ...judge(answers), likely: [{ bug: 'sign of J', or: [], explains: 1 }] }),
  'the count is taken for numbers': (answers) =>
    linesOn(answers).map((line) => line.replace(/expected \d+ numbers?, got \d+/, 'expected 0, got 1')),
});

describe('the files', () => {
  it.each([...bugFiles(caught)])('%s is what the mutants give', async (path, text) => {
    expect(await readFile(join(folder, path), 'utf8')).toBe(text);
  });
});

describe('two bugs at once', () => {
  it('are named one after the other', () => {
    const rules = { ...port, ...bugs['sign of J']?.wrong(port), ...bugs['no tanh']?.wrong(port) };
    const answers = Object.fromEntries(vectors.map((vector) => [vector.id, answersOf(rules)(vector)]));
    expect(
      judge(answers)
        .likely.map(({ bug }) => bug)
        .toSorted(),
    ).toEqual(['no tanh', 'sign of J']);
  });
});

const place = await mkdtemp(join(tmpdir(), 'efnn-port-'));

afterAll(() => rm(place, { recursive: true }));

/** `efnn check-port` on a file with this text. */
const checkPort = async (text: string, ...options: readonly string[]) => {
  const path = join(place, 'results.json');
  await writeFile(path, text);
  return captured(['check-port', path, ...options]);
};

const answersBy = (rules: typeof port, family: string): string =>
  JSON.stringify(
    Object.fromEntries(
      vectors.filter(({ id }) => id.startsWith(family)).map((vector) => [vector.id, answersOf(rules)(vector)]),
    ),
  );

describe('efnn check-port', () => {
  it('ends with 0 where all answers are right', async () => {
    const { code, stdout, stderr } = await checkPort(JSON.stringify(rightAnswers(vectors)));
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain(
      `${vectors.length} of ${vectors.length} vectors answered, ${vectors.length} agree, 0 part`,
    );
  });

  it('names the first output that parts and the bug, and ends with 1', async () => {
    const wrong = { ...port, ...bugs['kernels read as [in, out, k, k]']?.wrong(port) };
    const { code, stdout, stderr } = await checkPort(answersBy(wrong, 'networks/'));
    expect(code).toBe(1);
    expect(stdout).toContain('first at networks/lattice-efnn-2, output ');
    expect(stdout).toContain('likely: kernels read as [in, out, k, k]');
    expect(stderr.split('\n')).toHaveLength(2);
  });

  it('prints one JSON value', async () => {
    const wrong = { ...port, ...bugs['conjugate of sigma_y']?.wrong(port) };
    const { code, stdout } = await checkPort(answersBy(wrong, 'hamiltonians/'), '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ likely: [{ bug: 'conjugate of sigma_y', or: [] }], answered: 20 });
  });

  it('names all bugs that answer the same', async () => {
    const wrong = { ...port, ...bugs['conjugate of sigma_y']?.wrong(port) };
    const { stdout } = await checkPort(answersBy(wrong, 'exact-energies/'));
    // Without a matrix element they are one: each turns E(s) into that of the opposite twist.
    expect(stdout).toContain('likely: sign of J; or conjugate of sigma_y; or twist conjugated (');
  });

  it('says which bugs are wrong in the same places, where none has the numbers', async () => {
    const answers = Object.fromEntries(
      vectors
        .filter(({ id }) => id.startsWith('networks/'))
        .map((vector) => {
          const { energy = [], forces = [] } = answersOf(port)(vector);
          return [vector.id, { energy, forces: vector.id.includes('chain-dnn') ? forces.map((x) => 3 * x) : forces }];
        }),
    );
    const { stdout } = await checkPort(JSON.stringify(answers));
    expect(stdout).toContain(
      'no known bug has these numbers; wrong in the same places are: forces of dense DNNs are 0',
    );
  });

  it('allows float32 its error, if it is told of it', async () => {
    const single = { ...port, ...bugs['float32 throughout']?.wrong(port) };
    const text = answersBy(single, 'networks/');
    const [strict, loose] = [await checkPort(text), await checkPort(text, '--precision', 'float32')];
    expect([strict.code, loose.code]).toEqual([1, 0]);
    expect(strict.stdout).toContain('likely: float32 throughout');
  });

  it.each([
    ['nothing', '{}', 'one vector at least'],
    ['no JSON', '{"networks/chain-efnn-1": {"energy": [NaN]}}', 'null for what is not finite'],
    ['another shape', '[1]', 'expected answers'],
    ['texts for numbers', '{"networks/chain-efnn-1": {"energy": "1"}}', 'expected answers'],
    ['an unknown vector', '{"networks/paint": {"energy": [1]}}', 'networks/paint'],
    ['an unknown output', '{"networks/chain-efnn-1": {"paint": [1]}}', 'paint'],
    ['a case without an output', '{"networks/chain-efnn-1": {}}', 'answers to one vector at least'],
    [
      'numbers beyond float64',
      '{"networks/chain-efnn-1": {"energy": [1e999]}}',
      'got the number 1e999, which is too large for float64',
    ],
    ['a name of an object', '{"constructor": {"energy": [1]}}', 'constructor'],
  ])('refuses %s with 2 and one line', async (_, text, reason) => {
    const { code, stdout, stderr } = await checkPort(text);
    expect([code, stdout, stderr.split('\n').length]).toEqual([2, '', 2]);
    expect(stderr).toContain(reason);
  });

  it('refuses a file that is not there, and an unknown precision', async () => {
    const [missing, precision] = [
      await captured(['check-port', join(place, 'none.json')]),
      await checkPort('{}', '--precision', 'half'),
    ];
    expect([missing.code, precision.code]).toEqual([2, 2]);
    expect(precision.stderr).toContain('half');
  });

  it('takes lists in each other, single numbers, and null for what is not finite', () => {
    const answers = readAnswers(vectors);
    const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
    const found = right(answers(bytes('{"networks/chain-efnn-1": {"energy": 1, "forces": [[1, null], [3]]}}')));
    expect(found['networks/chain-efnn-1']).toEqual({ energy: [1], forces: [1, NaN, 3] });
    expect(messageOf(answers(bytes('{"networks/chain-efnn-1": {"energy": [true]}}')))).toContain('expected answers');
    expect(verdictLines(judge({ 'networks/chain-efnn-1': { forces: [1] } })).join('\n')).toContain(
      'expected 3 numbers, got 1',
    );
  });
});
