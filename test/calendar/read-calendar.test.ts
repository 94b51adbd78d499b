import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dayStatus } from '../../src/calendar/day-status.ts'
import { readCalendar } from '../../src/calendar/read-calendar.ts'
import { listProblems } from './calendar-text.ts'

const ORIGINAL = `[gt]
time_zone = 'Etc/GMT+6'
workingDayMessage = 'De lunes a viernes'

[[gt.days.workingDays]]
day = "monday"
start_time = "8:00"
end_time = "17:00"

[[gt.days.holidays]]
day = "Navidad"
start_date = "2026-12-25"
end_date = "2026-12-25"
message = 'Feliz Navidad'
`

const READY = '[gt]\ntime_zone = "UTC"\n[gt.days]\n'
const withMonday = (times: string) => `${READY}workingDays = [{ day = "monday", ${times} }]\n`
const withHoliday = (dates: string) => `${READY}workingDays = []\nholidays = [{ day = "x", ${dates} }]\n`
const edit = (from: string, to: string) => ORIGINAL.replace(from, to)

function read(text: string) {
  const reading = readCalendar(text, 'gt')
  if ('problems' in reading) throw new Error(JSON.stringify(reading.problems))
  return reading.calendar
}

describe('a calendar text', () => {
  it('loads in the original format', () => {
    const calendar = read(ORIGINAL)
    expect(calendar).toMatchObject({ country: 'gt', workingDayMessage: 'De lunes a viernes' })
    expect(calendar.zone.name).toBe('Etc/GMT+6')
    expect(calendar.week).toEqual([[{ start: 28_800, end: 61_200 }], [], [], [], [], [], []])
    const { day_name, message } = dayStatus(calendar, Date.parse('2026-12-25T12:00:00-06:00'))
    expect({ day_name, message }).toEqual({ day_name: 'Navidad', message: 'Feliz Navidad' })
  })

  it('loads with Windows line ends and weekdays in any case', () => {
    expect(read(edit('"monday"', '" MONDAY"').replaceAll('\n', '\r\n')).week[0]).toHaveLength(1)
  })

  it.each([
    ['start_time = "8:00", end_time = "9:00"', 28_800, 32_400],
    ['start_time = "08:00:00", end_time = "08:00:01"', 28_800, 28_801],
    ['start_time = 08:00:00, end_time = 09:00:00', 28_800, 32_400],
    ['start_time = 08:00, end_time = 09:30', 28_800, 34_200],
    ['start_time = "0:00", end_time = "24:00"', 0, 86_400],
    ['start_time = "8:00", end_time = "00:00"', 28_800, 86_400],
    ['start_time = "20:00", end_time = "2:00"', 72_000, 93_600],
    ['start_time = "8:00", end_time = "8:00"', 28_800, 115_200],
  ])('takes %s', (times, start, end) => {
    expect(read(withMonday(times)).week[0]).toEqual([{ start, end }])
  })

  it.each([
    ['start_date = "2026-12-25"', '2026-12-25', '2026-12-25'],
    ['start_date = 2026-12-25', '2026-12-25', '2026-12-25'],
    ['start_date = 2026-12-31, end_date = "2027-01-01"', '2026-12-31', '2027-01-01'],
    ['start_date = 2028-02-29, end_date = 2028-02-29', '2028-02-29', '2028-02-29'],
  ])('takes %s', (dates, start_date, end_date) => {
    const status = dayStatus(read(withHoliday(dates)), Date.parse(`${end_date}T12:00:00Z`))
    expect(status).toMatchObject({ start_date, end_date, day_type: 'holiday' })
  })
})

describe('a mistake in a calendar text is named with its line, its value and its mending', () => {
  it.each([
    ['a zone', edit('Etc/GMT+6', 'GMT-6'), '2: time_zone "GMT-6" is no time zone: write a name of the tz'],
    ['an offset', edit('Etc/GMT+6', '-06:00'), '2: time_zone "-06:00" is no time zone'],
    ['no zone', edit("time_zone = 'Etc/GMT+6'", ''), '1: time_zone is missing'],
    ['a weekday', edit('"monday"', '"lunes"'), '6: day "lunes" is no weekday: write its English name'],
    ['a time', edit('"17:00"', '"17h"'), '8: end_time "17h" is no time of day: write hours and minutes'],
    ['an hour', edit('"8:00"', '"24:00"'), '7: start_time "24:00" is no time of day'],
    ['a late end', edit('"17:00"', '"24:01"'), '8: end_time "24:01" is no time of day'],
    ['a minute', edit('"8:00"', '"8:60"'), '7: start_time "8:60" is no time of day'],
    ['a second', edit('"8:00"', '"8:00:60"'), '7: start_time "8:00:60" is no time of day'],
    ['half a second', edit('"8:00"', '08:00:00.5'), '7: start_time 08:00:00.500 is no time of day'],
    ['a number', edit('"8:00"', '8'), '7: start_time 8 is no time of day'],
    ['a missing end', edit('end_time = "17:00"', ''), '5: end_time is missing'],
    [
      'a date',
      edit('"2026-12-25"', '"25/12/2026"'),
      '12: start_date "25/12/2026" is no date: write year, month',
    ],
    ['a day', edit('"2026-12-25"', '"2026-02-30"'), '12: start_date "2026-02-30" is no date'],
    ['a bare day', edit('"2026-12-25"', '2026-02-30'), '12: no month has the day 2026-02-30'],
    [
      'a date with time',
      edit('"2026-12-25"', '2026-12-25T08:00:00'),
      '12: start_date 2026-12-25T08:00:00.000 is no date',
    ],
    [
      'dates the wrong way round',
      edit('end_date = "2026-12-25"', 'end_date = "2026-12-24"'),
      '13: end_date 2026-12-24 is before start_date 2026-12-25: the first day comes first',
    ],
    ['a label', edit('"Navidad"', '25'), '11: day 25 must be text'],
    ['a message', edit("'Feliz Navidad'", '25'), '14: message 25 must be text'],
    [
      'a misspelt key',
      edit('message', 'mesage'),
      '14: "mesage" is not known in holidays: check the spelling',
    ],
    ['a misspelt list', edit('gt.days.holidays', 'gt.days.holiday'), '10: "holiday" is not known in days'],
    [
      'a root table',
      ORIGINAL.replaceAll('gt', 'GT'),
      '1: "GT" does not belong here: this file has one root table, [gt]',
    ],
    ['another root table', `${ORIGINAL}[ec]\n`, '15: "ec" does not belong here'],
    ['an empty text', '', '-: [gt] is missing'],
    ['a flat value', 'gt = 3', '1: [gt] 3 must be a table'],
    ['no windows', '[gt]\ntime_zone = "UTC"\n[gt.days]\n', '3: workingDays is missing'],
    [
      'curly quotes',
      edit("'Etc/GMT+6'", '“Etc/GMT+6”'),
      '2: time_zone = “Etc/GMT+6” is not TOML (invalid value): replace curly quotes by straight ones (" or \')',
    ],
    ['a time without quotes', edit('"8:00"', '8:00'), '7: start_time = 8:00 is not TOML (illegal character'],
    ['a table twice', `${ORIGINAL}[gt]\n`, '15: [gt] is not TOML (trying to redefine'],
  ])('%s', (_, text, expected) => {
    const problems = listProblems(text)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toContain(expected)
  })

  it('lists all of them, by line, and is not misled by a text over several lines', () => {
    const text = edit("'De lunes a viernes'", "'''\nday = 3\n[[gt.days.workingDays]]\n'''")
      .replace('"monday"', '"lunes"')
      .replace('time_zone', 'zone = 1\ntime_zone')
      .replace('"17:00"', '"25:00"')
      .replace('"2026-12-25"', '"Christmas"')
    expect(listProblems(text).map(problem => problem.split(' ').slice(0, 3).join(' '))).toEqual([
      '2: "zone" is',
      '10: day "lunes"',
      '12: end_time "25:00"',
      '16: start_date "Christmas"',
    ])
  })

  it('finds the line in the right one of several tables', () => {
    const second = '[[gt.days.workingDays]]\nday = "tuesday"\nstart_time = "9"\nend_time = "17:00"\n'
    expect(listProblems(ORIGINAL + second)).toEqual([expect.stringContaining('17: start_time "9"')])
  })
})

it('never throws, whatever stands in the text', () => {
  const value = fc.oneof(
    fc.string().map(text => JSON.stringify(text)),
    fc.string(),
    fc.constantFrom('8', '[]', '{}'),
  )
  fc.assert(
    fc.property(
      fc.string(),
      value,
      fc.constantFrom("'Etc/GMT+6'", '"8:00"', '"2026-12-25"'),
      (tail, text, old) => {
        for (const broken of [tail, ORIGINAL + tail, ORIGINAL.replace(old, () => text)]) {
          expect(() => readCalendar(broken, 'gt')).not.toThrow()
        }
      },
    ),
  )
})
