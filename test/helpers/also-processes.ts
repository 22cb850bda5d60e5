/**
 * Whether tests of values, targets and jobs run on processes as well: `npm run test:processes`. It takes minutes, and `npm test`
 * has the executor contract and the tests of `processes()` itself.
 */
export const alsoProcesses = process.env.TEST_PROCESSES === '1'
