import { describe, expect, it } from 'vitest'
import { type ErrorCode, MediatorError } from '../../src/domain/errors.ts'
import type { Answer } from '../../src/mediator/answer.ts'
import { registration, saying } from './asks.ts'
import { buildApp, inject } from './kit.ts'

const REFUSALS: Record<ErrorCode, [status: number, word: string]> = {
  INVALID: [400, 'invalid'],
  UNAUTHORIZED: [401, 'unauthorized'],
  TOO_LARGE: [413, 'too-large'],
  NOT_FOUND: [404, 'not-found'],
  METHOD_NOT_ALLOWED: [405, 'method-not-allowed'],
  NO_SESSION: [404, 'no-session'],
  SESSION_CLOSED: [409, 'session-closed'],
  CLOSED_HOURS: [409, 'closed-hours'],
  NO_AGENT: [409, 'no-agent'],
  UNKNOWN_DEPARTMENT: [422, 'unknown-department'],
  STILL_OPENING: [503, 'unavailable'],
  THROTTLED: [503, 'unavailable'],
  UNREACHABLE: [503, 'unavailable'],
  TIMEOUT: [503, 'unavailable'],
  MISCONFIGURED: [502, 'unavailable'],
  UNEXPECTED: [502, 'unavailable'],
  REJECTED: [502, 'unavailable'],
  CONVERSATION_GONE: [409, 'session-closed'],
  STORE_UNAVAILABLE: [503, 'unavailable'],
  OVERLOADED: [503, 'unavailable'],
  FENCED: [503, 'unavailable'],
}

const PATH = '/live-agents/registerClient'

describe('the envelope', () => {
  it.each(Object.entries(REFUSALS))('of %s', async (code, [status, word]) => {
    const details = { retryAt: Date.now() + 60_000, extra: { day_status: {} } }
    const app = await buildApp({
      register: () => Promise.reject(new MediatorError(code as ErrorCode, 'why', details)),
    })
    const response = await inject(app, 'POST', PATH, registration('u'))
    expect(response.statusCode).toBe(status)
    expect(response.body).toBe(`{"status_code":${status},"status":"${word}","msg":"why","day_status":{}}`)
    expect(response.headers).not.toHaveProperty('retry-after')
  })

  it.each([
    ['success', 200],
    ['queued', 202],
    ['ignored', 200],
  ] as const)('of %s', async (word, status) => {
    const answer: Answer = { word, msg: 'so it is', extra: { state: 'opening' } }
    const app = await buildApp({ send: async () => answer })
    const response = await inject(app, 'POST', '/live-agents/sendMessageToAgent', saying('u', 'x'))
    expect(response.statusCode).toBe(status)
    const text = `{"status_code":${status},"status":"${word}","msg":"so it is","state":"opening"}`
    expect(response.body).toBe(text)
    expect(response.headers).not.toHaveProperty('retry-after')
  })

  it('tells nobody what went wrong inside', async () => {
    const app = await buildApp({ register: () => Promise.reject(new Error('password=secret')) })
    const response = await inject(app, 'POST', PATH, registration('u'))
    expect(response.json()).toMatchObject({ status_code: 502, status: 'unavailable' })
    expect(response.body).not.toContain('secret')
  })
})
