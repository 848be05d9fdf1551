/** The conformance vectors: they are computed, keep their schemas, agree with the outside, and catch what is wrong. */
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import { compared } from '../src/conformance/comparison.ts';
import { readIndex, readVector, type Vector } from '../src/conformance/vector.ts';
import { digest } from './arbitraries/runs.ts';
import { verify } from './law.ts';
import {
  derivativesAreNotZero,
  everyNumberCounts,
  guideLeadsToVectors,
  refusedFilesHaveVerdicts,
  schemasTellVectors,
  standardValidator,
  valuesFromOutsideAgree,
  vectorsAreComputed,
  vectorsSayWhatTheyAre,
  type AskedFiles,
  type Kit,
} from './laws/vectors.ts';
import { right } from './right.ts';
import { refusedFileVerdicts } from './vectors/families/refused-files.ts';
import { computedFiles, computedVectors } from './vectors/files.ts';

const folder = join(import.meta.dirname, 'vectors');

const paths = (await readdir(folder, { recursive: true })).filter(
  (path) => path.endsWith('.json') && path !== 'signatures.json',
);

const texts = new Map(
  await Promise.all(paths.map(async (path) => [path, await readFile(join(folder, path), 'utf8')] as const)),
);

const bytesOf = (path: string): Uint8Array => new TextEncoder().encode(texts.get(path) ?? '');

const index = right(readIndex(bytesOf('index.json')));

const schemaOf = (family: string): readonly [string, object] => [
  family,
  z.record(z.string(), z.unknown()).parse(JSON.parse(texts.get(`schema/${family}.json`) ?? 'null')),
];

const kit: Kit = {
  vectors: index.families.flatMap(({ cases }) => cases.map((id) => right(readVector(bytesOf(`${id}.json`))))),
  schemas: new Map(index.families.map(({ family }) => schemaOf(family))),
  texts,
};

/** The kit with some of its vectors changed. */
const changed = (change: (vector: Vector) => Vector): Kit => ({ ...kit, vectors: kit.vectors.map(change) });

const inFamily =
  (family: string, change: (vector: Vector) => Vector) =>
  (vector: Vector): Vector =>
    vector.id.startsWith(`${family}/`) ? change(vector) : vector;

const rewritten = (change: (path: string, text: string) => string): Kit => ({
  ...kit,
  texts: new Map([...texts].map(([path, text]) => [path, change(path, text)])),
});

verify(vectorsAreComputed(computedFiles(await computedVectors())), kit, {
  'they were written by an earlier version': rewritten((path, text) =>
    path.startsWith('exact-energies/') ? text.replace(/"decimal": \[ -?\d/, (digits) => `${digits}1`) : text,
  ),
  'a case is missing': { ...kit, texts: new Map([...texts].slice(1)) },
  'an old case lies beside them': { ...kit, texts: new Map([...texts, ['networks/old.json', '{}']]) },
  'a weight of a question has another digit': rewritten((path, text) =>
    path === 'networks/chain-efnn-1.json' ? text.replace('0.25', '0.26') : text,
  ),
});

verify(schemasTellVectors(kit), standardValidator, {
  'a dictionary of schemas, used as it stands': (schema) => standardValidator({ schema: { schema } }),
  'nothing is required': (schema) => standardValidator({ ...schema, required: [] }),
  'strangers are let in': (schema) => standardValidator({ ...schema, properties: {}, additionalProperties: true }),
});

verify(vectorsSayWhatTheyAre, kit, {
  'a case comes twice': { ...kit, vectors: [...kit.vectors, ...kit.vectors.slice(0, 1)] },
  'no case says why': changed((vector) => ({ ...vector, why: '' })),
  'the bits are of other numbers': changed((vector) => ({
    ...vector,
    expected: Object.fromEntries(
      Object.entries(vector.expected).map(([output, numbers]) => [
        output,
        { ...numbers, float64: ['3ff0000000000001', ...numbers.float64.slice(1)] },
      ]),
    ),
  })),
  'a list is cut short': changed((vector) => ({
    ...vector,
    expected: Object.fromEntries(
      Object.entries(vector.expected).map(([output, numbers]) => [
        output,
        { ...numbers, shape: [...numbers.shape, 2] },
      ]),
    ),
  })),
});

verify(derivativesAreNotZero, kit, {
  'the taps of a readout cancel': changed((vector) =>
    vector.id === 'networks/lattice-dnn-batch'
      ? {
          ...vector,
          expected: Object.fromEntries(
            Object.entries(vector.expected).map(([output, numbers]) => [
              output,
              output.startsWith('dE/d(g') ? { ...numbers, decimal: numbers.decimal.map(() => 0) } : numbers,
            ]),
          ),
        }
      : vector,
  ),
});

verify(valuesFromOutsideAgree, kit, {
  'the levels of a family are off by a millionth': changed(
    inFamily('hamiltonians', (vector) => ({
      ...vector,
      expected: Object.fromEntries(
        Object.entries(vector.expected).map(([output, numbers]) => [
          output,
          { ...numbers, decimal: numbers.decimal.map((x) => x * (1 + 1e-6)) },
        ]),
      ),
    })),
  ),
  'a family has none': changed(
    inFamily('streams', ({ version, id, equation, why, inputs, expected, tolerance }) => ({
      version,
      id,
      equation,
      why,
      inputs,
      expected,
      tolerance,
    })),
  ),
});

verify(everyNumberCounts(kit.vectors), compared, {
  'a tolerance of per cent': (vectors) => compared(vectors, 1e-2),
  'moduli are compared': (vectors) => (answers) =>
    compared(
      vectors.map((vector) => ({
        ...vector,
        expected: Object.fromEntries(
          Object.entries(vector.expected).map(([output, numbers]) => [
            output,
            { ...numbers, decimal: numbers.decimal.map(Math.abs) },
          ]),
        ),
      })),
    )(
      Object.fromEntries(
        Object.entries(answers).map(([id, answer]) => [
          id,
          Object.fromEntries(Object.entries(answer).map(([output, numbers]) => [output, numbers.map(Math.abs)])),
        ]),
      ),
    ),
  'whatever is there is right': (vectors) => (answers) =>
    compared(vectors)(answers).map((outcome) => ({ ...outcome, agrees: true })),
});

const files: AskedFiles = {
  vectors: kit.vectors,
  verdicts: new Map(Object.entries(refusedFileVerdicts).map(([sha256, { verdict }]) => [sha256, verdict])),
};

/** Vectors of which one file has another last byte. */
const withAnotherByte = (vectors: readonly Vector[]): readonly Vector[] =>
  vectors.map((vector) =>
    vector.id === 'errors/weights-overlap'
      ? { ...vector, inputs: JSON.parse(JSON.stringify(vector.inputs).replace(/(?<="base64":"[^"]*)A/, 'B')) }
      : vector,
  );

verify(refusedFilesHaveVerdicts(digest), files, {
  'nothing was asked': { ...files, verdicts: new Map() },
  'nothing is refused': { ...files, vectors: [] },
  'a file was changed': { ...files, vectors: withAnotherByte(files.vectors) },
  'one that is no more was asked about': { ...files, verdicts: new Map([...files.verdicts, ['0', 'read'] as const]) },
  'a verdict is not told': {
    ...files,
    vectors: files.vectors.map((vector) =>
      vector.id === 'errors/weights-overlap' ? { ...vector, outside: [] } : vector,
    ),
  },
});

const guide = await readFile(join(folder, 'README.md'), 'utf8');

verify(
  guideLeadsToVectors,
  { guide, kit },
  {
    'a link leads nowhere': { guide: guide.replace('poles/pade-2.json', 'poles/pade-3.json'), kit },
    'a family is not told': { guide: guide.replaceAll(/\(shuffles\/[^)]*\)/g, '(index.json)'), kit },
  },
);

describe('the folder', () => {
  it('stays small enough to be carried along: under 10 MB', () => {
    expect([...texts.values()].reduce((sum, { length }) => sum + length, 0)).toBeLessThan(10_000_000);
  });
});
