import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { type Rapidpro, startRapidpro } from '../../simulators/rapidpro/index.ts'
import type { DeskStage, Person } from '../../simulators/stage.ts'
import { stages } from '../../simulators/stages.ts'
import { API_TOKEN, type MediatorProcess, startMediator } from '../support/mediator-process.ts'
import { type RedisServer, startRedis } from '../support/redis-server.ts'
import { until } from '../support/until.ts'
import type { StoreKind } from '../support/world.ts'

const ENDED_FLOW = { uuid: '8f2a7a2e-2f5d-4f0a-9d5c-3b8f1c6c7a10', name: 'Chat ended' }

/** A desk of any kind, a RapidPro and the mediator between them, each a server of its own. */
export type DeskWorld = {
  /** The first desk, and all of them by their types, which are their names, too. */
  stage: DeskStage
  stages: Map<string, DeskStage>
  rapidpro: Rapidpro
  /** The replica clients are heard by. */
  mediator: MediatorProcess
  addReplica(): Promise<MediatorProcess>
  /** Clients are heard by this one from now on. */
  moveTo(replica: MediatorProcess): void
  /** Ends the replica, and starts another on its port, store and configuration. */
  restart(signal: NodeJS.Signals): Promise<void>
  stop(): Promise<void>
}

export type Caller = {
  person: Person
  says(text: string): Promise<number>
  reads(): string[]
  session(): Promise<{ state: string; desk: string; waiting: { to_agent: number; to_client: number } }>
  endings(): number
}

/** `more`: what follows the desks' tables: lines of the last one, and whole tables such as routes, which several desks need. */
export async function startDeskWorld(types: string[], store: StoreKind, more = ''): Promise<DeskWorld> {
  const dir = mkdtempSync(join(tmpdir(), 'mediator-desk-'))
  const redis: RedisServer | undefined =
    store === 'redis' ? await startRedis({ appendonly: true }) : undefined
  const rapidpro = await startRapidpro({ flows: [ENDED_FLOW] })
  const desks = new Map<string, DeskStage>()
  for (const type of types) desks.set(type, (await stages[type]?.()) as DeskStage)
  const [stage] = [...desks.values()] as [DeskStage]
  writeFileSync(join(dir, 'live-agents.toml'), settingsOf(desks, rapidpro) + more)
  const setup = { configDir: dir, dataDir: join(dir, 'data'), redisUrl: redis?.url }
  const replicas: MediatorProcess[] = []
  const start = async (port?: number) => {
    const replica = await startMediator({ ...setup, ...(port && { port }) })
    replicas.push(replica)
    return replica
  }
  const world: DeskWorld = {
    stage,
    stages: desks,
    rapidpro,
    mediator: await start(),
    addReplica: start,
    moveTo(replica) {
      world.mediator = replica
      for (const [name, desk] of desks) desk.connect(replica.url, name)
    },
    async restart(signal) {
      const port = Number(new URL(world.mediator.url).port)
      await world.mediator.stop(signal)
      world.moveTo(await start(port))
    },
    async stop() {
      await Promise.all(replicas.map(one => one.stop('SIGKILL')))
      await Promise.all([...desks.values()].map(desk => desk.stop()))
      await Promise.all([rapidpro.stop(), redis?.stop()])
      rmSync(dir, { recursive: true, force: true })
    },
  }
  world.moveTo(world.mediator)
  return world
}

function settingsOf(desks: Map<string, DeskStage>, { url, token }: Rapidpro): string {
  const tables = [...desks].map(([name, { settings }]) => `[desks.${name}]\n${settings}\n`)
  const mediaHosts = [...desks.values()].flatMap(({ mediaHosts = [] }) => mediaHosts)
  return `
[texts]
client_delayed = ""
[media]
allow = ${JSON.stringify(mediaHosts)}
[bots.rapidpro]
type = "rapidpro"
url = "${url}"
token = "${token}"
ended_flow = "${ENDED_FLOW.uuid}"
${tables.join('')}`
}

let callers = 0

/** Lets a new contact ask for an agent, and the agent of that desk take the conversation. */
export async function handOver(world: DeskWorld, stage = world.stage): Promise<Caller> {
  const { rapidpro } = world
  const person = { name: `Caller${++callers} Example`, uuid: '' }
  person.uuid = rapidpro.addContact({ name: person.name }).uuid
  const flow = await rapidpro.startRelayFlow({
    mediatorUrl: world.mediator.url,
    token: API_TOKEN,
    contact: person.uuid,
    department: world.stage.department,
  })
  if (flow.registration.status !== 200) throw new Error(`not registered: ${flow.registration.body}`)
  await until('the conversation is there', () => stage.conversations(person).some(({ open }) => open))
  // A desk may tell of the waiting after it has told of the taking.
  await stage.settled()
  await stage.agent.take(person)
  const caller = callerIn(world, person)
  await until('an agent has it', async () => (await caller.session()).state === 'assigned')
  return caller
}

function callerIn(world: DeskWorld, person: Person): Caller {
  const call = (method: string, path: string, body?: object) =>
    fetch(`${world.mediator.url}/live-agents/${path}`, {
      method,
      headers: { authorization: `Token ${API_TOKEN}` },
      ...(body && { body: JSON.stringify(body) }),
    })
  const { rapidpro } = world
  return {
    person,
    async says(text) {
      const body = { contact: { uuid: person.uuid }, input: { uuid: `id of ${text}`, text } }
      return (await call('POST', 'sendMessageToAgent', body)).status
    },
    reads: () => rapidpro.messagesTo(person.uuid).flatMap(({ via, text }) => (via === 'flow' ? [] : [text])),
    session: async () => {
      const answer = (await (await call('GET', `sessions/${person.uuid}`)).json()) as { session: never }
      return answer.session
    },
    endings: () =>
      rapidpro.flowStarts.filter(({ contacts }) => contacts.some(({ uuid }) => uuid === person.uuid)).length,
  }
}

/** Waits until the client has been sent so many, and looks that they are these. */
export async function clientRead(caller: Caller, texts: string[]): Promise<void> {
  await until(`the client has ${texts.length} messages`, () => caller.reads().length >= texts.length, 90_000)
  expect(caller.reads()).toEqual(texts)
}

export function agentRead({ stage }: DeskWorld, { person }: Caller): string[] {
  return stage.shown(person).map(({ text }) => text)
}
