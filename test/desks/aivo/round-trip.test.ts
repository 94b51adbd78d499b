import { describe, expect, onTestFinished, test } from 'vitest'
import { type Aivo, type Settings, startAivo } from '../../../simulators/aivo/index.ts'
import type { Opened } from '../../../src/desks/desk.ts'
import type { AgentEvent } from '../../../src/domain/agent-event.ts'
import { webhookOf } from '../webhook-of.ts'
import { type Listener, startListener } from './listener.ts'
import { aSending, aSession, expectError, type Stage, setStage, UUID } from './support.ts'

type Meeting = { aivo: Aivo; stage: Stage; listener: Listener; told(): AgentEvent[] }

/** The adapter and the simulator, with a real network between them. */
async function meet(simulated: Partial<Settings> = {}, configured: object = {}, prefix = '/conversations') {
  const listener = await startListener()
  const aivo = await startAivo({ settings: { webhookUrl: listener.url, ...simulated } })
  onTestFinished(() => aivo.stop())
  const account = { url: `${aivo.url}${prefix}`, bot_token: aivo.settings.botToken }
  const stage = setStage({ ...account, groups: { default: 2179 }, ...configured })
  const { parse, authenticate } = webhookOf(stage.desk)
  const read = ({ token, text }: Listener['heard'][number]) => {
    expect(authenticate({ query: { token }, headers: {} })).toBe(true)
    return parse({ body: JSON.parse(text), text })
  }
  return { aivo, stage, listener, told: () => listener.heard.flatMap(read) } satisfies Meeting
}

const REQUEST = {
  session: 'session-1',
  client: { uuid: UUID, name: 'Ada Example', urn: 'tel:+593990001234' },
  department: 'GTM_HIV',
  results: { Ticket: '2024', age: '34' },
}

const open = ({ desk, call }: Stage): Promise<Opened> => desk.openConversation(REQUEST, call)
const say = ({ desk, call }: Stage, { conversation }: Opened, text: string, state = 'assigned' as const) =>
  desk.sendToAgent(aSending({ text }, { conversation, state }), call)
const leave = ({ desk, call }: Stage, { conversation }: Opened) =>
  desk.closeConversation(aSession({ conversation }), 'bot', call)

describe('the adapter and Aivo Live', () => {
  test.each([
    ['/api/v1/live-handler', { extra_shape: 'list', send_phone: true }],
    ['/conversations', { extra_shape: 'object', send_email: true }],
  ])('a whole conversation at %s', async (prefix, configured) => {
    const { aivo, stage, told } = await meet({ suffixedHash: true }, configured, prefix)
    const opened = await open(stage)
    const { id } = opened.conversation
    await aivo.drivers.attended(UUID)
    await say(stage, opened, 'Hello 👋')
    await stage.desk.sendToAgent(
      aSending(
        { attachments: [{ contentType: 'image/png', url: 'https://m.example.org/1.png' }] },
        { conversation: opened.conversation },
      ),
      stage.call,
    )
    await aivo.drivers.message(id, 'Hello Ada')
    await aivo.drivers.message(id, [
      { action: 'text', value: 'mine', source: 'user' },
      { action: 'file', value: 'https://files.example.org/plan.pdf' },
      { action: 'text', value: 'Your plan' },
    ])
    await aivo.drivers.transfer(id, { target: 2180 })
    await aivo.drivers.attended(id, { name: 'Lin' })
    await aivo.drivers.unknown(id)
    await aivo.drivers.close(id)

    expect(aivo.linesOf(UUID).map(({ by, action, value }) => [by, action, value])).toEqual([
      ['client', 'text', 'Hello 👋'],
      ['client', 'image', 'https://m.example.org/1.png'],
      ['agent', 'text', 'Hello Ada'],
      ['agent', 'text', 'mine'],
      ['agent', 'file', 'https://files.example.org/plan.pdf'],
      ['agent', 'text', 'Your plan'],
    ])
    const plan = { contentType: 'application/octet-stream', url: 'https://files.example.org/plan.pdf' }
    const here = { conversation: id, client: UUID, agent: 'Tomi' }
    expect(told()).toMatchObject([
      { type: 'assigned', conversation: id, client: undefined, agent: 'Tomi' },
      { ...here, type: 'message', message: { text: 'Hello Ada', attachments: [] } },
      { ...here, type: 'message', message: { text: '', attachments: [plan] } },
      { ...here, type: 'message', message: { text: 'Your plan', attachments: [] } },
      { type: 'transferred', conversation: id, client: UUID, agent: undefined },
      { type: 'assigned', conversation: id, agent: 'Lin' },
      { type: 'closed', conversation: id, reason: 'agent' },
    ])
    expect(new Set(told().map(event => event.id)).size).toBe(7)
  })

  test('a repeat is told from what merely looks like one', async () => {
    const { aivo, stage, told } = await meet()
    const { conversation } = await open(stage)
    aivo.faults.add({ kind: 'duplicate', route: 'message', times: 1 })
    for (let round = 0; round < 3; round++) await aivo.drivers.message(conversation.id, 'yes')
    const ids = told().map(event => event.id)
    expect(ids).toHaveLength(4)
    expect(ids[0]).toBe(ids[1])
    expect(new Set(ids).size).toBe(3)
  })

  test('says that a department has no group, and that Aivo does not know one', async () => {
    const { stage, aivo } = await meet({}, { groups: { GTM_HIV: 9, ECU: 2179 } })
    expectError(await open(stage).catch(error => error), 'REJECTED', '404')
    const request = { ...REQUEST, department: 'COL' }
    const outcome = await stage.desk.openConversation(request, stage.call).catch(error => error)
    expectError(outcome, 'UNKNOWN_DEPARTMENT')
    expect(aivo.state.requests).toHaveLength(1)
  })

  test('keeps words for an agent where Aivo takes none before', async () => {
    const { aivo, stage } = await meet({ attendedFirst: true })
    const opened = await open(stage)
    const early = stage.desk.sendToAgent(
      aSending({ text: 'hi' }, { conversation: opened.conversation, state: 'queued' }),
      stage.call,
    )
    await expect(early).rejects.toMatchObject({ code: 'THROTTLED' })
    await aivo.drivers.attended(UUID)
    await say(stage, opened, 'hi')
    expect(aivo.linesOf(UUID)).toHaveLength(1)
  })

  test.each([400, 404, 409, 410] as const)(
    'notices with %i that a conversation is over',
    async closedStatus => {
      const { aivo, stage } = await meet({ closedStatus, closePath: 'close' }, { close_path: 'close' })
      const opened = await open(stage)
      await aivo.drivers.close(UUID, 'trigger')
      await expect(say(stage, opened, 'still there?')).rejects.toMatchObject({ code: 'CONVERSATION_GONE' })
      await expect(leave(stage, opened)).resolves.toBeUndefined()
    },
  )

  test('closes where Aivo has told how', async () => {
    const { aivo, stage } = await meet({ closePath: 'client/close' }, { close_path: 'client/close' })
    const opened = await open(stage)
    await leave(stage, opened)
    expect(aivo.state.conversations.get(opened.conversation.id)?.state).toBe('closed')
  })

  test('says that the client has left where it has not', async () => {
    const { aivo, stage } = await meet({}, { client_left_text: 'The client has left.' })
    await leave(stage, await open(stage))
    expect(aivo.linesOf(UUID).map(({ value }) => value)).toEqual(['The client has left.'])
  })

  test('queues a second time when the answer got lost', async () => {
    const { aivo, stage } = await meet()
    aivo.faults.add({ kind: 'reset-after', route: '*/queue/external', times: 1 })
    await expect(open(stage)).rejects.toMatchObject({ code: 'UNREACHABLE' })
    await open(stage)
    expect([...aivo.state.conversations.values()].map(({ state }) => state)).toEqual(['queued', 'queued'])
  })

  test('does not take an answer without an id for success', async () => {
    const { stage } = await meet({ withoutId: true })
    await expect(open(stage)).rejects.toMatchObject({ code: 'UNEXPECTED' })
  })

  test('gives up when it is told to', async () => {
    const { aivo, stage } = await meet()
    aivo.faults.add({ kind: 'stall', route: '*/queue/external' })
    const giving = new AbortController()
    const outcome = stage.desk.openConversation(REQUEST, { ...stage.call, signal: giving.signal })
    giving.abort()
    await expect(outcome).rejects.toMatchObject({ code: 'TIMEOUT' })
  })
})
