import { describe, expect, test } from 'vitest'
import { until } from '../../support/until.ts'
import { startStub } from './seat-stub.ts'
import { chatOf, invite, posted, runSeat, seatAtWork, startCentre } from './seat-support.ts'

describe('CSRF protection', () => {
  test.each(['rest', 'all'] as const)('at %s: the token is learnt and sent', async csrf => {
    const genesys = await startCentre({ settings: { csrf } })
    const stage = await seatAtWork(genesys)
    await chatOf(stage, genesys)
    expect(genesys.state.requests.filter(({ status }) => status === 403)).toEqual([])
  })

  test('a token that is refused is asked for again, and the request sent once more', async () => {
    const genesys = await startCentre({ settings: { csrf: 'rest' } })
    const stage = await seatAtWork(genesys)
    const chat = await chatOf(stage, genesys)
    genesys.failNext({ leg: 'seat', operation: 'SendMessage', answer: 'http403csrf' })
    const before = genesys.state.requests.length
    await stage.seat.say(chat, 'hello', stage.call)
    const since = genesys.state.requests.slice(before).filter(({ path }) => !path.includes('notifications'))
    expect(since.map(({ method, path }) => `${method} ${path}`)).toEqual([
      `POST /api/v2/me/interactions/${chat}`,
      'GET /api/v2/me',
      `POST /api/v2/me/interactions/${chat}`,
    ])
    expect(genesys.transcriptOf(chat).map(({ text }) => text)).toEqual(['hello'])
  })

  test('refused again, it is given up', async () => {
    const genesys = await startCentre({ settings: { csrf: 'rest' } })
    const stage = await seatAtWork(genesys)
    const chat = await chatOf(stage, genesys)
    genesys.failNext({ leg: 'seat', operation: 'SendMessage', answer: 'http403csrf', times: 9 })
    const before = posted(genesys, `/me/interactions/${chat}`).length
    await expect(stage.seat.say(chat, 'hello', stage.call)).rejects.toMatchObject({ code: 'UNREACHABLE' })
    expect(posted(genesys, `/me/interactions/${chat}`).length - before).toBe(2)
  })
})

describe('a login that has run out', () => {
  test('code 20: the seat logs in again, and what was asked is done once', async () => {
    const genesys = await startCentre()
    const stage = await seatAtWork(genesys)
    const chat = await chatOf(stage, genesys)
    genesys.failNext({ leg: 'seat', operation: 'SendMessage', answer: { statusCode: 20 } })
    await stage.seat.say(chat, 'hello', stage.call)
    expect(genesys.transcriptOf(chat).map(({ text }) => text)).toEqual(['hello'])
    const starts = posted(genesys, '/me').filter(
      body => (body as { operationName?: string }).operationName === 'StartContactCenterSession',
    )
    expect(starts).toHaveLength(2)
  })

  test('code 20 again: given up, as misconfigured; the link goes on', async () => {
    const genesys = await startCentre()
    const stage = await seatAtWork(genesys)
    genesys.failNext({ leg: 'seat', operation: 'Complete', answer: { statusCode: 20 }, times: 9 })
    await expect(stage.seat.operate('i-1', { operation: 'Complete' }, stage.call)).rejects.toMatchObject({
      code: 'MISCONFIGURED',
    })
    expect(posted(genesys, '/me/interactions/i-1')).toHaveLength(2)
    expect((await stage.seat.operate('i-1', { operation: 'Reject' }, stage.call)).status).toBe(404)
  })

  test('several that are refused together log in once', async () => {
    const genesys = await startCentre()
    const stage = await seatAtWork(genesys)
    const chat = await chatOf(stage, genesys)
    genesys.failNext({ leg: 'seat', operation: 'SendMessage', answer: { statusCode: 20 }, times: 3 })
    await Promise.all(['a', 'b', 'c'].map(text => stage.seat.say(chat, text, stage.call)))
    expect(
      genesys
        .transcriptOf(chat)
        .map(({ text }) => text)
        .sort(),
    ).toEqual(['a', 'b', 'c'])
    const ready = posted(genesys, '/me').filter(
      body => (body as { operationName?: string }).operationName === 'Ready',
    )
    expect(ready).toHaveLength(2)
  })

  test('one that is told late does not log in again', async () => {
    const genesys = await startCentre()
    const stage = await seatAtWork(genesys)
    genesys.faults.add({ kind: 'slow', ms: 1_000, route: '/api/v2/me/interactions/slow', times: 1 })
    const refuse = () => genesys.failNext({ leg: 'seat', operation: 'Reject', answer: { statusCode: 20 } })
    const late = stage.seat.operate('slow', { operation: 'Reject' }, stage.call)
    refuse()
    const soon = await stage.seat.operate('soon', { operation: 'Reject' }, stage.call)
    refuse()
    expect([soon.status, (await late).status]).toEqual([404, 404])
    const ready = posted(genesys, '/me').filter(
      body => (body as { operationName?: string }).operationName === 'Ready',
    )
    expect(ready).toHaveLength(2)
  })

  test('lost with everything that hangs on it: the seat is back at work, and gets invitations', async () => {
    const genesys = await startCentre()
    const stage = await seatAtWork(genesys)
    genesys.expireSeats('bot')
    await until('it is ready again', () => genesys.state.users.get('bot')?.isReady)
    await until('it hears again', () => genesys.subscriptionsOf('bot').length > 0)
    await stage.seat.accept(invite(genesys), stage.call)
    expect(stage.link.signal.aborted).toBe(false)
  })
})

test('a feed that is lost together with the login: the seat logs in again', async () => {
  let logins = 0
  let isExpired = false
  const stub = await startStub({
    me: (_request, reply) => {
      if (isExpired) {
        isExpired = false
        return reply.code(401).send({ statusCode: 20 })
      }
      logins += 1
      return undefined
    },
    bayeux: ({ channel, id = '' }) => {
      if (channel !== '/meta/connect' || logins !== 1) return undefined
      isExpired = true
      logins += 1
      return { channel, id, successful: false, error: '402::unknown', advice: { reconnect: 'handshake' } }
    },
  })
  runSeat(stub, { url: stub.url })
  const asked = (words: string) => stub.asked.filter(line => line.includes(words)).length
  await until(
    'it is at work again',
    () => asked('StartContactCenterSession') === 2 && asked('/interactions') === 2,
  )
  expect(isExpired).toBe(false)
})
