import { type Calendar, DAY, type Holiday, WEEKDAYS, type Window } from './calendar.ts'
import { contains, type DayPlan, planDay, weekdayOf } from './day-plan.ts'
import { findNextOpening } from './next-opening.ts'
import { formatDate, readWallClock } from './wall-clock.ts'

/**
 * What a calendar says about an instant. Dates are `YYYY-MM-DD`; times `HH:mm`, with `:ss` where seconds matter;
 * midnight at the end of a day is `24:00`. What does not apply is an empty string.
 *
 * The day described is the one whose window is open, so after midnight it may be yesterday; else today.
 * - `workingday`: both dates are that day. The times are those of its open window, else of the next one that
 *   day, else of the last. `day_name` is the English weekday in lower case.
 * - `holiday`: the dates are its first and last day, the times its closed part (`00:00` to `24:00` without
 *   times of its own), `day_name` its label, `message` its own if it has one.
 * - `non-workingday`: a weekday without windows, and so without times.
 *
 * `next_opening` is the next start of a window after the instant, as ISO with offset: while it is closed, when
 * it opens; while it is open, when the next window starts, not the present one. Null: not within 400 days.
 */
export type DayStatus = {
  time_zone: string
  start_date: string
  end_date: string
  start_time: string
  end_time: string
  is_registration_available: boolean
  day_type: 'workingday' | 'holiday' | 'non-workingday'
  day_name: string
  message: string
  next_opening: string | null
}

type Description = Omit<DayStatus, 'time_zone' | 'is_registration_available' | 'next_opening'>

/** Years 1 to 9999, a day short of either end, since the zone may be a day ahead or behind. */
const EARLIEST = Date.parse('0001-01-02')
const LATEST = Date.parse('9999-12-30')

/**
 * The status at an instant, in epoch ms. Open is what the zone's wall clock says, from a window's start up to,
 * and without, its end: in an hour the clock repeats the window is open both times, in one it skips not at all.
 * @throws RangeError when the instant lies outside the years 1 to 9999.
 */
export function dayStatus(calendar: Calendar, at: number): DayStatus {
  if (!(at >= EARLIEST && at <= LATEST)) throw new RangeError(`no instant of the years 1 to 9999: ${at}`)
  const { day, second } = readWallClock(calendar.zone, at)
  const today = planDay(calendar, day)
  const open = describeOpen(calendar, today, second) ?? describeTail(calendar, day, second)
  return {
    time_zone: calendar.zone.name,
    ...(open ?? describeClosed(calendar, today, second)),
    is_registration_available: open !== undefined,
    next_opening: findNextOpening(calendar, at),
  }
}

function describeTail(calendar: Calendar, day: number, second: number): Description | undefined {
  return describeOpen(calendar, planDay(calendar, day - 1), second + DAY)
}

function describeOpen(calendar: Calendar, plan: DayPlan, second: number): Description | undefined {
  const window = plan.windows.find(candidate => contains(candidate, second))
  return window && describeWeekday(calendar, plan, window)
}

function describeClosed(calendar: Calendar, plan: DayPlan, second: number): Description {
  const holiday = plan.holidays.find(({ closed }) => plan.isClosedByHoliday || contains(closed, second))
  if (holiday) return describeHoliday(calendar, holiday)
  const next = plan.windows.find(window => window.start > second) ?? plan.windows.at(-1)
  return describeWeekday(calendar, plan, next)
}

function describeHoliday(calendar: Calendar, holiday: Holiday): Description {
  return {
    start_date: formatDate(holiday.firstDay),
    end_date: formatDate(holiday.lastDay),
    ...formatTimes(holiday.closed),
    day_type: 'holiday',
    day_name: holiday.label,
    message: holiday.message || calendar.workingDayMessage,
  }
}

function describeWeekday(calendar: Calendar, plan: DayPlan, window: Window | undefined): Description {
  const date = formatDate(plan.day)
  return {
    start_date: date,
    end_date: date,
    ...formatTimes(window),
    day_type: window ? 'workingday' : 'non-workingday',
    day_name: WEEKDAYS[weekdayOf(plan.day)] ?? '',
    message: calendar.workingDayMessage,
  }
}

function formatTimes(window: Window | undefined): Pick<DayStatus, 'start_time' | 'end_time'> {
  if (!window) return { start_time: '', end_time: '' }
  return { start_time: formatTime(window.start), end_time: formatTime(window.end) }
}

/** Beyond midnight the clock starts again; midnight itself, as an end, is 24:00. */
function formatTime(second: number): string {
  const onClock = second > DAY ? second - DAY : second
  const parts = [Math.floor(onClock / 3600), Math.floor(onClock / 60) % 60, onClock % 60]
  const [hours, minutes, seconds] = parts.map(part => String(part).padStart(2, '0'))
  return seconds === '00' ? `${hours}:${minutes}` : `${hours}:${minutes}:${seconds}`
}
