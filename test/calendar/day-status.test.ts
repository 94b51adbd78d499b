import { describe, expect, it } from 'vitest'
import { type DayStatus, dayStatus } from '../../src/calendar/day-status.ts'
import { type Sketch, sketchCalendar, weekdays } from './calendar-text.ts'

const guatemala: Sketch = {
  zone: 'Etc/GMT+6',
  week: weekdays('8:00-17:00'),
  holidays: [
    { day: 'Christmas', start_date: '2026-12-25', message: 'Merry Christmas' },
    { day: 'New Year', start_date: '2026-12-30', end_date: '2027-01-03' },
  ],
}

const statusAt = (sketch: Sketch, at: string) => dayStatus(sketchCalendar(sketch), Date.parse(at))

describe('the status of a day', () => {
  it('gives all documented keys on a working day, while open', () => {
    expect(statusAt(guatemala, '2026-12-23T10:00:00-06:00')).toEqual({
      time_zone: 'Etc/GMT+6',
      start_date: '2026-12-23',
      end_date: '2026-12-23',
      start_time: '08:00',
      end_time: '17:00',
      is_registration_available: true,
      day_type: 'workingday',
      day_name: 'wednesday',
      message: 'hours',
      next_opening: '2026-12-24T08:00:00-06:00',
    })
  })

  it('gives them on a holiday, with its own name, dates and message', () => {
    expect(statusAt(guatemala, '2026-12-25T10:00:00-06:00')).toEqual({
      time_zone: 'Etc/GMT+6',
      start_date: '2026-12-25',
      end_date: '2026-12-25',
      start_time: '00:00',
      end_time: '24:00',
      is_registration_available: false,
      day_type: 'holiday',
      day_name: 'Christmas',
      message: 'Merry Christmas',
      next_opening: '2026-12-28T08:00:00-06:00',
    })
  })

  it('gives them on a weekday without windows', () => {
    expect(statusAt(guatemala, '2026-12-27T10:00:00-06:00')).toEqual({
      time_zone: 'Etc/GMT+6',
      start_date: '2026-12-27',
      end_date: '2026-12-27',
      start_time: '',
      end_time: '',
      is_registration_available: false,
      day_type: 'non-workingday',
      day_name: 'sunday',
      message: 'hours',
      next_opening: '2026-12-28T08:00:00-06:00',
    })
  })

  it('gives a holiday without a message that of the working days, over the end of the year', () => {
    const expected = {
      start_date: '2026-12-30',
      end_date: '2027-01-03',
      message: 'hours',
      day_name: 'New Year',
    }
    for (const at of [
      '2026-12-30T00:00:00-06:00',
      '2027-01-01T12:00:00-06:00',
      '2027-01-03T23:59:59-06:00',
    ]) {
      expect(statusAt(guatemala, at)).toMatchObject({ ...expected, day_type: 'holiday' })
    }
    expect(statusAt(guatemala, '2027-01-04T00:00:00-06:00').day_type).toBe('workingday')
  })

  it('refuses an instant that no calendar year has', () => {
    for (const at of [Number.NaN, Number.POSITIVE_INFINITY, 8.64e15, -8.64e15]) {
      expect(() => dayStatus(sketchCalendar(guatemala), at)).toThrow(RangeError)
    }
    expect(statusAt(guatemala, '0001-01-02T00:00:00Z').start_date).toBe('0001-01-01')
    expect(statusAt(guatemala, '9999-12-30T00:00:00Z').start_date).toBe('9999-12-29')
  })
})

type Row = { name: string; sketch: Sketch; at: string; expected: Partial<DayStatus> }
const open = { is_registration_available: true }
const closed = { is_registration_available: false }
const split: Sketch = { zone: 'UTC', week: { monday: ['8:00-12:00', '14:00-17:30:15'] } }
const night: Sketch = { zone: 'UTC', week: { monday: ['20:00-2:00'], tuesday: ['9:00-17:00'] } }
const nightHoliday = (date: string): Sketch => ({
  ...night,
  holidays: [{ day: 'Fiesta', start_date: date, message: 'fiesta' }],
})
const halfDay = (
  times: { start_time?: string; end_time?: string },
  week = weekdays('8:00-17:00'),
): Sketch => ({
  zone: 'UTC',
  week,
  holidays: [{ day: 'Eve', start_date: '2026-12-24', message: 'half', ...times }],
})

const bounds: Row[] = [
  { name: 'the second before', sketch: guatemala, at: '2026-11-23T13:59:59.999Z', expected: closed },
  { name: 'the start', sketch: guatemala, at: '2026-11-23T14:00:00.000Z', expected: open },
  { name: 'the last ms', sketch: guatemala, at: '2026-11-23T22:59:59.999Z', expected: open },
  { name: 'the end', sketch: guatemala, at: '2026-11-23T23:00:00.000Z', expected: closed },
  { name: 'the last ms to the second', sketch: split, at: '2026-11-23T17:30:14.999Z', expected: open },
  { name: 'the end to the second', sketch: split, at: '2026-11-23T17:30:15Z', expected: closed },
  {
    name: 'the end of a day',
    sketch: { zone: 'UTC', week: { monday: ['8:00-24:00'] } },
    at: '2026-11-23T23:59:59.999Z',
    expected: { ...open, end_time: '24:00', start_date: '2026-11-23' },
  },
  {
    name: 'midnight written 00:00',
    sketch: { zone: 'UTC', week: { monday: ['8:00-0:00'] } },
    at: '2026-11-24T00:00:00Z',
    expected: { ...closed, day_type: 'non-workingday', day_name: 'tuesday' },
  },
]

const splitDays: Row[] = [
  {
    name: 'before',
    sketch: split,
    at: '2026-11-23T07:00:00Z',
    expected: { start_time: '08:00', end_time: '12:00' },
  },
  { name: 'first', sketch: split, at: '2026-11-23T11:00:00Z', expected: { ...open, end_time: '12:00' } },
  {
    name: 'between',
    sketch: split,
    at: '2026-11-23T12:00:00Z',
    expected: {
      ...closed,
      start_time: '14:00',
      end_time: '17:30:15',
      next_opening: '2026-11-23T14:00:00+00:00',
    },
  },
  {
    name: 'after',
    sketch: split,
    at: '2026-11-23T20:00:00Z',
    expected: { ...closed, start_time: '14:00', end_time: '17:30:15', day_type: 'workingday' },
  },
  {
    name: 'windows in any order that overlap are one',
    sketch: { zone: 'UTC', week: { monday: ['12:00-17:00', '9:00-13:00', '10:00-11:00'] } },
    at: '2026-11-23T10:30:00Z',
    expected: { ...open, start_time: '09:00', end_time: '17:00', next_opening: '2026-11-30T09:00:00+00:00' },
  },
]

const nights: Row[] = [
  {
    name: 'the tail belongs to the day before',
    sketch: night,
    at: '2026-11-24T01:00:00Z',
    expected: {
      ...open,
      day_name: 'monday',
      start_date: '2026-11-23',
      start_time: '20:00',
      end_time: '02:00',
      next_opening: '2026-11-24T09:00:00+00:00',
    },
  },
  {
    name: 'its end',
    sketch: night,
    at: '2026-11-24T02:00:00Z',
    expected: { ...closed, day_name: 'tuesday' },
  },
  {
    name: 'it runs out on a holiday',
    sketch: nightHoliday('2026-11-24'),
    at: '2026-11-24T01:59:59Z',
    expected: { ...open, day_type: 'workingday', day_name: 'monday', message: 'hours' },
  },
  {
    name: 'then the holiday begins',
    sketch: nightHoliday('2026-11-24'),
    at: '2026-11-24T02:00:00Z',
    expected: { ...closed, day_type: 'holiday', day_name: 'Fiesta' },
  },
  {
    name: 'a holiday closes it with its tail',
    sketch: nightHoliday('2026-11-23'),
    at: '2026-11-24T01:00:00Z',
    expected: { ...closed, day_type: 'workingday', day_name: 'tuesday', message: 'hours' },
  },
  {
    name: 'the week turns on Sunday night',
    sketch: { zone: 'UTC', week: { sunday: ['22:00-4:00'] } },
    at: '2026-11-23T03:00:00Z',
    expected: { ...open, day_name: 'sunday', start_date: '2026-11-22' },
  },
  {
    name: 'equal times are 24 hours',
    sketch: { zone: 'UTC', week: { monday: ['9:00-9:00'] } },
    at: '2026-11-24T08:59:59Z',
    expected: { ...open, day_name: 'monday', start_time: '09:00', end_time: '09:00' },
  },
  {
    name: 'today wins where its window begins before the tail ends',
    sketch: { zone: 'UTC', week: { monday: ['20:00-6:00'], tuesday: ['5:00-12:00'] } },
    at: '2026-11-24T05:30:00Z',
    expected: { ...open, day_name: 'tuesday', start_time: '05:00' },
  },
]

const halfDays: Row[] = [
  {
    name: 'open before',
    sketch: halfDay({ start_time: '12:00' }),
    at: '2026-12-24T11:59:59Z',
    expected: { ...open, day_type: 'workingday', start_time: '08:00', end_time: '12:00', message: 'hours' },
  },
  {
    name: 'closed from its start on',
    sketch: halfDay({ start_time: '12:00' }),
    at: '2026-12-24T12:00:00Z',
    expected: {
      ...closed,
      day_type: 'holiday',
      day_name: 'Eve',
      start_time: '12:00',
      end_time: '24:00',
      message: 'half',
    },
  },
  {
    name: 'closed until its end',
    sketch: halfDay({ end_time: '12:00' }),
    at: '2026-12-24T11:59:59Z',
    expected: {
      ...closed,
      day_type: 'holiday',
      start_time: '00:00',
      end_time: '12:00',
      next_opening: '2026-12-24T12:00:00+00:00',
    },
  },
  {
    name: 'open after its end',
    sketch: halfDay({ end_time: '12:00' }),
    at: '2026-12-24T12:00:00Z',
    expected: { ...open, day_type: 'workingday', start_time: '12:00', end_time: '17:00' },
  },
  {
    name: 'a gap in the day',
    sketch: halfDay({ start_time: '10:00', end_time: '11:00' }),
    at: '2026-12-24T09:00:00Z',
    expected: { ...open, end_time: '10:00', next_opening: '2026-12-24T11:00:00+00:00' },
  },
  {
    name: 'nothing left: a holiday all day',
    sketch: halfDay({ start_time: '8:00', end_time: '17:00' }),
    at: '2026-12-24T19:00:00Z',
    expected: { ...closed, day_type: 'holiday', start_time: '08:00', end_time: '17:00' },
  },
  {
    name: 'on a weekday without windows, outside its part',
    sketch: halfDay({ start_time: '12:00' }, { monday: ['8:00-17:00'] }),
    at: '2026-12-24T11:00:00Z',
    expected: { ...closed, day_type: 'non-workingday' },
  },
  {
    name: 'closed to midnight, it takes the tail along',
    sketch: halfDay({ start_time: '22:00', end_time: '24:00' }, { thursday: ['20:00-4:00'] }),
    at: '2026-12-25T01:00:00Z',
    expected: { ...closed, day_name: 'friday' },
  },
  {
    name: 'closed over midnight',
    sketch: halfDay({ start_time: '22:00', end_time: '1:00' }, { thursday: ['20:00-4:00'] }),
    at: '2026-12-24T21:59:59Z',
    expected: { ...open, end_time: '22:00' },
  },
]

describe.each([
  ['a window', bounds],
  ['a split day', splitDays],
  ['a window over midnight', nights],
  ['a holiday with times', halfDays],
])('%s', (_, rows) => {
  it.each(rows)('$name', ({ sketch, at, expected }) => {
    expect(statusAt(sketch, at)).toMatchObject(expected)
  })
})
