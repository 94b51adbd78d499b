import { describe, expect, it } from 'vitest'
import { type DayStatus, dayStatus } from '../../src/calendar/day-status.ts'
import { type Sketch, sketchCalendar, weekdays } from './calendar-text.ts'

type Row = { name: string; sketch: Sketch; at: string; expected: Partial<DayStatus> }
const open = { is_registration_available: true }
const closed = { is_registration_available: false }
const daily = (window: string) => ({ ...weekdays(window), saturday: [window], sunday: [window] })

const zones: Row[] = [
  {
    name: 'London, winter',
    sketch: { zone: 'Europe/London', week: weekdays('9:00-17:00') },
    at: '2026-10-26T08:59:59Z',
    expected: { ...closed, next_opening: '2026-10-26T09:00:00+00:00' },
  },
  {
    name: 'London, summer',
    sketch: { zone: 'Europe/London', week: weekdays('9:00-17:00') },
    at: '2026-10-23T08:00:00Z',
    expected: { ...open, next_opening: '2026-10-26T09:00:00+00:00' },
  },
  {
    name: 'a start the clock skips is the instant of the jump',
    sketch: { zone: 'America/New_York', week: { sunday: ['2:30-5:00'] } },
    at: '2026-03-08T06:59:59.999Z',
    expected: { ...closed, next_opening: '2026-03-08T03:00:00-04:00' },
  },
  {
    name: 'it is open from the jump on',
    sketch: { zone: 'America/New_York', week: { sunday: ['2:30-5:00'] } },
    at: '2026-03-08T07:00:00Z',
    expected: { ...open, next_opening: '2026-03-15T02:30:00-04:00' },
  },
  {
    name: 'a window the clock skips does not open',
    sketch: { zone: 'America/New_York', week: { sunday: ['2:00-3:00'] } },
    at: '2026-03-08T06:00:00Z',
    expected: { ...closed, next_opening: '2026-03-15T02:00:00-04:00' },
  },
  {
    name: 'an hour the clock repeats opens twice',
    sketch: { zone: 'America/New_York', week: { sunday: ['1:15-1:45'] } },
    at: '2026-11-01T05:30:00Z',
    expected: { ...open, next_opening: '2026-11-01T01:15:00-05:00' },
  },
  {
    name: 'and closes between',
    sketch: { zone: 'America/New_York', week: { sunday: ['1:15-1:45'] } },
    at: '2026-11-01T06:00:00Z',
    expected: { ...closed, next_opening: '2026-11-01T01:15:00-05:00' },
  },
  {
    name: 'a clock set back into a window opens it again',
    sketch: { zone: 'America/Santiago', week: { saturday: ['22:00-23:30'] } },
    at: '2026-04-05T02:45:00Z',
    expected: { ...closed, next_opening: '2026-04-04T23:00:00-04:00' },
  },
  {
    name: 'a clock set back into the tail of a window opens it again',
    sketch: { zone: 'America/New_York', week: { saturday: ['22:00-1:30'] } },
    at: '2026-11-01T05:45:00Z',
    expected: { ...closed, next_opening: '2026-11-01T01:00:00-05:00' },
  },
  {
    name: 'unless the next day opens first',
    sketch: { zone: 'America/New_York', week: { saturday: ['22:00-1:30'], sunday: ['0:45-0:50'] } },
    at: '2026-11-01T03:00:00Z',
    expected: { ...open, next_opening: '2026-11-01T00:45:00-04:00' },
  },
  {
    name: 'midnight that does not exist',
    sketch: { zone: 'America/Santiago', week: { sunday: ['0:00-6:00'] } },
    at: '2026-09-06T03:59:59Z',
    expected: { ...closed, next_opening: '2026-09-06T01:00:00-03:00' },
  },
  {
    name: 'a window over the midnight that does not exist',
    sketch: { zone: 'America/Santiago', week: { saturday: ['20:00-2:00'] } },
    at: '2026-09-06T04:30:00Z',
    expected: { ...open, day_name: 'saturday', start_date: '2026-09-05' },
  },
  {
    name: 'a day the zone never had',
    sketch: { zone: 'Pacific/Apia', week: { friday: ['8:00-17:00'] } },
    at: '2011-12-29T22:00:00Z',
    expected: { ...closed, next_opening: '2012-01-06T08:00:00+14:00' },
  },
  {
    name: 'leap day',
    sketch: {
      zone: 'UTC',
      week: daily('8:00-9:00'),
      holidays: [{ day: 'Leap', start_date: '2028-02-29' }],
    },
    at: '2028-02-28T12:00:00Z',
    expected: { ...closed, next_opening: '2028-03-01T08:00:00+00:00' },
  },
  {
    name: 'new year',
    sketch: { zone: 'Etc/GMT+6', week: daily('8:00-9:00') },
    at: '2027-01-01T05:59:59Z',
    expected: { day_name: 'thursday', start_date: '2026-12-31', next_opening: '2027-01-01T08:00:00-06:00' },
  },
]

const openings: Row[] = [
  {
    name: 'never',
    sketch: { zone: 'UTC' },
    at: '2026-01-01T00:00:00Z',
    expected: { ...closed, next_opening: null },
  },
  {
    name: 'not while a holiday lasts for years',
    sketch: {
      zone: 'UTC',
      week: daily('8:00-9:00'),
      holidays: [{ day: 'Long', start_date: '2026-01-01', end_date: '2029-01-01' }],
    },
    at: '2026-01-01T00:00:00Z',
    expected: { ...closed, next_opening: null },
  },
  {
    name: 'after a holiday of a year',
    sketch: {
      zone: 'UTC',
      week: daily('8:00-9:00'),
      holidays: [{ day: 'Long', start_date: '2026-01-01', end_date: '2026-12-31' }],
    },
    at: '2026-01-01T00:00:00Z',
    expected: { ...closed, next_opening: '2027-01-01T08:00:00+00:00' },
  },
  {
    name: 'round the clock, the next day',
    sketch: { zone: 'UTC', week: daily('0:00-24:00') },
    at: '2026-01-01T12:00:00Z',
    expected: { ...open, next_opening: '2026-01-02T00:00:00+00:00' },
  },
]

describe.each([
  ['the clock of a zone', zones],
  ['the next opening', openings],
])('%s', (_, rows) => {
  it.each(rows)('$name', ({ sketch, at, expected }) => {
    expect(dayStatus(sketchCalendar(sketch), Date.parse(at))).toMatchObject(expected)
  })
})
