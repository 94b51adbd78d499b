import { Redis } from 'ioredis'
import type { Entry } from '../src/domain/mailbox.ts'
import type { SessionRecord } from '../src/domain/session.ts'
import { openRedisStore } from '../src/store/redis/index.ts'
import type { Store, StoreOptions, Work } from '../src/store/store.ts'
import { startRedis } from '../test/support/redis-server.ts'
import { count, readCommandLine } from './command-line.ts'

const { sessions: SESSIONS } = readCommandLine({
  call: 'npx node bench/redis-memory.ts',
  about: "What a session and a message cost in Redis' memory, on a server of its own.",
  takes: 'Takes about a minute. Needs a Redis server.',
  options: { sessions: count(10_000, 'that are opened, talk, end and are forgotten') },
})

const MESSAGES = 10
const DAY_MS = 86_400_000
const NOW = Date.now()
const OPTIONS: StoreOptions = {
  leaseMs: 15_000,
  sessionTtlMs: 7 * DAY_MS,
  deadLetterTtlMs: 30 * DAY_MS,
  silentMs: 600_000,
}
/** 100 characters, as long as people's messages are. */
const TEXT =
  'Buenos días, tengo fiebre desde ayer por la noche y no sé si tengo que ir a la consulta o no. Gracias'

const uuidOf = (i: number): string => `11111111-2222-4333-8444-${String(i).padStart(12, '0')}`

function draftOf(i: number): Omit<SessionRecord, 'id'> {
  return {
    bot: 'rapidpro',
    client: { uuid: uuidOf(i), name: 'Rosa Peña', urn: `whatsapp:5025${String(i).padStart(7, '0')}` },
    department: 'GTM_HIV_GENERAL',
    openedAt: NOW,
    gate: { open: true, dayType: 'workingday', dayName: 'monday', at: NOW },
  }
}

function openingOf(i: number): Entry {
  const opening = { desks: ['rocketchat'], results: { reason: 'fever' }, promised: true }
  return { kind: 'open', id: `open-${uuidOf(i)}`, at: NOW, opening }
}

async function openSession(store: Store, i: number): Promise<void> {
  const { work } = (await store.register(draftOf(i), openingOf(i), NOW)) as { work: Work }
  const conversation = { id: `room${uuidOf(i)}`, state: { token: uuidOf(i) } }
  await store.settle(
    work.turn,
    work.head,
    { kind: 'opened', desk: 'rocketchat', conversation, state: 'queued' },
    NOW,
  )
}

function say(store: Store, i: number, n: number) {
  const id = `${uuidOf(n)}-${i}`
  const entry: Entry = { kind: 'message', id, at: NOW, message: { text: TEXT, attachments: [] } }
  return store.accept(
    { to: { by: 'client', userid: uuidOf(i) }, direction: 'to_agent', dedupe: id, entries: [entry] },
    NOW,
  )
}

/** Delivers all that waits for a session's agent. */
async function deliver(store: Store, i: number): Promise<void> {
  const session = (await store.findByClient(uuidOf(i)))?.session.id ?? ''
  let work = await store.claim(session, 'to_agent', NOW + DAY_MS)
  while (work) {
    const settlement = await store.settle(work.turn, work.head, { kind: 'removed' }, NOW + DAY_MS)
    work = settlement.outcome === 'settled' ? settlement.next : undefined
  }
}

async function endAndForget(store: Store, i: number): Promise<void> {
  const session = (await store.findByClient(uuidOf(i)))?.session.id ?? ''
  const ending = { at: NOW, reason: 'agent' } as const
  await store.accept({ to: { by: 'session', session }, direction: 'to_client', entries: [], ending }, NOW)
  await store.forget(session, NOW + 4 * DAY_MS)
}

async function forAll(step: (i: number) => Promise<unknown>): Promise<void> {
  const size = 500
  for (let first = 0; first < SESSIONS; first += size) {
    const count = Math.min(size, SESSIONS - first)
    await Promise.all(Array.from({ length: count }, (_, i) => step(first + i)))
  }
}

async function measure(redis: Redis) {
  const [, bytes = '0'] = /^used_memory_dataset:(\d+)/m.exec(await redis.info('memory')) ?? []
  return { bytes: Number(bytes), keys: await redis.dbsize() }
}

async function main(): Promise<void> {
  const server = await startRedis()
  const redis = new Redis(server.url)
  const store = await openRedisStore(server.url, OPTIONS)
  const start = await measure(redis)
  const rows: Record<string, Record<string, number>> = {}
  const note = async (name: string) => {
    const { bytes, keys } = await measure(redis)
    const [grown, more] = [bytes - start.bytes, keys - start.keys]
    rows[name] = {
      'MB in all': Math.round(grown / 1e4) / 100,
      'bytes/session': Math.round(grown / SESSIONS),
      keys: more,
    }
  }
  await forAll(i => openSession(store, i))
  await note('open, nothing said')
  for (let n = 0; n < MESSAGES; n += 1) await forAll(i => say(store, i, n))
  await note(`${MESSAGES} messages wait`)
  await forAll(i => deliver(store, i))
  await note('all delivered')
  await forAll(i => endAndForget(store, i))
  await note('ended and forgotten')
  console.log(`${SESSIONS} sessions, messages of ${TEXT.length} characters`)
  console.table(rows)
  await store.close()
  redis.disconnect()
  await server.stop()
}

await main()
