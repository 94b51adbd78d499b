import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectEnvelope, registerSomebody, saying, sessionOf, TO_AGENT } from '../http/asks.ts'
import { until } from '../support/until.ts'
import { STORES, startWorld, type World } from '../support/world.ts'

const DEAD_LETTERS = '/live-agents/dead-letters'

type DeadLetter = { id: string; userid: string; at: string }

describe.each(STORES)('what operators ask for, on %s', store => {
  let world: World
  beforeAll(async () => {
    world = await startWorld({ store })
  })
  afterAll(() => world?.stop())

  it('has no dead letters at first', async () => {
    const answer = await world.call('GET', DEAD_LETTERS)
    expectEnvelope(answer, 200, 'success')
    expect(answer.body.dead_letters).toEqual([])
  })

  it('lists what was given up without anyone’s words, and replays it once', async () => {
    const { uuid, rid } = await registerSomebody(world)
    const letter = await refuseOne(uuid)
    expect(Object.keys(letter).sort()).toEqual(
      ['at', 'attempts', 'desk', 'direction', 'id', 'reason', 'userid'].sort(),
    )
    expect(letter).toMatchObject({ direction: 'to_agent', desk: 'rocketchat', userid: uuid, attempts: 1 })
    expect(new Date(letter.at).toISOString()).toBe(letter.at)
    expect(JSON.stringify(letter)).not.toContain('secret words')
    for (let i = 0; i < 2; i += 1)
      expectEnvelope(await world.call('POST', `${DEAD_LETTERS}/${letter.id}/replay`), 200, 'success')
    const said = () =>
      world.rocketchat.state.index.messagesByRoom.get(rid)?.filter(({ msg }) => msg === 'secret words')
    await until('it is delivered', () => said()?.length)
    await until('nothing waits', async () => (await sessionOf(world, uuid)).waiting.to_agent === 0)
    expect(said()).toHaveLength(1)
  })

  it('says of a dead letter whose conversation has ended that nobody is there', async () => {
    const { uuid, rid } = await registerSomebody(world)
    const { id } = await refuseOne(uuid)
    await world.rocketchat.close(rid)
    await until('it has ended', async () => (await sessionOf(world, uuid)).state === 'ended')
    expectEnvelope(await world.call('POST', `${DEAD_LETTERS}/${id}/replay`), 409, 'session-closed')
  })

  it('knows no other dead letters', async () => {
    expectEnvelope(await world.call('POST', `${DEAD_LETTERS}/nothing/replay`), 404, 'not-found')
  })

  it('is alive and ready', async () => {
    expect((await world.call('GET', '/health/live')).body).toEqual({ status: 'live' })
    expect((await world.call('GET', '/health/ready')).body).toEqual({ status: 'ready' })
  })

  it('counts in a form that Prometheus reads', async () => {
    const answer = await world.call('GET', '/metrics')
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
    const lines = String(answer.body.text).trimEnd().split('\n')
    expect(
      lines.filter(line => !/^$|^# |^[a-z_][a-z\d_]*(\{.*\})? ([-+\d.e]+|NaN|[-+]?Inf)$/i.test(line)),
    ).toEqual([])
    expect(lines.filter(line => line.startsWith('# TYPE')).length).toBeGreaterThan(3)
    expect(answer.body.text).not.toMatch(/secret words|Token|Zoila/)
  })

  /** The desk refuses this one message for good, and takes the next. */
  async function refuseOne(uuid: string): Promise<DeadLetter> {
    const { settings } = world.rocketchat
    Object.assign(settings, {
      Livechat_enable_message_character_limit: true,
      Livechat_message_character_limit: 1,
    })
    const answer = await world.call('POST', TO_AGENT, saying(uuid, 'secret words'))
    settings.Livechat_enable_message_character_limit = false
    expectEnvelope(answer, 502, 'unavailable')
    const { body } = await world.call('GET', DEAD_LETTERS)
    return (body.dead_letters as DeadLetter[]).find(({ userid }) => userid === uuid) as DeadLetter
  }
})
