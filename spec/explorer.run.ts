/**
 * `npm run measure:explorer`: what the explorer takes to train from nothing, and how Lighthouse rates it, to
 * `results/explorer.json`. Seconds of processors are those of the whole browser, read from `/proc`; they say more than the
 * clock on a machine that has other work. Lighthouse is fetched by npx. Ends with 1 where a goal is missed.
 */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { chromium as playwright } from 'playwright';
import { z } from 'zod';

import { chromium, noChromium } from './chromium.ts';
import { answered, explorerStage } from './explorer-stage.ts';

const lighthouse = 'lighthouse@12.8.2';

/** What is to be reached: the relative error within so many seconds, and the rating. */
const goal = { relative: 3e-3, seconds: 60, accessibility: 0.95 };

interface Process {
  readonly parent: number;
  /** In user and kernel, in seconds. */
  readonly seconds: number;
}

const ticksPerSecond = 100;

/** The process with a number, if it still is there. */
const processOf = (pid: string): readonly (readonly [number, Process])[] => {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
    const [parent, user, system] = [fields[1], fields[11], fields[12]].map(Number);
    return [[Number(pid), { parent: parent ?? 0, seconds: ((user ?? NaN) + (system ?? NaN)) / ticksPerSecond }]];
  } catch {
    return [];
  }
};

/** The seconds of processors that a process and all below it have taken. */
const processorSeconds = (root: number): number => {
  const processes = new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap(processOf),
  );
  const isBelow = (pid: number): boolean =>
    pid === root || (processes.has(pid) && isBelow(processes.get(pid)?.parent ?? 0));
  return [...processes].reduce((sum, [pid, { seconds }]) => sum + (isBelow(pid) ? seconds : 0), 0);
};

/** Trains with the numbers that the page begins with, and says when the goal was reached, and when all was done. */
const trained = async (executablePath: string, address: string) => {
  const server = await playwright.launchServer({ executablePath, args: ['--no-sandbox'] });
  const root = server.process().pid ?? 0;
  const browser = await playwright.connect(server.wsEndpoint());
  const page = await browser.newPage();
  await page.goto(address);
  await answered(page);
  const [start, before] = [performance.now(), processorSeconds(root)];
  const now = async () => ({
    status: await page.textContent('#training-status'),
    seconds: (performance.now() - start) / 1000,
    processorSeconds: processorSeconds(root) - before,
  });
  await page.click('#train');
  await page.waitForFunction(
    `Number(document.querySelector('#training-status').dataset.relative) <= ${goal.relative}`,
    null,
    { timeout: 600_000, polling: 'raf' },
  );
  const reached = await now();
  await page.waitForSelector('text=/^done; relative error/', { timeout: 600_000 });
  const done = await now();
  await browser.close();
  await server.close();
  return { threads: Math.min(4, availableParallelism()), reached, done };
};

const rating = z.object({ categories: z.object({ accessibility: z.object({ score: z.number() }) }) });

/** Lighthouse's rating of accessibility, as a phone and as a desktop. */
const rated = async (executablePath: string, address: string) => {
  const folder = await mkdtemp(join(tmpdir(), 'efnn-lighthouse-'));
  const out = join(folder, 'rating.json');
  const scoreOf = async (...options: readonly string[]): Promise<number> => {
    const always = ['--quiet', '--only-categories=accessibility', '--output=json', `--output-path=${out}`];
    const flags = '--chrome-flags=--headless=new --no-sandbox';
    await promisify(execFile)('npx', ['--yes', lighthouse, address, ...always, flags, ...options], {
      env: { ...process.env, CHROME_PATH: executablePath },
    });
    return rating.parse(JSON.parse(await readFile(out, 'utf8'))).categories.accessibility.score;
  };
  const scores = { phone: await scoreOf(), desktop: await scoreOf('--preset=desktop') };
  await rm(folder, { recursive: true });
  return { by: lighthouse, accessibility: scores };
};

if (chromium === null) {
  console.error(noChromium);
  process.exit(2);
}
const stage = await explorerStage();
try {
  const training = await trained(chromium, stage.address);
  console.log(training);
  const ratings = await rated(chromium, stage.address);
  console.log(ratings);
  const place = join(import.meta.dirname, '..', 'results', 'explorer.json');
  await writeFile(place, `${JSON.stringify({ goal, training, ratings }, null, 2)}\n`);
  const { phone, desktop } = ratings.accessibility;
  const isReached = training.reached.seconds <= goal.seconds && Math.min(phone, desktop) >= goal.accessibility;
  process.exitCode = isReached ? 0 : 1;
} finally {
  await stage.leave();
}
