import { serializable } from '../../src/index.js'

/** Lies outside the folder of the fixtures. */
@serializable
export class Outside {}
