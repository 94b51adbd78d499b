import nock from 'nock'
import { describe, expect, it, vi } from 'vitest'
import { api, contact, created, makeCall, mockRapidPro, openBot, session, text } from './kit.ts'

mockRapidPro()

const required = { contact: ['This field is required.'] }
const message = (words: string) => ({ contact, text: words })
const broadcast = (words: string) => ({ contacts: [contact], text: words })

function probe() {
  return api('messages', (body: unknown) => JSON.stringify(body) === '{}')
}

describe('which API sends messages', () => {
  it.each([405, 404])('%i to an empty message: broadcasts, remembered', async status => {
    probe().reply(status, { detail: 'x' })
    api('broadcasts', broadcast('one')).reply(201, created())
    api('broadcasts', broadcast('two')).reply(201, created())
    const bot = openBot({ api: 'auto' })
    await bot.sendToClient(session, text('one'), makeCall())
    await bot.sendToClient(session, text('two'), makeCall())
  })

  it('400 to an empty message: messages, remembered', async () => {
    probe().reply(400, required)
    api('messages', message('one')).reply(201, created())
    api('messages', message('two')).reply(201, created())
    const bot = openBot({ api: 'auto' })
    await bot.sendToClient(session, text('one'), makeCall())
    await bot.sendToClient(session, text('two'), makeCall())
  })

  it.each([
    [500, 'Server Error', 'UNREACHABLE'],
    [403, { detail: 'Invalid token' }, 'MISCONFIGURED'],
    [302, '', 'MISCONFIGURED'],
    [400, '<html>', 'UNEXPECTED'],
    [200, '<html>', 'UNEXPECTED'],
  ])('%i %j: nothing is remembered', async (status, body, code) => {
    const bot = openBot({ api: 'auto' })
    probe().reply(status, body)
    await expect(bot.sendToClient(session, text('one'), makeCall())).rejects.toMatchObject({ code })
    probe().reply(400, required)
    api('messages', message('one')).reply(201, created())
    await bot.sendToClient(session, text('one'), makeCall())
  })

  it('is asked once by callers at the same time, and one who leaves does not fail the others', async () => {
    const leaves = new AbortController()
    probe()
      .delay(20)
      .reply(() => [400, required])
    api('messages', message('one')).reply(201, created())
    api('messages', message('two')).reply(201, created())
    const bot = openBot({ api: 'auto' })
    const first = bot.sendToClient(session, text('left'), makeCall(1, leaves.signal))
    const others = ['one', 'two'].map(words => bot.sendToClient(session, text(words), makeCall()))
    leaves.abort()
    await expect(first).rejects.toMatchObject({ code: 'TIMEOUT' })
    await Promise.all(others)
  })

  it('is not waited for by a call that is over', async () => {
    probe().reply(500, 'Server Error')
    const sending = openBot({ api: 'auto' }).sendToClient(
      session,
      text('one'),
      makeCall(1, AbortSignal.abort()),
    )
    await expect(sending).rejects.toMatchObject({ code: 'TIMEOUT' })
    await vi.waitUntil(() => nock.isDone())
  })

  it('is found out again when messages.json has gone, in the same call', async () => {
    const bot = openBot({ api: 'auto' })
    probe().reply(400, required)
    api('messages', message('one')).reply(405, { detail: 'x' })
    probe().reply(405, { detail: 'x' })
    api('broadcasts', broadcast('one')).reply(201, created())
    await bot.sendToClient(session, text('one'), makeCall())
  })

  it('is found out again when broadcasts.json has gone', async () => {
    const bot = openBot({ api: 'auto' })
    probe().reply(404, 'no such page')
    api('broadcasts', broadcast('one')).reply(404, 'no such page')
    const sending = bot.sendToClient(session, text('one'), makeCall())
    await expect(sending).rejects.toMatchObject({ code: 'MISCONFIGURED', transient: true })
    probe().reply(400, required)
    api('messages', message('one')).reply(201, created())
    await bot.sendToClient(session, text('one'), makeCall())
  })

  it('is not asked when configured; an API that is not there is said', async () => {
    api('messages', message('one')).reply(405, { detail: 'x' })
    const sending = openBot({ api: 'messages' }).sendToClient(session, text('one'), makeCall())
    await expect(sending).rejects.toMatchObject({ code: 'MISCONFIGURED' })
  })
})
