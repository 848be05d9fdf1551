/** Whose report a `results.json` is: a folder is not given to a call with another preset or version, which would replace it. */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import { z } from 'zod';

import { dataError, type DataError } from '../file/data-error.ts';
import { parseJson, utf8 } from '../file/parse-json.ts';

/** What made a report. */
export interface ReportIdentity {
  readonly preset: string;
  /** Of the program. */
  readonly version: string;
}

/** The label of the fact that says which version of the program made a report. */
export const versionLabel = 'version';

const identitySchema = z.object({
  preset: z.string(),
  facts: z.array(z.object({ label: z.string(), value: z.union([z.string(), z.number()]) })),
});

const what = 'the results of a report';

/** The identity in the bytes of a `results.json`. Fails where they are not the results of a report. */
export const readReportIdentity = (bytes: Uint8Array): Either<DataError, ReportIdentity> =>
  pipe(
    utf8(what, bytes),
    E.chain(parseJson(what)),
    E.chain((value) => {
      const report = identitySchema.safeParse(value).data;
      const version = report?.facts.find(({ label }) => label === versionLabel)?.value;
      return report === undefined || version === undefined
        ? E.left(dataError(`expected ${what}, got another content: copy or write the file again`))
        : E.right({ preset: report.preset, version: `${version}` });
    }),
  );
