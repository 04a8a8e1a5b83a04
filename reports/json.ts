/** The RunRecord itself. */
export { serialise as json } from '../src/record/serialise.js'
