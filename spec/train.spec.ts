/** The command `train`: nothing that it wrote before is lost, and a run that was stopped goes on. */
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import * as R from 'fp-ts/lib/Record.js';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

import { sha256 } from '../scripts/sha256.ts';
import { publishedLine, reportLine } from '../src/command/report-lines.ts';
import { readSafetensors, writeSafetensors } from '../src/file/safetensors.ts';
import { initialWeights } from '../src/network/initial-weights.ts';
import { modelFile, writeModel } from '../src/network/model-file.ts';
import { network, networkProgram } from '../src/network/network.ts';
import type { Reals } from '../src/number/reals.ts';
import { captured } from './captured.ts';
import { verify } from './law.ts';
import { namesAreNotObeyed, type SaysWhereItWrote } from './laws/command-line.ts';
import { right } from './right.ts';
import { npyOf } from './written.ts';

const folder = await mkdtemp(join(tmpdir(), 'efnn-train-'));

afterAll(() => rm(folder, { recursive: true }));

const at = (name: string): string => join(folder, name);

const efnn = (args: string) => captured(args.replaceAll('@', `${folder}/`).split(' '));

await efnn('generate three-spin-binary --samples 40 --seed 2 --out @data.npz');

await efnn('generate three-spin-binary --samples 360 --seed 2 --shard 40/40 --out @heldOut.npz');

const options = ['--model efnn', '--layers 1', '--neurons 2', '--threads 1', '--backend reference', '--data @data.npz'];

/** What the writers of files say on stdout of one by this name, each the first time and again; and of reports there. */
const saidOfFiles: SaysWhereItWrote = async (name) => {
  const place = at(`named ${name}`);
  const model = [
    'train',
    ...options.flatMap((option) => option.replace('@', `${folder}/`).split(' ')),
    '--epochs',
    '1',
  ];
  const calls = [
    ['generate', 'three-spin-binary', '--samples', '2', '--out', `${place}.npz`],
    [...model, '--resume', '--out', `${place}.st`],
  ];
  const said = new Array<string>();
  for (const call of [...calls, ...calls]) {
    const { code, stdout, stderr } = await captured(call);
    said.push(code === 0 ? stdout : stderr);
  }
  return [...said, reportLine(`${place}/report.html`, 'results.json'), publishedLine(place, 1, 'models')];
};

verify(namesAreNotObeyed, saidOfFiles, {
  'names are printed raw': async (name) => (await saidOfFiles(name)).map(() => `wrote ${name}: two samples\n`),
  'line ends alone are escaped': async (name) =>
    (await saidOfFiles(name)).map((line) =>
      line.replaceAll(/\\u\{(\w+)\}/g, (escaped, digits: string) =>
        digits === 'a' ? escaped : String.fromCharCode(parseInt(digits, 16)),
      ),
    ),
  'what would be obeyed is left out': async (name) =>
    (await saidOfFiles(name)).map((line) => line.replaceAll(/\\u\{\w+\}/g, '')),
});

/** What is said on stderr, but for lines of progress, of which a loaded machine has some. */
const saidIn = (stderr: string): string => stderr.replaceAll(/^efnn \d+\/.*\n/gm, '');

/** Whether a call has another value of its own for an option; of --data each counts. */
const has = (rest: string, option: string): boolean =>
  !option.startsWith('--data ') && rest.split(' ').includes(option.split(' ')[0] ?? '');

const train = (rest: string) => efnn(`train ${options.filter((option) => !has(rest, option)).join(' ')} ${rest}`);

describe('train', () => {
  it('replaces no model, unless that is asked for', async () => {
    expect((await train('--epochs 1 --out @m.st')).code).toBe(0);
    const before = await readFile(at('m.st'));
    const refused = await train('--epochs 2 --out @m.st');
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('--overwrite')]);
    expect(await readFile(at('m.st'))).toEqual(before);
    expect((await train('--epochs 2 --out @m.st --overwrite')).code).toBe(0);
    expect(await readFile(at('m.st'))).not.toEqual(before);
  });

  it('starts from the beginning where there is no checkpoint to resume', async () => {
    const { code, stderr } = await train('--epochs 1 --out @new.st --resume');
    expect([code, stderr]).toEqual([0, expect.stringContaining('from the beginning')]);
  });

  it('ends as if it had not been killed: after the checkpoint was taken away', async () => {
    const first = await train('--epochs 1 --out @done.st --json --resume');
    const model = await readFile(at('done.st'));
    const again = await train('--epochs 1 --out @done.st --json --resume');
    expect([first.code, again.code, again.stdout]).toEqual([0, 0, first.stdout]);
    expect((await train('--epochs 1 --out @done.st --resume')).stdout).toContain('already complete');
    expect(await readFile(at('done.st'))).toEqual(model);
  });

  it.each([
    ['other options', '--epochs 1 --seed 9', ''],
    ['more epochs', '--epochs 2', ''],
    ['more samples', '--epochs 1 --data @more.npz', ''],
    ['a damaged model', '--epochs 1', 'damaged'],
  ])('takes no model for its own: %s', async (_, rest, damage) => {
    await efnn('generate three-spin-binary --samples 360 --seed 2 --shard 39/40 --out @more.npz');
    await train('--epochs 1 --out @own.st --overwrite');
    const model = await readFile(at('own.st'));
    const found = damage === '' ? model : model.map((byte, i) => (i === model.length - 1 ? byte ^ 1 : byte));
    await writeFile(at('own.st'), found);
    const { code, stderr } = await train(`${rest} --out @own.st --resume`);
    expect([code, stderr]).toEqual([2, expect.stringContaining('--overwrite')]);
    expect(await readFile(at('own.st'))).toEqual(Buffer.from(found));
  });

  it('writes no model that predicts nothing finite after its last step', async () => {
    const { code, stdout, stderr } = await efnn(
      'train --model efnn --layers 3 --neurons 4 --data @data.npz --epochs 1 --batch 40 --rate 1e38 --threads 1 --out @nothing.st',
    );
    expect([code, stdout]).toEqual([1, '']);
    const reason = 'expected weights that predict finite energies [^\\n]+';
    expect(saidIn(stderr)).toMatch(
      new RegExp(`^efnn: ${reason} \\(peak now 1e\\+38\\): [^\\n]+\\nefnn: ${reason} \\(peak 5e\\+37, [^\\n]+\\)\\n$`),
    );
    expect((await readdir(folder)).filter((name) => name.startsWith('nothing'))).toEqual([]);
  });

  it('fits fewer samples than couplings by the shortest solution', async () => {
    await efnn('generate heisenberg --size 4 --samples 1 --seed 3 --out @single.npz');
    const head = '--model efnn --layers 1 --channels 1 --pair-head --epochs 1 --threads 1 --backend reference';
    const { code, stderr } = await efnn(`train ${head} --data @single.npz --out @head.st`);
    expect([code, stderr]).toEqual([0, '']);
    const evaluated = await efnn('evaluate --model @head.st --data @single.npz --json --backend reference');
    expect([evaluated.code, saidIn(evaluated.stderr).split('\n').length]).toEqual([0, 2]);
  });

  it.each(['', '@', '@no/where.st'])("refuses '%s' before it trains", async (out) => {
    const { code, stderr } = await captured([
      ...`train ${options.join(' ')} --epochs 1 --out`.replaceAll('@', `${folder}/`).split(' '),
      out.replaceAll('@', `${folder}/`),
    ]);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^efnn: --out: expected [^\n]+\n$/)]);
  });

  it('goes on from a checkpoint to the same model, or with more epochs, and loses none', async () => {
    const program = join(import.meta.dirname, '..', 'scripts', 'efnn.mjs');
    const args = `train ${options.join(' ')} --epochs 1000000 --validation @heldOut.npz --keep last --out @stopped.st`
      .replaceAll('@', `${folder}/`)
      .split(' ');
    const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
    const said = new Array<string>();
    child.stderr.on('data', (text) => said.push(String(text)));
    const ended = new Promise((resolve) => child.on('exit', resolve));
    const killWhenSaved = async (): Promise<void> => {
      if ((await readdir(folder)).includes('stopped.st.checkpoint') || child.exitCode !== null) {
        child.kill('SIGKILL');
      } else {
        await wait(50);
        await killWhenSaved();
      }
    };
    await killWhenSaved();
    await ended;
    expect(said.join('')).toMatch(/\/1000000 epochs, .*; validation RMSE \S+, RMSE \/ std \S+ after epoch \d+\n/);
    const checkpoint = await readFile(at('stopped.st.checkpoint'));
    for (const command of [
      'evaluate --data @data.npz --backend reference --model',
      'describe --file',
      'export --onnx @stopped.onnx --model',
    ]) {
      const { code, stdout, stderr } = await efnn(`${command} @stopped.st.checkpoint`);
      expect([code, stdout, stderr]).toEqual([
        2,
        '',
        expect.stringMatching(/^efnn: --\w+: '[^']+': [^\n]+ not finished: [^\n]+--resume\)[^\n]+\n$/),
      ]);
    }
    const found = await efnn('verify @ --samples 0 --threads 1');
    expect([found.code, found.stdout]).toEqual([1, expect.stringContaining('unfinished run: stopped.st.checkpoint: ')]);
    const refused = await train('--epochs 1000000 --out @stopped.st');
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('--resume')]);
    const fewer = await train('--epochs 1 --out @stopped.st --resume');
    expect([fewer.code, fewer.stderr]).toEqual([
      2,
      expect.stringContaining('(epochs 1000000 before, 1 now): repeat them'),
    ]);
    const other = await train('--epochs 1000000 --seed 3 --backend wasm --out @stopped.st --resume');
    expect([other.code, other.stderr]).toEqual([
      2,
      expect.stringContaining('(seed 1 before, 3 now; backend reference before, wasm now): repeat them'),
    ]);
    // Whoever gives both is told which one to leave out, and it is not taken as said.
    const both = await train('--epochs 1000000 --seed 3 --out @stopped.st --resume --overwrite');
    expect([both.code, both.stderr]).toEqual([
      2,
      expect.stringMatching(/to lose that run, give --overwrite without --resume\n$/),
    ]);
    expect(await readFile(at('stopped.st.checkpoint'))).toEqual(checkpoint);
    await truncate(at('stopped.st.checkpoint'), 1000);
    const damaged = await train('--epochs 1000000 --out @stopped.st --resume');
    expect([damaged.code, damaged.stderr]).toEqual([
      2,
      expect.stringMatching(
        /^efnn: --resume: '[^']+stopped.st.checkpoint': [^\n]+ give --overwrite without --resume\n$/,
      ),
    ]);
    expect((await train('--epochs 1 --out @stopped.st --overwrite')).code).toBe(0);
    expect((await readdir(folder)).filter((name) => name.startsWith('stopped'))).toEqual(['stopped.st']);
    // A checkpoint is due after ten seconds.
  }, 120_000);
});

describe('a training that diverges', () => {
  const wild = (rest: string) => train(`--neurons 5 --batch 10 --epochs 3 --schedule decay:1/1 ${rest}`);
  const linesOf = async (name: string) => (await readFile(at(name), 'utf8')).trimEnd().split('\n').map(parsed);
  const parsed = (line: string): unknown => JSON.parse(line);

  it('begins again at half the rate, and output, log and model say so', async () => {
    const { code, stdout, stderr } = await wild('--rate 40 --json --out @wild.st --log @wild.jsonl');
    expect(code).toBe(0);
    expect(parsed(stdout)).toMatchObject({ rateFactor: 0.5 });
    expect(saidIn(stderr)).toMatch(
      /^efnn: expected a mean loss [^\n]+ \(peak now 40\): the training begins again at half the rate, once\n$/,
    );
    const [first, ...epochs] = await linesOf('wild.jsonl');
    expect(first).toHaveProperty('diverged', expect.stringContaining('expected a mean loss'));
    expect(first).toHaveProperty('rateFactor', 0.5);
    expect(epochs).toMatchObject([1, 2, 3].map((epoch) => ({ epoch, rate: 20 })));
    expect((await efnn('describe --file @wild.st')).stdout).toContain('rates            times 0.5: ');
    expect(parsed((await wild('--rate 20 --json --out @tame.st')).stdout)).toMatchObject({ rateFactor: 1 });
    const tensorsOf = async (name: string) => right(readSafetensors(await readFile(at(name)))).tensors;
    expect(await tensorsOf('wild.st')).toEqual(await tensorsOf('tame.st'));
    expect((await wild('--rate 40 --out @wild.st --resume')).stdout).toMatch(/already complete: .* at half the rate/);
  });

  it('at half the rate too ends with an error, and leaves no file', async () => {
    const { code, stdout, stderr } = await wild('--rate 1e30 --out @lost.st');
    expect([code, stdout]).toEqual([1, '']);
    expect(saidIn(stderr).split('\n')).toEqual([
      expect.stringContaining('(peak now 1e+30): the training begins again at half the rate, once'),
      expect.stringMatching(/^efnn: expected [^\n]+; lower the rate \(peak 5e\+29, half of what it was at first\)$/),
      '',
    ]);
    expect((await readdir(folder)).filter((name) => name.startsWith('lost'))).toEqual([]);
  });
});

describe('--log', () => {
  it('has a line of JSON for each epoch: its loss, the rate of its last step, and how far it is', async () => {
    expect((await train('--epochs 3 --batch 10 --rate 0.01 --out @l.st --log @l.jsonl')).code).toBe(0);
    const lines = (await readFile(at('l.jsonl'), 'utf8')).trimEnd().split('\n');
    const entries = lines.map((line): unknown => JSON.parse(line));
    expect(entries).toMatchObject([1, 2, 3].map((epoch) => ({ epoch, epochs: 3, step: 4 * epoch })));
    // One cycle ends at 1/250,000 of its peak.
    expect(entries.at(-1)).toHaveProperty('rate', expect.closeTo(4e-8, 20));
    expect((await train('--epochs 3 --out @l2.st --log @l.jsonl')).stderr).toMatch(/^efnn: --log: expected/);
    expect(await readFile(at('l.jsonl'), 'utf8')).toBe(`${lines.join('\n')}\n`);
    expect((await train('--epochs 3 --out @l2.st --log @none/l.jsonl')).stderr).toMatch(/^efnn: --log: expected/);
  });

  it('is gone on with by --resume: its lines stay, and half a line that a power cut left goes', async () => {
    await train('--epochs 1 --out @on.st --log @on.jsonl');
    const first = await readFile(at('on.jsonl'), 'utf8');
    await writeFile(at('on.jsonl'), `${first}{"epoch":2,"epo`);
    expect((await train('--epochs 1 --out @on2.st --log @on.jsonl --resume')).code).toBe(0);
    const lines = (await readFile(at('on.jsonl'), 'utf8')).split('\n');
    expect(lines.map((line) => line.slice(0, 10))).toEqual(['{"epoch":1', '{"epoch":1', '']);
    expect(`${lines[0] ?? ''}\n`).toBe(first);
  });

  it.each(['a letter\n', '{"epoch":1}\n\n', '{"epoch":1}\n{"a":1}\n', '[1]', '\u0000\u0001\n'])(
    'is no other file, whatever is asked for: %j',
    async (text) => {
      await writeFile(at('letter'), text);
      for (const words of ['--resume', '--overwrite', '']) {
        const { code, stderr } = await train(`--epochs 1 --out @never.st --log @letter ${words}`.trim());
        expect([code, stderr]).toEqual([2, expect.stringMatching(/^efnn: --log: [^\n]+\n$/)]);
        expect(stderr).not.toContain('--overwrite');
      }
      expect(await readFile(at('letter'), 'utf8')).toBe(text);
    },
  );
});

describe('files that would be lost one for another', () => {
  it.each([
    ['the data', '--out @data.npz --overwrite'],
    ['the model', '--out @same.st --log @same.st'],
    ['a link to the data', '--out @link.st --overwrite'],
    ["another model's checkpoint", '--out @other.st.checkpoint --overwrite'],
    ["the model's checkpoint", '--out @x.st --log @x.st.checkpoint'],
  ])('%s stay as they are', async (_, words) => {
    await symlink('data.npz', at('link.st')).catch(() => undefined);
    const before = await readFile(at('data.npz'));
    const names = (await readdir(folder)).toSorted();
    const { code, stderr } = await train(`--epochs 1 ${words}`);
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/^efnn: --(out|log): expected a [^\n]+: choose another name\n$/),
    ]);
    expect(await readFile(at('data.npz'))).toEqual(before);
    expect((await readdir(folder)).toSorted()).toEqual(names);
  });
});

describe('--schedule', () => {
  it.each([
    ['decay:0.5/1', [0.01, 0.005, 0.0025]],
    ['staircase:1e-4/1', [0.01, 0.001, 0.0001]],
  ])('%s gives each epoch its rate, from --rate on', async (schedule, rates) => {
    const name = schedule.slice(0, 5);
    const args = `--epochs 3 --rate 0.01 --schedule ${schedule} --out @${name}.st --log @${name}.jsonl`;
    expect((await train(args)).code).toBe(0);
    const lines = (await readFile(at(`${name}.jsonl`), 'utf8')).trimEnd().split('\n');
    const found = lines.map((line) => z.object({ rate: z.number() }).parse(JSON.parse(line)).rate);
    expect(found.length).toBe(rates.length);
    found.forEach((rate, i) => {
      expect(rate).toBeCloseTo(rates[i] ?? NaN, 12);
    });
  });

  it.each(['decay', 'decay:0/100', 'staircase:1e-5/0', 'two-cycles', 'decay:1e999/1'])(
    '%s is refused',
    async (schedule) => {
      const { code, stderr } = await train(`--epochs 1 --schedule ${schedule} --out @refused.st`);
      expect([code, stderr]).toEqual([2, expect.stringMatching(/^efnn: --schedule: expected one-cycle, [^\n]+\n$/)]);
    },
  );
});

it.each([
  '--schedule decay:1.1/10',
  '--rate 0.01 --schedule staircase:0.02/10',
  '--clip 1e300',
  '--clip 1e-300',
  '--rate 1e39',
  '--weight-decay 1e-39',
  '--forces --force-weight 1e40',
])('rates that rise and what single precision does not hold are refused: %s', async (wrong) => {
  const { code, stderr } = await train(`--epochs 1 ${wrong} --out @refused.st`);
  expect([code, stderr]).toEqual([
    2,
    expect.stringMatching(/^efnn: --[a-z-]+: expected [^\n]+, got [^\n]+: [^\n]+\n$/),
  ]);
  expect(await readdir(folder)).not.toContain('refused.st');
});

describe('several files', () => {
  const lattices = '--model efnn --layers 1 --channels 1 --kernel 3 --epochs 2 --threads 1 --backend reference';
  const evaluated = (rest: string) => efnn(`evaluate --model @sizes.st --backend reference ${rest}`);

  it('are trained on together, one lattice size each, and evaluated a row each', async () => {
    await efnn('generate heisenberg --size 4 --samples 12 --seed 1 --forces --out @n4.npz');
    await efnn('generate heisenberg --size 3 --samples 7 --seed 2 --forces --out @n3.npz');
    const both = await efnn(`train ${lattices} --forces --data @n4.npz --data @n3.npz --batch 5 --out @sizes.st`);
    expect([both.code, both.stderr]).toEqual([0, '']);
    await efnn(`train ${lattices} --forces --data @n4.npz @n3.npz --batch 5 --out @again.st`);
    expect(await readFile(at('again.st'))).toEqual(await readFile(at('sizes.st')));
    const alone = await efnn(`train ${lattices} --forces --data @n4.npz --batch 5 --out @alone.st`);
    expect([alone.code, (await readFile(at('alone.st'))).equals(await readFile(at('sizes.st')))]).toEqual([0, false]);
    const rows: unknown = JSON.parse((await evaluated('--forces --json --data @n4.npz --data @n3.npz')).stdout);
    const one: unknown = JSON.parse((await evaluated('--forces --json --data @n4.npz')).stdout);
    const other: unknown = JSON.parse((await evaluated('--forces --json --data @n3.npz')).stdout);
    expect(rows).toEqual([
      { file: at('n4.npz'), ...Object(one) },
      { file: at('n3.npz'), ...Object(other) },
    ]);
    expect((await evaluated('--data @n4.npz @n3.npz')).stdout.split('\n')).toEqual([
      expect.stringMatching(/^file +samples +RMSE /),
      expect.stringMatching(/n4\.npz' +12 +\d/),
      expect.stringMatching(/n3\.npz' +7 +\d/),
      expect.stringMatching(/^trained by efnn /),
      expect.stringMatching(/^options /),
      expect.stringMatching(/^trained on +12 samples, heisenberg, /),
      expect.stringMatching(/^trained on +7 samples, heisenberg, /),
      '',
    ]);
  });

  it('are refused where no network reads them all', async () => {
    const { code, stderr } = await efnn(`train ${lattices} --data @n4.npz @data.npz --out @mixed.st`);
    expect([code, stderr]).toEqual([2, expect.stringContaining('[B, 3, 4, 4] and [B, 15]')]);
    const wrong = await evaluated('--data @n4.npz @data.npz');
    expect([wrong.code, wrong.stdout, wrong.stderr]).toEqual([2, '', expect.stringContaining('data.npz')]);
  });
});

describe('energies of another Hamiltonian', () => {
  const smallest = 'train --model efnn --layers 1 --channels 1 --kernel 1 --epochs 1 --backend reference --threads 1';
  const dense = 'train --model dnn --layers 1 --neurons 1 --epochs 1 --backend reference --threads 1';

  it('are no data of one training, nor held out from it; how energies were computed, and which sites, does not matter', async () => {
    await Promise.all(
      [
        'double-exchange --size 4 --samples 2 --out @cold.npz',
        'double-exchange --size 4 --samples 2 --T 0.5 --out @warm.npz',
        'double-exchange --size 3 --samples 2 --seed 7 --method poles --out @poles.npz',
        'double-exchange --size 3 --samples 2 --seed 8 --method poles --out @unseen.npz',
        'heisenberg --size 4 --samples 2 --out @classical.npz',
        'three-spin-continuous --samples 2 --seed 2 --out @other.npz',
        'three-spin-binary --samples 2 --seed 3 --out @drawn.npz',
      ].map((words) => efnn(`generate ${words}`)),
    );
    const trained = async (words: string) => {
      const { code, stderr } = await efnn(`${words} --out @one.st --overwrite`);
      return code === 0 ? 'one Hamiltonian' : `${code} ${/^efnn: (--[^\n]+)\n$/.exec(stderr)?.[1] ?? stderr}`;
    };
    expect(await trained(`${smallest} --data @cold.npz @poles.npz --validation @unseen.npz`)).toBe('one Hamiltonian');
    const ofData = '2 --data: expected energies of one Hamiltonian, got';
    const ofHeldOut = '2 --validation: expected energies of the Hamiltonian of --data, got';
    for (const [words, reason] of [
      [`${smallest} --data @cold.npz @warm.npz`, `${ofData} T = 0.1 and T = 0.5: `],
      [`${smallest} --data @cold.npz @classical.npz`, `${ofData} double-exchange and heisenberg: `],
      [`${smallest} --data @cold.npz --validation @warm.npz`, `${ofHeldOut} T = 0.1 and T = 0.5: `],
      [
        `${dense} --data @data.npz @drawn.npz`,
        `${ofData} couplings of seed 2 (uniform) and couplings of seed 3 (uniform): `,
      ],
      [`${dense} --data @data.npz --validation @drawn.npz`, `${ofHeldOut} couplings of seed 2 `],
      [
        `${dense} --data @data.npz --validation @other.npz`,
        `${ofHeldOut} three-spin-binary and three-spin-continuous: `,
      ],
    ] as const) {
      expect(await trained(words)).toEqual(expect.stringContaining(reason));
    }
  });

  it('are compared with, and a line says so', async () => {
    await efnn(`${smallest} --data @cold.npz --out @cold.st`);
    const { code, stdout, stderr } = await efnn(
      'evaluate --model @cold.st --data @cold.npz @warm.npz --backend reference',
    );
    expect([code, stdout.trimEnd().split('\n').length > 1]).toEqual([0, true]);
    expect(stderr).toMatch(
      /^efnn: --data: '[^']+cold.npz': expected samples [^\n]+\nefnn: --data: '[^']+warm.npz': expected energies of the Hamiltonian [^\n]+T = 0.5[^\n]+\n$/,
    );
  });
});

describe('samples that count once', () => {
  it('are in no other file of --data, and not held out, be it a copy or a piece of the same run', async () => {
    await efnn('generate three-spin-binary --samples 5 --seed 2 --out @few.npz');
    await writeFile(at('copy.npz'), await readFile(at('data.npz')));
    for (const [words, reason] of [
      ['--data @data.npz', '--data: expected each sample once, '],
      ['--data @copy.npz', '--data: expected each sample once, '],
      ['--data @few.npz', "few.npz' with 5 samples in common: "],
      ['--validation @data.npz', '--validation: expected samples that are not trained on, '],
      ['--validation @copy.npz', "copy.npz' with 40 samples of --data "],
      ['--data @heldOut.npz --validation @heldOut.npz', "heldOut.npz' with 9 samples of --data "],
      ['--validation @few.npz', "few.npz' with 5 samples of --data "],
    ] as const) {
      const { code, stderr } = await train(`--epochs 1 ${words} --out @twice.st`);
      expect([code, stderr]).toEqual([2, expect.stringContaining(reason)]);
      expect(stderr).toMatch(/^efnn: [^\n]+ the last --shard\n$/);
    }
    expect(await readdir(folder)).not.toContain('twice.st');
  });

  it('tell little of a model that was trained on them, and a line says so where it is evaluated', async () => {
    await train('--epochs 1 --validation @heldOut.npz --out @seen.st');
    const evaluated = async (name: string) =>
      saidIn((await efnn(`evaluate --model @seen.st --data @${name} --backend reference`)).stderr);
    expect(await evaluated('copy.npz')).toMatch(
      /^efnn: --data: '[^']+copy.npz': expected samples that the model was not trained on, [^\n]+\n$/,
    );
    expect(await evaluated('heldOut.npz')).toBe('');
  });
});

describe('--validation', () => {
  it('measures at the end what evaluate measures, and with --keep last changes no weight', async () => {
    const { code, stdout } = await train('--epochs 2 --validation @heldOut.npz --keep last --json --out @v.st');
    const measured = await efnn('evaluate --model @v.st --data @heldOut.npz --json --backend reference');
    const validation: unknown = JSON.parse(measured.stdout);
    expect([code, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ validation })]);
    expect((await train('--epochs 2 --validation @heldOut.npz --keep last --json --resume --out @v.st')).stdout).toBe(
      stdout,
    );
    await train('--epochs 2 --out @w.st');
    const tensorsOf = async (name: string) => right(readSafetensors(await readFile(at(name)))).tensors;
    expect(await tensorsOf('w.st')).toEqual(await tensorsOf('v.st'));
  });

  it('keeps the weights of the epoch with the lowest error, and output, log and model say which', async () => {
    const args = '--epochs 6 --rate 0.3 --schedule decay:1/1 --batch 5 --validation @heldOut.npz';
    const { code, stdout } = await train(`${args} --json --out @best.st --log @best.jsonl`);
    const said = z.object({ bestEpoch: z.int(), validation: z.object({ rmse: z.number() }) }).parse(JSON.parse(stdout));
    const lines = (await readFile(at('best.jsonl'), 'utf8')).trimEnd().split('\n');
    const entry = z.object({ bestEpoch: z.int(), bestRmse: z.number() });
    const [last] = lines.map((line) => entry.parse(JSON.parse(line))).slice(-1);
    expect([code, last]).toEqual([0, { bestEpoch: said.bestEpoch, bestRmse: said.validation.rmse }]);
    const measured = await efnn('evaluate --model @best.st --data @heldOut.npz --json --backend reference');
    expect(JSON.parse(measured.stdout)).toHaveProperty('rmse', said.validation.rmse);
    expect((await train(`${args} --resume --out @best.st`)).stdout).toContain(
      `kept the weights of epoch ${said.bestEpoch}`,
    );
    expect((await efnn('describe --file @best.st')).stdout).toContain(`weights          of epoch ${said.bestEpoch}, `);
    const keptLast = await train(`${args} --keep last --json --out @last.st`);
    const rmse = z.object({ validation: z.object({ rmse: z.number() }) }).parse(JSON.parse(keptLast.stdout))
      .validation.rmse;
    expect(said.bestEpoch).toBeLessThan(6);
    expect(said.validation.rmse).toBeLessThan(rmse);
  });

  it.each([
    ['no held-out data to choose by', '--keep best', '--keep: expected last without --validation, got best'],
    ['a rule that is none', '--keep first', '--keep: expected'],
    ['spins that the network does not read', '--validation @n4.npz', '[B, 15], got [B, 3, 4, 4]'],
    ['a file that is not there', '--validation @none.npz', '--validation: expected a file'],
  ])('refuses %s', async (_, rest, reason) => {
    const { code, stderr } = await train(`--epochs 1 ${rest} --out @u.st`);
    expect([code, stderr]).toEqual([2, expect.stringContaining(reason)]);
  });
});

describe('--units', () => {
  it('raw learns energies as they are, which model and describe say', async () => {
    expect((await train('--epochs 1 --units raw --out @raw.st')).code).toBe(0);
    const { metadata } = right(readSafetensors(await readFile(at('raw.st'))));
    expect([metadata['energyScale'], metadata['energyShift']]).toEqual(['1', '0']);
    expect((await efnn('describe --file @raw.st')).stdout).toContain(', units raw, backend reference\n');
    expect((await train('--epochs 1 --units eV --out @eV.st')).stderr).toMatch(/^efnn: --units: expected [^\n]+\n$/);
  });
});

describe('the file of a model', () => {
  const digestOf = async (name: string): Promise<string> => sha256(await readFile(at(name)));

  it('says seed, options, data and version, which describe and evaluate show', async () => {
    await train('--epochs 2 --seed 7 --rate 0.01 --validation @heldOut.npz --out @told.st');
    const data = await digestOf('data.npz');
    const heldOut = await digestOf('heldOut.npz');
    const { code, stdout } = await efnn('describe --file @told.st');
    expect([code, stdout.split('\n')]).toEqual([
      0,
      expect.arrayContaining([
        expect.stringMatching(/^efnn, 1 layers, 15 spins, 2 neurons$/),
        expect.stringMatching(/^trained by efnn {2}\d+\.\d+\.\d+, seed 7, 2 epochs, loss /),
        expect.stringContaining('batch 40, schedule {"tag":"oneCycle","peak":0.01}'),
        `trained on       40 samples, three-spin-binary, SHA-256 ${data}`,
        `held out         9 samples, three-spin-binary, SHA-256 ${heldOut}`,
      ]),
    ]);
    expect(JSON.parse((await efnn('describe --file @told.st --json')).stdout)).toMatchObject({
      training: {
        plan: { seed: 7, epochs: 2 },
        data: [{ samples: 40, sha256: data }],
        validation: { samples: 9, sha256: heldOut },
      },
    });
    const errors = await efnn('evaluate --model @told.st --data @data.npz --backend reference');
    expect(errors.stdout).toContain(`trained on       40 samples, three-spin-binary, SHA-256 ${data}\n`);
  });

  it('that another program wrote is described without a training', async () => {
    const dnn = network('dnn', { tag: 'dense', sites: 15, neurons: 2, layers: 1 });
    const weights = initialWeights(1)(right(networkProgram(dnn)));
    await writeFile(at('other.st'), right(writeModel('float32')({ network: dnn, weights })));
    const { code, stdout } = await efnn('describe --file @other.st --json');
    expect([code, stdout]).toEqual([0, expect.not.stringContaining('"training"')]);
  });

  it('that states no scale and no shift is read with 1 and 0, and that is said', async () => {
    const dnn = network('dnn', { tag: 'dense', sites: 15, neurons: 2, layers: 1 });
    const weights = initialWeights(1)(right(networkProgram(dnn)));
    const { metadata, tensors } = right(modelFile('float64')({ network: dnn, weights }));
    const { energyScale: _, energyShift: __, ...open } = metadata;
    await writeFile(at('open.st'), right(writeSafetensors({ metadata: open, tensors })));
    const said = 'expected energyScale and energyShift in the metadata, got none: taken as 1 and 0; write them there';
    const described = await efnn('describe --file @open.st');
    expect([described.code, described.stdout]).toEqual([0, expect.stringContaining(`energy units     ${said}\n`)]);
    expect(JSON.parse((await efnn('describe --file @open.st --json')).stdout)).toMatchObject({
      assumed: ['energyScale', 'energyShift'],
    });
    const evaluated = await efnn('evaluate --model @open.st --data @data.npz --json --backend reference');
    expect([evaluated.code, evaluated.stderr]).toEqual([
      0,
      expect.stringMatching(/^efnn: --model: .*open\.st'?: expected energyScale and/),
    ]);
    expect(evaluated.stderr.split('\n')).toHaveLength(2);
  });
});

describe('evaluate', () => {
  it('compares forces where they are asked for, and refuses labels without', async () => {
    await efnn('generate three-spin-binary --samples 5 --forces --out @forces.npz');
    await train('--epochs 1 --out @f.st');
    const { stdout } = await efnn('evaluate --model @f.st --data @forces.npz --forces --json --backend reference');
    expect(stdout).toMatch(/"forces":\{[^}]*"count":75\}/);
    const refused = await efnn('evaluate --model @f.st --data @data.npz --forces --backend reference');
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('--forces')]);
  });

  it('believes no trained model of which a weight was changed', async () => {
    await train('--epochs 1 --out @whole.st');
    const changed = await readFile(at('whole.st'));
    changed.writeUInt8(changed.readUInt8(changed.length - 3) ^ 1, changed.length - 3);
    await writeFile(at('changed.st'), changed);
    const evaluated = (model: string) => efnn(`evaluate --model @${model} --data @data.npz --backend reference`);
    expect((await evaluated('whole.st')).code).toBe(0);
    const { code, stdout, stderr } = await evaluated('changed.st');
    expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining('changed or damaged')]);
  });

  it.each(['--spins @spins.npy', '--data @data.npz --json'])(
    'prints no null for what overflows: %s',
    async (source) => {
      const dnn = network('dnn', { tag: 'dense', sites: 15, neurons: 2, layers: 1 });
      const weights = R.map((values: Reals) => values.map(() => 1e308))(initialWeights(1)(right(networkProgram(dnn))));
      await writeFile(at('great.st'), right(writeModel('float64')({ network: dnn, weights })));
      await writeFile(at('spins.npy'), npyOf({ dtype: 'float64', shape: [15], values: new Float64Array(15).fill(1) }));
      const { code, stdout, stderr } = await efnn(`evaluate --model @great.st ${source} --backend reference`);
      expect([code, stdout, stderr]).toEqual([1, '', expect.stringMatching(/^efnn: expected finite [^\n]+\n$/)]);
    },
  );
});

describe('energy', () => {
  it('prints no null for what overflows', async () => {
    const values = Float64Array.from({ length: 27 }, (_, i) => (i < 9 ? 1 : 0));
    await writeFile(at('up.npy'), npyOf({ dtype: 'float64', shape: [3, 3, 3], values }));
    const { code, stdout, stderr } = await efnn('energy --spins @up.npy --mu 1e308 --threads 1');
    expect([[1, 2].includes(code), stdout, stderr]).toEqual([true, '', expect.stringMatching(/^efnn: [^\n]+\n$/)]);
  });
});
