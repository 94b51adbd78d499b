import { describe, expect, it } from 'vitest'
import type { Entry } from '../../src/domain/mailbox.ts'
import type { Session } from '../../src/domain/session.ts'
import { noticeOf } from '../../src/mediator/failure-notice.ts'
import { textsSchema } from '../../src/mediator/texts.ts'

const TEXTS = textsSchema.parse({
  client_delayed: 'wait',
  client_failed: '',
  agent_delayed: 'client is away',
  spa: { client_delayed: 'espere', agent_delayed: 'el cliente no está' },
})

const session: Session = {
  id: 's',
  bot: 'bot',
  client: { uuid: 'u' },
  department: 'd',
  openedAt: 0,
  gate: { open: true, dayType: 'workingday', dayName: 'monday', at: 0 },
  state: 'assigned',
}

const message: Entry = {
  id: 'm.2',
  at: 0,
  kind: 'message',
  message: { text: 'x', attachments: [] },
  piece: 'last',
}

function tell(
  head: Entry,
  what: 'delayed' | 'failed',
  direction: 'to_agent' | 'to_client',
  language?: string,
) {
  const spoken = { ...session, ...(language !== undefined && { language }) }
  return noticeOf({ head, session: spoken, turn: { session: 's', direction, fence: 1 } }, TEXTS, what, 7)
}

describe('a notice', () => {
  it('goes to who wrote, and has one id for all pieces of a message', () => {
    expect(tell(message, 'delayed', 'to_agent')).toEqual({
      id: 'm~delayed',
      at: 7,
      kind: 'notice',
      text: 'wait',
    })
    expect(tell(message, 'delayed', 'to_client')).toMatchObject({ text: 'client is away' })
  })

  it('is in the language of the session', () => {
    expect(tell(message, 'delayed', 'to_agent', 'es-GT')).toMatchObject({ text: 'espere' })
    expect(tell(message, 'delayed', 'to_client', 'spa')).toMatchObject({ text: 'el cliente no está' })
    expect(tell(message, 'delayed', 'to_agent', 'eng')).toMatchObject({ text: 'wait' })
  })

  it('is none where its text is empty', () => {
    expect(tell(message, 'failed', 'to_agent')).toBeUndefined()
  })

  it('is told of our own words once, and not of what was told of them', () => {
    const words = (id: string): Entry => ({ id, at: 0, kind: 'notice', text: 'x' })
    expect(tell(words('m~delayed'), 'delayed', 'to_agent')).toMatchObject({ id: 'm~delayed~delayed' })
    expect(tell(words('m~delayed~delayed'), 'delayed', 'to_agent')).toBeUndefined()
    expect(tell(words('m~delayed'), 'failed', 'to_client')).toBeUndefined()
  })

  it('is none of a closing or a hand-over back', () => {
    expect(tell({ id: 'c', at: 0, kind: 'close', reason: 'bot' }, 'delayed', 'to_agent')).toBeUndefined()
    expect(tell({ id: 'e', at: 0, kind: 'end', reason: 'agent' }, 'failed', 'to_client')).toBeUndefined()
  })
})
