/**
 * `npm run proofs`: compiles all theorems, prints what each assumes, shows that Coq refuses every mutant, and holds the
 * extracted functions beside the running ones. Fails where a theorem is not proven, rests on more than the axioms of the
 * real numbers, or does not notice its mutant, and where the two kinds of functions differ.
 * `npm run proofs -- Symmetry` tries the mutants of one module alone.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { asItStands, networkAgreement, randomAgreement, wrong } from './coq/agreement.ts';
import {
  axiomsIn,
  axiomsOfTheReals,
  build,
  buildExtracted,
  compile,
  installedCoq,
  inTurn,
  modulesInOrder,
  sparedMutant,
  theoremsOf,
} from './coq/check.ts';
import { mutants } from './coq/mutants.ts';

const coq = installedCoq();
if (coq === null) {
  console.error('expected coqc, Coq 8.16, got none: install it (Debian: apt-get install coq ocaml-nox)');
  process.exit(1);
}
console.log(coq);

/** The modules whose mutants are tried; all where none is named. */
const only = process.argv.slice(2);

const built = join(import.meta.dirname, '..', 'reports', 'coq');

/** What is wrong, found along the way. */
const faults: string[] = [...(await build(built))];

const modules = await modulesInOrder();

const theorems = (
  await Promise.all(modules.map(async (name) => (await theoremsOf(name)).map((theorem) => ({ name, theorem }))))
).flat();

/** Theorems, and mutants that Coq refuses. */
const proven: string[] = [];
const refused: string[] = [];

for (const name of modules) {
  const stated = theorems.filter((theorem) => theorem.name === name);
  const separator = '"------".';
  const asked = stated.map(({ theorem }) => `Check ${separator}\nPrint Assumptions ${theorem}.`).join('\n');
  await writeFile(
    join(built, 'Assumptions.v'),
    `From Coq Require Import String.\nOpen Scope string_scope.\nFrom Efnn Require ${name}.\nImport ${name}.\n${asked}\n`,
  );
  const { isAccepted, output } = await compile(built, 'Assumptions');
  const answers = output.split(/^"------"$/m).slice(1);
  for (const [index, { theorem }] of stated.entries()) {
    const answer = answers[index];
    const axioms = answer === undefined ? [] : axiomsIn(answer);
    const foreign = axioms.filter((axiom) => !axiomsOfTheReals.includes(axiom));
    if (!isAccepted || answer === undefined || foreign.length > 0) {
      faults.push(
        `${name}.${theorem}: expected a proof from the axioms of the reals alone, got ${foreign.join(', ')} ${isAccepted ? '' : output.trim()}`,
      );
    } else {
      proven.push(theorem);
      console.log(`${name}.${theorem}: ${axioms.length === 0 ? 'no axiom' : axioms.join(', ')}`);
    }
  }
}

if (faults.length === 0) {
  const chosen = mutants.filter(({ file }) => only.length === 0 || only.includes(file));
  const spared = await inTurn(2, chosen, async (mutant) => ({ ...mutant, why: await sparedMutant(built, mutant) }));
  for (const { file, says, why } of spared) {
    if (why === null) {
      refused.push(says);
      console.log(`refused: ${file}, ${says}`);
    } else {
      faults.push(`mutant of ${file}, ${says}: ${why}`);
    }
  }
}

if (faults.length === 0) {
  faults.push(...(await buildExtracted(built)));
}
if (faults.length === 0) {
  const seed = Number(process.env['EFNN_SEED'] ?? 250217665);
  const random = await randomAgreement(built, asItStands, Number(process.env['EFNN_PROGRAMS'] ?? 20_000), seed);
  const networks = await networkAgreement(built, asItStands);
  for (const [what, { programs, accepted, differences }] of Object.entries({ random, networks })) {
    console.log(
      `${what}: the extracted and the running functions agree on ${programs - differences.length} of ${programs} programs, ` +
        `of which the symmetry check accepts ${accepted}`,
    );
    faults.push(
      ...differences.slice(0, 5).map((difference) => `${what}: expected the proven answer, got another: ${difference}`),
    );
  }
  for (const [says, mutant] of Object.entries(wrong)) {
    const { differences } = await randomAgreement(built, mutant, 100, seed);
    if (differences.length === 0) {
      faults.push(`${says}: expected differences from the proven functions, got none`);
    } else {
      refused.push(says);
      console.log(`told apart: ${says}`);
    }
  }
}

for (const fault of faults) {
  console.error(fault);
}
console.log(`${proven.length} theorems proven, ${refused.length} mutants refused, ${faults.length} faults`);
process.exitCode = faults.length === 0 ? 0 : 1;
