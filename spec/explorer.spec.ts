/** The explorer: its layers are the network's, and each control does what it says, in headless Chromium. */
import { createRequire } from 'node:module';

import type { AxeResults } from 'axe-core';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import { chromium as playwright, type Browser, type Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { checked, programsOf } from '../explorer/layers.ts';
import type { NetworkAnswer } from '../explorer/messages.ts';
import { counted, energiesOf, initialState, type State } from '../explorer/state.ts';
import { network, networkProgram, type LatticeShape, type Network } from '../src/network/network.ts';
import { float64 } from '../src/number/float64.ts';
import { evaluate } from '../src/program/evaluate.ts';
import { outputExpressions, record } from '../src/program/expression.ts';
import { gradient, gradientName } from '../src/program/gradient.ts';
import { declarations, type TypedProgram } from '../src/program/typecheck.ts';
import { lengthOf } from '../src/program/value-type.ts';
import { smallIntegers, typed } from './arbitraries/program.ts';
import { chromium, chromiumOptions, noChromium } from './chromium.ts';
import { answered, explorerStage, type Stage } from './explorer-stage.ts';
import { verify, type Law } from './law.ts';
import { messageOf, right } from './right.ts';
import { withActivations } from './vectors/families/networks.ts';

interface LayersCase {
  readonly shape: LatticeShape;
  readonly size: number;
  readonly seed: number;
}

type Programs = typeof programsOf;

const describedBy = (shape: LatticeShape): Network => ({
  ...network('efnn', shape),
  energyScale: 1.5,
  energyShift: -0.5,
});

/** What T_j, F_i and S_i of the page are called among the activations of the vectors. */
const activationOf = (name: string): string => {
  const [letter = '', index = ''] = name.split('_');
  return letter === 'F' ? `f.${Number(index) - 1}.1` : `${letter}.${index}`;
};

const layersAreTheNetwork: Law<Programs, LayersCase> = {
  statement:
    'the energy and the forces that the explorer computes are those of the network, up to the order of sums, and its T_j, F_i ' +
    'and S_i are what the maps of the network return and its layers read',
  cases: fc.record({
    shape: fc
      .record({ channels: fc.integer({ min: 1, max: 2 }), layers: fc.integer({ min: 1, max: 3 }) })
      .map((shape) => ({ ...shape, tag: 'lattice', kernel: 3, pairHead: false }) as const),
    size: fc.integer({ min: 2, max: 3 }),
    seed: fc.nat(1_000_000),
  }),
  holds:
    (programs) =>
    ({ shape, size, seed }) => {
      const { energy, forces, layers } = right(programs(describedBy(shape), shape, false));
      const whole = right(networkProgram(describedBy(shape)));
      const values = Object.fromEntries(
        Object.entries({ ...declarations('parameter')(energy), ...declarations('input')(energy) }).map(
          ([name, type], index) => [name, smallIntegers(seed + index, lengthOf(size)(type)).map((n) => n / 8)],
        ),
      );
      const valuesOf = (program: TypedProgram) => right(evaluate(float64)(size)(values, values)(program));
      const close = (found: readonly number[] = [], expected: readonly number[] = [NaN]): boolean =>
        found.length === expected.length &&
        // Hundreds of terms of order one.
        found.every((x, i) => Math.abs(x - (expected[i] ?? NaN)) <= 1e-11 * (1 + Math.abs(expected[i] ?? NaN)));
      const activations = valuesOf(withActivations(whole, describedBy(shape)));
      const shown = Object.entries(valuesOf(layers));
      const slope = gradientName('energy', 'spins');
      return (
        close(valuesOf(energy)['energy'], valuesOf(whole)['energy']) &&
        close(valuesOf(forces)[slope], valuesOf(right(gradient('energy', ['spins'])(whole)))[slope]) &&
        shown.length === 3 * shape.layers + 1 &&
        shown.every(([name, found]) => close(found, activations[activationOf(name)]))
      );
    },
  runs: 30,
};

/** A program with other names for its outputs. */
const renamed =
  (name: (before: string) => string) =>
  (program: TypedProgram): TypedProgram =>
    typed(
      record(
        Object.fromEntries(Object.entries(outputExpressions(program)).map(([before, value]) => [name(before), value])),
      ),
    );

verify(layersAreTheNetwork, programsOf, {
  'the shift is lost': (described, shape, biased) => programsOf({ ...described, energyShift: 0 }, shape, biased),
  'a layer is lost': (described, shape, biased) => programsOf(described, { ...shape, layers: 1 }, biased),
  'T_j have biases': (described, shape) => programsOf(described, shape, true),
  "F and S bear each other's names": (described, shape, biased) =>
    pipe(
      programsOf(described, shape, biased),
      E.map((programs) => ({
        ...programs,
        layers: renamed((name) => (name.startsWith('T') ? name : name.replace(/^./, (at) => (at === 'F' ? 'S' : 'F'))))(
          programs.layers,
        ),
      })),
    ),
  'forces are those of twice the energy': (described, shape, biased) =>
    pipe(
      E.Do,
      E.bind('programs', () => programsOf(described, shape, biased)),
      E.bind('twice', () => programsOf({ ...described, energyScale: 2 * described.energyScale }, shape, biased)),
      E.map(({ programs, twice }) => ({ ...programs, forces: twice.forces })),
    ),
});

interface Energies {
  readonly counted: typeof counted;
  readonly energiesOf: typeof energiesOf;
}

/** What happens on the page: spins or the network change, or an answer to one of the last questions comes. */
const events = fc.array(fc.constantFrom('spins', 'network', 'old answers', 'answers'), { maxLength: 8 });

const onlyAnswersToWhatIsShown: Law<Energies, readonly string[]> = {
  statement:
    'energies are shown together only where both are of the spins that are there, by the network that is there',
  cases: events,
  holds: (page) => (happened) => {
    const layers: NetworkAnswer['layers'] = [];
    const energy = { energy: 1, forces: new Float64Array(0), milliseconds: 1 };
    const answers = (state: State, back: number): State => ({
      ...state,
      network: { tag: 'answer', id: state.asked.question - back, value: { ...energy, layers, change: 0 } },
      exact: { tag: 'answer', id: state.asked.configuration - back, value: energy },
    });
    const change: Readonly<Record<string, (state: State) => State>> = {
      spins: (state) => ({ ...state, spins: { ...state.spins } }),
      network: (state) => ({ ...state, model: { ...state.model } }),
      'old answers': (state) => answers(state, 1),
      answers: (state) => answers(state, 0),
    };
    const end = happened.reduce((state, event) => page.counted(state, change[event]?.(state) ?? state), initialState);
    const { network: byNetwork, exact } = page.energiesOf(end);
    const since = (asks: readonly string[]): boolean => {
      const answered = happened.findLastIndex((event) => event.endsWith('answers'));
      return happened[answered] === 'answers' && !happened.slice(answered).some((event) => asks.includes(event));
    };
    return (byNetwork !== null) === since(['spins', 'network']) && (exact !== null) === since(['spins']);
  },
};

verify(
  onlyAnswersToWhatIsShown,
  { counted, energiesOf },
  {
    'any answer will do': {
      counted,
      energiesOf: ({ network: byNetwork, exact }) => ({
        network: byNetwork?.tag === 'answer' ? byNetwork.value : null,
        exact: exact?.tag === 'answer' ? exact.value : null,
      }),
    },
    'a new network is no new question': {
      energiesOf,
      counted: (before, after) => counted({ ...before, model: after.model }, after),
    },
  },
);

describe('the symmetry check', () => {
  const shape = { tag: 'lattice', channels: 2, layers: 2, kernel: 3, pairHead: false } as const;

  it('accepts the network, and refuses it with biases in T_j', () => {
    expect(right(checked(describedBy(shape), shape, false))).toBe('invariant');
    expect(messageOf(checked(describedBy(shape), shape, true))).toContain('breaks O(3) symmetry');
  });
});

/** The page in a browser; WebGPU is there or not by its flags. */
const opened = async (browser: Browser, address: string, viewport = { width: 1280, height: 900 }): Promise<Page> => {
  const page = await browser.newPage({ viewport });
  await page.goto(address);
  await answered(page);
  return page;
};

const textOf = async (page: Page, selector: string): Promise<string> =>
  (await page.locator(selector).first().textContent())?.trim() ?? '';

/** A number of the table: rows `by-network`, `by-poles`, columns from 1. */
const energyIn = async (page: Page, row: string): Promise<number> =>
  Number((await textOf(page, `#${row} td`)).replace('−', '-'));

const clicked = async (page: Page, selector: string): Promise<void> => {
  await page.click(selector);
  await answered(page);
};

const resized = async (page: Page, size: number): Promise<void> => {
  await page.fill('#size', String(size));
  await answered(page);
};

const until = { timeout: 60_000 };

describe.skipIf(chromium === null)(`the page (skipped without a browser: ${noChromium})`, () => {
  const stages = new Set<Stage & { readonly browser: Browser }>();

  /** What `beforeAll` has set up. */
  const stage = (): Stage & { readonly browser: Browser } => {
    const [only] = stages;
    if (only === undefined) {
      throw new RangeError('expected a server and a browser');
    }
    return only;
  };

  const address = (): string => stage().address;

  const pageIn = async (viewport?: { readonly width: number; readonly height: number }): Promise<Page> =>
    opened(stage().browser, address(), viewport);

  beforeAll(async () => {
    const browser = await playwright.launch({ executablePath: chromium ?? '', args: chromiumOptions });
    stages.add({ ...(await explorerStage()), browser });
  });

  afterAll(async () => {
    await stage().browser.close();
    await stage().leave();
  });

  it('asks nobody else for anything', async () => {
    const page = await stage().browser.newPage();
    const asked = new Set<string>();
    page.on('request', (request) => asked.add(new URL(request.url()).origin));
    await page.goto(address());
    await answered(page);
    expect([...asked].filter((origin) => origin !== 'null')).toEqual([new URL(address()).origin]);
    await page.close();
  });

  it('shows the exact energy: that of the 10 x 10 ferromagnet is -67.7117736785, after every turn too', async () => {
    const page = await pageIn();
    await clicked(page, '#align');
    const energies = [await energyIn(page, 'by-poles')];
    for (const control of ['button[data-axis="x"]', 'button[data-axis="y"]', 'button[data-axis="z"]', '#invert']) {
      await clicked(page, control);
      energies.push(await energyIn(page, 'by-poles'));
    }
    expect(energies).toEqual(energies.map(() => -67.7118));
    await page.close();
  });

  it('turns all spins by 30 degrees about the axis that is named, and inverts them', async () => {
    const page = await pageIn();
    const spin = async (control: string): Promise<string> => {
      await clicked(page, control);
      await page.focus('#lattice');
      return (await textOf(page, '#cursor')).replace(/.*s = /, '');
    };
    expect([
      await spin('#align'),
      await spin('button[data-axis="x"]'),
      await spin('button[data-axis="z"]'),
      await spin('#invert'),
      await spin('button[data-axis="y"]'),
    ]).toEqual(['(0, 0, 1)', '(0, −0.5, 0.87)', '(0.25, −0.43, 0.87)', '(−0.25, 0.43, −0.87)', '(−0.65, 0.43, −0.63)']);
    await page.close();
  });

  it('draws another configuration with each seed, the same with the same, on lattices from 6 to 40', async () => {
    const page = await pageIn();
    const first = await energyIn(page, 'by-poles');
    await page.fill('#seed', '2');
    await clicked(page, '#draw');
    const second = await energyIn(page, 'by-poles');
    expect(await page.inputValue('#seed')).toBe('3');
    await page.fill('#seed', '1');
    await clicked(page, '#draw');
    expect([await energyIn(page, 'by-poles'), second === first]).toEqual([first, false]);
    await page.selectOption('#sampler', 'published');
    await page.fill('#seed', '100');
    await clicked(page, '#draw');
    expect(await energyIn(page, 'by-poles')).not.toBe(first);
    for (const size of [6, 40]) {
      await resized(page, size);
      expect(await page.getAttribute('#lattice', 'aria-label')).toContain(`${size} by ${size} sites`);
      expect(await textOf(page, '#size-value')).toBe(String(size));
      const perSite = (await energyIn(page, 'by-poles')) / size ** 2;
      expect(perSite).toBeGreaterThan(-0.7);
      expect(perSite).toBeLessThan(-0.4);
    }
    await page.close();
  });

  it('is painted on by pointer, and by keyboard', async () => {
    const page = await pageIn();
    const before = await energyIn(page, 'by-poles');
    const lattice = page.locator('#lattice');
    const { width = 0 } = (await lattice.boundingBox()) ?? {};
    await page.selectOption('#direction', 'right');
    await lattice.click({ position: { x: 3.5 * (width / 10), y: 1.5 * (width / 10) } });
    await answered(page);
    expect(await textOf(page, '#cursor')).toBe('row 2, column 4: s = (1, 0, 0)');
    expect(await energyIn(page, 'by-poles')).not.toBe(before);
    await page.selectOption('#direction', 'down');
    await lattice.focus();
    for (const key of ['ArrowRight', 'ArrowDown', 'Space']) {
      await page.keyboard.press(key);
    }
    await answered(page);
    expect(await textOf(page, '#cursor')).toBe('row 3, column 5: s = (0, −1, 0)');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowLeft');
    expect(await textOf(page, '#cursor')).toBe('row 2, column 4: s = (1, 0, 0)');
    await page.close();
  });

  it('computes the network by each backend, alike', async () => {
    const page = await pageIn();
    const energies: number[] = [];
    for (const name of ['reference', 'wasm', 'webgpu']) {
      await page.check(`input[value="${name}"]`);
      await answered(page);
      energies.push(await energyIn(page, 'by-network'));
    }
    const [one = NaN] = energies;
    // The sum over sites of numbers of order one, in float32.
    expect(energies.map((energy) => Math.abs(energy - one) <= 1e-3)).toEqual([true, true, true]);
    await page.close();
  });

  it('says why there is no webgpu', async () => {
    const browser = await playwright.launch({
      executablePath: chromium ?? '',
      args: ['--no-sandbox', '--disable-gpu'],
    });
    const page = await opened(browser, address());
    await page.waitForSelector('input[value="webgpu"]:disabled');
    expect(await textOf(page, '#backend-note')).toMatch(/^webgpu: .*(no adapter|no WebGPU)/);
    await browser.close();
  });

  it('lets law and checker refuse a bias in T_j', async () => {
    const page = await pageIn();
    expect(await textOf(page, '#checker')).toBe('accepts: the energy is invariant for every weight');
    expect(await textOf(page, '#law')).toMatch(/^holds/);
    await page.check('#biased');
    await answered(page);
    expect(await textOf(page, '#checker')).toMatch(/^refuses: equation \d+, broadcast, breaks O\(3\) symmetry: a bias/);
    expect(await textOf(page, '#law')).toMatch(/^fails/);
    await page.uncheck('#biased');
    await answered(page);
    expect(await textOf(page, '#law')).toMatch(/^holds/);
    await page.close();
  });

  it('shows every layer, each channel with its numbers in words', async () => {
    const page = await pageIn();
    expect((await page.locator('#layer-rows h3').allTextContents()).join()).toBe('T0,T1,T2,F1,S1,F2,S2');
    const canvases = await page.locator('#layer-rows canvas').all();
    const labels = await Promise.all(canvases.map(async (canvas) => canvas.getAttribute('aria-label')));
    expect(labels).toHaveLength(21);
    expect(labels.every((label) => /^[TFS]_\d, channel \d: from .* to .*, mean /.test(label ?? ''))).toBe(true);
    await page.close();
  });

  it('trains from nothing, to better than the mean', async () => {
    const page = await pageIn();
    await page.fill('#samples', '300');
    await page.fill('#epochs', '6');
    await page.click('#train');
    await page.waitForSelector('text=/^done; relative error/', until);
    await answered(page);
    expect(await textOf(page, '#energy-caption')).toContain('C = 3, n = 2, after 6 epochs');
    expect(await page.locator('#curves svg').count()).toBe(2);
    expect(await page.locator('#curves svg').first().getAttribute('aria-label')).toMatch(
      /^Loss: .* after epoch 6 of 6$/,
    );
    // Random configurations vary by 1.9 percent of their mean.
    expect(Number(await page.getAttribute('#training-status', 'data-relative'))).toBeLessThan(0.019);
    await page.close();
  });

  it('stays alive while it trains, and stops when it is told', async () => {
    const page = await pageIn();
    await page.fill('#channels', '1');
    await page.fill('#layers', '1');
    await page.fill('#samples', '100');
    await page.fill('#epochs', '200');
    await page.click('#train');
    await page.waitForSelector('text=/^epoch \\d+ of 200/', until);
    await page.click('#align');
    await page.waitForSelector('#by-poles >> text=−67.7118');
    expect((await page.locator('#layer-rows h3').allTextContents()).join()).toBe('T0,T1,F1,S1');
    expect(await page.locator('#layer-rows canvas').count()).toBe(4);
    await page.click('#stop');
    await page.waitForSelector('text=/^stopped after \\d+ epochs/');
    expect([await page.isDisabled('#stop'), await page.isEnabled('#train')]).toEqual([true, true]);
    await page.close();
  });

  /** What axe finds on the page. */
  const findings = async (page: Page): Promise<readonly string[]> => {
    await page.addScriptTag({ path: createRequire(import.meta.url).resolve('axe-core') });
    const { violations } = await page.evaluate<AxeResults>('axe.run()');
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join()}`);
  };

  it.each([
    { width: 390, height: 844, colorScheme: 'light' },
    { width: 1280, height: 900, colorScheme: 'dark' },
  ] as const)(
    'has nothing that keeps people out, $width wide and $colorScheme',
    async ({ colorScheme, ...viewport }) => {
      const page = await pageIn(viewport);
      await page.emulateMedia({ colorScheme });
      expect(await findings(page)).toEqual([]);
      const width: unknown = await page.evaluate('document.documentElement.scrollWidth');
      expect(width).toBeLessThanOrEqual(viewport.width);
      await page.close();
    },
  );

  it('would say so: a field that lost its label is found', async () => {
    const page = await pageIn();
    await page.evaluate("document.querySelector('#seed').parentElement.replaceWith(document.querySelector('#seed'))");
    expect((await findings(page)).join()).toContain('label');
    await page.close();
  });
});
