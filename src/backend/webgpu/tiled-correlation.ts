/**
 * Correlations on tiles: a workgroup reads a tile of the field and the weights of some channels into what it shares, a lane
 * sums at several sites for several channels at once, so that each number which it reads is used several times.
 *
 * The sums of all correlations of a cluster are then shared too, and the lanes go on with them point by point.
 */
import { meaningOf, type ValueId } from '../../program/program.ts';
import { promisedField, promisedKernel } from '../../program/promised-type.ts';
import type { Correlation } from '../schedule/passes.ts';
import { readEntry, type Entry, type Setting, type Writing } from './access.ts';
import { componentsOf, turns, unitsCode, type CorrelationSums } from './points.ts';
import type { Cluster } from './stages.ts';
import { fewProducts, surroundedLength, tilesOf, type Tile } from './tile.ts';
import { lanes, mostShared, whole, type Code, type Kernel } from './wgsl.ts';

/** A correlation, and what of it is a number. */
interface Head {
  readonly value: ValueId;
  readonly correlation: Correlation;
  readonly components: number;
  /** Channels that are summed over. */
  readonly summed: number;
  readonly size: number;
}

const headsOf = ({ program }: Setting, units: Cluster): readonly Head[] =>
  units.flatMap(({ value, work }) => {
    if (work.tag !== 'correlation') {
      return [];
    }
    const { correlation } = work;
    const { outputs, inputs, size } = promisedKernel(meaningOf(program.types)(correlation.kernel));
    const { components } = promisedField(meaningOf(program.types)(correlation.field));
    return [{ value, correlation, components, size, summed: correlation.tag === 'correlate' ? inputs : outputs }];
  });

/** How a cluster is cut among workgroups. */
interface Cut {
  readonly tile: Tile;
  /** Channels of the result that a workgroup computes. */
  readonly channels: number;
  /** Where in what is shared the sums of each correlation begin; then come the tile of the field and the weights. */
  readonly sumsAt: readonly number[];
  readonly fieldAt: number;
}

/** Most sums that a lane takes at once: what registers hold. */
const mostSums = 40;

const sumsOf = (tile: Tile, channels: number, { components }: Head): number => tile.sites * channels * components;

/** The numbers of one channel that is summed over: its part of the tile, and of the weights. */
const perSummed = (tile: Tile, channels: number, { components, size }: Head, latticeSize: number): number =>
  components * surroundedLength(tile, latticeSize, size) + channels * size * size;

/** How many channels are summed over at once: as many as find room, and in each turn alike. */
const atOnce = ({ tile, channels, fieldAt }: Cut, head: Head, latticeSize: number): number => {
  const most = Math.floor((mostShared - fieldAt) / perSummed(tile, channels, head, latticeSize));
  return Math.ceil(head.summed / Math.ceil(head.summed / most));
};

/** The cut of a cluster in blocks of so many channels, if it finds room. */
const cutIn = (tile: Tile, channels: number, heads: readonly Head[], latticeSize: number): Cut | null => {
  const lengths = heads.map((head) => sumsOf(tile, channels, head));
  const sumsAt = lengths.map((_, index) => lengths.slice(0, index).reduce((sum, length) => sum + length, 0));
  const fieldAt = lengths.reduce((sum, length) => sum + length, 0);
  const hasRoom = heads.every(
    (head) =>
      fieldAt + perSummed(tile, channels, head, latticeSize) <= mostShared &&
      Math.ceil(tile.sites / lanes) * channels * head.components <= mostSums,
  );
  return hasRoom ? { tile, channels, sumsAt, fieldAt } : null;
};

/** Blocks that have so many channels of a result between them, as alike as they can be, the fewest blocks first. */
const blocksOf = (channels: number): readonly number[] => [
  ...new Set(Array.from({ length: channels }, (_, index) => Math.ceil(channels / (index + 1)))),
];

/** The first tile that a cluster finds room with, in the fewest blocks. */
const cutOf = (heads: readonly Head[], channels: number, latticeSize: number): Cut | null => {
  for (const tile of tilesOf(latticeSize)) {
    for (const block of blocksOf(channels)) {
      const cut = cutIn(tile, block, heads, latticeSize);
      if (cut !== null) return cut;
    }
  }
  return null;
};

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

/** Statements that take the sums of one correlation, and share them from `sumsAt` on. */
const headCode = (writing: Writing, cut: Cut, head: Head, sumsAt: number, outputs: number, shared: Code): string => {
  const { tile, channels, fieldAt } = cut;
  const N = writing.latticeSize;
  const { correlation, components, summed, size } = head;
  const read = readEntry(writing, new Map());
  const reach = (size - 1) / 2;
  const around = whole(turns(reach, N) - reach);
  const taps = size * size;
  const [rows, columns] = [tile.rows + size - 1, N + size - 1];
  const plane = surroundedLength(tile, N, size);
  const inTurn = atOnce(cut, head, N);
  const weightsAt = fieldAt + inTurn * components * plane;
  const entry: Entry = {
    tag: 'field',
    sample: 'sample',
    component: `(at / ${whole(plane)} % ${whole(components)})`,
    channel: 'other',
    site: `(row * ${whole(N)} + column)`,
    isHere: false,
  };
  // The transposed correlation is one with outputs and inputs exchanged, and taps in reverse.
  const weight =
    correlation.tag === 'correlate'
      ? `(channel * ${whole(summed)} + other) * ${whole(taps)} + at % ${whole(taps)}`
      : `(other * ${whole(outputs)} + channel) * ${whole(taps)} + ${whole(taps - 1)} - at % ${whole(taps)}`;
  const tap: Entry = { tag: 'numbered', sample: '0u', number: weight, isHere: false };
  const turnsOfLane = range(Math.ceil(tile.sites / lanes));
  const [ofBlock, ofComponents] = [range(channels), range(components)];
  const sumOf = (channel: number, turn: number, component: number): Code => `s${channel}t${turn}c${component}`;
  const each = (f: (channel: number, turn: number, component: number) => string): string =>
    ofBlock
      .flatMap((channel) => turnsOfLane.flatMap((turn) => ofComponents.map((component) => f(channel, turn, component))))
      .join('\n');
  return `{
${turnsOfLane
  .map(
    (turn) => `
  let point${turn} = min(lane + ${whole(turn * lanes)}, ${whole(tile.sites - 1)});
  let corner${turn} = point${turn} / ${whole(tile.rows * N)} * ${whole(rows * columns)} + point${turn} / ${whole(N)} % ${whole(tile.rows)} * ${whole(columns)} + point${turn} % ${whole(N)};`,
  )
  .join('')}
${each((channel, turn, component) => `var ${sumOf(channel, turn, component)} = 0f;`)}
  for (var begin = 0u; begin < ${whole(summed)}; begin += ${whole(inTurn)}) {
    for (var at = lane; at < ${whole(inTurn * components * plane)}; at += ${whole(lanes)}) {
      let other = begin + at / ${whole(components * plane)};
      let sample = firstSample + at / ${whole(rows * columns)} % ${whole(tile.samples)};
      let row = (firstRow + at / ${whole(columns)} % ${whole(rows)} + ${around}) % ${whole(N)};
      let column = (at % ${whole(columns)} + ${around}) % ${whole(N)};
      var number = 0f;
      if (other < ${whole(summed)} && sample < portion.samples) { number = ${read(correlation.field, entry)}; }
      ${shared}[${whole(fieldAt)} + at] = number;
    }
    for (var at = lane; at < ${whole(inTurn * channels * taps)}; at += ${whole(lanes)}) {
      let other = begin + at / ${whole(taps)} % ${whole(inTurn)};
      let channel = firstChannel + at / ${whole(taps * inTurn)};
      var number = 0f;
      if (other < ${whole(summed)} && channel < ${whole(outputs)}) { number = ${read(correlation.kernel, tap)}; }
      ${shared}[${whole(weightsAt)} + at] = number;
    }
    workgroupBarrier();
    for (var other = 0u; other < ${whole(inTurn)}; other++) {
      for (var down = 0u; down < ${whole(size)}; down++) {
        let line = ${whole(fieldAt)} + other * ${whole(components * plane)} + down * ${whole(columns)};
        let weights = ${whole(weightsAt)} + other * ${whole(taps)} + down * ${whole(size)};
        for (var right = 0u; right < ${whole(size)}; right++) {
${turnsOfLane.flatMap((turn) => ofComponents.map((component) => `let x${turn}c${component} = ${shared}[line + corner${turn} + right + ${whole(component * plane)}];`)).join('\n')}
${ofBlock.map((channel) => `let w${channel} = ${shared}[weights + right + ${whole(channel * inTurn * taps)}];`).join('\n')}
${each((channel, turn, component) => `${sumOf(channel, turn, component)} += w${channel} * x${turn}c${component};`)}
        }
      }
    }
    workgroupBarrier();
  }
${turnsOfLane
  .map((turn) => {
    const stores = ofBlock.flatMap((channel) =>
      ofComponents.map(
        (component) =>
          `${shared}[${whole(sumsAt + (component * channels + channel) * tile.sites)} + point${turn}] = ${sumOf(channel, turn, component)};`,
      ),
    );
    return `if (lane + ${whole(turn * lanes)} < ${whole(tile.sites)}) {\n${stores.join('\n')}\n}`;
  })
  .join('\n')}
}`;
};

/**
 * The tiled kernel of a cluster of samples with correlations, whose kernels all samples share; null where it is not worth it,
 * or even the smallest tile finds no room.
 */
export const tiledCorrelation = (
  setting: Setting,
  units: Cluster,
  isStored: (value: ValueId) => boolean,
): Kernel | null => {
  const { program, times, latticeSize: N } = setting;
  const heads = headsOf(setting, units);
  const type = meaningOf(program.types)(units[0]!.value);
  const isOfSamples = meaningOf(times)(units[0]!.value) === 'sample';
  const isShared = heads.every(({ correlation }) => meaningOf(times)(correlation.kernel) === 'run');
  const isWorthIt = heads.some(({ summed, size }) => summed * size * size >= fewProducts);
  if (!isWorthIt || !isOfSamples || !isShared || type.tag !== 'field') {
    return null;
  }
  const cut = cutOf(heads, type.channels, N);
  if (cut === null) {
    return null;
  }
  const { tile, channels, sumsAt, fieldAt } = cut;
  const blocks = Math.ceil(type.channels / channels);
  const entry: Entry = {
    tag: 'field',
    sample: 'sample',
    component: '0u',
    channel: 'channel',
    site: 'site',
    isHere: true,
  };
  const shares = heads.map((head) => fieldAt + atOnce(cut, head, N) * perSummed(tile, channels, head, N));
  return {
    grid: { of: 'samples', blocks: tile.bands * blocks, results: 1, per: tile.samples, most: null },
    shared: Math.max(...shares),
    body: (shared, names) => {
      const writing = { ...setting, names };
      const sumsOfUnit: CorrelationSums = (_, { value }) => {
        const index = heads.findIndex((head) => head.value === value);
        const { components } = heads[index]!;
        return {
          code: '',
          sums: range(componentsOf({ ...type, components })).map(
            (component) => `${shared}[${whole(sumsAt[index]! + component * channels * tile.sites)} + at]`,
          ),
        };
      };
      const noTotal = (): never => {
        throw new RangeError('a field is no total');
      };
      return `
  let firstSample = group / ${whole(tile.bands * blocks)} * ${whole(tile.samples)};
  let firstRow = group / ${whole(blocks)} % ${whole(tile.bands)} * ${whole(tile.rows)};
  let firstChannel = group % ${whole(blocks)} * ${whole(channels)};
${heads.map((head, index) => headCode(writing, cut, head, sumsAt[index]!, type.channels, shared)).join('\n')}
  workgroupBarrier();
  for (var at = lane; at < ${whole(channels * tile.sites)}; at += ${whole(lanes)}) {
    let point = at % ${whole(tile.sites)};
    let channel = firstChannel + at / ${whole(tile.sites)};
    let sample = firstSample + point / ${whole(tile.rows * N)};
    let row = firstRow + point / ${whole(N)} % ${whole(tile.rows)};
    let site = row * ${whole(N)} + point % ${whole(N)};
    if (sample < portion.samples && channel < ${whole(type.channels)} && row < ${whole(N)}) {
${unitsCode(writing, units, entry, isStored, sumsOfUnit, noTotal)}
    }
  }`;
    },
  };
};
