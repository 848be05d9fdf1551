/**
 * Verification of a folder: from what was observed there, everything that is wrong with it. A folder holds whole data
 * sets, models and results, and the shards of at most one run; beside each file lies its manifest. Journals and checkpoints
 * are those of runs that are not finished.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as O from 'fp-ts/lib/Option.js';

import { readNpz } from '../dataset/data-set-file.ts';
import { sampleCount, type DataSet } from '../dataset/data-set.ts';
import { rowsPerConfiguration } from '../dataset/images.ts';
import { recipeIn, type Recipe } from '../dataset/recipe.ts';
import { endOf, gaps, overlaps, shard, type Range } from '../dataset/shard.ts';
import type { Sample } from '../dataset/source.ts';
import { canonicalJson } from '../file/canonical-json.ts';
import { checkpointEnding, isCheckpoint } from '../file/checkpoint-mark.ts';
import { dataError, type DataError } from '../file/data-error.ts';
import type { Digest } from '../file/digest.ts';
import { readSafetensors, type TensorFile } from '../file/safetensors.ts';
import { isSealed, unsealed } from '../file/sealed-tensors.ts';
import { disagreement, labelTolerance, rowOf } from './agreement.ts';
import type { DataSetManifest, Manifest } from './manifest.ts';

/** What can be seen of a file. */
export interface Observation {
  readonly bytes: number;
  readonly sha256: string;
  /** What a data file says it holds; nothing for other files. */
  readonly content: O.Option<Either<DataError, Content>>;
  /** Whether a model or checkpoint without a manifest is as its training left it; nothing for other files, and for models that do not say. */
  readonly seal: O.Option<Either<DataError, unknown>>;
  /** Whether its name says that it is the checkpoint of a training, or, where no manifest describes it, its content. */
  readonly isCheckpoint: boolean;
  /** Why it could not be read, where that is so; nothing else is known of it then. */
  readonly unreadable?: string;
}

/** A file that is there, and cannot be read for this reason. */
export const unreadable = (reason: string): Observation => ({
  bytes: 0,
  sha256: '',
  content: O.none,
  seal: O.none,
  isCheckpoint: false,
  unreadable: reason,
});

/** What a data file holds. */
export interface Content {
  readonly recipe: Recipe;
  readonly rows: Range;
  /** Those samples that were asked for. */
  readonly samples: readonly StoredSample[];
}

/** A sample as a file has it. */
export interface StoredSample {
  /** Its row in the whole data set. */
  readonly row: number;
  readonly stored: Sample;
}

/** A sample as the file has it, and as it was made again. */
export interface SampleCheck extends StoredSample {
  readonly path: string;
  readonly again: Either<DataError, Sample>;
}

/** A data set as a manifest describes it: by its recipe, and which rows of it a file holds. */
type DescribedData = Pick<DataSetManifest, 'origin' | 'part'>;

/** What is in a folder; paths are relative to it, and those of manifests are the paths of their files. */
export interface Folder {
  readonly manifests: ReadonlyMap<string, Either<DataError, Manifest>>;
  readonly files: ReadonlyMap<string, Observation>;
  readonly journals: readonly string[];
  readonly samples: readonly SampleCheck[];
}

/** Something that is wrong with a folder. */
export interface Finding {
  readonly kind:
    | 'damaged manifest'
    | 'no manifest'
    | 'missing file'
    | 'unreadable file'
    | 'damaged file'
    | 'wrong content'
    | 'wrong sample'
    | 'foreign shard'
    | 'missing rows'
    | 'overlapping rows'
    | 'unfinished run';
  readonly path: string;
  /** What is wrong, and what to do. */
  readonly message: string;
}

/** A manifest's name is its file's with this at the end. */
export const manifestSuffix = '.manifest.json';

/** So is the journal of a run that is not finished. */
export const journalSuffix = '.journal';

/** Where the manifest of a file lies. */
export const manifestPath = (path: string): string => path + manifestSuffix;

/** Where the journal of a run lies that will write a file. */
export const journalPath = (path: string): string => path + journalSuffix;

const isDataFile = (path: string): boolean => path.endsWith('.npz');

/** How the name of a model's file ends. */
export const modelSuffix = '.safetensors';

const isModelFile = (path: string): boolean => path.endsWith(modelSuffix);

const isCheckpointFile = (path: string): boolean => path.endsWith(checkpointEnding);

/**
 * Whether something can be said of a file: a manifest describes it, or it holds data, a model, or a checkpoint.
 *
 * @example
 * canBeVerified(new Map())('a.npz') // true
 */
export const canBeVerified =
  (manifests: Folder['manifests']) =>
  (path: string): boolean =>
    manifests.has(path) || isDataFile(path) || isModelFile(path) || isCheckpointFile(path);

const describesData = (manifest: Either<DataError, Manifest> | undefined): boolean =>
  manifest !== undefined && E.isRight(manifest) && manifest.right.kind === 'data-set';

const contentIn = (data: DataSet, rows: readonly number[]): Content => {
  const range = { first: data.meta.firstIndex, count: sampleCount(data) };
  return {
    recipe: recipeIn(data),
    rows: range,
    samples: rows
      .filter((row) => row >= range.first && row < endOf(range))
      .map((row) => ({ row, stored: rowOf(data)(row - range.first) })),
  };
};

/** The data set in these bytes. Fails unless it holds the very rows of the recipe that a description says, seed and all. */
export const dataSetOf =
  (described: DescribedData) =>
  (bytes: Uint8Array): Either<DataError, DataSet> =>
    pipe(
      readNpz(bytes),
      E.filterOrElse(
        (data) => holds(described)(E.right(contentIn(data, []))),
        () => dataError(otherRows(described)),
      ),
    );

/** What these bytes look like under this name beside these manifests, with the samples of these rows of the whole data set. */
export const observe =
  (digest: Digest, manifests: Folder['manifests']) =>
  (path: string, bytes: Uint8Array, rows: readonly number[] = []): Observation => {
    const tensors =
      (isModelFile(path) || isCheckpointFile(path)) && !manifests.has(path) ? O.some(readSafetensors(bytes)) : O.none;
    const checkpoint = isCheckpointFile(path) || pipe(tensors, O.exists(E.exists(isCheckpoint)));
    return {
      bytes: bytes.length,
      sha256: digest(bytes),
      content:
        isDataFile(path) || describesData(manifests.get(path))
          ? O.some(
              pipe(
                readNpz(bytes),
                E.map((data) => contentIn(data, rows)),
              ),
            )
          : O.none,
      seal: pipe(tensors, O.chain(checkpoint ? checkpointSeal(digest) : modelSeal(digest))),
      isCheckpoint: checkpoint,
    };
  };

type Seal = (tensors: Either<DataError, TensorFile>) => Observation['seal'];

/** Whether a model is what its digest says; nothing of one that names neither a digest nor a training, as other programs write them. */
const modelSeal = (digest: Digest): Seal =>
  E.match(
    (error) => O.some(E.left(error)),
    (file) =>
      isSealed(file) || Object.hasOwn(file.metadata, 'run') ? O.some(unsealed(digest, 'a model')(file)) : O.none,
  );

/** Whether a checkpoint is what its digest says. */
const checkpointSeal =
  (digest: Digest): Seal =>
  (tensors) =>
    O.some(pipe(tensors, E.chain(unsealed(digest, 'a checkpoint'))));

/** Everything that is wrong with a folder; nothing if all is well. */
export const findings = (folder: Folder): readonly Finding[] => [
  ...[...folder.manifests].flatMap(([path, manifest]) =>
    E.isLeft(manifest)
      ? [{ kind: 'damaged manifest' as const, path: path + manifestSuffix, message: manifest.left.message }]
      : fileFindings(path, manifest.right, folder.files.get(path)),
  ),
  ...[...folder.files].flatMap(([path, file]) => (folder.manifests.has(path) ? [] : undescribedFindings(path, file))),
  ...strays(folder),
  ...groupedByFolder(dataSetsOf(folder)).flatMap(runFindings),
  ...folder.samples.flatMap((check) => sampleFindings(folder, check)),
];

/** Whether a file is what its manifest says. */
const fileFindings = (path: string, manifest: Manifest, file: Observation | undefined): readonly Finding[] => {
  if (file === undefined) {
    return [
      {
        kind: 'missing file',
        path,
        message: 'expected the file that a manifest describes, there is none: make it again',
      },
    ];
  }
  if (file.unreadable !== undefined) {
    return [{ kind: 'unreadable file', path, message: file.unreadable }];
  }
  if (!hasDigest(manifest, file)) {
    return [
      {
        kind: 'damaged file',
        path,
        message:
          `expected ${manifest.bytes} bytes of SHA-256 ${manifest.sha256.slice(0, 12)}.., ` +
          `got ${file.bytes} of ${file.sha256.slice(0, 12)}..: copy it again, or make it again`,
      },
    ];
  }
  if (manifest.kind === 'checkpoint') {
    return [stoppedTraining(path)];
  }
  return manifest.kind === 'data-set' && !isWhole(manifest, file)
    ? [
        {
          kind: 'wrong content',
          path,
          message: otherRows(manifest),
        },
      ]
    : [];
};

/** What to do with a training whose checkpoint is of no use. */
export const toBeginAnew = 'to begin the training anew, give --overwrite without --resume';

const stoppedTraining = (path: string): Finding => ({
  kind: 'unfinished run',
  path,
  message:
    'expected finished runs, got the checkpoint of a training that was stopped: start it again to go on (efnn train: with the ' +
    'same options and --resume)',
});

/** What is wrong with a file that no manifest describes, as far as it says itself what it is. */
const undescribedFindings = (
  path: string,
  { unreadable: reason, seal, isCheckpoint: stopped }: Observation,
): readonly Finding[] => {
  if (reason !== undefined) {
    return [{ kind: 'unreadable file', path, message: reason }];
  }
  if (O.isSome(seal) && E.isLeft(seal.value)) {
    const { message } = seal.value.left;
    return [{ kind: 'damaged file', path, message: stopped ? `${message}; ${toBeginAnew}` : message }];
  }
  return stopped ? [stoppedTraining(path)] : [];
};

const otherRows = ({ part: { rows } }: DescribedData): string =>
  `expected ${nameOfRows(rows)} of its recipe, got others: make it again`;

const hasDigest = (manifest: Manifest, file: Observation): boolean =>
  file.bytes === manifest.bytes && file.sha256 === manifest.sha256;

/** Whether a data file is the very one that its manifest describes; for no other is anything computed. */
export const isWhole = (manifest: DataSetManifest, file: Observation): boolean =>
  hasDigest(manifest, file) && pipe(file.content, O.exists(holds(manifest)));

const holds =
  ({ origin, part: { rows } }: DescribedData) =>
  (content: Either<DataError, Content>): boolean =>
    E.isRight(content) &&
    canonicalJson(content.right.recipe) === canonicalJson(origin) &&
    content.right.rows.first === rows.first &&
    content.right.rows.count === rows.count;

/** Data files without a manifest beside others that have one, and journals. */
const strays = ({ manifests, files, journals }: Folder): readonly Finding[] => [
  ...[...files.keys()]
    .filter((path) => isDataFile(path) && !manifests.has(path))
    .filter((path) => [...manifests.keys()].some((other) => folderOf(other) === folderOf(path)))
    .map((path): Finding => ({
      kind: 'no manifest',
      path,
      message: `expected a manifest beside it, '${path}${manifestSuffix}', there is none: make both again`,
    })),
  ...journals.map((path): Finding => ({
    kind: 'unfinished run',
    path,
    message: 'expected finished runs, got the journal of one that was stopped: start it again to go on',
  })),
];

/** What the manifest of a file of data says of it, which may be one shard of several. */
interface DataSetFile {
  readonly path: string;
  readonly recipe: string;
  readonly rowsPerConfiguration: number;
  readonly part: DataSetManifest['part'];
}

const dataSetsOf = ({ manifests }: Folder): readonly DataSetFile[] =>
  [...manifests].flatMap(([path, manifest]) =>
    E.isRight(manifest) && manifest.right.kind === 'data-set' ? [dataSetFile(path, manifest.right)] : [],
  );

const dataSetFile = (path: string, { origin, part }: DataSetManifest): DataSetFile => ({
  path,
  recipe: canonicalJson(origin),
  rowsPerConfiguration: rowsPerConfiguration(origin),
  part,
});

const groupedByFolder = (files: readonly DataSetFile[]): readonly (readonly DataSetFile[])[] =>
  groups(files, ({ path }) => folderOf(path));

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);

const groups = <A>(all: readonly A[], key: (a: A) => string): readonly (readonly A[])[] =>
  [...new Set(all.map(key))].map((value) => all.filter((a) => key(a) === value));

/**
 * Whether the shards of one folder make up a run. Files that were never divided stand for themselves, and no shard is foreign
 * beside them; but of divided runs the folder is for one alone: for the one with most rows in shards there, and the shards of
 * all others are foreign. Whole files of that one hold rows of it too.
 */
const runFindings = (files: readonly DataSetFile[]): readonly Finding[] => {
  const divided = groups(files.filter(isShard), ({ recipe }) => recipe);
  const home = largest(divided)[0]?.recipe;
  return divided.flatMap((shards) =>
    shards[0]?.recipe === home ? rowFindings(files.filter(({ recipe }) => recipe === home)) : shards.map(foreign),
  );
};

const isShard = ({ part }: DataSetFile): boolean => part.shard.n > 1;

const rowsIn = (run: readonly DataSetFile[]): number => run.reduce((sum, { part }) => sum + part.rows.count, 0);

const largest = (runs: readonly (readonly DataSetFile[])[]): readonly DataSetFile[] =>
  runs.toSorted((a, b) => rowsIn(b) - rowsIn(a))[0] ?? [];

const foreign = ({ path }: DataSetFile): Finding => ({
  kind: 'foreign shard',
  path,
  message: 'expected the shards of one run, got one of a run of another recipe: move it to a folder for that run',
});

/** Rows of a run that are in no shard, or in two. */
const rowFindings = (run: readonly DataSetFile[]): readonly Finding[] => {
  const total = Math.max(...run.map(({ part }) => part.samples));
  const ranges = run.map((one) => ({ ...one, ...one.part.rows }));
  return [
    ...gaps({ first: 0, count: total }, ranges).map((gap) => missing(run, total, gap)),
    ...overlaps(ranges).map(({ path, first, count }): Finding => ({
      kind: 'overlapping rows',
      path,
      message: `expected each row once, ${nameOfRows({ first, count })} also occur in another file: remove one of them`,
    })),
  ];
};

const missing = (run: readonly DataSetFile[], total: number, gap: Range): Finding => {
  const names = run.flatMap((one) => namesOfShards(one, gap));
  return {
    kind: 'missing rows',
    path: run[0]?.path ?? '',
    message:
      `expected all ${total} rows of its data set, ${nameOfRows(gap)} are missing` +
      `${names[0] === undefined ? '' : ` (${names[0]})`}: generate or copy them`,
  };
};

/** Which shards beside this one make up a gap, if any do: piece i begins at floor(configurations (i - 1) / n). */
const namesOfShards = ({ part, rowsPerConfiguration: per }: DataSetFile, gap: Range): readonly string[] => {
  const { n } = part.shard;
  const configurations = part.samples / per;
  const from = Math.ceil((gap.first * n) / part.samples) + 1;
  const to = Math.ceil((endOf(gap) * n) / part.samples);
  const [first, last] = [shard(configurations, from, n), shard(configurations, to, n)];
  return E.isRight(first) &&
    E.isRight(last) &&
    first.right.first * per === gap.first &&
    endOf(last.right) * per === endOf(gap)
    ? [from === to ? `shard ${from}/${n}` : `shards ${from}/${n} to ${to}/${n}`]
    : [];
};

const nameOfRows = ({ first, count }: Range): string =>
  count === 1 ? `row ${first}` : `rows ${first} to ${endOf({ first, count }) - 1}`;

/** Whether a sample was made as its recipe says. */
const sampleFindings = ({ manifests }: Folder, { path, row, stored, again }: SampleCheck): readonly Finding[] => {
  const manifest = manifests.get(path);
  if (manifest === undefined || E.isLeft(manifest) || manifest.right.kind !== 'data-set') {
    return [];
  }
  const { origin } = manifest.right;
  return pipe(
    again,
    E.match(
      ({ message }) => O.some(`a recipe that cannot be followed (${message})`),
      (expected) => disagreement(labelTolerance(origin), origin.sampleShape)(expected, stored),
    ),
    O.match(
      () => [],
      (difference) => [
        { kind: 'wrong sample' as const, path, message: `row ${row} has ${difference}: make the file again` },
      ],
    ),
  );
};
