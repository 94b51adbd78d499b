import { afterEach, expect, test } from 'vitest'
import type { Standing } from '../../../src/desks/desk.ts'
import { aCall, expectError, openTalk, outcomeOf, setStage, strike } from './support.ts'

afterEach(strike)

async function setTalk() {
  const stage = await setStage()
  const talk = await openTalk(stage)
  const { session } = talk
  const { lookUp } = stage.desk
  if (!lookUp) throw new Error('it can be asked')
  const look = (): Promise<Standing> => lookUp({ ...session, conversation: session.conversation }, aCall())
  return { ...stage, talk, look }
}

test('a conversation goes on while it has no transcript', async () => {
  const { look, talk, server } = await setTalk()
  const before = server.state.requests.length
  expect(await look()).toEqual({ state: talk.session.state === 'queued' ? 'queued' : 'assigned' })
  expect(server.state.requests.slice(before).map(({ method }) => method)).toEqual(['GET'])
})

test('one that has ended without a word has one', async () => {
  const { look, talk, server } = await setTalk()
  const conversation = server.state.conversations.get(talk.id)
  if (conversation) conversation.isOpen = false
  expect(await look()).toEqual({ state: 'closed' })
})

test('one the server knows nothing of may go on', async () => {
  const { look, server } = await setTalk()
  server.state.conversations.clear()
  expect(await look()).not.toEqual({ state: 'closed' })
})

test('a failing server says nothing', async () => {
  const { look, server } = await setTalk()
  server.settings.transcriptAnswers = ['error']
  expectError(await outcomeOf(look()), 'UNREACHABLE')
})
