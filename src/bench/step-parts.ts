/**
 * The parts that the time of a training step goes to, by the function in which a profiler finds it: kernels by their names, the rest
 * of the step by the files of its functions.
 */

/** A function, and the seconds of a run that a profiler found in it. */
export interface Sampled {
  /** Of the function: kernels are called by their family and a number, `forward.3`. */
  readonly name: string;
  /** Of its file. */
  readonly url: string;
  readonly seconds: number;
}

/** The seconds of a part that no sample fell into, less than any that are measured: a ratio to them is finite. */
export const leastSeconds = 1e-9;

/** Where time goes; `rest` is what has no other part, the garbage collector among it. */
export const stepParts = [
  'spectra',
  'products',
  'inverse',
  'gradients',
  'pointwise',
  'adam',
  'gather',
  'rest',
] as const;

/** The name of a part. */
export type StepPart = (typeof stepParts)[number];

/** The families of kernels of each part; those that are not listed are pointwise. */
const families: Readonly<Record<string, StepPart>> = {
  forward: 'spectra',
  placeTaps: 'spectra',
  product: 'products',
  correlate: 'products',
  correlateEach: 'products',
  inverse: 'inverse',
  spectralGradient: 'gradients',
  kernelGradient: 'gradients',
  outerProducts: 'gradients',
  kernelGradientEach: 'gradients',
  gatherTaps: 'gradients',
  combine: 'gradients',
  realSweep: 'adam',
  step0: 'adam',
  step1: 'adam',
  gather: 'gather',
  loadReals: 'gather',
  storeReals: 'gather',
};

/** The ends of files whose functions belong to a part. */
const files: readonly (readonly [RegExp, StepPart])[] = [
  [/\/(?:training\/adam|schedule\/update|schedule\/entrywise\.kernel)\.[jt]s$/, 'adam'],
  [/\/(?:schedule\/gather|wasm\/execute)\.[jt]s$/, 'gather'],
];

/**
 * The part that a function belongs to.
 *
 * @example
 * partOf({ name: 'spectralGradient.12', url: 'wasm://wasm/0a1b' }) // 'gradients'
 */
export const partOf = ({ name, url }: Pick<Sampled, 'name' | 'url'>): StepPart => {
  if (url.startsWith('wasm:')) {
    const family = name.split(/[. ]/)[0] ?? '';
    return Object.hasOwn(families, family) ? (families[family] ?? 'pointwise') : 'pointwise';
  }
  // A loader may have added a query.
  const [path = ''] = url.split('?');
  return files.find(([file]) => file.test(path))?.[1] ?? 'rest';
};

/** The seconds of each part of a run. */
export const secondsOfParts = (samples: readonly Sampled[]): Readonly<Record<StepPart, number>> => {
  const seconds = (part: StepPart): number =>
    samples.filter((sample) => partOf(sample) === part).reduce((sum, sample) => sum + sample.seconds, 0);
  return {
    spectra: seconds('spectra'),
    products: seconds('products'),
    inverse: seconds('inverse'),
    gradients: seconds('gradients'),
    pointwise: seconds('pointwise'),
    adam: seconds('adam'),
    gather: seconds('gather'),
    rest: seconds('rest'),
  };
};
