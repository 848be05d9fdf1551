/**
 * An entry of the index of the paper: one thing that it says, and what this project has for it. No field can be left out: what
 * there is not has its reason.
 */
import { keeps, type Law } from '../law.ts';
import type { Example, Exported, None, Value } from './anchor.ts';
import type { ErratumName } from './errata.ts';

/** What an entry is: a formula, the meaning of a name, a number, or what is said of numbers that were found. */
export type Kind = 'equation' | 'definition' | 'number' | 'finding';

/** Something that a law may hold for. */
interface Judged {
  readonly what: string;
  /** Whether the entry's law holds for it. */
  readonly keepsTheLaw: () => Promise<boolean>;
}

/** One thing that the paper says. */
export interface Entry {
  readonly kind: Kind;
  /** Where the paper has it. */
  readonly place: string;
  /** What the `@eq` tag of the symbol's file calls it; for what has none, a name. */
  readonly key: string;
  readonly statement: string;
  /** Passages of the paper that say it, in its words. */
  readonly quotes: readonly [string, ...string[]];
  readonly symbol: Exported | None;
  readonly law: Exported | Example | None;
  /** Theorems, as MODULE.NAME of the files in `proofs/coq`. */
  readonly theorems: readonly string[] | None;
  /** Whether a theorem says the statement itself, not only something beside it. */
  readonly isProven: boolean;
  /** Families of conformance vectors, or FAMILY/CASE. */
  readonly vectors: readonly string[] | None;
  /** What the report asks of a run, by id: its verdicts are the status. */
  readonly claims: readonly string[];
  /** Pages of this project that tell more. */
  readonly pages: readonly string[];
  /** Where text, data and code of the authors differ, or the text leaves something open. */
  readonly errata: readonly ErratumName[];
  /** The symbol, and a wrong one in its place, under the law. */
  readonly judged: { readonly implementation: Judged; readonly mutant: Judged } | null;
}

type Optional = 'isProven' | 'claims' | 'pages' | 'errata';

/** An entry whose law is named: that it holds is for the test that applies it. */
export const entry = ({
  isProven = false,
  claims = [],
  pages = [],
  errata = [],
  ...said
}: Omit<Entry, Optional | 'judged'> & Partial<Pick<Entry, Optional>>): Entry => ({
  ...said,
  isProven,
  claims,
  pages,
  errata,
  judged: null,
});

/** What a law says of a symbol, and of a wrong one. */
interface Judgement<S, I, C> {
  readonly symbol: Value<S>;
  readonly law: Value<Law<I, C>>;
  /** The law's instance that a symbol makes. */
  readonly instance: (symbol: NoInfer<S>) => NoInfer<I>;
  /** What is wrong with it, and the wrong symbol. */
  readonly mutant: readonly [what: string, symbol: NoInfer<S>];
}

/** An entry whose law is applied to its symbol, and to a wrong one. */
export const judged = <S, I, C>(
  { symbol, law, instance, mutant: [what, wrong] }: Judgement<S, I, C>,
  said: Omit<Parameters<typeof entry>[0], 'symbol' | 'law'>,
): Entry => ({
  ...entry({ ...said, symbol, law }),
  judged: {
    implementation: { what: symbol.name, keepsTheLaw: () => keeps(law.value, instance(symbol.value)) },
    mutant: { what, keepsTheLaw: () => keeps(law.value, instance(wrong)) },
  },
});
