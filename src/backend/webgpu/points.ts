/** Kernels that run through a space point by point: what one invocation computes there, unit after unit. */
import type { Operation } from '../../program/operation.ts';
import { meaningOf, type ValueId } from '../../program/program.ts';
import { promisedField, promisedKernel } from '../../program/promised-type.ts';
import { lengthOf, type ValueType } from '../../program/value-type.ts';
import type { EntryExpression, Node } from '../schedule/entry-expression.ts';
import type { Correlation } from '../schedule/passes.ts';
import type { Leaf } from '../schedule/sweep.ts';
import { only, placeAt, placeOf, readEntry, type Computed, type Entry, type Setting, type Writing } from './access.ts';
import type { Cluster } from './stages.ts';
import type { Unit } from './units.ts';
import { applied, byInvocation, lanes, real, whole, type Code, type Kernel } from './wgsl.ts';

/** The components of a value: 1 of all that is no field. */
export const componentsOf = (type: ValueType): number => (type.tag === 'field' ? type.components : 1);

/** An entry with another component. */
const withComponent = (entry: Entry, component: number): Entry =>
  entry.tag === 'field' ? { ...entry, component: whole(component) } : entry;

const leafOf = (writing: Writing, computed: Computed, entry: Entry, leaf: Leaf): Code => {
  const read = readEntry(writing, computed);
  if (leaf.tag === 'scalar') {
    return read(leaf.value, { ...only(entry.sample), isHere: entry.tag === 'numbered' && entry.isHere });
  }
  return read(leaf.value, leaf.component === 'each' ? entry : withComponent(entry, leaf.component));
};

const nodeOf = (leaf: (leaf: Leaf) => Code, name: (place: number) => Code, node: Node<Leaf>): Code => {
  switch (node.tag) {
    case 'leaf':
      return leaf(node.leaf);
    case 'constant':
      return real(node.value);
    case 'add':
      return `${name(node.left)} + ${name(node.right)}`;
    case 'multiply':
      return `${name(node.left)} * ${name(node.right)}`;
    case 'multiplyAdd':
      return `fma(${name(node.left)}, ${name(node.right)}, ${name(node.addend)})`;
    case 'function':
      return applied(node.function, name(node.value));
  }
};

/** Statements that define `name` as an expression at an entry. */
export const expressionCode = (
  writing: Writing,
  computed: Computed,
  expression: EntryExpression<Leaf>,
  entry: Entry,
  name: Code,
): string => {
  const last = expression.length - 1;
  const nameOf = (place: number): Code => (place === last ? name : `${name}n${place}`);
  return expression
    .map(
      (node, place) =>
        `let ${nameOf(place)} = ${nodeOf((leaf) => leafOf(writing, computed, entry, leaf), nameOf, node)};`,
    )
    .join('\n');
};

/** What turns r - reach into a place on the torus again, before the remainder is taken: at least `reach`, a multiple of N. */
export const turns = (reach: number, latticeSize: number): number => Math.ceil(reach / latticeSize) * latticeSize;

/** The names of the components of a value, under a word for what is computed of them. */
const namesOf = ({ names, program }: Writing, word: Code, value: ValueId): readonly Code[] =>
  Array.from(
    { length: componentsOf(meaningOf(program.types)(value)) },
    (_, component) => `${names.computed(word, value)}c${component}`,
  );

/** Statements that define the sums of a correlation at an entry, a name for each component. */
export type CorrelationSums = (
  writing: Writing,
  unit: Unit,
  correlation: Correlation,
) => { readonly code: string; readonly sums: readonly Code[] };

/** Sums taken where they are wanted, tap after tap in the order of the kernel. */
const directSums =
  (entry: Entry & { readonly tag: 'field' }): CorrelationSums =>
  (writing, { value }, { tag, kernel, field }) => {
    const { program, latticeSize: N } = writing;
    const typeOf = meaningOf(program.types);
    const { outputs, inputs, size } = promisedKernel(typeOf(kernel));
    const reach = (size - 1) / 2;
    const [summed, pair, from] =
      tag === 'correlate'
        ? [
            inputs,
            `${entry.channel} * ${whole(inputs)} + other`,
            (at: Code, tap: Code) => `${at} + ${tap} + ${whole(turns(reach, N) - reach)}`,
          ]
        : [
            outputs,
            `other * ${whole(inputs)} + ${entry.channel}`,
            (at: Code, tap: Code) => `${at} + ${whole(turns(reach, N) + reach)} - ${tap}`,
          ];
    const read = readEntry(writing, new Map());
    const tap = read(kernel, {
      tag: 'numbered',
      sample: entry.sample,
      number: `((${pair}) * ${whole(size)} + down) * ${whole(size)} + right`,
      isHere: false,
    });
    const sums = namesOf(writing, 'd', value);
    const elsewhere: Entry = { ...entry, channel: 'other', site: '(row + column)', isHere: false };
    return {
      sums,
      code: `
${sums.map((sum) => `var ${sum} = 0f;`).join('\n')}
for (var other = 0u; other < ${whole(summed)}; other++) {
  for (var down = 0u; down < ${whole(size)}; down++) {
    let row = (${from(`${entry.site} / ${whole(N)}`, 'down')}) % ${whole(N)} * ${whole(N)};
    for (var right = 0u; right < ${whole(size)}; right++) {
      let column = (${from(`${entry.site} % ${whole(N)}`, 'right')}) % ${whole(N)};
      let weight = ${tap};
${sums.map((sum, component) => `${sum} += weight * ${read(field, withComponent(elsewhere, component))};`).join('\n')}
    }
  }
}`,
    };
  };

/** The part of a concatenation that has the channel of an entry. */
const concatenationCode = (
  writing: Writing,
  entry: Entry & { readonly tag: 'field' },
  { parts }: Operation<ValueId, 'concat'>,
  names: readonly Code[],
): string => {
  const read = readEntry(writing, new Map());
  const counts = parts.map((part) => promisedField(meaningOf(writing.program.types)(part)).channels);
  const branches = parts.map((part, index) => {
    const before = counts.slice(0, index).reduce((sum, count) => sum + count, 0);
    const inPart: Entry = { ...entry, channel: `(${entry.channel} - ${whole(before)})`, isHere: false };
    const values = names.map((name, component) => `${name} = ${read(part, withComponent(inPart, component))};`);
    return `if (${entry.channel} < ${whole(before + (counts[index] ?? 0))}) { ${values.join(' ')} }`;
  });
  return `${names.map((name) => `var ${name} = 0f;`).join('\n')}\n${branches.join(' else ')}`;
};

const promisedEntry = (entry: Entry): Entry & { readonly tag: 'field' } => {
  if (entry.tag !== 'field') {
    throw new RangeError('expected an entry of a field, got a number: correlations and concatenations are fields');
  }
  return entry;
};

/** Statements that compute units at an entry, and store those values that are wanted elsewhere. */
export const unitsCode = (
  writing: Writing,
  units: Cluster,
  entry: Entry,
  isStored: (value: ValueId) => boolean,
  correlationSums: CorrelationSums,
  totalOf: (value: ValueId) => Code,
): string => {
  const computed = new Map<ValueId, readonly Code[]>();
  const code = new Array<string>();
  const stores = new Array<string>();
  for (const unit of units) {
    const { value, work } = unit;
    const names = namesOf(writing, 'v', value);
    const components = [...names.keys()];
    const read = readEntry(writing, computed);
    switch (work.tag) {
      case 'each':
        components.forEach((component) => {
          const at = withComponent(entry, component);
          code.push(expressionCode(writing, computed, work.sweep.expression, at, names[component]!));
        });
        break;
      case 'correlation': {
        const { start } = work;
        const { code: before, sums } = correlationSums(writing, unit, work.correlation);
        code.push(before);
        components.forEach((component) => {
          const from = start === null ? '' : `${read(start, withComponent(entry, component))} + `;
          code.push(`let ${names[component]!} = ${from}${sums[component]!};`);
        });
        break;
      }
      case 'concat':
        code.push(concatenationCode(writing, promisedEntry(entry), work.operation, names));
        break;
      case 'total':
        code.push(`let ${names[0]!} = ${totalOf(value)};`);
        break;
      case 'copy':
        components.forEach((component) => {
          const at = withComponent(entry, component);
          const target = placeAt(writing, value, at, 'memory', writing.names.start('copy', value));
          stores.push(`${target} = ${read(value, at)};`);
        });
        break;
      case 'sums':
      case 'term':
        throw new RangeError(`value ${value} is a sum, and no point of a space: give it a kernel of its own`);
    }
    if (work.tag !== 'copy') {
      computed.set(value, names);
      if (isStored(value)) {
        components.forEach((component) => {
          stores.push(`${placeOf(writing, value, withComponent(entry, component))} = ${names[component]!};`);
        });
      }
    }
  }
  return [...code, ...stores].join('\n');
};

/** The entry of a point, by the number `point` in the space of a value of some type. */
export const pointOf = (type: ValueType, sites: number): Entry =>
  type.tag === 'field'
    ? {
        tag: 'field',
        sample: 'sample',
        component: '0u',
        channel: `(point / ${whole(sites)})`,
        site: `(point % ${whole(sites)})`,
        isHere: true,
      }
    : { tag: 'numbered', sample: 'sample', number: 'point', isHere: true };

/** The correlations at an entry of a field, each summed there; other values have none. */
export const directSumsAt =
  (entry: Entry): CorrelationSums =>
  (...correlation) =>
    directSums(promisedEntry(entry))(...correlation);

const noTotal = (value: ValueId): Code => {
  throw new RangeError(`value ${value} is a total, and there is no workgroup to take it`);
};

/** The points of a space, in each sample or in what all share. */
export const pointsOf = (type: ValueType, latticeSize: number): number =>
  lengthOf(latticeSize)(type) / componentsOf(type);

/** The generic kernel of a cluster: an invocation for each point. */
export const pointKernel = (setting: Setting, units: Cluster, isStored: (value: ValueId) => boolean): Kernel => {
  const { program, times, latticeSize } = setting;
  const [first] = units;
  const value = first!.value;
  const type = meaningOf(program.types)(value);
  const points = pointsOf(type, latticeSize);
  const isOfSamples = meaningOf(times)(value) === 'sample';
  const entry = pointOf(type, latticeSize * latticeSize);
  const grid = byInvocation(points, isOfSamples ? 'samples' : 'all');
  return {
    grid,
    shared: 0,
    body: (_, names) => `
  let index = group * ${whole(lanes)} + lane;
  if (index >= ${whole(points)}${isOfSamples ? ' * portion.samples' : ''}) { return; }
  let sample = ${isOfSamples ? `index / ${whole(points)}` : '0u'};
  let point = index % ${whole(points)};
${unitsCode({ ...setting, names }, units, entry, isStored, directSumsAt(entry), noTotal)}`,
  };
};
