/**
 * The house style that a machine can check. One block a concern, from the strictest rooms to the loosest:
 * everything, then the pure core (src), then numeric kernels and backends, then spec, proofs and scripts.
 */
import functional from 'eslint-plugin-functional';
import jsdoc from 'eslint-plugin-jsdoc';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** Where loops, `let` and `!` on typed-array reads are at home: they fill arrays which they made themselves. */
const kernels = ['src/**/*.kernel.ts', 'src/backend/**/*.ts', 'src/assembler/**/*.ts'];

/** Where a type may be asserted, because outside data gets its type here, or a brand its only constructor. */
const decoders = ['src/program/program.ts', 'src/{file,dataset,provenance}/**/*.ts', 'src/network/model-file.ts'];

/** Rules for syntax, each with what to write instead. A later block replaces the list, so blocks share these. */
const enums = { selector: 'TSEnumDeclaration', message: 'Use a union of string literals.' };
const defaultExport = { selector: 'ExportDefaultDeclaration', message: 'Export by name.' };
const mutableProperty = {
  selector: ':matches(TSPropertySignature, PropertyDefinition)[readonly=false]',
  message: 'Declare the property readonly.',
};
const mutableArray = {
  selector: ':not(TSTypeOperator[operator="readonly"]) > :matches(TSArrayType, TSTupleType)',
  message: 'Write readonly before the array type.',
};
const mutableCollection = {
  selector:
    'TSTypeReference[typeName.name=/^(Array|Map|Set|Record)$/]:not(TSTypeReference[typeName.name="Readonly"] *)',
  message: 'Use ReadonlyArray, ReadonlyMap, ReadonlySet or Readonly<Record<..>>.',
};
const throwOfCallerError = {
  selector: 'ThrowStatement > :not(NewExpression[callee.name="RangeError"])',
  message: 'Errors that a caller can cause are an Either; throw a RangeError for a bug.',
};
const power = {
  selector:
    'BinaryExpression[operator="**"]:not([left.value=2][right.type="Literal"]):not([left.value=2][right.type="UnaryExpression"])',
  message: 'Engines round x ** y differently: multiply, or take pow or powerOfTwo of number/elementary.',
};
const clock = {
  selector: 'NewExpression[callee.name="Date"][arguments.length=0]',
  message: 'Time is passed in: the core has no clock.',
};

const unrunProperty = {
  selector: 'MemberExpression[object.name=/^(it|describe|test)$/][property.name=/^(skip|only|todo)$/]',
  message: 'Every property runs; skipIf says why one cannot run here.',
};

/** Of the numbers of `fc.double` between bounds about 0 nearly all are next to 0: laws on them are blind to what they weigh. */
const bitPatterns = {
  selector:
    "CallExpression[callee.object.name='fc'][callee.property.name=/^(double|float)$/] ObjectExpression:has(> Property[key.name='max'])" +
    " > Property[key.name='min']:matches([value.type='UnaryExpression'], [value.value=0])",
  message:
    'Draw numbers by interval, or by ofAllMagnitudes where bit patterns are the point (spec/arbitraries/interval.ts).',
};

const uncheckedJson = {
  selector:
    ':matches(TemplateLiteral, CallExpression[callee.property.name="write"]) CallExpression[callee.object.name="JSON"][callee.property.name="stringify"]',
  message: 'Print by outputLine: it refuses what is not finite, where JSON.stringify writes null.',
};

/** Modules that are compiled before the engine has its settings are slow; see `assembler/engine.ts`. */
const compilation = {
  selector: 'NewExpression[callee.object.name="WebAssembly"][callee.property.name="Module"]',
  message: 'Compile by compiledModule: it gives the engine its settings before.',
};

/** Instances that others start leave registers in use, which slows whoever calls them; see `assembler/instance.ts`. */
const instantiation = {
  selector: 'NewExpression[callee.object.name="WebAssembly"][callee.property.name="Instance"]',
  message: 'Start modules by kernelsOf: it clears registers after each call.',
};

/** Syntax that kernels keep to. */
const ofKernels = [enums, defaultExport, mutableProperty, throwOfCallerError, clock, power];

/** What an export is: each has its sentence. */
const exported = ['ExportNamedDeclaration[declaration]'];

/** What the pure core must not reach: the terminal, the process, clocks, chance. */
const effects = ['console', 'process', 'performance', 'setTimeout', 'setInterval', 'fetch', 'globalThis'];

/** Properties that make a result depend on more than its arguments. */
const impureProperties = [
  { object: 'Math', property: 'random', message: 'Randomness is a value passed in.' },
  { object: 'Date', property: 'now', message: 'Time is passed in: the core has no clock.' },
];

/** Functions that the language leaves to the engine to round; sqrt, abs, floor, fround, imul and the like are exact. */
const inexactProperties = [
  ...['sin', 'cos', 'tan', 'asin', 'acos', 'atan', 'atan2', 'sinh', 'cosh', 'tanh', 'asinh', 'acosh', 'atanh'],
  ...['exp', 'expm1', 'log', 'log1p', 'log2', 'log10', 'pow', 'cbrt', 'hypot'],
].map((property) => ({
  object: 'Math',
  property,
  message: 'Engines round it differently, and results are promised to the bit: take it from number/elementary.',
}));

export default defineConfig(
  globalIgnores(['node_modules/', 'efnn-report/', 'coverage/', 'reports/', 'dist/', 'explorer/dist/']),

  // Everything in TypeScript, with types.
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: 'error',
      'no-param-reassign': 'error',
      'object-shorthand': 'error',
      'no-else-return': 'error',
      curly: 'error',
      // `as const` is always allowed; other assertions only where `decoders` says so.
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { allowDefaultCaseForExhaustiveSwitch: false, requireDefaultForNonUnion: true },
      ],
      // An interface that extends another can only say its index this way.
      '@typescript-eslint/consistent-indexed-object-style': 'off',
      // record['name'] says that the name is data.
      '@typescript-eslint/dot-notation': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },

  // The pure core: values in, values out.
  {
    files: ['src/**/*.ts'],
    plugins: { functional },
    rules: {
      'functional/no-let': 'error',
      'functional/no-loop-statements': 'error',
      'functional/no-classes': 'error',
      'functional/no-class-inheritance': 'error',
      'functional/no-this-expressions': 'error',
      'functional/no-promise-reject': 'error',
      // Local maps and sets may serve as memo tables.
      'functional/immutable-data': ['error', { ignoreImmediateMutation: true, ignoreMapsAndSets: true }],
      'no-restricted-syntax': [
        'error',
        enums,
        defaultExport,
        mutableProperty,
        mutableArray,
        mutableCollection,
        throwOfCallerError,
        clock,
        power,
        compilation,
        instantiation,
      ],
      'no-restricted-globals': ['error', ...effects],
      'no-restricted-properties': ['error', ...impureProperties, ...inexactProperties],
      'no-restricted-imports': [
        'error',
        { patterns: [{ group: ['node:*'], message: 'Files, processes and threads belong to scripts.' }] },
      ],
    },
  },

  // Every export says what it means.
  {
    files: ['src/**/*.ts'],
    plugins: { jsdoc },
    rules: {
      'jsdoc/require-jsdoc': [
        'error',
        { contexts: exported, require: { FunctionDeclaration: false }, enableFixer: false },
      ],
      'jsdoc/require-description': ['error', { contexts: exported }],
    },
  },

  // Pictures and fitted exponents are read by people, not compared to the bit.
  {
    files: ['src/{report,bench}/**/*.ts'],
    rules: { 'no-restricted-properties': ['error', ...impureProperties] },
  },

  // Decoders and the constructors of brands.
  {
    files: decoders,
    rules: { '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'as' }] },
  },

  // Networks are built from maps that declare their weights, so that whoever starts, folds or prints them can read it.
  {
    files: ['src/network/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { group: ['node:*'], message: 'Files, processes and threads belong to scripts.' },
            {
              group: ['**/expression.ts'],
              importNames: ['parameterKernel', 'parameterBias', 'parameterScalar'],
              message: 'Declare the weight: parameterWeight, with role, fan-in and degree.',
            },
          ],
        },
      ],
    },
  },

  // Numeric kernels: imperative inside, pure outside.
  {
    files: kernels,
    rules: {
      'functional/no-let': 'off',
      'functional/no-loop-statements': 'off',
      'functional/immutable-data': 'off',
      curly: ['error', 'multi-line'],
      'no-restricted-syntax': ['error', ...ofKernels, compilation, instantiation],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/prefer-for-of': 'off',
    },
  },

  // The rim of a backend starts WebAssembly, workers and devices.
  {
    files: ['src/backend/**/*.ts', 'src/assembler/engine.ts'],
    rules: { 'no-restricted-globals': 'off', 'no-restricted-imports': 'off' },
  },
  // Modules are compiled at one place, and started at one.
  {
    files: ['src/assembler/engine.ts'],
    rules: { 'no-restricted-syntax': ['error', ...ofKernels, instantiation] },
  },
  {
    files: ['src/assembler/instance.ts'],
    rules: { 'no-restricted-syntax': ['error', ...ofKernels, compilation] },
  },

  // Laws, proofs and the command line: functions too, but with effects at their rim.
  {
    files: ['spec/**/*.ts', 'proofs/**/*.ts', 'scripts/**/*.ts', 'explorer/**/*.ts', '*.ts'],
    plugins: { functional },
    rules: {
      'functional/no-let': 'error',
      'functional/no-classes': 'error',
      'functional/no-this-expressions': 'error',
      'no-restricted-syntax': ['error', enums, mutableProperty, compilation, instantiation],
    },
  },

  // Commands print JSON in one way.
  {
    files: ['scripts/commands/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', enums, mutableProperty, compilation, instantiation, uncheckedJson] },
  },

  // Laws quote wrong numbers, empty functions and bad input on purpose.
  {
    files: ['spec/**/*.ts', 'proofs/**/*.ts'],
    rules: {
      '@typescript-eslint/no-empty-function': 'off',
      'no-restricted-syntax': ['error', enums, mutableProperty, compilation, instantiation, unrunProperty, bitPatterns],
    },
  },
);
