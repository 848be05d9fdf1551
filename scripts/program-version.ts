/** Which version of efnn this is. */
import description from '../package.json' with { type: 'json' };

export const programVersion: string = description.version;
