/** Networks whose trainings diverge twice: what is said of them, and what they decide. */
import type { Report } from '../src/report/report.ts';
import { claimsMarkdown } from '../src/report/claims-markdown.ts';
import { reportFiles } from '../src/report/html-page.ts';
import { judge } from '../src/report/report.ts';
import { terminalTable } from '../src/report/terminal-table.ts';
import { verdictOf } from '../src/report/verdict.ts';
import { figures, jobsFor, trains, type Job } from '../src/study/job.ts';
import type { Outcome, Outcomes } from '../src/study/outcome.ts';
import type { TestError } from '../src/study/result.ts';
import { presets } from '../src/study/preset.ts';
import { studyReport } from '../src/study/study-report.ts';
import { verify } from './law.ts';
import {
  divergedDecidesNothing,
  divergedIsTold,
  lackingIsUndecided,
  overflowIsDivergence,
  withError,
} from './laws/diverged-networks.ts';
import { right } from './right.ts';

verify(lackingIsUndecided, verdictOf, {
  'it is not looked at': (rule) => (obtained, spread) => verdictOf(rule)(obtained, spread),
  'nothing was obtained, so nothing was tested': (rule) => (obtained, spread, subject) =>
    obtained === null ? 'not tested' : verdictOf(rule)(obtained, spread, subject),
  'nothing was obtained, so nothing is decided': (rule) => (obtained, spread, subject) =>
    obtained === null && subject?.known === 'nothing' ? 'undecided' : verdictOf(rule)(obtained, spread, subject),
  'one that diverged is enough': (rule) => (obtained, spread, subject) =>
    (subject?.diverged.length ?? 0) > 0 ? 'undecided' : verdictOf(rule)(obtained, spread, subject),
  'what is missing has lost': (rule) => (obtained, spread, subject) =>
    subject?.known === 'nothing' ? 'does not hold' : verdictOf(rule)(obtained, spread, subject),
  'a bound decides every rule': (rule) => (obtained, spread, subject) =>
    subject?.known === 'an upper bound'
      ? verdictOf(rule)(obtained, spread)
      : verdictOf(rule)(obtained, spread, subject),
  'bounds from below are taken for bounds from above': (rule) => (obtained, spread, subject) =>
    verdictOf(rule)(
      obtained,
      spread,
      subject?.known === 'a lower bound' ? { ...subject, known: 'an upper bound' } : subject,
    ),
  'the largest seed speaks for a bound from below': (rule) => (obtained, spread, subject) =>
    verdictOf(rule)(obtained, spread?.greatest === undefined ? spread : { ...spread, least: spread.greatest }, subject),
  'a bound decides nothing': (rule) => (obtained, spread, subject) =>
    subject?.known === 'an upper bound' && obtained !== null ? 'undecided' : verdictOf(rule)(obtained, spread, subject),
});

const reporting = (outcomes: Outcomes, planned: readonly Job[]): Report =>
  studyReport('quick', [], outcomes, new Map(), planned);

/** The networks of the quick preset with one seed: laws make up results for others. */
const jobs = jobsFor(presets.quick, figures).filter((job) => trains(job) && job.plan.seed === 1);

const isDiverged = ({ result }: Outcome): boolean => result.tag === 'diverged';

/** As if networks that diverged had been trained, to this error. */
const asIf = (error: number) => (outcomes: Outcomes, planned: readonly Job[]) => {
  const trained = outcomes.find(({ result }) => result.tag === 'network');
  return reporting(
    outcomes.map((one) =>
      isDiverged(one) && trained !== undefined ? withError(error)({ job: one.job, result: trained.result }) : one,
    ),
    planned,
  );
};

verify(divergedDecidesNothing(jobs), reporting, {
  'what diverged was never planned': (outcomes, planned) => {
    const lost = new Set(outcomes.filter(isDiverged).map(({ job }) => JSON.stringify(job)));
    return reporting(
      outcomes.filter((one) => !isDiverged(one)),
      planned.filter((job) => !lost.has(JSON.stringify(job))),
    );
  },
  'what diverged has lost': asIf(1e6),
  'what diverged was exact': asIf(1e-6),
  'claims of every figure are undecided': (outcomes, planned) => {
    const report = reporting(outcomes, planned);
    return outcomes.some(isDiverged)
      ? {
          ...report,
          sections: report.sections.map((section) => ({
            ...section,
            claims: section.claims.map((claim) => ({
              ...claim,
              subject: {
                ...{ needs: 'every network' as const, planned: 1, done: 0, diverged: [] },
                known: 'nothing' as const,
              },
            })),
          })),
        }
      : report;
  },
});

/** The outcomes with other errors. */
const withErrors =
  (change: (errors: readonly TestError[]) => readonly TestError[]) =>
  (outcomes: Outcomes, planned: readonly Job[]): Report =>
    reporting(
      outcomes.map(({ job, result }) => ({
        job,
        result: result.tag === 'network' ? { ...result, errors: [...change(result.errors)] } : result,
      })),
      planned,
    );

verify(overflowIsDivergence(jobs), reporting, {
  'tests that it fails on are passed over': withErrors((errors) => errors.filter(({ rmse }) => rmse !== null)),
  'its error is the largest number': withErrors((errors) =>
    errors.map((error) => (error.rmse === null ? { ...error, rmse: Number.MAX_VALUE } : error)),
  ),
});

const show = async (outcomes: Outcomes) => {
  const report = reporting(
    outcomes,
    outcomes.map(({ job }) => job),
  );
  return {
    report,
    page: right(await reportFiles(report)()).page,
    markdown: claimsMarkdown(judge(report)),
    terminal: terminalTable(120)(report),
  };
};

verify(divergedIsTold(jobs), show, {
  'the seed is not told': async (outcomes) => {
    const shown = await show(outcomes);
    return { ...shown, page: shown.page.replaceAll(/, seed \d/g, '') };
  },
  'readmes are not told': async (outcomes) => {
    const shown = await show(outcomes);
    return { ...shown, markdown: shown.markdown.replaceAll(/\n.*iverged.*/g, '') };
  },
  'sections say nothing': async (outcomes) => {
    const shown = await show(outcomes);
    const sections = shown.report.sections.map(({ diverged: _, ...section }) => section);
    return { ...shown, report: { ...shown.report, sections } };
  },
  'sections name what others lack': async (outcomes) => {
    const shown = await show(outcomes);
    const diverged = shown.report.sections.flatMap((section) => section.diverged ?? []);
    const sections = shown.report.sections.map((section) => ({ ...section, diverged }));
    return { ...shown, report: { ...shown.report, sections } };
  },
  'claims say nothing': async (outcomes) => {
    const shown = await show(outcomes);
    const sections = shown.report.sections.map((section) => ({
      ...section,
      claims: section.claims.map(({ comment: _, ...claim }) => claim),
    }));
    return { ...shown, report: { ...shown.report, sections } };
  },
  'it is said of all': async (outcomes) => {
    const shown = await show(outcomes);
    return { ...shown, terminal: `${shown.terminal}\ndiverged` };
  },
});
