import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  expectEnvelope,
  expectRefused,
  REGISTER,
  registerSomebody,
  registration,
  saying,
  sessionOf,
  TO_AGENT,
} from '../http/asks.ts'
import { alwaysOpen, closedForever } from '../http/calendar-files.ts'
import { atMediator, writeConfiguration } from '../http/own-process.ts'
import { startMediator } from '../support/mediator-process.ts'
import { until } from '../support/until.ts'
import { STORES, startWorld, type World } from '../support/world.ts'

const SIMULATION = { 'x-mailroom-mode': 'simulation' }
const CLOSED = 'We sleep until 2100.'

describe.each(STORES)('registering by the calendar, on %s', store => {
  let world: World
  beforeAll(async () => {
    const departments = ['GTM_HIV_GENERAL', 'GTM_FP', 'ec_any', 'ECU_HIV_GENERAL', 'Support', 'SLV_HIV']
    const rocketchat = { departments: departments.map(name => ({ name, agents: ['ana'] })) }
    const routes = `
[[routes]]
department = "Support"
desk = "rocketchat"
country = "GTM"
project = "HIV"
[[routes]]
department = "*"
desk = "rocketchat"
`
    const files = {
      'working-hours-gt.toml': closedForever('gt', CLOSED),
      'working-hours-gt-hiv.toml': alwaysOpen('gt'),
      'working-hours-ec.toml': closedForever('ec', CLOSED),
    }
    world = await startWorld({ store, rocketchat, desk: `rate_limits = "off"\n${routes}`, files })
  })
  afterAll(() => world?.stop())

  const register = (uuid: string, department: string, headers = {}) =>
    world.call('POST', REGISTER, registration(uuid, department), headers)

  it.each(['GTM_FP', 'ec_any', 'ECU_HIV_GENERAL'])('refuses %s outside the hours', async department => {
    const uuid = randomUUID()
    const answer = await expectRefused(world, uuid, () => register(uuid, department), 409, 'closed-hours')
    expect(answer.body.msg).toBe(CLOSED)
    const country = department.startsWith('GTM') ? 'gt' : 'ec'
    const day = await world.call('GET', `/live-agents/project/none/country/${country}/day-status`)
    expect(answer.body.day_status).toEqual(day.body)
    expect(answer.body.day_status).toMatchObject({ day_type: 'holiday', day_name: 'The long sleep' })
  })

  it('refuses a simulation outside the hours as well', async () => {
    const uuid = randomUUID()
    await expectRefused(world, uuid, () => register(uuid, 'GTM_FP', SIMULATION), 409, 'closed-hours')
  })

  it.each(['GTM_HIV_GENERAL', 'Support'])('opens %s by the calendar of its project', async department => {
    const { uuid } = world.rapidpro.addContact()
    expectEnvelope(await register(uuid, department), 200, 'success')
  })

  it.each([
    ['SLV_HIV', /No working hours.*"sv"/, 'there is no calendar for "sv": add working-hours-sv.toml'],
    ['Sales', /the country is not known/, 'the country of the department "Sales": give its route a country'],
  ])('refuses %s without a calendar; what is to be done is in the log', async (department, msg, reason) => {
    const uuid = randomUUID()
    const answer = await expectRefused(world, uuid, () => register(uuid, department), 409, 'closed-hours')
    expect(answer.body.msg).toMatch(msg)
    expect(answer.body.day_status).toMatchObject({ message: answer.body.msg })
    expect(JSON.stringify(answer.body)).not.toMatch(/\.toml|missing_calendar|route/)
    const said = () => world.mediator.log.filter(line => String(line.reason).includes(reason))
    await until('the operator is told', () => said().length > 0)
    expect(said()).toMatchObject([{ level: 40, msg: 'refused', code: 'CLOSED_HOURS' }])
  })

  it('says nothing to an operator about hours that are over', async () => {
    const answer = await register(randomUUID(), 'GTM_FP')
    expectEnvelope(answer, 409, 'closed-hours')
    const line = () => world.mediator.log.findLast(({ code }) => code === 'CLOSED_HOURS')
    await until('it is in the log', () => line()?.level === 30)
    expect(line()).not.toHaveProperty('reason')
  })

  it('keeps a registered client’s session outside the hours', async () => {
    const { uuid } = world.rapidpro.addContact()
    expectEnvelope(await register(uuid, 'GTM_HIV_GENERAL'), 200, 'success')
    const { id } = await sessionOf(world, uuid)
    expectEnvelope(await register(uuid, 'GTM_FP'), 200, 'success')
    expect(await sessionOf(world, uuid)).toMatchObject({ id, department: 'GTM_HIV_GENERAL' })
  })
})

it('goes on with the open conversations when the hours are over', async () => {
  const world = await startWorld({ store: 'redis' })
  const dir = mkdtempSync(join(tmpdir(), 'mediator-closed-'))
  const files = { 'working-hours-gt.toml': closedForever('gt', CLOSED) }
  writeConfiguration(dir, { rapidpro: world.rapidpro, rocketchat: world.rocketchat, files })
  const closed = await startMediator({
    configDir: dir,
    dataDir: join(dir, 'data'),
    redisUrl: world.redis?.url,
  })
  const there = { ...world, call: atMediator(closed.url) }
  try {
    const { uuid } = await registerSomebody(world)
    expectEnvelope(await there.call('POST', TO_AGENT, saying(uuid, 'still there?')), 200, 'success')
    expectEnvelope(await there.call('POST', REGISTER, registration(uuid)), 200, 'success')
    const other = randomUUID()
    const register = () => there.call('POST', REGISTER, registration(other))
    await expectRefused(there, other, register, 409, 'closed-hours')
  } finally {
    await closed.stop()
    await world.stop()
    rmSync(dir, { recursive: true, force: true })
  }
})
