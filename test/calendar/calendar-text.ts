import { stringify } from 'smol-toml'
import type { Calendar } from '../../src/calendar/calendar.ts'
import { readCalendar } from '../../src/calendar/read-calendar.ts'

export type WorkingDay = { day: string; start_time: string; end_time: string }

export type HolidayEntry = {
  day: string
  start_date: string
  end_date?: string
  start_time?: string
  end_time?: string
  message?: string
}

/** What a test says about a calendar; a weekday's windows are written `08:00-17:00`. */
export type Sketch = { zone: string; week?: Record<string, string[]>; holidays?: HolidayEntry[] }

/** Monday to Friday alike. */
export function weekdays(...windows: string[]): Record<string, string[]> {
  const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday']
  return Object.fromEntries(days.map(day => [day, windows]))
}

export function toWorkingDays(week: Record<string, string[]>): WorkingDay[] {
  return Object.entries(week).flatMap(([day, windows]) =>
    windows.map(window => {
      const [start_time = '', end_time = ''] = window.split('-')
      return { day, start_time, end_time }
    }),
  )
}

/** The calendar of a sketch, by way of a calendar file's text. */
export function sketchCalendar({ zone, week = {}, holidays = [] }: Sketch): Calendar {
  const days = { workingDays: toWorkingDays(week), holidays }
  const reading = readCalendar(stringify({ gt: { time_zone: zone, workingDayMessage: 'hours', days } }), 'gt')
  if ('problems' in reading) throw new Error(reading.problems.map(problem => problem.text).join('\n'))
  return reading.calendar
}

/** What `readCalendar` complains about, as `line: text`; empty when it does not. */
export function listProblems(text: string): string[] {
  const reading = readCalendar(text, 'gt')
  return 'problems' in reading ? reading.problems.map(({ line, text }) => `${line ?? '-'}: ${text}`) : []
}
