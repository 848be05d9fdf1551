/** Laws of the command line: what it refuses, and how. */
import fc from 'fast-check';

import type { Law } from '../law.ts';

/** What a command did: its exit code, what it printed, and which files it made. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly files: readonly string[];
}

/** Runs `efnn` with these arguments, in a folder of inputs; `OUT` stands for a file to write, `IN/` for the folder. */
export type CommandLine = (args: readonly string[]) => Promise<Outcome>;

/** A command line that cannot be obeyed, and what the reason must mention. */
export interface Refusal {
  readonly args: string;
  readonly reason: string;
}

const refusal = (args: string, reason: string): Refusal => ({ args, reason });

const generate = (args: string): string => `generate double-exchange --size 3 --out OUT ${args}`;

export const refusals: readonly Refusal[] = [
  refusal('', 'command'),
  refusal('paint', 'paint'),
  refusal('help paint', 'generate, energy'),
  refusal('help generate energy', 'one command'),
  refusal('help constructor', 'constructor'),
  refusal('generate', 'system'),
  refusal('generate double-exchange --samples 1', '--out'),
  refusal('generate hubbard --samples 1 --out OUT', 'hubbard'),
  refusal('generate double-exchange --out OUT', '--samples'),
  refusal(generate('--samples 0'), 'at least 1'),
  refusal(generate('--samples 1.5'), 'whole number'),
  refusal(generate('--samples -2'), '-2'),
  refusal(generate('--samples many'), 'many'),
  refusal('generate double-exchange --size 2 --samples 1 --out OUT', 'from 3'),
  refusal(generate('--samples 1 --T 0'), 'T > 0'),
  refusal(generate('--samples 1 --T -1'), 'T > 0'),
  refusal(generate('--samples 1 --J strong'), 'strong'),
  refusal(generate('--samples 1 --sampler cube'), 'cube'),
  refusal(generate('--samples 1 --method guess'), 'guess'),
  refusal(generate('--samples 1 --seed half'), 'half'),
  refusal(generate('--samples 1 --seed 9007199254740992'), '2^53 - 1'),
  refusal(generate('--samples 1 --seed 1 --seed 2'), "--seed: expected once, got '1' and '2'"),
  refusal(generate('--samples 2 --shard 3/2'), '3/2'),
  refusal(generate('--samples 2 --shard 1/3'), 'fewer shards'),
  refusal(generate('--samples 2 --shard 1'), 'i/n'),
  refusal(generate('--samples 2 --shard 0/2'), '0/2'),
  refusal(generate('--samples 2 --shard 1/0'), '1/0'),
  refusal(generate('--samples 2 --shard one/two'), 'i/n'),
  refusal(generate('--samples 2 --shard 1/2/2'), 'i/n'),
  refusal(generate('--samples 2 --shard -1/2'), 'i/n'),
  refusal(generate('--samples 1 --check-every 10'), 'poles'),
  refusal(generate('--samples 1 --method poles --check-every 0'), 'at least 1'),
  refusal(generate('--samples 1 --method poles --T 1e-9'), 'diagonalize'),
  refusal(generate('--samples 1 --method poles --tolerance 1e-18'), '1e-18'),
  refusal(generate('--samples 1 --tolerance 1e-6'), 'poles'),
  refusal('generate heisenberg --samples 3 --tolerance 1e-3 --out OUT', 'got one for formula: leave it out'),
  refusal('energy --spins IN/good.npy --system heisenberg --tolerance 1e-6', 'got one for formula: leave it out'),
  refusal(generate('--samples 5000000 --images'), '--shard'),
  refusal(generate('--samples 1 --threads 0'), '--threads'),
  refusal(generate('--samples 1 --colour red'), '--colour'),
  refusal(generate('--samples 1 more'), 'Expected 1 argument'),
  refusal(generate('--samples 99999999999'), '--shard'),
  refusal(generate('--samples 3 --sampler published --seed 4294967295'), 'at most 1'),
  refusal('generate three-spin-binary --samples 1 --out OUT --sampler sphere', 'uniform or published'),
  refusal('generate three-spin-binary --samples 1 --out OUT --T 1', '--T'),
  refusal('generate three-spin-binary --samples 20001 --out OUT --sampler published', 'at most 20000'),
  refusal('generate three-spin-binary --samples 1 --out OUT --images', '--images'),
  refusal('generate three-spin-binary --samples 1 --out OUT --check-every 2', '--check-every'),
  refusal('generate three-spin-binary --samples 1 --out IN/good.npy', '--overwrite'),
  refusal('generate three-spin-continuous --samples 1 --out IN/good.npy/x.npz', 'choose another name'),
  refusal('generate three-spin-continuous --samples 1 --out IN/nowhere/x.npz', 'make the folder'),
  refusal('generate three-spin-continuous --samples 1 --out IN/', 'it is a folder): name a file inside of it'),
  refusal('generate three-spin-continuous --samples 1 --out IN', 'it is a folder): name a file inside of it'),
  refusal('verify', 'folder'),
  refusal('verify IN/nowhere', 'nowhere'),
  refusal('verify IN/\u001b[2J', '\\u{1b}[2J'),
  refusal('energy --spins \u001b[2J', '\\u{1b}[2J'),
  refusal('generate double-exchange --\u001b[2J', '\\u{1b}[2J'),
  refusal('verify IN/good.npy', 'good.npy'),
  refusal('verify IN/', 'manifest'),
  refusal('verify IN/ --samples -1', '--samples'),
  refusal('verify IN/ --seed x', '--seed'),
  refusal('verify IN/ --threads 0', '--threads'),
  refusal('energy', '--spins'),
  refusal('energy --spins IN/missing.npy', 'missing.npy'),
  refusal('energy --spins IN/', 'check the path'),
  refusal('energy --spins IN/text.npy', '.npy'),
  refusal('energy --spins IN/truncated.npy', 'truncated'),
  refusal('energy --spins IN/matrix.npy', '[4, 4]'),
  refusal('energy --spins IN/small.npy', 'at least 3'),
  refusal('energy --spins IN/none.npy', 'at least one'),
  refusal('energy --spins IN/nan.npy', 'NaN'),
  refusal('energy --spins IN/long.npy', 'length'),
  refusal('energy --spins IN/zero.npy', 'no direction'),
  refusal('energy --spins IN/complex.npy', 'array.imag is 0'),
  refusal('energy --spins IN/words.npy', 'real numbers'),
  refusal('energy --spins IN/good.npy --method guess', 'guess'),
  refusal('energy --spins IN/good.npy --T 0', 'T > 0'),
];

export const refusesTheImpossible: Law<CommandLine, Refusal> = {
  statement: 'what cannot be done ends with exit code 2, one helpful line on stderr, nothing on stdout, and no file',
  cases: fc.constantFrom(...refusals),
  holds:
    (run) =>
    async ({ args, reason }) => {
      const { code, stdout, stderr, files } = await run(args.split(' ').filter((word) => word !== ''));
      return (
        code === 2 &&
        stdout === '' &&
        /^efnn: [^\n]{20,}\n$/.test(stderr) &&
        stderr.includes(reason) &&
        files.length === 0
      );
    },
  runs: 400,
};

/** A generation that begins and then fails by what it was asked for, whatever is tried again. */
export interface Futile {
  readonly parameters: string;
  readonly samples: number;
}

export const failsWithoutATrace: Law<CommandLine, Futile> = {
  statement:
    'a generation that fails by its own recipe, where poles and levels disagree say, leaves no journal, and what it advises works: another method, under the same name',
  // Sites without hopping have two levels each, alike for all: the errors of forces, elsewhere of either sign, add up.
  cases: fc.record({
    parameters: fc.constantFrom('--t 1e-300 --J 14', '--t 1e-300 --J 16', '--t 0 --J 14'),
    samples: fc.integer({ min: 1, max: 4 }),
  }),
  holds:
    (run) =>
    async ({ parameters, samples }) => {
      const order = generate(`--samples ${samples} --threads 1 --forces ${parameters}`);
      const { code, stdout, stderr, files } = await run(`${order} --method poles`.split(' '));
      const [, advised = ''] =
        /^efnn: expected poles to agree with [^\n]*: [^\n]*use (--method \w+)\n$/.exec(stderr) ?? [];
      return [code, stdout, files.length].join() === '2,,0' && (await run(`${order} ${advised}`.split(' '))).code === 0;
    },
  runs: 12,
};

/** A command line that can be obeyed but for the value of one option, which is none. */
export interface Mistaken {
  readonly args: string;
  readonly option: string;
  readonly value: string;
}

/** Of each system and sampler that has sizes, or one size, of its own; the numbers of other commands that take any. */
const mistakable: Readonly<Record<string, readonly string[]>> = {
  'generate double-exchange --samples 1 --out OUT': ['--size', '--seed', '--shard', '--t', '--J', '--mu', '--T'],
  'generate double-exchange --sampler published --samples 1 --size 3 --out OUT': ['--seed', '--threads'],
  'generate double-exchange --size 3 --method poles --samples 1 --out OUT': ['--check-every', '--tolerance'],
  'generate heisenberg --samples 3 --out OUT': ['--size', '--J', '--shard'],
  'generate heisenberg --size 3 --shard 2/3 --out OUT': ['--samples'],
  'generate three-spin-continuous --samples 1 --out OUT': ['--size'],
  'generate three-spin-binary --samples 1 --sampler published --out OUT': ['--size', '--seed'],
  'energy --spins IN/good.npy': ['--t', '--J', '--mu', '--T', '--threads'],
  'describe --model efnn --channels 2': ['--layers'],
  'describe --model efnn --layers 1': ['--channels', '--neurons'],
  'describe --model efnn --layers 1 --channels 1': ['--kernel'],
  'describe --model efnn --layers 1 --neurons 1': ['--sites'],
};

export const advisesWhatIsAccepted: Law<CommandLine, Mistaken> = {
  statement:
    'the value that is advised for an option, where its own is no number or too small, is accepted in its place',
  cases: fc.constantFrom(
    ...Object.entries(mistakable).flatMap(([args, options]) =>
      options.flatMap((option) => ['0', '-1', '1.5', 'x'].map((value) => ({ args, option, value }))),
    ),
  ),
  holds:
    (run) =>
    async ({ args, option, value }) => {
      const words = args.split(' ');
      const { code, stderr } = await run([...words, option, value]);
      // Some of these values are possible: a number may be less than 0, a seed 0.
      const [, advised] = new RegExp(`^efnn: ${option}: [^\\n]* as in ${option} (\\S+)\\n$`).exec(stderr) ?? [];
      return code === 0 || advised === undefined || (await run([...words, option, advised])).code === 0;
    },
  runs: 160,
};

/** An option of a command that takes one value, or several. */
export interface ValueOption {
  readonly command: string;
  readonly flag: string;
  readonly variadic: boolean;
}

/** What is said of an option that is there twice and takes one value. */
const isRefusedTwice = ({ code, stdout, stderr }: Outcome, flag: string): boolean =>
  code === 2 && stdout === '' && stderr.startsWith(`efnn: ${flag}: expected once, got '1' and '2': `);

export const valuesAreGivenOnce = (options: readonly ValueOption[]): Law<CommandLine, ValueOption> => ({
  statement: 'an option that takes one value is refused where it is there twice, and one that takes several is not',
  cases: fc.constantFrom(...options),
  holds:
    (run) =>
    async ({ command, flag, variadic }) =>
      isRefusedTwice(await run([command, flag, '1', `${flag}=2`]), flag) === !variadic,
  runs: 4 * options.length,
});

/** An option that takes a value, or an argument, of a command that needs as many arguments as it has. */
export interface Word {
  readonly command: string;
  readonly needs: number;
  readonly word: { readonly flag: string } | { readonly argument: string; readonly at: number };
}

export const noWordIsEmpty = (words: readonly Word[]): Law<CommandLine, Word> => ({
  statement:
    "an empty word, as a variable of the shell that is unset leaves it, is refused wherever a value belongs: it is no path, and not '.'",
  cases: fc.constantFrom(...words),
  holds:
    (run) =>
    async ({ command, needs, word }) => {
      const isArgument = 'argument' in word;
      const given = Array.from({ length: needs }, (_, i) => (isArgument && i === word.at ? '' : 'IN'));
      const { code, stdout, stderr, files } = await run([command, ...given, ...(isArgument ? [] : [word.flag, ''])]);
      const name = isArgument ? `<${word.argument}>` : word.flag;
      return (
        code === 2 &&
        stdout === '' &&
        stderr.startsWith(`efnn: ${name}: expected a value, got '': `) &&
        /^[^\n]+\n$/.test(stderr) &&
        files.length === 0
      );
    },
  runs: 4 * words.length,
});

/** Arguments of a program with the commands `paint` and `mix`, and those that must be loaded. */
export interface Call {
  readonly args: string;
  readonly loads: readonly string[];
}

/** Runs the program, and says which commands were loaded, in the order of their names. */
export type Loading = (args: readonly string[]) => Promise<readonly string[]>;

export const loadsWhatIsNamed: Law<Loading, Call> = {
  statement: 'a command is loaded when it is named, for its help too, and no other is',
  cases: fc.constantFrom(
    { args: '', loads: [] },
    { args: '--help', loads: [] },
    { args: '--version', loads: [] },
    { args: 'help', loads: [] },
    { args: 'pain', loads: [] },
    { args: 'paint', loads: ['paint'] },
    { args: 'mix --help', loads: ['mix'] },
    { args: 'help mix', loads: ['mix'] },
    { args: 'paint --wild', loads: ['paint'] },
  ),
  holds:
    (loaded) =>
    async ({ args, loads }) =>
      (await loaded(args.split(' ').filter((word) => word !== ''))).join() === loads.join(),
};

/** Says what was written under a name; what each writer of files says. */
export type SaysWhereItWrote = (name: string) => Promise<readonly string[]>;

export const namesAreNotObeyed: Law<SaysWhereItWrote, string> = {
  statement:
    'a line that says which file was written is one line whatever the name, which a terminal shows and does not obey',
  cases: fc
    .array(fc.constantFrom('a', 'é', '\n', '\r', '\t', '\u001b[2J', '\u009b', '\u202e', '\u2028', '\u200b'), {
      minLength: 1,
      maxLength: 6,
    })
    .map((parts) => parts.join('')),
  holds: (say) => async (name) => {
    const escaped = name.replaceAll(/[^aé[2J]/gu, (one) => `\\u{${one.charCodeAt(0).toString(16)}}`);
    return (await say(name)).every((line) => /^[^\p{C}\p{Zl}\p{Zp}]+\n$/u.test(line) && line.includes(escaped));
  },
  runs: 10,
};

/** Writes a file, and says whether it could; `blocked` makes the last step fail. */
export type WriteFile = (path: string, content: string) => Promise<boolean>;

/** A folder with a file in it, where files are written by name. */
export interface Place {
  readonly write: (name: string, content: string) => Promise<boolean>;
  readonly read: (name: string) => Promise<string>;
  readonly list: () => Promise<readonly string[]>;
}

export interface Attempt {
  readonly old: string;
  readonly new: string;
  readonly possible: boolean;
}

export const writesWholeOrNotAtAll: Law<(attempt: Attempt) => Promise<Place>, Attempt> = {
  statement: 'a file is written whole, or the old one stays, and nothing else is left behind',
  cases: fc.record({ old: fc.string(), new: fc.string(), possible: fc.boolean() }),
  holds: (placeFor) => async (attempt) => {
    const place = await placeFor(attempt);
    const before = await place.list();
    const written = await place.write('file', attempt.new);
    const after = await place.list();
    return (
      written === attempt.possible &&
      before.join() === after.join() &&
      (await place.read(attempt.possible ? 'file' : 'file/old')) === (attempt.possible ? attempt.new : attempt.old)
    );
  },
  runs: 30,
};
