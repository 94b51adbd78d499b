import { afterAll, beforeAll, expect, it } from 'vitest'
import { registerSomebody, saying, TO_AGENT } from '../http/asks.ts'
import { until } from '../support/until.ts'
import { type Answer, startWorld, type World } from '../support/world.ts'

const CLIENTS = 40
/** Together several times the heap, were they all taken. */
const LETTERS = 120
const LARGE = 'x'.repeat(950_000)
const SLOW_MS = 1_500

let world: World
const clients: { uuid: string; rid: string }[] = []
beforeAll(async () => {
  world = await startWorld({ env: { NODE_OPTIONS: '--max-old-space-size=128' } })
  for (let i = 0; i < CLIENTS; i++) clients.push(await registerSomebody(world))
})
afterAll(() => world.stop())

const look = (path: string): Promise<Answer> => world.call('GET', path, undefined, { authorization: '' })

function send(n: number): Promise<Answer> {
  const { uuid } = clients[n % CLIENTS] as { uuid: string }
  return world.call('POST', TO_AGENT, { ...saying(uuid, `text ${n}`), padding: LARGE })
}

function textsOf(rid: string): string[] {
  return (world.rocketchat.state.index.messagesByRoom.get(rid) ?? []).map(({ msg }) => msg)
}

it('says 503 before its memory is exhausted, and loses nothing it took', async () => {
  const pid = world.mediator.pid
  world.rocketchat.faults.add({ kind: 'slow', ms: SLOW_MS, route: '/api/v1/livechat/message' })
  const sent = Array.from({ length: LETTERS }, (_, n) => send(n))
  const notReady = await until('it says that it is not ready', async () => {
    const answer = await look('/health/ready')
    return answer.status === 503 && answer.body
  })
  expect(notReady).toMatchObject({ status: 'not-ready', reason: expect.stringContaining('overloaded') })
  const others = ['/health/live', '/metrics', '/live-agents/project/hiv/country/gt/day-status']
  for (const path of others) expect((await look(path)).status).not.toBe(503)

  const answers = await Promise.all(sent)
  const refused = answers.filter(({ status }) => status === 503)
  expect(refused.length).toBeGreaterThan(0)
  for (const { body } of refused)
    expect(body).toMatchObject({
      status_code: 503,
      status: 'unavailable',
      msg: expect.stringContaining('MiB'),
    })
  const taken = answers.flatMap(({ status }, n) => (status < 300 ? [n] : []))
  expect(taken.length + refused.length).toBe(LETTERS)
  expect(taken.length).toBeGreaterThan(0)

  world.rocketchat.faults.clear()
  await until('all it took is at the desk', () => taken.every(n => isDelivered(n)))
  for (const { rid } of clients) expect(new Set(textsOf(rid)).size).toBe(textsOf(rid).length)
  await until('it is ready again', async () => (await look('/health/ready')).status === 200)
  expect((await send(LETTERS)).status).toBe(200)
  expect(world.mediator.pid).toBe(pid)
})

function isDelivered(n: number): boolean {
  return textsOf(clients[n % CLIENTS]?.rid ?? '').includes(`text ${n}`)
}
