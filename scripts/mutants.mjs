const hasRead = (condition) => ({
  file: 'src/conflicts.ts',
  from: '  const unit = unitOf(snapshot, target)\n  if (reads',
  to: `  if (${condition}) return false\n  const unit = unitOf(snapshot, target)\n  if (reads`,
})

/** Rules of the promise, each with what switches it off: a text in a file, which stands there once, and another in its place. */
export const MUTANTS = {
  'call-time snapshots': {
    file: 'src/scheduler.ts',
    from: '    this.#trace?.ready(call)\n    this.#executor.submit(call)\n',
    to: `    let late
    const take = () => (call.snapshot = snapshotOf(this.#job, call.args, call.name, true))
    Object.defineProperty(call, 'units', { configurable: true, get: () => (late ??= take()).units })
    this.#executor.submit(call)
`,
  },
  'a snapshot is used again only while it is current': {
    file: 'src/values/snapshot.ts',
    from: '    if (this.frozen) return true\n',
    to: '    return true\n',
  },
  'commits in program order': {
    file: 'src/queue.ts',
    from: '  at(i: number): T {\n',
    to: `  at(i: number): T {
    const items = this.#blocks[0] as { hasArrived?: boolean }[]
    const arrived = items.findIndex((item, j) => j >= this.#from && j < this.#to && item?.hasArrived)
    if (arrived !== -1) items.splice(this.#from, 0, ...items.splice(arrived, 1))
`,
  },
  'conflicts through reads of Maps': hasRead('target instanceof Map'),
  'conflicts through reads of Sets': hasRead('target instanceof Set'),
  'conflicts through reads of arrays': hasRead('Array.isArray(target)'),
  'conflicts through reads of plain objects': hasRead('Object.getPrototypeOf(target) === Object.prototype'),
  'conflicts through reads of this': hasRead('target === snapshot.units[0]!.graph.nodes[0]'),
  'conflicts through lists of keys': {
    file: 'src/conflicts.ts',
    from: '(changesKeys(change) && (hasListed ||',
    to: '(changesKeys(change) && (false ||',
  },
  'the earliest error is thrown': {
    file: 'src/scheduler.ts',
    from: '    this.#phase.fail([error, ...later])\n    for (const [i, call] of calls.entries()) call.abandon(error, i === 0 && !isCancelled)\n',
    to: `    error = later.at(-1) ?? error
    this.#phase.fail([error, ...later])
    for (const [i, call] of calls.entries()) call.abandon(error, i === 0 && !isCancelled)
`,
  },
  'what a failing call changed is written back': {
    file: 'src/scheduler.ts',
    from: 'patch.length === 0 ?',
    to: 'threw || patch.length === 0 ?',
  },
  'arguments that share objects come as one': {
    file: 'src/values/snapshot.ts',
    from: '      if (!units.every((other) => other.isApartFrom(unit))) return jointly(job, args, name, options)\n',
    to: '',
  },
  'writes that make no difference are writes': {
    file: 'src/values/written.ts',
    from: 'byKey.get(key) ?? [silentWrite(holder, key)]',
    to: 'byKey.get(key) ?? []',
  },
  'deletes are written back': {
    file: 'src/values/patch.ts',
    from: '  OPERATIONS[operation]',
    to: "  if (operation.endsWith('delete')) return\n  OPERATIONS[operation]",
  },
  'keys keep their order': {
    file: 'src/values/entries.ts',
    from: 'else if (hasMoved && !isSorted)',
    to: 'else if (hasMoved && !isSorted && key === undefined)',
  },
  'places that the caller changed conflict': {
    file: 'src/conflicts.ts',
    from: '  const seen = new Map<object, Set<unknown>>()\n  return changes.find',
    to: '  if (changes) return undefined\n  const seen = new Map<object, Set<unknown>>()\n  return changes.find',
  },
  'a call sees what the calls that it waited for have written': {
    file: 'src/admission.ts',
    from: 'refresh(call.snapshot, changes, this.#job,',
    to: 'refresh(call.snapshot, changes.slice(0, 0), this.#job,',
  },
  'a key that was deleted and set again comes last': {
    file: 'src/conflicts.ts',
    from: 'if (writes.hasMovedKeys(from, target)) return [change]',
    to: 'if (writes.hasMovedKeys(from, target) && false) return [change]',
  },
  'keys come in the order in which the call set them': {
    file: 'src/values/written.ts',
    from: '  if (Array.isArray(holder)) {',
    to: '  if (holder) {',
  },
  'what the caller adds comes after what the call adds': {
    file: 'src/write-back.ts',
    from: '[...patch, ...callerKeys.after(call, patch)]',
    to: '[...patch]',
  },
  'objects that come through other calls are as they were': {
    file: 'src/origin.ts',
    from: '  for (const object of objects) meet(object, origin)\n',
    to: '',
  },
  'a call that is given a result sees what was written before': {
    file: 'src/admission.ts',
    from: 'this.#bringUp(call, call.complete())',
    to: 'this.#bringUp(call, call.complete().slice(0, 0))',
  },
  'a slot takes the result of its last call alone': {
    file: 'src/targets/slot.ts',
    from: 'return isFuture(held) && callOf(held) === call',
    to: 'return held !== call',
  },
}
