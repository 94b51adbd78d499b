import { expect } from 'vitest'
import type { Rocketchat, RocketchatOptions } from '../../simulators/rocketchat/index.ts'
import { call, type Json, openRoom, type profiles, startWorkspace } from './rocketchat-kit.ts'

export type Case = {
  what: string
  on?: RocketchatOptions
  /** Run before the call; what it returns replaces `{rid}` in path and body. */
  before?: (rocketchat: Rocketchat) => Promise<string>
  call: [method: string, path: string, body?: Json, headers?: Record<string, string>]
  answers: [status: number, body: Json]
}

export const ofEva = { rid: '{rid}', token: 'eva' }
/** A room of Eva that an agent has closed. */
export const closed = async (rocketchat: Rocketchat) => {
  const rid = await openRoom(rocketchat)
  await rocketchat.close(rid)
  return rid
}
export const profile = (name: (typeof profiles)[number]) => ({ profile: name })

export const ok = (body: Json): [number, Json] => [200, { success: true, ...body }]
export const plain = (error: string): [number, Json] => [400, { success: false, error }]
export const coded = (error: string, errorType: string): [number, Json] => [
  400,
  { success: false, error, errorType },
]
export const anonymous: [number, Json] = [
  401,
  { status: 'error', message: 'You must be logged in to do this.' },
]

/** Calls as the case says, and compares what matters of the answer. */
export async function check({
  on,
  before,
  call: [method, path, body, headers],
  answers: [status, expected],
}: Case) {
  const rocketchat = await startWorkspace(on)
  const rid = (await before?.(rocketchat)) ?? ''
  const sent = body && JSON.parse(JSON.stringify(body).replaceAll('{rid}', rid))
  const answer = await call(rocketchat, method, path.replace('{rid}', rid), sent, headers)
  const wanted = JSON.parse(JSON.stringify(expected).replaceAll('{rid}', rid))
  expect({ status: answer.status, body: answer.body }).toMatchObject({ status, body: wanted })
}

export const noAgent = { agents: [{ username: 'ana', online: false }] }
/** Eva is a visitor, without a room yet. */
export async function registered(rocketchat: Rocketchat): Promise<string> {
  await call(rocketchat, 'POST', 'visitor', { visitor: { token: 'eva', name: 'Eva' } })
  return ''
}

/** A room where Eva has said hello, with the id `first`. */
export async function spoken(rocketchat: Rocketchat): Promise<string> {
  const rid = await openRoom(rocketchat)
  await call(rocketchat, 'POST', 'message', { rid, token: 'eva', msg: 'hello', _id: 'first' })
  return rid
}
