import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { OpeningRequest } from '../../../src/desks/desk.ts'
import { NOW, nock, SITE, setStage, UUID } from './support.ts'

const REQUEST: OpeningRequest = {
  session: 'session-1',
  client: { uuid: UUID },
  department: 'GTM_HIV',
  results: {},
}
const VISITOR = { visitor: { token: UUID }, success: true }
const ROOM = { room: { _id: 'room1' }, newRoom: true, success: true }

beforeEach(() => nock.disableNetConnect())
afterEach(() => {
  nock.cleanAll()
  nock.enableNetConnect()
})

describe('the limit of five openings a minute', () => {
  const always = (): void => {
    nock(SITE).post('/api/v1/livechat/visitor').times(6).reply(200, VISITOR)
    nock(SITE).get('/api/v1/livechat/room').query(true).times(6).reply(200, ROOM)
  }

  test('is kept without asking, over both calls', async () => {
    always()
    const { desk, call, time } = setStage()
    await Promise.all([1, 2, 3, 4, 5].map(() => desk.openConversation(REQUEST, call)))
    const sixth = desk.openConversation(REQUEST, call)
    await expect(sixth).rejects.toMatchObject({ code: 'THROTTLED', retryAt: NOW + 61_000 })
    expect(nock.pendingMocks()).toHaveLength(2)
    time.now += 61_000
    await expect(desk.openConversation(REQUEST, call)).resolves.toMatchObject({ state: 'queued' })
  })

  test('costs no visitor when the room would be refused', async () => {
    const { desk, call } = setStage()
    const site = nock(SITE)
    site.post('/api/v1/livechat/visitor').twice().reply(200, VISITOR)
    site
      .get('/api/v1/livechat/room')
      .query(true)
      .reply(429, {}, { 'x-ratelimit-reset': String(NOW + 30_000) })
    await expect(desk.openConversation(REQUEST, call)).rejects.toMatchObject({ code: 'THROTTLED' })
    await expect(desk.openConversation(REQUEST, call)).rejects.toMatchObject({ code: 'THROTTLED' })
    expect(nock.pendingMocks()).toEqual(['POST https://chat.example.org:443/api/v1/livechat/visitor'])
  })

  test('lets the refused keep their places', async () => {
    const { desk, call, time } = setStage()
    const site = nock(SITE)
    site.post('/api/v1/livechat/visitor').twice().reply(200, VISITOR)
    site
      .get('/api/v1/livechat/room')
      .query(true)
      .reply(429, {}, { 'x-ratelimit-reset': String(NOW + 59_000) })
    site.get('/api/v1/livechat/room').query(true).reply(200, ROOM)
    await expect(desk.openConversation(REQUEST, call)).rejects.toMatchObject({ code: 'THROTTLED' })
    time.now += 30_000
    for (let refused = 0; refused < 5; refused++)
      await expect(desk.openConversation(REQUEST, call)).rejects.toMatchObject({ code: 'THROTTLED' })
    time.now += 29_000
    await expect(desk.openConversation(REQUEST, call)).resolves.toMatchObject({ state: 'queued' })
  })

  test.each([{ rate_limits: 'off' }, { user_id: 'bot-id', auth_token: 'bot-token' }])(
    'does not hold with %j',
    async settings => {
      always()
      const { desk, call } = setStage(settings)
      await Promise.all([1, 2, 3, 4, 5, 6].map(() => desk.openConversation(REQUEST, call)))
      expect(nock.isDone()).toBe(true)
    },
  )
})
