/** The command `train`: nothing that it wrote before is lost, and a run that was stopped goes on. */
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { afterAll, describe, expect, it } from 'vitest';

import { evaluateCommand } from '../scripts/commands/evaluate.ts';
import { generateCommand } from '../scripts/commands/generate.ts';
import { trainCommand } from '../scripts/commands/train.ts';
import { goesOn } from '../src/training/run-identity.ts';
import { captured } from './captured.ts';

const folder = await mkdtemp(join(tmpdir(), 'efnn-train-'));

afterAll(() => rm(folder, { recursive: true }));

const at = (name: string): string => join(folder, name);

const efnn = (args: string) =>
  captured([generateCommand(), trainCommand(), evaluateCommand()], args.replaceAll('@', `${folder}/`).split(' '));

await efnn('generate three-spin-binary --samples 40 --seed 2 --out @data.npz');

const options = '--model efnn --layers 1 --neurons 2 --threads 1 --backend reference --data @data.npz';

const train = (rest: string) => efnn(`train ${options} ${rest}`);

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

  it.each(['', '@', '@no/where.st'])("refuses '%s' before it trains", async (out) => {
    const { code, stderr } = await captured(
      [trainCommand()],
      [
        ...`train ${options} --epochs 1 --out`.replaceAll('@', `${folder}/`).split(' '),
        out.replaceAll('@', `${folder}/`),
      ],
    );
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^efnn: --out: expected [^\n]+\n$/)]);
  });

  it('goes on from a checkpoint to the same model, or with more epochs, and loses none', async () => {
    const program = join(import.meta.dirname, '..', 'scripts', 'efnn.mjs');
    const args = `train ${options} --epochs 1000000 --out @stopped.st`.replaceAll('@', `${folder}/`).split(' ');
    const child = spawn(process.execPath, [program, ...args], { stdio: 'ignore' });
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
    const checkpoint = await readFile(at('stopped.st.checkpoint'));
    const refused = await train('--epochs 1000000 --out @stopped.st');
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('--resume')]);
    const fewer = await train('--epochs 1 --out @stopped.st --resume');
    expect([fewer.code, fewer.stderr]).toEqual([2, expect.stringContaining('more --epochs')]);
    expect(await readFile(at('stopped.st.checkpoint'))).toEqual(checkpoint);
    expect((await train('--epochs 1 --out @stopped.st --overwrite')).code).toBe(0);
    expect((await readdir(folder)).filter((name) => name.startsWith('stopped'))).toEqual(['stopped.st']);
    // A checkpoint is due after ten seconds.
  }, 120_000);
});

describe('a run goes on', () => {
  const run = (epochs: number, rate: number) => JSON.stringify({ network: 'efnn', plan: { epochs, rate } });
  it('with as many epochs or more, and with nothing else changed', () => {
    expect([goesOn(run(2, 1), run(2, 1)), goesOn(run(2, 1), run(3, 1))]).toEqual([true, true]);
    expect([goesOn(run(3, 1), run(2, 1)), goesOn(run(2, 1), run(2, 2)), goesOn('', run(2, 1))]).toEqual([
      false,
      false,
      false,
    ]);
    expect(goesOn('{"plan":{"rate":1,"epochs":2},"network":"efnn"}', run(2, 1))).toBe(true);
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
});
