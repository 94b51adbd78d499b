import { expect, test } from 'vitest'
import { basic, call, createClient, startCentre } from './genesys-kit.ts'

test('a chat from its request to its end', async () => {
  const genesys = await startCentre()
  const { chatId, created, act } = await createClient(genesys).start({
    'userData[key]': 'k1',
    subject: 'a&b',
  })
  expect(created).toMatchObject({ statusCode: 0, chatEnded: false, nextPosition: 2, alias: '117' })
  const chat = genesys.chatOf('k1')
  expect(chat).toMatchObject({ id: chatId, subject: 'a&b', userData: { key: 'k1' } })
  expect(chat?.interactionId).not.toBe(chatId)
  const text = 'a & b\n= 👋🏽 + c%20d'
  await act('startTyping')
  await act('stopTyping')
  const sent = await act('send', { message: text })
  expect(sent.body).toMatchObject({ statusCode: 0, messages: [], nextPosition: 6 })
  genesys.agentSays('k1', 'hello')
  const { body } = await act('refresh', { transcriptPosition: '1' })
  const from = { nickname: 'Eva', participantId: 1, type: 'Client' }
  expect(body).toMatchObject({
    statusCode: 0,
    chatEnded: false,
    nextPosition: 7,
    secureKey: expect.any(String),
  })
  expect(body.messages).toMatchObject([
    { index: 1, type: 'ParticipantJoined', from },
    { index: 2, type: 'ParticipantJoined', from: { participantId: 2, type: 'Agent' } },
    { index: 3, type: 'TypingStarted', from },
    { index: 4, type: 'TypingStopped', from },
    { index: 5, type: 'Message', text, utcTime: expect.any(Number), from },
    { index: 6, type: 'Message', text: 'hello', from: { nickname: 'Ana', type: 'Agent' } },
  ])
  expect((await act('disconnect')).body).toMatchObject({ statusCode: 0, chatEnded: true })
  for (const what of ['send', 'startTyping', 'disconnect'])
    expect((await act(what, { message: 'x' })).body).toMatchObject({ statusCode: 2, chatEnded: true })
  expect((await act('refresh', { transcriptPosition: '7' })).body).toMatchObject({
    statusCode: 0,
    chatEnded: true,
    messages: [{ type: 'ParticipantLeft' }, { type: 'ParticipantLeft' }],
  })
})

test('the position says from where on: 1 all, 0 nothing, absent all', async () => {
  const genesys = await startCentre()
  const { chatId, act } = await createClient(genesys).start()
  genesys.agentSays(chatId, 'one')
  genesys.agentWhispers(chatId, 'psst')
  const indices = async (form: Record<string, string>) => {
    const { body } = await act('refresh', form)
    return [body.nextPosition, ...(body.messages as { index: number }[]).map(({ index }) => index)]
  }
  expect(await indices({ transcriptPosition: '1' })).toEqual([5, 1, 2, 3])
  expect(await indices({ transcriptPosition: '3' })).toEqual([5, 3])
  expect(await indices({ transcriptPosition: '5' })).toEqual([5])
  expect(await indices({ transcriptPosition: '0' })).toEqual([5])
  expect(await indices({})).toEqual([5, 1, 2, 3])
  expect(await indices({ message: 'too', transcriptPosition: '5' })).toEqual([6, 5])
  genesys.settings.leakWhispers = true
  expect(await indices({ transcriptPosition: '3' })).toEqual([6, 3, 4, 5])
  const polls = genesys.chatOf(chatId)?.polls.map(({ index }) => index)
  expect(polls).toEqual([1, 3, 5, 0, undefined, 5, 3])
})

test('a message may bring the transcript with it', async () => {
  const { act } = await createClient(await startCentre()).start()
  const { body } = await act('send', { message: 'x', transcriptPosition: '3' })
  expect(body).toMatchObject({ nextPosition: 4, messages: [{ index: 3, text: 'x' }] })
})

test.each([
  ['another key', { secureKey: 'x' }, { statusCode: 2 }],
  ['another user', { userId: 'x' }, { statusCode: 2 }],
  ['another alias', { alias: 'x' }, { statusCode: 2 }],
  ['no key', { secureKey: '' }, { statusCode: 1 }],
  ['no message', { message: '' }, { statusCode: 1 }],
  ['a position that is no number', { transcriptPosition: 'x' }, { statusCode: 1 }],
])('a call with %s is refused, and said nothing', async (_label, change, expected) => {
  const genesys = await startCentre()
  const { chatId, act } = await createClient(genesys).start()
  const { body } = await act('send', { message: 'x', ...change })
  expect(body).toMatchObject({
    ...expected,
    errors: [{ code: expect.any(Number), advice: expect.any(String) }],
  })
  expect(genesys.transcriptOf(chatId)).toEqual([])
})

test('names come as one field or two', async () => {
  const client = createClient(await startCentre())
  const { body } = await client.ask('', { firstName: 'Eva', lastName: 'Luna' })
  expect(body.messages).toMatchObject([{ from: { nickname: 'Eva Luna' } }])
  expect((await client.ask('', { firstName: 'Eva' })).body).toMatchObject({ statusCode: 1 })
})

test('what is not there is 404 or 2', async () => {
  const genesys = await startCentre()
  const { chatId, keys } = await createClient(genesys).start()
  const elsewhere = createClient(genesys, 'chat-queue')
  expect(await createClient(genesys, 'none').ask('', { nickname: 'E' })).toMatchObject({ status: 404 })
  expect((await elsewhere.ask(`/${chatId}/send`, { ...keys, message: 'x' })).body).toMatchObject({
    statusCode: 2,
  })
  expect((await elsewhere.ask('/none/refresh', keys)).body).toMatchObject({ statusCode: 2, chatEnded: true })
  expect(await elsewhere.ask(`/${chatId}/explode`, keys)).toMatchObject({ status: 404 })
})

test('JSON is no form', async () => {
  const { url } = await startCentre()
  const answer = await call(`${url}/genesys/2/chat/chat-general`, 'POST', { body: { nickname: 'Eva' } })
  expect(answer).toMatchObject({ status: 415, body: { statusCode: 1 } })
})

test('a node with a login lets nobody in without', async () => {
  const genesys = await startCentre({ gmsAuth: { user: 'gms', password: 's:p' } })
  expect(await createClient(genesys).ask('', { nickname: 'E' })).toMatchObject({ status: 401 })
  const wrong = createClient(genesys, 'chat-general', basic('gms', 'no'))
  expect(await wrong.ask('', { nickname: 'E' })).toMatchObject({ status: 401 })
  const right = createClient(genesys, 'chat-general', basic('gms', 's:p'))
  expect(await right.ask('', { nickname: 'E' })).toMatchObject({ status: 200, body: { statusCode: 0 } })
})

test('an end by the agent, and a chat the centre has forgotten', async () => {
  const genesys = await startCentre()
  const { chatId, act } = await createClient(genesys).start()
  genesys.agentEnds(chatId)
  expect((await act('refresh')).body).toMatchObject({ statusCode: 0, chatEnded: true })
  genesys.forgetChat(chatId)
  expect((await act('refresh')).body).toMatchObject({ statusCode: 2, chatEnded: true })
})

test('planted failures come in the words of GMS', async () => {
  const genesys = await startCentre()
  const { act } = await createClient(genesys).start()
  genesys.failNext({ leg: 'gms', operation: 'send', answer: { statusCode: 1, chatEnded: false }, http: 500 })
  genesys.failNext({ leg: 'gms', operation: 'create', answer: 'html502' })
  const failed = { status: 500, body: { statusCode: 1, chatEnded: false, errors: [{}] } }
  expect(await act('send', { message: 'x' })).toMatchObject(failed)
  expect((await act('send', { message: 'x' })).body).toMatchObject({ statusCode: 0 })
  expect(await createClient(genesys).ask('', { nickname: 'E' })).toMatchObject({ status: 502 })
})
