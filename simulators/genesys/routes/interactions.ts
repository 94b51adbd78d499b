import type { FastifyInstance, FastifyReply } from 'fastify'
import { httpStatusFor } from '../answers.ts'
import { type Arguments, readArguments, required } from '../arguments.ts'
import { type Dialect, type Operation, operations, perform } from '../operations.ts'
import type { LateFailure } from '../planted.ts'
import { Refusal } from '../refusal.ts'
import type { Doing } from '../seat-actions.ts'
import { guardSeats } from '../seat-guard.ts'
import type { SeatLogin } from '../seat-login.ts'
import type { User } from '../types.ts'
import type { Workspace } from '../workspace.ts'

type OfInteraction = { Params: { id: string } }

/** A seat's operations on one interaction, by their first names and by the later ones. */
export function addInteractionRoutes(parent: FastifyInstance, workspace: Workspace, login: SeatLogin): void {
  parent.register(async app => {
    const whose = guardSeats(app, workspace, login, 'rest')
    for (const folder of ['interactions', 'chats'] as const)
      app.post<OfInteraction>(`/api/v2/me/${folder}/:id`, (request, reply) => {
        const args = readArguments(request.body)
        const operation = operations[folder].get(required(args, 'operationName'))
        if (!operation) throw new Refusal(2, 'operationName')
        const call = { operation, args, seat: whose(request).user, id: request.params.id }
        return answer(workspace, reply, call)
      })
  })
}

type Called = { operation: Operation; args: Arguments; seat: User; id: string }

/** In the dialect of the operation, a refusal too. */
function answer(workspace: Workspace, reply: FastifyReply, called: Called): unknown {
  const { dialect, refers } = called.operation
  const referenceId = refers || workspace.settings.referenceIds ? workspace.newReferenceId() : undefined
  try {
    return succeed(workspace, reply, dialect, carryOut(workspace, called, referenceId))
  } catch (error) {
    if (dialect !== 'B' || !(error instanceof Refusal)) throw error
    reply.code(httpStatusFor(workspace.settings, error.code))
    return { status: 'error', errorDescription: error.message }
  }
}

/** Returns the `referenceId` of the answer, if it has one. */
function carryOut(workspace: Workspace, called: Called, referenceId: number | undefined): number | undefined {
  const { operation, args, seat, id } = called
  const chat = workspace.state.byInteraction.get(id)
  if (!chat) throw new Refusal(6, 'no such interaction')
  const late = workspace.planted.takeLate(String(args.operationName))
  if (late) return failLater({ workspace, chat, seat, args }, late)
  perform(operation, { workspace, chat, seat, args })
  return referenceId
}

/** Acknowledges, does nothing, and says so once the answer is out. */
function failLater({ workspace, chat, seat }: Doing, late: LateFailure): number {
  const referenceId = workspace.newReferenceId()
  const { statusCode: code, statusMessage: text } = late
  const event = { kind: 'error', chat, seat: seat.userName, referenceId, code, text } as const
  workspace.timers.start(`late-${referenceId}`, 0, () => workspace.tell(event))
  return referenceId
}

function succeed(
  { settings }: Workspace,
  reply: FastifyReply,
  dialect: Dialect,
  referenceId?: number,
): unknown {
  if (dialect === 'B') return { status: 'ok' }
  if (dialect === 'A') return { statusCode: 0, ...(referenceId !== undefined && { referenceId }) }
  return settings.reject === 'status0' ? { status: 0 } : reply.code(200).send()
}
