/** Receptive fields: how far values of a program see. */
import { expect, it } from 'vitest';

import { inputField, kernelGradient, record } from '../src/program/expression.ts';
import { reaches, receptiveField } from '../src/program/receptive-field.ts';
import type { TypedProgram } from '../src/program/typecheck.ts';
import { typed } from './arbitraries/program.ts';
import { verify } from './law.ts';
import { nothingReachesFarther, spinsMoveTheirWindow } from './laws/receptive-field.ts';

const widened =
  (change: (width: number) => number) =>
  (program: TypedProgram): Readonly<Record<string, number>> =>
    Object.fromEntries(Object.entries(receptiveField(program)).map(([name, width]) => [name, change(width)]));

/** The program without some of its operations: constants stand for them. */
const without = (program: TypedProgram, isLeftOut: (tag: string, index: number) => boolean): TypedProgram => ({
  ...program,
  equations: program.equations.map((equation, index) =>
    isLeftOut(equation.tag, index) ? { tag: 'constant', value: 0 } : equation,
  ),
});

verify(spinsMoveTheirWindow, receptiveField, {
  'one side of the window': widened((width) => (width + 1) / 2),
  'a ring too much': widened((width) => (width > 1 ? width + 2 : width)),
  'the kernels see nothing': widened(() => 1),
  'the whole lattice, always': widened(() => Infinity),
  'the readout is left out': (program) =>
    receptiveField(without(program, (_, i) => i === program.equations.findLastIndex(({ tag }) => tag === 'correlate'))),
});

verify(nothingReachesFarther, reaches, {
  'nothing sees farther than its site': (program) => reaches(program).map((reach) => Math.min(reach, 0)),
  'one kernel is all': (program) => reaches(program).map((reach) => Math.min(reach, 1)),
  'sums over sites tell nobody of them': (program) => reaches(program).map((reach) => (reach === Infinity ? 2 : reach)),
  'weights see nothing, whatever they are made of': (program) =>
    reaches(program).map((reach, id) => (program.types[id]?.tag === 'field' ? reach : -Infinity)),
});

it('a gradient of kernels sees as far as half a kernel', () => {
  const [x, y] = [inputField('x', 1, 1), inputField('y', 1, 1)];
  expect([1, 3, 5].map((size) => reaches(typed(record({ z: kernelGradient(size, x, y) }))).at(-1))).toEqual([0, 1, 2]);
});
