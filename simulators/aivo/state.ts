import type { QueueBody } from './schemas.ts'

export type Agent = { name: string; nickname?: string; groupId?: number }

/** One thing said, as it is sent and told. */
export type Item = { action: string; value: string; source: string }

/** Who said what; `at` in epoch ms. */
export type Line = Item & { by: 'client' | 'agent'; at: number }

export type Conversation = {
  id: string
  /** As it was given, without the suffix. */
  hash: string
  user: QueueBody['user']
  group: number
  state: 'queued' | 'attended' | 'closed'
  agent?: Agent
  /** In the order they were said. */
  lines: Line[]
}

export type LoggedRequest = {
  method: string
  path: string
  headers: Record<string, string | string[] | undefined>
  body: unknown
  /** Absent while unanswered, and for ever when the connection was cut before an answer. */
  status?: number
}

/** One event; `status` is that of the last time it was posted, 0 when nothing came back. */
export type Delivery = { name: string; text: string; attempts: number; status?: number }

/** What this Aivo knows and has seen. Written by the simulator only. */
export type State = {
  conversations: Map<string, Conversation>
  requests: LoggedRequest[]
  webhooks: Delivery[]
}

export function createState(): State {
  return { conversations: new Map(), requests: [], webhooks: [] }
}

/** By id, or the latest of a user: by hash, or by the UUID it was made of. */
export function findConversation({ conversations }: State, who: string): Conversation | undefined {
  const hash = who.replaceAll('-', '')
  return (
    conversations.get(who) ??
    [...conversations.values()].findLast(one => one.hash === who || one.hash === hash)
  )
}
