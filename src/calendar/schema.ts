import { z } from 'zod'
import { type Calendar, DAY, type Holiday, WEEKDAYS, type Window } from './calendar.ts'
import { mergeWindows } from './day-plan.ts'
import { date, endTime, show, startTime, timeZone, weekday } from './toml-values.ts'
import { formatDate } from './wall-clock.ts'

/**
 * One window of one weekday. Several entries for a weekday are several windows; those that overlap or touch
 * are one. An end at or before the start lies on the next day (`20:00` to `02:00`; `00:00` as an end is
 * midnight, like `24:00`; equal times are 24 hours). The window belongs to the day it starts on.
 */
const workingDay = z
  .strictObject({ day: weekday, start_time: startTime, end_time: endTime })
  .transform(({ day, start_time, end_time }) => ({ day, window: toWindow(start_time, end_time) }))

/**
 * Days that are closed, both dates included; without `end_date` a single day. What a holiday closes are the
 * windows that start on its days: a window that started the evening before runs out.
 *
 * With times, only that part of each of its days is closed, and the windows are cut accordingly. `start_time`
 * alone closes from then on (a half day: `start_time = "12:00"`), `end_time` alone closes until then, and an end
 * at or before the start lies on the next day. A closed part that lasts to midnight also closes the rest of a
 * window over midnight. Outside its closed part the day is an ordinary one, unless nothing is left of it.
 */
const holiday = z
  .strictObject({
    day: z.string(missingOr('must be text: the name of the holiday')),
    start_date: date,
    end_date: date.optional(),
    start_time: startTime.optional(),
    end_time: endTime.optional(),
    message: z.string(missingOr('must be text')).default(''),
  })
  .superRefine(({ start_date, end_date = start_date }, context) => {
    if (end_date >= start_date) return
    const message = `${formatDate(end_date)} is before start_date ${formatDate(start_date)}: the first day comes first`
    context.addIssue({ code: 'custom', path: ['end_date'], message })
  })
  .transform(
    ({ day, start_date, end_date, start_time, end_time, message }): Holiday => ({
      label: day,
      firstDay: start_date,
      lastDay: end_date ?? start_date,
      closed: toClosedPart(start_time, end_time),
      message,
    }),
  )

/**
 * The table of a calendar file, the one under the country's code, as a `Calendar` without its country. Keys it
 * does not know are errors: `holiday` for `holidays` would open on every one of them.
 */
export const countryTable = z
  .strictObject(
    {
      time_zone: timeZone,
      workingDayMessage: z.string(missingOr('must be text')).default(''),
      days: z.strictObject(
        {
          workingDays: z.array(workingDay, missingOr('must be a list of tables')),
          holidays: z.array(holiday, missingOr('must be a list of tables')).default([]),
        },
        missingOr('must be a table'),
      ),
    },
    missingOr('must be a table'),
  )
  .transform(
    ({ time_zone, workingDayMessage, days }): Omit<Calendar, 'country'> => ({
      zone: time_zone,
      workingDayMessage,
      week: toWeek(days.workingDays),
      holidays: days.holidays,
    }),
  )

function missingOr(otherwise: string) {
  return {
    error: (issue: { code?: string; input?: unknown }) => {
      if (issue.code === 'unrecognized_keys') return undefined
      return issue.input === undefined ? 'is missing' : `${show(issue.input)} ${otherwise}`
    },
  }
}

function toWindow(start: number, end: number): Window {
  return { start, end: end <= start ? end + DAY : end }
}

function toClosedPart(start: number | undefined, end: number | undefined): Window {
  return toWindow(start ?? 0, end ?? DAY)
}

function toWeek(entries: readonly { day: number; window: Window }[]): Window[][] {
  return WEEKDAYS.map((_, index) =>
    mergeWindows(entries.filter(entry => entry.day === index).map(entry => entry.window)),
  )
}
