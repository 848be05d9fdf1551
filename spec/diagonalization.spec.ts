/** The diagonalization of Hermitian matrices. */
import { describe, expect, it } from 'vitest';

import { diagonalizationBy, plainSteps, wasmSteps, type DiagonalizationSteps } from '../src/linear/diagonalize.ts';
import { tridiagonalizationByPanels } from '../src/linear/blocked-tridiagonal.kernel.ts';
import type { HermitianMatrix } from '../src/linear/hermitian-matrix.ts';
import { sumOfTerms } from '../src/linear/sum-of-terms.kernel.ts';
import type { Tridiagonalization } from '../src/linear/tridiagonal.kernel.ts';
import { householderProductsOf, type HouseholderProducts } from '../src/linear/wasm/householder-products.kernel.ts';
import type { Reals } from '../src/number/reals.ts';
import { hermitian } from './arbitraries/hermitian.ts';
import { verify } from './law.ts';
import {
  boundSelectsVectors,
  eigenvectorsSolve,
  realEmbedding,
  sameLevelsAs,
  sameVectorsAs,
  spectrumScales,
  traceAndNorm,
  unitaryInvariance,
  vectorsGiveMatrix,
  type Diagonalization,
  type LevelsOfMatrix,
} from './laws/diagonalization.ts';
import { messageOf, right } from './right.ts';

const stepsOf: Readonly<Record<string, DiagonalizationSteps>> = { plain: plainSteps, wasm: wasmSteps };

const solverBy = ({ eigenvalues, eigensystemBelow }: ReturnType<typeof diagonalizationBy>): Diagonalization => ({
  eigenvalues: (matrix) => right(eigenvalues(matrix)),
  eigensystemBelow: (bound) => (matrix) => right(eigensystemBelow(bound)(matrix)),
});

describe.each(Object.keys(stepsOf))('%s', (name) => {
  const steps = stepsOf[name] ?? plainSteps;
  const diagonalization = diagonalizationBy(steps);
  const solver = solverBy(diagonalization);

  /** A solver that first makes another matrix of the one it is given. */
  const afterChange = (change: (matrix: HermitianMatrix) => HermitianMatrix): Diagonalization => ({
    eigenvalues: (matrix) => solver.eigenvalues(change(matrix)),
    eigensystemBelow: (bound) => (matrix) => solver.eigensystemBelow(bound)(change(matrix)),
  });

  const withLevels = (change: (levels: Reals, matrix: HermitianMatrix) => Reals): Diagonalization => ({
    ...solver,
    eigenvalues: (matrix) => change(solver.eigenvalues(matrix), matrix),
  });

  const withReduced = (change: (reduced: Tridiagonalization) => Tridiagonalization): Diagonalization =>
    solverBy(diagonalizationBy({ ...steps, tridiagonalize: (...given) => change(steps.tridiagonalize(...given)) }));

  const withoutImaginaryPart = afterChange((matrix) => ({ ...matrix, im: matrix.im.map(() => 0) }));

  /** Two eigenvectors are mixed: harmless only if they are degenerate. */
  const withVectors = (change: (x: number, vector: number, component: number) => number): Diagonalization => ({
    ...solver,
    eigensystemBelow: (bound) => (matrix) => {
      const system = solver.eigensystemBelow(bound)(matrix);
      const im = system.eigenvectors.im.map((x, index) =>
        change(x, Math.floor(index / matrix.dimension), index % matrix.dimension),
      );
      return { ...system, eigenvectors: { ...system.eigenvectors, im } };
    },
  });

  verify(traceAndNorm, solver, {
    'the imaginary part is ignored': withoutImaginaryPart,
    'the last eigenvalue is lost': withLevels((levels) => levels.map((x, n) => (n === levels.length - 1 ? 0 : x))),
    'the order in which the iteration found them': withLevels((levels) => levels.slice().reverse()),
    'the diagonal for the eigenvalues': withLevels((_, matrix) =>
      matrix.re.filter((__, index) => index % (matrix.dimension + 1) === 0).sort(),
    ),
  });

  verify(realEmbedding, solver, {
    'the imaginary part is ignored': withoutImaginaryPart,
    'single precision': withLevels((levels) => levels.map(Math.fround)),
    'degenerate eigenvalues once': withLevels((levels) => levels.filter((x, n) => x !== levels[n - 1])),
  });

  verify(unitaryInvariance, solver, {
    'the imaginary part is ignored': withoutImaginaryPart,
    'the real part is ignored': afterChange((matrix) => ({ ...matrix, re: matrix.re.map(() => 0) })),
  });

  verify(eigenvectorsSolve, solver, {
    'the complex conjugate eigenvectors': withVectors((x) => -x),
    'the phases of the reduction are forgotten': withVectors((x, _, component) => (component === 0 ? -x : x)),
    'rows and columns exchanged': afterChange((matrix) => ({ ...matrix, im: matrix.im.map((x) => -x) })),
    'eigenvalues in another order than the vectors': {
      ...solver,
      eigensystemBelow: (bound) => (matrix) => {
        const system = solver.eigensystemBelow(bound)(matrix);
        return { ...system, eigenvalues: system.eigenvalues.slice().reverse() };
      },
    },
  });

  verify(boundSelectsVectors, solver, {
    'the bound is ignored': { ...solver, eigensystemBelow: () => solver.eigensystemBelow(Infinity) },
    'the levels above': { ...solver, eigensystemBelow: (bound) => solver.eigensystemBelow(-bound) },
  });

  verify(vectorsGiveMatrix, solver, {
    'the complex conjugate eigenvectors': withVectors((x) => -x),
    'reflectors are conjugated': withReduced((reduced) => ({
      ...reduced,
      reflectorsIm: reduced.reflectorsIm.map((x) => -x),
    })),
    'reflectors end with their last whole four': withReduced((reduced) => ({
      ...reduced,
      reflectorsRe: reduced.reflectorsRe.map((x, index) => {
        const [i, j] = [Math.floor(index / reduced.dimension), index % reduced.dimension];
        return j < 4 * Math.floor(i / 4) ? x : 0;
      }),
    })),
  });

  verify(spectrumScales, solver, {
    'squares underflow': afterChange((matrix) => ({
      ...matrix,
      re: matrix.re.map((x) => Math.sign(x) * Math.sqrt(x * x)),
      im: matrix.im.map((x) => Math.sign(x) * Math.sqrt(x * x)),
    })),
  });

  describe('examples', () => {
    it('the Pauli matrix sigma_y has eigenvalues -1 and 1', () => {
      const sigmaY = sumOfTerms(2)([{ row: 0, column: 1, re: 0, im: -1 }]);
      expect([...sigmaY.im]).toEqual([0, -1, 1, 0]);
      const [minus = NaN, plus = NaN] = solver.eigenvalues(sigmaY);
      expect(minus).toBeCloseTo(-1, 15);
      expect(plus).toBeCloseTo(1, 15);
    });

    it('the empty, the 1 x 1 and the zero matrix', () => {
      expect([...solver.eigenvalues(hermitian(0, () => [1, 0]))]).toEqual([]);
      expect(solver.eigensystemBelow(1)(hermitian(0, () => [1, 0])).eigenvectors.count).toBe(0);
      expect([...solver.eigenvalues(hermitian(1, () => [-3, 0]))]).toEqual([-3]);
      expect([...solver.eigensystemBelow(1)(hermitian(3, () => [0, 0])).eigenvectors.re]).toEqual([
        1, 0, 0, 0, 1, 0, 0, 0, 1,
      ]);
    });

    it.each([NaN, Infinity])('a matrix with %d in it is an error', (x) => {
      const matrices = [1, 2, 5].map((n) => hermitian(n, (row) => [row === n - 1 ? x : 1, 0]));
      matrices.forEach((matrix) => {
        const { dimension: n } = matrix;
        expect(messageOf(diagonalization.eigenvalues(matrix))).toContain(`a ${n} x ${n} matrix did not`);
        expect(messageOf(diagonalization.eigensystemBelow(0)(matrix))).toContain('check that its entries are finite');
      });
    });
  });
});

// In WebAssembly and plain.

const levelsBy =
  (steps: DiagonalizationSteps): LevelsOfMatrix =>
  (matrix) =>
    right(diagonalizationBy(steps).eigenvalues(matrix));

const panelsBroken = (change: (reduced: Tridiagonalization) => Tridiagonalization): DiagonalizationSteps => ({
  ...wasmSteps,
  tridiagonalize: (matrix) => change(wasmSteps.tridiagonalize(matrix, true)),
});

/** The reduction with other products. */
const productsBroken = (
  change: (products: HouseholderProducts) => Partial<HouseholderProducts>,
): DiagonalizationSteps => {
  const productsOf = householderProductsOf();
  return {
    ...wasmSteps,
    tridiagonalize: tridiagonalizationByPanels((numbers) => {
      const products = productsOf(numbers);
      return { ...products, ...change(products) };
    }),
  };
};

verify(sameLevelsAs(levelsBy(plainSteps)), levelsBy(wasmSteps), {
  'strips right of the first are not updated': levelsBy(
    productsBroken(({ subtract }) => ({
      subtract: (rows, inner, columns, a, aStride, b, bStride, c, cStride) => {
        if (rows === 1 || c % cStride < 128) {
          subtract(rows, inner, columns, a, aStride, b, bStride, c, cStride);
        }
      },
    })),
  ),
  'the last of an odd number of rows is forgotten': levelsBy(
    productsBroken(({ hermitian: product }) => ({
      hermitian: (rows, ...places) => {
        product(rows - (rows % 2), ...places);
      },
    })),
  ),
  'the expectation forgets the last four': levelsBy(
    productsBroken(({ expectation }) => ({ expectation: (fours, a, b) => expectation(fours - 1, a, b) })),
  ),
  'the norm of a row takes what stands behind it': levelsBy(
    productsBroken(({ squares }) => ({ squares: (fours, a) => squares(fours + 1, a) })),
  ),
  'the diagonal beyond a panel is not updated': levelsBy({
    ...wasmSteps,
    tridiagonalize: (matrix) => {
      const reduced = wasmSteps.tridiagonalize(matrix, true);
      const last = matrix.dimension - 1;
      const entry = (i: number): number => (matrix.re[i * matrix.dimension + i] ?? NaN) / reduced.scale;
      return { ...reduced, diagonal: reduced.diagonal.map((x, i) => (i < last - 16 ? entry(i) : x)) };
    },
  }),
  'the entries beside the diagonal stop at a panel': levelsBy(
    panelsBroken((reduced) => ({
      ...reduced,
      offDiagonal: reduced.offDiagonal.map((x, i) => ((reduced.dimension - 1 - i) % 16 === 0 ? 0 : x)),
    })),
  ),
});

verify(sameVectorsAs(plainSteps), wasmSteps, {
  'the last vector of a panel is lost': {
    ...wasmSteps,
    backTransform: (reduced, rows, chosen) => wasmSteps.backTransform(reduced, rows, chosen.slice(0, -1)),
  },
  'rotations the other way': {
    ...wasmSteps,
    eigenvectorRows: (rotations) =>
      wasmSteps.eigenvectorRows({
        ...rotations,
        cosineSine: rotations.cosineSine.map((x, index) => (index % 2 === 0 ? x : -x)),
      }),
  },
  'reflections are conjugated': {
    ...wasmSteps,
    backTransform: (reduced, rows, chosen) =>
      wasmSteps.backTransform({ ...reduced, reflectorsIm: reduced.reflectorsIm.map((x) => -x) }, rows, chosen),
  },
});
