import { describe, expect, it } from 'vitest'
import type { Calendar } from '../../src/calendar/calendar.ts'
import { findCalendar, findDayStatus } from '../../src/calendar/calendars.ts'
import { placeOf } from '../../src/calendar/department-place.ts'
import { sketchCalendar, weekdays } from './calendar-text.ts'

const country = sketchCalendar({ zone: 'Etc/GMT+6', week: weekdays('8:00-17:00') })
const project = sketchCalendar({ zone: 'Etc/GMT+6', week: weekdays('8:00-20:00') })
const calendars = new Map<string, Calendar>([
  ['gt', country],
  ['gt-hiv', project],
  ['ec-hiv', project],
])
const none = new Map<string, Calendar>()
const evening = Date.parse('2026-11-23T18:00:00-06:00')

describe('the calendar of a place', () => {
  it.each([
    ['gt', undefined, country],
    ['GT', 'fp', country],
    ['gtm', 'fp', country],
    ['GTM', 'HIV', project],
    ['Gt', ' Hiv ', project],
    ['ecu', 'hiv', project],
    ['ec', 'fp', undefined],
    ['ec', undefined, undefined],
    ['hn', 'hiv', undefined],
    ['', 'hiv', undefined],
    ['gt-hiv', undefined, undefined],
  ])('%s %s', (code, name, expected) => {
    expect(findCalendar(calendars, code, name)).toBe(expected)
  })
})

describe('the day status of a place', () => {
  it('is what its calendar says', () => {
    const closed = findDayStatus(calendars, { country: 'gtm', project: 'fp' }, evening)
    expect(closed).toMatchObject({ kind: 'calendar', status: { is_registration_available: false } })
    const open = findDayStatus(calendars, { country: 'gtm', project: 'hiv' }, evening, 'closed')
    expect(open).toMatchObject({ kind: 'calendar', status: { is_registration_available: true } })
  })

  it('is open where there is no calendar at all', () => {
    const expected = {
      kind: 'always-open',
      status: { is_registration_available: true, day_type: 'workingday' },
    }
    expect(findDayStatus(none, { country: 'gt' }, evening)).toMatchObject(expected)
    expect(findDayStatus(none, {}, evening)).toMatchObject(expected)
  })

  it('is closed, and says so, where there are calendars but none for the country', () => {
    expect(findDayStatus(calendars, { country: 'hn', project: 'hiv' }, evening)).toEqual({
      kind: 'no-calendar',
      status: {
        time_zone: '',
        start_date: '',
        end_date: '',
        start_time: '',
        end_time: '',
        is_registration_available: false,
        day_type: 'non-workingday',
        day_name: '',
        message: 'We are closed. No working hours are known for the country "hn".',
        next_opening: null,
      },
    })
    const unknown = findDayStatus(calendars, {}, evening)
    expect(unknown).toMatchObject({ kind: 'no-calendar', status: { is_registration_available: false } })
    expect(unknown.status.message).toContain('the country is not known')
  })

  it.each([
    ['open', 'always-open', true],
    ['closed', 'no-calendar', false],
  ] as const)('is %s in both cases when that is configured', (setting, kind, is_registration_available) => {
    for (const known of [none, calendars]) {
      const answer = findDayStatus(known, { country: 'hn' }, evening, setting)
      expect(answer).toMatchObject({ kind, status: { is_registration_available } })
    }
  })
})

describe('the place of a department', () => {
  it.each([
    ['GTM_HIV_GENERAL', { country: 'gt', project: 'hiv' }],
    ['GTM_FP', { country: 'gt', project: 'fp' }],
    [' GTM_HIV ', { country: 'gt', project: 'hiv' }],
    ['gtm_Hiv_a_b', { country: 'gt', project: 'hiv' }],
    ['GT_HIV', { country: 'gt', project: 'hiv' }],
    ['ECU', { country: 'ec' }],
    ['ECU__X', { country: 'ec' }],
    ['SUPPORT_GT', undefined],
    ['ZZ_HIV', undefined],
    ['ZZZ_HIV', undefined],
    ['320_HIV', undefined],
    ['constructor', undefined],
    ['', undefined],
  ])('%s', (department, expected) => {
    expect(placeOf(department)).toEqual(expected)
  })
})
