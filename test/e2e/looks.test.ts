import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Rocketchat } from '../../simulators/rocketchat/index.ts'
import { until } from '../support/until.ts'
import { startWorld, type World } from '../support/world.ts'

const FLOW = { uuid: 'f4a1c2d3-0000-4000-8000-000000000001', name: 'After the chat' }

let world: World
beforeAll(async () => {
  world = await startWorld({
    store: 'redis',
    rapidpro: { flows: [FLOW] },
    bot: `ended_flow = "${FLOW.uuid}"`,
    toml: 'look_up_after = "1s"',
    rocketchat: { settings: { API_Enable_Rate_Limiter: false, webhookRetryMs: 3_000 } },
  })
  await world.addReplica()
})
afterAll(() => world.stop())

/** A client whom an agent serves, and what is to be seen of them. */
async function converse() {
  const { rapidpro, rocketchat, call } = world
  const { uuid } = rapidpro.addContact({ name: 'Client' })
  const body = { contact: { uuid, name: 'Client' }, department: 'Support' }
  expect((await call('POST', '/live-agents/registerClient', body)).status).toBe(200)
  const session = async () => {
    const { body } = await call('GET', `/live-agents/sessions/${uuid}`)
    return body.session as { state: string; ended: string | null }
  }
  return {
    uuid,
    session,
    rid: rocketchat.openRoomOf(uuid)?._id ?? '',
    reads: () => rapidpro.messagesTo(uuid).flatMap(({ via, text }) => (via === 'flow' ? [] : [text])),
    endings: () =>
      rapidpro.flowStarts.filter(({ contacts }) => contacts.some(one => one.uuid === uuid)).length,
  }
}

const looksAt = ({ state }: Rocketchat, rid: string) =>
  state.requests.filter(({ path }) => path.includes(`messages.history/${rid}`))

test('an end and words whose webhooks never come', async () => {
  const { rocketchat } = world
  const client = await converse()
  await rocketchat.say(client.uuid, 'one')
  await until('it is read', () => client.reads().length === 1)
  const drop = rocketchat.faults.add({ kind: 'drop' })
  for (const text of ['two', 'three']) await rocketchat.say(client.uuid, text)
  await until('both are read', () => client.reads().length === 3)
  await rocketchat.close(client.uuid, { comment: 'good bye' })
  await until('handed back', () => client.endings() > 0)
  rocketchat.faults.remove(drop)
  expect(await client.session()).toMatchObject({ state: 'ended', ended: 'agent' })
  expect([client.reads(), client.endings()]).toEqual([['one', 'two', 'three', 'good bye'], 1])
})

test('webhooks that come after the look has found what they tell', async () => {
  const { rocketchat } = world
  const client = await converse()
  const delay = rocketchat.faults.add({ kind: 'delay', ms: 2_500 })
  for (const text of ['one', 'two']) await rocketchat.say(client.uuid, text)
  await rocketchat.close(client.uuid)
  await until('handed back', () => client.endings() > 0)
  rocketchat.faults.remove(delay)
  await rocketchat.webhooksSettled()
  expect([client.reads(), client.endings()]).toEqual([['one', 'two'], 1])
})

test('each conversation is asked about by one replica; a desk that is down changes nothing', async () => {
  const { rocketchat } = world
  const client = await converse()
  const times = () => looksAt(rocketchat, client.rid).map(({ at }) => at)
  await until('it was looked at three times', () => times().length >= 3)
  const [first = 0, , third = 0] = times()
  expect(third - first).toBeGreaterThan(1_500)
  const fault = rocketchat.faults.add({ kind: 'server-error' })
  const refused = () => rocketchat.state.requests.filter(({ status }) => status === 500).length
  await until('a look was refused', () => refused() > 0)
  expect(await client.session()).toMatchObject({ state: 'assigned', ended: null })
  rocketchat.faults.remove(fault)
  expect([client.reads(), client.endings()]).toEqual([[], 0])
})
