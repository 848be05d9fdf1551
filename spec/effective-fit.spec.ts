/** The effective model is fitted: ridge regression against ml-matrix, the designs of Eq. (3), couplings found again. */
import { effectiveDesign } from '../src/hamiltonian/effective-design.ts';
import { tiles } from '../src/hamiltonian/effective-model.ts';
import { symmetricDesign, symmetricFeatures, symmetricTerms } from '../src/hamiltonian/symmetric-effective-model.ts';
import { heldOutFit, ridgeFits } from '../src/linear/ridge.ts';
import { verify } from './law.ts';
import {
  designIsOfFeatures,
  heldOutChooses,
  plantedCouplingsAreFound,
  plantedTilesAreFound,
  ridgeIsLeastSquares,
  symmetricFeaturesAreInvariant,
  termsAreCounted,
} from './laws/effective-fit.ts';
import { right } from './right.ts';

verify(ridgeIsLeastSquares, ridgeFits, {
  'nothing is fitted': (ridges) => (design, y) => ridgeFits(ridges, { tolerance: 1, most: 0 })(design, y),
  'the least ridge serves all': (ridges, patience) => (design, y) =>
    ridges.flatMap((ridge) => ridgeFits([Math.min(...ridges)], patience)(design, y).map((fit) => ({ ...fit, ridge }))),
  'one step is left out':
    (ridges, { tolerance }) =>
    (design, y) =>
      ridgeFits(ridges, { tolerance, most: design.columns - 1 })(design, y),
  'the constant is held at 0': (ridges, patience) => (design, y) =>
    ridgeFits(ridges, patience)(design, y).map((fit) => ({ ...fit, constant: 0 })),
  'the ridge is that of the mean square': (ridges, patience) => (design, y) =>
    ridgeFits(
      ridges.map((ridge) => ridge * design.rows),
      patience,
    )(design, y).map((fit, i) => ({ ...fit, ridge: ridges[i] ?? NaN })),
});

verify(heldOutChooses, heldOutFit, {
  'the fitted samples choose': (patience) => (fitted) => heldOutFit(patience)(fitted, fitted),
  'the largest ridge is taken': (patience) => (fitted, heldOut) => ({
    ...heldOutFit(patience)(fitted, heldOut),
    ridge: Infinity,
  }),
});

verify(designIsOfFeatures, effectiveDesign, {
  'the constant is no column': (clusters) => (configurations) => {
    const design = effectiveDesign(clusters)(configurations);
    return { ...design, transposed: (u) => design.transposed(u).map((x, i) => (i === 0 ? 0 : x)) };
  },
  'the last cluster is left out': (clusters) => effectiveDesign(clusters.slice(0, -1)),
  'all samples count alike': (clusters) => (configurations) => {
    const design = effectiveDesign(clusters)(configurations);
    return { ...design, transposed: (u) => design.transposed(u.map(() => u[0] ?? 0)) };
  },
});

verify(termsAreCounted, symmetricTerms, {
  'a wider window': (width) => symmetricTerms(width + 1),
  'translations are all the symmetries': (width) =>
    symmetricTerms(width).flatMap((members) => (members.length > 4 ? [members, members] : [members])),
  'shorter and longer ones are one class': (width) => [symmetricTerms(width).flat()],
});

verify(symmetricFeaturesAreInvariant, symmetricFeatures, {
  'windows do not wrap': (width, lattice) => (spins) =>
    symmetricFeatures(
      width,
      lattice,
    )({
      ...spins,
      components: spins.components.map((x, i) => (i % spins.size === 0 ? 0 : x)),
    }),
  'terms are not scaled': (width, lattice) => (spins) =>
    symmetricFeatures(width, lattice)(spins).map((x) => x * lattice.size),
  'the last class is forgotten': (width, lattice) => (spins) => symmetricFeatures(width, lattice)(spins).slice(0, -1),
});

verify(
  plantedCouplingsAreFound,
  { design: symmetricDesign(2, { size: 6 }), fit: ridgeFits },
  {
    'the fit is held down': {
      design: symmetricDesign(2, { size: 6 }),
      fit: (ridges, patience) =>
        ridgeFits(
          ridges.map((ridge) => ridge + 0.1),
          patience,
        ),
    },
    'one class is no column': {
      design: (configurations) => {
        const design = symmetricDesign(2, { size: 6 })(configurations);
        return { ...design, transposed: (u) => design.transposed(u).map((x, i) => (i === 3 ? 0 : x)) };
      },
      fit: ridgeFits,
    },
  },
);

const tilesDesign = effectiveDesign(right(tiles(2)({ size: 4 })));

verify(
  plantedTilesAreFound,
  { design: tilesDesign, fit: ridgeFits },
  {
    'the fit is held down': {
      design: tilesDesign,
      fit: (ridges, patience) =>
        ridgeFits(
          ridges.map((ridge) => ridge + 1),
          patience,
        ),
    },
    'tiles share their sites': {
      design: effectiveDesign(right(tiles(2)({ size: 2 })).flatMap((tile) => [tile, tile])),
      fit: ridgeFits,
    },
    'three tiles are fitted': { design: effectiveDesign(right(tiles(2)({ size: 4 })).slice(1)), fit: ridgeFits },
  },
);
