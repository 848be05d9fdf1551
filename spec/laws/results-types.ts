/**
 * A law of types, which the compiler checks: the schema that reads a `results.json`, and is its JSON Schema, has the type of a judged report,
 * property by property. A schema of another type is told from it: those below are its mutants.
 */
import type { z } from 'zod';

import type { JudgedReport } from '../../src/report/report.ts';
import type { resultsSchema } from '../../src/report/results-schema.ts';
import type { Rule } from '../../src/report/verdict.ts';

/** The type of a value that nobody changes, at any depth. */
type Frozen<A> = A extends readonly (infer B)[]
  ? readonly Frozen<B>[]
  : A extends object
    ? { readonly [Key in keyof A]: Frozen<A[Key]> }
    : A;

/** The same with all that it may have: an optional property that a type lacks would be assignable to it. */
type Full<A> = A extends readonly (infer B)[]
  ? readonly Full<B>[]
  : A extends object
    ? { readonly [Key in keyof A]-?: Full<A[Key]> }
    : A;

type IsSame<A, B> = [A, B] extends [B, A] ? true : false;

type Agree<A> = IsSame<Frozen<A>, Frozen<JudgedReport>> extends true ? IsSame<Full<A>, Full<JudgedReport>> : false;

type Schema = z.infer<typeof resultsSchema>;

type Section = Schema['sections'][number];

type Claim = Section['claims'][number];

type WithClaims<A> = Omit<Schema, 'sections'> & {
  readonly sections: readonly (Omit<Section, 'claims'> & { readonly claims: readonly A[] })[];
};

/** Whether the schema has the type, and each of its mutants. */
export const agreements: {
  readonly 'the schema': Agree<Schema>;
  readonly 'an optional property is missing': Agree<Omit<Schema, 'partial'>>;
  readonly 'an optional property more': Agree<Schema & { readonly remark?: string }>;
  readonly 'what is optional is asked for': Agree<Omit<Schema, 'runs'> & Required<Pick<Schema, 'runs'>>>;
  readonly 'a number may be missing': Agree<Omit<Schema, 'preset'> & { readonly preset: string | null }>;
  readonly 'the subject of claims is missing': Agree<WithClaims<Omit<Claim, 'subject'>>>;
  readonly 'a rule is not known': Agree<
    WithClaims<Omit<Claim, 'rule'> & { readonly rule: Exclude<Rule, { readonly tag: 'equals' }> }>
  >;
} = {
  'the schema': true,
  'an optional property is missing': false,
  'an optional property more': false,
  'what is optional is asked for': false,
  'a number may be missing': false,
  'the subject of claims is missing': false,
  'a rule is not known': false,
};
