import { append, customerIn, endChat } from './chats.ts'
import { Refusal } from './refusal.ts'
import type { Chat, EntryType, LogEntry, Participant } from './types.ts'
import type { Workspace } from './workspace.ts'

/** The customer in a chat that takes words; throws code 2 when it is over. */
function present(chat: Chat): Participant {
  const customer = customerIn(chat)
  if (!customer || !chat.isOpenToCustomer) throw new Refusal(2, 'the chat is over')
  return customer
}

export function customerSays(workspace: Workspace, chat: Chat, text: string): LogEntry {
  return append(workspace, chat, 'Text', present(chat), { text })
}

type Typing = Extract<EntryType, 'TypingStarted' | 'TypingStopped'>

export function customerTypes(workspace: Workspace, chat: Chat, type: Typing): LogEntry {
  return append(workspace, chat, type, present(chat))
}

export function customerLeaves(workspace: Workspace, chat: Chat): void {
  endChat(workspace, chat, present(chat))
}

/** The lines the customer may see, from `index` on. */
export function linesFor({ settings }: Workspace, chat: Chat, index: number): LogEntry[] {
  return chat.log.filter(line => line.index >= index && (line.visibility === 'All' || settings.leakWhispers))
}

/** The customer is there: who does not come back in time is dropped, where the centre is set so. */
export function keepAlive(workspace: Workspace, chat: Chat): void {
  const { flexDisconnectMs } = workspace.settings
  const customer = customerIn(chat)
  if (flexDisconnectMs > 0 && customer)
    workspace.timers.start(chat.id, flexDisconnectMs, () => endChat(workspace, chat, customer))
}
