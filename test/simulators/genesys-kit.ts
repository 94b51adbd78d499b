import { onTestFinished } from 'vitest'
import { type Genesys, type GenesysOptions, startGenesys } from '../../simulators/genesys/index.ts'

export type Json = Record<string, unknown>
export type Answer = { status: number; headers: Headers; text: string; body: Json }
type Sent = { body?: unknown; headers?: Record<string, string> }

export const basic = (user = 'bot', password = 'seat-password') => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
})

/** A contact centre that ends with the test. */
export async function startCentre(options: GenesysOptions = {}): Promise<Genesys> {
  const genesys = await startGenesys(options)
  onTestFinished(() => genesys.stop())
  return genesys
}

/** Sends JSON, or a form when the body is URLSearchParams. */
export async function call(url: string, method: string, { body, headers = {} }: Sent = {}): Promise<Answer> {
  const isForm = body instanceof URLSearchParams
  const type: Record<string, string> = body && !isForm ? { 'content-type': 'application/json' } : {}
  const payload = isForm ? body : body === undefined ? undefined : JSON.stringify(body)
  const answer = await fetch(url, {
    method,
    headers: { ...type, ...headers },
    ...(payload !== undefined && { body: payload }),
  })
  const text = await answer.text()
  return { status: answer.status, headers: answer.headers, text, body: asJson(text) }
}

function asJson(text: string): Json {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}

/** A customer of the GWS customer chat API. */
export function createCustomer({ url, contactCenterId }: Genesys) {
  const headers = { ContactCenterId: contactCenterId }
  const ask = (method: string, path: string, body?: Json) =>
    call(`${url}/api/v2/chats${path}`, method, { headers, body })
  const start = async (more: Json = {}) => {
    const wish = { operationName: 'RequestChat', nickname: 'Eva', subject: 'help', ...more }
    return String((await ask('POST', '', wish)).body.id)
  }
  const act = (id: string, operationName: string, more: Json = {}) =>
    ask('POST', `/${id}`, { operationName, ...more })
  const messages = async (id: string, query = '?index=0') =>
    (await ask('GET', `/${id}/messages${query}`)).body.messages as Json[]
  const state = async (id: string) => (await ask('GET', `/${id}`)).body.chat as Json
  return { ask, start, act, messages, state }
}

/** A GMS client at one service. */
export function createClient({ url }: Genesys, service = 'chat-general', headers = {}) {
  const ask = (path: string, form: Record<string, string> = {}) =>
    call(`${url}/genesys/2/chat/${service}${path}`, 'POST', { body: new URLSearchParams(form), headers })
  const start = async (more: Record<string, string> = {}) => {
    const { body } = await ask('', { nickname: 'Eva', ...more })
    const { userId, secureKey, alias, chatId } = body as Record<string, string>
    const keys = { userId: `${userId}`, secureKey: `${secureKey}`, alias: `${alias}` }
    const act = (what: string, form: Record<string, string> = {}) =>
      ask(`/${chatId}/${what}`, { ...keys, ...form })
    return { chatId: `${chatId}`, keys, created: body, act }
  }
  return { ask, start }
}

/** A seat with its own cookies. */
export function createSeat({ url }: Genesys, user = 'bot', password = 'seat-password') {
  const jar = new Map<string, string>()
  const headers: Record<string, string> = basic(user, password)
  const ask = async (method: string, path: string, body?: unknown): Promise<Answer> => {
    const cookie = [...jar].map(pair => pair.join('=')).join('; ')
    const sent = { headers: { ...headers, ...(cookie && { cookie }) }, body }
    const answer = await call(`${url}/api/v2${path}`, method, sent)
    for (const line of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = line.split(';', 1)[0]?.split('=') ?? []
      jar.set(name, value)
    }
    return answer
  }
  const me = (operationName: string, more: Json = {}) => ask('POST', '/me', { operationName, ...more })
  const ready = async () => {
    await me('StartContactCenterSession', { channels: ['chat'] })
    return me('Ready')
  }
  const act = (id: string, operationName: string, more: Json = {}, folder = 'interactions') =>
    ask('POST', `/me/${folder}/${id}`, { operationName, ...more })
  return { jar, headers, ask, me, ready, act }
}

export type Seat = ReturnType<typeof createSeat>
export type Frame = Json & { channel: string; data: Json }

/** A Bayeux client over raw HTTP. */
export function createFeed(seat: Seat, suffixes = true) {
  const frames: Frame[] = []
  let clientId = ''
  const send = async (suffix: string, messages: Json[]): Promise<Json[]> => {
    const path = `/notifications${suffixes ? suffix : ''}`
    const replies = JSON.parse((await seat.ask('POST', path, messages)).text) as Frame[]
    frames.push(...replies.filter(({ channel }) => !channel.startsWith('/meta/')))
    return replies.filter(({ channel }) => channel.startsWith('/meta/'))
  }
  const handshake = async () => {
    const wish = { channel: '/meta/handshake', version: '1.0', supportedConnectionTypes: ['long-polling'] }
    const [reply = {}] = await send('/handshake', [wish])
    clientId = String(reply.clientId)
    return reply
  }
  const subscribe = (...subscription: string[]) =>
    send('', [{ channel: '/meta/subscribe', clientId, subscription }])
  const connect = async (timeout?: number) => {
    const advice = timeout === undefined ? {} : { advice: { timeout } }
    const wish = { channel: '/meta/connect', clientId, connectionType: 'long-polling', ...advice }
    return (await send('/connect', [wish]))[0] ?? {}
  }
  const publish = (channel: string) => send('', [{ channel, clientId, data: {} }])
  const disconnect = () => send('/disconnect', [{ channel: '/meta/disconnect', clientId }])
  const open = async (...channels: string[]) => {
    await handshake()
    return subscribe(...channels)
  }
  /** What has come since the last time; asks once. */
  const take = async (): Promise<Frame[]> => {
    await connect(0)
    return frames.splice(0)
  }
  return { handshake, subscribe, connect, publish, disconnect, open, take, frames }
}

/** A ready seat that listens to these channels, and a way to have somebody call it. */
export async function startListening(options: GenesysOptions = {}, ...channels: string[]) {
  const genesys = await startCentre(options)
  const seat = createSeat(genesys)
  await seat.ready()
  const feed = createFeed(seat)
  await feed.open(...(channels.length > 0 ? channels : ['/v2/me/chats']))
  const start = () => genesys.customerStarts({ endpoint: 'chat-seat', userData: { key: 'k1' } })
  return { genesys, seat, feed, start }
}

/** A seat that is ready and has a chat with Eva; `until` says how far. */
export async function startWork(until: 'Invited' | 'Chatting', options: GenesysOptions = {}) {
  const genesys = await startCentre(options)
  const seat = createSeat(genesys)
  await seat.ready()
  const chat = genesys.customerStarts({ endpoint: 'chat-seat' })
  const id = chat.interactionId
  if (until === 'Chatting') await seat.act(id, 'Accept', { nickname: 'Bot' })
  return { genesys, seat, chat, id }
}
