/** The statements that compute one entry, or one term of a sum, as each kind of pass asks for them. */
import type { Operation } from '../../program/operation.ts';
import { meaningOf, type ValueId } from '../../program/program.ts';
import { promisedField, promisedKernel } from '../../program/promised-type.ts';
import type { TypedProgram } from '../../program/typecheck.ts';
import type { EntryExpression, Node } from '../schedule/entry-expression.ts';
import type { Correlation } from '../schedule/passes.ts';
import type { Leaf } from '../schedule/sweep.ts';
import { entryOf, only, type Entry, type Reader } from './access.ts';
import { applied, real, whole, type Code } from './wgsl.ts';

/** What bodies are written for. */
export interface Setting {
  readonly program: TypedProgram;
  readonly latticeSize: number;
  readonly reader: Reader;
}

const leafOf = ({ program, reader }: Setting, entry: Entry, leaf: Leaf): Code => {
  if (leaf.tag === 'scalar') {
    return reader.read(leaf.value, only(entry.sample));
  }
  const isField = meaningOf(program.types)(leaf.value).tag === 'field' && entry.tag === 'field';
  return reader.read(
    leaf.value,
    isField && leaf.component !== 'each' ? { ...entry, component: whole(leaf.component) } : entry,
  );
};

const nodeOf = (setting: Setting, entry: Entry, node: Node<Leaf>): Code => {
  switch (node.tag) {
    case 'leaf':
      return leafOf(setting, entry, node.leaf);
    case 'constant':
      return real(node.value);
    case 'add':
      return `n${node.left} + n${node.right}`;
    case 'multiply':
      return `n${node.left} * n${node.right}`;
    case 'multiplyAdd':
      return `fma(n${node.left}, n${node.right}, n${node.addend})`;
    case 'function':
      return applied(node.function, `n${node.value}`);
  }
};

/** The value of an expression at an entry. */
export const expressionBody = (setting: Setting, expression: EntryExpression<Leaf>, entry: Entry): string =>
  [
    ...expression.map((node, place) => `let n${place} = ${nodeOf(setting, entry, node)};`),
    `let value = n${expression.length - 1};`,
  ].join('\n');

/** The value that is stored elsewhere, or nowhere, at an entry. */
export const copyBody = ({ reader }: Setting, id: ValueId, entry: Entry): string =>
  `let value = ${reader.read(id, entry)};`;

/** What turns r - reach into a place on the torus again, before the remainder is taken: at least `reach`, a multiple of N. */
const turns = (reach: number, latticeSize: number): number => Math.ceil(reach / latticeSize) * latticeSize;

/** y_o(r) or x_i(r), at the entry `result`: taps in the order of the kernel. */
export const correlationBody = (
  setting: Setting,
  stores: ValueId,
  { tag, kernel, field }: Correlation,
  start: ValueId | null,
): string => {
  const { program, latticeSize: N, reader } = setting;
  const { outputs, inputs, size } = promisedKernel(meaningOf(program.types)(kernel));
  const entry = entryOf(meaningOf(program.types)(stores), N * N, 'sample', 'result');
  if (entry.tag !== 'field') {
    throw new RangeError(`value ${stores} is a correlation, and no field`);
  }
  const reach = (size - 1) / 2;
  const [summed, pair, from] =
    tag === 'correlate'
      ? [
          inputs,
          `channel * ${whole(inputs)} + other`,
          (at: Code, tap: Code) => `${at} + ${tap} + ${whole(turns(reach, N) - reach)}`,
        ]
      : [
          outputs,
          `other * ${whole(inputs)} + channel`,
          (at: Code, tap: Code) => `${at} + ${whole(turns(reach, N) + reach)} - ${tap}`,
        ];
  const tapOfKernel: Entry = {
    tag: 'numbered',
    sample: 'sample',
    number: `((${pair}) * ${whole(size)} + down) * ${whole(size)} + right`,
  };
  const tapOfField: Entry = { ...entry, component: 'component', channel: 'other', site: '(row + column)' };
  return `
  let component = ${entry.component};
  let channel = ${entry.channel};
  let site = ${entry.site};
  var value = ${start === null ? '0f' : reader.read(start, entry)};
  for (var other = 0u; other < ${whole(summed)}; other++) {
    for (var down = 0u; down < ${whole(size)}; down++) {
      let row = (${from(`site / ${whole(N)}`, 'down')}) % ${whole(N)} * ${whole(N)};
      for (var right = 0u; right < ${whole(size)}; right++) {
        let column = (${from(`site % ${whole(N)}`, 'right')}) % ${whole(N)};
        value += ${reader.read(kernel, tapOfKernel)} * ${reader.read(field, tapOfField)};
      }
    }
  }`;
};

/** How many terms an entry of a kernel's gradient has in each sample: the rows of the field, each summed by itself. */
export const termsOfKernelGradient = (
  { program, latticeSize }: Setting,
  { field }: Operation<ValueId, 'kernelGradient'>,
): number => promisedField(meaningOf(program.types)(field)).components * latticeSize;

/** The part of G_oi(d), the entry `result`, that the row `term` of a sample has. */
export const kernelGradientBody = (
  { program, latticeSize: N, reader }: Setting,
  { field, cotangent, size }: Operation<ValueId, 'kernelGradient'>,
): string => {
  const inputs = promisedField(meaningOf(program.types)(field)).channels;
  const reach = (size - 1) / 2;
  const moved = (at: Code, tap: Code): Code => `(${at} + ${tap} + ${whole(turns(reach, N) - reach)}) % ${whole(N)}`;
  const entry = { tag: 'field', sample: 'sample', component: 'component' } as const;
  const x: Entry = { ...entry, channel: 'inputChannel', site: `(start + ${moved('column', 'right')})` };
  const y: Entry = { ...entry, channel: 'outputChannel', site: `(row * ${whole(N)} + column)` };
  return `
  let outputChannel = result / ${whole(inputs * size * size)};
  let inputChannel = result / ${whole(size * size)} % ${whole(inputs)};
  let down = result / ${whole(size)} % ${whole(size)};
  let right = result % ${whole(size)};
  let component = term / ${whole(N)};
  let row = term % ${whole(N)};
  let start = ${moved('row', 'down')} * ${whole(N)};
  var value = 0f;
  for (var column = 0u; column < ${whole(N)}; column++) {
    value += ${reader.read(cotangent, y)} * ${reader.read(field, x)};
  }`;
};

/** The part of a concatenation that has the channel of an entry. */
export const concatenationBody = (
  { program, latticeSize, reader }: Setting,
  stores: ValueId,
  { parts }: Operation<ValueId, 'concat'>,
): string => {
  const entry = entryOf(meaningOf(program.types)(stores), latticeSize * latticeSize, 'sample', 'result');
  if (entry.tag !== 'field') {
    throw new RangeError(`value ${stores} is a concatenation, and no field`);
  }
  const counts = parts.map((part) => promisedField(meaningOf(program.types)(part)).channels);
  const branches = parts.map((part, index) => {
    const before = counts.slice(0, index).reduce((sum, count) => sum + count, 0);
    const value = reader.read(part, { ...entry, channel: `(channel - ${whole(before)})` });
    return `if (channel < ${whole(before + (counts[index] ?? 0))}) { value = ${value}; }`;
  });
  return `let channel = ${entry.channel};\nvar value = 0f;\n${branches.join(' else ')}`;
};
