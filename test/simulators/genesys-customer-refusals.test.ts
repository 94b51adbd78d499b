import { expect, test } from 'vitest'
import { basic, call, createCustomer, startCentre } from './genesys-kit.ts'

const known = { ContactCenterId: 'simulated-contact-center' }

test.each([
  ['no contact center', {}, 400, 1],
  ['another contact center', { ContactCenterId: 'x' }, 403, 3],
  ['a login', { ...known, ...basic() }, 403, 3],
  ['the cookie of a seat', { ...known, cookie: 'AWSELB=1; JSESSIONID=2' }, 403, 3],
  ['the cookie of a feed', { ...known, cookie: 'BAYEUX_BROWSER=1' }, 403, 3],
])('a request with %s is refused, whatever it asks', async (_label, headers, status, statusCode) => {
  const { url, state } = await startCentre()
  const body = { operationName: 'RequestChat', nickname: 'Eva', subject: 'help' }
  for (const answer of [
    await call(`${url}/api/v2/chats`, 'POST', { headers, body }),
    await call(`${url}/api/v2/chats/1`, 'GET', { headers }),
    await call(`${url}/api/v2/chats/1/messages?index=0`, 'GET', { headers }),
  ])
    expect(answer).toMatchObject({ status, body: { statusCode } })
  expect(state.chats.size).toBe(0)
})

test('the cookie of a load balancer is welcome', async () => {
  const { url } = await startCentre()
  const sent = {
    headers: { ...known, cookie: 'AWSELB=1' },
    body: { operationName: 'RequestChat', nickname: 'Eva', subject: 'help' },
  }
  expect((await call(`${url}/api/v2/chats`, 'POST', sent)).body).toMatchObject({ statusCode: 0 })
})

test.each([
  ['no nickname', { nickname: undefined }, 1],
  ['no subject', { subject: undefined }, 1],
  ['no operation', { operationName: undefined }, 1],
  ['another operation', { operationName: 'Request' }, 2],
  ['an unknown endpoint', { endpoint: 'nowhere' }, 6],
  ['attached data that is a list', { userData: ['a'] }, 2],
  ['attached data with an object in it', { userData: { a: {} } }, 2],
])('a RequestChat with %s gets a code', async (_label, change, statusCode) => {
  const genesys = await startCentre()
  const body = { operationName: 'RequestChat', nickname: 'Eva', subject: 'help', ...change }
  const answer = await createCustomer(genesys).ask('POST', '', body)
  expect(answer).toMatchObject({ status: 200, body: { statusCode, statusMessage: expect.any(String) } })
  expect(genesys.state.chats.size).toBe(0)
})

test('settings choose the code of an unknown endpoint and the HTTP status', async () => {
  const genesys = await startCentre({ settings: { unknownEndpoint: 2, errorStatus: 'mapped' } })
  const customer = createCustomer(genesys)
  const body = { operationName: 'RequestChat', nickname: 'Eva', subject: 'help', endpoint: 'nowhere' }
  expect(await customer.ask('POST', '', body)).toMatchObject({ status: 409, body: { statusCode: 2 } })
  expect(await customer.ask('GET', '/none')).toMatchObject({ status: 404, body: { statusCode: 6 } })
})

test('an operation that does not exist, or lacks its text, is refused', async () => {
  const customer = createCustomer(await startCentre())
  const id = await customer.start()
  expect((await customer.act(id, 'constructor')).body).toMatchObject({ statusCode: 2 })
  expect((await customer.act(id, 'SendMessage')).body).toMatchObject({ statusCode: 1 })
  expect((await customer.act(id, 'SendMessage', { text: 5 })).body).toMatchObject({ statusCode: 2 })
  expect((await customer.ask('GET', `/${id}/messages?index=x`)).body).toMatchObject({ statusCode: 2 })
})

test('each planted failure strikes the operation it is for, as often as it says', async () => {
  const genesys = await startCentre()
  const customer = createCustomer(genesys)
  const id = await customer.start()
  const answer = { statusCode: 4, statusMessage: 'busy' }
  genesys.failNext({ leg: 'customer', operation: 'SendMessage', answer, http: 500, times: 2 })
  genesys.failNext({ operation: 'GetMessages', answer: 'html502' })
  genesys.failNext({ leg: 'seat', answer: { statusCode: 4 } })
  expect((await customer.ask('GET', `/${id}`)).body).toMatchObject({ statusCode: 0 })
  for (let time = 0; time < 2; time++)
    expect(await customer.act(id, 'SendMessage', { text: 'x' })).toMatchObject({ status: 500, body: answer })
  expect((await customer.act(id, 'SendMessage', { text: 'x' })).body).toEqual({ statusCode: 0 })
  expect(await customer.ask('GET', `/${id}/messages?index=0`)).toMatchObject({ status: 502, body: {} })
  expect(await customer.messages(id, '?index=3')).toHaveLength(1)
})
