import { expect, test } from 'vitest'
import { basic, call, createSeat, startCentre } from './genesys-kit.ts'

const seats = [
  { userName: 'bot', password: 'seat-password' },
  { userName: 'bot2', password: 'p2' },
]

test.each([
  ['none', {}],
  ['a wrong password', basic('bot', 'x')],
  ['an agent, who has no login', basic('ana', '')],
  ['an unknown user', basic('nobody', 'x')],
  ['no Basic', { authorization: 'Bearer x' }],
  ['a session nobody knows', { cookie: 'JSESSIONID=x' }],
])('credentials: %s', async (_label, headers) => {
  const { url } = await startCentre()
  const refused = { status: 401, body: { statusCode: 20, statusMessage: expect.any(String) } }
  const body = { operationName: 'Ready' }
  expect(await call(`${url}/api/v2/me`, 'GET', { headers })).toMatchObject(refused)
  expect(await call(`${url}/api/v2/me`, 'POST', { headers, body })).toMatchObject(refused)
  expect(await call(`${url}/api/v2/me/interactions/1`, 'POST', { headers, body })).toMatchObject(refused)
  expect(await call(`${url}/api/v2/notifications`, 'POST', { headers, body: [] })).toMatchObject(refused)
})

test('a seat is told who it is, and keeps its session by the cookie alone', async () => {
  const genesys = await startCentre()
  const seat = createSeat(genesys)
  const { body } = await seat.ask('GET', '/me')
  const id = genesys.state.users.get('bot')?.id
  expect(body).toEqual({
    statusCode: 0,
    user: {
      id,
      userName: 'bot',
      firstName: 'Bot',
      lastName: expect.any(String),
      roles: ['ROLE_AGENT'],
      enabled: true,
      uri: `${genesys.url}/api/v2/users/${id}`,
      path: `/users/${id}`,
    },
  })
  expect([...seat.jar.keys()]).toEqual(['JSESSIONID', 'AWSELB'])
  const before = new Map(seat.jar)
  delete seat.headers.authorization
  expect((await seat.ask('GET', '/me')).body).toMatchObject({ user: { id } })
  expect(seat.jar).toEqual(before)
})

test('the session of one seat is nothing to another', async () => {
  const genesys = await startCentre({ seats })
  const one = createSeat(genesys)
  const two = createSeat(genesys, 'bot2', 'p2')
  await one.ask('GET', '/me')
  expect((await two.ask('GET', '/me')).body).toMatchObject({ user: { userName: 'bot2' } })
  two.jar.set('JSESSIONID', String(one.jar.get('JSESSIONID')))
  expect(await two.ask('GET', '/me')).toMatchObject({ status: 401, body: { statusCode: 20 } })
})

test('a contact centre session: start, ready, not ready, end', async () => {
  const genesys = await startCentre()
  const seat = createSeat(genesys)
  const user = genesys.state.users.get('bot')
  expect((await seat.me('Ready')).body).toMatchObject({ statusCode: 2 })
  expect((await seat.me('StartContactCenterSession')).body).toMatchObject({ statusCode: 1 })
  expect((await seat.me('StartContactCenterSession', { channels: ['voice'] })).body).toMatchObject({
    statusCode: 2,
  })
  expect((await seat.ready()).body).toEqual({ statusCode: 0 })
  expect(user).toMatchObject({ isLoggedIn: true, isReady: true })
  await seat.me('NotReady')
  expect(user).toMatchObject({ isLoggedIn: true, isReady: false })
  expect((await seat.me('Dance')).body).toMatchObject({ statusCode: 2 })
  expect((await seat.ask('POST', '/me', {})).body).toMatchObject({ statusCode: 1 })
  expect((await seat.me('EndContactCenterSession')).body).toEqual({ statusCode: 0 })
  expect(user).toMatchObject({ isLoggedIn: false, isReady: false })
  expect(await seat.ask('GET', '/me')).toMatchObject({ status: 401, body: { statusCode: 20 } })
})

test('an expired session gets code 20 in spite of its login, and a fresh one the next time', async () => {
  const genesys = await startCentre({ seats })
  const seat = createSeat(genesys)
  const other = createSeat(genesys, 'bot2', 'p2')
  await seat.ready()
  await other.ready()
  const stale = seat.jar.get('JSESSIONID')
  genesys.expireSeats('bot')
  expect((await other.ask('GET', '/me')).status).toBe(200)
  expect(await seat.ask('GET', '/me')).toMatchObject({ status: 401, body: { statusCode: 20 } })
  expect(genesys.state.users.get('bot')).toMatchObject({ isLoggedIn: false, isReady: false })
  expect(seat.jar.get('JSESSIONID')).not.toBe(stale)
  expect((await seat.ask('GET', '/me')).status).toBe(200)
  expect((await seat.ready()).body).toEqual({ statusCode: 0 })
  seat.jar.set('JSESSIONID', String(stale))
  expect((await seat.ask('GET', '/me')).status).toBe(401)
})

test('with CSRF a GET tells the header, and what is not a GET must carry it', async () => {
  const genesys = await startCentre({ settings: { csrf: 'rest' } })
  const seat = createSeat(genesys)
  const refused = await seat.me('StartContactCenterSession', { channels: ['chat'] })
  expect(refused).toMatchObject({ status: 403, text: 'Missing or invalid Csrf token' })
  expect(refused.headers.get('content-type')).toContain('text/plain')
  expect((await seat.act('1', 'Accept')).status).toBe(403)
  expect((await seat.ask('POST', '/notifications', [])).status).toBe(400)
  const { headers } = await seat.ask('GET', '/me')
  expect(headers.get('x-csrf-header')).toBe('X-CSRF-TOKEN')
  seat.headers['X-CSRF-TOKEN'] = String(headers.get('x-csrf-token'))
  expect((await seat.ready()).body).toEqual({ statusCode: 0 })
  genesys.expireSeats()
  await seat.ask('GET', '/me')
  expect((await seat.me('Ready')).status).toBe(403)
})

test('CSRF may cover the notifications too', async () => {
  const genesys = await startCentre({ settings: { csrf: 'all' } })
  expect((await createSeat(genesys).ask('POST', '/notifications', [])).status).toBe(403)
})

test('without CSRF nobody speaks of it', async () => {
  const { headers } = await createSeat(await startCentre()).ask('GET', '/me')
  expect(headers.has('x-csrf-token')).toBe(false)
})

test('a seat sees what it has in hand', async () => {
  const genesys = await startCentre()
  const seat = createSeat(genesys)
  await seat.ready()
  const { interactionId } = genesys.customerStarts({ endpoint: 'chat-seat', userData: { key: 'k1' } })
  const shown = {
    id: interactionId,
    state: 'Invited',
    userData: { key: 'k1' },
    participants: [{ type: 'Customer' }],
  }
  const uri = `${genesys.url}/api/v2/interactions/${interactionId}`
  expect((await seat.ask('GET', '/me?subresources=*')).body).toMatchObject({ user: { chats: [shown] } })
  expect((await seat.ask('GET', '/me/interactions?fields=*')).body).toMatchObject({ interactions: [shown] })
  expect((await seat.ask('GET', '/me/interactions')).body).toEqual({ statusCode: 0, uris: [uri] })
  await seat.act(interactionId, 'Reject')
  expect((await seat.ask('GET', '/me/interactions')).body).toEqual({ statusCode: 0, uris: [] })
})

test('a login that is partly done is planted', async () => {
  const genesys = await startCentre()
  const answer = { statusCode: 7, statusMessage: 'partly', channels: { chat: { statusCode: 4 } } }
  genesys.failNext({ leg: 'seat', operation: 'StartContactCenterSession', answer })
  const seat = createSeat(genesys)
  const { body } = await seat.me('StartContactCenterSession', { channels: ['chat'] })
  expect(body).toEqual(answer)
  expect(genesys.state.users.get('bot')?.isLoggedIn).toBe(false)
})
