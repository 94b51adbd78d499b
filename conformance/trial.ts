import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { type Rapidpro, startRapidpro } from '../simulators/rapidpro/index.ts'
import type { DeskStage, Person } from '../simulators/stage.ts'
import { DESK, type Running, startService, TOKEN } from './service.ts'

/** The mediator between a bot and the desk that is tried, all of them real servers. */
export type Trial = {
  stage: DeskStage
  bot: Rapidpro
  /** The replicas, each with its own address; the first is the one clients are heard by. */
  services: Running[]
  addReplica(): Promise<Running>
  /** Registers a new client, and waits until the conversation is there. */
  handOver(): Promise<Client>
  /** A new client who is registered nowhere. */
  newClient(): Client
  /** Waits for a condition; throws with what was awaited. */
  until<T>(what: string, look: () => T | Promise<T>): Promise<NonNullable<T>>
  /** Everything logged by all replicas. */
  logged(): string
  /** Names and words that were used so far: nobody may find one of them in the log. */
  words: Set<string>
  /** Waits until neither mailbox of the client holds anything and the desk has told everything. */
  quiet(client: Client): Promise<void>
  stop(): Promise<void>
}

export type Answer = { status: number; body: Record<string, unknown> }
export type SessionView = {
  state: string
  conversation: string | null
  agent: string | null
  ended: string | null
  waiting: { to_agent: number; to_client: number }
}

export type Client = {
  person: Person
  register(more?: Record<string, unknown>): Promise<Answer>
  /** Says something through the bot; `id` is the message's own. */
  says(text: string, options?: { id?: string; attachments?: string[] }): Promise<Answer>
  end(): Promise<Answer>
  session(): Promise<SessionView>
  /** What came on the client's phone. */
  reads(): string[]
  files(): { content_type: string; url: string }[]
  /** How often the flow after a conversation was started for this client. */
  endings(): number
}

export type TrialOptions = {
  startStage(): Promise<DeskStage>
  /** Absent: the embedded store. */
  redisUrl?: string
  /** For a condition, in ms. */
  patienceMs?: number
  /** Where the desk finds the mediator; any free one by default. */
  port?: number
}

const ENDED_FLOW = { uuid: randomUUID(), name: 'After the chat' }

/** Starts everything on 127.0.0.1; leaves nothing behind when that fails. */
export async function startTrial(options: TrialOptions): Promise<Trial> {
  const bot = await startRapidpro({ flows: [ENDED_FLOW] })
  const stage = await options.startStage()
  const services: Running[] = []
  const setup = { bot, stage, endedFlow: ENDED_FLOW.uuid, redisUrl: options.redisUrl }
  const until = patience(options.patienceMs ?? 30_000)
  const addReplica = async () => {
    const port = services.length === 0 ? (options.port ?? 0) : 0
    const service = await startService({ ...setup, port })
    services.push(service)
    return service
  }
  const first = await addReplica()
  stage.connect(first.url, DESK)
  await until('its links are up', () => isUp(first.url))
  const words = new Set<string>()
  const newClient = () => {
    const client = createClient(bot, stage, () => (services[0] as Running).url)
    words.add(client.person.name)
    return client
  }
  return {
    stage,
    bot,
    services,
    addReplica,
    newClient,
    words,
    until,
    logged: () => services.map(({ log }) => log.join('')).join(''),
    async handOver() {
      const client = newClient()
      const answer = await registerFor(client, 20_000)
      if (answer.status !== 200) throw new Error(`not registered: ${answer.status} ${answer.body.msg}`)
      await until('the conversation is there', () => stage.conversations(client.person).some(one => one.open))
      // A desk may tell of the waiting after it has told of the taking.
      await stage.settled()
      return client
    },
    async quiet(client) {
      await until('nothing waits any more', async () => {
        await stage.settled()
        const { waiting } = await client.session()
        return waiting.to_agent + waiting.to_client === 0
      })
    },
    async stop() {
      await Promise.all(services.map(service => service.stop()))
      await Promise.all([stage.stop(), bot.stop()])
      for (const { clean } of services) clean()
    },
  }
}

/** Registers until the answer is one that stays: a desk, or its link, may just be coming back. */
async function registerFor(client: Client, patienceMs: number): Promise<Answer> {
  const end = performance.now() + patienceMs
  for (;;) {
    const answer = await client.register()
    const mayPass = answer.status === 202 || answer.status === 503
    if (!mayPass || performance.now() > end) return answer
    await wait(EVERY_MS)
  }
}

async function isUp(url: string): Promise<boolean> {
  const { links = {} } = (await (await fetch(`${url}/health/ready`)).json()) as { links?: object }
  return Object.values(links).every(state => state === 'connected')
}

const EVERY_MS = 15

function patience(ms: number): Trial['until'] {
  return async (what, look) => {
    const end = performance.now() + ms
    for (;;) {
      const found = await look()
      if (found) return found
      if (performance.now() > end) throw new Error(`waited ${ms / 1000} s in vain until ${what}`)
      await wait(EVERY_MS)
    }
  }
}

let clients = 0
/** In the names, so that an agent of a real desk knows them from those of another run. */
const RUN = randomUUID().slice(0, 4)

function createClient(bot: Rapidpro, { department }: DeskStage, url: () => string): Client {
  clients += 1
  const name = `Client${clients}-${RUN} Example`
  const { uuid } = bot.addContact({ name })
  const person = { uuid, name }
  const contact = { uuid, name: person.name }
  const call = (method: string, path: string, body?: object) => ask(url(), method, path, body)
  const fromMediator = () => bot.messagesTo(uuid).filter(({ via }) => via !== 'flow')
  return {
    person,
    register: more => call('POST', 'registerClient', { contact, department, ...more }),
    says: (text, { id = randomUUID(), attachments = [] } = {}) =>
      call('POST', 'sendMessageToAgent', { contact, input: { uuid: id, text, attachments } }),
    end: () => call('DELETE', `session/user/${uuid}`),
    session: async () => (await call('GET', `sessions/${uuid}`)).body.session as SessionView,
    reads: () => fromMediator().flatMap(({ text }) => (text ? [text] : [])),
    files: () => fromMediator().flatMap(({ attachments }) => attachments),
    endings: () => bot.flowStarts.filter(({ contacts }) => contacts.some(one => one.uuid === uuid)).length,
  }
}

async function ask(url: string, method: string, path: string, body?: object): Promise<Answer> {
  const headers = { authorization: `Token ${TOKEN}`, 'content-type': 'application/json' }
  const response = await fetch(`${url}/live-agents/${path}`, {
    method,
    headers,
    ...(body && { body: JSON.stringify(body) }),
  })
  return { status: response.status, body: (await response.json()) as Answer['body'] }
}
