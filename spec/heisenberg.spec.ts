/** The classical Heisenberg model, and its data by the commands. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as O from 'fp-ts/lib/Option.js';
import { afterAll, describe, expect, it } from 'vitest';

import { readNpz } from '../src/dataset/data-set-file.ts';
import { systems } from '../src/dataset/systems.ts';

import { captured } from './captured.ts';
import { verify } from './law.ts';
import { heisenbergForcesAreDifferences, heisenbergIsSymmetric, spiralsInClosedForm } from './laws/heisenberg.ts';
import type { Heisenberg } from './laws/heisenberg.ts';
import { right } from './right.ts';
import { npyOf } from './written.ts';

const heisenberg: Heisenberg = (J) => (spins) => {
  const labelling = {
    size: spins.size,
    parameters: { J },
    method: 'formula',
    forces: true,
    couplings: O.none,
  } as const;
  const { energy, forces } = right(right(systems.heisenberg.labels(labelling))(spins.components));
  return { energy, forces: O.toUndefined(forces) ?? new Float64Array() };
};

verify(spiralsInClosedForm, heisenberg, {
  'every bond twice': (J) => heisenberg(2 * J),
  'the sign of J': (J) => heisenberg(-J),
  'open boundaries': (J) => (spins) => {
    const { energy, forces } = heisenberg(J)(spins);
    return { forces, energy: energy * (1 - 1 / spins.size) };
  },
});

verify(heisenbergIsSymmetric, heisenberg, {
  'the z components count twice': (J) => (spins) => {
    const { energy, forces } = heisenberg(J)(spins);
    const z = (2 * spins.components.length) / 3;
    const of = (list: typeof forces): number =>
      list.reduce((sum, force, i) => sum + (i < z ? 0 : (force * (spins.components[i] ?? NaN)) / 2), 0);
    return { forces, energy: energy + of(forces) };
  },
  'forces of the next site': (J) => (spins) => {
    const { energy, forces } = heisenberg(J)(spins);
    return { energy, forces: forces.map((_, i) => forces[(i + 1) % forces.length] ?? NaN) };
  },
});

verify(heisenbergForcesAreDifferences, heisenberg, {
  'half the gradient': (J) => (spins) => {
    const { energy, forces } = heisenberg(J)(spins);
    return { energy, forces: forces.map((force) => force / 2) };
  },
  'its negative, the physical force': (J) => (spins) => {
    const { energy, forces } = heisenberg(J)(spins);
    return { energy, forces: forces.map((force) => -force) };
  },
});

describe('its data', () => {
  it('are generated, labelled again and trained on', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'efnn-heisenberg-'));
    afterAll(() => rm(folder, { recursive: true }));
    const [file, spins, model] = ['h.npz', 's.npy', 'm.safetensors'].map((name) => join(folder, name));
    const run = (command: string) => captured(command.split(' '));
    const made = await run(`generate heisenberg --size 4 --samples 6 --J -2 --forces --out ${file}`);
    expect([made.code, made.stderr]).toEqual([0, '']);
    const data = right(readNpz(new Uint8Array(await readFile(file ?? ''))));
    await writeFile(spins ?? '', npyOf({ dtype: 'float64', shape: [6, 3, 4, 4], values: data.spins }));
    const labelled = await run(`energy --system heisenberg --J -2 --spins ${spins} --json`);
    expect(JSON.parse(labelled.stdout)).toEqual({ energies: [...data.energies] });
    const refused = await run(`energy --system heisenberg --T 1 --spins ${spins}`);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('--T')]);
    const trained = await run(
      `train --model efnn --layers 1 --channels 1 --epochs 1 --forces --threads 1 --data ${file} --out ${model}`,
    );
    expect(trained.code).toBe(0);
  });
});
