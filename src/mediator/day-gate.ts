import { type Calendars, type DayAnswer, findDayStatus, type Whereabouts } from '../calendar/calendars.ts'
import { toCountryCode } from '../calendar/country-code.ts'
import { placeOf } from '../calendar/department-place.ts'
import { MediatorError } from '../domain/errors.ts'
import type { SessionRecord } from '../domain/session.ts'
import type { Clock } from '../lib/clock.ts'
import type { Route } from './routing.ts'

/** The working hours, as the day-status route and the gate of registrations both ask them. */
export type DayGate = {
  /** Now by default. */
  status(where: Whereabouts, at?: number): DayAnswer
  /** Throws CLOSED_HOURS with the day's message and the whole status, unless registration is open; where that is for want
   *  of a calendar, the cause is MISCONFIGURED. */
  pass(department: string, route: Route): SessionRecord['gate']
}

/** `wallClock` is the machine's own, unlike the one of leases and retries: it follows when an operator sets the time. */
export function createDayGate(
  calendars: Calendars,
  wallClock: Clock,
  missingCalendar?: 'open' | 'closed',
): DayGate {
  const status = (where: Whereabouts, at = wallClock.now()): DayAnswer =>
    findDayStatus(calendars, where, at, missingCalendar)
  return {
    status,
    pass(department, route) {
      const at = wallClock.now()
      const place = placeOf(department)
      const country = route.country ?? place?.country
      const answer = status({ country, project: route.project ?? place?.project }, at)
      const { is_registration_available, day_type, day_name, message } = answer.status
      if (!is_registration_available)
        throw new MediatorError('CLOSED_HOURS', message, {
          extra: { day_status: answer.status },
          cause: answer.kind === 'no-calendar' ? noCalendar(department, country) : undefined,
        })
      return { open: true, dayType: day_type, dayName: day_name, at }
    },
  }
}

function noCalendar(department: string, country: string | undefined): MediatorError {
  const code = country === undefined ? undefined : (toCountryCode(country) ?? country)
  const text =
    code === undefined
      ? `nobody knows the country of the department "${department}": give its route a country`
      : `there is no calendar for "${code}": add working-hours-${code}.toml`
  return new MediatorError('MISCONFIGURED', `${text}, or set missing_calendar = "open"`)
}
