import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectEnvelope, registerSomebody, saying, sessionOf, TO_AGENT } from '../http/asks.ts'
import { API_TOKEN } from '../support/mediator-process.ts'
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
    const pinned = ['id', 'direction', 'desk', 'userid', 'reason', 'attempts', 'at']
    expect(Object.keys(letter)).toEqual([...pinned, 'session', 'conversation'])
    expect(letter).toMatchObject({ direction: 'to_agent', desk: 'rocketchat', userid: uuid, attempts: 1 })
    expect(new Date(letter.at).toISOString()).toBe(letter.at)
    expect(JSON.stringify(letter)).not.toContain('secret words')
    const shown = await world.call('GET', `${DEAD_LETTERS}/${letter.id}`)
    expectEnvelope(shown, 200, 'success')
    expect(shown.body.dead_letter).toMatchObject({
      ...letter,
      kind: 'message',
      text_length: 12,
      attachments: [],
    })
    expect(JSON.stringify(shown.body)).not.toContain('secret words')
    for (let i = 0; i < 2; i += 1)
      expectEnvelope(await world.call('POST', `${DEAD_LETTERS}/${letter.id}/replay`), 200, 'success')
    const said = () =>
      world.rocketchat.state.index.messagesByRoom.get(rid)?.filter(({ msg }) => msg === 'secret words')
    await until('it is delivered', () => said()?.length)
    await until('nothing waits', async () => (await sessionOf(world, uuid)).waiting.to_agent === 0)
    expect(said()).toHaveLength(1)
  })

  it('replays all of a conversation, oldest first, once', async () => {
    const { uuid, rid } = await registerSomebody(world)
    for (const text of ['first words', 'second words', 'third words']) await refuseOne(uuid, text)
    const { body } = await world.call('GET', `${DEAD_LETTERS}?userid=${uuid}&limit=2`)
    expect(body.dead_letters).toHaveLength(2)
    const all = { desk: 'rocketchat', conversation: rid }
    const answer = await world.call('POST', `${DEAD_LETTERS}/replay`, all)
    expect(answer).toMatchObject({ status: 200, body: { status_code: 200, status: 'success' } })
    expect(answer.body).toMatchObject({ replayed: 3, already_replayed: 0, session_ended: 0, left: 0 })
    const again = await world.call('POST', `${DEAD_LETTERS}/replay`, all)
    expect(again.body).toMatchObject({ replayed: 0, ids: [] })
    await until('nothing waits', async () => (await sessionOf(world, uuid)).waiting.to_agent === 0)
    const said = world.rocketchat.state.index.messagesByRoom.get(rid)?.map(({ msg }) => msg)
    expect(said?.filter(msg => msg?.endsWith(' words'))).toEqual([
      'first words',
      'second words',
      'third words',
    ])
    const lines = world.mediator.text().split('\n')
    const audit = JSON.parse(
      lines.find(line => line.includes('dead letters replayed') && line.includes(rid)) ?? '{}',
    )
    const who = createHash('sha256').update(API_TOKEN).digest('hex').slice(0, 8)
    expect(audit).toMatchObject({ level: 30, who, filter: all, replayed: 3, ids: answer.body.ids })
    expect(audit.reqId).toMatch(/./)
  })

  it('refuses what narrows nothing', async () => {
    expectEnvelope(await world.call('GET', `${DEAD_LETTERS}?since=monday`), 400, 'invalid')
    expectEnvelope(await world.call('POST', `${DEAD_LETTERS}/replay`, {}), 400, 'invalid')
    expectEnvelope(await world.call('POST', `${DEAD_LETTERS}/replay`, { conversation: 'c' }), 400, 'invalid')
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
    expectEnvelope(await world.call('GET', `${DEAD_LETTERS}/nothing`), 404, 'not-found')
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
  async function refuseOne(uuid: string, words = 'secret words'): Promise<DeadLetter> {
    const { settings } = world.rocketchat
    Object.assign(settings, {
      Livechat_enable_message_character_limit: true,
      Livechat_message_character_limit: 1,
    })
    const answer = await world.call('POST', TO_AGENT, saying(uuid, words))
    settings.Livechat_enable_message_character_limit = false
    expectEnvelope(answer, 502, 'unavailable')
    const { body } = await world.call('GET', DEAD_LETTERS)
    return (body.dead_letters as DeadLetter[]).find(({ userid }) => userid === uuid) as DeadLetter
  }
})
