import { MediatorError } from '../../../domain/errors.ts'
import type { Call } from '../../../lib/call.ts'
import type { Operated } from '../../desk.ts'
import { type Answer, type Refused, toError } from '../answer.ts'
import type { Hand } from './hand.ts'
import type { Login } from './login.ts'
import { type Notice, readListed } from './notice.ts'
import { toBody } from './operation-bodies.ts'
import type { Operation } from './operations.ts'
import type { SeatConnection, SeatSettings } from './settings.ts'
import { targetOf, toTransfer } from './targets.ts'
import { interactionsAnswer } from './wire.ts'
import type { Work } from './work.ts'

/** What the seat can do. All throw MediatorError. */
export type Actions = {
  /** An operation, and what the desk answered. Throws where there was no answer. */
  perform(interaction: string, operation: Operation, call: Call): Promise<Answer>
  /** For somebody outside: a refusal is an answer. Throws MISCONFIGURED where the login is refused. */
  operate(interaction: string, operation: Operation, call: Call): Promise<Operated>
  /** Enters; having entered before is success. */
  accept(interaction: string, call: Call): Promise<void>
  /** Throws CONVERSATION_GONE where the seat has no part in it any more. */
  say(interaction: string, text: string, call: Call): Promise<void>
  /** Ends the chat, and the work on it; what is over, or not the seat's any more, is success. */
  finish(interaction: string, call: Call): Promise<void>
  /** Throws UNKNOWN_DEPARTMENT where the table has no line for it, NO_AGENT where whoever it names cannot come. */
  handOver(interaction: string, department: string, call: Call): Promise<void>
  /** What the seat has in hand, as the desk lists it: the items as they came. */
  list(call: Call): Promise<unknown[]>
}

export type ActionsKit = {
  settings: SeatSettings
  connection: SeatConnection
  login: Login
  hand: Hand
  desk: string
  /** Told of every operation. */
  work(): Work
}

/** Codes of the answers [D]: docs.genesys.com, GWS API, ReturnValues. */
const NOT_IN_THIS_STATE = 2
const NOT_PERMITTED = 5
const NOT_FOUND = 6

/** What a success tells about the interaction before the desk does. */
const STATES: Partial<Record<Operation['operation'], string>> = { Accept: 'Chatting', Complete: 'Completed' }

export function createActions(kit: ActionsKit): Actions {
  const { settings, connection, login, hand, desk } = kit
  const folder = connection.apiStyle
  return { perform, operate, accept, say, finish, handOver, list }

  async function perform(interaction: string, operation: Operation, call: Call): Promise<Answer> {
    const json = toBody(operation, { ...connection, nickname: settings.nickname, userId: login.own().id })
    if ('cannot' in json) return { ok: false, status: 400, msg: String(json.cannot), body: null }
    kit.work().before(interaction, operation)
    const path = `/me/${folder}/${encodeURIComponent(interaction)}`
    const request = { method: 'POST', route: `me/${folder}/:id`, path, json } as const
    const answer = await login.ask(request, call)
    kit.work().after(interaction, operation, answer.ok)
    const state = STATES[operation.operation]
    if (answer.ok && state) hand.set(interaction, state)
    return answer
  }

  async function operate(interaction: string, operation: Operation, call: Call): Promise<Operated> {
    const answer = await perform(interaction, operation, call)
    if (answer.ok) {
      if (operation.operation === 'EndChatSession') hand.leaveAlone(interaction)
      return { status: 200, msg: `${operation.operation}: done`, vendor: answer.body }
    }
    if (answer.status === 401) throw toError(answer, where(operation))
    return { status: answer.status, msg: `${operation.operation}: ${answer.msg}`, vendor: answer.body }
  }

  async function accept(interaction: string, call: Call): Promise<void> {
    const operation = { operation: 'Accept' } as const
    const answer = await perform(interaction, operation, call)
    if (answer.ok) return
    if (isNotNow(answer) && (await isIn(interaction, call))) return
    throw toError(answer, where(operation))
  }

  async function say(interaction: string, text: string, call: Call): Promise<void> {
    const operation = { operation: 'SendMessage', text } as const
    const answer = await perform(interaction, operation, call)
    if (answer.ok) return
    const isOver = answer.code === NOT_IN_THIS_STATE && !isChatting(interaction)
    if (isOver || answer.code === NOT_PERMITTED || answer.code === NOT_FOUND)
      throw new MediatorError(
        'CONVERSATION_GONE',
        `${where(operation)}: the seat has no part in it any more (${answer.code})`,
      )
    throw toError(answer, where(operation))
  }

  /** Unless we were told otherwise. */
  function isChatting(interaction: string): boolean {
    return (hand.stateOf(interaction) ?? 'Chatting') === 'Chatting'
  }

  async function finish(interaction: string, call: Call): Promise<void> {
    if (hand.stateOf(interaction) === 'Completed') return
    // Refused where the chat has ended already; there may be work left on it all the same.
    if (folder === 'interactions') await perform(interaction, { operation: 'EndChatSession' }, call)
    const operation = { operation: 'Complete' } as const
    const answer = await perform(interaction, operation, call)
    if (answer.ok) return
    const isDone = [NOT_IN_THIS_STATE, NOT_PERMITTED, NOT_FOUND].includes(answer.code ?? -1)
    if (!isDone) throw toError(answer, where(operation))
  }

  async function handOver(interaction: string, department: string, call: Call): Promise<void> {
    if (!connection.transfers) return
    const target = targetOf(connection.transfers, department)
    if (!target)
      throw new MediatorError(
        'UNKNOWN_DEPARTMENT',
        `${desk}: transfers has no line for the department "${department}"`,
      )
    if (connection.relay === 'control') return bring(interaction, toTransfer(target), call)
    // Whoever transfers a chat leaves it, and would hear and say no more.
    if (target.agent === undefined)
      throw new MediatorError(
        'UNKNOWN_DEPARTMENT',
        `${desk}: a seat that stays in the chat can only invite an agent: transfers must name one for "${department}"`,
      )
    return bring(interaction, { operation: 'InviteUser', agentId: target.agent }, call)
  }

  async function bring(interaction: string, operation: Operation, call: Call): Promise<void> {
    const answer = await perform(interaction, operation, call)
    if (answer.ok) return
    if (!isNotNow(answer)) throw toError(answer, where(operation))
    // Asked a second time, since the first answer got lost, the desk may refuse: it was done.
    const { participants = [] } = (await find(interaction, call)) ?? {}
    if (participants.filter(({ type }) => type === 'Agent').length > 1) return
    throw new MediatorError('NO_AGENT', `${where(operation)}: refused; the agent cannot come`)
  }

  async function isIn(interaction: string, call: Call): Promise<boolean> {
    if (hand.stateOf(interaction) === 'Chatting') return true
    return (await find(interaction, call))?.state === 'Chatting'
  }

  async function find(interaction: string, call: Call): Promise<Notice | undefined> {
    const listed = await list(call).catch(() => [])
    return listed.map(readListed).find(notice => notice?.interaction === interaction)
  }

  async function list(call: Call): Promise<unknown[]> {
    const path = '/me/interactions?fields=*'
    const answer = await login.ask({ method: 'GET', route: 'me/interactions', path }, call)
    if (!answer.ok) throw toError(answer, `${desk} GET me/interactions`)
    const read = interactionsAnswer.safeParse(answer.body)
    if (read.success) return read.data.interactions
    throw new MediatorError(
      'UNEXPECTED',
      `${desk} GET me/interactions: the answer is not as documented (interactions)`,
    )
  }

  function where({ operation }: Pick<Operation, 'operation'>): string {
    return `${desk} ${operation}`
  }
}

/** Refused for the state of things, or for reasons that are not told. */
function isNotNow({ code, status }: Refused): boolean {
  return code === undefined ? status === 409 : code === NOT_IN_THIS_STATE
}
