/**
 * Writes the documentation of the package's entry points to `reports/docs`: `npm run docs`. Warnings are errors: a link that leads
 * nowhere, an export without a sentence, a type that no entry point exports. What was written is checked in turn: every equation
 * is there as MathML, and no page asks another host for anything.
 */
import { readdir, readFile, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';

import * as typedoc from 'typedoc';

import { entries } from '../paper/entries.ts';
import type { Entry } from '../paper/entry.ts';
import { equationLatex, mathml } from './equations.ts';

const root = join(import.meta.dirname, '../..');

const out = join(root, 'reports/docs');

const topics = ['networks', 'physics', 'exact', 'backends', 'training', 'files'];

/** What callers are given and hand on as it is: threads' work, ONNX graphs, kernels, the schemas and tables behind types. None may be named in vain. */
const internals = [
  'Call',
  'SharedModule',
  'GraphProto',
  'LoweringTable',
  'Surroundings',
  'PoleArithmeticOf',
  'metaSchema',
  'recipeSchema',
  'AttributesOf',
  'OperandName',
  'ListName',
  'Table',
  'Adapter',
];

/** Equations whose symbols no entry point exports; the index of the paper leads to them. */
const notExported = ['phi', 'continued function'];

const equations = entries.filter(({ kind, key }) => kind === 'equation' && !notExported.includes(key));

/** An equation, rendered, and where the paper has it. One line, so that Markdown leaves it alone. */
const shownEquation = ({ key, place, statement }: Entry): string =>
  `\n\n<div class="equation">${mathml(equationLatex[key] ?? '')}</div>\n\n${place} of the paper: ${statement.replaceAll('_', String.raw`\_`)}.`;

/** The equations that a name in a file implements. */
const equationsOf = (file: string, name: string): readonly Entry[] =>
  equations.filter(({ symbol }) => 'name' in symbol && symbol.file === file && symbol.name === name);

/** The first comment of a file, without its stars. */
const headOf = (text: string): string =>
  (/^\/\*\*([\s\S]*?)\*\//.exec(text)?.[1] ?? '').replaceAll(/^ *\* ?/gm, '').trim();

const heads = new Map(
  await Promise.all(
    topics.map(async (topic) => [topic, headOf(await readFile(join(root, `src/entry/${topic}.ts`), 'utf8'))] as const),
  ),
);

const application = await typedoc.Application.bootstrap({
  name: 'efnn',
  entryPoints: topics.map((topic) => join(root, `src/entry/${topic}.ts`)),
  tsconfig: join(root, 'tsconfig.json'),
  out,
  readme: 'none',
  excludeExternals: true,
  disableGit: true,
  disableSources: true,
  hideGenerator: true,
  blockTags: [...typedoc.OptionDefaults.blockTags, '@eq', '@source'],
  intentionallyNotExported: internals,
  validation: { notExported: true, invalidLink: true, notDocumented: true },
  requiredToBeDocumented: ['Module', 'Function', 'Variable', 'Class', 'Interface', 'TypeAlias', 'Method', 'Accessor'],
  treatWarningsAsErrors: true,
  treatValidationWarningsAsErrors: true,
});

const append = (comment: typedoc.Comment | undefined, text: string): void => {
  comment?.summary.push({ kind: 'text', text });
};

application.converter.on(typedoc.Converter.EVENT_RESOLVE_BEGIN, ({ project }: typedoc.Context) => {
  for (const reflection of project.getReflectionsByKind(typedoc.ReflectionKind.Module)) {
    reflection.comment = new typedoc.Comment([{ kind: 'text', text: heads.get(reflection.name) ?? '' }]);
  }
  const { Function: functions, Variable: variables } = typedoc.ReflectionKind;
  for (const reflection of [functions, variables].flatMap((kind) => project.getReflectionsByKind(kind))) {
    const path = project.getSymbolIdFromReflection(reflection)?.fileName;
    const shown = path === undefined ? [] : equationsOf(relative(root, path), reflection.name);
    for (const equation of shown) {
      const [signature] = reflection instanceof typedoc.DeclarationReflection ? (reflection.signatures ?? []) : [];
      append(signature?.comment ?? reflection.comment, shownEquation(equation));
    }
  }
});

const project = await application.convert();

if (project === undefined || application.logger.hasErrors() || application.logger.hasWarnings()) {
  console.error('the documentation: expected sources that compile without a warning, got those above: correct them');
  process.exit(1);
}

application.validate(project);

if (application.logger.hasErrors() || application.logger.hasWarnings()) {
  console.error(
    'the documentation: expected a sentence for every export, and links and types that are there, got the above',
  );
  process.exit(1);
}

await rm(out, { recursive: true, force: true });

await application.generateOutputs(project);

const pages = (await readdir(out, { recursive: true })).filter((path) => path.endsWith('.html'));

const texts = await Promise.all(pages.map((path) => readFile(join(out, path), 'utf8')));

/** The equations of which no page has the MathML. */
const missing = equations.filter(({ key }) => !texts.some((text) => text.includes(mathml(equationLatex[key] ?? ''))));

/** Pages that load a script, a style, a font or an image from elsewhere. */
const online = pages.filter((_, i) => /<(?:script|link|img)[^>]*(?:src|href)="(?:https?:)?\/\//.test(texts[i] ?? ''));

if (pages.length === 0 || missing.length > 0 || online.length > 0 || application.logger.hasErrors()) {
  console.error(
    `the documentation: expected every equation in it and nothing from other hosts, got ${pages.length} pages without ` +
      `${missing.map(({ place, key }) => `${place} (${key})`).join(', ') || 'none'}, and from elsewhere ${online.join(', ') || 'none'}`,
  );
  process.exit(1);
}

console.log(
  `${pages.length} pages with ${equations.length} equations: ${relative(process.cwd(), join(out, 'index.html'))}`,
);
