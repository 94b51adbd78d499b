import { DateTime } from 'luxon'
import type { Calendar } from './calendar.ts'
import { planDay } from './day-plan.ts'
import { findStarts, readWallClock } from './wall-clock.ts'

/** Days looked ahead: more than a year, so that a window kept for one day a year is found. */
const HORIZON = 400

/**
 * The first instant after `at` (epoch ms) at which a window starts, as ISO with the zone's offset of that
 * instant; null when none does within 400 days.
 */
export function findNextOpening(calendar: Calendar, at: number): string | null {
  const today = readWallClock(calendar.zone, at).day
  for (let day = today - 1; day <= today + HORIZON; day += 1) {
    const opening = findOpening(calendar, day, at)
    if (opening === undefined) continue
    // A clock set back enters the tail of a window again, maybe after a window of the next day has started.
    return formatInstant(calendar, Math.min(opening, findOpening(calendar, day + 1, at) ?? opening))
  }
  return null
}

/** The first start of a window of `day` after an instant. */
function findOpening(calendar: Calendar, day: number, after: number): number | undefined {
  const starts = planDay(calendar, day).windows.flatMap(window => findStarts(calendar.zone, day, window))
  return starts.sort((a, b) => a - b).find(start => start > after)
}

function formatInstant(calendar: Calendar, at: number): string | null {
  return DateTime.fromMillis(at, { zone: calendar.zone }).toISO({ suppressMilliseconds: true })
}
