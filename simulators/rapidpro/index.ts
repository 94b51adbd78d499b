import { randomBytes } from 'node:crypto'
import type { Faults } from '../lib/faults.ts'
import type { Desk } from './api.ts'
import type { HostedFile } from './hosting.ts'
import { createLane } from './lane.ts'
import type { Contact, FlowStart, Reference } from './model.ts'
import type { PhoneMessage, PhonePredicate } from './phone.ts'
import { type ProfileName, profiles } from './profile.ts'
import { createRelayStarter, type RelayStarter } from './relay-flow.ts'
import { addRest } from './rest.ts'
import { addControl } from './routes/control.ts'
import { createSender, type HistoryLine, type PhoneListener } from './sending.ts'
import { buildServer } from './server.ts'
import { createThrottle } from './throttle.ts'
import { waitUntil } from './wait-until.ts'
import { createWebhookCaller, type WebhookCaller } from './webhook.ts'
import {
  addContact,
  addReference,
  createWorkspace,
  type NewContact,
  touch,
  type Workspace,
} from './workspace.ts'

export { defaultBody, departmentBody, type FlowState, legacyBody, recommendedBody } from './bodies.ts'
export type { HostedFile } from './hosting.ts'
export type { Attachment, Broadcast, Contact, ContactAction, FlowStart, Message } from './model.ts'
export type { PhoneMessage } from './phone.ts'
export type { ProfileName } from './profile.ts'
export type { RelayFlow, RelayOptions } from './relay-flow.ts'
export type { HistoryLine } from './sending.ts'
export type { WebhookCall, WebhookOutcome } from './webhook.ts'
export type { NewContact, Settings, Workspace } from './workspace.ts'

export type RapidproOptions = {
  /** Default: any free one. */
  port?: number
  /** Default 127.0.0.1. */
  host?: string
  /** Default `9`. */
  profile?: ProfileName
  /** The API token; default a random one of 40 hex digits. */
  token?: string
  /** For benchmarks: no request log, and only the last 10 000 messages are remembered. */
  fast?: boolean
  /** In code points; default the profile's. */
  textLimit?: number
  contacts?: NewContact[]
  /** Flows that can be started; a UUID or a name is made up where it is left out. */
  flows?: Partial<Reference>[]
  groups?: Partial<Reference>[]
  /** The clock, in epoch ms, of rate limits, loop guard and times. */
  now?: () => number
}

/** A RapidPro workspace behind a real HTTP server, with the flow side that calls webhooks. */
export type Rapidpro = {
  /** Site root, without a slash at the end. */
  url: string
  token: string
  faults: Faults
  /** Everything that is stored, and `settings`, which may be changed at any time. */
  state: Workspace
  flowStarts: FlowStart[]
  addContact(contact?: NewContact): Contact
  /** Throws when there is no such contact. */
  blockContact(uuid: string): void
  /** What the person has seen on their phone, oldest first. */
  messagesTo(contact: string): PhoneMessage[]
  /**
   * The oldest message to the contact not yet returned from here that satisfies the predicate, waiting up to
   * `timeoutMs` (default 5000) for it. Rejects with what the phone shows instead.
   */
  nextMessageTo(contact: string, matches?: PhonePredicate, timeoutMs?: number): Promise<PhoneMessage>
  /** Gives the contact a past: lines the API lists, at times in epoch ms, which are not put on the phone. */
  addHistory(contact: string, lines: HistoryLine[]): void
  /** Calls the listener with every message that reaches a phone; returns how to stop it. */
  onMessage(listener: PhoneListener): () => void
  /** Waits until a condition on the state holds, up to `timeoutMs` (default 5000). */
  waitUntil(condition: () => boolean, timeoutMs?: number): Promise<void>
  /** Delivers the broadcasts held back by `settings.holdBroadcasts`, newest first with `reversed`. */
  releaseBroadcasts(options?: { reversed?: boolean }): void
  /** Puts a file where clients' attachments are stored and returns its URL. */
  hostFile(file: HostedFile): string
  callWebhook: WebhookCaller
  startRelayFlow: RelayStarter
  stop(): Promise<void>
}

export async function startRapidpro(options: RapidproOptions = {}): Promise<Rapidpro> {
  const workspace = prepareWorkspace(options)
  const { app, faults } = buildServer(workspace)
  const lane = createLane()
  const desk: Desk = { workspace, sender: createSender(workspace), lane, throttle: createThrottle(workspace) }
  const callWebhook = createWebhookCaller(workspace.profile)
  const startRelayFlow = createRelayStarter(desk, faults, callWebhook)
  addRest(app, desk)
  addControl(app, desk, startRelayFlow)
  workspace.url = await app.listen({ port: options.port ?? 0, host: options.host ?? '127.0.0.1' })
  return {
    ...describe(desk),
    faults,
    callWebhook,
    startRelayFlow,
    stop: () => app.close(),
  }
}

function prepareWorkspace(options: RapidproOptions): Workspace {
  const profile = profiles[options.profile ?? '9']
  const workspace = createWorkspace({
    profile,
    token: options.token ?? randomBytes(20).toString('hex'),
    textLimit: options.textLimit ?? profile.textLimit,
    fast: options.fast ?? false,
    now: options.now ?? Date.now,
  })
  for (const contact of options.contacts ?? []) addContact(workspace, contact)
  for (const flow of options.flows ?? []) addReference(workspace.flows, flow, 'Chat ended')
  for (const group of options.groups ?? []) addReference(workspace.groups, group, 'Customers')
  return workspace
}

type Inside = Omit<Rapidpro, 'faults' | 'callWebhook' | 'startRelayFlow' | 'stop'>

function describe({ workspace, sender }: Desk): Inside {
  const { url, token, phones, flowStarts } = workspace
  return {
    url,
    token,
    state: workspace,
    flowStarts,
    addContact: contact => addContact(workspace, contact),
    blockContact: uuid => blockContact(workspace, uuid),
    messagesTo: phones.screen,
    nextMessageTo: phones.next,
    addHistory: (uuid, lines) => {
      const contact = getContact(workspace, uuid)
      for (const line of lines) sender.remember(contact, line)
    },
    onMessage: listener => {
      sender.listeners.add(listener)
      return () => sender.listeners.delete(listener)
    },
    waitUntil,
    releaseBroadcasts: ({ reversed = false } = {}) => {
      const held = workspace.broadcasts.filter(one => one.status === 'queued')
      for (const broadcast of reversed ? held.reverse() : held) sender.broadcast(broadcast)
    },
    hostFile: file => `${url}${workspace.hosting.host(file)}`,
  }
}

function blockContact(workspace: Workspace, uuid: string): void {
  const contact = getContact(workspace, uuid)
  contact.status = 'blocked'
  contact.flow = null
  touch(workspace, contact)
}

function getContact(workspace: Workspace, uuid: string): Contact {
  const contact = workspace.contacts.get(uuid)
  if (!contact) throw new Error(`no contact ${uuid}`)
  return contact
}
