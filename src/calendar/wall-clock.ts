import type { IANAZone } from 'luxon'
import { DAY, type Window } from './calendar.ts'

/** What a clock on the wall shows: the day counted from 1970-01-01, and the second of that day. */
export type WallClock = { day: number; second: number }

const DAY_MS = DAY * 1000

/** The wall clock of a zone at an instant (epoch ms). Milliseconds are cut: windows are exact to the second. */
export function readWallClock(zone: IANAZone, at: number): WallClock {
  const wall = wallTime(zone, at)
  const day = Math.floor(wall / DAY_MS)
  return { day, second: Math.floor((wall - day * DAY_MS) / 1000) }
}

/**
 * The instants (epoch ms, ascending) at which the wall clock enters a window of a day. One, as a rule. None
 * when the clock jumps over the whole window; the instant of the jump when it jumps over the start only; two
 * when the clock goes back and enters the window again.
 */
export function findStarts(zone: IANAZone, day: number, window: Window): number[] {
  const from = day * DAY_MS + window.start * 1000
  const to = day * DAY_MS + window.end * 1000
  const isInside = (at: number) => from <= wallTime(zone, at) && wallTime(zone, at) < to
  return findCandidates(zone, from, to).filter(at => isInside(at) && !isInside(at - 1))
}

/** `from` as read with the offset before and after, and the clock change between the two, if there is one. */
function findCandidates(zone: IANAZone, from: number, to: number): number[] {
  const before = zone.offset(from - DAY_MS)
  const after = zone.offset(to + DAY_MS)
  const start = from - before * 60_000
  if (before === after) return [start]
  const change = findClockChange(zone, from - DAY_MS, to + DAY_MS)
  return [...new Set([start, change, from - after * 60_000])].sort((a, b) => a - b)
}

/** The first instant after `low` with the offset of `high`; between the two the clock changes once. */
function findClockChange(zone: IANAZone, low: number, high: number): number {
  const before = zone.offset(low)
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (zone.offset(middle) === before) low = middle
    else high = middle
  }
  return high
}

/** A day counted from 1970-01-01 as `YYYY-MM-DD`. */
export function formatDate(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10)
}

/** The wall clock's reading, in ms, as if it were UTC. */
function wallTime(zone: IANAZone, at: number): number {
  return at + zone.offset(at) * 60_000
}
