import { createHash } from 'node:crypto'
import type { ServerMessage } from './wire.ts'

/** What a message is known by when it comes again. Its parts are short digests. */
export type Print = {
  /** Of who said what. Two messages can have the same. */
  content: string
  /** Of the server's own id, where it gives one [I]. */
  id?: string
  /** Of the server's own time of it, where it gives one [O]. */
  time?: string
}

/** `key`: the same for every repeat, whichever way it comes; absent when the message has neither id nor time. */
export type Known = { print: Print; key?: string; at?: number }

export function toPrint(message: ServerMessage, conversation: string): Known {
  const id = message.id ?? message._id ?? message.messageId
  const at = epochMs(message.timestamp)
  const content = digest(contentOf(message))
  const key = id ?? (at === undefined ? undefined : digest([conversation, at, contentOf(message)], 22))
  return {
    print: {
      content,
      ...(id !== undefined && { id: digest(id) }),
      ...(at !== undefined && { time: digest(at) }),
    },
    ...(key !== undefined && { key }),
    ...(at !== undefined && { at }),
  }
}

function contentOf({ type, activityType, from, info, text, attachments }: ServerMessage): unknown {
  return [type, activityType, from?.id, info?.participant?.id ?? info?.id, text, attachments]
}

/** 36 bits by default: enough to tell the messages of one conversation apart. */
export function digest(what: unknown, length = 6): string {
  return createHash('sha256').update(JSON.stringify(what)).digest('base64url').slice(0, length)
}

function epochMs(time: string | number | undefined): number | undefined {
  const ms = time === undefined ? Number.NaN : new Date(time).getTime()
  return Number.isNaN(ms) ? undefined : ms
}
