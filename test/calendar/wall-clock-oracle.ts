import { DateTime } from 'luxon'
import { type HolidayEntry, type Sketch, toWorkingDays } from './calendar-text.ts'

/**
 * An oracle that knows neither instants nor intervals: it reads the wall clock and looks every minute up. It
 * holds for calendars whose times all lie on quarters of an hour, in zones whose clock changes do so too.
 */

const QUARTER = 15
const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return hours * 60 + minutes
}

function isClosedAt(holiday: HolidayEntry, date: string, minute: number): boolean {
  if (date < holiday.start_date || date > (holiday.end_date ?? holiday.start_date)) return false
  const start = minutesOf(holiday.start_time ?? '0:00')
  if (holiday.end_time === undefined) return minute >= start
  const end = minutesOf(holiday.end_time)
  return minute >= start && minute < (end <= start ? end + 1440 : end)
}

/** Whether a window of `date` is open at a minute counted from that date's midnight. */
function runsAt({ week = {}, holidays = [] }: Sketch, date: string, minute: number): boolean {
  const weekday = WEEKDAYS[new Date(date).getUTCDay()]
  const isWindow = toWorkingDays(week).some(({ day, start_time, end_time }) => {
    const [start, end] = [minutesOf(start_time), minutesOf(end_time)]
    return day === weekday && minute >= start && minute < (end <= start ? end + 1440 : end)
  })
  const isClosed = holidays.some(
    holiday => isClosedAt(holiday, date, minute) || (minute >= 1440 && isClosedAt(holiday, date, 1439)),
  )
  return isWindow && !isClosed
}

function findFirst(sketch: Sketch, date: string, minute: number): number {
  let first = minute - (minute % QUARTER)
  while (runsAt(sketch, date, first - QUARTER)) first -= QUARTER
  return first
}

/** The windows that are open at an instant, each by its date and first minute. */
export function listRunning(sketch: Sketch, at: number): string[] {
  const local = DateTime.fromMillis(at, { zone: sketch.zone })
  const today = local.toISODate() ?? ''
  const yesterday = new Date(Date.parse(today) - 86_400_000).toISOString().slice(0, 10)
  const minute = local.hour * 60 + local.minute
  return [
    { date: today, minute },
    { date: yesterday, minute: minute + 1440 },
  ]
    .filter(({ date, minute }) => runsAt(sketch, date, minute))
    .map(({ date, minute }) => `${date} ${findFirst(sketch, date, minute)}`)
}

/** The first instant after `after`, up to `until`, at which a window runs that did not a quarter before. */
export function findOpening(sketch: Sketch, after: number, until: number): number | undefined {
  const step = QUARTER * 60_000
  let before = listRunning(sketch, after - (after % step))
  for (let at = after - (after % step) + step; at <= until; at += step) {
    const now = listRunning(sketch, at)
    if (now.some(window => !before.includes(window))) return at
    before = now
  }
  return undefined
}
