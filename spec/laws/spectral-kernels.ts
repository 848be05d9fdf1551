/** Laws of the kernels that compute in Fourier space. Sums over sites in float64, as the definitions have them, are the oracle. */
import type { EntryExpression } from '../../src/backend/schedule/entry-expression.ts';
import { bytesPerVector } from '../../src/backend/wasm/grid.ts';
import { clear } from '../../src/backend/wasm/kernels/clear.ts';
import { entryItself, type FieldEntry } from '../../src/backend/wasm/kernels/entries.ts';
import { pointwise } from '../../src/backend/wasm/kernels/pointwise.ts';
import { gradientCells } from '../../src/backend/wasm/kernels/spectral-gradient.ts';
import { gatherTaps } from '../../src/backend/wasm/kernels/torus-taps.ts';
import { scratchBytes, type ForwardTransform } from '../../src/backend/wasm/kernels/transform.ts';
import { planeBytes, spectrumBytes } from '../../src/backend/wasm/spectrum-layout.ts';
import { gridOfCells, planeOfCells, spectralFactor, torusOffsets } from '../../src/backend/wasm/spectral-values.ts';
import type { Law } from '../law.ts';
import {
  drawnField,
  fieldOf,
  kernelOf,
  kernelSpectrumOf,
  machineFor,
  slotsIn,
  spectralCases,
  spectrumOf,
  tableIn,
  upTo,
  type Field,
  type Numbers,
  type SpectralCase,
  type SpectralKernels,
} from '../spectral-machine.ts';

/** Waves of the slots, as `torus-spectrum.ts` says in words. */
const wavesOf = (N: number): readonly (readonly [row: number, column: number, part: 're' | 'im'])[] => {
  const isReal = (k: number): boolean => (2 * k) % N === 0;
  const all = upTo(N);
  const real = all.filter(isReal);
  const half = all.filter((k) => 0 < k && 2 * k < N);
  const both = (row: number, column: number) => [[row, column, 're'] as const, [row, column, 'im'] as const];
  return [
    ...half.flatMap((column) => all.flatMap((row) => both(row, column))),
    ...real.flatMap((column) => half.flatMap((row) => both(row, column))),
    ...real.flatMap((column) => real.map((row) => [row, column, 're'] as const)),
  ];
};

/** Entry of a plane at a site of the torus, which rows and columns go around. */
const entryAt =
  ({ grid: { size: N, samples } }: SpectralCase, { channels, numbers }: Field) =>
  (component: number, channel: number, row: number, column: number, sample: number): number => {
    const [r, c] = [((row % N) + N) % N, ((column % N) + N) % N];
    return numbers[(((component * channels + channel) * N + r) * N + c) * samples + sample] ?? NaN;
  };

/** Float32 keeps seven digits; sums of all numbers of a plane are small integers times their count. */
const tolerance = ({ grid: { size: N }, inputs, outputs, size }: SpectralCase): number =>
  2e-6 * N * N * Math.max(inputs, outputs) * Math.min(size * size, N * N);

const allClose = (a: Numbers, b: Numbers, within: number): boolean =>
  a.length === b.length && a.every((x, i) => Math.abs(x - (b[i] ?? NaN)) <= within);

const sitesOf = (N: number) => upTo(N).flatMap((row) => upTo(N).map((column) => [row, column] as const));

export const spectraAreTheirSums: Law<SpectralKernels, SpectralCase> = {
  statement: 'X(k) = sum over sites r of x(r) exp(2 pi i k . r / N), for each component, channel and sample; Parseval',
  cases: spectralCases,
  holds: (kernels) => (example) => {
    const { grid, components, inputs, seed } = example;
    const { size: N, samples } = grid;
    const x = drawnField(seed, example, inputs);
    const machine = machineFor(example);
    const spectrum = spectrumOf(kernels, example, machine, x);
    machine.run();
    const entry = entryAt(example, x);
    const expected = upTo(components).flatMap((k) =>
      upTo(inputs).flatMap((c) =>
        wavesOf(N).flatMap(([row, column, part]) =>
          upTo(samples).map((sample) =>
            sitesOf(N).reduce((sum, [r, s]) => {
              const angle = (2 * Math.PI * ((row * r + column * s) % N)) / N;
              return sum + entry(k, c, r, s, sample) * (part === 're' ? Math.cos(angle) : Math.sin(angle));
            }, 0),
          ),
        ),
      ),
    );
    const found = slotsIn(machine, example, spectrum, inputs);
    const singles = N % 2 === 0 ? 4 : 1;
    const squares = found.reduce((sum, X, index) => {
      const slot = Math.floor(index / samples) % (N * N);
      return sum + (slot < N * N - singles ? 2 : 1) * X * X;
    }, 0);
    const size = x.numbers.reduce((sum, number) => sum + number * number, 0);
    return allClose(found, expected, tolerance(example)) && Math.abs(squares / (N * N) - size) <= 1e-5 * (size + 1);
  },
  runs: 60,
};

const leaf = (field: number) => ({ tag: 'leaf', leaf: { field, offset: 0 } }) as const;

/** Expressions in the entries of two fields, a and b. */
const expressions: readonly EntryExpression<FieldEntry>[] = [
  [leaf(0), leaf(1), { tag: 'multiply', left: 0, right: 1 }],
  [leaf(1), leaf(0), { tag: 'multiplyAdd', left: 0, right: 1, addend: 1 }],
  [
    leaf(0),
    { tag: 'constant', value: -3 },
    leaf(1),
    { tag: 'multiply', left: 1, right: 2 },
    { tag: 'add', left: 0, right: 3 },
  ],
  [leaf(0), { tag: 'constant', value: 0.5 }],
];

export const transformsComputeExpressions: Law<SpectralKernels, SpectralCase> = {
  statement:
    'the transform of an expression of fields, one of which all components share, has the bits of the transform of what a sweep stores of it',
  cases: spectralCases,
  holds: (kernels) => (example) => {
    const { grid, components, inputs: channels, seed, bits } = example;
    const machine = machineFor(example);
    const strides = machine.strides(channels);
    const fields = [{ ...strides, component: 0 }, strides];
    const places = [seed, seed + 1].map((each) => machine.put(drawnField(each, example, channels)));
    const extents = { components, channels, rows: grid.size, rowNumbers: grid.size * grid.samples };
    const transformed = (of: Numbers, shape: Pick<ForwardTransform, 'fields' | 'expression'>): number => {
      const spectrum = machine.room(spectrumBytes(grid, { components, channels }));
      const transform = { ...shape, ...{ grid, components, channels, bits }, arithmetic: 'separate' } as const;
      machine.step((name) => kernels.forward(name, transform), ...of, machine.guarded(scratchBytes(grid)), spectrum);
      return spectrum;
    };
    const spectra = expressions.map((expression) => {
      const stored = machine.place(channels);
      const sweep = {
        ...{ extents, fields, expression, bits },
        result: strides,
        adds: false,
        arithmetic: 'separate',
      } as const;
      machine.step((name) => pointwise(name, sweep), ...places, stored);
      return [
        transformed(places, { fields, expression }),
        transformed([stored], { fields: [strides], expression: entryItself }),
      ] as const;
    });
    machine.run();
    return spectra.every(([computed, stored]) => {
      const expected = slotsIn(machine, example, stored, channels);
      return slotsIn(machine, example, computed, channels).every((number, index) => Object.is(number, expected[index]));
    });
  },
  runs: 40,
};

export const transformsInvert: Law<SpectralKernels, SpectralCase> = {
  statement: 'there and back, a field is N^2/2 times itself, plus what it starts from',
  cases: spectralCases,
  holds: (kernels) => (example) => {
    const { grid, inputs, seed } = example;
    const x = drawnField(seed, example, inputs);
    const start = seed % 2 === 0 ? drawnField(seed + 1, example, inputs) : null;
    const machine = machineFor(example);
    const back = fieldOf(kernels, example, machine, spectrumOf(kernels, example, machine, x), inputs, start);
    machine.run();
    const factor = (grid.size * grid.size) / 2;
    const expected = x.numbers.map((number, i) => factor * number + (start?.numbers[i] ?? 0));
    return allClose(machine.take(back, inputs), expected, tolerance(example));
  },
  runs: 60,
};

/** The taps of a window, by their offsets from its centre. */
const tapsOf = (size: number) => sitesOf(size).map(([a, b]) => [a - (size - 1) / 2, b - (size - 1) / 2] as const);

export const productsAreCorrelations: Law<SpectralKernels, SpectralCase> = {
  statement:
    'the convolution theorem: conj(K) X is the spectrum of y(r) = sum of K(d) x(r + d), K Y that of its adjoint in x',
  cases: spectralCases,
  holds: (kernels) => (example) => {
    const { grid, components, outputs, inputs, size, seed } = example;
    const [x, y] = [drawnField(seed, example, inputs), drawnField(seed + 1, example, outputs)];
    const machine = machineFor(example);
    const K = kernelSpectrumOf(kernels, example, machine);
    const slot = gridOfCells(grid, outputs * inputs).samples;
    const adds = seed % 2 === 0;
    const multiplied = (field: Field, channels: number, conjugate: boolean): number => {
      const from = spectrumOf(kernels, example, machine, field);
      const to = machine.room(spectrumBytes(grid, { components, channels }));
      const shape = {
        grid,
        outputs: channels,
        inputs: field.channels,
        kernel: conjugate ? { slot, output: inputs, input: 1 } : { slot, output: 1, input: inputs },
        conjugate,
        arithmetic: 'separate',
        bits: example.bits,
      } as const;
      const plane = planeBytes(grid);
      for (const added of adds ? [false, true] : [false]) {
        upTo(components).forEach((k) => {
          machine.step(
            (name) => kernels.product(name, { ...shape, adds: added }),
            ...[K, from + k * field.channels * plane, to + k * channels * plane],
          );
        });
      }
      return fieldOf(kernels, example, machine, to, channels, null);
    };
    const [forth, back] = [multiplied(x, outputs, true), multiplied(y, inputs, false)];
    machine.run();
    const weights = kernelOf(example);
    const times = adds ? 2 : 1;
    const expected = (
      field: Field,
      channels: number,
      weight: (to: number, from: number, tap: number) => number,
      sign: number,
    ) =>
      upTo(components).flatMap((k) =>
        upTo(channels).flatMap((to) =>
          sitesOf(grid.size).flatMap(([r, s]) =>
            upTo(grid.samples).map(
              (sample) =>
                times *
                upTo(field.channels).reduce(
                  (sum, from) =>
                    tapsOf(size).reduce(
                      (inner, [a, b], tap) =>
                        inner +
                        weight(to, from, tap) * entryAt(example, field)(k, from, r + sign * a, s + sign * b, sample),
                      sum,
                    ),
                  0,
                ),
            ),
          ),
        ),
      );
    const tap = (output: number, input: number, index: number): number =>
      weights[(output * inputs + input) * size * size + index] ?? NaN;
    return (
      allClose(machine.take(forth, outputs), expected(x, outputs, tap, 1), tolerance(example)) &&
      allClose(
        machine.take(back, inputs),
        expected(y, inputs, (i, o, index) => tap(o, i, index), -1),
        tolerance(example),
      )
    );
  },
  runs: 40,
};

export const gradientsAreCorrelations: Law<SpectralKernels, SpectralCase> = {
  statement:
    'conj(Y) X is the spectrum of G(d) = sum over r of y(r) x(r + d), summed over components, samples and chunks',
  cases: spectralCases,
  holds: (kernels) => (example) => {
    const { grid, components, outputs, inputs, size, seed } = example;
    const [x, y] = [drawnField(seed, example, inputs), drawnField(seed + 1, example, outputs)];
    const machine = machineFor(example);
    const cells = gridOfCells(grid, gradientCells({ outputs, inputs }));
    const [sums, plane] = [machine.room(planeBytes(cells)), machine.room(planeBytes(cells))];
    const gradient = machine.room(8 * outputs * inputs * size * size);
    new Float64Array(machine.numbers.buffer).fill(0, gradient / 8, gradient / 8 + outputs * inputs * size * size);
    const [X, Y] = [spectrumOf(kernels, example, machine, x), spectrumOf(kernels, example, machine, y)];
    machine.step((name) => clear(name, planeBytes(cells) / bytesPerVector), sums);
    const shape = { grid, components, outputs, inputs, arithmetic: 'separate' } as const;
    // Two chunks, alike.
    machine.step((name) => kernels.spectralGradient(name, shape), X, Y, sums);
    machine.step((name) => kernels.spectralGradient(name, shape), X, Y, sums);
    const transform = {
      grid: cells,
      components: 1,
      channels: 1,
      field: planeOfCells(cells),
      start: null,
      arithmetic: 'separate',
      bits: example.bits,
    } as const;
    machine.step((name) => kernels.inverse(name, transform), sums, machine.guarded(scratchBytes(cells)), plane, plane);
    const taps = { outputs, inputs, taps: size * size, factor: spectralFactor(grid) };
    machine.step((name) => gatherTaps(name, taps), plane, tableIn(machine, torusOffsets(size, cells)), gradient);
    machine.run();
    const found = [
      ...new Float64Array(machine.numbers.buffer).subarray(gradient / 8, gradient / 8 + outputs * inputs * size * size),
    ];
    const [entryX, entryY] = [entryAt(example, x), entryAt(example, y)];
    const expected = upTo(outputs).flatMap((o) =>
      upTo(inputs).flatMap((i) =>
        tapsOf(size).map(
          ([a, b]) =>
            2 *
            upTo(components).reduce(
              (sum, k) =>
                sitesOf(grid.size).reduce(
                  (inner, [r, s]) =>
                    upTo(grid.samples).reduce(
                      (all, sample) => all + entryY(k, o, r, s, sample) * entryX(k, i, r + a, s + b, sample),
                      inner,
                    ),
                  sum,
                ),
              0,
            ),
        ),
      ),
    );
    return allClose(found, expected, 1e-6 * (1 + Math.max(...expected.map(Math.abs))) * 2 * grid.size);
  },
  runs: 40,
};
