import type { Chat, LogEntry, SeatState } from './types.ts'

/** What happened to a chat, for whoever tells seats about it. `seat` is a `userName`. */
export type ChatEvent =
  | { kind: 'log'; chat: Chat; entry: LogEntry }
  /** To all seats in the chat, or only to one. */
  | { kind: 'participants'; chat: Chat; seat?: string }
  | { kind: 'state'; chat: Chat; seat: string; state: SeatState }
  | { kind: 'history'; chat: Chat; seat: string; entries: LogEntry[] }
  /** A command that was acknowledged has failed after all. */
  | { kind: 'error'; chat: Chat; seat: string; referenceId: number; code: number; text: string }

export type ChatListener = (event: ChatEvent) => void
