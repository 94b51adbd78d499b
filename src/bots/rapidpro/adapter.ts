import { MediatorError } from '../../domain/errors.ts'
import type { Message } from '../../domain/message.ts'
import type { Session } from '../../domain/session.ts'
import type { Call } from '../../lib/call.ts'
import type { Kit } from '../../lib/kit.ts'
import type { Bot } from '../bot.ts'
import { findApi, postBroadcast, postFlowStart, postMessage, type Workspace } from './api.ts'
import { type ApiChoice, createApiChoice } from './api-choice.ts'
import { createHold } from './hold.ts'
import { describeLink, hostFile } from './media.ts'
import type { Settings } from './settings.ts'
import { doubled, plain, splitText, type Weigh, weight } from './split-text.ts'

type Account = { workspace: Workspace; choice: ApiChoice; settings: Settings }

/** The bot of one RapidPro workspace. */
export function createRapidPro(settings: Settings, kit: Kit): Bot {
  const account = openAccount(settings, kit)
  return {
    name: kit.name,
    pieces: (message, call) => cut(account, message, call),
    sendToClient: (session, message, call) => send(account, session.client.uuid, message, call),
    endHandoff: (session, ending, call) => startEndedFlow(account, session, ending, call),
  }
}

function openAccount(settings: Settings, kit: Kit): Account {
  const scopes = {
    messages: createHold(kit.clock),
    broadcasts: createHold(kit.clock),
    general: createHold(kit.clock),
  }
  const workspace = {
    bot: kit.name,
    http: kit.http,
    files: kit.files,
    url: settings.url,
    token: settings.token,
    scopes,
  }
  return { workspace, settings, choice: createApiChoice(settings.api, call => findApi(workspace, call)) }
}

/** The text first, then each file by itself: whatever fails or is repeated, no other piece is. */
async function cut(account: Account, message: Message, call: Call): Promise<Message[]> {
  const texts = await cutText(account, message.text, call)
  return [
    ...texts.map(text => ({ text, attachments: [] })),
    ...message.attachments.map(attachment => ({ text: '', attachments: [attachment] })),
  ]
}

async function cutText({ settings, choice }: Account, text: string, call: Call): Promise<string[]> {
  const limit = settings.text_limit
  // Only where doubling matters does it matter which API it will be.
  if (weight(text, plain) === weight(text, doubled)) return splitText(text, limit, plain)
  if (weight(text, doubled) <= limit) return [text]
  return splitText(text, limit, (await choice.get(call)) === 'broadcasts' ? doubled : plain)
}

async function send(account: Account, contact: string, message: Message, call: Call): Promise<void> {
  const clean = { ...message, text: sendable(message.text) }
  // RapidPro refuses blank text, and it says nothing to the client.
  if (isBlank(clean.text) && clean.attachments.length === 0) return
  if ((await account.choice.get(call)) === 'messages') {
    if (await sendMessage(account, contact, clean, call)) return
    await requireBroadcasts(account, call)
  }
  await sendBroadcasts(account, contact, clean, call)
}

/** After `messages.json` was found missing. */
async function requireBroadcasts({ workspace, choice }: Account, call: Call): Promise<void> {
  choice.forget('messages')
  if ((await choice.get(call)) === 'broadcasts') return
  const what = `${workspace.bot} has no messages.json: check its url and api in live-agents.toml`
  throw new MediatorError('MISCONFIGURED', what)
}

/** False where this RapidPro has no such endpoint. Files it does not take go as links in the text. */
async function sendMessage(
  { workspace, settings }: Account,
  contact: string,
  message: Message,
  call: Call,
): Promise<boolean> {
  const attachments: string[] = []
  const lines = isBlank(message.text) ? [] : [message.text]
  for (const attachment of message.attachments) {
    const uuid = await hostFile(workspace, attachment, call)
    if (uuid) attachments.push(uuid)
    else lines.push(describeLink(attachment, fitting(settings, plain)))
  }
  const text = lines.length > 0 ? { text: lines.join('\n') } : {}
  const files = attachments.length > 0 ? { attachments } : {}
  return postMessage(workspace, { contact, ...text, ...files }, call)
}

/** Several only when the text was cut for the other API, which does not double its `@`. */
async function sendBroadcasts(
  { workspace, settings, choice }: Account,
  contact: string,
  message: Message,
  call: Call,
): Promise<void> {
  const links = message.attachments.map(file => describeLink(file, fitting(settings, doubled)))
  const lines = [...splitText(message.text, settings.text_limit, doubled), ...links]
  for (const line of lines.filter(line => !isBlank(line))) {
    const text = line.replaceAll('@', '@@')
    if (await postBroadcast(workspace, { contacts: [contact], text }, call)) continue
    choice.forget('broadcasts')
    const what = `${workspace.bot} has neither messages.json nor broadcasts.json: check its url in live-agents.toml`
    throw new MediatorError('MISCONFIGURED', what)
  }
}

type Ending = Parameters<Bot['endHandoff']>[1]

async function startEndedFlow(
  { workspace, settings }: Account,
  session: Session,
  ending: Ending,
  call: Call,
): Promise<void> {
  if (settings.ended_flow === '') return
  const agent = sendable(ending.agent ?? session.agent ?? '')
  await postFlowStart(
    workspace,
    {
      flow: settings.ended_flow,
      contacts: [session.client.uuid],
      restart_participants: true,
      exclude_active: false,
      params: { reason: ending.reason, desk: session.desk ?? '', agent },
    },
    call,
  )
}

function fitting(settings: Settings, weigh: Weigh): (text: string) => boolean {
  return text => weight(text, weigh) <= settings.text_limit
}

/** RapidPro answers a NUL with 400 and half a surrogate pair with 500. */
function sendable(text: string): string {
  return text.replaceAll('\0', '').toWellFormed()
}

function isBlank(text: string): boolean {
  return /^[\s\p{Cc}]*$/u.test(text)
}
