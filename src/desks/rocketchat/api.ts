import { FormData } from 'undici'
import type { Call } from '../../lib/call.ts'
import type { Pacer } from '../../lib/pacer.ts'
import { type Account, ask } from './account.ts'
import { CLOSING, OPENING, SENDING, UPLOADING } from './errors.ts'
import { anyAnswer, configAnswer, messageAnswer, roomAnswer, uploadAnswer, visitorAnswer } from './wire.ts'

/** A room, and the token of its visitor: who knows both may speak in it. */
export type Room = { rid: string; token: string }

export type Visitor = {
  token: string
  name?: string
  /** Name or `_id`; here, and nowhere else, the server takes both. */
  department?: string
  phone?: string
  email?: string
  customFields?: { key: string; value: string; overwrite: true }[]
}

export const VISITOR_ROUTE = 'livechat/visitor'
export const ROOM_ROUTE = 'livechat/room'
export const CONFIG_ROUTE = 'livechat/config'

/**
 * Creates or updates a visitor. The answer may be an older one with another token, found by phone or e-mail.
 * `POST livechat/visitor` (developer.rocket.chat, Omnichannel > Livechat > Register visitor;
 * apps/meteor/app/livechat/server/api/v1/visitor.ts)
 */
export async function saveVisitor(
  account: Account,
  visitor: Visitor,
  call: Call,
  pacer?: Pacer,
): Promise<{ token: string }> {
  const unknown = `no department "${visitor.department}"`
  const answer = await ask(
    account,
    {
      method: 'POST',
      route: VISITOR_ROUTE,
      json: { visitor },
      pacer,
      answer: visitorAnswer,
      meanings: new Map([...OPENING, ['error-invalid-department', ['UNKNOWN_DEPARTMENT', unknown]] as const]),
    },
    call,
  )
  return answer.visitor
}

/**
 * The visitor's open room, or a new one: a GET that creates.
 * `GET livechat/room` (apps/meteor/app/livechat/server/api/v1/room.ts)
 */
export async function findOrCreateRoom(
  account: Account,
  token: string,
  call: Call,
  pacer?: Pacer,
): Promise<{ _id: string; servedBy?: { username?: string } }> {
  const path = `${ROOM_ROUTE}?${new URLSearchParams({ token })}`
  const answer = await ask(
    account,
    {
      method: 'GET',
      route: ROOM_ROUTE,
      path,
      pacer,
      answer: roomAnswer,
      meanings: OPENING,
    },
    call,
  )
  return answer.room
}

/**
 * Says something as the visitor; returns the id of the room it went to. An `_id` that is already there is never stored twice.
 * `POST livechat/message` (apps/meteor/app/livechat/server/api/v1/message.ts)
 */
export async function postMessage(
  account: Account,
  message: Room & { _id: string; msg: string },
  call: Call,
): Promise<string> {
  const answer = await ask(
    account,
    {
      method: 'POST',
      route: 'livechat/message',
      json: message,
      answer: messageAnswer,
      meanings: SENDING,
    },
    call,
  )
  return answer.message.rid
}

/**
 * The id of the room a message is in.
 * `GET livechat/message/:_id` (apps/meteor/app/livechat/server/api/v1/message.ts)
 */
export async function findMessage(account: Account, id: string, room: Room, call: Call): Promise<string> {
  const answer = await ask(
    account,
    {
      method: 'GET',
      route: 'livechat/message/:_id',
      path: `livechat/message/${encodeURIComponent(id)}?${new URLSearchParams(room)}`,
      answer: messageAnswer,
    },
    call,
  )
  return answer.message.rid
}

const UPLOAD_TIMEOUT_MS = 30_000

/**
 * Posts a file as the visitor; returns the id of the room it went to. Called twice, it posts twice.
 * `POST livechat/upload/:rid` (apps/meteor/app/livechat/imports/server/rest/upload.ts)
 */
export async function uploadFile(
  account: Account,
  room: Room,
  file: File,
  call: Call,
): Promise<string | undefined> {
  const body = new FormData()
  body.append('file', file, file.name)
  const answer = await ask(
    account,
    {
      method: 'POST',
      route: 'livechat/upload/:rid',
      path: `livechat/upload/${encodeURIComponent(room.rid)}`,
      headers: { 'x-visitor-token': room.token },
      body,
      timeoutMs: UPLOAD_TIMEOUT_MS,
      answer: uploadAnswer,
      meanings: UPLOADING,
    },
    call,
  )
  return answer.rid
}

/** Closes as the visitor. `POST livechat/room.close` (apps/meteor/app/livechat/server/api/v1/room.ts) */
export async function closeRoom(account: Account, room: Room, call: Call): Promise<void> {
  await ask(
    account,
    {
      method: 'POST',
      route: 'livechat/room.close',
      json: room,
      answer: anyAnswer,
      meanings: CLOSING,
    },
    call,
  )
}

/** Demanded by default (Livechat_request_comment_when_closing_conversation); the webhook never passes it on. */
const CLOSING_COMMENT = 'Closed from the client’s side'

/** Closes as the bot user, since 6.0. `POST livechat/room.closeByUser` (apps/meteor/app/livechat/server/api/v1/room.ts) */
export async function closeRoomAsUser(account: Account, rid: string, call: Call): Promise<void> {
  await ask(
    account,
    {
      method: 'POST',
      route: 'livechat/room.closeByUser',
      json: { rid, comment: CLOSING_COMMENT },
      answer: anyAnswer,
      meanings: CLOSING,
    },
    call,
  )
}

/**
 * Settings of the workspace and the visitor's open room; creates nothing, and fails for no token.
 * `GET livechat/config` (apps/meteor/app/livechat/server/api/v1/config.ts)
 */
export async function readConfig(
  account: Account,
  token: string,
  call: Call,
): Promise<{ room?: { _id: string }; settings?: { limitTextLength?: number } }> {
  const answer = await ask(
    account,
    {
      method: 'GET',
      route: CONFIG_ROUTE,
      path: `${CONFIG_ROUTE}?${new URLSearchParams({ token })}`,
      answer: configAnswer,
    },
    call,
  )
  return answer.config
}
