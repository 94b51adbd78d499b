import { MediatorError } from '../../domain/errors.ts'
import type { Call } from '../../lib/call.ts'
import { type Account, type Form, post } from './account.ts'
import { type Answered, demandSuccess, saysGone, saysNobody } from './errors.ts'

/*
 * The three endpoints of docs.yellow.ai/docs/platform_concepts/appConfiguration/customliveagent ("API specification"). There
 * is none to look something up, to close, or to ask whether somebody is there.
 */

/**
 * Opens a ticket and resolves to its id. Throws NO_AGENT, REJECTED, UNEXPECTED.
 * `POST createTicket/{company}`
 */
export async function createTicket(account: Account, form: Form, call: Call): Promise<string> {
  const answered = await post(account, 'createTicket', form, call)
  // Inferred: neither flag set means "not registered", whichever status word stands beside it.
  if (saysNobody(answered))
    throw new MediatorError('NO_AGENT', `${answered.where}: no agent is available, and nothing is queued`)
  const { ticketId } = demandSuccess(answered).data
  if (ticketId !== undefined) return ticketId
  throw new MediatorError('UNEXPECTED', `${answered.where}: the answer has no ticketId`)
}

/** Says a text. Throws CONVERSATION_GONE, REJECTED, UNEXPECTED. `POST sendMessage/{company}` */
export async function sendMessage(account: Account, form: Form, text: string, call: Call): Promise<void> {
  const ticket = { messageType: 'text', message: text, ...form.ticket }
  demandTaken(await post(account, 'sendMessage', { ...form, ticket }, call), text)
}

export type MediaJson = { type: 'image' | 'video' | 'file'; url: string }

/** Sends the address of a file. Throws as sendMessage. `POST sendMedia/{company}` */
export async function sendMedia(
  account: Account,
  form: Form,
  mediaJson: MediaJson,
  call: Call,
): Promise<void> {
  const ticket = { messageType: 'media', mediaJson, ...form.ticket }
  demandTaken(await post(account, 'sendMedia', { ...form, ticket }, call), mediaJson.url)
}

function demandTaken(answered: Answered, said: string): void {
  if (saysGone(answered, said))
    throw new MediatorError('CONVERSATION_GONE', `${answered.where}: the ticket is closed or unknown`)
  demandSuccess(answered)
}
