/** Which files of `scripts` touch neither files, clocks, processes nor the terminal, by themselves or through another. */
import { posix } from 'node:path';

/** Texts by their paths. */
export type Sources = ReadonlyMap<string, string>;

const comments = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm;

const imports = /(?:import|export) (type )?([^;]*?) from '([^']+)'/g;

interface Import {
  readonly from: string;
  /** Whether it is gone when types are taken away. */
  readonly ofTypes: boolean;
}

const importsOf = (text: string): readonly Import[] =>
  [...text.matchAll(imports)].map(([, type, names = '', from = '']) => {
    const listed = /^\{(?<list>[^}]*)\}$/.exec(names.trim())?.groups?.['list'];
    const each = listed?.split(',').filter((name) => name.trim() !== '') ?? [''];
    return { from, ofTypes: type !== undefined || each.every((name) => name.trim().startsWith('type ')) };
  });

/** Packages that touch the world, and files of data. */
const effectful = /^(node:|commander$|cli-progress$|workerpool$|tsx\b)|\.json$/;

const globals =
  /\b(process|performance|console|globalThis)\s*\.|\b(setTimeout|setInterval|setImmediate|fetch|import)\s*\(|\bimport\.meta\b/;

/** Whether a file touches the world by itself; who has a type of commander changes one of its commands. */
const touches = (text: string): boolean => {
  const code = text.replaceAll(comments, '');
  return (
    globals.test(code) ||
    importsOf(code).some(({ from, ofTypes }) => from === 'commander' || (!ofTypes && effectful.test(from)))
  );
};

const reaches =
  (sources: Sources, known: ReadonlySet<string>) =>
  (path: string): boolean =>
    importsOf((sources.get(path) ?? '').replaceAll(comments, '')).some(
      ({ from, ofTypes }) => !ofTypes && known.has(posix.join(posix.dirname(path), from)),
    );

/** All that touch the world, given some that do. */
const closure = (sources: Sources, known: ReadonlySet<string>): ReadonlySet<string> => {
  const more = [...sources.keys()].filter((path) => !known.has(path) && reaches(sources, known)(path));
  return more.length === 0 ? known : closure(sources, new Set([...known, ...more]));
};

/** The files that belong into `src`, in the order of the map. */
export const withoutEffects = (sources: Sources): readonly string[] => {
  const effects = closure(sources, new Set([...sources].flatMap(([path, text]) => (touches(text) ? [path] : []))));
  return [...sources.keys()].filter((path) => !effects.has(path));
};
