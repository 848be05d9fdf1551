/** Why an entry of the index has no theorem, no vectors or no law; each is said once and shared. */

/** Of theorems. */
export const aDefinition = 'it is what the name means, with nothing to prove; the law holds the code to it';

/** Of theorems. */
export const ofFittedNumbers = 'it is of what training finds, about which no theorem is known here';

/** Of theorems. */
export const ofFloats = 'it is about float64, spectra or time: the proofs are of exact algebra';

/** Of theorems. */
export const aChoice = 'it is a choice of the authors';

/** Of vectors. */
export const aRun = 'a run of minutes to days gives it, and a vector is one question with one answer';

/** Of vectors. */
export const ofStructure = 'it is of all sizes and weights, and a vector is of one';

/** Of vectors, symbols and laws. */
export const ofOthers = 'it is the result of another paper, which this project does not repeat';

/** Of laws. */
export const notAsked =
  'no claim of the report asks for it: the figures of the preset standard show it with its spread, and no rule judges it';

/** Of laws. */
export const inWords = 'the text gives it in words, without a number or a formula that could fail';
