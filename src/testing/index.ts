export { assertNoRaces, detectRaces, type RaceOptions } from './races/detect.js'
export type { Race, RacingAccess } from './races/race.js'
