import { z } from 'zod'
import { MediatorError } from '../../../domain/errors.ts'
import type { Call } from '../../../lib/call.ts'
import type { DeskKit, LinkDefinition, Operated } from '../../desk.ts'
import { runSeat } from './link.ts'
import { operations } from './operations.ts'
import type { Question } from './question.ts'
import type { SeatConnection, SeatSettings } from './settings.ts'

export { operations } from './operations.ts'
export { seatSettings } from './settings.ts'

/**
 * Our login as an agent. All methods may be called on any replica; they are carried out by the one that runs the link, and
 * throw UNREACHABLE while none does.
 */
export type Seat = {
  /** Keeps the seat logged in and ready, and does what the methods ask. */
  link: LinkDefinition
  /** Takes what `operations` let through (throws INVALID for other things). A refusal of the desk is an answer. */
  operate(interaction: string, operation: unknown, call: Call): Promise<Operated>
  /** Enters an interaction that the seat was invited to; having entered before is success. */
  accept(interaction: string, call: Call): Promise<void>
  /** Throws CONVERSATION_GONE where the seat has no part in it any more. Called twice, it is said twice. */
  say(interaction: string, text: string, call: Call): Promise<void>
  /** Ends the chat, and the work on it; what is over, or not the seat's any more, is success. */
  finish(interaction: string, call: Call): Promise<void>
  /**
   * Brings in whom the table `transfers` names for the department: as a colleague of a seat that stays to speak, else in
   * place of the seat. Without a table nothing is done. Throws UNKNOWN_DEPARTMENT and NO_AGENT.
   */
  handOver(interaction: string, department: string, call: Call): Promise<void>
}

const NAME = 'seat'

const operated = z.object({ status: z.number(), msg: z.string(), vendor: z.unknown() })

export function createSeat(settings: SeatSettings, connection: SeatConnection, kit: DeskKit): Seat {
  const ask = (question: Question, call: Call): Promise<unknown> => kit.links.ask(NAME, question, call)
  return {
    link: { name: NAME, run: link => runSeat(settings, connection, kit, link) },
    async operate(interaction, given, call) {
      const operation = readOperation(given)
      const { status, msg, vendor } = operated.parse(
        await ask({ do: 'operate', interaction, operation }, call),
      )
      return { status, msg, vendor }
    },
    accept: async (interaction, call) => void (await ask({ do: 'accept', interaction }, call)),
    say: async (interaction, text, call) => void (await ask({ do: 'say', interaction, text }, call)),
    finish: async (interaction, call) => void (await ask({ do: 'finish', interaction }, call)),
    handOver: async (interaction, department, call) =>
      void (await ask({ do: 'handOver', interaction, department }, call)),
  }
}

function readOperation(given: unknown) {
  const { data, error } = operations.safeParse(given)
  if (data) return data
  const [issue] = error.issues
  const key = issue?.path.join('.')
  throw new MediatorError(
    'INVALID',
    key ? `${key}: ${issue?.message}` : `${issue?.message ?? 'no operation'}`,
  )
}
