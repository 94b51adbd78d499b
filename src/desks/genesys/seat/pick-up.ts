import { asMediatorError } from '../../../domain/errors.ts'
import type { Link } from '../../desk.ts'
import { pause } from '../pause.ts'
import type { Actions } from './actions.ts'
import { namesOf } from './identity.ts'
import type { Notice } from './notice.ts'
import type { Operation } from './operations.ts'
import type { SeatConnection } from './settings.ts'
import { targetOf, toTransfer } from './targets.ts'
import type { Work } from './work.ts'

export type PickUpKit = {
  link: Link
  connection: Pick<SeatConnection, 'transfers' | 'userDataKey'>
  names(): ReadonlySet<string>
  actions: Pick<Actions, 'perform' | 'finish'>
}

/** Before another try, in ms; after the last one it is given up. */
const PAUSES_MS = [1_000, 3_000, 9_000]

/**
 * Takes up the chats of our clients that are offered to the seat, and passes each on to whom its department is for. Where no
 * table says whom, the seat leaves them alone: somebody else may have asked it in. Says and hears nothing.
 */
export function createPickUp({ link, connection, names, actions }: PickUpKit): Work {
  const taken = new Set<string>()
  const { userDataKey } = connection

  return {
    hear(notice, isListed) {
      const { interaction, state } = notice
      if (state === 'Completed' || state === 'Revoked') taken.delete(interaction)
      const target = targetFor(notice)
      if (!target || taken.has(interaction)) return
      const isOffered = state === 'Invited'
      const isStuck = isListed && isLeftWithUs(notice)
      if (isOffered || isStuck || (isListed && state === 'LeftChat')) taken.add(interaction)
      if (isOffered || isStuck) void passOn(interaction, isOffered, toTransfer(target))
    },
    catchingUp: () => undefined,
    caughtUp: () => undefined,
    before: () => undefined,
    after: () => undefined,
    isOurs: interaction => taken.has(interaction),
    settle: async () => undefined,
  }

  function targetFor({ userData = {} }: Notice) {
    const session = userData[userDataKey]
    if (typeof session !== 'string' || session === '') return undefined
    return targetOf(connection.transfers, String(userData[`${userDataKey}Department`] ?? ''))
  }

  /** Taken up by a replica that died before it could pass it on. */
  function isLeftWithUs({ state, participants = [] }: Notice): boolean {
    const agents = participants.filter(({ type }) => type === 'Agent')
    const isSeat = agents.some(agent => namesOf(agent).some(name => names().has(name)))
    return state === 'Chatting' && isSeat && agents.length === 1
  }

  async function passOn(interaction: string, isOffered: boolean, transfer: Operation): Promise<void> {
    if (isOffered && !(await persist(interaction, { operation: 'Accept' }))) return
    if (await persist(interaction, transfer)) return
    if (link.signal.aborted) return
    link.log.error('a chat could not be passed on to anybody: the seat ends it; check transfers')
    await actions.finish(interaction, callOf(link)).catch(complain)
  }

  /** False where the desk refuses, or does not answer for long. */
  async function persist(interaction: string, operation: Operation): Promise<boolean> {
    for (const ms of [...PAUSES_MS, 0]) {
      const answer = await actions.perform(interaction, operation, callOf(link)).catch(complain)
      if (answer?.ok) return true
      if (answer) link.log.warn({ operation: operation.operation, code: answer.code }, 'the desk refuses')
      if (answer && answer.status !== 502) return false
      await pause(ms, link.signal)
      if (link.signal.aborted) return false
    }
    return false
  }

  function complain(thrown: unknown): undefined {
    const { code, message } = asMediatorError(thrown)
    link.log.warn({ code, reason: message }, 'the seat could not act')
  }
}

function callOf({ signal, log }: Link) {
  return { signal, log, attempt: 1 }
}
