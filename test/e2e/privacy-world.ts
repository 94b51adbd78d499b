import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Rapidpro, startRapidpro } from '../../simulators/rapidpro/index.ts'
import type { DeskStage } from '../../simulators/stage.ts'
import { stages } from '../../simulators/stages.ts'
import { type MediatorProcess, startMediator } from '../support/mediator-process.ts'
import { startRedis } from '../support/redis-server.ts'
import { until } from '../support/until.ts'
import type { StoreKind } from '../support/world.ts'
import { API_TOKEN } from './privacy-canaries.ts'
import { type Mirror, startMirror } from './privacy-mirror.ts'
import { type StoreScan, scanFiles, scanRedis } from './privacy-store.ts'

/** A desk behind a mirror. */
export type Post = { name: string; department: string; stage: DeskStage; mirror: Mirror }

/** All kinds of desks, a RapidPro and one mediator that says all it ever says, with mirrors before everybody else. */
export type PrivacyWorld = {
  posts: Post[]
  rapidpro: Rapidpro
  bot: Mirror
  mediator: MediatorProcess
  store: StoreScan
  /** What nobody may see of the configuration. */
  secrets: string[]
  /** Calls the mediator and remembers what it answers. */
  ask(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Asked>
  /** Everything it has answered, heads and bodies. */
  answers: string[]
  stop(): Promise<void>
}

export type Asked = { status: number; text: string }

/** Lines that some desks' tables need besides the stage's: any department, and all they can be told of a client. */
const MORE: Record<string, string> = {
  rocketchat: 'send_phone = true',
  yellow: 'send_phone = true\ngroups = { default = "support" }',
  aivo: 'send_phone = true',
  'chat-server': 'groups = { default = "support" }\nsend_results = true\ntransports = ["polling"]',
  genesys: 'send_history = true',
}

/** Where a department's name is the desk's own; the others take any. */
const DEPARTMENTS: Record<string, string> = { rocketchat: 'Support', genesys: 'support' }

export async function startPrivacyWorld(kind: StoreKind): Promise<PrivacyWorld> {
  const dir = mkdtempSync(join(tmpdir(), 'mediator-privacy-'))
  const dataDir = join(dir, 'data')
  const redis = kind === 'redis' ? await startRedis({ appendonly: true }) : undefined
  const rapidpro = await startRapidpro()
  const bot = await startMirror(rapidpro.url)
  const posts = await Promise.all(Object.keys(stages).map(startPost))
  writeFileSync(join(dir, 'live-agents.toml'), settingsOf(posts, rapidpro, bot))
  const env = { LOG_LEVEL: 'trace', API_TOKENS: API_TOKEN }
  const mediator = await startMediator({ configDir: dir, dataDir, redisUrl: redis?.url, env })
  for (const { name, stage } of posts) stage.connect(mediator.url, name)
  await until('all links are up', () => areLinksUp(mediator))
  const store = redis ? scanRedis(redis.url) : scanFiles(dataDir)
  const answers: string[] = []
  return {
    posts,
    rapidpro,
    bot,
    mediator,
    store,
    secrets: [API_TOKEN, rapidpro.token, ...posts.flatMap(({ stage }) => stage.secrets)],
    ask: (...asked) => ask(mediator.url, answers, ...asked),
    answers,
    async stop() {
      store.close()
      await mediator.stop('SIGKILL')
      await Promise.all(posts.flatMap(({ stage, mirror }) => [mirror.stop(), stage.stop()]))
      await Promise.all([bot.stop(), rapidpro.stop(), redis?.stop()])
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

async function areLinksUp({ url }: MediatorProcess): Promise<boolean> {
  const { links = {} } = (await (await fetch(`${url}/health/ready`)).json()) as { links?: object }
  return Object.values(links).every(state => state === 'connected')
}

async function startPost(name: string): Promise<Post> {
  const stage = (await stages[name]?.()) as DeskStage
  return { name, department: DEPARTMENTS[name] ?? `to-${name}`, stage, mirror: await startMirror(stage.url) }
}

function settingsOf(posts: Post[], { token }: Rapidpro, bot: Mirror): string {
  const desks = posts.map(
    ({ name, stage, mirror }) =>
      `[desks.${name}]\n${stage.settings.replaceAll(stage.url, mirror.url)}\n${MORE[name] ?? ''}\n`,
  )
  const routes = posts.map(
    ({ name, department }) => `[[routes]]\ndepartment = "${department}"\ndesk = "${name}"\n`,
  )
  return `[media]
allow = ["127.0.0.1"]
[bots.rapidpro]
type = "rapidpro"
url = "${bot.url}"
token = "${token}"
${desks.join('')}${routes.join('')}`
}

async function ask(
  url: string,
  answers: string[],
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Asked> {
  const response = await fetch(url + path, {
    method,
    headers: { authorization: `Token ${API_TOKEN}`, ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  answers.push(`${method} ${response.status} ${JSON.stringify([...response.headers])} ${text}`)
  return { status: response.status, text }
}
