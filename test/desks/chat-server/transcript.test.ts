import { afterEach, expect, test } from 'vitest'
import type { TranscriptType } from '../../../src/desks/desk.ts'
import { aCall, expectError, openTalk, outcomeOf, setStage, strike, toSending } from './support.ts'

afterEach(strike)

async function setTalk() {
  const stage = await setStage()
  const talk = await openTalk(stage)
  await stage.desk.sendToAgent(toSending(talk.session, { text: 'hello' }), aCall())
  const ask = (type: TranscriptType, id = talk.id) =>
    outcomeOf(stage.desk.transcript?.(id, type, aCall()) ?? Promise.reject(new Error('none')))
  return { ...stage, talk, ask }
}

test('there is none until the conversation is over; then a file, or a mail', async () => {
  const { ask, desk, talk } = await setTalk()
  expectError(await ask('pdf'), 'NOT_FOUND', 'until the conversation has ended')
  await desk.closeConversation(talk.session, 'bot', aCall())
  const file = (await ask('pdf')) as { kind: string; contentType: string; bytes: Buffer }
  expect(file).toMatchObject({ kind: 'file', contentType: 'application/pdf' })
  expect(file.bytes.toString('latin1', 0, 5)).toBe('%PDF-')
  expect(await ask('email')).toEqual({ kind: 'sent' })
  expectError(await ask('pdf', '../../health'), 'NOT_FOUND')
})

test.each(['error', 'unavailable'] as const)('is unreachable on the answer "%s"', async answer => {
  const { ask, server } = await setTalk()
  server.settings.transcriptAnswers = [answer]
  expectError(await ask('pdf'), 'UNREACHABLE')
})
