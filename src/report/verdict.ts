/**
 * Verdicts: whether what was obtained agrees with what the paper says. A claim holds its rule as data, and the verdict is
 * computed from the rule and the number, so nobody types in that a claim holds.
 */
import type { Interval } from './interval.ts';

/** When a claim holds, in terms of the number obtained. */
export type Rule =
  /** `leastSeeds`: fewer seeds decide nothing. Comparisons of trained networks ask for several. */
  | { readonly tag: 'below'; readonly bound: number; readonly leastSeeds?: number }
  | { readonly tag: 'above'; readonly bound: number; readonly leastSeeds?: number }
  /**
   * A number of the paper is reproduced: ours is below it with every seed, or it lies in our interval. `reach`: how many times the bound
   * such an interval may reach, 1 where it is not said. One that reaches further is too wide to tell ours from a worse one.
   */
  | { readonly tag: 'at-most'; readonly bound: number; readonly leastSeeds?: number; readonly reach?: number }
  /** |obtained - value| <= tolerance. */
  | { readonly tag: 'equals'; readonly value: number; readonly tolerance: number; readonly leastSeeds?: number }
  /** A ratio of two numbers that are alike, whichever is above: from 1 / factor to factor. */
  | { readonly tag: 'alike'; readonly factor: number; readonly leastSeeds?: number };

/** All verdicts, as reports count them. */
export const verdicts = ['holds', 'does not hold', 'undecided', 'not tested'] as const;

/** What a rule says of a number: undecided where its spread is on both sides (but for numbers of the paper, which a narrow one may hold), not tested where there is none. */
export type Verdict = (typeof verdicts)[number];

/** Between which numbers the obtained one lies with 95 percent, over seeds or by its error; results call it the spread of a claim. */
export interface ConfidenceInterval extends Interval {
  /** How many seeds are behind it. */
  readonly seeds: number;
  /** The smallest and the largest number that a seed gave; not there where it is not of seeds. */
  readonly least?: number;
  readonly greatest?: number;
}

/** A network whose training diverged, at the rates of its schedule and at half of them: it has no error. */
export interface DivergedNetwork {
  readonly network: string;
  readonly seed: number;
}

/** `EFNN, W = 105, n = 3, seed 2; DNN, W = 105, n = 3, seed 1`: networks that diverged, in words. */
export const divergedInWords = (networks: readonly DivergedNetwork[]): string =>
  networks.map(({ network, seed }) => `${network}, seed ${seed}`).join('; ');

/** What a section says of its networks that diverged. */
export const divergedSentence = (networks: readonly DivergedNetwork[]): string =>
  `Diverged at the rates of their schedules and at half of them, and in none of these figures and tables: ${divergedInWords(networks)}.`;

/** What a claim asks of its networks. */
export const needs = ['every network', 'one network of each seed'] as const;

/**
 * What the networks that are trained say of the number that a claim on all of them states: the number; a bound, which the others can only
 * lower, or only raise, as it is that of the best of them; nothing, as one that is asked for is missing.
 */
export const knowledge = ['its number', 'an upper bound', 'a lower bound', 'nothing'] as const;

/**
 * The networks that a claim speaks of, and what is known of its number where some of them are missing: not finished, or diverged. Nobody
 * knows what error these would have, at other rates: a claim that lacks what it asks for is undecided, so that a network neither wins by a
 * rival that diverged nor is excused for having diverged itself.
 */
export interface Subject {
  readonly needs: (typeof needs)[number];
  readonly planned: number;
  /** How many of them are finished: trained, or diverged. */
  readonly done: number;
  readonly diverged: readonly DivergedNetwork[];
  readonly known: (typeof knowledge)[number];
}

/** `2 of 3 networks are finished; diverged: DNN, seed 1`: what is missing of a subject, in pieces of prose; none where nothing is. */
export const missingInWords = ({ done, planned, diverged }: Subject): readonly (string | number)[] => [
  ...(done < planned ? [done, ' of ', planned, ' networks are finished'] : []),
  ...(done < planned && diverged.length > 0 ? ['; '] : []),
  ...(diverged.length > 0 ? [`diverged: ${divergedInWords(diverged)}`] : []),
];

const keeps = (rule: Rule, obtained: number): boolean => {
  switch (rule.tag) {
    case 'below':
      return obtained < rule.bound;
    case 'above':
      return obtained > rule.bound;
    case 'at-most':
      return obtained <= rule.bound;
    case 'equals':
      return Math.abs(obtained - rule.value) <= rule.tolerance;
    case 'alike':
      return obtained <= rule.factor && obtained * rule.factor >= 1;
  }
};

const seedsAsked = ({ leastSeeds = 1 }: Rule): number => leastSeeds;

/**
 * What every seed keeps stays kept where others can only improve it: a number of the paper that is reached, a ratio that is above a bound.
 * Nothing else is known of the whole, for which an interval may become a wider one.
 */
const verdictOnBound = (
  rule: Rule,
  known: 'an upper bound' | 'a lower bound',
  { least, greatest, seeds }: Required<Pick<ConfidenceInterval, 'least' | 'greatest' | 'seeds'>>,
): Verdict => {
  const worst = known === 'an upper bound' ? greatest : least;
  const isImproved = rule.tag === (known === 'an upper bound' ? 'at-most' : 'above');
  return isImproved && seeds >= seedsAsked(rule) && keeps(rule, worst) ? 'holds' : 'undecided';
};

/** The number at which two are most alike, which an interval may hold and yet reach too far to both sides. */
const centreOf = (rule: Rule): number | null => (rule.tag === 'equals' ? rule.value : rule.tag === 'alike' ? 1 : null);

/**
 * The verdict on a number and its spread, and on what is known of it where networks are missing; null was not measured, and a number that
 * is not finite never holds.
 *
 * @example
 * verdictOf({ tag: 'below', bound: 0.01 })(0.004) // 'holds'
 * verdictOf({ tag: 'below', bound: 0.01 })(0.009, { low: 0.007, high: 0.012, seeds: 3 }) // 'undecided'
 * verdictOf({ tag: 'at-most', bound: 0.01, reach: 1.5 })(0.011, { low: 0.009, high: 0.013, seeds: 3 }) // 'holds'
 * verdictOf({ tag: 'at-most', bound: 0.01, reach: 1.5 })(0.011, { low: 0.004, high: 0.03, seeds: 3 }) // 'undecided'
 * verdictOf({ tag: 'below', bound: 0.01 })(0.004, undefined, { needs: 'every network', planned: 3, done: 2, diverged: [], known: 'nothing' }) // 'undecided'
 */
export const verdictOf =
  (rule: Rule) =>
  (obtained: number | null, spread?: ConfidenceInterval, subject?: Subject): Verdict => {
    const isLacking = subject?.known === 'nothing';
    if (obtained === null) {
      // A network that diverged was tested, and has no number.
      return isLacking && subject.diverged.length > 0 ? 'undecided' : 'not tested';
    }
    if (isLacking) {
      return 'undecided';
    }
    const { low, high, seeds, least = low, greatest = high } = spread ?? { low: obtained, high: obtained, seeds: 1 };
    if (subject?.known === 'an upper bound' || subject?.known === 'a lower bound') {
      return verdictOnBound(rule, subject.known, { least, greatest, seeds });
    }
    const ends = [low, obtained, high];
    if (!ends.every(Number.isFinite)) {
      return 'does not hold';
    }
    if (seeds < seedsAsked(rule)) {
      return 'undecided';
    }
    if (rule.tag === 'at-most') {
      const isReached = greatest <= rule.bound || high <= rule.bound * (rule.reach ?? 1);
      return low > rule.bound ? 'does not hold' : isReached ? 'holds' : 'undecided';
    }
    const kept = ends.filter((end) => keeps(rule, end)).length;
    const centre = centreOf(rule);
    const surrounds = centre !== null && low < centre && centre < high;
    return kept === ends.length ? 'holds' : kept === 0 && !surrounds ? 'does not hold' : 'undecided';
  };

/** What so many claims do: `1 claim holds`, `2 claims hold`. */
export const hold = (claims: number): string => (claims === 1 ? 'holds' : 'hold');

/** What so many claims do not: `1 does not`, `2 do not`. */
export const doNot = (claims: number): string => (claims === 1 ? 'does not' : 'do not');

const whole = (rule: Rule): readonly (string | number)[] =>
  seedsAsked(rule) > 1 ? ['required: the whole interval, of at least ', seedsAsked(rule), ' seeds, '] : ['required: '];

const divergenceRules: Readonly<Record<Subject['needs'], string>> = {
  'every network': '; undecided where one of its networks diverged',
  'one network of each seed': '; undecided where all of its networks of a seed diverged',
};

/** The rule as pieces of prose, which keep their numbers as numbers, with what it says of networks that diverged. */
export const proseOf = (rule: Rule, subject?: Pick<Subject, 'needs'>): readonly (string | number)[] => [
  ...boundsOf(rule),
  ...(subject === undefined ? [] : [divergenceRules[subject.needs]]),
];

const boundsOf = (rule: Rule): readonly (string | number)[] => {
  switch (rule.tag) {
    case 'below':
      return [...whole(rule), 'below ', rule.bound];
    case 'above':
      return [...whole(rule), 'above ', rule.bound];
    case 'at-most':
      return [
        ...['required: at most ', rule.bound],
        ...(rule.leastSeeds === undefined ? [] : [' with each seed, of at least ', rule.leastSeeds, ' seeds']),
        ...(rule.reach === undefined
          ? []
          : [', or an interval that contains it and ends at no more than ', rule.reach, ' times it']),
      ];
    case 'equals':
      return rule.tolerance === 0
        ? [...whole(rule), 'exactly ', rule.value]
        : [...whole(rule), 'within ', rule.tolerance, ' of ', rule.value];
    case 'alike':
      return [...whole(rule), 'equal to 1 within a factor of ', rule.factor];
  }
};
