import { connect } from 'node:net'
import { until } from '../support/until.ts'
import { API_TOKEN } from './privacy-canaries.ts'
import { type Caller, handOver, meet, PNG, register, says } from './privacy-flows.ts'
import type { Repeats } from './privacy-mirror.ts'
import type { Post, PrivacyWorld } from './privacy-world.ts'

const REFUSALS: [status: number, repeats: Repeats][] = [
  [400, 'all'],
  [400, 'word'],
  [401, 'word'],
  [404, 'all'],
  [500, 'word'],
]

/** The desk refuses openings and messages in every way, repeating all it was told; and then it does not answer at all. */
export async function troubleAtDesk(world: PrivacyWorld, post: Post): Promise<void> {
  const { open, send } = post.stage.routes
  for (const [status, repeats] of REFUSALS) {
    post.mirror.refuse('POST', toPattern(open), status, repeats)
    await register(world, post, meet(world, `opening${status}`))
    post.mirror.letThrough()
  }
  if (send !== undefined) await troubleWithMessages(world, post, send)
}

/** Where desks and the bot take files, those that do. */
const FILE_PATHS = /upload|media/i

/** None waits for the one before: what may pass is tried again while others are refused. */
async function troubleWithMessages(world: PrivacyWorld, post: Post, send: string): Promise<void> {
  const { mirror, stage } = post
  const answered: Promise<unknown>[] = []
  for (const [status, repeats] of REFUSALS) {
    const caller = await handOver(world, post, `sending${status}`)
    const before = mirror.refused
    mirror.refuse('POST', toPattern(send), status, repeats)
    answered.push(says(world, caller))
    await until('the desk has refused', () => mirror.refused > before)
    mirror.letThrough()
  }
  const caller = await handOver(world, post, 'stalled')
  mirror.refuse('POST', FILE_PATHS, 400, 'word')
  await says(world, caller, true)
  mirror.letThrough()
  stage.faults.add({ kind: 'stall', route: send, times: 1 })
  await Promise.all([...answered, says(world, caller)])
}

/** The bot refuses a file, and then what agents say, the one of each desk in another way. */
export async function troubleAtBot(world: PrivacyWorld, callers: Caller[]): Promise<void> {
  const [{ stage }, { person, canaries }] = [world.posts[0] as Post, callers[0] as Caller]
  await refusedByBot(world, FILE_PATHS, 400, 'word', async () =>
    stage.agent.sendFile?.(person, { name: canaries.agentFile, type: 'image/png', data: PNG }),
  )
  for (const [i, [status, repeats]] of REFUSALS.entries()) {
    const [post, caller] = [world.posts[i] as Post, callers[i] as Caller]
    await refusedByBot(world, /\/(?:messages|broadcasts)\.json$/, status, repeats, () =>
      post.stage.agent.say(caller.person, caller.canaries.reply),
    )
  }
}

async function refusedByBot(
  { bot }: PrivacyWorld,
  path: RegExp,
  status: number,
  repeats: Repeats,
  speak: () => Promise<void>,
): Promise<void> {
  const before = bot.refused
  bot.refuse('POST', path, status, repeats)
  await speak()
  await until('the bot has refused it', () => bot.refused > before)
  bot.letThrough()
}

const EVENTS = '/live-agents/desks/rocketchat/events'
const UNKNOWN = 'Cnry7unknown'
const TOKENS = [
  { authorization: 'Token Cnry7wrongtoken' },
  { authorization: 'Bearer Cnry7wrongtoken' },
  { authorization: 'Cnry7wrongtoken' },
]

/** Requests that are refused at the door. */
export async function troubleAtDoor(world: PrivacyWorld): Promise<void> {
  const { ask } = world
  for (const headers of TOKENS) {
    await ask('POST', '/live-agents/registerClient', { contact: { uuid: UNKNOWN } }, headers)
    await ask('GET', '/live-agents/dead-letters?token=Cnry7querytoken', undefined, headers)
    await ask('POST', `${EVENTS}?token=Cnry7querytoken`, { text: UNKNOWN }, headers)
  }
  for (const name of ['x-rocketchat-livechat-token', 'x-auth-token'])
    await ask('POST', EVENTS, { text: UNKNOWN }, { [name]: 'Cnry7wrongtoken', authorization: '' })
  const bodies = [
    `{"contact": {"name": "${UNKNOWN}`,
    `${UNKNOWN} is no JSON`,
    { contact: UNKNOWN, department: UNKNOWN },
    { contact: { uuid: { name: UNKNOWN }, name: [UNKNOWN] }, results: UNKNOWN, input: { text: [UNKNOWN] } },
    { contact: { uuid: UNKNOWN.repeat(100), urn: { path: UNKNOWN } } },
    UNKNOWN.repeat(200_000),
  ]
  for (const path of ['registerClient', 'sendMessageToAgent', 'sendMessageToClient', 'desks/yellow/events'])
    for (const body of bodies) await ask('POST', `/live-agents/${path}`, body)
  await ask('POST', '/live-agents/dead-letters', { text: UNKNOWN })
  await ask(
    'GET',
    `/live-agents/desks/chat-server/conversations/none/transcript?type=${UNKNOWN}&key=${UNKNOWN}`,
  )
  await ask('GET', '/live-agents/desks/chat-server/conversations/none/transcript?type=pdf')
  await ask('POST', '/live-agents/desks/genesys/interactions/none', { operation: 'Send', text: UNKNOWN })
  await ask('POST', '/live-agents/desks/genesys/interactions/none', { operation: UNKNOWN, text: UNKNOWN })
  await ask('GET', `/${UNKNOWN}?key=${UNKNOWN}`)
  await ask('PUT', `/live-agents/${UNKNOWN}/%zz?key=${UNKNOWN}`)
  await ask('PATCH', `/live-agents/registerClient?key=${UNKNOWN}`, { name: UNKNOWN })
  await ask('GET', `/health/ready?key=${UNKNOWN}`)
  world.answers.push(await sendRaw(world, `GET /${UNKNOWN} ${UNKNOWN}\r\nx: ${UNKNOWN}\r\n\r\n`))
  world.answers.push(
    await sendRaw(world, `POST / HTTP/1.1\r\n${UNKNOWN}\r\nauthorization Token ${API_TOKEN}\r\n\r\n`),
  )
}

/** What a server that understands nothing of HTTP is sent, and answers. */
async function sendRaw({ mediator }: PrivacyWorld, text: string): Promise<string> {
  const { hostname, port } = new URL(mediator.url)
  const socket = connect(Number(port), hostname, () => socket.write(text))
  let answer = ''
  socket.setEncoding('utf8').on('data', chunk => {
    answer += chunk
  })
  await new Promise(resolve => socket.on('close', resolve).on('error', resolve))
  return answer
}

function toPattern(glob: string): RegExp {
  return new RegExp(`^${glob.split('*').join('.*')}$`)
}
