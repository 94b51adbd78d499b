import { asMediatorError, MediatorError } from '../../../domain/errors.ts'
import type { DeskKit, Link } from '../../desk.ts'
import { type Actions, createActions } from './actions.ts'
import { createAlarm } from './alarm.ts'
import { createHand, type Hand } from './hand.ts'
import { createListening } from './listening.ts'
import { createLogin } from './login.ts'
import type { Notice } from './notice.ts'
import { createPickUp } from './pick-up.ts'
import { answerQuestion } from './question.ts'
import { createRelay } from './relay.ts'
import { createSeatHttp } from './seat-http.ts'
import type { SeatConnection, SeatSettings } from './settings.ts'
import type { Work } from './work.ts'

/** Soon enough for what is late or missing, in ms. */
const LOOK_EVERY_MS = 500
/** Shorter than a link that is lost stays ours: by then another replica may be at work with the same login. In ms. */
const LEAVE_MS = 450
/** A chat that is over for the seat is mostly completed at once by whoever ended it. In ms. */
const LEFT_OVER_MS = 5_000

/** The seat at work, from its login to its logout. */
export async function runSeat(
  settings: SeatSettings,
  connection: SeatConnection,
  kit: DeskKit,
  link: Link,
): Promise<void> {
  const broken = new AbortController()
  const signal = AbortSignal.any([link.signal, broken.signal])
  const stop = (error: unknown): void => broken.abort(asMediatorError(error))
  const call = { signal, log: link.log, attempt: 1 }
  const desk = kit.name
  const alarm = createAlarm()
  const hand = createHand(kit.clock)
  const http = createSeatHttp(settings, connection, kit)
  const login = createLogin({ settings, http, desk, call, refused: stop })
  const actions = createActions({ settings, connection, login, hand, desk, work: () => work })
  const work = createWork()
  const listening = createListening({
    http,
    login,
    desk,
    log: link.log,
    clock: kit.clock,
    signal,
    report: link.report,
    list: () => actions.list(call),
    hear,
    catchingUp: () => work.catchingUp(),
    caughtUp(inHand) {
      work.caughtUp(inHand)
      alarm.ring()
    },
  })

  await login.logIn()
  link.serve((question, asked) => answerQuestion(actions, question, asked))
  void listening.keep().catch(stop)
  void keepWorking().catch(stop)
  await whenAborted(signal)
  await leave()
  if (!link.signal.aborted) throw broken.signal.reason

  function hear(notice: Notice, isListed: boolean): void {
    try {
      hand.hear(notice)
      work.hear(notice, isListed)
      alarm.ring()
    } catch (error) {
      stop(error)
    }
  }

  function createWork(): Work {
    const names = () => login.own().names
    if (connection.relay === 'control') return createPickUp({ link, connection, names, actions })
    const history = { operation: 'RequestChatHistory' } as const
    const requestHistory =
      connection.apiStyle === 'interactions' ? (id: string) => actions.perform(id, history, call) : undefined
    return createRelay({ link, clock: kit.clock, names, nickname: settings.nickname, requestHistory })
  }

  async function keepWorking(): Promise<void> {
    while (!signal.aborted) {
      await work.settle()
      for (const interaction of hand.unfinished(LEFT_OVER_MS))
        if (work.isOurs(interaction)) void complete(actions, hand, interaction, link)
      await alarm.wait(LOOK_EVERY_MS, signal)
    }
  }

  async function leave(): Promise<void> {
    const until = AbortSignal.timeout(LEAVE_MS)
    // A logout would put out whoever is at work with the same login now.
    const isTaken = broken.signal.aborted && asMediatorError(broken.signal.reason).code === 'FENCED'
    const logOut = isTaken ? undefined : login.logOut({ ...call, signal: until })
    await Promise.all([listening.leave(until), logOut])
  }
}

/** The chat has ended, and nobody else does what is left to do for the seat. */
async function complete(
  actions: Actions,
  hand: Hand,
  interaction: string,
  { signal, log }: Link,
): Promise<void> {
  hand.set(interaction, 'Completing')
  const call = { signal, log, attempt: 1 }
  const answer = await actions.perform(interaction, { operation: 'Complete' }, call).catch(asMediatorError)
  if (!(answer instanceof MediatorError) && (answer.ok || answer.status !== 502)) return
  log.warn('a chat that has ended could not be completed yet')
  hand.set(interaction, 'LeftChat')
}

function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
