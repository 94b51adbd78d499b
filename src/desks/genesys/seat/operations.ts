import { z } from 'zod'

const word = z.string().min(1)
const targets = ['agentId', 'skill', 'targetUri', 'queueName', 'targetPath'] as const

/**
 * The operations of a seat on an interaction: operations 1 to 11 of "Interactions on Chat Channel" (HTCC 8.5.2), by their
 * `operationName`; `Send` is the page's heading for SendMessage.
 */
export const operations = z
  .discriminatedUnion('operation', [
    z.strictObject({
      operation: z.literal('Accept'),
      nickname: word.optional().describe('How agents see the seat; by default as configured'),
    }),
    z.strictObject({ operation: z.literal('Reject') }),
    z.strictObject({ operation: z.literal('InviteUser'), agentId: word }),
    z.strictObject({ operation: z.literal('EndChatSession') }),
    z.strictObject({ operation: z.enum(['Send', 'SendMessage']), text: word }),
    z.strictObject({ operation: z.literal('SendStartTypingNotification') }),
    z.strictObject({ operation: z.literal('SendStopTypingNotification') }),
    z
      .strictObject({
        operation: z.literal('SingleStepTransfer'),
        agentId: word.optional(),
        skill: word.optional(),
        targetUri: word.optional(),
        queueName: word.optional(),
        targetPath: word.optional(),
      })
      .refine(
        given => targets.filter(target => given[target] !== undefined).length === 1,
        `name exactly one target: ${targets.join(', ')}`,
      ),
    z.strictObject({ operation: z.literal('Complete') }),
    z.strictObject({
      operation: z.literal('RequestChatHistory'),
      eventId: z.union([word, z.int()]).optional().describe('From here on; by default all of it'),
    }),
    z.strictObject({
      operation: z.literal('LeaveConference'),
      agentId: word.optional().describe('Who leaves; by default the seat itself'),
    }),
  ])
  .describe('An operation of a Genesys seat')

export type Operation = z.infer<typeof operations>
