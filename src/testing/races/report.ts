import type { Race, RacingAccess } from './race.js'

/** Races as people read them. */
export function reportOf(races: readonly Race[]): string {
  const count = races.length === 1 ? 'a determinacy race' : `${races.length} determinacy races`
  return [`Found ${count}.`, ...races.map(describe)].join('\n\n')
}

function describe(race: Race, i: number): string {
  const { kind, path, earlier, later, outcome, mend, count } = race
  return [
    `${i + 1}. ${KINDS[kind]} of ${path === '' ? earlier.place : path}${count === 1 ? '' : `, ${count} times`}`,
    `   first ${side(earlier)}`,
    `   then  ${side(later)}`,
    `   deco-ts ${OUTCOMES[outcome]}`,
    `   Way out: ${mend}.`,
  ].join('\n')
}

function side({ call, did, place, line }: RacingAccess): string {
  const who = call === undefined ? 'the caller' : `call ${call.number} of ${call.name}${call.args}`
  return `${who} ${did === 'read' ? 'reads' : 'writes'} ${place}\n         at ${line ?? 'a line that nobody saw'}`
}

const KINDS: Record<Race['kind'], string> = {
  'read after write': 'Read after write',
  'write after write': 'Write after write',
  'write after read': 'Write after read',
}

const OUTCOMES: Record<Race['outcome'], string> = {
  refused: 'refuses it: the next synchronization event throws.',
  rerun: 'puts it right: the later call is run again on what the earlier one left.',
  'serial order': 'puts it right: the result is that of the serial run.',
  unseen: 'cannot see it: the result may silently differ from that of the serial run.',
}
