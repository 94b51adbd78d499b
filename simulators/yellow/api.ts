import type { FastifyInstance, FastifyReply } from 'fastify'
import type { ZodError, ZodType } from 'zod'
import { type Envelope, fail, succeed } from './envelope.ts'
import { mediaMessage, newTicket, textMessage, unwrap } from './forms.ts'
import { guard } from './server.ts'
import type { Desk } from './state.ts'
import { newTicketId, onTheWire } from './ticket-ids.ts'
import type { Line, Mode, Ticket } from './types.ts'

/** The three endpoints. */
export function addApi(parent: FastifyInstance, desk: Desk): void {
  parent.register(async app => {
    guard(app, desk)
    app.post('/createTicket/:company', ({ body }, reply) => createTicket(desk, body, reply))
    app.post('/sendMessage/:company', ({ body }) =>
      take(textMessage, body, ({ message, ...form }) => {
        return addLine(desk, form, { kind: 'text', content: message })
      }),
    )
    app.post('/sendMedia/:company', ({ body }) =>
      take(mediaMessage, body, ({ mediaJson, ...form }) => {
        return addLine(desk, form, { kind: mediaJson.type, content: mediaJson.url })
      }),
    )
  })
}

/** Answers a form that has a mandatory field missing or wrong with a failure that names it. */
function take<Form>(schema: ZodType<Form>, body: unknown, act: (form: Form) => Envelope): Envelope {
  const read = schema.safeParse(unwrap(body)?.form)
  return read.success ? act(read.data) : fail(explain(read.error))
}

function explain({ issues: [issue] }: ZodError): string {
  const field = issue?.path.join('.')
  return field ? `${field} is mandatory and must be as documented` : 'the body is no JSON object'
}

/** What is answered to a form in order, in place of a ticket. */
const REFUSALS: Partial<Record<Mode, Envelope>> = {
  failure200: fail('the ticket could not be created'),
  none: succeed({ isAgentAvailable: false, isQueued: false }, 'no agent is available'),
}

function createTicket(desk: Desk, body: unknown, reply: FastifyReply): FastifyReply | Envelope {
  const { mode } = desk.settings
  if (mode === 'http500') return reply.code(500).type('text/plain').send('Internal Server Error')
  const answer = take(newTicket, body, form => REFUSALS[mode] ?? open(desk, form))
  return mode === 'timeout' ? reply.hijack() : answer
}

function open(desk: Desk, form: NewTicket): Envelope {
  const ticket = repeated(desk, form.messageId) ?? openTicket(desk, form)
  return succeed({ ticketId: onTheWire(ticket), ...flagsOf(desk.settings.mode) }, 'ticket created')
}

function flagsOf(mode: Mode): Record<string, boolean> {
  if (mode === 'no-flags') return {}
  return { isAgentAvailable: mode !== 'queued', isQueued: mode === 'queued' }
}

function repeated({ settings, state }: Desk, messageId: string): Ticket | undefined {
  return settings.knowsRepeats ? state.tickets.get(state.seen.get(messageId) ?? '') : undefined
}

type NewTicket = { senderId: string; source: string; userName: string; messageId: string }

function openTicket({ settings: { mode }, state }: Desk, form: NewTicket): Ticket {
  const { senderId, source, userName } = form
  const ticket: Ticket = {
    ...newTicketId(mode, state.tickets.size),
    state: mode === 'queued' ? 'QUEUED' : 'OPEN',
    senderId,
    source,
    userName,
    form,
    lines: [],
  }
  state.tickets.set(ticket.id, ticket)
  state.seen.set(form.messageId, ticket.id)
  return ticket
}

type Said = { ticketId: string; userName: string; messageId: string }

function addLine(
  desk: Desk,
  { ticketId, userName: name, messageId }: Said,
  said: Pick<Line, 'kind' | 'content'>,
): Envelope {
  const { state, now } = desk
  const ticket = state.tickets.get(ticketId)
  if (!ticket) return fail(`Ticket ${ticketId} not found`)
  if (ticket.state === 'CLOSED') return fail(`Ticket ${ticketId} is already closed`)
  if (!repeated(desk, messageId)) ticket.lines.push({ by: 'client', name, ...said, messageId, at: now() })
  state.seen.set(messageId, ticketId)
  return succeed({ ticketId: onTheWire(ticket) }, 'message received')
}
