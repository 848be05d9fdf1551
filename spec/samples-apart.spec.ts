/** Samples that count once: no file is trained on twice, none held out that is trained on. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';

import { usageError } from '../src/command/command-error.ts';
import { trainedOnLine } from '../src/command/evaluated-spins.ts';
import { eachOnce, heldApart } from '../src/command/samples-apart.ts';
import { commonSamples, type HeldSamples } from '../src/dataset/common-samples.ts';
import { customSystem } from '../src/dataset/meta.ts';
import { verify } from './law.ts';
import {
  commonSamplesAreRefused,
  commonSamplesAreThoseOfEqualSpins,
  trainingSamplesAreNamed,
  type Apart,
  type CommonSamples,
} from './laws/samples-apart.ts';

/** What is found where the second file is taken for one that is more like the first. */
const takenFor =
  (change: (other: HeldSamples, one: HeldSamples) => HeldSamples): CommonSamples =>
  (one, other) =>
    commonSamples(one, change(other, one));

/** Metadata with something of those of the other file. */
const withMeta = (other: HeldSamples, one: HeldSamples, keys: readonly string[]): HeldSamples =>
  other.meta.system === customSystem || one.meta.system === customSystem
    ? other
    : {
        ...other,
        meta: {
          ...other.meta,
          ...Object.fromEntries(Object.entries(one.meta).filter(([key]) => keys.includes(key))),
        },
      };

verify(commonSamplesAreThoseOfEqualSpins, commonSamples, {
  'copies of a file alone are found': (one, other) => (one.sha256 === other.sha256 ? commonSamples(one, other) : 0),
  'seeds are not compared': takenFor((other, one) => withMeta(other, one, ['seed'])),
  'samplers are not compared': takenFor((other, one) => withMeta(other, one, ['sampler'])),
  'sizes are not compared': takenFor((other, one) => ({ ...other, sampleShape: one.sampleShape })),
  'images are configurations': takenFor((other, one) => withMeta(other, one, ['images'])),
  'files of one run are the same': takenFor((other, one) => withMeta(other, one, ['firstIndex'])),
  'own data are never the same': (one, other) => (one.meta.system === customSystem ? 0 : commonSamples(one, other)),
});

const apart: Apart = { eachOnce, heldApart: (file, heldOut) => heldApart([file])(heldOut) };

/** Refusals in other words. */
const saying = (change: (message: string) => string): Apart => {
  const said = E.mapLeft(({ message }: { readonly message: string }) => usageError(change(message)));
  return {
    eachOnce: (files) => pipe(apart.eachOnce(files), said),
    heldApart: (file, heldOut) => pipe(apart.heldApart(file, heldOut), said),
  };
};

verify(commonSamplesAreRefused, apart, {
  'a file may be there twice': { ...apart, eachOnce: E.right },
  'what is trained on may be held out': { ...apart, heldApart: () => E.right(null) },
  'two files are one too many': { ...apart, eachOnce: () => E.left(usageError('expected one file, got two')) },
  'another seed is advised where it is another Hamiltonian': saying((message) =>
    message.replace('the same seed, more --samples and the last --shard', 'another --seed'),
  ),
  'nothing is advised': saying((message) => message.replace(/: [^:]*with .*$/, '')),
  'the files are not named': saying((message) => message.replaceAll(/'\w\.npz'/g, 'a file')),
});

verify(trainingSamplesAreNamed, trainedOnLine, {
  'the first file alone is known': (trained, file) => trainedOnLine(trained.slice(0, 1), file),
  'every file was trained on': (trained, { path }) =>
    trainedOnLine(trained, { path, sha256: trained[0]?.sha256 ?? '' }),
  'nothing is said': () => null,
});
