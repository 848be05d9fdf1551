/** The command `describe`: a network's size, cost, symmetry and equations. */
import { describe, expect, it, vi } from 'vitest';

import { runCommandLine } from '../scripts/command-line.ts';
import { commands } from '../scripts/commands/commands.ts';

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const exitCode = (): number => Number(process.exitCode ?? 0);

const efnn = async (args: string): Promise<Outcome> => {
  const stdout = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const before = process.exitCode;
  process.exitCode = 0;
  await runCommandLine(commands, args.split(' '));
  const outcome = {
    code: exitCode(),
    stdout: stdout.mock.calls.map(([text]) => String(text)).join(''),
    stderr: stderr.mock.calls.map(([text]) => String(text)).join(''),
  };
  process.exitCode = before;
  stdout.mockRestore();
  stderr.mockRestore();
  return outcome;
};

describe('efnn describe', () => {
  it.each([
    [1, 1, 230],
    [3, 2, 2350],
    [3, 3, 3412],
    [9, 1, 9262],
    [9, 3, 26_434],
  ])('the EFNN with C = %i and n = %i has %i parameters', async (channels, layers, parameters) => {
    const { code, stdout } = await efnn(`describe --model efnn --layers ${layers} --channels ${channels} --json`);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ parameters, symmetry: { energy: 'invariant' } });
  });

  it.each([
    ['efnn', 3, 3, 17],
    ['efnn', 3, 5, 33],
    ['dnn', 1, 3, 13],
  ])('%s with n = %i and k = %i sees %i sites each way', async (model, layers, kernel, sites) => {
    const call = `describe --model ${model} --layers ${layers} --channels 3 --kernel ${kernel}`;
    expect(JSON.parse((await efnn(`${call} --json`)).stdout)).toMatchObject({ receptiveField: sites });
    expect((await efnn(call)).stdout).toContain(`receptive field  ${sites} x ${sites} sites`);
  });

  it('a dense network has no receptive field', async () => {
    const call = 'describe --model efnn --layers 2 --neurons 5';
    expect(JSON.parse((await efnn(`${call} --json`)).stdout)).toMatchObject({ receptiveField: null });
    expect((await efnn(call)).stdout).not.toContain('receptive field');
  });

  it('with --forces: they are vectors, proven', async () => {
    const { stdout } = await efnn('describe --model densenet --layers 2 --channels 3 --pair-head --forces');
    expect(stdout).toMatch(/O\(3\) +proven for every weight: energy invariant, forces vector\n/);
  });

  it('with --latex: the equations alone', async () => {
    const { stdout } = await efnn('describe --model efnn --layers 1 --neurons 5 --latex');
    expect(stdout.split('\n').slice(0, 3)).toEqual([
      String.raw`\begin{align*}`,
      String.raw`S_{1} &= g_{1}(S_{0}) \odot f_{0}(S_{0}) \\`,
      String.raw`E &= \sum(S_{1}) \\`,
    ]);
    expect(
      stdout
        .trim()
        .split('\n')
        .slice(1, -2)
        .every((line) => line.includes('&') && line.endsWith('\\\\')),
    ).toBe(true);
  });

  it('with --latex: long lines are broken, and what comes out of a tanh is no layer', async () => {
    const { stdout } = await efnn('describe --model efnn --layers 2 --channels 2 --forces --latex');
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThan(140);
    expect(stdout).toMatch(/h_\{1\} &= \\tanh/);
    expect(stdout).not.toMatch(/S_\{\d+\} &= \\tanh/);
  });

  it.each([
    ['--model efnn --layers 1', /--channels .* or --neurons .* neither/],
    ['--model efnn --layers 1 --channels 3 --neurons 3', /got both/],
    ['--model cnn --layers 1 --channels 3', /efnn, dnn, resnet or densenet, got 'cnn'/],
    ['--model efnn --layers 0 --channels 3', /--layers: expected a whole number from 1 to 100, got '0'/],
    ['--model efnn --layers 1 --channels 0', /--channels/],
    ['--model efnn --layers 1 --channels 3 --kernel 4', /odd/],
    ['--model efnn --layers 1 --neurons 3 --kernel 5', /leave them out/],
    ['--model efnn --layers 1 --channels 3 --sites 5', /leave it out/],
    ['--model efnn', /expected --model and --layers, or --file, got no --layers: add it/],
    ['--file none.safetensors --layers 2', /--file: expected without --layers, got both/],
    ['--file none.safetensors --pair-head', /--file: expected without --pair-head, got both/],
    ['--file none.safetensors', /--file: expected a file that can be read, got 'none.safetensors'/],
  ])('%s is refused with 2 and one line', async (args, message) => {
    const { code, stdout, stderr } = await efnn(`describe ${args}`);
    expect({ code, stdout, lines: stderr.split('\n').length }).toEqual({ code: 2, stdout: '', lines: 2 });
    expect(stderr).toMatch(message);
  });
});
