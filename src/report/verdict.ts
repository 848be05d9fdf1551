/**
 * Verdicts: whether what was obtained agrees with what the paper says. A claim holds its rule as data, and the verdict is
 * computed from the rule and the number, so nobody types in that a claim holds.
 */

/** When a claim holds, in terms of the number obtained. */
export type Rule =
  | { readonly tag: 'below'; readonly bound: number }
  | { readonly tag: 'above'; readonly bound: number }
  /** |obtained - value| <= tolerance. */
  | { readonly tag: 'equals'; readonly value: number; readonly tolerance: number }
  /** value / factor <= obtained <= value * factor, for positive numbers: the right order of magnitude. */
  | { readonly tag: 'within-factor'; readonly value: number; readonly factor: number };

/** What a rule says of a number; what was not measured is not tested. */
export type Verdict = 'holds' | 'does not hold' | 'not tested';

const keeps = (rule: Rule, obtained: number): boolean => {
  switch (rule.tag) {
    case 'below':
      return obtained < rule.bound;
    case 'above':
      return obtained > rule.bound;
    case 'equals':
      return Math.abs(obtained - rule.value) <= rule.tolerance;
    case 'within-factor':
      return obtained >= rule.value / rule.factor && obtained <= rule.value * rule.factor;
  }
};

/**
 * The verdict on a number; null was not measured, and a number that is not finite never holds.
 *
 * @example
 * verdictOf({ tag: 'below', bound: 0.01 })(0.004) // 'holds'
 */
export const verdictOf =
  (rule: Rule) =>
  (obtained: number | null): Verdict => {
    if (obtained === null) {
      return 'not tested';
    }
    return Number.isFinite(obtained) && keeps(rule, obtained) ? 'holds' : 'does not hold';
  };

/** The rule as pieces of prose, which keep their numbers as numbers. */
export const proseOf = (rule: Rule): readonly (string | number)[] => {
  switch (rule.tag) {
    case 'below':
      return ['required: below ', rule.bound];
    case 'above':
      return ['required: above ', rule.bound];
    case 'equals':
      return rule.tolerance === 0
        ? ['required: exactly ', rule.value]
        : ['required: within ', rule.tolerance, ' of ', rule.value];
    case 'within-factor':
      return ['required: within a factor of ', rule.factor, ' of ', rule.value];
  }
};
