/** Journals under power cuts, on a simulated disk. */
import { contents, entry, keeping, opening, wholeLength } from '../src/provenance/journal.ts';
import { digest } from './arbitraries/runs.ts';
import { verify } from './law.ts';
import * as laws from './laws/journal.ts';

const program: laws.JournalProgram = {
  opening,
  keeping,
  entry: (content) => entry(digest, content),
  contents: (journal) => contents(digest, journal),
  wholeLength,
};

const without =
  (tag: string, operations: laws.JournalProgram['opening']): laws.JournalProgram['opening'] =>
  (wholeBytes, bytes) =>
    operations(wholeBytes, bytes).filter((operation) => operation.tag !== tag);

verify(laws.nothingAcknowledgedIsLost, program, {
  'a piece is acknowledged before it is on the disk': { ...program, keeping: without('sync file', keeping) },
  'the name is not on the disk': { ...program, opening: without('sync folder', opening) },
  'the digest is not compared': {
    ...program,
    entry: (content) => entry(() => '0'.repeat(64), content),
    contents: (journal) => contents(() => '0'.repeat(64), journal),
  },
  'a torn end is written behind': {
    ...program,
    keeping: (wholeBytes, entries) => keeping(wholeBytes + 1, entries),
  },
});
