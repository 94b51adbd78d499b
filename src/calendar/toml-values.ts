import { DateTime, IANAZone } from 'luxon'
import { TomlDate } from 'smol-toml'
import { z } from 'zod'
import { DAY, WEEKDAYS } from './calendar.ts'

type Field<T> = z.ZodType<T>

const TIME = /^(\d{1,2}):(\d{2})(?::(\d{2})(?:\.0+)?)?$/

/** An English weekday in any case → 0 for Monday to 6 for Sunday. */
export const weekday = field(
  value => findIndex(WEEKDAYS, typeof value === 'string' ? value.trim().toLowerCase() : ''),
  'is no weekday: write its English name, such as "monday"',
)

/** `"8:00"`, `"08:00"`, `"08:00:00"` or a bare TOML time → seconds from midnight, below a day. */
export const startTime = field(
  value => secondsOf(value, DAY - 1),
  'is no time of day: write hours and minutes from "00:00" to "23:59", such as "08:00"',
)

/** The same, and `"24:00"`. */
export const endTime = field(
  value => secondsOf(value, DAY),
  'is no time of day: write hours and minutes from "00:00" to "24:00", such as "17:00"',
)

/** `"2026-12-25"` or a bare TOML date → days from 1970-01-01. */
export const date = field(dayOf, 'is no date: write year, month and day, such as "2026-12-25"')

/** A name of the tz database; offsets such as `-06:00` are none, although the runtime would take them. */
export const timeZone = field(
  value => (isZoneName(value) ? IANAZone.create(value.trim()) : undefined),
  'is no time zone: write a name of the tz database, such as "America/Guatemala" or "Etc/GMT+6" (6 hours behind UTC)',
)

/** A field that `read` understands; undefined from it is an error that names the value and how to mend it. */
function field<T>(read: (value: unknown) => T | undefined, mending: string): Field<T> {
  return z.unknown().transform((value, context) => {
    const result = read(value)
    if (result !== undefined) return result
    context.addIssue({
      code: 'custom',
      message: value === undefined ? 'is missing' : `${show(value)} ${mending}`,
    })
    return z.NEVER
  })
}

/** A value as a problem quotes it. */
export function show(value: unknown): string {
  return value instanceof TomlDate ? value.toISOString() : JSON.stringify(value)
}

function findIndex(list: readonly string[], wanted: string): number | undefined {
  const index = list.indexOf(wanted)
  return index < 0 ? undefined : index
}

function secondsOf(value: unknown, latest: number): number | undefined {
  const text = value instanceof TomlDate && value.isTime() ? value.toISOString() : value
  const match = typeof text === 'string' ? TIME.exec(text.trim()) : null
  if (!match) return undefined
  const [hours = 0, minutes = 0, seconds = 0] = match.slice(1).map(part => Number(part ?? 0))
  const total = hours * 3600 + minutes * 60 + seconds
  return minutes < 60 && seconds < 60 && total <= latest ? total : undefined
}

function dayOf(value: unknown): number | undefined {
  const text = value instanceof TomlDate && value.isDate() ? value.toISOString() : value
  if (typeof text !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(text.trim())) return undefined
  const midnight = DateTime.fromISO(text.trim(), { zone: 'utc' })
  return midnight.isValid ? midnight.toSeconds() / DAY : undefined
}

function isZoneName(value: unknown): value is string {
  return typeof value === 'string' && /^[a-z]/i.test(value.trim()) && IANAZone.isValidZone(value.trim())
}
