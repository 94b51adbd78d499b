import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import type { Answer, World } from '../support/world.ts'

export const REGISTER = '/live-agents/registerClient'
export const TO_AGENT = '/live-agents/sendMessageToAgent'
export const TO_CLIENT = '/live-agents/sendMessageToClient'
export const DESK_EVENTS = '/live-agents/desks/rocketchat/events'
export const DEPARTMENT = 'GTM_HIV_GENERAL'

export function sessionPath(userid: string): string {
  return `/live-agents/sessions/${encodeURIComponent(userid)}`
}

export function endPath(userid: string): string {
  return `/live-agents/session/user/${encodeURIComponent(userid)}`
}

export function registration(uuid: string, department = DEPARTMENT) {
  return { contact: { uuid, name: 'Zoila', urn: 'tel:+50255550001' }, department, results: {} }
}

export function saying(uuid: string, text: string) {
  return {
    contact: { uuid },
    results: { clientmessage: { value: text } },
    input: { uuid: randomUUID(), text },
  }
}

/** The original API's shortest body of an agent's message. */
export function agentSaying(token: string, text: string) {
  return { type: 'Message', visitor: { token }, messages: [{ msg: text }] }
}

/** Registers a client of RapidPro and gives its uuid and its room at Rocket.Chat. */
export async function registerSomebody(world: World): Promise<{ uuid: string; rid: string }> {
  const { uuid } = world.rapidpro.addContact({ name: 'Zoila' })
  expectEnvelope(await world.call('POST', REGISTER, registration(uuid)), 200, 'success')
  return { uuid, rid: world.rocketchat.openRoomOf(uuid)?._id ?? '' }
}

const NESTED = ['day_status', 'session', 'dead_letters', 'dead_letter']

/** `{"status_code", "status", "msg"}` first and in this order, the rest flat, and no header that makes a caller call again. */
export function expectEnvelope(answer: Answer, status: number, word: string): void {
  const { body, headers } = answer
  expect({ status: answer.status, body }).toMatchObject({
    status,
    body: { status_code: status, status: word },
  })
  expect(Object.keys(body).slice(0, 3)).toEqual(['status_code', 'status', 'msg'])
  expect(body.msg).toMatch(/\S/)
  const nested = Object.keys(body).filter(key => typeof body[key] === 'object' && !NESTED.includes(key))
  expect(nested).toEqual([])
  expect(JSON.stringify(body.msg).length).toBeLessThan(1_200)
  expect(headers.get('content-type')).toMatch(/^application\/json/)
  expect([headers.get('retry-after'), headers.get('location')]).toEqual([null, null])
}

/** How many calls both simulators have seen so far. */
export function callsSeen({ rocketchat, rapidpro }: World): number {
  return rocketchat.state.counts.requests + rapidpro.state.requests.length
}

/** Makes a call that must be refused, and shows that nothing was stored and nobody was called for it. */
export async function expectRefused(
  world: World,
  uuid: string,
  ask: () => Promise<Answer>,
  status: number,
  word: string,
): Promise<Answer> {
  const before = callsSeen(world)
  const answer = await ask()
  expectEnvelope(answer, status, word)
  await expectNoSession(world, uuid)
  expect(callsSeen(world)).toBe(before)
  return answer
}

export async function expectNoSession(world: World, uuid: string): Promise<void> {
  expectEnvelope(await world.call('GET', sessionPath(uuid)), 404, 'no-session')
}

export type SessionView = Record<string, unknown> & {
  state: string
  waiting: { to_agent: number; to_client: number }
}

export async function sessionOf(world: World, uuid: string): Promise<SessionView> {
  const { body } = await world.call('GET', sessionPath(uuid))
  return body.session as SessionView
}
