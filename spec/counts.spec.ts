/** What programs cost: products and numbers. */
import { multiplyAdds, numbersHeld, type Count } from '../src/program/counts.ts';
import type { TypedProgram } from '../src/program/typecheck.ts';
import { verify } from './law.ts';
import { numbersAreThoseOfTheValues, productsAreThoseOfTheDefinition } from './laws/counts.ts';

const leavingOut =
  (tag: string): ((program: TypedProgram) => Count) =>
  (program) =>
    multiplyAdds({
      ...program,
      equations: program.equations.map((equation) => (equation.tag === tag ? { tag: 'constant', value: 0 } : equation)),
    });

verify(productsAreThoseOfTheDefinition, multiplyAdds, {
  'correlations are not counted': leavingOut('correlate'),
  'kernel gradients are not counted': leavingOut('kernelGradient'),
  'contractions are not counted': leavingOut('contract'),
  'one component is counted': (program) =>
    multiplyAdds({
      ...program,
      types: program.types.map((type) => (type.tag === 'field' ? { ...type, components: 1 } : type)),
    }),
  'sites are not counted': (program) => {
    const { fixed, perSite } = multiplyAdds(program);
    return { fixed: fixed + perSite, perSite: 0 };
  },
});

verify(numbersAreThoseOfTheValues, numbersHeld, {
  'inputs are not counted': (program) =>
    numbersHeld({ ...program, types: program.types.filter((_, i) => program.equations[i]?.tag !== 'input') }),
});
