/** The schedule that backends share: passes, their sweeps, and the expressions of these. */
import {
  mapLeaves,
  withFusedProducts,
  type EntryExpression,
  type Node,
} from '../src/backend/schedule/entry-expression.ts';
import { passesOf, type Pass } from '../src/backend/schedule/passes.ts';
import { spectraOf } from '../src/backend/schedule/spectra.ts';
import { sweepOf, type Leaf, type Sweep } from '../src/backend/schedule/sweep.ts';
import { isPointwise } from '../src/program/operation.ts';
import { meaningOf } from '../src/program/program.ts';
import { verify } from './law.ts';
import {
  fusedProductsAreProducts,
  passesAreTheirProgram,
  pointwiseValuesAreComputedOnce,
  spectraThatGoOnAreReadOnce,
  transformsComputeWhatTheyAloneRead,
} from './laws/passes.ts';

type TakePasses = typeof passesOf;

const changed =
  (change: (passes: readonly Pass[]) => readonly Pass[]): TakePasses =>
  (program) => {
    const taken = passesOf(program);
    return { ...taken, passes: change(taken.passes) };
  };

const eachSweep = (change: (sweep: Sweep) => Sweep): TakePasses =>
  changed((passes) => passes.map((pass) => (pass.tag === 'sweep' ? { ...pass, sweep: change(pass.sweep) } : pass)));

const eachLeaf = (change: (leaf: Leaf) => Leaf): TakePasses =>
  eachSweep((sweep) => ({ ...sweep, expression: mapLeaves(sweep.expression, change) }));

/** The nodes of an expression, changed one by one. */
const eachNode =
  (change: (node: Node<Leaf>) => Node<Leaf>) =>
  (expression: EntryExpression<Leaf>): EntryExpression<Leaf> =>
    expression.map(change);

/** Pointwise values are computed again by whoever reads them. */
const computedAgain: TakePasses = (program) => {
  const { passes, ...rest } = passesOf(program);
  const isInlined: Parameters<typeof sweepOf>[1]['isInlined'] = (id) => isPointwise(meaningOf(program.equations)(id));
  const again = sweepOf(program, { isInlined, absorbed: new Map() });
  return {
    ...rest,
    passes: passes.map((pass) => (pass.tag === 'sweep' ? { ...pass, sweep: again(pass.stores) } : pass)),
  };
};

verify(passesAreTheirProgram, passesOf, {
  'each component is the first': eachLeaf((leaf) =>
    leaf.tag === 'entry' && leaf.component === 'each' ? { ...leaf, component: 0 } : leaf,
  ),
  'contractions go over the first component': eachLeaf((leaf) =>
    leaf.tag === 'entry' && leaf.component !== 'each' ? { ...leaf, component: 0 } : leaf,
  ),
  'scalars are ones': eachSweep((sweep) => ({
    ...sweep,
    expression: eachNode((node) =>
      node.tag === 'leaf' && node.leaf.tag === 'scalar' ? { tag: 'constant', value: 1 } : node,
    )(sweep.expression),
  })),
  'products are sums': eachSweep((sweep) => ({
    ...sweep,
    expression: eachNode((node) => (node.tag === 'multiply' ? { ...node, tag: 'add' } : node))(sweep.expression),
  })),
  'correlations start from zero': changed((passes) =>
    passes.map((pass) => (pass.tag === 'correlation' ? { ...pass, start: null } : pass)),
  ),
  'no sum is one of terms': (program) => ({ ...passesOf(program), terms: new Map() }),
  'the last pass is left out': changed((passes) => passes.slice(0, -1)),
  'passes come in the opposite order': changed((passes) => passes.toReversed()),
});

verify(pointwiseValuesAreComputedOnce, passesOf, {
  'what is read twice is computed twice': computedAgain,
  'a sweep names what it stores alone': eachSweep((sweep) => ({
    ...sweep,
    computes: sweep.computes.filter((id) => id === sweep.stores),
  })),
  'the last pass is taken twice': changed((passes) => [...passes, ...passes.slice(-1)]),
  'sweeps are left out': changed((passes) => passes.filter(({ tag }) => tag !== 'sweep')),
});

verify(fusedProductsAreProducts, withFusedProducts, {
  'products stay alone': (expression) => expression,
  'the factor and the addend change places': (expression) =>
    withFusedProducts(expression).map((node) =>
      node.tag === 'multiplyAdd' ? { ...node, left: node.addend, addend: node.left } : node,
    ),
  'the addend is left out': (expression) =>
    withFusedProducts(expression).map((node) =>
      node.tag === 'multiplyAdd' ? { tag: 'multiply', left: node.left, right: node.right } : node,
    ),
});

verify(spectraThatGoOnAreReadOnce, spectraOf, {
  'whatever a correlation starts from goes on': (program, passes, mostEntries) => {
    const starts = passes.passes.flatMap((pass) => (pass.tag === 'correlation' ? [pass.start] : []));
    return { ...spectraOf(program, passes, mostEntries), goesOn: (value) => starts.includes(value) };
  },
  'kernels of samples have spectra too': (program, passes, mostEntries) => ({
    ...spectraOf(program, passes, mostEntries),
    isSpectral: ({ tag }) => tag === 'correlation',
  }),
});

/** Sweeps that `isLeft` names are left to transforms too. */
const leftToo =
  (isLeft: (sweep: Sweep) => boolean): typeof spectraOf =>
  (program, passes, mostEntries) => {
    const spectra = spectraOf(program, passes, mostEntries);
    return {
      ...spectra,
      isSpectral: (pass) => spectra.isSpectral(pass) || (pass.tag === 'sweep' && isLeft(pass.sweep)),
    };
  };

verify(transformsComputeWhatTheyAloneRead, spectraOf, {
  'none is left to a transform': (program, passes) => spectraOf(program, passes, 0),
  'all are, whatever they read': (program, passes) => spectraOf(program, passes, Infinity),
  'products of two are, whoever reads them': leftToo(({ expression: { length } }) => length === 3),
  'outputs are': (program, passes, mostEntries) => ({
    ...spectraOf({ ...program, outputs: {} }, passes, mostEntries),
  }),
});
