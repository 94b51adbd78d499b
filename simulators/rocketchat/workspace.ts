import type { Traits } from './profiles.ts'
import type { Settings } from './settings.ts'
import type { State } from './state.ts'
import type { Message, Room, WebhookType } from './types.ts'

/** What an event's webhook carries beside the room: its messages and the keys of its type. */
export type Announcement = { messages?: Message[]; extras?: Record<string, unknown> }

/** The sender of a workspace's webhooks. */
export type Webhooks = {
  /** Posts a webhook if its switch is on. Resolves after the first try where the release waits for it. */
  announce(type: WebhookType, room: Room, announcement?: Announcement): Promise<void>
  /** Posts a body of its own, whatever the switches say; the answer is kept on `room`. */
  post(type: WebhookType, body: Record<string, unknown>, room?: Room): Promise<void>
  /** Posts the test call once and resolves to the status, 0 when nothing came back. */
  testWebhook(): Promise<number>
}

/** Everything the parts of one simulated workspace share. */
export type Workspace = WorkspaceCore & Webhooks

/** The workspace without its webhooks. */
export type WorkspaceCore = {
  traits: Traits
  settings: Settings
  state: State
  /** Milliseconds since the epoch. */
  now: () => number
  /** Logs nothing and spares the work nobody looks at. */
  fast: boolean
  bot: { userId: string; authToken: string }
  /** Signs file links. */
  fileSecret: string
}

/** The present instant as the vendor writes it. */
export function isoNow(workspace: WorkspaceCore): string {
  return new Date(workspace.now()).toISOString()
}
