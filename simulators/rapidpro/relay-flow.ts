import { randomUUID } from 'node:crypto'
import type { Faults } from '../lib/faults.ts'
import type { Desk } from './api.ts'
import { departmentBody, type FlowState, recommendedBody } from './bodies.ts'
import type { Attachment, Contact, Message, Reference } from './model.ts'
import type { WebhookCall, WebhookCaller, WebhookOutcome } from './webhook.ts'

export type RelayOptions = {
  /** Site root of the mediator. */
  mediatorUrl: string
  /** Sent as `Authorization: Token …`. */
  token: string
  /** UUID of a contact of this workspace. */
  contact: string
  department: string
  /** How the author writes the body: `recommended` (default) with `input`, `plain` with results only. */
  body?: 'recommended' | 'plain'
  /** What the flow says before it registers: it reaches the phone only after the call. */
  says?: string
  /** Merged into every call, such as `mode` or `contentType`. */
  call?: WebhookCall
}

/** One contact in the relay loop: register, then wait and relay until the mediator refuses. */
export type RelayFlow = {
  contact: string
  /** What the flow made of registerClient. */
  registration: WebhookOutcome
  /** Whether the contact is still in the loop. */
  isActive(): boolean
  /**
   * The client types. Resolves, once the flow is done with it, with the outcome of sendMessageToAgent, or with
   * null when the contact is no longer in the loop: then the message only lands in the inbox. Attachments are
   * `{content_type, url}`, a location `geo` with its coordinates as url.
   */
  clientSays(text: string, attachments?: Attachment[]): Promise<WebhookOutcome | null>
}

/** A session fails at the wait after this many (`MaxResumesPerSession`, mailroom runtime/config.go). */
const maxWaits = 250
const results = { registration: 'Registration', relay: 'Relay', said: 'Client Message' }

type Run = {
  options: RelayOptions
  contact: Contact
  flow: Reference
  results: NonNullable<FlowState['results']>
  waits: number
}
/** Posts to a path of the mediator, past the faults that webhooks can meet. */
type Post = (run: Run, path: string, input?: Message) => Promise<WebhookOutcome>

export type RelayStarter = (options: RelayOptions) => Promise<RelayFlow>

/** Plays the usual recipe for handing a client to an agent, as an author would draw it. */
export function createRelayStarter(desk: Desk, faults: Faults, callWebhook: WebhookCaller): RelayStarter {
  const post = createPost(desk, faults, callWebhook)
  return async options => {
    const contact = desk.workspace.contacts.get(options.contact)
    if (!contact) throw new Error(`no contact ${options.contact}`)
    const flow = { uuid: randomUUID(), name: 'Live agents' }
    const run: Run = { options, contact, flow, results: {}, waits: 0 }
    const registration = await desk.lane.run(contact.uuid, () => register(desk, post, run))
    return {
      contact: contact.uuid,
      registration,
      isActive: () => contact.flow === flow,
      clientSays: (text, attachments = []) => hear(desk, post, run, text, attachments),
    }
  }
}

async function register(desk: Desk, post: Post, run: Run): Promise<WebhookOutcome> {
  run.contact.flow = run.flow
  const outcome = await post(run, '/live-agents/registerClient')
  const { says } = run.options
  if (says !== undefined) desk.sender.say(run.contact, { text: says, flow: run.flow })
  conclude(desk, run, results.registration, outcome)
  return outcome
}

/** The message waits for its turn, unseen by the API until the flow is done with it. */
function hear(desk: Desk, post: Post, run: Run, text: string, attachments: Attachment[]) {
  const message = desk.sender.receive(run.contact, text, attachments)
  return desk.lane.run(run.contact.uuid, async () => {
    const outcome = await relay(desk, post, run, message)
    message.pending = false
    return outcome
  })
}

async function relay(desk: Desk, post: Post, run: Run, message: Message): Promise<WebhookOutcome | null> {
  run.waits += 1
  if (run.contact.flow === run.flow && run.waits > maxWaits) run.contact.flow = null
  message.flow = run.contact.flow
  if (run.contact.flow !== run.flow) return null
  run.results[results.said] = { value: message.text, category: 'All Responses' }
  const outcome = await post(run, '/live-agents/sendMessageToAgent', message)
  conclude(desk, run, results.relay, outcome)
  return outcome
}

/** Success goes on; Failure says what the mediator said and leaves the loop. */
function conclude({ sender }: Desk, run: Run, name: string, outcome: WebhookOutcome): void {
  run.results[name] = { value: outcome.result.value, category: outcome.result.category }
  if (outcome.result.category === 'Success') return
  if (outcome.msg) sender.say(run.contact, { text: outcome.msg, flow: run.flow })
  if (run.contact.flow === run.flow) run.contact.flow = null
}

function createPost(desk: Desk, faults: Faults, callWebhook: WebhookCaller): Post {
  return async (run, path, input) => {
    const { mediatorUrl, token, call } = run.options
    const url = new URL(path, mediatorUrl).href
    const headers = { authorization: `Token ${token}`, ...call?.headers }
    const body = writeBody(desk, run, input)
    let outcome: WebhookOutcome | undefined
    await faults.webhooks.pass(path, async () => {
      outcome = await callWebhook(url, { ...call, headers, body })
    })
    return outcome ?? unsent(url)
  }
}

function writeBody(desk: Desk, run: Run, input?: Message): string {
  const { contact, flow } = run
  const { department, body = 'recommended' } = run.options
  const { uuid, name } = contact
  const state: FlowState = {
    contact: { uuid, name: name ?? '', urn: contact.urns[0] ?? null },
    flow,
    results: run.results,
    department,
    hideUrns: desk.workspace.settings.hideUrns,
    input: input && {
      uuid: input.uuid || String(input.id),
      text: input.text,
      attachments: input.attachments,
    },
  }
  return body === 'plain' ? departmentBody(state) : recommendedBody(state)
}

/** What a flow sees of a call that a fault has kept back. */
function unsent(url: string): WebhookOutcome {
  return {
    result: { value: '0', category: 'Failure', input: `POST ${url}` },
    webhook: {},
    msg: null,
    status: null,
    body: '',
    attempts: 0,
    elapsedMs: 0,
    error: 'kept back by a fault',
  }
}
