import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectEnvelope } from '../http/asks.ts'
import { alwaysOpen, COUNTRY_FILE, PROJECT_FILE } from '../http/calendar-files.ts'
import { startWorld, type World } from '../support/world.ts'

const KEYS = [
  'time_zone',
  'start_date',
  'end_date',
  'start_time',
  'end_time',
  'is_registration_available',
  'day_type',
  'day_name',
  'message',
]

let world: World

function dayStatus(project: string, country: string, at?: string) {
  const query = at === undefined ? '' : `?at=${encodeURIComponent(at)}`
  return world.call('GET', `/live-agents/project/${project}/country/${country}/day-status${query}`)
}

describe('the day status with calendars', () => {
  beforeAll(async () => {
    const files = { 'working-hours-gt.toml': COUNTRY_FILE, 'working-hours-gt-hiv.toml': PROJECT_FILE }
    world = await startWorld({ files })
  })
  afterAll(() => world?.stop())

  it('is a bare object with the original keys first, and next_opening', async () => {
    const { status, body } = await dayStatus('fp', 'gt', '2026-11-18T15:00:00Z')
    expect(status).toBe(200)
    expect(Object.keys(body).sort()).toEqual([...KEYS, 'next_opening'].sort())
    expect(body).toEqual({
      time_zone: 'Etc/GMT+6',
      start_date: '2026-11-18',
      end_date: '2026-11-18',
      start_time: '08:00',
      end_time: '17:00',
      is_registration_available: true,
      day_type: 'workingday',
      day_name: 'wednesday',
      message: 'From 8 to 5.',
      next_opening: '2026-11-19T08:00:00-06:00',
    })
  })

  it.each([
    ['the first second', '2026-11-18T08:00:00-06:00', true],
    ['the second before', '2026-11-18T07:59:59-06:00', false],
    ['the last second', '2026-11-18T16:59:59-06:00', true],
    ['the end', '2026-11-18T17:00:00-06:00', false],
    ['the same end in another zone', '2026-11-19T00:00:00+01:00', false],
    ['a weekday without windows', '2026-11-22T12:00:00-06:00', false],
    ['a holiday', '2026-12-24T12:00:00-06:00', false],
  ])('knows %s', async (_what, at, open) => {
    expect((await dayStatus('fp', 'gt', at)).body).toMatchObject({ is_registration_available: open })
  })

  it('tells holidays, free weekdays and working days apart', async () => {
    expect((await dayStatus('fp', 'gt', '2026-12-25T12:00:00-06:00')).body).toMatchObject({
      day_type: 'holiday',
      day_name: 'Christmas',
      message: 'Merry Christmas.',
      start_date: '2026-12-24',
      end_date: '2026-12-26',
      next_opening: '2026-12-28T08:00:00-06:00',
    })
    const sunday = { day_type: 'non-workingday', day_name: 'sunday', start_time: '', message: 'From 8 to 5.' }
    expect((await dayStatus('fp', 'gt', '2026-11-22T12:00:00-06:00')).body).toMatchObject(sunday)
  })

  it('prefers the calendar of a project, and takes country and project in any case', async () => {
    for (const [project, country] of [
      ['hiv', 'gt'],
      ['HIV', 'GT'],
      ['Hiv', 'gtm'],
    ] as const)
      expect((await dayStatus(project, country, '2026-11-22T03:00:00Z')).body).toMatchObject({
        time_zone: 'America/Guatemala',
        message: 'Day and night.',
      })
  })

  it('answers a country without a calendar with 404 and the same keys, closed', async () => {
    const { status, body } = await dayStatus('hiv', 'ec')
    expect(status).toBe(404)
    expect(Object.keys(body).sort()).toEqual([...KEYS, 'next_opening'].sort())
    expect(body).toMatchObject({ is_registration_available: false, next_opening: null })
    expect(body.message).toContain('"ec"')
  })

  it.each(['2026-12-24T17:00Z', '2026-12-24T17:00:00.5Z', '2026-12-24T17:00:00-0600'])(
    'reads the instant %s',
    async at => {
      expect((await dayStatus('fp', 'gt', at)).body).toMatchObject({ day_name: 'Christmas' })
    },
  )

  it('forgives a + that was not escaped', async () => {
    const path = '/live-agents/project/fp/country/gt/day-status?at=2026-12-24T17:00:00+01:00'
    expect((await world.call('GET', path)).body).toMatchObject({ day_name: 'Christmas' })
  })

  it.each([
    '',
    'now',
    'tomorrow',
    '1700000000',
    '2026-12-24T17:00:00',
    '2026-13-01T00:00:00Z',
    '2026-12-24T25:00:00Z',
    '0000-01-01',
    '0001-01-01T00:00:00Z',
    '9999-12-31T23:59:59Z',
    '+275760-09-13T00:00:00Z',
    'x'.repeat(5_000),
  ])('refuses the instant "%s" and names the key', async at => {
    const answer = await dayStatus('fp', 'gt', at)
    expectEnvelope(answer, 400, 'invalid')
    expect(answer.body.msg).toMatch(/^at\b/)
  })

  it('refuses two instants', async () => {
    const path = '/live-agents/project/fp/country/gt/day-status?at=2026-12-24&at=2026-12-25'
    expectEnvelope(await world.call('GET', path), 400, 'invalid')
  })

  it.each(['%00', '__proto__', '..%2f..%2fetc', 'x'.repeat(900)])('knows no calendar for %s', async odd => {
    expect((await dayStatus('fp', odd)).status).toBe(404)
    expect((await dayStatus(odd, 'gt', '2026-11-18T15:00:00Z')).body).toMatchObject({
      time_zone: 'Etc/GMT+6',
    })
  })
})

describe('the day status without any calendar', () => {
  beforeAll(async () => {
    world = await startWorld({ files: { 'working_hours-GTM.toml': alwaysOpen('gt') } })
  })
  afterAll(() => world?.stop())

  it('warns once of a file that nearly was one, and how they are named', () => {
    const about = world.mediator.log.filter(({ msg }) => String(msg).includes('working_hours-GTM.toml'))
    const msg = expect.stringContaining('is not read: a calendar is named')
    expect(about).toMatchObject([{ level: 40, msg }])
  })

  it('is always open, and this is said at the start', async () => {
    const { status, body } = await dayStatus('hiv', 'gt')
    expect({ status, open: body.is_registration_available }).toEqual({ status: 200, open: true })
    expect(world.mediator.text()).toMatch(/no working-hours-<country>\.toml was found.*always open/)
  })
})

describe('missing_calendar', () => {
  it('= "open" opens countries without a calendar', async () => {
    const files = { 'working-hours-ec.toml': alwaysOpen('ec') }
    world = await startWorld({ toml: 'missing_calendar = "open"', files })
    try {
      const { status, body } = await dayStatus('hiv', 'gt')
      expect({ status, open: body.is_registration_available }).toEqual({ status: 200, open: true })
    } finally {
      await world.stop()
    }
  })

  it('= "closed" closes them where there is no calendar at all', async () => {
    world = await startWorld({ toml: 'missing_calendar = "closed"' })
    try {
      const { status, body } = await dayStatus('hiv', 'gt')
      expect({ status, open: body.is_registration_available }).toEqual({ status: 404, open: false })
    } finally {
      await world.stop()
    }
  })
})
