import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { API_TOKEN } from '../support/mediator-process.ts'
import { until } from '../support/until.ts'
import { type DeskWorld, handOver, startDeskWorld } from './desk-world.ts'

const SEAT = 'seat = { user = "bot", password = "seat-password", nickname = "Clinic bot" }\n'

/** What only some desks can do, over the service's own routes. */
async function call(world: DeskWorld, method: string, path: string, body?: unknown, token = API_TOKEN) {
  const response = await fetch(`${world.mediator.url}/live-agents/desks/${path}`, {
    method,
    headers: { authorization: `Bearer ${token}` },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const bytes = Buffer.from(await response.arrayBuffer())
  return { status: response.status, type: response.headers.get('content-type') ?? '', bytes }
}

describe('operations of a Genesys seat', () => {
  let world: DeskWorld
  let interaction: string
  const desk = async (path: string, body: object) => {
    const response = await fetch(`${world.stage.url}/__desk/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (!response.ok) throw new Error(await response.text())
    return (await response.json()) as { chat: { interactionId: string } }
  }
  const operate = async (body: unknown, id = interaction, name = 'genesys') => {
    const { status, bytes } = await call(world, 'POST', `${name}/interactions/${id}`, body)
    return { status, body: JSON.parse(bytes.toString()) as Record<string, unknown> }
  }

  beforeAll(async () => {
    world = await startDeskWorld(['genesys'], 'sqlite', SEAT)
    await until('the seat is at work', async () => {
      const { links } = (await (await fetch(`${world.mediator.url}/health/ready`)).json()) as {
        links: object
      }
      return Object.entries(links).every(([, state]) => state === 'connected')
    })
    await desk('customers', { nickname: 'Eva' })
    const { chat } = await desk('chats/Eva/invite', { seat: 'bot' })
    interaction = chat.interactionId
  })
  afterAll(() => world?.stop())

  it('are carried out at the desk, one after the other', async () => {
    const course = [
      { operation: 'Accept' },
      { operation: 'SendStartTypingNotification' },
      { operation: 'SendStopTypingNotification' },
      { operation: 'Send', text: 'hello & “welcome”\n😀' },
      { operation: 'RequestChatHistory' },
      { operation: 'InviteUser', agentId: 'ana' },
      { operation: 'LeaveConference' },
    ]
    for (const body of course) {
      const { status, body: answer } = await operate(body)
      expect([body.operation, status, answer.status]).toEqual([body.operation, 200, 'success'])
      expect(Object.keys(answer)).toEqual(['status_code', 'status', 'msg', 'vendor'])
    }
    const { said } = (await (await fetch(`${world.stage.url}/__desk/chats/Eva`)).json()) as {
      said: { text: string }[]
    }
    expect(said.map(({ text }) => text)).toEqual(['hello & “welcome”\n😀'])
  })

  it('are answered with what the desk’s refusal means', async () => {
    expect(await operate({ operation: 'Accept' }, 'no-such-interaction')).toMatchObject({
      status: 404,
      body: { status_code: 404, status: 'not-found' },
    })
    expect((await operate({ operation: 'Send', text: 'I have left' })).status).toBe(403)
  })

  it('are checked before anything is asked', async () => {
    expect(await operate({ operation: 'Dance' })).toMatchObject({ status: 400, body: { status: 'invalid' } })
    expect(await operate({ operation: 'InviteUser' })).toMatchObject({
      status: 400,
      body: { msg: expect.stringContaining('agentId') },
    })
    expect((await operate({ operation: 'Accept' }, interaction, 'nowhere')).status).toBe(404)
    const stranger = await call(
      world,
      'POST',
      `genesys/interactions/${interaction}`,
      { operation: 'Accept' },
      'x',
    )
    expect(stranger.status).toBe(401)
  })
})

describe('transcripts of the chat server', () => {
  let world: DeskWorld
  beforeAll(async () => {
    world = await startDeskWorld(['chat-server'], 'sqlite')
  })
  afterAll(() => world?.stop())

  it('are there when the conversation has ended', async () => {
    const caller = await handOver(world)
    const [{ id } = { id: '' }] = world.stage.conversations(caller.person)
    const path = `chat-server/conversations/${id}/transcript`
    expect((await call(world, 'GET', `${path}?type=pdf`)).status).toBe(404)
    await world.stage.agent.close(caller.person)
    const pdf = await call(world, 'GET', `${path}?type=pdf`)
    expect([pdf.status, pdf.type, pdf.bytes.subarray(0, 5).toString()]).toEqual([
      200,
      'application/pdf',
      '%PDF-',
    ])
    const mailed = await call(world, 'GET', `${path}?type=email`)
    expect(JSON.parse(mailed.bytes.toString())).toMatchObject({ status_code: 200, status: 'success' })
    expect((await call(world, 'GET', `${path}?type=fax`)).status).toBe(400)
    expect((await call(world, 'GET', path, undefined, 'x')).status).toBe(401)
  })

  it('are not found at desks that keep none, nor operations at desks that have none', async () => {
    expect((await call(world, 'GET', 'nowhere/conversations/c/transcript')).status).toBe(404)
    const { status } = await call(world, 'POST', 'chat-server/interactions/c', { operation: 'Accept' })
    expect(status).toBe(404)
  })
})
