import fc from 'fast-check'
import { expect, it } from 'vitest'
import { dayStatus } from '../../src/calendar/day-status.ts'
import { type HolidayEntry, sketchCalendar } from './calendar-text.ts'
import { findOpening, listRunning } from './wall-clock-oracle.ts'

const ZONES = [
  'Etc/GMT+6',
  'America/Santiago',
  'Europe/London',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
]

/** Around clock changes of those zones, a leap day and the end of a year. */
const ANCHORS = [
  '2026-03-08',
  '2026-03-29',
  '2026-04-05',
  '2026-09-06',
  '2026-10-04',
  '2026-10-25',
  '2026-11-01',
]
const MORE_ANCHORS = ['2028-02-29', '2026-12-31']

const quarter = fc
  .integer({ min: 0, max: 95 })
  .map(n => `${Math.floor(n / 4)}:${String((n % 4) * 15).padStart(2, '0')}`)
const window = fc.tuple(quarter, quarter).map(([start, end]) => `${start}-${end}`)
const windows = fc.array(window, { maxLength: 3 })
const week = fc.record({
  monday: windows,
  wednesday: windows,
  friday: windows,
  saturday: windows,
  sunday: windows,
})
const anchor = fc.constantFrom(...ANCHORS, ...MORE_ANCHORS).map(date => Date.parse(date))
const times = fc.oneof(
  fc.constant({}),
  fc.record({ start_time: quarter }),
  fc.record({ end_time: quarter }),
  fc.record({ start_time: quarter, end_time: quarter }),
)

const isoDate = (at: number) => new Date(at).toISOString().slice(0, 10)

function holidaysNear(at: number): fc.Arbitrary<HolidayEntry[]> {
  const entry = fc.record({
    from: fc.integer({ min: -2, max: 4 }),
    days: fc.integer({ min: 0, max: 2 }),
    times,
  })
  return fc.array(
    entry.map(({ from, days, times }) => ({
      day: 'Holiday',
      start_date: isoDate(at + from * 86_400_000),
      end_date: isoDate(at + (from + days) * 86_400_000),
      ...times,
    })),
    { maxLength: 2 },
  )
}

const situation = anchor.chain(near =>
  fc.record({
    sketch: fc.record({ zone: fc.constantFrom(...ZONES), week, holidays: holidaysNear(near) }),
    at: fc.integer({ min: near - 36 * 3_600_000, max: near + 60 * 3_600_000 }),
  }),
)

it('is open exactly when the wall clock stands in a window', () => {
  fc.assert(
    fc.property(situation, ({ sketch, at }) => {
      const { is_registration_available } = dayStatus(sketchCalendar(sketch), at)
      expect(is_registration_available).toBe(listRunning(sketch, at).length > 0)
    }),
    { numRuns: 600 },
  )
})

it('opens next when a window starts that did not run before', () => {
  fc.assert(
    fc.property(situation, ({ sketch, at }) => {
      const { next_opening } = dayStatus(sketchCalendar(sketch), at)
      const next = next_opening === null ? Number.POSITIVE_INFINITY : Date.parse(next_opening)
      const until = at + 2 * 86_400_000
      expect(next > until ? undefined : next).toBe(findOpening(sketch, at, until))
    }),
    { numRuns: 150 },
  )
})

it('is open at the next opening, and just before it only in another window', () => {
  fc.assert(
    fc.property(situation, ({ sketch, at }) => {
      const calendar = sketchCalendar(sketch)
      const { next_opening } = dayStatus(calendar, at)
      if (next_opening === null) return
      const opening = Date.parse(next_opening)
      const [before, then] = [dayStatus(calendar, opening - 1), dayStatus(calendar, opening)]
      expect(opening).toBeGreaterThan(at)
      expect(then.is_registration_available).toBe(true)
      if (before.is_registration_available) expect(before.start_date).not.toBe(then.start_date)
      expect(before.next_opening).toBe(next_opening)
    }),
    { numRuns: 500 },
  )
})

it('says holiday or weekday without windows only while closed', () => {
  fc.assert(
    fc.property(situation, ({ sketch, at }) => {
      const status = dayStatus(sketchCalendar(sketch), at)
      if (status.is_registration_available) expect(status.day_type).toBe('workingday')
      if (status.day_type === 'non-workingday') expect(status.start_time + status.end_time).toBe('')
      else expect(`${status.start_time} ${status.end_time}`).toMatch(/^\d\d:\d\d \d\d:\d\d$/)
    }),
    { numRuns: 300 },
  )
})
