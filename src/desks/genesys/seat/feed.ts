import { CometD, type Message } from 'cometd'
import type { Logger } from 'pino'
import { MediatorError } from '../../../domain/errors.ts'
import { inBrowser, outOfBrowser } from './browser.ts'
import type { SeatHttp } from './seat-http.ts'
import { createTransport, type Failure } from './transport.ts'

/** What Web Services tells the seat, as it happens: Bayeux over long polling [D]: HTCC API, AsynchronousEvents. */
export type Feed = {
  /** Resolves when the login was refused. Rejects with what else has ended it. What can be mended by trying again does not. */
  ended: Promise<RefusedFeed>
  /** Says goodbye, if there is time until `signal`, and is silent from then on. */
  leave(signal: AbortSignal): Promise<void>
}

/** `age`: of the login that was refused. `wasUp`: it had been good before. */
export type RefusedFeed = { age: number; wasUp: boolean }

export type FeedKit = {
  http: SeatHttp
  /** Of the login in use. */
  age(): number
  desk: string
  log: Logger
  /** After each handshake, when the notifications are ordered: what happened before was not told. */
  subscribed(): void
  hear(data: unknown): void
  report(state: 'connected' | 'reconnecting'): void
}

/** Of the present, and of the first releases. A site may know only one of them. */
const TOPICS = ['/v2/me/chats', '/v2/me/interactions']

const FIRST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 8_000

export function openFeed(kit: FeedKit): Feed {
  const { promise: ended, resolve, reject } = Promise.withResolvers<RefusedFeed>()
  const life = new AbortController()
  const { desk, log } = kit
  const hear = outOfBrowser(kit.hear)
  const report = outOfBrowser(kit.report)
  const settleTopics = outOfBrowser(judgeTopics)
  let wasUp = false
  let isOver = false
  const transport = createTransport({
    http: kit.http,
    age: kit.age,
    holdMs: () => cometd.getAdvice().timeout ?? 0,
    call: { signal: life.signal, log, attempt: 1 },
  })
  const cometd = inBrowser(createClient)
  inBrowser(() => cometd.handshake())
  return { ended, leave }

  function createClient(): CometD {
    const client = new CometD(desk)
    client.unregisterTransports()
    client.registerTransport('long-polling', transport)
    // Where requests really go, the transport knows.
    client.configure({
      url: 'http://seat/notifications',
      backoffIncrement: FIRST_PAUSE_MS,
      maxBackoff: LONGEST_PAUSE_MS,
    })
    client.registerExtension('lost', { incoming: demandHandshake })
    client.addListener('/meta/handshake', reply => (reply.successful ? subscribe(client) : judge(reply)))
    client.addListener('/meta/connect', reply => (reply.successful ? goOn() : judge(reply)))
    return client
  }

  function goOn(): void {
    wasUp = true
    report('connected')
  }

  function subscribe(client: CometD): void {
    const refused: string[] = []
    let left = TOPICS.length
    const settle = (topic: string) => (reply: Message) => {
      if (isUnanswered(reply)) return judge(reply, true)
      if (!reply.successful) refused.push(topic)
      left -= 1
      if (left === 0) settleTopics(refused)
    }
    client.batch(() => {
      for (const topic of TOPICS) client.subscribe(topic, ({ data }) => hear(data), settle(topic))
    })
  }

  function judgeTopics(refused: string[]): void {
    if (refused.length === TOPICS.length) {
      stop(new MediatorError('REJECTED', `${desk}: the seat may not hear of ${refused.join(' and ')}`))
      return
    }
    if (refused.length > 0) log.info({ refused }, 'the desk has only one of the two topics')
    kit.subscribed()
  }

  /** What the library does by itself about a failure is to try again; for some that is in vain. */
  function judge(reply: Message, isFatal = false): void {
    if (isLoginRefused(reply)) stop({ age: failureOf(reply)?.age ?? kit.age(), wasUp })
    else if (isFatal || reply.advice?.reconnect === 'none')
      stop(new MediatorError('UNREACHABLE', `${desk}: the notifications have broken off`))
    else report('reconnecting')
  }

  function stop(why: RefusedFeed | MediatorError): void {
    isOver = true
    transport.close()
    if (why instanceof MediatorError) reject(why)
    else resolve(why)
  }

  async function leave(signal: AbortSignal): Promise<void> {
    await new Promise<void>(done => {
      signal.addEventListener('abort', () => done(), { once: true })
      // A library that is not connected never calls back.
      if (isOver || signal.aborted || cometd.isDisconnected()) done()
      else inBrowser(() => cometd.disconnect(() => done()))
    })
    transport.close()
    life.abort()
  }
}

/** Without this advice, which not every server gives, the library would go on asking as a client that is not known any more. */
function demandHandshake(message: Message): Message {
  const isLost = message.channel === '/meta/connect' && /^402/.test(message.error ?? '')
  return isLost ? { ...message, advice: { ...message.advice, reconnect: 'handshake' } } : message
}

function failureOf(reply: Message): Failure | undefined {
  return (reply as Message & { failure?: Failure }).failure
}

/** By the HTTP status, or by the Bayeux server, which knows only of handshakes. */
function isLoginRefused(reply: Message): boolean {
  const { httpCode } = failureOf(reply) ?? {}
  if (httpCode === 401 || httpCode === 403) return true
  if (reply.channel !== '/meta/handshake') return false
  return /^40[13]/.test(reply.error ?? '') || reply.advice?.reconnect === 'none'
}

function isUnanswered(reply: Message): boolean {
  return failureOf(reply) !== undefined
}
