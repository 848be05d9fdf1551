/**
 * The halo of a field: copies of the sites on the other side of the torus, for correlations to read.
 *
 * Left and right first, then whole rows above and below with their corners. Near copies are made before far ones, so
 * a halo wider than the lattice goes around it as often as it must.
 */
import { advance, after, assign, f32x4, i32, times, type Body, type Local } from '../../../assembler/expression.ts';
import { nest } from '../../../assembler/loops.ts';
import { defineFunction, type FunctionDefinition, type Scope } from '../../../assembler/module.ts';
import { bytesPerNumber, bytesPerVector, numbersPerVector, type Grid, type Strides } from '../grid.ts';
import { range } from './arithmetic.ts';

/** A field, and how wide the halo around its planes is. */
export interface Halo {
  readonly grid: Grid;
  readonly components: number;
  readonly channels: number;
  readonly strides: Strides;
  /** Sites on each side. */
  readonly width: number;
}

/** Copies `numbers` numbers from `source` bytes after a pointer to `target` bytes after it. */
const copy = (scope: Scope, origin: Local<'i32'>, source: number, target: number, numbers: number): Body => {
  const [vectors, rest] = [Math.floor(numbers / numbersPerVector), numbers % numbersPerVector];
  const [from, to] = [scope.local('i32'), scope.local('i32')];
  return [
    assign(from, after(origin, source)),
    assign(to, after(origin, target)),
    vectors === 0
      ? []
      : times(scope.local('i32'), vectors, [
          f32x4.store(to, f32x4.load(from)),
          advance(from, bytesPerVector),
          advance(to, bytesPerVector),
        ]),
    range(rest).map((i) => i32.store(to, i32.load(from, i * bytesPerNumber), i * bytesPerNumber)),
  ];
};

/** Lines before and after the lattice, as [where from, where to] counted from line 0, near ones first. */
const wrapped = (size: number, width: number): readonly (readonly [number, number])[] => [
  ...range(width).map((i) => [size - 1 - i, -1 - i] as const),
  ...range(width).map((i) => [i, size + i] as const),
];

/** The same in as few copies as possible: one for each side where the lattice is wide enough. */
const wrappedRuns = (size: number, width: number): readonly (readonly [number, number, number])[] =>
  width <= size
    ? [
        [size - width, -width, width],
        [0, size, width],
      ]
    : wrapped(size, width).map(([from, to]) => [from, to, 1]);

/** Parameters: where row 0, column 0 of the first plane is. */
export const halo = (name: string, { grid, components, channels, strides, width }: Halo): FunctionDefinition =>
  defineFunction(name, (scope) => {
    const origin = scope.parameter();
    const { size, samples } = grid;
    const siteBytes = samples * bytesPerNumber;
    const [plane, row] = [scope.local('i32'), scope.local('i32')];
    return nest(
      scope,
      [components, channels],
      [{ local: origin, strides: [strides.component, strides.channel] }],
      [
        assign(row, origin),
        times(scope.local('i32'), size, [
          wrappedRuns(size, width).map(([from, to, sites]) =>
            copy(scope, row, from * siteBytes, to * siteBytes, sites * samples),
          ),
          advance(row, strides.row),
        ]),
        assign(plane, after(origin, -width * siteBytes)),
        wrapped(size, width).map(([from, to]) =>
          copy(scope, plane, from * strides.row, to * strides.row, (size + 2 * width) * samples),
        ),
      ],
    );
  });
