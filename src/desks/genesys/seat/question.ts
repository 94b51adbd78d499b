import { z } from 'zod'
import { MediatorError } from '../../../domain/errors.ts'
import type { Call } from '../../../lib/call.ts'
import type { Actions } from './actions.ts'
import { operations } from './operations.ts'

const interaction = z.string()

/** What any replica asks the one that holds the seat: one HTTP session speaks for a login, and it is kept there. */
const question = z.discriminatedUnion('do', [
  z.object({ do: z.literal('operate'), interaction, operation: operations }),
  z.object({ do: z.literal('accept'), interaction }),
  z.object({ do: z.literal('say'), interaction, text: z.string() }),
  z.object({ do: z.literal('finish'), interaction }),
  z.object({ do: z.literal('handOver'), interaction, department: z.string() }),
])

export type Question = z.infer<typeof question>

/** The answer is JSON: what `operate` gives, else null. */
export async function answerQuestion(actions: Actions, asked: unknown, call: Call): Promise<unknown> {
  const { data } = question.safeParse(asked)
  if (!data) throw new MediatorError('INVALID', 'the seat does not understand what it is asked to do')
  switch (data.do) {
    case 'operate':
      return actions.operate(data.interaction, data.operation, call)
    case 'accept':
      await actions.accept(data.interaction, call)
      return null
    case 'say':
      await actions.say(data.interaction, data.text, call)
      return null
    case 'finish':
      await actions.finish(data.interaction, call)
      return null
    case 'handOver':
      await actions.handOver(data.interaction, data.department, call)
      return null
  }
}
