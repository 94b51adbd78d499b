import type { Fault } from '../../simulators/lib/fault-set.ts'
import type { Scenario } from './scenario.ts'
import { threeOnRedis } from './worlds.ts'

/** What goes wrong with calls to a vendor; `slow` and `slow-drip` last longer than a mediator waits for an answer. */
const CALLS: Fault[] = [
  { kind: 'reset-after' },
  { kind: 'too-many-requests', resetMs: 1_000 },
  { kind: 'half-json' },
  { kind: 'slow', ms: 9_000 },
  { kind: 'server-error' },
  { kind: 'slow-drip', ms: 200 },
  { kind: 'stall' },
  { kind: 'bad-gateway' },
  { kind: 'reset-before' },
]
const ROUTES = { rapidpro: '/api/v2/messages.json', rocketchat: '/api/v1/livechat/message' }
const SHARE = 0.3

export const vendors: Scenario = {
  name: 'vendors',
  about:
    'calls to either vendor get 429, 500, 502, half an answer, a late one, none; before or after it was done',
  world: threeOnRedis,
  seconds: { short: 9, long: 130 },
  turns: { short: CALLS.length, long: 6 * CALLS.length },
  async disturb({ world: { rapidpro, rocketchat }, random, short, turn, pause, note }) {
    const sides = [
      { desk: rapidpro, route: ROUTES.rapidpro, fault: nth(turn) },
      { desk: rocketchat, route: ROUTES.rocketchat, fault: nth(turn + 4) },
    ]
    note(`RapidPro: ${sides[0]?.fault.kind}, Rocket.Chat: ${sides[1]?.fault.kind}`)
    const planted = sides.map(async ({ desk, route, fault }) => {
      const seed = random.between(1, 1_000_000)
      const id = await desk.addFault({ ...fault, route, method: 'POST', probability: SHARE, seed })
      return () => desk.removeFault(id)
    })
    const removals = await Promise.all(planted)
    await pause(short ? 900 : random.between(1_000, 3_000))
    await Promise.all(removals.map(remove => remove()))
    await pause(short ? 50 : 500)
  },
}

function nth(turn: number): Fault {
  return CALLS[turn % CALLS.length] as Fault
}

const HOOKS: Fault[] = [
  { kind: 'duplicate' },
  { kind: 'reorder' },
  { kind: 'delay', ms: 1_500 },
  { kind: 'drop' },
]

export const webhooks: Scenario = {
  name: 'webhooks',
  about:
    'Rocket.Chat posts webhooks twice, late, in another order, or never; agents write several texts at once',
  world: threeOnRedis,
  seconds: { short: 6, long: 90 },
  turns: { short: HOOKS.length, long: 8 * HOOKS.length },
  burst: 3,
  async disturb({ world: { rocketchat }, random, short, turn, pause, note }) {
    const fault = HOOKS[turn % HOOKS.length] as Fault
    const probability = fault.kind === 'drop' ? 0.1 : 0.4
    note(`webhooks: ${fault.kind}`)
    const seed = random.between(1, 1_000_000)
    const id = await rocketchat.addFault({ ...fault, route: 'Message', probability, seed })
    await pause(short ? 1_200 : random.between(1_500, 3_000))
    await rocketchat.removeFault(id)
    await pause(100)
  },
}
