import type { IANAZone } from 'luxon'

/**
 * A part of a day in whole seconds from that day's local midnight: `start` included, `end` excluded.
 * `start` is below 86 400; `end` may lie beyond it, for a window over midnight, which belongs to the day
 * it starts on.
 */
export type Window = { start: number; end: number }

/**
 * An inclusive range of days (counted from 1970-01-01) and the part of each of them that is closed.
 * A holiday without times is closed from midnight to midnight, and so are all windows that start on its days.
 */
export type Holiday = { label: string; firstDay: number; lastDay: number; closed: Window; message: string }

/** A calendar file, read and ready: nothing is parsed again when it is asked. */
export type Calendar = {
  /** Lower-case ISO 3166 alpha-2 code. */
  country: string
  zone: IANAZone
  workingDayMessage: string
  /** Seven lists, Monday first, each sorted and free of overlaps. */
  week: readonly (readonly Window[])[]
  holidays: readonly Holiday[]
}

/** Seconds. */
export const DAY = 86_400

/** The English names of the weekdays, in the order of a calendar's week. */
export const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']
