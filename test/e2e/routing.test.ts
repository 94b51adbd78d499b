import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { DeskStage } from '../../simulators/stage.ts'
import { until } from '../support/until.ts'
import { STORES } from '../support/world.ts'
import { type DeskWorld, handOver, startDeskWorld } from './desk-world.ts'

const ROUTES = `
[[routes]]
department = "Supp*"
desk = "rocketchat"
fallback = ["aivo", "yellow"]
`

const HELPDESK_EVENTS = '/live-agents/desks/yellow/events'
const HEADERS = { 'x-auth-token': 'yellow-webhook-secret' }

describe.each(STORES)('a route with fallback desks, on %s', store => {
  let world: DeskWorld
  const stageOf = (type: string) => world.stages.get(type) as DeskStage
  beforeAll(async () => {
    world = await startDeskWorld(['rocketchat', 'aivo', 'yellow'], store, ROUTES)
  })
  afterAll(() => world?.stop())
  afterEach(async () => {
    for (const { faults } of world.stages.values()) faults.clear()
    stageOf('rocketchat').traps.setAgentOnline?.(true)
  })

  it('leads to the first desk while somebody is there', async () => {
    const caller = await handOver(world)
    expect(await caller.session()).toMatchObject({ desk: 'rocketchat' })
  })

  it('leads to the next desk when one has nobody or is down, and stays there', async () => {
    const [first, second, third] = ['rocketchat', 'aivo', 'yellow'].map(stageOf) as [
      DeskStage,
      DeskStage,
      DeskStage,
    ]
    first.traps.setAgentOnline?.(false)
    second.faults.add({ kind: 'server-error', route: second.routes.open })
    const caller = await handOver(world, third)
    expect(await caller.session()).toMatchObject({ desk: 'yellow' })
    first.traps.setAgentOnline?.(true)
    expect(await caller.says('to whom?')).toBe(200)
    expect(third.shown(caller.person)).toEqual([{ text: 'to whom?' }])
    expect(first.conversations(caller.person)).toEqual([])
  })

  it('lets no other desk speak to the client', async () => {
    const caller = await handOver(world)
    const event = { event: 'payload-received-from-agent', senderId: caller.person.uuid, source: 'web' }
    const words = { message: { type: 'text', payLoad: { content: 'from the wrong desk' } } }
    const post = async (body: object, headers: Record<string, string> = HEADERS) => {
      const url = world.mediator.url + HELPDESK_EVENTS
      const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
      return [response.status, ((await response.json()) as { status: string }).status]
    }
    expect(await post({ ...event, ...words })).toEqual([200, 'ignored'])
    expect(await post({ ...event, ...words, ticketId: 1 })).toEqual([200, 'ignored'])
    expect(await post({ ...event, event: 'ticket-closed', ticketId: 1 })).toEqual([200, 'ignored'])
    const theirs = { 'x-rocketchat-livechat-token': 'rocketchat-webhook-secret' }
    expect(await post({ ...event, ...words }, theirs)).toEqual([401, 'unauthorized'])
    await stageOf('rocketchat').agent.say(caller.person, 'from the right one')
    await until('it is read', () => caller.reads().length > 0)
    expect(caller.reads()).toEqual(['from the right one'])
    expect(await caller.session()).toMatchObject({ state: 'assigned', desk: 'rocketchat' })
  })
})
