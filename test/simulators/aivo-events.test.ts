import { describe, expect, onTestFinished, test } from 'vitest'
import { type Aivo, deskRouteList, type Settings, startAivo } from '../../simulators/aivo/index.ts'
import { type Listener, startListener } from '../desks/aivo/listener.ts'

const HASH = '3f2504e04f8911d39a0c0305e82c3301'
const UUID = '3f2504e0-4f89-11d3-9a0c-0305e82c3301'
const NOW = 1_706_293_970_842

type Desk = { aivo: Aivo; listener: Listener; id: string }

/** A simulator that tells somebody of its one conversation, which waits. */
async function start(settings: Partial<Settings> = {}): Promise<Desk> {
  const listener = await startListener()
  const aivo = await startAivo({ settings: { webhookUrl: listener.url, ...settings }, now: () => NOW })
  onTestFinished(() => aivo.stop())
  const user = { hash: HASH, firstname: 'Ada', lastname: null, email: null, phone: null, extra: [] }
  const answer = await post(aivo, '/conversations/queue/external', {
    botId: 1000,
    groupsId: [2179],
    botToken: 'simulated-bot-token',
    protocolId: 28,
    user,
    status: 'queued',
    lastSender: 'user',
  })
  return { aivo, listener, id: String(answer.conversationId) }
}

async function post(aivo: Aivo, path: string, body?: unknown): Promise<Record<string, unknown>> {
  const headers = { 'content-type': 'application/json' }
  const sent = body === undefined ? {} : { headers, body: JSON.stringify(body) }
  const answer = await fetch(aivo.url + path, { method: 'POST', ...sent })
  return { status: answer.status, ...((await answer.json()) as object) }
}

const bodies = ({ heard }: Listener) => heard.map(({ text }) => JSON.parse(text))
const digits = ({ heard }: Listener) => heard.map(({ text }) => /"timestamp": (\d+),/.exec(text)?.[1])

describe('the webhook', () => {
  test('tells of a conversation from its queue to its end', async () => {
    const { aivo, listener, id } = await start()
    const lin = { name: 'Lin', groupId: 2180 }
    await aivo.drivers.attended(id)
    await aivo.drivers.message(id, 'Hello Ada')
    await aivo.drivers.transfer(id, { target: 2180 })
    await aivo.drivers.attended(id, { name: 'Lin' })
    await aivo.drivers.transfer(id, { target: 7, agent: lin })
    await aivo.drivers.unknown(id)
    await aivo.drivers.close(id, 'trigger')
    const tomi = { name: 'Tomas', nickname: 'Tomi', groupId: 2179 }
    const moved = { value: 'Transfer to group', originGroup: 2179, target: 2180, agent: {}, hash: HASH }
    const hello = { action: 'text', value: 'Hello Ada', source: 'agent' }
    expect(bodies(listener).map(({ name, data }) => [name, data])).toEqual([
      ['attended', { agent: tomi }],
      ['message', { hash: HASH, agent: tomi, message: [hello] }],
      ['transfer', moved],
      ['attended', { agent: lin }],
      ['transfer', { ...moved, value: 'Transfer to agent', originGroup: 2180, target: 7, agent: lin }],
      ['satisfaction', {}],
      ['closed', { value: 'closed by trigger' }],
    ])
    for (const body of bodies(listener))
      expect(body).toMatchObject({ roomId: id, botId: 1000, eventTime: 1706293970 })
    expect(listener.heard.map(({ token }) => token)).toEqual(Array(7).fill('hook-secret'))
  })

  test('writes 19 digits, of which a JSON number keeps fewer', async () => {
    const { aivo, listener, id } = await start()
    await aivo.drivers.message(id, 'a')
    await aivo.drivers.message(id, 'b')
    expect(digits(listener)).toEqual(['1706293970842633079', '1706293970842633080'])
    expect(bodies(listener)[0].timestamp).toBe(bodies(listener)[1].timestamp)
  })

  test('can put the token behind the hash', async () => {
    const { aivo, listener, id } = await start({ suffixedHash: true })
    await aivo.drivers.message(id, [{ action: 'text', value: 'x', source: 'user' }])
    expect(bodies(listener)[0].data).toEqual({
      hash: `${HASH}_simulated-bot-token`,
      message: [{ action: 'text', value: 'x', source: 'user' }],
    })
  })

  test('can call its events otherwise', async () => {
    const { aivo, listener, id } = await start({ messageEvent: 'agentMessage', closingEvent: 'finished' })
    await aivo.drivers.attended(id)
    await aivo.drivers.message(id, 'x')
    await aivo.drivers.close(id)
    expect(bodies(listener).map(({ name }) => name)).toEqual(['attended', 'agentMessage', 'finished'])
    expect(bodies(listener)[2].data).toMatchObject({ value: 'closed by agent', agent: { nickname: 'Tomi' } })
  })

  test('lets nothing happen in a closed conversation, but events that come late', async () => {
    const { aivo, listener, id } = await start()
    const { attended, transfer, message, close, unknown } = aivo.drivers
    await close(id)
    const late = [attended(id), transfer(id, { target: 5 }), message(id, 'x'), close(id)]
    for (const one of late) await expect(one).rejects.toThrow('closed')
    await unknown(id, 'message', { message: 'late' })
    await expect(unknown('nobody')).rejects.toThrow('no such conversation')
    expect(bodies(listener).map(({ name }) => name)).toEqual(['closed', 'message'])
  })

  test('tells nobody where there is nobody, and notes who did not answer', async () => {
    const { aivo, listener, id } = await start()
    aivo.setWebhook('')
    await aivo.drivers.attended(id)
    aivo.setWebhook('http://127.0.0.1:1/')
    await aivo.drivers.message(id, 'x')
    aivo.setWebhook(listener.url)
    await aivo.drivers.close(id)
    expect(aivo.state.webhooks.map(({ name, status }) => [name, status])).toEqual([
      ['message', 0],
      ['closed', 200],
    ])
  })

  test('is doubled, lost and swapped as faults say', async () => {
    const { aivo, listener, id } = await start()
    aivo.faults.add({ kind: 'duplicate', route: 'attended', times: 1 })
    aivo.faults.add({ kind: 'drop', route: 'transfer', times: 1 })
    aivo.faults.add({ kind: 'reorder', route: 'message', times: 1 })
    await aivo.drivers.attended(id)
    await aivo.drivers.transfer(id, { target: 5 })
    await aivo.drivers.message(id, 'x')
    await aivo.drivers.close(id)
    await aivo.webhooksSettled()
    expect(bodies(listener).map(({ name }) => name)).toEqual(['attended', 'attended', 'closed', 'message'])
    expect(digits(listener)[0]).toBe(digits(listener)[1])
    expect(aivo.linesOf(id).map(({ value }) => value)).toEqual(['x'])
  })
})

describe('playing the agent with curl', () => {
  test('a whole conversation, by the client’s UUID', async () => {
    const { aivo, listener, id } = await start()
    const at = (what: string) => `/__desk/conversations/${UUID}/${what}`
    const steps: [string, unknown?][] = [
      [at('attend')],
      [at('say'), { text: 'Hello' }],
      [at('say'), { items: [{ action: 'image', value: 'https://m.example.org/1' }] }],
      [at('transfer'), { target: 2180 }],
      [at('attend'), { name: 'Lin' }],
      [at('event'), { name: 'typing' }],
      [at('close'), { by: 'agent' }],
      ['/__desk/settled'],
    ]
    for (const [path, body] of steps) expect(await post(aivo, path, body)).toMatchObject({ status: 200 })
    expect(bodies(listener).map(({ name }) => name)).toEqual([
      'attended',
      'message',
      'message',
      'transfer',
      'attended',
      'typing',
      'closed',
    ])
    const shown = await (await fetch(`${aivo.url}/__desk/conversations/${id}`)).json()
    expect(shown).toMatchObject({ conversation: { state: 'closed', lines: [{ value: 'Hello' }, {}] } })
  })

  test('a client who came back is meant by the latest conversation', async () => {
    const { aivo, id } = await start()
    const first = aivo.state.conversations.get(id)
    await aivo.drivers.close(id)
    if (first) aivo.state.conversations.set('second', { ...first, id: 'second', state: 'queued', lines: [] })
    await aivo.drivers.message(UUID, 'Hello again')
    expect(aivo.linesOf(id)).toEqual([])
    expect(aivo.linesOf('second')).toMatchObject([{ value: 'Hello again' }])
  })

  test('the office', async () => {
    const { aivo } = await start()
    const got = async (path: string) => (await fetch(`${aivo.url}/__desk/${path}`)).json()
    expect(await post(aivo, '/__desk/webhook', { url: 'http://127.0.0.1:1/' })).toMatchObject({ status: 200 })
    await post(aivo, '/__desk/settings', { attendedFirst: true, groups: [7] })
    expect(aivo.settings).toMatchObject({
      attendedFirst: true,
      groups: [7],
      webhookUrl: 'http://127.0.0.1:1/',
    })
    expect(await got('conversations')).toMatchObject({ conversations: [{ hash: HASH }] })
    expect(await got('requests')).toMatchObject({ requests: [{ status: 200 }] })
    expect(await got('webhooks')).toEqual({ webhooks: [] })
    expect(deskRouteList.every(line => line.includes('/__desk/'))).toBe(true)
  })

  test.each([
    ['conversations/nobody/say', { text: 'x' }],
    [`conversations/${UUID}/say`, {}],
    [`conversations/${UUID}/transfer`, { target: 'x' }],
    [`conversations/${UUID}/event`, {}],
    ['settings', { nothing: 1 }],
  ])('is told at %s what does not make sense', async (path, body) => {
    const { aivo } = await start()
    const refused = { status: 400, error: expect.any(String) }
    expect(await post(aivo, `/__desk/${path}`, body)).toEqual(refused)
  })
})
