/** `npm run fuzz`: mutated files for every reader of outside bytes, from a seed that is printed. */
import * as E from 'fp-ts/lib/Either.js';

import { readLabelledNpz, readNpz } from '../src/dataset/data-set-file.ts';
import { customMeta } from '../src/dataset/meta.ts';
import { recipeOf } from '../src/dataset/recipe.ts';
import { generate } from '../src/dataset/source.ts';
import { readNpy, readNpyText, writeNpyText } from '../src/file/npy.ts';
import { openNpz } from '../src/file/npz.ts';
import { zip } from '../src/file/zip.ts';
import { readSafetensors } from '../src/file/safetensors.ts';
import { initialWeights } from '../src/network/initial-weights.ts';
import { readModel, writeModel } from '../src/network/model-file.ts';
import { network, networkProgram } from '../src/network/network.ts';
import { artifactContent, type Artifact } from '../src/provenance/artifact.ts';
import { contents, entry } from '../src/provenance/journal.ts';
import { manifestOf, readManifest, showManifest, type Description } from '../src/provenance/manifest.ts';
import { readReportIdentity } from '../src/study/report-identity.ts';
import { readResult } from '../src/study/result.ts';
import { readCheckpoint, writeCheckpoint } from '../src/training/checkpoint.ts';
import { readAnyModel, writeTrainedModel } from '../src/training/trained-model.ts';
import { showRecord } from '../src/training/training-record.ts';
import { errorOf, networkWith } from './arbitraries/results.ts';
import { digest } from './arbitraries/runs.ts';
import { shortPlan } from './arbitraries/trainings.ts';
import { chanceOf } from './laws/journal.ts';
import { right } from './right.ts';
import type { Chance } from './simulated-disk.ts';
import { npyOf, npzOf } from './written.ts';

/** A reader, a file that it reads, and whether a digest protects what it says. */
export interface Target {
  readonly name: string;
  readonly file: Uint8Array;
  readonly read: (bytes: Uint8Array) => E.Either<{ readonly message: string }, unknown>;
  readonly isProtected: boolean;
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

const matrix = { dtype: 'float64', shape: [2, 3], values: Float64Array.of(1, 2, 3, 4, 5, 6) } as const;

const recipe = right(recipeOf({ system: 'three-spin-binary', size: 4, seed: 1, forces: true }));

const data = right(generate(recipe)({ first: 0, count: 2 }));

/** As others write it: float32, forces and couplings, no metadata. */
const ownData = zip(
  Object.fromEntries(
    [
      { name: 'spins', shape: [2, 3], values: matrix.values },
      { name: 'energies', shape: [2], values: Float64Array.of(-1, 0.5) },
      { name: 'forces', shape: [2, 3], values: matrix.values },
      { name: 'couplings', shape: [1], values: Float64Array.of(2) },
    ].map(({ name, shape, values }) => [`${name}.npy`, npyOf({ dtype: 'float32', shape, values })]),
  ),
);

const small = network('dnn', { tag: 'dense', sites: 3, neurons: 2, layers: 1 });

const weights = initialWeights(1)(right(networkProgram(small)));

const model = right(writeModel('float64')({ network: small, weights }));

const trainedOn = { meta: customMeta, samples: 2, sha256: digest(ownData) };

const best = { epoch: 2, rmse: 0.25 };

const trainedModel = right(
  writeTrainedModel(digest)({
    ...{
      network: small,
      weights,
      program: '1.2.3',
      epoch: shortPlan.epochs,
      loss: 0.5,
      rateFactor: 0.5,
      best,
      validation: trainedOn,
    },
    run: right(showRecord({ network: small, plan: shortPlan, data: [trainedOn], chosenOn: trainedOn })),
  }),
);

const checkpoint = right(
  writeCheckpoint(digest)({
    network: small,
    run: 'a run',
    state: {
      epoch: 2,
      loss: 0.5,
      rateFactor: 0.5,
      best: { ...best, weights },
      adam: { step: 3, weights, firstMoment: weights, secondMoment: weights },
    },
  }),
);

const manifest = utf8(
  showManifest(digest)(manifestOf(digest, '1.2.3')({ kind: 'result', origin: { preset: 'quick' } }, Uint8Array.of(1))),
);

const result = networkWith([{ ...errorOf(4, 0.1), offset: 0.06, spread: 0.08, rmsePerDeviation: null }]);

const report = utf8(
  JSON.stringify({ title: 'A report', preset: 'quick', facts: [{ label: 'version', value: '1.2.3' }], sections: [] }),
);

/** A file as a job leaves it: what its manifest says it is, and how it is read back. */
interface Left {
  readonly name: string;
  readonly description: Description;
  readonly content: Uint8Array;
  readonly read: Target['read'];
}

const ofJob = { job: 'a job', computedBy: '1.2.3 reference' };

const left: readonly Left[] = [
  {
    name: 'result',
    description: { kind: 'result', origin: ofJob },
    content: utf8(JSON.stringify(result)),
    read: readResult,
  },
  {
    name: 'labels',
    description: {
      kind: 'data-set',
      origin: recipe,
      part: { shard: { i: 1, n: 1 }, samples: 2, rows: { first: 0, count: 2 }, checks: null },
    },
    content: npzOf(data),
    read: readNpz,
  },
  { name: 'model', description: { kind: 'model', origin: ofJob }, content: model, read: readModel },
];

/** A job's file and its manifest, read together: one of them is changed, the other is whole. */
const artifactsOf = ({ name, description, content, read }: Left): readonly Target[] => {
  const manifest = utf8(showManifest(digest)(manifestOf(digest, '1.2.3')(description, content)));
  const readBoth = (artifact: Artifact) => E.chainW(read)(artifactContent(digest)(description)(artifact));
  return [
    {
      name: `${name} of a job`,
      file: content,
      read: (bytes) => readBoth({ content: bytes, manifest }),
      isProtected: true,
    },
    {
      name: `manifest of the ${name} of a job`,
      file: manifest,
      read: (bytes) => readBoth({ content, manifest: bytes }),
      isProtected: true,
    },
  ];
};

/** Every reader of bytes from outside. */
export const targets: readonly Target[] = [
  { name: 'npy', file: npyOf(matrix), read: readNpy, isProtected: false },
  { name: 'npy text', file: writeNpyText('{"a": 1}'), read: readNpyText, isProtected: false },
  { name: 'npz', file: npzOf(data), read: openNpz, isProtected: false },
  { name: 'data set', file: npzOf(data), read: readNpz, isProtected: true },
  { name: 'own data', file: ownData, read: readLabelledNpz, isProtected: true },
  { name: 'safetensors', file: model, read: readSafetensors, isProtected: false },
  { name: 'model', file: model, read: readModel, isProtected: false },
  { name: 'trained model', file: trainedModel, read: readAnyModel(digest), isProtected: true },
  { name: 'checkpoint', file: checkpoint, read: readCheckpoint(digest), isProtected: true },
  { name: 'manifest', file: manifest, read: readManifest(digest), isProtected: true },
  {
    name: 'journal',
    file: new Uint8Array(Buffer.concat([entry(digest, Uint8Array.of(1, 2)), entry(digest, npzOf(data))])),
    read: (bytes) => E.right(contents(digest, bytes)),
    isProtected: false,
  },
  { name: 'result', file: utf8(JSON.stringify(result)), read: readResult, isProtected: false },
  { name: 'report', file: report, read: readReportIdentity, isProtected: false },
  ...left.flatMap(artifactsOf),
];

/** Words that readers look for, and numbers at the edges. */
const tokens = [
  '\0'.repeat(500),
  '[[[[[[[[[[',
  '__proto__',
  '1e999',
  '-1',
  'NaN',
  '99999999999999999999',
  "'shape': (1, 2),",
  '{"a":',
];

const spliced = (file: Uint8Array, at: number, removed: number, inserted: Uint8Array): Uint8Array =>
  new Uint8Array(Buffer.concat([file.subarray(0, at), inserted, file.subarray(at + removed)]));

/** The file with one to four changes: flipped bits, extreme bytes, parts that are lost, repeated or foreign. */
export const mutated = (file: Uint8Array, chance: Chance): Uint8Array =>
  Array.from({ length: 1 + Math.floor(chance() * 4) }).reduce<Uint8Array>((bytes) => {
    const at = Math.floor(chance() * bytes.length);
    const length = Math.floor(chance() ** 2 * (bytes.length - at));
    const token = tokens[Math.floor(chance() * tokens.length)] ?? '';
    switch (Math.floor(chance() * 5)) {
      case 0:
        return bytes.map((byte, i) => (i === at ? byte ^ (1 << Math.floor(chance() * 8)) : byte));
      case 1:
        return bytes.map((byte, i) => (i === at ? (chance() < 0.5 ? 0xff : 0) : byte));
      case 2:
        return spliced(bytes, at, length, new Uint8Array());
      case 3:
        return spliced(bytes, at, 0, bytes.slice(at, at + length));
      default:
        return spliced(bytes, at, chance() < 0.5 ? token.length : 0, Buffer.from(token, 'latin1'));
    }
  }, file);

/** The chances of one file of many, so that it is made again without those before it. */
export const chanceOfFile = (seed: number, index: number): Chance => chanceOf(seed ^ Math.imul(index + 1, 0x9e3779b1));

/** What is wrong with a reader's answer, in words; null where nothing is. */
export const faultOf = ({ read, file, isProtected }: Target, bytes: Uint8Array): string | null => {
  const answer = E.tryCatch(
    () => read(bytes),
    (error) => `thrown: ${String(error)}`,
  );
  if (E.isLeft(answer)) {
    return answer.left;
  }
  if (E.isLeft(answer.right)) {
    const { message } = answer.right.left;
    return message.length < 1000 && !/[\p{Cc}]/u.test(message) ? null : `a message of ${message.length} characters`;
  }
  return isProtected && JSON.stringify(answer.right) !== JSON.stringify(read(file))
    ? 'a wrong content is believed'
    : null;
};
