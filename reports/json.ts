/** The RunRecord itself. */
export { serialize as json } from '../src/record/serialize.js'
