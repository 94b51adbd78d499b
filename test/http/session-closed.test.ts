import { expect, it } from 'vitest'
import type { Session } from '../../src/domain/session.ts'
import type { Pipeline } from '../../src/mediator/pipeline.ts'
import { sendToAgent } from '../../src/mediator/send-to-agent.ts'
import { saying } from './asks.ts'
import { buildApp, inject } from './kit.ts'

const ENDED_AT = Date.parse('2026-11-20T12:00:00Z')
const HOUR = 3_600_000

const session: Session = {
  id: 's',
  bot: 'rapidpro',
  client: { uuid: 'u' },
  department: 'd',
  openedAt: ENDED_AT - HOUR,
  gate: { open: true, dayType: 'workingday', dayName: 'friday', at: ENDED_AT - HOUR },
  state: 'ended',
  ending: { at: ENDED_AT, reason: 'agent' },
}

const pipeline: Pipeline = {
  post: async () => ({ acceptance: { outcome: 'ended', session }, report: { kind: 'done', session } }),
  follow: async () => ({ kind: 'done', session }),
}

it.each([
  ['at once', 0, 409, 'session-closed'],
  ['a moment before 24 hours', 24 * HOUR - 1, 409, 'session-closed'],
  ['after 24 hours', 24 * HOUR, 404, 'no-session'],
  ['after 60 hours', 60 * HOUR, 404, 'no-session'],
])('a text %s after the end', async (_when, later, status, word) => {
  const clock = { now: () => ENDED_AT + later }
  const app = await buildApp({ send: request => sendToAgent({ pipeline, clock }, request) })
  const response = await inject(app, 'POST', '/live-agents/sendMessageToAgent', saying('u', 'hello?'))
  expect(response.json()).toMatchObject({ status_code: status, status: word })
})
