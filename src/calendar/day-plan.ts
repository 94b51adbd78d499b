import { type Calendar, DAY, type Holiday, type Window } from './calendar.ts'

/** What a calendar says about one day: the weekday's windows less what holidays close, and those holidays. */
export type DayPlan = {
  day: number
  windows: readonly Window[]
  holidays: readonly Holiday[]
  /** True when the weekday has windows and holidays leave none of them. */
  isClosedByHoliday: boolean
}

/** The plan of a day, counted from 1970-01-01. */
export function planDay(calendar: Calendar, day: number): DayPlan {
  const usual = calendar.week[weekdayOf(day)] ?? []
  const holidays = calendar.holidays.filter(holiday => holiday.firstDay <= day && day <= holiday.lastDay)
  const windows = holidays.reduce((left, holiday) => cutWindows(left, holiday.closed), usual)
  return { day, windows, holidays, isClosedByHoliday: usual.length > 0 && windows.length === 0 }
}

/** 0 is Monday; 1970-01-01 was a Thursday. */
export function weekdayOf(day: number): number {
  return (((day + 3) % 7) + 7) % 7
}

export function contains(window: Window, second: number): boolean {
  return window.start <= second && second < window.end
}

/** Sorts windows and makes one of those that overlap or touch. */
export function mergeWindows(windows: readonly Window[]): Window[] {
  const merged: Window[] = []
  for (const window of [...windows].sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1)
    if (last && window.start <= last.end) last.end = Math.max(last.end, window.end)
    else merged.push({ ...window })
  }
  return merged
}

/** A closed part that lasts to midnight takes the window's tail beyond it along: no window starts after its day. */
function cutWindows(windows: readonly Window[], closed: Window): readonly Window[] {
  return windows.flatMap(window =>
    [
      { start: window.start, end: Math.min(window.end, closed.start) },
      { start: Math.max(window.start, closed.end), end: window.end },
    ].filter(part => part.start < part.end && part.start < DAY),
  )
}
