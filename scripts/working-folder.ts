/** The folder that relative paths start from: the caller's, also where npm has changed it to the package's. */
import { fileURLToPath } from 'node:url';

const manifest = fileURLToPath(new URL('../package.json', import.meta.url));

/** Scripts of package.json that hand their words on to the command line. */
const wordsFromCaller = ['efnn', 'start'];

/** Goes back to where npm was called, if npm runs one of those scripts of this very package. */
export const enterCallersFolder = (): void => {
  const { INIT_CWD: caller, npm_lifecycle_event: script = '', npm_package_json: of } = process.env;
  if (caller !== undefined && of === manifest && wordsFromCaller.includes(script)) {
    process.chdir(caller);
  }
};
