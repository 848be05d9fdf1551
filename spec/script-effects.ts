/**
 * What of `scripts` touches neither files, clocks, processes nor the terminal: it belongs into `src`.
 *
 * A declaration touches the world if it uses one of Node's modules or globals, the implementation of a backend, or another
 * declaration of scripts that touches the world; a type does if it is a handle of the world (tasks, promises, functions that
 * return nothing), and then so does whoever takes it as a parameter.
 */
import { posix } from 'node:path';

import ts from 'typescript';

/** Texts by their paths. */
export type Sources = ReadonlyMap<string, string>;

/** A declaration at the top of a file, or a function that is a property of one. */
interface Declaration {
  readonly path: string;
  readonly name: string;
  readonly isFunction: boolean;
  readonly isType: boolean;
  /** Whether it touches the world by itself. */
  readonly touches: boolean;
  /** What it uses of scripts, by path and name. */
  readonly uses: readonly string[];
}

/** Packages that touch the world, files of data, and backends, which start threads. */
const effectful = /^(node:|commander$|cli-progress$|workerpool$|tsx\b)|\.json$|\/src\/backend\/[^/]+\//;

const globals = new Set([
  ...['process', 'performance', 'console', 'globalThis', 'fetch'],
  ...['setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval'],
]);

/** Types of what is done later, or was begun. */
const handles = new Set(['Promise', 'Task', 'TaskEither', 'IO', 'IOEither']);

const keyOf = (path: string, name: string): string => `${path}: ${name}`;

/** What a name stands for in a file: the world, or a declaration of scripts; others are of src, and pure. */
type Meaning = (name: string) => 'world' | { readonly key: string } | null;

const importedName = (path: string, from: string, name: string): ReturnType<Meaning> => {
  if (effectful.test(from)) {
    return 'world';
  }
  const target = posix.join(posix.dirname(path), from);
  return from.startsWith('.') && !target.startsWith('src/') ? { key: keyOf(target, name) } : null;
};

const reexportsOf = (path: string, file: ts.SourceFile): readonly (readonly [string, ReturnType<Meaning>])[] =>
  file.statements
    .filter(ts.isExportDeclaration)
    .flatMap(({ exportClause, moduleSpecifier }) =>
      exportClause !== undefined &&
      ts.isNamedExports(exportClause) &&
      moduleSpecifier !== undefined &&
      ts.isStringLiteral(moduleSpecifier)
        ? exportClause.elements.map(
            ({ name }) => [name.text, importedName(path, moduleSpecifier.text, name.text)] as const,
          )
        : [],
    );

const importsOf = (path: string, file: ts.SourceFile): readonly (readonly [string, ReturnType<Meaning>])[] =>
  file.statements.filter(ts.isImportDeclaration).flatMap(({ importClause, moduleSpecifier }) => {
    const from = ts.isStringLiteral(moduleSpecifier) ? moduleSpecifier.text : '';
    const { name, namedBindings } = importClause ?? {};
    const whole = [
      name,
      namedBindings !== undefined && ts.isNamespaceImport(namedBindings) ? namedBindings.name : name,
    ];
    const named = namedBindings !== undefined && ts.isNamedImports(namedBindings) ? namedBindings.elements : [];
    return [
      ...whole.flatMap((one) => (one === undefined ? [] : [[one.text, importedName(path, from, 'default')] as const])),
      ...named.map((one) => [one.name.text, importedName(path, from, (one.propertyName ?? one.name).text)] as const),
    ];
  });

/** Names that a piece of code declares for itself: of parameters and local values. */
const localNames = (node: ts.Node): readonly string[] => [
  ...((ts.isParameter(node) || ts.isBindingElement(node) || ts.isVariableDeclaration(node)) &&
  ts.isIdentifier(node.name)
    ? [node.name.text]
    : []),
  ...childrenOf(node).flatMap(localNames),
];

/** Nodes that hold a name which means nothing outside them, such as a property's, and what beside it has a meaning. */
const besideName = (node: ts.Node): readonly ts.Node[] | null => {
  if (ts.isPropertyAccessExpression(node)) {
    return [node.expression];
  }
  return ts.isPropertyAssignment(node) ||
    ts.isPropertySignature(node) ||
    ts.isMethodSignature(node) ||
    ts.isBindingElement(node) ||
    ts.isParameter(node)
    ? childrenOf(node).filter(
        (child) => !ts.isIdentifier(child) || ('initializer' in node && child === node.initializer),
      )
    : null;
};

/** The names that a piece of code uses; of types only those of its parameters, unless it is a type itself. */
const namesIn = (node: ts.Node, withTypes: boolean): readonly string[] => {
  if (ts.isTypeReferenceNode(node) || ts.isExpressionWithTypeArguments(node)) {
    const first = ts.isTypeReferenceNode(node) ? node.typeName : node.expression;
    const name = ts.isQualifiedName(first) ? first.left : first;
    const inner = (node.typeArguments ?? []).flatMap((one) => namesIn(one, withTypes));
    return withTypes && ts.isIdentifier(name) ? [name.text, ...inner] : inner;
  }
  if (ts.isIdentifier(node)) {
    return [node.text];
  }
  if (ts.isTypeNode(node) && !withTypes) {
    return [];
  }
  const inside = withTypes || ts.isParameter(node);
  return (besideName(node) ?? childrenOf(node)).flatMap((child) => namesIn(child, inside));
};

const childrenOf = (node: ts.Node): readonly ts.Node[] => {
  const children = new Array<ts.Node>();
  node.forEachChild((child) => {
    children.push(child);
  });
  return children;
};

const some = (node: ts.Node, is: (one: ts.Node) => boolean): boolean =>
  is(node) || childrenOf(node).some((child) => some(child, is));

const isFunction = (node: ts.Node | undefined): boolean =>
  node !== undefined && (ts.isArrowFunction(node) || ts.isFunctionExpression(node) || ts.isFunctionDeclaration(node));

const returnsNothing = (node: ts.Node): boolean =>
  (ts.isFunctionTypeNode(node) || ts.isMethodSignature(node)) && node.type?.kind === ts.SyntaxKind.VoidKeyword;

/** A collection at the top of a file, which its functions change. */
const isState = (node: ts.Node): boolean =>
  ts.isNewExpression(node) && ts.isIdentifier(node.expression) && ['Map', 'Set'].includes(node.expression.text);

/** The declarations of a statement, each with the code that it stands for. */
const declared = (statement: ts.Statement): readonly (readonly [string, ts.Node])[] => {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap((one) => {
      const name = ts.isIdentifier(one.name) ? one.name.text : 'pattern';
      const { initializer } = one;
      const parts =
        initializer !== undefined && ts.isObjectLiteralExpression(initializer)
          ? initializer.properties.flatMap((part) =>
              ts.isPropertyAssignment(part) && isFunction(part.initializer) && ts.isIdentifier(part.name)
                ? [[`${name}.${part.name.text}`, part.initializer] as const]
                : [],
            )
          : [];
      return initializer === undefined ? [] : [[name, initializer] as const, ...parts];
    });
  }
  return ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement)
    ? [[statement.name?.text ?? 'default', statement]]
    : ts.isImportDeclaration(statement)
      ? []
      : [['statement', statement]];
};

const declarationsOf = (path: string, text: string): readonly Declaration[] => {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const own = file.statements.flatMap(declared);
  const meanings = new Map([
    ...importsOf(path, file),
    ...reexportsOf(path, file),
    ...own.map(([name]) => [name, { key: keyOf(path, name) }] as const),
  ]);
  return own.map(([name, node]) => {
    const isType = ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node);
    const local = new Set([name, ...localNames(node)]);
    const names = namesIn(node, isType).filter((used) => !local.has(used));
    const found = names.map((used) => meanings.get(used) ?? (globals.has(used) ? 'world' : null));
    return {
      ...{ path, name, isType, isFunction: isFunction(node) },
      touches:
        found.includes('world') ||
        some(node, (one) => ts.isMetaProperty(one) || one.kind === ts.SyntaxKind.ImportKeyword) ||
        isState(node) ||
        names.includes('Promise') ||
        (isType && (names.some((used) => handles.has(used)) || some(node, returnsNothing))),
      uses: found.flatMap((meaning) => (meaning === null || meaning === 'world' ? [] : [meaning.key])),
    };
  });
};

const all = (sources: Sources): readonly Declaration[] =>
  [...sources].flatMap(([path, text]) => declarationsOf(path, text));

/** All that touch the world, given some that do. */
const closure = (declarations: readonly Declaration[], known: ReadonlySet<string>): ReadonlySet<string> => {
  const more = declarations
    .filter(({ uses }) => uses.some((used) => known.has(used)))
    .map(({ path, name }) => keyOf(path, name))
    .filter((key) => !known.has(key));
  return more.length === 0 ? known : closure(declarations, new Set([...known, ...more]));
};

const touching = (declarations: readonly Declaration[]): ReadonlySet<string> =>
  closure(
    declarations,
    new Set(declarations.filter(({ touches }) => touches).map(({ path, name }) => keyOf(path, name))),
  );

/** The functions that belong into `src`, each with its file. */
export const pureFunctions = (sources: Sources): readonly string[] => {
  const declarations = all(sources);
  const world = touching(declarations);
  return declarations
    .filter(({ isFunction: is }) => is)
    .map(({ path, name }) => keyOf(path, name))
    .filter((key) => !world.has(key));
};

/** The files that belong into `src`, in the order of the map. */
export const withoutEffects = (sources: Sources): readonly string[] => {
  const declarations = all(sources);
  const world = touching(declarations);
  return [...sources.keys()].filter(
    (file) => !declarations.some(({ path, name }) => path === file && world.has(keyOf(path, name))),
  );
};
