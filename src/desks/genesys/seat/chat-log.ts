import type { Line } from './wire.ts'

/** The lines of one interaction in their order, each once, in whatever order and how often they come. */
export type ChatLog = {
  hear(lines: Line[], now: number): void
  /** The highest index that is done with; undefined while it is not known where to begin. */
  last(): number | undefined
  /** Everything up to here is done with. */
  startAfter(index: number): void
  /** The next line; the same again until it is taken. `mayPassOver`: one that is missing before it will never come. */
  next(mayPassOver: boolean): Line | undefined
  take(line: Line): void
  /** The line that is missing before others that are there. */
  missing(): number | undefined
  /** For how long it has been, in ms. */
  missingFor(now: number): number
  /** The desk has told the lines again in one piece, as a history is, from before it to beyond it, and left it out. */
  isLeftOut(): boolean
  waiting(): Line[]
  /** Gives up what came before this time, and says what it was. */
  forget(before: number): Line[]
}

export function createChatLog(): ChatLog {
  const pending = new Map<number, { line: Line; at: number }>()
  let last: number | undefined
  let missingSince: number | undefined
  /** Up to here, what is not kept here was left out. */
  let toldAgainTo = -1

  return {
    hear(lines, now) {
      toldAgainTo = Math.max(toldAgainTo, endOfRetelling(lines))
      for (const line of lines) if (isNew(line.index)) keep(line, now)
      look(now)
    },
    last: () => last,
    startAfter(index) {
      last = Math.max(index, last ?? index)
      for (const known of pending.keys()) if (!isNew(known)) pending.delete(known)
      missingSince = undefined
    },
    next(mayPassOver) {
      if (last === undefined || pending.size === 0) return undefined
      return pending.get(mayPassOver ? lowest() : last + 1)?.line
    },
    take({ index }) {
      last = Math.max(index, last ?? index)
      pending.delete(index)
      missingSince = undefined
    },
    missing,
    isLeftOut: () => (missing() ?? toldAgainTo) < toldAgainTo,
    missingFor(now) {
      look(now)
      return missingSince === undefined ? 0 : now - missingSince
    },
    waiting: () => [...pending.values()].map(({ line }) => line),
    forget(before) {
      const old = [...pending.values()].filter(({ at }) => at <= before).map(({ line }) => line)
      for (const { index } of old) pending.delete(index)
      if (old.length > 0) toldAgainTo = -1
      return old
    },
  }

  function isNew(index: number): boolean {
    return last === undefined || index > last
  }

  function keep(line: Line, now: number): void {
    if (!pending.has(line.index)) pending.set(line.index, { line, at: now })
  }

  function lowest(): number {
    return Math.min(...pending.keys())
  }

  function missing(): number | undefined {
    const next = last === undefined ? undefined : last + 1
    return next === undefined || pending.size === 0 || pending.has(next) ? undefined : next
  }

  function endOfRetelling(lines: Line[]): number {
    const isRetelling = lines.some(({ index }) => !isNew(index))
    return isRetelling ? Math.max(...lines.map(({ index }) => index)) : -1
  }

  function look(now: number): void {
    missingSince = missing() !== undefined ? (missingSince ?? now) : undefined
  }
}
