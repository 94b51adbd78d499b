import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findCalendar } from '../../src/calendar/calendars.ts'
import { dayStatus } from '../../src/calendar/day-status.ts'
import { loadCalendars } from '../../src/calendar/load-calendars.ts'

const calendarText = (code: string, zone = 'UTC') =>
  `[${code}]\ntime_zone = "${zone}"\n[[${code}.days.workingDays]]\nday = "monday"\nstart_time = "8:00"\nend_time = "17:00"\n`

let directory: string
const write = (name: string, content: string | Uint8Array) => writeFileSync(join(directory, name), content)

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'calendars-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

describe('the calendars of a directory', () => {
  it('are read by country and project, and nothing else is', () => {
    write('working-hours-gt.toml', calendarText('gt'))
    write('working-hours-gt-hiv.toml', calendarText('gt'))
    write('working-hours-ec-family-planning.toml', calendarText('ec'))
    write('live-agents.toml', 'nothing = "of ours"')
    write('working-hours-gt.toml.bak', '“')
    const { calendars, problems } = loadCalendars(directory)
    expect(problems).toEqual([])
    expect([...calendars.keys()].sort()).toEqual(['ec-family-planning', 'gt', 'gt-hiv'])
  })

  it('are none where there is no directory', () => {
    expect(loadCalendars(join(directory, 'absent'))).toEqual({ calendars: new Map(), problems: [] })
  })

  it('are read with a byte order mark and capital letters in the name', () => {
    write('working-hours-GT-HIV.toml', `\uFEFF${calendarText('gt')}`)
    const { calendars, problems } = loadCalendars(directory)
    expect([[...calendars.keys()], problems]).toEqual([['gt-hiv'], []])
  })

  it('say all that is wrong in all files at once, and the good ones load', () => {
    write('working-hours-gt.toml', calendarText('gt', 'Guatemala').replace('8:00', '8'))
    write('working-hours-ec.toml', '[ec]\ntime_zone = “UTC”\n')
    write('working-hours-hn.toml', calendarText('hn'))
    const { calendars, problems } = loadCalendars(directory)
    expect([...calendars.keys()]).toEqual(['hn'])
    expect(problems).toEqual([
      expect.stringContaining(`${join(directory, 'working-hours-ec.toml')}:2: time_zone = “UTC” is not TOML`),
      expect.stringContaining(
        `${join(directory, 'working-hours-gt.toml')}:2: time_zone "Guatemala" is no time zone`,
      ),
      expect.stringContaining(
        `${join(directory, 'working-hours-gt.toml')}:5: start_time "8" is no time of day`,
      ),
    ])
  })

  it.each([
    ['working-hours-gtm.toml', calendarText('gtm'), 'name it working-hours-<country>.toml'],
    ['working-hours.toml', calendarText('gt'), 'name it working-hours-<country>.toml'],
    ['working-hours-uk.toml', calendarText('uk'), '"uk" is no ISO 3166 alpha-2 country code'],
    ['working-hours-gt-hiv.toml', calendarText('hiv'), ':1: "hiv" does not belong here'],
    ['working-hours-gt.toml', new Uint8Array([0x23, 0xe9, 0x0a]), 'save it as UTF-8'],
  ])('refuse %s', (name, content, expected) => {
    write(name, content)
    const { calendars, problems } = loadCalendars(directory)
    expect(calendars.size).toBe(0)
    expect(problems).toEqual([expect.stringContaining(expected)])
    expect(problems[0]).toContain(join(directory, name))
  })

  it('refuse two files that differ by capital letters only', () => {
    write('working-hours-gt.toml', calendarText('gt'))
    write('working-hours-GT.toml', calendarText('gt'))
    expect(loadCalendars(directory).problems).toEqual([expect.stringContaining('keep one')])
  })

  it('name a file that cannot be read', () => {
    mkdirSync(join(directory, 'working-hours-gt.toml'))
    expect(loadCalendars(directory).problems).toEqual([
      expect.stringContaining('working-hours-gt.toml: cannot be read'),
    ])
  })
})

describe('the sample calendars', () => {
  const { calendars, problems } = loadCalendars(join(import.meta.dirname, '../../config/examples'))
  const statusOf = (country: string, project: string, at: string) => {
    const calendar = findCalendar(calendars, country, project)
    if (!calendar) throw new Error(`no sample for ${country} ${project}`)
    return dayStatus(calendar, Date.parse(at))
  }

  it('load', () => {
    expect(problems).toEqual([])
    expect([...calendars.keys()]).toEqual(expect.arrayContaining(['ec', 'gt', 'gt-hiv']))
  })

  it.each([
    ['gt', 'fp', '2026-12-23T16:59:00-06:00', true, 'wednesday'],
    ['gt', 'hiv', '2026-12-23T19:59:00-06:00', true, 'wednesday'],
    ['gt', 'hiv', '2026-12-23T13:30:00-06:00', false, 'wednesday'],
    ['gt', 'fp', '2026-12-24T11:59:00-06:00', true, 'thursday'],
    ['gt', 'fp', '2026-12-24T12:00:00-06:00', false, 'Nochebuena'],
    ['ec', 'hiv', '2027-02-09T10:00:00-05:00', false, 'Carnaval'],
    ['ec', 'hiv', '2027-02-10T10:00:00-05:00', true, 'wednesday'],
  ])('%s %s at %s', (country, project, at, is_registration_available, day_name) => {
    expect(statusOf(country, project, at)).toMatchObject({ is_registration_available, day_name })
  })
})
