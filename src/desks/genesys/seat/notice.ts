import type { ZodType } from 'zod'
import {
  type Line,
  line,
  notification,
  type Participant,
  participant,
  type Resource,
  resource,
} from './wire.ts'

/** What a notification says of one interaction, in any of its forms. */
export type Notice = {
  interaction: string
  /** `Invited`, `Chatting`, `LeftChat`, `Completed`, `Revoked`, `Processing`. */
  state?: string
  /** Who is in it now; undefined where it is not told. A change of state comes without them. */
  participants?: Participant[]
  /** In no certain order. */
  lines: Line[]
  userData?: Record<string, unknown>
  /** A command that was acknowledged has failed after all: its number and code, as far as they are told. */
  failure?: { reference: unknown; code: unknown }
}

/** Undefined: nothing about an interaction. */
export function readNotice(data: unknown): Notice | undefined {
  const read = notification.safeParse(data).data
  if (!read) return undefined
  const about = read.chat ?? read.interaction ?? read.interactions?.[0]
  const interaction = about?.id ?? nameIn(read) ?? nameIn(about ?? {})
  if (interaction === undefined) return undefined
  const { referenceId: reference, statusCode: code } = read
  return {
    interaction,
    ...(about && saidOf(about)),
    lines: readAll(line, [...(read.messages ?? []), ...(about?.messages ?? [])]),
    ...(read.notificationType === 'Error' && { failure: { reference, code } }),
  }
}

/** One of the list `GET /me/interactions?fields=*`: the resource itself, or a notification around it. */
export function readListed(data: unknown): Notice | undefined {
  const read = readNotice(data)
  if (read?.state !== undefined) return read
  const { data: chat } = resource.safeParse(data)
  return chat && readNotice({ chat })
}

function saidOf({ state, participants, userData }: Resource): Partial<Notice> {
  return {
    ...(state !== undefined && { state }),
    ...(participants !== undefined && {
      participants: readAll(participant, participants),
    }),
    ...(userData && { userData }),
  }
}

/** Those that can be understood. */
function readAll<T>(schema: ZodType<T>, items: unknown[]): T[] {
  return items.map(item => schema.safeParse(item).data).filter(data => data !== undefined)
}

const NAMES = ['chatPath', 'chatUri', 'interactionPath', 'interactionUri', 'uri', 'path'] as const

/** The last part of whatever names the interaction. */
function nameIn(read: { [name in (typeof NAMES)[number]]?: unknown }): string | undefined {
  for (const name of NAMES) {
    const last = lastPart(read[name])
    if (last !== undefined) return last
  }
  return undefined
}

/** `/chats/0000Na9` → `0000Na9`. */
export function lastPart(path: unknown): string | undefined {
  if (typeof path !== 'string') return undefined
  return path
    .replace(/[?#].*$/, '')
    .split('/')
    .findLast(part => part !== '')
}
