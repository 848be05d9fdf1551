/** What is said of a port: how far it agrees, where it parts first, and which bug that may be. */
import { compared, isCounted, type Answers, type Outcome } from './comparison.ts';
import { alikeInPlace, diagnosed, type Signatures } from './diagnosis.ts';
import type { Vector } from './vector.ts';

/** Where a port parts from the vectors first, in the order in which one thing is built on the other. */
export interface Parting {
  readonly id: string;
  readonly output: string;
  /** What the output is. */
  readonly meaning: string;
  /** Why the case is there. */
  readonly why: string;
  /** The indices of the number that is most wrong; empty where their count is. */
  readonly index: readonly number[];
  /** What was expected there, and what was got; null where it was no finite number. */
  readonly expected: number;
  readonly got: number | null;
  /** Relative to the largest modulus of the output; null where it is not finite. */
  readonly error: number | null;
  readonly allowed: number;
  readonly expectedCount: number;
  readonly gotCount: number;
}

/** A bug, others that answer the same as far as was answered, and how many of the vectors that part it explains. */
export interface Likely {
  readonly bug: string;
  readonly or: readonly string[];
  readonly explains: number;
}

/** The verdict on a port. */
export interface Verdict {
  readonly vectors: number;
  readonly answered: number;
  readonly parting: readonly string[];
  readonly first: Parting | null;
  readonly likely: readonly Likely[];
  /** Where no bug has the numbers, those that make nearly the same vectors wrong; none where a count is wrong first. */
  readonly alike: readonly string[];
  /** The families of which nothing was answered. */
  readonly unanswered: readonly string[];
}

const indexOf = (shape: readonly number[], place: number): readonly number[] =>
  shape.reduceRight<{ readonly index: readonly number[]; readonly rest: number }>(
    ({ index, rest }, extent) => ({ index: [rest % extent, ...index], rest: Math.floor(rest / extent) }),
    { index: [], rest: place },
  ).index;

const finiteOrNull = (x: number): number | null => (Number.isFinite(x) ? x : null);

const partingOf = (outcome: Outcome, vector: Vector, allowed: number): Parting => {
  const { id, output, expected, answered, error } = outcome;
  const wrongness = expected.decimal.map((x, i) => {
    const difference = Math.abs(x - (answered[i] ?? NaN));
    return Number.isNaN(difference) ? Infinity : difference;
  });
  const place = wrongness.indexOf(wrongness.reduce((most, x) => Math.max(most, x), 0));
  return {
    id,
    output,
    meaning: expected.meaning,
    why: vector.why,
    index: isCounted(outcome) ? indexOf(expected.shape, place) : [],
    expected: expected.decimal[place] ?? NaN,
    got: finiteOrNull(answered[place] ?? NaN),
    error: finiteOrNull(error),
    allowed,
    expectedCount: expected.decimal.length,
    gotCount: answered.length,
  };
};

/** Wrong numbers of a bug are recognized to so many digits; in another precision to fewer. */
const recognition = 1e-6;

/**
 * The verdict on a port's answers. `least` is the relative error that a port in another precision is allowed: 0 for float64,
 * 1e-4 for float32.
 */
export const verdictOn =
  (vectors: readonly Vector[], signatures: Signatures, least = 0) =>
  (answers: Answers): Verdict => {
    const outcomes = compared(vectors, least)(answers);
    const wrong = outcomes.filter(({ agrees }) => !agrees);
    const first = wrong[0];
    const vector = vectors.find(({ id }) => id === first?.id);
    const familyOf = (id: string): string => id.replace(/\/.*$/, '');
    const answeredFamilies = new Set(Object.keys(answers).map(familyOf));
    // Bugs of the arithmetic are known by numbers at their places.
    const counted = outcomes.filter(isCounted);
    const likely = diagnosed(
      signatures,
      Math.max(recognition, 10 * least),
    )(counted).map(({ bug, or, explained }) => ({ bug, or, explains: explained.length }));
    return {
      vectors: vectors.length,
      answered: new Set(outcomes.map(({ id }) => id)).size,
      parting: [...new Set(wrong.map(({ id }) => id))],
      first:
        first === undefined || vector === undefined
          ? null
          : partingOf(first, vector, Math.max(vector.tolerance.relative, vector.tolerance.relative === 0 ? 0 : least)),
      likely,
      alike: likely.length === 0 && first !== undefined && isCounted(first) ? alikeInPlace(signatures)(counted) : [],
      unanswered: [...new Set(vectors.map(({ id }) => familyOf(id)))].filter((family) => !answeredFamilies.has(family)),
    };
  };

/** The verdict in words. */
export const verdictLines = ({
  vectors,
  answered,
  parting,
  first,
  likely,
  alike,
  unanswered,
}: Verdict): readonly string[] => [
  `${answered} of ${vectors} vectors answered, ${answered - parting.length} agree, ${parting.length} part`,
  ...(first === null ? [] : partingLines(first)),
  ...likely.map(
    ({ bug, or, explains }) =>
      `likely: ${[bug, ...or].join('; or ')} (these are its numbers in ${explains} of the ${parting.length})`,
  ),
  ...(first !== null && first.expectedCount === first.gotCount && likely.length === 0
    ? [
        `no known bug has these numbers${alike.length === 0 ? '' : `; wrong in the same places are: ${alike.join('; ')}`}`,
      ]
    : []),
  ...(unanswered.length === 0 ? [] : [`nothing answered of ${unanswered.join(', ')}`]),
];

const partingLines = ({
  id,
  output,
  meaning,
  why,
  index,
  expected,
  got,
  error,
  allowed,
  expectedCount,
  gotCount,
}: Parting): readonly string[] => [
  `first at ${id}, output ${output}: ${meaning}`,
  expectedCount === gotCount
    ? `  at [${index.join(', ')}] expected ${expected}, got ${got ?? 'no finite number'}` +
      (error === null ? '' : `: wrong by ${error.toPrecision(2)} of the largest, allowed ${allowed}`)
    : `  expected ${expectedCount} ${expectedCount === 1 ? 'number' : 'numbers'}, got ${gotCount}: answer as many as the vector has`,
  `  the case is there for: ${why}`,
];
