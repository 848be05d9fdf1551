/** The examples of docstrings are true: each runs, and gives the value that it shows. */
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { examplesOf, faultOf, readSources, type Example } from './docstring-examples.ts';
import { verify } from './law.ts';
import { examplesAreTrue, faultsOf } from './laws/examples.ts';

const root = join(import.meta.dirname, '..');

const sources = await readSources(root);

const fault = faultOf(sources, async (file) => import(join(root, file)));

const examples = [...sources].flatMap(([file, text]) => examplesOf(file, text));

/** One example in the text of a module, in the place of all others. */
const showing = (file: string, text: string): readonly Example[] =>
  examplesOf(file, `/**\n * A sentence.\n *\n * @example\n * ${text}\n */\nexport const it = 1;\n`);

const subsets = 'src/number/subsets.ts';

verify(examplesAreTrue(fault), examples, {
  'another list': showing(subsets, 'subsets(3, 2) // [[0, 1], [0, 2], [2, 1]]'),
  'a list that is too short': showing(subsets, 'subsets(3, 2) // [[0, 1], [0, 2]]'),
  'the last digit is wrong': showing('src/random/logarithm.ts', 'logarithm(0.5) // -0.6931471805599452'),
  'a success for an error': showing('src/lattice/square-lattice.ts', 'squareLattice(2) // right({ size: 2 })'),
  'a name that nobody exports': showing(subsets, 'subset(3, 2) // 3'),
  'no value is shown': showing(subsets, 'subsets(3, 2)'),
  'prose for a value': showing(subsets, 'subsets(3, 2) // all pairs'),
});

describe('examples', () => {
  it('are found with their lines, and faults name them', async () => {
    const [example] = showing(subsets, 'binomial(15, 3) // 456');
    const expected: Example = { file: subsets, line: 5, expression: 'binomial(15, 3)', expected: '456' };
    expect(example).toEqual(expected);
    expect(await faultsOf(fault)(showing(subsets, 'binomial(15, 3) // 456'))).toEqual([
      'src/number/subsets.ts:5: expected 456, got 455 from binomial(15, 3)',
    ]);
  });

  it('all of src', async () => {
    expect(await faultsOf(fault)(examples)).toEqual([]);
  });
});
