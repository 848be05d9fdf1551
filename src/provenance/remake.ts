/** Stored samples that verification makes again: which they are, by which recipe, and what is compared. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as O from 'fp-ts/lib/Option.js';

import type { DataSet } from '../dataset/data-set.ts';
import { rowsPerConfiguration } from '../dataset/images.ts';
import { referenceRecipe, type Recipe } from '../dataset/recipe.ts';
import type { Range } from '../dataset/shard.ts';
import { sourceOf } from '../dataset/source.ts';
import type { DataError } from '../file/data-error.ts';
import { rowOf } from './agreement.ts';
import type { DataSetManifest, Manifest } from './manifest.ts';
import { isWhole, type Folder, type Observation, type SampleCheck, type StoredSample } from './verification.ts';

type Manifests = Folder['manifests'];

const isDataSet = (manifest: E.Either<DataError, Manifest> | undefined): manifest is E.Right<DataSetManifest> =>
  manifest !== undefined && E.isRight(manifest) && manifest.right.kind === 'data-set';

/** Rows of the whole data set, by the paths of the files that hold them. */
export type Rows = ReadonlyMap<string, readonly number[]>;

/** Rows at random among all those that the manifests promise. */
export const rowsToCheck = (
  manifests: Manifests,
  choose: (ranges: readonly Range[]) => readonly (readonly number[])[],
): Rows => {
  const dataSets = [...manifests].flatMap(([path, manifest]) =>
    isDataSet(manifest) ? [{ path, ...manifest.right.part.rows }] : [],
  );
  const chosen = choose(dataSets);
  return new Map(dataSets.map(({ path }, i) => [path, chosen[i] ?? []]));
};

/** A stored sample that is to be made again. */
export interface Remake extends StoredSample {
  readonly path: string;
  /** The recipe to make it by, by the method that judges the others; or why there is none. */
  readonly recipe: E.Either<DataError, Recipe>;
  /** Of its configuration. */
  readonly index: number;
  /** Which of the configuration's images it is. */
  readonly image: number;
}

/** What was stored, if the file is whole, with the recipe to make it by. */
export const remakesOf = (manifests: Manifests, files: ReadonlyMap<string, Observation>): readonly Remake[] =>
  [...files].flatMap(([path, file]) => {
    const { content } = file;
    const manifest = manifests.get(path);
    if (!isDataSet(manifest) || O.isNone(content) || E.isLeft(content.value) || !isWhole(manifest.right, file)) {
      return [];
    }
    const { origin } = manifest.right;
    const perConfiguration = rowsPerConfiguration(origin);
    const recipe = pipe(E.right(referenceRecipe(origin)), E.chainFirst(sourceOf));
    return content.value.right.samples.map(({ row, stored }) => {
      const index = Math.floor(row / perConfiguration);
      return { path, row, stored, recipe, index, image: row - index * perConfiguration };
    });
  });

/** A stored sample beside the one that was made again: an image of the one configuration of these data. */
export const checkOf = ({ path, row, stored, image }: Remake, made: E.Either<DataError, DataSet>): SampleCheck => ({
  ...{ path, row, stored },
  again: pipe(
    made,
    E.map((data) => rowOf(data)(image)),
  ),
});
