import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createFindAsker } from '../../src/http/caller.ts'
import type { App } from '../../src/http/server.ts'
import type { Answer } from '../../src/mediator/answer.ts'
import { buildApp, inject } from './kit.ts'

const PATH = '/live-agents/dead-letters'

let app: App
const asked: unknown[][] = []
const note = async (...given: unknown[]): Promise<Answer> => {
  asked.push(given)
  return { word: 'success', msg: 'done' }
}
beforeAll(async () => {
  app = await buildApp({ list: note, show: note, replay: note, replayAll: note })
})
beforeEach(() => {
  asked.length = 0
})

describe('the list of dead letters', () => {
  it('is of the newest 500 unless it is narrowed', async () => {
    await inject(app, 'GET', PATH)
    const query = 'desk=rc&direction=to_client&userid=u&conversation=c&limit=7'
    await inject(app, 'GET', `${PATH}?${query}&since=2026-01-05T12:00:00Z&until=2026-01-05T06:00:00.5-06:00`)
    const narrowed = { desk: 'rc', direction: 'to_client', userid: 'u', conversation: 'c', limit: 7 }
    const times = { since: Date.UTC(2026, 0, 5, 12), until: Date.UTC(2026, 0, 5, 12) + 500 }
    expect(asked).toEqual([[{ limit: 500 }], [{ ...narrowed, ...times }]])
  })

  it('takes a + that was not escaped', async () => {
    await inject(app, 'GET', `${PATH}?since=2026-01-05T12:00:00+02:00`)
    expect(asked).toEqual([[{ limit: 500, since: Date.UTC(2026, 0, 5, 10) }]])
  })

  it.each([
    ['limit=0', /^limit: .*1 to 500/],
    ['limit=501', /^limit: .*1 to 500/],
    ['limit=ten', /^limit: .*1 to 500/],
    ['limit=1.5', /^limit: .*whole/],
    ['limit=', /^limit: .*1 to 500/],
    ['limit=1&limit=2', /^limit: /],
    ['direction=up', /^direction: .*to_agent or to_client/],
    ['since=yesterday', /^since: .*ISO instant/],
    ['since=2026-01-05T12:00:00', /^since: .*offset/],
    ['until=2026-13-05T12:00:00Z', /^until: .*ISO instant/],
    ['desk=', /^desk: .*leave it out/],
    ['desk=a&desk=b', /^desk: .*once/],
    ['user=u', /no filter "user"; there are .*userid/],
  ])('refuses ?%s, and says the way out', async (query, msg) => {
    const response = await inject(app, 'GET', `${PATH}?${query}`)
    expect(response.json()).toMatchObject({ status_code: 400, status: 'invalid' })
    expect(response.json().msg).toMatch(msg)
    expect(asked).toEqual([])
  })
})

describe('a replay', () => {
  it('says who asks, and never the token', async () => {
    await inject(app, 'POST', `${PATH}/l1/replay`)
    await inject(app, 'POST', `${PATH}/replay`, { desk: 'rc', conversation: 'c' })
    const asker = { who: expect.stringMatching(/^[\da-f]{8}$/), reqId: expect.stringMatching(/./) }
    expect(asked).toEqual([
      ['l1', asker],
      [{ desk: 'rc', conversation: 'c' }, asker],
    ])
    expect(JSON.stringify(asked)).not.toContain('token-of-the-kit')
  })

  it('is asked by nobody where no tokens are asked for', () => {
    const request = { headers: { authorization: 'Token x' }, id: 'req-1' } as never
    expect(createFindAsker(undefined)(request)).toEqual({ who: 'nobody', reqId: 'req-1' })
  })

  it.each([
    [{}, /say which/],
    [undefined, /JSON object of desk/],
    [[], /JSON object of desk/],
    [{ conversation: 'c' }, /^desk: /],
    [{ desk: '' }, /^desk: .*empty/],
    [{ desk: 5 }, /^desk: /],
    [{ direction: 'up' }, /^direction: /],
    [{ since: 1 }, /^since: /],
    [{ user: 'u' }, /no filter "user"/],
    [{ desk: 'rc', limit: 5 }, /no filter "limit"/],
  ])('of %j is refused', async (body, msg) => {
    const response = await inject(app, 'POST', `${PATH}/replay`, body)
    expect(response.json()).toMatchObject({ status_code: 400, status: 'invalid' })
    expect(response.json().msg).toMatch(msg)
    expect(asked).toEqual([])
  })

  it('and all else ask for a token', async () => {
    for (const [method, url] of [
      ['GET', PATH],
      ['GET', `${PATH}/l1`],
      ['POST', `${PATH}/l1/replay`],
      ['POST', `${PATH}/replay`],
    ] as const)
      expect((await app.inject({ method, url })).statusCode).toBe(401)
    expect(asked).toEqual([])
  })
})
