/**
 * Weights say what they are: a map declares its weights with their role, fan-in and degree, and the declaration goes
 * with the parameter wherever its program goes. How a weight is called in files, how it is written in equations, how it
 * starts and how it is rescaled are read off the declaration; nothing reads a name.
 *
 * | weight of                      | role                   | in files       | in equations |
 * |--------------------------------|------------------------|----------------|--------------|
 * | the map of f_2 after its tanh  | weight, bias           | `f.2.1.weight` | W^f_{2,1}    |
 * | T_3(S_0)                       | leftKernel, rightKernel | `T.3.a`        | a^T_3        |
 * | q                              | weight, bias           | `q.bias`       | b^q          |
 * | the pair head                  | pairKernel             | `pair.weight`  | W^pair       |
 */
import type { BiasType, KernelType } from './value-type.ts';

/** The maps that the paper's networks are composed of, by the letters that they have in files and equations. */
export const mapLetters = {
  /** f_i: from a layer to the effective field on the next. */
  field: 'f',
  /** g_i: what the field is multiplied by; the bare spins in an EFNN. */
  spin: 'g',
  /** T_j: from vector spins to invariants. */
  symmetrization: 'T',
  /** P: from the spins to the width of a ResNet's layers. */
  projection: 'P',
  /** q: from the last layer to the energy. */
  readout: 'q',
  /** The two-body head beside the network. */
  pair: 'pair',
} as const;

/** What a map is to its network. */
export type MapKind = keyof typeof mapLetters;

/** Which map of a network: f_2, or q; and of f_i and g_i, which of their two affine parts. */
export interface MapName {
  readonly kind: MapKind;
  /** i of f_i, g_i, T_i; null for a map that a network has once. */
  readonly layer: number | null;
  /** 0 before the tanh, 1 after it; null for a map that has no parts. */
  readonly part: 0 | 1 | null;
}

/** How the weights of a role begin: drawn from the published distribution, or at 0 until they are fitted. */
export type WeightStart = 'drawn' | 'fitted';

interface RoleRow {
  /** The last word of the weight's name in a file. */
  readonly word: string;
  /** Its letter in equations. */
  readonly letter: string;
  readonly start: WeightStart;
}

/** One row a role. Readers of weights go by this table, so a new role is complete with its row. */
export const weightRoles = {
  /** W of an affine map x -> W x + b. */
  weight: { word: 'weight', letter: 'W', start: 'drawn' },
  /** b of an affine map. */
  bias: { word: 'bias', letter: 'b', start: 'drawn' },
  /** a of T(s) = sum over k of (a * s_k)(b * s_k). */
  leftKernel: { word: 'a', letter: 'a', start: 'drawn' },
  /** b of T. */
  rightKernel: { word: 'b', letter: 'b', start: 'drawn' },
  /** K of the pair head, sum over sites of s_i . (K * s)_i. */
  pairKernel: { word: 'weight', letter: 'W', start: 'fitted' },
} as const satisfies Readonly<Record<string, RoleRow>>;

/** What a weight is to its map. */
export type WeightRole = keyof typeof weightRoles;

/** The roles whose weights are fitted. */
export type FittedRole = {
  readonly [R in WeightRole]: (typeof weightRoles)[R]['start'] extends 'fitted' ? R : never;
}[WeightRole];

/** The value type of the weights of each role. */
export interface WeightTypes {
  readonly weight: KernelType;
  readonly bias: BiasType;
  readonly leftKernel: KernelType;
  readonly rightKernel: KernelType;
  readonly pairKernel: KernelType;
}

/** A weight as its map declares it. */
export interface Weight<R extends WeightRole = WeightRole> {
  readonly map: MapName;
  readonly role: R;
  readonly type: WeightTypes[R];
  /** How many numbers enter each output of the map: inputs * kernel^2, for a bias that of its map. */
  readonly fanIn: number;
  /** All weights of the map times c make its output times c^degree: 1 for affine maps, 2 for T_j. */
  readonly degree: number;
}

/**
 * A map by its kind, layer and part.
 *
 * @example
 * mapName('field', 2, 1) // { kind: 'field', layer: 2, part: 1 }
 * mapName('readout') // { kind: 'readout', layer: null, part: null }
 */
export const mapName = (kind: MapKind, layer: number | null = null, part: 0 | 1 | null = null): MapName => ({
  kind,
  layer,
  part,
});

/** One of the two affine parts of a map: f_{2,0} before its tanh, f_{2,1} after. */
export const partOf = (map: MapName, part: 0 | 1): MapName => ({ ...map, part });

/** The whole map that a part belongs to: f_2 of f_{2,1}. */
export const wholeOf = (map: MapName): MapName => ({ ...map, part: null });

/** The numbers of a map: its layer and its part, as far as it has them. */
export const mapIndices = ({ layer, part }: MapName): readonly number[] =>
  [layer, part].flatMap((index) => (index === null ? [] : [index]));

/**
 * A map in one word, equal for equal maps.
 *
 * @example
 * mapKey(mapName('field', 2, 1)) // 'f.2.1'
 */
export const mapKey = (map: MapName): string => [mapLetters[map.kind], ...mapIndices(map)].join('.');

/**
 * The name of a weight in files, and of its parameter.
 *
 * @example
 * weightName({ map: mapName('field', 2, 1), role: 'bias' }) // 'f.2.1.bias'
 * weightName({ map: mapName('symmetrization', 0), role: 'leftKernel' }) // 'T.0.a'
 */
export const weightName = ({ map, role }: Pick<Weight, 'map' | 'role'>): string =>
  `${mapKey(map)}.${weightRoles[role].word}`;
