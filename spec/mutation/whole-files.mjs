/**
 * A plugin of Stryker: Vitest's runner, for which a file of laws that a mutant keeps from being collected at all has killed
 * it. Stryker's own runner looks at tests alone, and such a file has none.
 */
import { commonTokens, declareFactoryPlugin, PluginKind, tokens } from '@stryker-mutator/api/plugin';
import { MutantRunStatus } from '@stryker-mutator/api/test-runner';
import { strykerPlugins as vitestPlugins } from '@stryker-mutator/vitest-runner';

const [vitest] = vitestPlugins;

const wholeFiles = (injector) => {
  const runner = vitest.factory(injector);
  const mutantRun = runner.mutantRun.bind(runner);
  runner.mutantRun = async (options) => {
    const found = await mutantRun(options);
    const broken = runner.ctx.state.getFiles().find(({ result }) => result?.state === 'fail');
    return found.status === MutantRunStatus.Survived && broken !== undefined
      ? {
          status: MutantRunStatus.Killed,
          killedBy: [],
          failureMessage: `${broken.name} was not collected`,
          nrOfTests: found.nrOfTests,
        }
      : found;
  };
  return runner;
};
wholeFiles.inject = tokens(commonTokens.injector);

const plugins = [declareFactoryPlugin(PluginKind.TestRunner, 'whole-files', wholeFiles)];

export { plugins as strykerPlugins };
