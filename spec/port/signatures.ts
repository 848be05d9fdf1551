/** What each bug makes of the vectors: which of them catch it, and the wrong numbers by which it is known. */
import { compared, type Answers } from '../../src/conformance/comparison.ts';
import type { Sign, Signatures } from '../../src/conformance/diagnosis.ts';
import { vectorsVersion, type Vector } from '../../src/conformance/vector.ts';
import { markdownTable } from '../../src/report/markdown-table.ts';
import type { FamilyName } from '../vectors/families.ts';
import { bugs, type Bug } from './bugs.ts';
import { answersOf, port } from './port.ts';

/** A bug with the vectors that catch it. */
export interface Caught {
  readonly bug: string;
  readonly kind: Bug['kind'];
  readonly by: readonly string[];
  readonly signs: readonly Sign[];
  /** What a port with it answers, where it may show. */
  readonly answers: Answers;
}

/** The outputs that ports answer most often, and so a bug is known by, beside the first that it makes wrong. */
const usual: readonly string[] = ['levels', 'energy', 'forces'];

/** The number that is most wrong. */
const mostWrong = (expected: readonly number[], answered: readonly number[]): number => {
  const errors = expected.map((x, i) => {
    const error = Math.abs(x - (answered[i] ?? NaN));
    return Number.isNaN(error) ? Infinity : error;
  });
  return errors.indexOf(errors.reduce((most, error) => Math.max(most, error), 0));
};

/** The families that a kind of bug can show in. */
const reach: Readonly<Record<Bug['kind'], readonly FamilyName[]>> = {
  lattice: ['operations', 'symmetrization', 'networks'],
  network: ['symmetrization', 'networks'],
  physics: ['hamiltonians', 'exact-energies', 'poles', 'effective-model', 'error-measures'],
  draws: ['streams', 'samplers'],
  training: [
    'pair-fit',
    'energy-units',
    'initial-weights',
    'losses',
    'adam',
    'schedules',
    'shuffles',
    'training',
    'checkpoints',
  ],
  files: ['weights-files', 'data-files'],
};

const caughtBy = (bug: string, { kind, wrong }: Bug, vectors: readonly Vector[]): Caught => {
  const rules = { ...port, ...wrong(port) };
  const reached = vectors.filter(({ id }) => reach[kind].some((family) => id.startsWith(`${family}/`)));
  const answers = Object.fromEntries(reached.map((vector) => [vector.id, answersOf(rules)(vector)]));
  const signs = reached.flatMap((vector): readonly Sign[] => {
    const outcomes = compared([vector])(answers).filter(({ agrees }) => !agrees);
    return outcomes
      .filter(({ output }, i) => i === 0 || usual.includes(output))
      .map(({ id, output, expected, answered }) => {
        const place = mostWrong(expected.decimal, answered);
        const value = answered[place] ?? NaN;
        return { id, output, place, value: Number.isFinite(value) ? Number(value.toPrecision(12)) : null };
      });
  });
  return { bug, kind, by: [...new Set(signs.map(({ id }) => id))], signs, answers };
};

/** What the vectors make of every bug. */
export const allCaught = (vectors: readonly Vector[]): readonly Caught[] =>
  Object.entries(bugs).map(([bug, entry]) => caughtBy(bug, entry, vectors));

/** The signatures as `efnn check-port` reads them. */
export const signaturesOf = (caught: readonly Caught[]): Signatures => ({
  version: vectorsVersion,
  always: [...usual],
  bugs: caught.flatMap(({ bug, kind, signs }) => (signs.length === 0 ? [] : [{ bug, kind, signs: [...signs] }])),
});

/** How many vectors are named beside a bug. */
const named = 3;

/** The page of bugs, for people. */
export const bugPage = (caught: readonly Caught[]): string => `# Bugs that porters make, and the vectors that catch them

Each was planted, one at a time, in a small independent port (\`spec/port\`) that answers every vector rightly; this table is what
came of it, and \`efnn check-port\` knows a bug by the wrong numbers that it made. Written by \`npm run -s vectors\`.

${markdownTable(
  ['bug', 'kind', 'caught by', 'first of them'],
  caught.map(({ bug, kind, by }) => [bug, kind, `${by.length}`, by.slice(0, named).join(', ')]),
)}
`;
