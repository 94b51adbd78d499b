import type { Calendar } from './calendar.ts'
import { toCountryCode } from './country-code.ts'
import { type DayStatus, dayStatus } from './day-status.ts'

/** All calendars of a service, by `calendarKey`. */
export type Calendars = ReadonlyMap<string, Calendar>

/**
 * - `calendar`: a calendar was found and asked.
 * - `always-open`: there is none, and none is needed to be open.
 * - `no-calendar`: there is none for this place, so it is closed; over HTTP this is a 404 with the same body.
 */
export type DayAnswer = { kind: 'calendar' | 'always-open' | 'no-calendar'; status: DayStatus }

/** Where a question comes from: the country as alpha-2 or alpha-3 code, the project by name, both in any case. */
export type Whereabouts = { country?: string | undefined; project?: string | undefined }

/** `gt` for a country's calendar, `gt-hiv` for a project's: what stands in the file's name. */
export function calendarKey(country: string, project?: string): string {
  return (project ? `${country}-${project}` : country).toLowerCase()
}

/** The project's calendar, else the country's, else undefined. */
export function findCalendar(calendars: Calendars, country: string, project?: string): Calendar | undefined {
  const code = toCountryCode(country)
  if (!code) return undefined
  return calendars.get(calendarKey(code, project?.trim())) ?? calendars.get(code)
}

/**
 * The status of a place at an instant (epoch ms). Without a calendar for it: open when there is no calendar at
 * all, closed when there are others; `missingCalendar` sets the same answer for both.
 * @throws RangeError when the instant lies outside the years 1 to 9999.
 */
export function findDayStatus(
  calendars: Calendars,
  { country = '', project }: Whereabouts,
  at: number,
  missingCalendar: 'open' | 'closed' = calendars.size === 0 ? 'open' : 'closed',
): DayAnswer {
  const calendar = findCalendar(calendars, country, project)
  if (calendar) return { kind: 'calendar', status: dayStatus(calendar, at) }
  if (missingCalendar === 'open') return { kind: 'always-open', status: describeMissing(true, '') }
  return { kind: 'no-calendar', status: describeMissing(false, explainMissing(country)) }
}

/** Flows say it to clients: what an operator has to do about it is said in the log. */
function explainMissing(country: string): string {
  return country
    ? `We are closed. No working hours are known for the country "${country}".`
    : 'We are closed. No working hours are known, since the country is not known.'
}

function describeMissing(isOpen: boolean, message: string): DayStatus {
  return {
    time_zone: '',
    start_date: '',
    end_date: '',
    start_time: '',
    end_time: '',
    is_registration_available: isOpen,
    day_type: isOpen ? 'workingday' : 'non-workingday',
    day_name: '',
    message,
    next_opening: null,
  }
}
