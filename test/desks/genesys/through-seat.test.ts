import { pino } from 'pino'
import { describe, expect, test } from 'vitest'
import type { OpeningRequest } from '../../../src/desks/desk.ts'
import { genesys } from '../../../src/desks/genesys/index.ts'
import type { Seat } from '../../../src/desks/genesys/seat/index.ts'
import { throughSeat } from '../../../src/desks/genesys/through-seat.ts'
import { MediatorError } from '../../../src/domain/errors.ts'
import { anOpening, aSending, aSession, expectError, GIVEN_GMS, GIVEN_GWS, setStage } from './support.ts'

const SEAT = { user: 'bot', password: 'seat-password', nickname: 'Bot' }
const ALONE = { ...GIVEN_GWS, customer_api: 'none', seat: SEAT }
const call = { signal: new AbortController().signal, log: pino({ level: 'silent' }), attempt: 1 }
const CONVERSATION = { id: '0000Na9B26EF002X', state: { leg: 'seat' } }

/** Writes down what it is told to do; fails at what it is told to fail at. */
function fakeSeat(failing?: string): { seat: Seat; done: string[] } {
  const done: string[] = []
  const act =
    (what: string) =>
    async (...args: unknown[]): Promise<void> => {
      done.push([what, ...args.slice(0, -1)].join(' '))
      if (what === failing) throw new MediatorError('REJECTED', 'the seat was refused')
    }
  const seat: Seat = {
    link: { name: 'seat', run: async () => undefined },
    operate: async () => ({ status: 200, msg: 'done', vendor: {} }),
    accept: act('accept'),
    say: act('say'),
    finish: act('finish'),
    handOver: act('hand over'),
  }
  return { seat, done }
}

function talk(failing?: string, more: Record<string, unknown> = {}) {
  const { seat, done } = fakeSeat(failing)
  return { ...throughSeat(seat, genesys.settings.parse({ ...ALONE, ...more })), done }
}

const opening = (more: Partial<OpeningRequest> = {}) => anOpening({ conversation: CONVERSATION.id, ...more })

describe('a desk without a part as customer', () => {
  test('takes up the interaction it is given, and hands it to the department', async () => {
    const { openConversation, done } = talk()
    expect(await openConversation(opening(), call)).toEqual({ conversation: CONVERSATION, state: 'queued' })
    expect(done).toEqual([`accept ${CONVERSATION.id}`, `hand over ${CONVERSATION.id} GTM_HIV`])
  })

  test.each([[undefined], ['say']])(
    'shows the results before it hands over, if it can (%s)',
    async failing => {
      const { openConversation, done } = talk(failing, { send_history: true })
      await openConversation(opening(), call)
      expect(done[1]).toBe(`say ${CONVERSATION.id} age: 34\ntopic: a & b`)
      expect(done[2]).toContain('hand over')
    },
  )

  test('cannot begin without an interaction', async () => {
    const { openConversation, done } = talk()
    const refused = openConversation(opening({ conversation: undefined }), call)
    expectError(await refused.catch(error => error), 'INVALID', 'interactionId')
    expect(done).toEqual([])
  })

  test('says that an interaction is unknown, to who names it', async () => {
    const { seat } = fakeSeat()
    const gone = async () => Promise.reject(new MediatorError('CONVERSATION_GONE', 'not found'))
    const { openConversation } = throughSeat({ ...seat, accept: gone }, genesys.settings.parse(ALONE))
    const outcome = await openConversation(opening(), call).catch(error => error)
    expectError(outcome, 'INVALID', 'interactionId')
  })

  test.each([['accept'], ['hand over']])('does not begin where the seat cannot %s', async failing => {
    const { openConversation } = talk(failing)
    expectError(await openConversation(opening(), call).catch(error => error), 'REJECTED')
  })

  test('speaks and finishes by the seat', async () => {
    const { sendToAgent, closeConversation, done } = talk()
    await sendToAgent(aSending({ text: 'hello' }, CONVERSATION), call)
    await closeConversation(aSession(CONVERSATION), 'bot', call)
    expect(done).toEqual([`say ${CONVERSATION.id} hello`, `finish ${CONVERSATION.id}`])
  })

  test('has nothing to finish that never began', async () => {
    const { conversation: _, ...session } = aSession(CONVERSATION)
    const { closeConversation, done } = talk()
    await closeConversation(session, 'failed', call)
    expect(done).toEqual([])
  })
})

describe('what a desk has', () => {
  test.each([
    ['gws', GIVEN_GWS, ['chats'], false],
    ['gms', GIVEN_GMS, ['chats'], false],
    ['gws and a seat', { ...GIVEN_GWS, seat: SEAT }, ['chats', 'seat'], true],
    ['a seat alone', ALONE, ['seat'], true],
  ])('%s', (_, settings, links, operates) => {
    const { desk } = setStage(settings)
    const found = desk.inbound.kind === 'link' ? desk.inbound.links.map(({ name }) => name) : []
    expect(found).toEqual(links)
    expect(desk.operate !== undefined).toBe(operates)
  })

  test('a file is a piece of its own', () => {
    const file = { contentType: 'image/png', url: 'https://files.example.org/a.png' }
    const pieces = setStage(GIVEN_GWS).desk.pieces?.({ text: 'see', attachments: [file] })
    expect(pieces).toEqual([
      { text: 'see', attachments: [] },
      { text: '', attachments: [file] },
    ])
  })
})
