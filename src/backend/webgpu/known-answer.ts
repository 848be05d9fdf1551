/** The question whose answer is known: a device that computes without complaint may still compute garbage. */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import {
  constant,
  correlate,
  inputField,
  kernelGradient,
  parameterKernel,
  record,
  scale,
  tanh,
  total,
} from '../../program/expression.ts';
import { backendError, type Arrays, type Backend, type BackendError } from '../backend.ts';

const x = inputField('x', 1, 1);
const y = correlate(parameterKernel('K', 1, 1, 5))(x);

/**
 * A correlation on a torus that is smaller than its kernel, gradients of a wide kernel and of a narrow one, which have kernels
 * of their own, and tanh where exp overflows.
 */
const question = record({
  y,
  wide: kernelGradient(5, x, y),
  narrow: kernelGradient(1, x, y),
  total: total(tanh(scale(constant(100))(y))),
});

const given = {
  parameters: { K: new Float64Array(25).fill(1) },
  inputs: { x: Float64Array.of(1, 2, 3, 4) },
  latticeSize: 2,
  batch: 1,
};

/** The sums of x y' over the sites, y' moved by an even or an odd number of columns; of rows none, or one. */
const evenRow = [650, 640, 650, 640, 650];
const oddRow = [610, 600, 610, 600, 610];

/**
 * Of the 25 taps nine fall on the site itself, six on each neighbour and four on the one across:
 * y = (9 + 12 + 18 + 16, 6 + 18 + 12 + 24, 6 + 8 + 27 + 24, 4 + 12 + 18 + 36); tanh is 1.
 */
const answer: Readonly<Record<string, readonly number[]>> = {
  y: [55, 60, 65, 70],
  wide: [...evenRow, ...oddRow, ...evenRow, ...oddRow, ...evenRow],
  narrow: [650],
  total: [4],
};

/** Sums and products of small integers are exact; tanh may err by four roundings. */
const mostRelativeError = 2 ** -20;

const isAnswer = (got: Arrays): boolean =>
  Object.entries(answer).every(([name, numbers]) =>
    numbers.every((number, index) => Math.abs((got[name]?.[index] ?? NaN) - number) <= mostRelativeError * number),
  );

const shown = (arrays: Readonly<Record<string, Iterable<number>>>): string =>
  Object.entries(arrays)
    .map(([name, numbers]) => `${name} = (${[...numbers].join(', ')})`)
    .join(', ');

/** The backend, if it knows the answer. */
export const knowsTheAnswer = (backend: Backend): TaskEither<BackendError, Backend> =>
  pipe(
    backend.compile(question),
    TE.chain(({ run }) => run(given)),
    TE.chain((got) =>
      isAnswer(got)
        ? TE.right(backend)
        : TE.left(
            backendError(
              `expected ${shown(answer)}, got ${shown(got)}: this GPU or its driver computes wrongly; update the driver, ` +
                'or use another backend',
            ),
          ),
    ),
  );
