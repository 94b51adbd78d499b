import { describe, expect, it } from 'vitest'
import type { Answer } from '../../src/mediator/answer.ts'
import { saying, TO_AGENT } from './asks.ts'
import { buildApp, inject } from './kit.ts'

const done: Answer = { word: 'success', msg: 'done' }

/** What is asked of the mediator when these bytes are posted, and what is answered. */
async function post(bytes: Buffer) {
  const asked: unknown[] = []
  const app = await buildApp({
    send: async request => {
      asked.push(request.message.text)
      return done
    },
  })
  const { statusCode, body } = await inject(app, 'POST', TO_AGENT, bytes)
  return { asked, statusCode, msg: JSON.parse(body).msg }
}

const text = JSON.stringify(saying('u', 'mañana'))

describe('a body', () => {
  it('is read as UTF-8, with or without a mark that says so', async () => {
    for (const mark of ['', '\ufeff'])
      expect(await post(Buffer.from(mark + text))).toMatchObject({ statusCode: 200, asked: ['mañana'] })
  })

  it('of another encoding is refused, and none of its letters guessed', async () => {
    const answer = await post(Buffer.from(text, 'latin1'))
    expect(answer).toEqual({ statusCode: 400, msg: 'the body is not UTF-8', asked: [] })
  })

  it('that is no JSON, or nothing, is refused', async () => {
    expect(await post(Buffer.from('{"contact":'))).toMatchObject({
      statusCode: 400,
      msg: 'the body is not JSON',
    })
    expect(await post(Buffer.alloc(0))).toMatchObject({ statusCode: 400, asked: [] })
  })

  it('that lacks something says what', async () => {
    expect(await post(Buffer.from('{"contact":{}}'))).toMatchObject({
      statusCode: 400,
      msg: expect.stringContaining('contact.uuid: is missing'),
    })
  })
})
