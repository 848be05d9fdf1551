/** Laws of the independent port, of its bugs, and of whoever names them. */
import fc from 'fast-check';

import { compared, type Answer } from '../../src/conformance/comparison.ts';
import type { Diagnosis, Signatures } from '../../src/conformance/diagnosis.ts';
import type { Vector } from '../../src/conformance/vector.ts';
import type { Verdict } from '../../src/conformance/verdict.ts';
import type { Law } from '../law.ts';
import type { Caught } from '../port/signatures.ts';

/** Answers a vector, if it has an answer. */
export type Answering = (vector: Vector) => Answer;

/** How much of the tolerance a right port may use up. */
const share = 0.1;

/** The law of ports, on these vectors. */
export const portsAgree = (vectors: readonly Vector[]): Law<Answering, Vector> => ({
  statement: 'an independent port answers every vector, with a tenth of the error that is allowed',
  cases: fc.constantFrom(...vectors.filter(({ id }) => !id.startsWith('errors/'))),
  runs: 400,
  holds: (answer) => (vector) => {
    const outcomes = compared([vector])({ [vector.id]: answer(vector) });
    return (
      outcomes.length > 0 && outcomes.every(({ error }) => error <= share * vector.tolerance.relative || error === 0)
    );
  },
});

export const bugsAreCaughtTwice: Law<readonly Caught[], null> = {
  statement: 'every known bug is caught by two vectors at least',
  cases: fc.constant(null),
  runs: 1,
  holds: (caught) => () => caught.length > 0 && caught.every(({ by }) => by.length >= 2),
};

const signsOf = ({ bugs }: Signatures, bug: string): string =>
  JSON.stringify(bugs.find((signature) => signature.bug === bug)?.signs);

/** The law of diagnoses, on these vectors and the bugs that they catch. */
export const bugsAreNamed = (
  vectors: readonly Vector[],
  caught: readonly Caught[],
  signatures: Signatures,
): Law<Diagnosis, Caught> => ({
  statement:
    'of the wrong answers of a port with a known bug the first suspect is that bug, and nothing is left to explain',
  cases: fc.constantFrom(...caught),
  runs: 300,
  holds:
    (diagnosis) =>
    ({ bug, by, answers }) => {
      const [first] = diagnosis(signatures, 1e-6)(compared(vectors)(answers));
      return (
        first?.contradicted === 0 &&
        first.explained.length === by.length &&
        [first.bug, ...first.or].every((suspect) => signsOf(signatures, suspect) === signsOf(signatures, bug))
      );
    },
});

/** What is said of a port, from the answers that it gives to some of the vectors. */
export type Judge = (answers: Readonly<Record<string, Answer>>) => Verdict;

interface Slip {
  readonly vector: number;
  readonly output: number;
}

/** The law of verdicts, on these vectors. */
export const verdictsNameTheFirst = (vectors: readonly Vector[]): Law<Judge, Slip> => ({
  statement: 'the first output that parts is named, in the order of the vectors, with how many were answered',
  cases: fc.record({ vector: fc.nat(100_000), output: fc.nat(100) }),
  runs: 100,
  holds: (judge) => (slip) => {
    const from = slip.vector % vectors.length;
    const asked = vectors.slice(from, from + 3);
    const right = Object.fromEntries(
      asked.map(({ id, expected }) => [
        id,
        Object.fromEntries(Object.entries(expected).map(([output, { decimal }]) => [output, decimal])),
      ]),
    );
    const [vector] = asked;
    const outputs = Object.keys(vector?.expected ?? {});
    const output = outputs[slip.output % outputs.length] ?? '';
    const id = vector?.id ?? '';
    // Everything after the first output that parts is wrong too, and later vectors are.
    const late = asked.slice(1).map(({ id: other, expected }) => [other, changed(expected, '')] as const);
    const wrong = { ...right, ...Object.fromEntries(late), [id]: changed(vector?.expected ?? {}, output) };
    const [good, bad] = [judge(right), judge(wrong)];
    return (
      good.parting.length === 0 &&
      good.first === null &&
      good.answered === asked.length &&
      bad.first?.id === id &&
      bad.first.output === output &&
      bad.parting.length === asked.length
    );
  },
});

interface Miscount {
  readonly family: string;
  readonly vector: number;
  readonly output: number;
  /** How many numbers are left out, or put behind the others. */
  readonly by: number;
}

/** The law of wrong counts, on these vectors. */
export const countsNameNoBug = (
  vectors: readonly Vector[],
): Law<(answers: Parameters<Judge>[0]) => readonly string[], Miscount> => ({
  statement: 'where all that is wrong is how many numbers an output has, that is said, and no bug is named',
  cases: fc.record({
    family: fc.constantFrom(...new Set(vectors.map(({ id }) => id.replace(/\/.*$/, '')))),
    vector: fc.nat(100_000),
    output: fc.nat(100),
    by: fc.constantFrom(-1, 1, 2),
  }),
  runs: 200,
  holds:
    (linesOn) =>
    ({ family, vector, output, by }) => {
      const asked = vectors.filter(({ id }) => id.startsWith(`${family}/`));
      const wrong = vector % asked.length;
      const answers = Object.fromEntries(
        asked.map(({ id, expected }, i) => {
          const names = Object.keys(expected);
          const recounted = (numbers: readonly number[]): readonly number[] =>
            by < 0 ? numbers.slice(0, by) : [...numbers, ...numbers, 1, 1].slice(0, numbers.length + by);
          return [
            id,
            Object.fromEntries(
              Object.entries(expected).map(([name, { decimal }]) => [
                name,
                i === wrong && name === names[output % names.length] ? recounted(decimal) : decimal,
              ]),
            ),
          ];
        }),
      );
      const text = linesOn(answers).join('\n');
      return /\n {2}expected \d+ numbers?, got \d+: /.test(text) && !/likely|bug|wrong in the same/.test(text);
    },
});

/** The numbers with those from an output on wrong; all of them where there is none of that name. */
const changed = (expected: Vector['expected'], from: string): Answer => {
  const names = Object.keys(expected);
  const first = Math.max(0, names.indexOf(from));
  return Object.fromEntries(
    Object.entries(expected).map(([output, { decimal }], i) => [
      output,
      i < first ? decimal : decimal.map((x) => (x === 0 ? 1 : 2 * x)),
    ]),
  );
};
