/**
 * Who may import whom. The tables are the house; the rules below are read off them.
 * Types count as imports: a room that needs another room's types depends on it.
 */

/** Each room of src, from the ground up, and the rooms whose modules it may import beside its own. */
const rooms = {
  number: [],
  assembler: [],
  random: ['number'],
  lattice: ['number', 'random'],
  linear: ['number', 'assembler'],
  continued: ['number'],
  hamiltonian: ['number', 'random', 'lattice', 'linear'],
  exact: ['number', 'assembler', 'random', 'lattice', 'linear', 'continued', 'hamiltonian'],
  file: ['number'],
  conformance: ['file'],
  program: ['number'],
  network: ['number', 'random', 'lattice', 'file', 'program'],
  backend: ['number', 'program', 'assembler'],
  dataset: ['number', 'random', 'lattice', 'hamiltonian', 'exact', 'file'],
  provenance: ['number', 'random', 'exact', 'file', 'dataset'],
  training: ['number', 'random', 'lattice', 'file', 'program', 'network', 'backend', 'dataset'],
  onnx: ['number', 'file', 'program', 'network'],
  report: ['number', 'file'],
  command: [
    'number',
    'random',
    'lattice',
    'hamiltonian',
    'exact',
    'file',
    'program',
    'network',
    'backend',
    'dataset',
    'provenance',
    'training',
    'report',
    'bench',
    'onnx',
    'conformance',
  ],
  bench: [
    'number',
    'assembler',
    'random',
    'lattice',
    'hamiltonian',
    'exact',
    'file',
    'program',
    'network',
    'backend',
    'dataset',
    'training',
    'report',
  ],
  study: [
    'number',
    'random',
    'lattice',
    'linear',
    'hamiltonian',
    'exact',
    'continued',
    'program',
    'network',
    'backend',
    'file',
    'dataset',
    'provenance',
    'training',
    'report',
    'bench',
  ],
};

/** What the package exports, by topic, from any room. */
rooms.entry = Object.keys(rooms);

/** Packages with one home in src or scripts; laws may use them as oracles. */
const homes = {
  'fraction.js': ['src/number'],
  'pure-rand': ['src/random'],
  fflate: ['src/file'],
  '@bufbuild/protobuf': ['src/onnx'],
  vega: ['src/report'],
  'vega-lite': ['src/report'],
  commander: ['scripts'],
  'cli-progress': ['scripts'],
  tsx: ['scripts'],
  workerpool: ['src/backend', 'scripts'],
  webgpu: ['scripts'],
};

const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

const anyOf = (names) => `(${names.join('|')})`;

const roomRules = Object.entries(rooms).map(([room, allowed]) =>
  forbid(
    `room-${room}`,
    allowed.length === 0
      ? `src/${room} stands on the ground: it imports no other room.`
      : `src/${room} may import ${allowed.join(', ')} and itself, no other room.`,
    { path: `^src/${room}/` },
    { path: '^src/', pathNot: `^src/${anyOf([room, ...allowed])}/` },
  ),
);

const homeRules = Object.entries(homes).map(([name, places]) =>
  forbid(
    `home-${name}`,
    `${name} is used in ${places.join(', ')} alone.`,
    { path: '^(src|scripts)/', pathNot: `^${anyOf(places)}/` },
    { path: `^node_modules/${name.replace('.', '\\.')}/` },
  ),
);

/** The folders of scripts, from the ground up, and those whose modules each may import beside its own and the ground's. */
const scriptFolders = {
  workers: [],
  generation: ['workers'],
  verification: ['workers', 'generation'],
  reproduction: ['workers', 'generation'],
  bench: [],
  commands: ['workers', 'generation', 'verification', 'reproduction', 'bench'],
};

const scriptRules = [
  forbid(
    'scripts-ground',
    'What all commands share, the files of scripts itself, imports none of its folders; the command line begins there.',
    { path: '^scripts/[^/]+$', pathNot: '^scripts/efnn\\.ts$' },
    { path: '^scripts/[^/]+/' },
  ),
  ...Object.entries(scriptFolders).map(([folder, allowed]) =>
    forbid(
      `scripts-${folder}`,
      `scripts/${folder} may import ${[...allowed, 'the files of scripts itself'].join(', ')}, no other folder of scripts.`,
      // Options of exact energies are read below commands until systems are a table.
      { path: `^scripts/${folder}/`, pathNot: '^scripts/generation/(plan|work-load)\\.ts$' },
      { path: '^scripts/[^/]+/', pathNot: `^scripts/${anyOf([folder, ...allowed])}/` },
    ),
  ),
  forbid(
    'known-folders',
    'A new folder of scripts needs its row in the table of folders.',
    { path: '^scripts/[^/]+/', pathNot: `^scripts/${anyOf(Object.keys(scriptFolders))}/` },
    {},
  ),
];

const explorerRules = [
  forbid(
    'explorer-as-users-do',
    'The explorer uses the library as its users do: through the entries of the package.',
    { path: '^explorer/' },
    { path: '^(src|spec|proofs|scripts)/', pathNot: '^src/(entry/|backend/wasm/team\\.worker\\.mjs$)' },
  ),
  forbid(
    'explorer-above-all',
    'Nothing but its laws imports the explorer.',
    { path: '^(src|proofs|scripts)/' },
    { path: '^explorer/' },
  ),
];

const houseRules = [
  forbid('no-cycles', 'Modules that import each other are one module.', {}, { circular: true }),
  forbid(
    'known-rooms',
    'A new folder of src needs its row in the table of rooms.',
    { path: '^src/', pathNot: `^src/${anyOf(Object.keys(rooms))}/` },
    {},
  ),
  forbid(
    'core-below-all',
    'Nothing in src imports its laws, its proofs or its command line.',
    { path: '^src/' },
    { path: '^(spec|proofs|scripts)/' },
  ),
  forbid(
    'scripts-without-laws',
    'The command line runs without the development dependencies.',
    { path: '^scripts/' },
    { path: '^(spec|proofs)/' },
  ),
  forbid(
    'backends-are-strangers',
    'A backend imports the interface, what backends share, and itself, never another backend.',
    { path: '^src/backend/([^/]+)/' },
    { path: '^src/backend/[^/]+/', pathNot: '^src/backend/(schedule|$1)/' },
  ),
  forbid(
    'backend-is-passed-in',
    'Outside src/backend the core knows the interface alone: which backend runs is for scripts to say, and for whoever imports the package.',
    { path: '^src/', pathNot: '^src/(backend|entry)/' },
    { path: '^src/backend/[^/]+/' },
  ),
  forbid(
    'core-without-node',
    'The core touches no file, process or thread; the rim of a backend may, and where modules are compiled.',
    { path: '^src/', pathNot: '^src/(backend/|assembler/engine\\.ts$)' },
    { dependencyTypes: ['core'] },
  ),
  forbid(
    'no-development-packages',
    'What runs at the user is listed under dependencies, or is a peer that the user may bring; sources alone need a loader.',
    { path: '^(src|scripts)/', pathNot: '^scripts/start\\.mjs$' },
    { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only', 'npm-peer'] },
  ),
  forbid(
    'no-unlisted-packages',
    'A package that is imported is listed in package.json.',
    {},
    // The cruiser takes what says that a peer is optional for a list of packages, in which the peer is not.
    { dependencyTypes: ['npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['npm-peer'] },
  ),
  forbid('nothing-missing', 'The imported module does not exist.', {}, { couldNotResolve: true }),
  {
    name: 'nothing-unused',
    comment: 'No law and no command reaches this module: state its law, use it, or delete it.',
    severity: 'error',
    from: { path: '^((spec|proofs)/.*\\.spec\\.ts$|scripts/)' },
    to: { path: '^src/', pathNot: '\\.(d\\.ts|worker\\.mjs)$', reachable: false },
  },
];

module.exports = {
  forbidden: [...houseRules, ...roomRules, ...scriptRules, ...homeRules, ...explorerRules],
  options: {
    exclude: { path: '^(reports|coverage|efnn-report|dist|explorer/dist)/' },
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    detectProcessBuiltinModuleCalls: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'default'] },
  },
};
