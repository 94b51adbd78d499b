import { expect, test } from 'vitest'
import type { News } from '../../../src/desks/chat-server/heard.ts'
import { createReading } from '../../../src/desks/chat-server/reading.ts'
import type { AgentEvent } from '../../../src/domain/agent-event.ts'
import { until } from '../../support/until.ts'
import { aRequest, toSession } from './support.ts'

const CONVERSATION = 'c-1'
const SESSION = { ...toSession(aRequest()), conversation: { id: CONVERSATION, state: null } }

function news(text: string, id?: string): News {
  const event: AgentEvent = {
    conversation: CONVERSATION,
    type: 'message',
    message: { text, attachments: [] },
  }
  if (id === undefined) return { kind: 'news', event, print: { content: text } }
  return { kind: 'news', event: { ...event, id }, print: { content: text, id } }
}

const ENDED: News = {
  kind: 'news',
  event: { conversation: CONVERSATION, type: 'closed', reason: 'agent' },
  print: { content: 'end' },
}

function setUp(cursor?: string) {
  const told: AgentEvent[] = []
  const cursors: string[] = []
  const reading = createReading(CONVERSATION, async (_session, event, at) => {
    await Promise.resolve()
    told.push(event)
    cursors.push(at)
  })
  const words = () => told.map(event => (event.type === 'message' ? event.message.text : event.type))
  const hears = async (...expected: string[]) => {
    await until('enough is told', () => told.length >= expected.length)
    expect(words()).toEqual(expected)
  }
  return { reading, told, cursors, hears, bind: () => reading.bind(SESSION, cursor) }
}

test('what is heard while we join waits for what was missed, and is not told again', async () => {
  const { reading, hears, bind } = setUp()
  bind()
  reading.live(news('ok'))
  reading.shut()
  reading.live(news('ok'))
  reading.live(news('new'))
  reading.replay([news('ok'), news('missed'), news('ok')], [])
  await hears('ok', 'missed', 'ok', 'new')
})

test('a live one without an id is found in the history that has one', async () => {
  const { reading, hears, bind } = setUp()
  bind()
  reading.shut()
  reading.live(news('hi'))
  reading.live(news('ho', '2'))
  reading.replay([news('hi', '1'), news('ho', '2')], [])
  reading.live(news('end', '3'))
  await hears('hi', 'ho', 'end')
})

test('what comes twice is told once, if it has an id', async () => {
  const { reading, hears, bind } = setUp()
  bind()
  reading.live(news('ok', '1'))
  reading.live(news('ok', '1'))
  reading.live(news('ok', '2'))
  await hears('ok', 'ok')
})

test('where no history comes, what was heard is told', async () => {
  const { reading, hears, bind } = setUp()
  bind()
  reading.shut()
  reading.live(news('ok'))
  reading.live(news('ok'))
  const caughtUp = reading.caughtUp()
  reading.open()
  await caughtUp
  await hears('ok', 'ok')
})

test('nothing is told before its session is known, and nothing after the end', async () => {
  const { reading, told, hears, bind } = setUp()
  reading.replay([news('one')], [])
  reading.live(news('two'))
  expect([told.length, reading.isBound(), reading.isWaiting()]).toEqual([0, false, true])
  bind()
  reading.live(ENDED)
  reading.live(news('too late'))
  reading.gone()
  await hears('one', 'two', 'closed')
  expect([reading.isBound(), reading.isWaiting()]).toEqual([true, false])
})

test('equal words without ids get ids of their own, and go on with the cursor', async () => {
  const first = setUp()
  first.bind()
  first.reading.live(news('ok'))
  first.reading.live(news('ok'))
  await first.hears('ok', 'ok')
  const second = setUp(first.cursors.at(-1))
  second.bind()
  second.reading.replay([news('ok'), news('ok'), news('ok')], [])
  await second.hears('ok')
  const ids = [...first.told, ...second.told].map(({ id }) => id)
  expect(new Set(ids).size).toBe(3)
})

test('who is there is told once, until they leave', async () => {
  const { reading, hears, bind } = setUp()
  bind()
  const rosa = { id: 'agent-1', name: 'Rosa' }
  const left: News = {
    kind: 'news',
    event: { conversation: CONVERSATION, type: 'agent-left', id: 'l' },
    print: { content: 'left', id: 'l' },
    who: 'agent-1',
  }
  reading.replay([], [rosa])
  reading.replay([], [rosa])
  reading.live(left)
  reading.replay([left], [rosa])
  await hears('assigned', 'agent-left', 'assigned')
})
